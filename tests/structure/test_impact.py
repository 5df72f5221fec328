"""What a change of the structure would break is counted before it is made, and nothing goes that a
feed or an import profile stands on.
"""

from pathlib import Path
from typing import Any

import pytest

from media.storage import Storage
from pim import consistency, impact
from pim.db import Database
from pim.errors import Conflict
from pim.feeds import service as feeds
from pim.imports import store
from tests.support.hub import MIGRATION, HubDriver

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "de_DE"],
    "currencies": ["EUR", "USD"],
    "channels": {
        "shop": {"locales": ["nl_NL", "de_DE"], "currencies": ["EUR", "USD"]},
        "till": {"locales": ["nl_NL"], "currencies": ["EUR"]},
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True},
        "note": {"type": "text"},
        "length": {"type": "number"},
        "mark": {"type": "text"},
    },
    "families": {"nails": {"attributes": ["sku", "name", "note", "length", "mark"]}},
}
FEED = {
    "label": "Till",
    "exporter": "tryton_pos",
    "channel": "till",
    "locale": "nl_NL",
    "currency": "EUR",
    "mapping": {
        "name": {"from": ["name"]},
        "gross_price": {"from": ["length"]},
        "suffix_code": {"from": ["$identifier"]},
    },
}


@pytest.fixture
def hub(database: Database, clock: Any) -> HubDriver:
    made = HubDriver(database, clock)
    made.restructure(STRUCTURE)
    made.edit("N-1", {"family": "nails", "note": "a long note", "mark": "x"}, MIGRATION)
    made.edit("N-2", {"family": "nails", "note": "short", "mark": "x", "length": "2.5"}, MIGRATION)
    made.edit("N-3", {"family": "nails", "note": "a longer note"}, MIGRATION)
    return made


def changed(**attributes: dict[str, Any]) -> dict[str, Any]:
    kept = STRUCTURE["attributes"]
    return {"attributes": {code: kept[code] | own for code, own in attributes.items()}}


def broken(hub: HubDriver, document: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    with hub.database.reading() as session:
        found = impact.assess(session, document).broken
    return [(one.address, one.rule, one.count, one.example) for one in found]


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (changed(note={"max_length": 6}), [("note", "max_length", 2, "N-1")]),
        (changed(length={"decimals": 0}), [("length", "decimals", 1, "N-2")]),
        (changed(mark={"unique": True}), [("mark", "unique", 1, "N-2")]),
        (changed(note={"max_length": 60}), []),
    ],
)
def test_values_that_would_break_a_rule_are_counted(
    hub: HubDriver, document: dict[str, Any], what: list[tuple[str, str, int, str]]
) -> None:
    assert broken(hub, document) == what


def test_of_a_value_that_stands_twice_the_other_product_is_named(hub: HubDriver) -> None:
    with hub.database.reading() as session:
        (found,) = impact.assess(session, changed(mark={"unique": True})).broken
    assert str(found.message) == "“N-1” has “x” too."


def test_nothing_is_changed_until_somebody_agrees_to_what_breaks(hub: HubDriver) -> None:
    document = changed(note={"max_length": 6})
    with pytest.raises(Conflict, match="2 values of “note”"), hub.database.writing() as session:
        impact.apply(session, document, hub.clock(), by="anna")
    assert hub.structure().attributes["note"].type.max_length is None
    with hub.database.writing() as session:
        impact.apply(session, document, hub.clock(), by="anna", keeps_broken=True)
    assert hub.get("N-1").values["note"] == "a long note"


def test_check_lists_the_values_that_break_a_rule(hub: HubDriver, tmp_path: Path) -> None:
    storage = Storage((tmp_path / "storage").as_uri())
    assert consistency.check(hub.database, storage) == []
    with hub.database.writing() as session:
        document = changed(note={"max_length": 6})
        impact.apply(session, document, hub.clock(), by="anna", keeps_broken=True)
    said = [str(one) for one in consistency.check(hub.database, storage)]
    assert ["N-1" in said[0], "N-3" in said[1], len(said)] == [True, True, 2]


def test_a_channel_that_a_feed_stands_in_stays(hub: HubDriver) -> None:
    with hub.database.writing() as session:
        feeds.define(session, "till", FEED, hub.clock())
    without = {**STRUCTURE, "channels": {"shop": STRUCTURE["channels"]["shop"]}}
    with hub.database.reading() as session, pytest.raises(Conflict, match="feed “till”"):
        impact.assess(session, without, prune=True)
    with hub.database.reading() as session:
        assert impact.assess(session, STRUCTURE | {"groups": {"a": {}}}).changes


def test_a_locale_that_a_profile_reads_stays(hub: HubDriver) -> None:
    profile = "{code: erp, owner: erp, key: Nr, columns: {Nr: sku, Name: name-de_DE}}"
    with hub.database.writing() as session:
        store.save(session, profile, hub.clock())
    shop = {"locales": ["nl_NL"], "currencies": ["EUR", "USD"]}
    without = {
        **STRUCTURE,
        "locales": ["nl_NL"],
        "channels": STRUCTURE["channels"] | {"shop": shop},
    }
    with hub.database.reading() as session, pytest.raises(Conflict, match="import profile “erp”"):
        impact.assess(session, without, prune=True)
