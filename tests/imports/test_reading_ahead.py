"""A file read ahead by another process comes in as one that is read here, whatever happens to the
process.
"""

import pickle
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pim.db import Database
from pim.imports import batch_reader, reading
from pim.imports.batch_reader import FileRow
from pim.imports.models import ImportProblem, ImportRun, SourceRow
from pim.imports.packing import packed, unpacked
from pim.imports.profile_reader import open_file
from pim.imports.profiles import read_profile
from pim.imports.reading import ReadingAhead, Upcoming
from pim.imports.run import import_products
from pim.processes.process import PicklingProcess, ProcessDied
from pim.products import consistency, new_products, restructure
from pim.products.models import Product
from pim.structure import queries as catalog
from pim.structure import service as structures

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"shop": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True},
        "price": {"type": "price", "decimals": 2, "owner": "erp", "filterable": True},
        "color": {"type": "choice", "filterable": True, "options": {"red": {}, "blue": {}}},
        "ean": {"type": "gtin", "unique": True},
    },
    "families": {
        "bikes": {
            "attributes": ["sku", "name", "price", "color", "ean"],
            "label": "name",
            "requirements": {"shop": ["name", "price"]},
        }
    },
}
PROFILE = """
code: erp
owner: erp
key: Nr
file: {delimiter: ";"}
columns: {Nr: sku, Familie: family, Naam: name-nl_NL, Prijs: price-EUR, Kleur: color, EAN: ean}
"""
ROWS = [
    f"A{number};{family};Fiets {number};{price};{color};{ean}"
    for number, family, price, color, ean in (
        *((n, "bikes", f"{n}.00", "red" if n % 2 else "blue", "") for n in range(1, 30)),
        (30, "", "1.00", "", "4006381333931"),
        (31, "bikes", "duur", "red", ""),
        (32, "bikes", "2.00", "groen", ""),
        (33, "bikes", "", "", "4006381333931"),
        (7, "bikes", "9.00", "red", ""),
    )
]


def is_ready(ahead: ReadingAhead) -> bool:
    """Instead of reading the first batches here."""
    return ahead.is_open.wait(60) and not ahead.has_died


@pytest.fixture
def hub(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Even a file of a few rows is worth a process, and its batches are small."""
    monkeypatch.setattr(reading, "MANY", 0)
    monkeypatch.setattr(ReadingAhead, "is_ready", is_ready)
    monkeypatch.setattr(reading.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(batch_reader, "BATCH", 5)
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    return database


def take_in(database: Database, folder: Path, clock: Any, *rows: str) -> ImportRun:
    file = folder / "articles.csv"
    file.write_text("\n".join(["Nr;Familie;Naam;Prijs;Kleur;EAN", *rows]) + "\n")
    profile = read_profile(PROFILE.replace("owner:", "source:"))
    return import_products(database, file, profile, "erp", clock)


def outcome(database: Database, run: ImportRun) -> Any:
    """All that an import leaves behind."""
    with database.reading() as session:
        assert list(consistency.out_of_step(session)) == []
        lines = session.scalars(select(ImportProblem).order_by(ImportProblem.number))
        report = [
            (one.line, one.identifier, one.column, one.rule, one.severity)
            for one in lines
            if one.run_id == run.id
        ]
        products = {
            one.identifier: (one.family, one.values, one.version)
            for one in session.scalars(select(Product))
        }
        hashes = Counter(session.scalars(select(SourceRow.key)))
    tally = (
        run.rows,
        run.created,
        run.updated,
        run.unchanged,
        run.refused,
        run.left_out,
        run.warnings,
    )
    return tally, report, products, hashes


def test_it_comes_in_as_if_it_were_read_here(
    hub: Database, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    send = PicklingProcess.send_object
    monkeypatch.setattr(
        PicklingProcess,
        "send_object",
        lambda self, *question: asked.append(question[0]) or send(self, *question),
    )
    ahead = outcome(hub, take_in(hub, tmp_path, clock, *ROWS))
    assert asked[1:3] == [0, batch_reader.BATCH]
    assert take_in(hub, tmp_path, clock, *ROWS).unchanged == ahead[0][1]
    # The same rows once more, of other products, and read here.
    others = [f"B{row}".replace("4006381333931", "5901234123457") for row in ROWS]
    monkeypatch.setattr(reading, "MANY", 10**9)
    here = outcome(hub, take_in(hub, tmp_path, clock, *others))
    assert here[0] == ahead[0]
    assert [(line, f"B{name}", *rest) for line, name, *rest in ahead[1]] == here[1]
    for name, (family, values, version) in ahead[2].items():
        expected = {**values, "sku": f"B{name}"}
        if "ean" in expected:
            expected["ean"] = "5901234123457"
        assert here[2][f"B{name}"] == (family, expected, version)


def test_a_batch_is_packed_and_unpacked_without_a_difference(hub: Database, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("\n".join(["Nr;Familie;Naam;Prijs;Kleur;EAN", *ROWS]) + "\n")
    with hub.reading() as session:
        structure = catalog.structure(session)
        profile = read_profile(PROFILE.replace("owner:", "source:"))
        reader, rows, _ = open_file(structure, file, profile, file.name)
        reader.prepares_for = structure
        batch = reader.read(session, list[FileRow](rows))
    assert all(one.edit.prepared for one in batch.sent)
    batch.sent[0] = batch.sent[0]._replace(edit=new_products.unpacked(batch.sent[0].edit))
    assert unpacked(pickle.loads(pickle.dumps(packed(batch)))) == batch


def test_what_goes_wrong_while_a_batch_is_fetched_is_raised_where_it_is_wanted() -> None:
    def broken() -> Iterator[batch_reader.ReadBatch]:
        yield batch_reader.ReadBatch(1)
        raise ProcessDied("crashed")

    upcoming = Upcoming(broken())
    assert next(upcoming).rows == 1
    upcoming.fetch()
    with pytest.raises(ProcessDied):
        next(upcoming)


def test_the_first_batches_are_read_here_while_the_process_starts(
    hub: Database, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_ready, looked = reading.ReadingAhead.is_ready, []

    def is_ready_at_the_third_look(self: reading.ReadingAhead) -> bool:
        looked.append(self)
        return len(looked) > 2 and is_ready(self)

    monkeypatch.setattr(reading.ReadingAhead, "is_ready", is_ready_at_the_third_look)
    rows = [*ROWS, "A2;bikes;Twice;1.00;red;"]  # as in a row that was read here
    tally, report, products, _ = outcome(hub, take_in(hub, tmp_path, clock, *rows))
    assert len(looked) == 3
    assert (tally[0], tally[1]) == (len(rows), 33)
    assert [line[0] for line in report if line[3] == "duplicate"] == [35, 36]
    assert products["A2"][1]["name-nl_NL"] == "Fiets 2"


@pytest.mark.parametrize("at", [0, 1, 3])
def test_what_a_process_that_dies_leaves_unread_is_read_here(
    hub: Database, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    receive, received = PicklingProcess.receive_pickle, []

    def die(self: PicklingProcess, wall_seconds: float) -> bytes:
        if len(received) == at:
            self.kill()
        answer = receive(self, wall_seconds)
        received.append(answer)
        return answer

    monkeypatch.setattr(PicklingProcess, "receive_pickle", die)
    run = take_in(hub, tmp_path, clock, *ROWS)
    tally, report, products, _ = outcome(hub, run)
    assert tally[0] == len(ROWS)
    assert len(products) == run.created == 33
    assert len({line[0] for line in report if line[4] == "error"}) == run.refused


def test_a_process_that_hangs_does_not_hang_the_import(
    hub: Database, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WALL_SECONDS", 0.01)
    assert take_in(hub, tmp_path, clock, *ROWS).rows == len(ROWS)


def test_what_a_process_died_of_is_told() -> None:
    process = PicklingProcess("pim.imports.reading_process")
    process.kill()
    with pytest.raises(ProcessDied) as died:
        process.ask_object("anything", 10)
    assert died.value.cause == "crashed"
    process.close()


def test_a_structure_that_changes_meanwhile_counts_for_the_index(
    hub: Database, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the process worked out for the index was for the structure before."""
    receive, received = PicklingProcess.receive_pickle, []

    def change(self: PicklingProcess, wall_seconds: float) -> bytes:
        answer = receive(self, wall_seconds)
        received.append(answer)
        if len(received) == 2:  # the first batch, after the answer that the file is open
            document = {"attributes": {"price": STRUCTURE["attributes"]["price"].copy()}}
            document["attributes"]["price"]["filterable"] = False
            with hub.writing() as session:
                restructure.apply(session, document)
        return answer

    monkeypatch.setattr(PicklingProcess, "receive_pickle", change)
    run = take_in(hub, tmp_path, clock, *ROWS)
    assert outcome(hub, run)[0][0] == len(ROWS)


def test_whatever_goes_wrong_in_reading_ahead_the_rest_is_read_here(
    hub: Database, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: PicklingProcess, question: Any, wall_seconds: float) -> Any:
        raise MemoryError

    monkeypatch.setattr(PicklingProcess, "ask_object", fail)
    assert take_in(hub, tmp_path, clock, *ROWS).rows == len(ROWS)


def test_an_import_that_ends_early_leaves_no_thread_behind(
    hub: Database, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AHEAD", 1)
    monkeypatch.setattr(reading, "STOP_SECONDS", 0.01)

    def endless(self: PicklingProcess, wall_seconds: float) -> bytes:
        return pickle.dumps(packed(batch_reader.ReadBatch(1)))

    def stop(done: int, total: int, sentence: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PicklingProcess, "send_object", lambda self, *question: None)
    monkeypatch.setattr(PicklingProcess, "receive_pickle", endless)
    before = threading.active_count()
    file = tmp_path / "articles.csv"
    file.write_text("Nr;Familie;Naam;Prijs;Kleur;EAN\n")
    profile = read_profile(PROFILE.replace("owner:", "source:"))
    with pytest.raises(KeyboardInterrupt):
        import_products(hub, file, profile, "erp", clock, progress=stop)
    deadline = time.monotonic() + 30
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() == before
