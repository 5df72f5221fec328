"""Finds the attribute types: every module of this package that defines one."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from pim import attributes
from pim.attributes.base import AttributeType
from pim.attributes.settings import make
from pim.errors import Invalid, text

_found: dict[str, type[AttributeType]] = {}


def all_types() -> Mapping[str, type[AttributeType]]:
    """Code -> type, of every module of this package; looked for once."""
    if not _found:
        for module in iter_modules(attributes.__path__, prefix="pim.attributes."):
            for kind in _defined_in(import_module(module.name)):
                if _found.setdefault(kind.code, kind) is not kind:
                    raise TypeError(f"two attribute types have the code “{kind.code}”")
    return _found


def _defined_in(module: ModuleType) -> Iterator[type[AttributeType]]:
    """The types that a module defines, without those that it imports and without mere bases."""
    for _, found in getmembers(module, isclass):
        is_its_own = found.__module__ == module.__name__
        if is_its_own and issubclass(found, AttributeType) and "code" in vars(found):
            yield found


def build(type_code: str, settings: Mapping[str, Any]) -> AttributeType:
    """The type ``type_code`` with its settings as the structure file gives them (None: left out).

    :class:`Invalid` with the key ``type`` for an unknown type, else with every wrong setting under
    its own name.
    """
    kind = all_types().get(type_code)
    if kind is None:
        raise Invalid({"type": [text("There is no attribute type “%(type)s”.", type=type_code)]})
    return make(kind, settings)
