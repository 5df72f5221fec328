"""Associations and links to products that are not there behind the last row, to the product itself,
or doubled, are told one by one; those that come further down are not.
"""

from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import func, select

from pim.imports import batch_reader
from pim.imports import run as running
from pim.imports.batch_writer import BatchWriter
from pim.imports.models import MissingLink
from tests.support.imports import ImportingHub, counts

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"till": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "spare": {"type": "link", "multiple": True},
        "name": {"type": "text", "unique": True},
    },
    "families": {"lamps": {"attributes": ["sku", "spare", "name"], "label": "name"}},
    "associations": {"beside": {}},
}
PROFILE = """
code: lamps
owner: hub
key: Nr
always: {family: lamps}
columns:
  Nr: sku
  Beside: {to: beside-products, separator: "|"}
  Spare: {to: spare, separator: "|"}
  Name: {to: name, optional: true}
"""
HEADER = "Nr,Beside,Spare"


@pytest.fixture(params=[1, 1000])
def hub(database: Any, clock: Any, tmp_path: Any, request: Any, monkeypatch: Any) -> ImportingHub:
    monkeypatch.setattr(batch_reader, "BATCH", request.param)
    return ImportingHub(database, clock, tmp_path, STRUCTURE)


@pytest.mark.parametrize("dry_run", [True, False])
def test_each_that_is_not_there_is_told(hub: ImportingHub, dry_run: bool) -> None:
    lines = [HEADER, "L-1,l-2|L-8,L-9", "L-2,L-1,", "L-3,L-1|l-1,L-3"]
    run = hub.file(lines, PROFILE, dry_run=dry_run)
    assert counts(run) == (3, 0, 0, 0)
    assert sorted(hub.report(run)) == [
        ("L-1", "unknown product", "warning"),
        ("L-1", "unknown product", "warning"),
        ("L-3", "itself", "warning"),
        ("L-3", "twice", "warning"),
    ]


def test_it_is_told_again_until_it_is_mended(hub: ImportingHub) -> None:
    hub.file([HEADER, "L-1,L-2,"], PROFILE)
    again = hub.file([HEADER, "L-1,L-2,"], PROFILE)
    assert hub.report(again) == [("L-1", "unknown product", "warning")]
    mended = hub.file([HEADER, "L-1,L-2,", "L-2,,"], PROFILE)
    assert hub.report(mended) == []


def test_a_row_that_waits_is_asked_too(hub: ImportingHub) -> None:
    hub.file([f"{HEADER},Name", "L-1,,,Sun", "L-2,,,Moon"], PROFILE)
    run = hub.file([f"{HEADER},Name", "L-1,L-7,,Moon", "L-2,,,Sun"], PROFILE)
    assert hub.report(run) == [("L-1", "unknown product", "warning")]
    assert hub.get("L-1").values["name"] == "Moon"


def test_a_killed_import_tells_what_it_had_met_before(hub: ImportingHub, monkeypatch: Any) -> None:
    far = "x" * 400
    lines = [HEADER, f"L-1,L-3|L-8|{far},", "L-2,L-9,", "L-3,,L-1"]
    with monkeypatch.context() as killed:
        killed.setattr(BatchWriter, "end", lambda *given: 1 / 0)
        killed.setattr(running, "closing_on_error", lambda *given: nullcontext())
        with pytest.raises(ZeroDivisionError):
            hub.file(lines, PROFILE)
    run = hub.file(lines, PROFILE)
    assert counts(run) == (3, 0, 0, 0)
    assert hub.report(run) == [
        ("L-1", "unknown product", "warning"),
        ("L-1", "unknown product", "warning"),
        ("L-2", "unknown product", "warning"),
    ]
    with hub.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(MissingLink)) == 0
