"""A fingerprint changes with what its owner uses of the structure, and with nothing else."""

from typing import Any

import pytest

from pim.structure import fingerprints
from pim.structure.document import flatten
from pim.structure.objects import Scope, Structure
from pim.structure.parse import build_structure

SCOPE = Scope("shop", "nl_NL")
COLUMNS = ("color", "price-EUR", "categories", "family")


def structure(**changes: Any) -> Structure:
    """A small shop; ``changes`` replace entries, by a path with ``__`` between its steps."""
    document: dict[str, Any] = {
        "locales": ["nl_NL", "en_GB"],
        "currencies": ["EUR"],
        "channels": {"shop": {"locales": ["nl_NL"], "currencies": ["EUR"], "tree": "bikes"}},
        "attributes": {
            "sku": {"type": "identifier"},
            "name": {"type": "text", "localizable": True},
            "price": {"type": "price", "decimals": 2, "owner": "erp"},
            "color": {"type": "choice", "options": {"red": {"labels": {"nl_NL": "Rood"}}}},
        },
        "families": {
            "bike": {
                "attributes": ["sku", "name", "price", "color"],
                "requirements": {"shop": ["name"]},
            }
        },
        "categories": {"bikes": {"children": {"city": {}}}, "attic": {}},
    }
    for path, value in changes.items():
        *steps, last = path.split("__")
        place = document
        for step in steps:
            place = place[step]
        place[last] = value
    return build_structure(flatten(document), 1)


def columns(**changes: Any) -> str:
    return fingerprints.of_columns(structure(**changes), COLUMNS)


def feed(*, only_complete: bool = True, **changes: Any) -> str:
    return fingerprints.of_feed(structure(**changes), SCOPE, {}, only_complete=only_complete)


LABELS = {"attributes__name__labels": {"nl_NL": "Naam"}}
HELP = {"attributes__price__help": {"nl_NL": "Wat het kost"}}
OPTION_LABEL = {"attributes__color__options": {"red": {"labels": {"nl_NL": "Vuurrood"}}}}
OPTION = {"attributes__color__options": {"red": {}, "blue": {}}}
OWNER = {"attributes__price__owner": "hub"}
DECIMALS = {"attributes__price__decimals": 4}
OTHER_CATEGORY = {"categories__attic": {"children": {"box": {}}}}
NEW_IN_TREE = {"categories__bikes__children": {"city": {}, "race": {}}}
REQUIREMENT = {"families__bike__requirements": {"shop": ["name", "color"]}}


@pytest.mark.parametrize("change", [LABELS, HELP, OPTION_LABEL, REQUIREMENT])
def test_an_import_does_not_mind(change: dict[str, Any]) -> None:
    assert columns(**change) == columns()


@pytest.mark.parametrize("change", [OPTION, OWNER, DECIMALS, OTHER_CATEGORY, NEW_IN_TREE])
def test_an_import_reads_its_rows_again(change: dict[str, Any]) -> None:
    assert columns(**change) != columns()


@pytest.mark.parametrize("change", [LABELS, HELP, OPTION_LABEL, OPTION, OWNER, OTHER_CATEGORY])
def test_a_feed_does_not_mind(change: dict[str, Any]) -> None:
    assert feed(**change) == feed()


@pytest.mark.parametrize("change", [NEW_IN_TREE, REQUIREMENT])
def test_a_feed_is_rendered_anew(change: dict[str, Any]) -> None:
    assert feed(**change) != feed()


def test_a_source_of_a_feed_changes_its_fingerprint() -> None:
    def listed_as(label: str) -> str:
        sources = {"color": ["choice", {"red": label}]}
        return fingerprints.of_feed(structure(), SCOPE, sources, only_complete=True)

    assert listed_as("Rood") != listed_as("Vuurrood")


def test_a_feed_that_takes_incomplete_products_does_not_mind_what_a_family_requires() -> None:
    assert feed(only_complete=False, **REQUIREMENT) == feed(only_complete=False)
