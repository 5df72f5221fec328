"""A change of the structure that was begun before somebody else's was saved."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from pim import versions
from pim.db import Database
from pim.errors import Conflict
from pim.products import restructure
from pim.structure import edits, queries
from pim.structure.edits import NAME, StructureEdit
from pim.structure.objects import Structure
from pim.versions import SetupVersion
from tests.support.races import race

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
ANN, BOB = "ann@example.org", "bob@example.org"
LAMPS = {
    "locales": ["nl_NL"],
    "attributes": {
        "sku": {"type": "identifier"},
        "watt": {"type": "number", "decimals": 0},
        "socket": {"type": "choice", "options": {"e14": {}, "e27": {}}},
    },
}


@pytest.fixture
def lamps(database: Database) -> Database:
    with database.writing() as session:
        restructure.change(session, LAMPS, NOW, by=ANN)
    return database


def seen(database: Database) -> str:
    with database.reading() as session:
        return edits.seen_now(session)


def change(database: Database, document: dict[str, Any], by: str, **how: Any) -> edits.Reconciled:
    """Applied where there is no conflict."""
    with database.writing() as session:
        settled = edits.reconcile(session, StructureEdit(document, **how))
        if not settled.conflicts:
            restructure.change(session, settled.document, NOW, by=by, prune=settled.prune)
        return settled


def stored(database: Database) -> Structure:
    with database.reading() as session:
        return queries.structure(session)


def test_two_who_touch_different_entries_both_get_what_they_said(lamps: Database) -> None:
    opened = seen(lamps)
    change(lamps, {"attributes": {"lumen": {"type": "number"}}}, ANN, seen=opened)
    settled = change(lamps, {"attributes": {"watt": {"min": 1}}}, BOB, seen=opened)
    assert [one.by for one in settled.meanwhile] == [ANN]
    assert [(one.verb, one.code) for one in settled.theirs] == [("add", "lumen")]
    assert list(stored(lamps).attributes) == ["sku", "watt", "socket", "lumen"]
    assert stored(lamps).attributes["watt"].type.min == 1


def test_of_two_who_save_at_once_the_second_sees_what_the_first_did(lamps: Database) -> None:
    opened = seen(lamps)

    def first(session: Session) -> None:
        settled = edits.reconcile_in_turn(session, wanted(60))
        restructure.change(session, settled.document, NOW, by=ANN)

    def second(session: Session) -> edits.Reconciled:
        return edits.reconcile_in_turn(session, wanted(100))

    def wanted(most: int) -> StructureEdit:
        return StructureEdit({"attributes": {"watt": {"max": most}}}, seen=opened)

    assert [one.code for one in race(lamps, first, second).conflicts] == ["watt"]


def test_what_came_meanwhile_is_not_pruned(lamps: Database) -> None:
    opened = seen(lamps)
    change(lamps, {"attributes": {"lumen": {"type": "number"}}}, ANN, seen=opened)
    fewer = {**LAMPS, "attributes": {"sku": {"type": "identifier"}}}
    change(lamps, fewer, BOB, seen=opened, prune=True)
    assert list(stored(lamps).attributes) == ["sku", "lumen"]


def test_the_same_entry_is_refused_with_both_and_who_it_was(lamps: Database) -> None:
    opened = seen(lamps)
    change(lamps, {"attributes": {"watt": {"max": 60}}}, ANN, seen=opened)
    mine = {"attributes": {"watt": {"max": 100}, "lumen": {"type": "number"}}}
    settled = change(lamps, mine, BOB, seen=opened)
    (conflict,) = settled.conflicts
    assert (conflict.kind, conflict.code) == ("attributes", "watt")
    assert conflict.theirs is not None
    assert conflict.mine is not None
    assert [one.after for one in conflict.theirs.differences] == [60]
    assert [one.after for one in conflict.mine.differences] == [100]
    assert "lumen" not in stored(lamps).attributes


@pytest.mark.parametrize(("prefers", "most"), [("mine", 100), ("theirs", 60)])
def test_whoever_says_whose_entries_are_right_gets_the_rest_of_both(
    lamps: Database, prefers: str, most: int
) -> None:
    opened = seen(lamps)
    change(lamps, {"attributes": {"watt": {"max": 60}}}, ANN, seen=opened)
    mine = {"attributes": {"watt": {"max": 100}, "lumen": {"type": "number"}}}
    over = change(lamps, mine, BOB, seen=opened).over
    change(lamps, mine, BOB, seen=opened, prefers=prefers, over=over)
    assert stored(lamps).attributes["watt"].type.max == most
    assert "lumen" in stored(lamps).attributes


def test_what_was_preferred_does_not_hold_for_a_still_newer_one(lamps: Database) -> None:
    opened = seen(lamps)
    mine = {"attributes": {"watt": {"max": 100}}}
    change(lamps, {"attributes": {"watt": {"max": 60}}}, ANN, seen=opened)
    over = change(lamps, mine, BOB, seen=opened).over
    change(lamps, {"attributes": {"watt": {"max": 40}}}, ANN)
    assert change(lamps, mine, BOB, seen=opened, prefers="mine", over=over).conflicts
    assert stored(lamps).attributes["watt"].type.max == 40


def test_what_somebody_saw_that_is_not_kept_is_refused(lamps: Database) -> None:
    with pytest.raises(Conflict, match="not known any more"):
        change(lamps, {"attributes": {"watt": {"max": 60}}}, ANN, seen="f" * 40)


def test_every_version_is_kept_with_who_made_it_and_what_it_changed(lamps: Database) -> None:
    change(lamps, {"attributes": {"watt": {"max": 60}}}, BOB)
    change(lamps, {"attributes": {"watt": {"max": 60}}}, BOB)
    with lamps.reading() as session:
        newest, first, empty = versions.versions(session, NAME, NAME, limit=9)
        (changed,) = edits.changes_between(first, newest)
    assert (newest.by, newest.at, first.by, empty.by) == (BOB, NOW, ANN, "")
    assert (changed.code, changed.differences[0].path) == ("watt", "max")
    assert empty.content == {}


def test_what_was_there_before_versions_were_kept_becomes_the_first(lamps: Database) -> None:
    with lamps.writing() as session:
        session.execute(delete(SetupVersion))
    opened = seen(lamps)
    change(lamps, {"attributes": {"watt": {"max": 60}}}, ANN, seen=opened)
    change(lamps, {"attributes": {"lumen": {"type": "number"}}}, BOB, seen=opened)
    with lamps.reading() as session:
        kept = versions.versions(session, NAME, NAME, limit=9)
    assert [one.by for one in kept] == [BOB, ANN, ""]
    assert kept[2].content == LAMPS


def test_an_earlier_version_comes_back_with_its_order(lamps: Database) -> None:
    turned = {**LAMPS, "attributes": dict(reversed(LAMPS["attributes"].items()))}
    change(lamps, turned, BOB, prune=True)
    assert list(stored(lamps).attributes) == ["socket", "watt", "sku"]
    with lamps.reading() as session:
        first = versions.versions(session, NAME, NAME, limit=9)[1]
    change(lamps, first.content, ANN, prune=True)
    assert list(stored(lamps).attributes) == ["sku", "watt", "socket"]
    with lamps.reading() as session:
        assert versions.versions(session, NAME, NAME, limit=1)[0].by == ANN
