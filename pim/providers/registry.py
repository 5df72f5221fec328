"""Finds the value providers: every module of this package that defines one, and what others ship
as entry points.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import getmembers, isclass
from types import ModuleType

from pim import providers
from pim.extensions import extensions
from pim.providers.base import Provider

GROUP = "pim.providers"


@cache
def all_providers() -> Mapping[str, type[Provider]]:
    """Code -> provider, by code. An entry point names a provider's class; one with a code of ours
    takes its place.
    """
    found: dict[str, type[Provider]] = {}
    for module in pkgutil.iter_modules(providers.__path__, prefix="pim.providers."):
        for provider in _defined_in(import_module(module.name)):
            found[provider.code] = provider
    for point in extensions(GROUP):
        provider = point.load()
        found[provider.code] = provider
    return dict(sorted(found.items()))


def source_names() -> Mapping[str, type[Provider]]:
    """The names by which a mapping calls providers, ``$category`` and its like -> provider."""
    return {f"${code}": provider for code, provider in all_providers().items()}


def _defined_in(module: ModuleType) -> Iterator[type[Provider]]:
    """The providers that a module defines, without those that it imports and without mere bases."""
    for _, found in getmembers(module, isclass):
        is_its_own = found.__module__ == module.__name__
        if is_its_own and issubclass(found, Provider) and "code" in vars(found):
            yield found
