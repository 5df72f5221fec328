"""What a bulk edit does to products besides their values: categories, family, status, whether they
are enabled, associations.
"""

from typing import Any

import pytest

from pim.products.history import latest_change
from tests.bulk_edits.conftest import Bulk, counts


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (["new"], {"step": "add_categories", "codes": ["sale", "new"]}, ["new", "sale"]),
        (["new", "sale"], {"step": "remove_categories", "codes": ["new"]}, ["sale"]),
        (["new"], {"step": "remove_categories", "codes": ["new"]}, None),
        (
            ["new", "sale"],
            {"step": "move_category", "source": "new", "target": "old"},
            ["old", "sale"],
        ),
        (["new", "old"], {"step": "move_category", "source": "new", "target": "old"}, ["old"]),
        (["sale"], {"step": "move_category", "source": "new", "target": "old"}, ["sale"]),
    ],
)
def test_categories(bulk: Bulk, before: list[str], step: dict[str, Any], after: Any) -> None:
    bulk.lamp("A", categories=before)
    edit = bulk.bulk(["A"], step)
    assert bulk.values("A", "categories") == after
    bulk.undo(edit)
    assert bulk.values("A", "categories") == before


def test_variants_inherit_the_categories_of_their_model(bulk: Bulk) -> None:
    bulk.sock()
    edit = bulk.bulk(["sock"], {"step": "add_categories", "codes": ["new"]})
    assert counts(edit) == (1, 2, 0)
    assert bulk.detail("sock-s").document["categories"] == ["new"]
    assert bulk.values("sock-s", "categories") is None


def test_associations(bulk: Bulk) -> None:
    bulk.lamp("A")
    bulk.lamp("B")
    add = {"step": "add_associations", "address": "upsell-products", "identifiers": ["B"]}
    bulk.bulk(["A"], add)
    assert bulk.values("A", "upsell-products") == ["B"]
    bulk.bulk(["A"], {**add, "step": "remove_associations"})
    assert bulk.values("A", "upsell-products") is None


def test_family_and_switch(bulk: Bulk) -> None:
    bulk.lamp("A")
    bulk.sock()
    edit = bulk.bulk(
        ["A", "sock-s"],
        {"step": "family", "family": "socks"},
        {"step": "enabled", "enabled": False},
    )
    assert (bulk.get("A").family, bulk.get("A").enabled) == ("socks", False)
    assert bulk.report(edit) == [("sock-s", "family", "model")]
    bulk.undo(edit)
    assert (bulk.get("A").family, bulk.get("A").enabled) == ("lamps", True)
    assert bulk.get("sock-s").enabled


def full(bulk: Bulk, identifier: str) -> None:
    bulk.edit(
        identifier,
        {"family": "lamps", "brand": "Sun", "name-nl_NL": "Lamp", "name-en_GB": "Lamp"},
    )


def state(bulk: Bulk, identifier: str) -> tuple[str, Any]:
    one = bulk.get(identifier)
    return one.status, (one.published or {}).get("brand")


@pytest.mark.parametrize(
    ("to", "during"),
    [
        ("submit", ("review", None)),
        ("approve", ("approved", "Sun")),
        ("retire", ("retired", None)),
    ],
)
def test_a_step_of_the_workflow_and_back(bulk: Bulk, to: str, during: tuple[str, Any]) -> None:
    full(bulk, "A")
    edit = bulk.bulk(["A"], {"step": "status", "to": to})
    assert counts(edit) == (1, 0, 0)
    assert state(bulk, "A") == during
    assert [one.outcome for one in bulk.undo(edit)] == ["updated"]
    assert state(bulk, "A") == ("draft", None)


def test_what_was_approved_is_so_again_behind_an_undone_retirement(bulk: Bulk) -> None:
    full(bulk, "A")
    bulk.approve("A")
    edit = bulk.bulk(["A"], {"step": "status", "to": "retire"})
    assert state(bulk, "A")[0] == "retired"
    bulk.undo(edit)
    assert state(bulk, "A") == ("approved", "Sun")


def test_only_what_is_retired_is_brought_back(bulk: Bulk) -> None:
    for one in ("A", "B"):
        full(bulk, one)
    bulk.approve("A")
    bulk.move("B", "retired")
    edit = bulk.bulk(["A", "B"], {"step": "status", "to": "return"})
    assert counts(edit) == (1, 1, 0)
    assert (state(bulk, "A")[0], state(bulk, "B")[0]) == ("approved", "draft")
    bulk.undo(edit)
    assert state(bulk, "B")[0] == "retired"


def test_edited_and_approved_in_one_go_and_back(bulk: Bulk) -> None:
    full(bulk, "A")
    bulk.approve("A")
    edit = bulk.bulk(
        ["A"],
        {"step": "set", "addresses": ["brand"], "text": "Moon"},
        {"step": "status", "to": "approve"},
    )
    assert state(bulk, "A") == ("approved", "Moon")
    bulk.undo(edit)
    assert state(bulk, "A") == ("approved", "Sun")
    assert bulk.values("A", "brand") == "Sun"


def test_who_changed_a_product_since_keeps_that(bulk: Bulk) -> None:
    full(bulk, "A")
    full(bulk, "B")
    edit = bulk.bulk(
        ["A", "B"],
        {"step": "set", "addresses": ["brand"], "text": "Moon"},
        {"step": "status", "to": "submit"},
    )
    bulk.edit("A", {"brand": "Star"})
    bulk.approve("B")
    left = {one.identifier: [each.rule for each in one.problems] for one in bulk.undo(edit)}
    assert left == {"A": ["changed since"], "B": []}
    assert bulk.values("A", "brand") == "Star"
    assert state(bulk, "B")[0] == "draft"  # an approved product whose value changed
    assert bulk.values("B", "brand") == "Sun"


def test_runs_are_taken_back_in_any_order(bulk: Bulk) -> None:
    full(bulk, "A")
    first = bulk.bulk(["A"], {"step": "set", "addresses": ["brand"], "text": "Moon"})
    second = bulk.bulk(["A"], {"step": "set", "addresses": ["brand"], "text": "Star"})
    bulk.undo(first)
    assert bulk.values("A", "brand") == "Star"
    bulk.undo(second)
    assert bulk.values("A", "brand") == "Sun"


def test_nothing_is_approved_that_nobody_has_seen(bulk: Bulk) -> None:
    for one in ("A", "B"):
        full(bulk, one)
    edit_id = bulk.begin(["A", "B"], {"step": "status", "to": "approve"})
    with bulk.database.reading() as session:
        seen = latest_change(session)
    bulk.edit("A", {"brand": "Half a "})
    edit = bulk.run(edit_id, moment=seen)
    assert counts(edit) == (1, 0, 1)
    assert bulk.report(edit) == [("A", "status", "conflict")]
    assert (state(bulk, "A")[0], state(bulk, "B")[0]) == ("draft", "approved")


def test_a_variant_is_not_approved_when_its_model_was_changed_since(bulk: Bulk) -> None:
    bulk.sock()
    edit_id = bulk.begin(["sock-s"], {"step": "status", "to": "approve", "reason": "urgent"})
    with bulk.database.reading() as session:
        seen = latest_change(session)
    bulk.edit("sock", {"brand": "Heel"}, kind="model")
    assert bulk.report(bulk.run(edit_id, moment=seen)) == [("sock-s", "status", "conflict")]


def test_what_is_edited_and_approved_in_one_go_was_seen(bulk: Bulk) -> None:
    full(bulk, "A")
    edit_id = bulk.begin(
        ["A"],
        {"step": "set", "addresses": ["brand"], "text": "Moon"},
        {"step": "status", "to": "approve"},
    )
    with bulk.database.reading() as session:
        seen = latest_change(session)
    assert counts(bulk.run(edit_id, moment=seen)) == (1, 0, 0)
    assert state(bulk, "A") == ("approved", "Moon")


def test_a_model_brings_its_variants_but_none_that_was_retired_before_it(bulk: Bulk) -> None:
    bulk.sock()
    bulk.move("sock-s", "retired")
    edit = bulk.bulk(["sock"], {"step": "status", "to": "submit"})
    assert counts(edit) == (2, 0, 0)
    assert [state(bulk, one)[0] for one in ("sock", "sock-m")] == ["review", "review"]
    assert state(bulk, "sock-s")[0] == "retired"
    bulk.move("sock", "retired")
    bulk.move("sock-m", "retired")
    bulk.bulk(["sock"], {"step": "status", "to": "return"})
    assert [state(bulk, one)[0] for one in ("sock-s", "sock-m")] == ["draft", "draft"]
