"""Rules and a selection in a feed's builds: what partners get, what the report says, what is copied
from the build before.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from pim.errors import Invalid
from pim.feeds import service
from tests.feeds.conftest import FEEDS

RULES = [
    {
        "label": "Cheap things say so",
        "if": [{"price": {"at_most": 500}}],
        "set": {"custom_label_0": {"value": "cheap"}},
    },
    {"label": "No Gazelle", "if": [{"brand": {"is": "Gazelle"}}], "leave_out": True},
]


@pytest.fixture
def filled(shop: Any, full: dict[str, Any]) -> Any:
    """A is dear, B cheap, C a Gazelle."""
    for name, changes in (
        ("A", {"brand": "Union"}),
        ("B", {"brand": "Union", "price-EUR": "400.00"}),
        ("C", {}),
    ):
        shop.edit(name, {**full, **changes})
    shop.approve(*"ABC")
    return shop


def test_a_rule_fills_a_field_and_another_leaves_out(filled: Any) -> None:
    filled.define("google_nl", rules=RULES)
    build = filled.run("google_nl")
    assert (build.items, build.excluded) == (2, 1)
    world = filled.world("google_nl")
    assert world.count("<g:custom_label_0>cheap</g:custom_label_0>") == 1
    assert filled.left_out("google_nl") == {"C": [("", "left_out_by_rule")]}


def test_what_a_rule_fills_is_checked_like_everything_else(filled: Any) -> None:
    long = {"if": [], "set": {"custom_label_0": {"value": "x" * 101}}}
    filled.define("google_nl", rules=[long])
    filled.run("google_nl")
    assert "custom_label_0" not in filled.world("google_nl")


def test_a_rule_fills_what_is_required_instead_of_the_mapping(filled: Any) -> None:
    mapping = {name: one for name, one in FEEDS["google_nl"]["mapping"].items() if name != "price"}
    rule = {"if": [{"brand": {"is": "Union"}}], "set": {"price": {"from": ["price"]}}}
    filled.define("google_nl", mapping=mapping, rules=[rule])
    filled.run("google_nl")
    assert filled.left_out("google_nl") == {"C": [("price", "missing")]}


def test_a_selection_leaves_out_what_is_not_asked_for(filled: Any) -> None:
    selection = {
        "only": [{"price": {"at_least": 500}}],
        "with": {"B": {"reason": "Campaign"}},
        "without": {"A": {"reason": "Recalled"}},
    }
    filled.define("google_nl", selection=selection)
    filled.run("google_nl")
    assert filled.left_out("google_nl") == {"A": [("", "left_out_by_name")]}


def test_what_people_left_out_is_nothing_that_a_first_build_doubts(filled: Any) -> None:
    filled.define(
        "google_nl",
        selection={
            "only": [{"brand": {"is": "Nobody"}}, {"price": {"filled": True}}],
            "with": {"A": {}},
        },
    )
    build = filled.run("google_nl")
    assert build.items == 1
    assert not any("leaves out" in str(one) for one in build.said)


def test_all_is_rendered_anew_when_a_rule_changes_and_nothing_otherwise(filled: Any) -> None:
    filled.define("google_nl", rules=RULES)
    filled.run("google_nl")
    assert filled.run("google_nl").rendered == 0
    filled.define("google_nl", rules=RULES[:1])
    assert filled.run("google_nl").rendered == 3


def test_a_name_that_ends_renders_anew_on_the_next_day_alone(filled: Any) -> None:
    last_day = filled.clock().date().isoformat()
    filled.define("google_nl", selection={"without": {"A": {"until": last_day}}})
    assert filled.run("google_nl").items == 2
    assert filled.run("google_nl").rendered == 0
    filled.clock.advance(hours=24)
    assert filled.run("google_nl").items == 3


def test_a_definition_gives_its_rules_back_and_names_what_does_not_fit(shop: Any) -> None:
    shop.define("google_nl", rules=RULES, selection={"only": [{"brand": {"filled": True}}]})
    with shop.database.writing() as session:
        feed = service.get(session, "google_nl")
        definition = service.definition_of(session, feed)
        assert definition["rules"] == RULES
        assert definition["selection"] == {"only": [{"brand": {"filled": True}}]}
        wrong = {**definition, "rules": [RULES[0], {"if": []}], "selection": {"only": [{}]}}
        with pytest.raises(Invalid) as refused:
            service.define(session, "google_nl", wrong, datetime.now(UTC))
    assert set(refused.value.messages) == {"rules.1", "selection"}
