"""A value that only one product may have moves to another one within a file: what counts is what
stands behind the last row, not the order of the rows nor where a batch ends.
"""

from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import func, select

from pim.imports import batch_reader
from pim.imports import run as running
from pim.imports.batch_writer import BatchWriter
from pim.imports.models import ImportProblem, LateRow
from pim.products import revert
from tests.support.imports import ImportingHub, counts

EANS = ("4006381333931", "4012345678901", "5901234123457", "8711111111111")
BLUE, GREEN, RED, SPARE = EANS
SIZES = ("s", "m", "l")
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"till": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text"},
        "ean": {"type": "text", "unique": True},
        "size": {"type": "choice", "options": {code: {} for code in SIZES}},
    },
    "families": {"socks": {"attributes": ["sku", "name", "ean", "size"], "label": "name"}},
    "variants": {"by_size": {"family": "socks", "levels": [{"axes": ["size"], "attributes": []}]}},
}
PRODUCTS = """
code: shop
owner: hub
key: Code
clear: "-"
columns:
  Code: sku
  EAN: {to: ean, optional: true}
  Size: {to: size, optional: true}
  Model: {to: parent, optional: true}
"""
MODELS = """
code: models
owner: hub
key: Code
kind: model
columns:
  Code: sku
  Kind: {to: family_variant, optional: true}
  Model: {to: parent, optional: true}
  Name: {to: name, optional: true}
"""


@pytest.fixture(params=[1, 2, 1000])
def hub(database: Any, clock: Any, tmp_path: Any, request: Any, monkeypatch: Any) -> ImportingHub:
    """Files go in in batches of so many rows."""
    monkeypatch.setattr(batch_reader, "BATCH", request.param)
    monkeypatch.setattr(revert, "BATCH", request.param)
    return ImportingHub(database, clock, tmp_path, STRUCTURE)


@pytest.fixture
def stocked(hub: ImportingHub) -> ImportingHub:
    """Three articles with an EAN each, and a model with two sizes."""
    hub.file(["Code,EAN", f"a,{BLUE}", f"b,{GREEN}", f"c,{RED}"], PRODUCTS)
    hub.file(["Code,Kind", "M,by_size"], MODELS)
    hub.file(["Code,Size,Model", "m-1,s,M", "m-2,m,M"], PRODUCTS)
    return hub


def eans(hub: ImportingHub, *identifiers: str) -> list[str | None]:
    return [hub.get(one).values.get("ean") for one in identifiers]


def sizes(hub: ImportingHub) -> list[str]:
    return [hub.get(one).values["size"] for one in ("m-1", "m-2")]


@pytest.mark.parametrize(
    ("rows", "then"),
    [
        ([f"c,{BLUE}", f"a,{SPARE}"], [SPARE, GREEN, BLUE]),
        ([f"a,{SPARE}", f"c,{BLUE}"], [SPARE, GREEN, BLUE]),
        ([f"a,{GREEN}", f"b,{BLUE}"], [GREEN, BLUE, RED]),
        ([f"a,{GREEN}", f"b,{RED}", f"c,{BLUE}"], [GREEN, RED, BLUE]),
        ([f"b,{BLUE}", "a,-"], [None, BLUE, RED]),
        ([f"a,{GREEN}", f"b,{RED}", f"c,{SPARE}"], [GREEN, RED, SPARE]),
    ],
    ids=["given up below", "given up above", "swapped", "in a circle", "cleared", "chained"],
)
def test_a_unique_value_moves(stocked: ImportingHub, rows: list[str], then: list[str]) -> None:
    trial = stocked.file(["Code,EAN", *rows], PRODUCTS, dry_run=True)
    run = stocked.file(["Code,EAN", *rows], PRODUCTS)
    assert counts(trial) == counts(run) == (0, len(rows), 0, 0)
    assert eans(stocked, "a", "b", "c") == then
    stocked.undo(run)
    assert eans(stocked, "a", "b", "c") == [BLUE, GREEN, RED]


def test_a_new_article_takes_what_another_gives_up_below(stocked: ImportingHub) -> None:
    run = stocked.file(["Code,EAN", f"d,{BLUE}", f"a,{SPARE}"], PRODUCTS)
    assert counts(run) == (1, 1, 0, 0)
    assert eans(stocked, "a", "d") == [SPARE, BLUE]


@pytest.mark.parametrize("rows", [["m-1,m", "m-2,s"], ["m-1,m", "m-2,l"], ["m-2,l", "m-1,m"]])
def test_variants_change_places(stocked: ImportingHub, rows: list[str]) -> None:
    lines = ["Code,Size", *rows]
    trial = stocked.file(lines, PRODUCTS, dry_run=True)
    run = stocked.file(lines, PRODUCTS)
    assert counts(trial) == counts(run) == (0, 2, 0, 0)
    assert [f"m-1,{sizes(stocked)[0]}", f"m-2,{sizes(stocked)[1]}"] == sorted(rows)
    stocked.undo(run)
    assert sizes(stocked) == ["s", "m"]


def test_a_new_variant_like_one_of_an_earlier_row_is_refused_in_the_trial_too(
    stocked: ImportingHub,
) -> None:
    lines = ["Code,Size,Model", "m-3,l,M", "m-4,l,M"]
    trial = stocked.file(lines, PRODUCTS, dry_run=True)
    run = stocked.file(lines, PRODUCTS)
    assert counts(trial) == counts(run) == (1, 0, 0, 1)


def test_who_wants_what_somebody_keeps_does_not_get_it_and_keeps_what_others_want(
    stocked: ImportingHub,
) -> None:
    lines = ["Code,EAN", f"a,{GREEN}", f"c,{BLUE}"]
    trial = stocked.file(lines, PRODUCTS, dry_run=True)
    run = stocked.file(lines, PRODUCTS)
    assert counts(trial) == counts(run) == (0, 0, 2, 0)
    assert eans(stocked, "a", "b", "c") == [BLUE, GREEN, RED]
    assert messages(stocked, run.id) == ["“b” has this value.", "“a” has this value."]


def test_of_two_who_want_the_same_the_first_gets_it(stocked: ImportingHub) -> None:
    lines = ["Code,EAN", f"b,{BLUE}", f"c,{BLUE}", f"a,{GREEN}"]
    trial = stocked.file(lines, PRODUCTS, dry_run=True)
    run = stocked.file(lines, PRODUCTS)
    assert counts(trial) == counts(run) == (0, 2, 1, 0)
    assert eans(stocked, "a", "b", "c") == [GREEN, BLUE, RED]
    assert messages(stocked, run.id) == ["“b” has this value."]


def test_a_model_may_stand_below_what_belongs_to_it(hub: ImportingHub) -> None:
    structure = {
        "variants": {
            "by_name_size": {
                "family": "socks",
                "levels": [{"axes": ["name"], "attributes": []}, {"axes": ["size"]}],
            }
        }
    }
    hub.restructure(structure)
    lines = ["Code,Kind,Model,Name", "N-red,,N,red", "N,by_name_size,,"]
    trial = hub.file(lines, MODELS, dry_run=True)
    assert counts(trial) == counts(hub.file(lines, MODELS)) == (2, 0, 0, 0)
    assert hub.get("N-red").parent_id == hub.get("N").id


def test_a_killed_import_takes_up_the_rows_that_wait(
    stocked: ImportingHub, monkeypatch: Any
) -> None:
    lines = ["Code,EAN", f"a,{GREEN}", f"b,{BLUE}"]
    with monkeypatch.context() as killed:
        killed.setattr(BatchWriter, "write_late", lambda *given: 1 / 0)
        killed.setattr(running, "closing_on_error", lambda *given: nullcontext())
        with pytest.raises(ZeroDivisionError):
            stocked.file(lines, PRODUCTS)
    assert eans(stocked, "a", "b") == [BLUE, GREEN]
    assert counts(stocked.file(lines, PRODUCTS)) == (0, 2, 0, 0)
    assert eans(stocked, "a", "b") == [GREEN, BLUE]
    with stocked.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LateRow)) == 0


def messages(hub: ImportingHub, run_id: str) -> list[str]:
    wanted = select(ImportProblem).where(ImportProblem.run_id == run_id)
    with hub.database.reading() as session:
        lines = session.scalars(wanted.order_by(ImportProblem.number))
        return [str(line.message) for line in lines]
