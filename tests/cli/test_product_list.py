"""``pim products list`` and ``pim translate``: the words of the list's address, for machines."""

import csv
from typing import Any

import pytest


@pytest.fixture
def own(shop: Any, structure: Any) -> Any:
    """The shop, with its names in the hub's hands, and colours to filter by."""
    structure["attributes"]["name"]["owner"] = "hub"
    structure["attributes"]["color"] |= {"owner": "hub", "filterable": True}
    shop.ok("structure", "apply", shop.write("structure.yaml", structure))
    shop.ok("bulk-edit", "A1", "--set", "color=red", "--apply")
    return shop


def skus(desk: Any, *asked: str) -> list[str]:
    return [one[".sku"] for one in desk.json("products", "list", *asked)]


def test_the_words_of_the_address_are_options(own: Any) -> None:
    assert sorted(skus(own)) == ["A1", "A2"]
    assert skus(own, "--f", "color.one_of.red") == ["A1"]
    assert skus(own, "--filter", "color.empty", "--family", "goods") == ["A2"]
    assert skus(own, "--q", "bel") == ["A2"]
    assert skus(own, "--sku", "a1,gone") == ["A1"]
    assert skus(own, "--sort", "_identifier") == ["A1", "A2"]
    assert skus(own, "--sort", "-_identifier", "--limit", "1") == ["A2"]
    assert skus(own, "--completeness", "complete", "--in", "shop.de_DE") == []


def test_a_bulk_edit_is_asked_the_same(own: Any) -> None:
    asked = ("--all", "--f", "color.one_of.red", "--set", "name-nl_NL=Rood", "--apply")
    assert own.json("bulk-edit", *asked)["changed"] == 1
    assert skus(own, "--q", "rood") == ["A1"]


def test_columns_are_chosen_and_spelled_for_spreadsheets(own: Any) -> None:
    said = own.ok("products", "list", "--sort", "_identifier", "--columns", ".sku,color", "--csv")
    assert list(csv.reader(said.splitlines())) == [[".sku", "color"], ["A1", "red"], ["A2", ""]]
    (first, _) = own.json(
        "products", "list", "--sort", "_identifier", "--columns", "name-nl_NL,name"
    )
    assert first == {"name-nl_NL": "Fiets", "name": "Fiets"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--family", "hats"), "hats"),
        (("--f", "color.is.red"), "cannot be asked"),
        (("--sort", "mood"), "mood"),
        (("--columns", "mood"), "mood"),
        (("--in", "moon.nl_NL"), "moon.nl_NL"),
        (("--incomplete", "moon-nl_NL"), "moon-nl_NL"),
    ],
)
def test_what_is_not_understood_is_named(own: Any, asked: tuple[str, ...], said: str) -> None:
    assert said in own.refused("products", "list", *asked)


def test_what_waits_to_be_translated_is_counted_by_language(own: Any) -> None:
    own.ok("bulk-edit", "A1", "--set", "name-de_DE=Rad", "--apply")
    (german,) = own.json("translate", "--in", "shop.nl_NL")
    assert german == {
        "channel": "shop",
        "from": "nl_NL",
        "to": "de_DE",
        "missing": 1,
        "outdated": 0,
    }
    own.ok("bulk-edit", "A1", "--set", "name-nl_NL=Tweewieler", "--apply")
    (german,) = own.json("translate", "--in", "shop.nl_NL", "--f", "color.one_of.red")
    assert (german["missing"], german["outdated"]) == (0, 1)
    assert "moon" in own.refused("translate", "--to", "moon")
