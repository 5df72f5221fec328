"""What people chose of a product's place in the shop stays when the ERP's file says something else,
and is told; what nobody chose, a file fills and changes.
"""

from typing import Any

import pytest

from pim.products.change import Origin
from pim.products.revert import revert_change
from pim.products.stores import PRODUCTS

UNDO = Origin("revert", "anna", None)
TREES = {
    "categories": {
        "shop": {"children": {"city": {}, "race": {}}},
        "outlet": {"children": {"last": {}, "sale": {}}},
    },
    "associations": {"upsell": {}, "spare": {}},
}


@pytest.fixture
def hub(shop: Any, erp: Origin) -> Any:
    """The ERP has brought in two bikes in a category, with an association, and a model."""
    shop.restructure(TREES)
    shop.edit("b", {"family": "bikes"}, erp)
    shop.edit("a", SENT, erp)
    shop.model("m", {"family_variant": "by_color"}, erp)
    shop.edit("v", {"parent": "m", "color": "red"}, erp)
    return shop


SENT = {"family": "bikes", "enabled": True, "categories": ["city"], "upsell-products": ["b"]}


def told(result: Any) -> list[tuple[str, str]]:
    return [(one.address, one.value) for one in result.problems if one.rule == "owner"]


@pytest.mark.parametrize(
    ("address", "by_hand", "shown"),
    [
        ("family", "shirts", "bikes"),
        ("family", None, "bikes"),
        ("enabled", False, "1"),
        ("categories", ["city", "race"], "city"),
        ("categories", None, "city"),
        ("upsell-products", ["b", "c"], "b"),
        ("upsell-products", None, "b"),
    ],
)
def test_the_file_leaves_what_somebody_chose(
    hub: Any, erp: Origin, address: str, by_hand: Any, shown: str
) -> None:
    hub.edit("a", {address: by_hand})
    before = hub.get("a")
    result = hub.edit("a", SENT, erp)
    after = hub.get("a")
    assert (result.outcome, told(result)) == ("unchanged", [(address, shown)])
    assert "anna chose this by hand" in str(result.problems[0].message)
    assert (after.family, after.enabled, after.values, after.version) == (
        before.family,
        before.enabled,
        before.values,
        before.version,
    )


def test_what_nobody_chose_the_file_changes(hub: Any, erp: Origin) -> None:
    sent = {
        "family": "shirts",
        "enabled": False,
        "categories": ["race"],
        "upsell-products": ["v"],
        "spare-products": ["b"],
    }
    hub.edit("a", {"notes": "a value is no choice"})
    assert told(hub.edit("a", sent, erp)) == []
    one = hub.get("a")
    assert (one.family, one.enabled, one.values["categories"]) == ("shirts", False, ["race"])
    assert one.values["spare-products"] == ["b"]


def test_a_tree_that_somebody_chose_in_stays_and_the_others_follow_the_file(
    hub: Any, erp: Origin
) -> None:
    hub.edit("a", {"categories": ["city", "sale"]})
    result = hub.edit("a", {"categories": ["race", "last"]}, erp)
    assert told(result) == [("categories", "last")]
    assert sorted(hub.get("a").values["categories"]) == ["race", "sale"]


def test_a_variant_stays_with_the_model_that_somebody_chose(hub: Any, erp: Origin) -> None:
    hub.model("n", {"family_variant": "by_color"})
    hub.edit("v", {"parent": "n"})
    result = hub.edit("v", {"parent": "M", "notes": "warm"}, erp)
    assert (result.outcome, told(result)) == ("updated", [("parent", "M")])
    assert hub.get("v").parent_id == hub.get("n").id
    assert told(hub.edit("v", {"parent": "N"}, erp)) == []


def test_a_model_of_another_family_takes_no_product_whose_family_somebody_chose(
    hub: Any, erp: Origin
) -> None:
    hub.edit("a", {"family": None})
    hub.edit("a", {"family": "bikes"})
    hub.edit("b", {"family": "shirts"})
    result = hub.edit("a", {"parent": "M", "color": "blue", "notes": "warm"}, erp)
    assert (result.outcome, told(result)) == ("updated", [("parent", "M")])
    assert "anna chose the family “bikes” by hand" in str(result.problems[0].message)
    assert (hub.get("a").parent_id, hub.get("a").family) == (None, "bikes")
    assert told(hub.edit("b", {"parent": "M", "color": "green"}, erp)) == []
    assert hub.get("b").parent_id == hub.get("m").id


def test_a_family_variant_of_another_family_is_not_given_to_a_model_whose_family_somebody_chose(
    hub: Any, erp: Origin
) -> None:
    hub.model("k", {"family": "bikes"})
    result = hub.model("k", {"family_variant": "by_color", "notes": "warm"}, erp)
    assert (result.outcome, told(result)) == ("updated", [("family_variant", "by_color")])
    assert hub.get("k").family == "bikes"


def test_a_variant_does_not_undo_what_somebody_chose_for_its_model(hub: Any, erp: Origin) -> None:
    hub.model("m", {"categories": ["race"]})
    hub.edit("v", {"categories": ["city"]}, erp)
    hub.edit("w", {"parent": "m", "color": "blue", "categories": ["city"]}, erp)
    assert hub.detail("v").document["categories"] == ["race"]
    assert hub.detail("w").document["categories"] == ["race"]


def test_what_somebody_made_by_hand_is_chosen_too(hub: Any, erp: Origin) -> None:
    hub.edit("own", {"family": "shirts"})
    assert told(hub.edit("own", SENT, erp)) == [("family", "bikes")]
    assert hub.get("own").values["categories"] == ["city"]


def test_people_and_migrations_overwrite_what_was_chosen(hub: Any, migration: Origin) -> None:
    hub.edit("a", {"family": "shirts"})
    ben = Origin("user", "ben", "hub")
    assert hub.edit("a", {"family": "bikes"}, ben).problems == []
    assert hub.edit("a", {"family": "shirts"}, migration).problems == []
    assert hub.get("a").family == "shirts"


def test_what_a_migration_set_nobody_chose(hub: Any, erp: Origin, migration: Origin) -> None:
    hub.edit("a", {"family": "shirts"})
    hub.edit("a", {"family": "bikes"}, migration)
    assert told(hub.edit("a", {"family": "shirts"}, erp)) == []


def test_an_undo_leaves_it_chosen(hub: Any, erp: Origin) -> None:
    hub.edit("a", {"family": "shirts"})
    hub.edit("a", {"family": None}, UNDO)
    assert told(hub.edit("a", {"family": "bikes"}, erp)) == [("family", "bikes")]


STOCKTAKING = Origin("import", "stocktaking", "hub", "run1")
MOVE = Origin("import", "move", None, "run1")


@pytest.mark.parametrize("run", [STOCKTAKING, MOVE])
def test_the_undo_of_a_run_gives_back_who_had_chosen_what_it_moved(
    hub: Any, erp: Origin, run: Origin
) -> None:
    """And what nobody had chosen is nobody's choice again."""
    hub.edit("a", {"family": "shirts", "categories": ["race", "last"]})
    chosen = {"family": "anna", "categories/shop": "anna", "categories/outlet": "anna"}
    assert hub.get("a").chosen == chosen
    moved = {"family": "bikes", "categories": ["city", "last"], "enabled": False}
    hub.edit("a", moved, run)
    hub.edit("a", {"categories": ["city", "sale"]}, run)
    hub.revert("run1")
    after = hub.get("a")
    assert (after.chosen, after.family, after.enabled) == (chosen, "shirts", True)
    assert told(hub.edit("a", {"family": "bikes"}, erp)) == [("family", "bikes")]
    assert hub.edit("a", {"enabled": False}, erp).outcome == "updated"


def test_the_undo_of_a_run_leaves_the_choice_that_somebody_made_since(hub: Any) -> None:
    hub.edit("a", {"family": "shirts"})
    hub.edit("a", {"family": "bikes"}, STOCKTAKING)
    hub.edit("a", {"family": "shirts"}, Origin("user", "bob", "hub"))
    hub.revert("run1")
    assert (hub.get("a").family, hub.get("a").chosen) == ("shirts", {"family": "bob"})
    hub.edit("a", {"family": "bikes"}, STOCKTAKING)
    hub.revert("run1")  # what bob chose in between is what was there before
    assert (hub.get("a").family, hub.get("a").chosen) == ("shirts", {"family": "bob"})


def test_a_single_change_taken_back_gives_the_choice_back(hub: Any) -> None:
    hub.edit("a", {"upsell-products": ["b"]} | {"family": "shirts"})
    hub.edit("a", {"family": "bikes"}, STOCKTAKING)
    with hub.database.writing() as session:
        change = hub.changes("a")[-1]
        revert_change(session, PRODUCTS, change.product_id, change.id, UNDO, hub.clock())
    assert (hub.get("a").family, hub.get("a").chosen) == ("shirts", {"family": "anna"})
