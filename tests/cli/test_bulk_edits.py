"""Many products changed from the command line: tried, done, gone on with, taken back."""

from typing import Any

import pytest


@pytest.fixture
def own(shop: Any, structure: Any) -> Any:
    """The shop, with its names in the hub's hands."""
    structure["attributes"]["name"]["owner"] = "hub"
    shop.ok("structure", "apply", shop.write("structure.yaml", structure))
    return shop


def names(desk: Any) -> list[Any]:
    """What the articles are called, as a bulk edit finds them."""
    steps = desk.write("look.yaml", [{"step": "set", "addresses": ["name-nl_NL"], "text": "?"}])
    said = desk.ok("bulk-edit", "--all", "--steps", steps)
    return [line.split(": ")[1].split(" -> ")[0] for line in said.splitlines() if "->" in line]


def test_it_is_only_planned_until_somebody_says_apply(own: Any) -> None:
    planned = own.json("bulk-edit", "--all", "--set", "name-nl_NL=Fiets")
    assert planned["tally"] == {"changed": 1, "unchanged": 1, "refused": 0, "left_out": 0}
    assert names(own) == ["Fiets", "Bel"]
    assert own.json("bulk-edits", "list") == []
    done = own.json("bulk-edit", "--all", "--set", "name-nl_NL=Fiets", "--apply")
    assert (done["changed"], done["unchanged"], done["state"]) == (1, 1, "done")
    assert names(own) == ["Fiets", "Fiets"]
    assert [one["id"] for one in own.json("bulk-edits", "list")] == [done["id"]]
    assert own.json("bulk-edits", "undo", done["id"]) == {"restored": 1, "left": {}}
    assert names(own) == ["Fiets", "Bel"]


def test_the_products_are_named_or_filtered(own: Any) -> None:
    own.ok("bulk-edit", "a2", "--set", "name-nl_NL=Klok", "--apply")
    assert names(own) == ["Fiets", "Klok"]
    own.ok("bulk-edit", "--all", "--search", "klok", "--empty", "name-nl_NL", "--apply")
    assert names(own) == ["Fiets", "None"]


def test_what_is_refused_is_named_and_reported(shop: Any) -> None:
    refused = shop.run("bulk-edit", "--all", "--set", "name-nl_NL=X", "--apply")
    assert refused.exit_code == 1
    assert "0 changed, 0 unchanged, 2 refused." in refused.stdout
    number = shop.json("bulk-edits", "list")[0]["id"]
    report = shop.ok("bulk-edits", "report", number).splitlines()
    assert report[0] == "identifier,address,value,rule,severity,message,line,column"
    assert [line.split(",")[0] for line in report[1:]] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("A1",), "Say what to change"),
        (("--set", "name-nl_NL=x"), "Name the products"),
        (("A1", "--all", "--set", "name-nl_NL=x"), "Name the products"),
        (("A1", "--set", "name"), "no ADDRESS=VALUE"),
        (("A1", "--set", "colour=x"), "There is no attribute"),
        (("gone", "--set", "name-nl_NL=x"), "at least one product"),
    ],
)
def test_what_makes_no_sense_is_said(shop: Any, arguments: tuple[str, ...], said: str) -> None:
    assert said in shop.refused("bulk-edit", *arguments)
