"""Completeness is a set difference: required addresses minus filled ones. Pure."""

from collections.abc import Iterator, Mapping

from pim.structure.objects import Scope
from pim.values import Document


def missing(required: Mapping[Scope, frozenset[str]], document: Document) -> dict[Scope, list[str]]:
    """Scope -> the addresses still empty there, sorted. A stored 0, "0" or false is filled:
    documents hold no empty values.
    """
    return {scope: sorted(addresses.difference(document)) for scope, addresses in required.items()}


def complete_scopes(
    required: Mapping[Scope, frozenset[str]], document: Document
) -> Iterator[Scope]:
    """The scopes in which nothing is missing."""
    filled = document.keys()  # compared as it is: issubset() would make a set of the whole document
    return (scope for scope, addresses in required.items() if addresses <= filled)


def lacking_scopes(required: Mapping[Scope, frozenset[str]], document: Document) -> Iterator[Scope]:
    """The scopes in which something is missing."""
    filled = document.keys()
    return (scope for scope, addresses in required.items() if not addresses <= filled)


def ratio(required: frozenset[str], document: Document) -> int:
    """Per cent of the required addresses that are filled, rounded down so that 100 means
    complete.
    """
    if not required:
        return 100
    return 100 * (len(required) - len(required.difference(document))) // len(required)
