"""Which exporters there are: one class per module of the package ``exporters``, and what others
ship as entry points.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import exporters
from pim.errors import NotFound, text
from pim.extensions import extensions
from pim.feeds.contract import Exporter

GROUP = "pim.exporters"


@cache
def all_exporters() -> dict[str, type[Exporter]]:
    """Code -> exporter, by code. An entry point names an exporter class; one with a code of ours
    takes its place.
    """
    found = {exporter.code: exporter for module in _modules() for exporter in _defined_in(module)}
    found |= {exporter.code: exporter for exporter in (point.load() for point in extensions(GROUP))}
    return dict(sorted(found.items()))


def get(code: str) -> type[Exporter]:
    """:class:`NotFound` when nobody ships it."""
    try:
        return all_exporters()[code]
    except KeyError:
        raise NotFound(text("There is no exporter “%(code)s”.", code=code)) from None


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(exporters.__path__):
        yield importlib.import_module(f"exporters.{module.name}")


def _defined_in(module: ModuleType) -> Iterator[type[Exporter]]:
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and issubclass(value, Exporter)
            and value.__module__ == module.__name__
        ):
            yield value
