"""A bulk edit as a run: the grants it obeys, what it leaves when killed, what it forecasts."""

from typing import Any

import pytest
from sqlalchemy import func, select

from pim.accounts.permissions import Permission
from pim.accounts.principals import COMMAND_LINE, Grant, Principal
from pim.bulk_edits.run import EditHold, carry_out
from pim.errors import Conflict, Invalid
from pim.products.models import Change
from tests.bulk_edits.conftest import Bulk, counts

MOON = {"step": "set", "addresses": ["brand"], "text": "Moon"}


class Killed(BaseException):
    """What a process meets that is killed."""


def lamps(bulk: Bulk, number: int) -> list[str]:
    names = [f"L{place:03}" for place in range(number)]
    for one in names:
        bulk.lamp(one, brand="Sun")
    return names


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three products."""
    monkeypatch.setattr("pim.imports.batch_reader.BATCH", 3)


def test_what_is_killed_goes_on_and_writes_nothing_twice(bulk: Bulk, small: None) -> None:
    names = lamps(bulk, 10)
    edit_id = bulk.begin(
        names, {"step": "replace", "addresses": ["brand"], "find": "n", "by": "nn"}
    )

    def kill(done: int, total: int) -> None:
        assert total == 10
        if done >= 6:
            raise Killed

    with pytest.raises(Killed):
        bulk.run(edit_id, progress=kill)
    assert {bulk.values(one, "brand") for one in names[:6]} == {"Sunn"}
    assert {bulk.values(one, "brand") for one in names[6:]} == {"Sun"}
    edit = carry_out(bulk.database, edit_id, COMMAND_LINE, bulk.clock)
    assert counts(edit) == (10, 0, 0)
    assert {bulk.values(one, "brand") for one in names} == {"Sunn"}
    with bulk.database.reading() as session:
        changes = select(func.count()).where(Change.reference == edit_id)
        assert session.scalar(changes) == 10


def test_what_somebody_saves_between_two_batches_is_not_lost(bulk: Bulk, small: None) -> None:
    names = lamps(bulk, 7)
    addition = {"step": "replace", "addresses": ["brand"], "find": "n", "by": "nny"}
    edit_id = bulk.begin(names, addition)

    def save(done: int, total: int) -> None:
        if done == 3:  # what is behind, what comes next, and what comes last
            bulk.edit("L000", {"brand": "Star", "maker": "Anna"})
            bulk.edit("L003", {"brand": "Moon", "maker": "Anna"})
            bulk.edit("L006", {"maker": "Anna"})

    edit = bulk.run(edit_id, progress=save)
    assert counts(edit) == (7, 0, 0)
    assert [bulk.values(one, "brand") for one in names] == [
        *("Star", "Sunny", "Sunny", "Moonny", "Sunny", "Sunny", "Sunny")
    ]
    assert [bulk.values(one, "maker") for one in names] == [
        *("Anna", None, None, "Anna", None, None, "Anna")
    ]
    bulk.undo(edit)
    assert [bulk.values(one, "brand") for one in names] == [
        *("Star", "Sun", "Sun", "Moon", "Sun", "Sun", "Sun")
    ]
    assert bulk.values("L006", "maker") == "Anna"


def test_who_was_taken_for_dead_writes_nothing_more(bulk: Bulk, small: None) -> None:
    names = lamps(bulk, 6)
    edit_id = bulk.begin(names, MOON)

    def overtake(done: int, total: int) -> None:
        with bulk.database.writing() as session:
            EditHold.taken(session, edit_id, bulk.clock, None)

    with pytest.raises(Conflict):
        bulk.run(edit_id, progress=overtake)
    assert [bulk.values(one, "brand") for one in names] == ["Moon"] * 3 + ["Sun"] * 3


def test_grants_are_asked_for_each_product_and_each_value(bulk: Bulk) -> None:
    bulk.lamp("A", categories=["new"])
    bulk.lamp("B")
    grants = (
        Grant(Permission.PRODUCTS_VIEW),
        Grant(Permission.PRODUCTS_EDIT, locales=frozenset({"nl_NL"}), trees=frozenset({"all"})),
    )
    ann = Principal("person", "ann@example.org", "hub", grants)
    edit = bulk.bulk(
        ["A", "B"],
        {"step": "set", "addresses": ["name-nl_NL", "name-en_GB"], "text": "Lamp"},
        principal=ann,
    )
    assert counts(edit) == (1, 0, 1)
    assert (bulk.values("A", "name-nl_NL"), bulk.values("A", "name-en_GB")) == ("Lamp", None)
    assert bulk.values("B", "name-nl_NL") is None
    assert bulk.report(edit) == [
        ("A", "name-en_GB", "permission"),
        ("B", "name-nl_NL", "permission"),
        ("B", "name-en_GB", "permission"),
    ]


def test_products_out_of_sight_are_not_chosen(bulk: Bulk) -> None:
    bulk.lamp("A", categories=["new"])
    bulk.lamp("B")
    seeing = Grant(Permission.PRODUCTS_VIEW, trees=frozenset({"all"}))
    ann = Principal("person", "ann@example.org", "hub", (seeing, Grant(Permission.PRODUCTS_EDIT)))
    edit = bulk.bulk(["A", "B"], MOON, principal=ann)
    assert (edit.number, bulk.values("A", "brand"), bulk.values("B", "brand")) == (1, "Moon", None)


def test_a_preview_writes_nothing_and_says_what_would_be(bulk: Bulk) -> None:
    bulk.lamp("A", brand="Sun")
    bulk.edit("B", {"family": "lamps", "name-en_GB": "Lamp", "name-nl_NL": "Lamp"})
    bulk.lamp("C", brand="Moon")
    edit_id = bulk.begin(["A", "B", "C"], MOON)
    found = bulk.preview(edit_id)
    forecast = found.forecast()
    assert (forecast.tally.changed, forecast.tally.unchanged) == (2, 1)
    assert {(one.scope, one.gained, one.lost) for one in forecast.scopes} == {
        ("shop-nl_NL", 1, 0),
        ("shop-en_GB", 1, 0),
    }
    planned = {one.product.identifier: one.edit for one in found.shown if one.edit is not None}
    assert planned["A"].changes == {"brand": ("Sun", "Moon")}
    assert bulk.values("A", "brand") == "Sun"
    assert bulk.get("B").version == 1


def test_a_preview_says_which_approved_products_become_drafts(bulk: Bulk) -> None:
    bulk.lamp("A", brand="Sun")
    bulk.approve("A", force="urgent")
    assert bulk.preview(bulk.begin(["A"], MOON)).forecast().drafts == 1


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"step": "set", "addresses": ["colour"], "text": "x"}, "There is no attribute"),
        ({"step": "set", "addresses": ["brand"], "text": " "}, "Say which value"),
        ({"step": "set", "addresses": ["sku"], "text": "x"}, "names a product"),
        ({"step": "append", "addresses": ["brand"], "text": "x"}, "no list"),
        ({"step": "append", "addresses": ["colors"], "text": "pink"}, "pink"),
        ({"step": "convert", "addresses": ["story"], "do": ["upper"]}, "would damage"),
        ({"step": "convert", "addresses": ["brand"], "do": ["shout"]}, "no operation"),
        ({"step": "compute", "addresses": ["brand"], "sources": ["colour"]}, "colour"),
        ({"step": "add_categories", "codes": ["gone"]}, "There is no category"),
        ({"step": "status", "to": "gone"}, "There is no status"),
        ({"step": "paint"}, "There is no step"),
        ({"step": "set", "addresses": ["brand"]}, "needs"),
        ({"step": "clear", "addresses": ["brand"], "text": "x"}, "has no"),
        ({"step": "clear", "addresses": "brand"}, "cannot be"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(bulk: Bulk, step: dict[str, Any], said: str) -> None:
    bulk.lamp("A")
    with pytest.raises(Invalid) as refused:
        bulk.begin(["A"], step)
    assert said in str(refused.value.messages["steps.0"][0])


def test_a_structure_that_has_changed_since_ends_it_in_words(bulk: Bulk) -> None:
    bulk.lamp("A")
    edit_id = bulk.begin(["A"], {"step": "add_categories", "codes": ["sale"]})
    from tests.bulk_edits.conftest import STRUCTURE

    without = {**STRUCTURE, "categories": {"all": {"children": {"new": {}, "old": {}}}}}
    with bulk.database.writing() as session:
        from pim.structure import service as structures

        structures.apply(session, without, prune=True)
    with pytest.raises(Invalid):
        bulk.run(edit_id)
