"""Runs that die on the way, and what goes on where they stopped."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pim.errors import Invalid
from pim.imports import batch_reader
from pim.imports.batch_writer import BatchWriter
from pim.imports.lifecycle import SILENCE
from pim.imports.models import ImportRun, SourceRow
from pim.imports.profile_reader import seed
from pim.imports.profiles import read_profile
from pim.products.models import Change
from pim.structure import service as structures
from tests.imports.conftest import (
    OPTIONAL,
    PROFILE,
    STRUCTURE,
    counts,
    prices,
    structure_of,
)

ROOT = Path(__file__).resolve().parents[2]


def test_a_file_that_is_read_otherwise_since_does_not_go_on_where_a_killed_run_stopped(desk):
    structure = structure_of(desk)
    profiles = [
        read_profile(OPTIONAL.replace('delimiter: ";"', f'delimiter: ";"{more}'))
        for more in ("", ", quote: none", ", header: 2")
    ]
    assert len({seed(structure, profile) for profile in profiles}) == 3


class Died(Exception):
    """What our own code never catches."""


def dying(monkeypatch, at):
    """From the given batch on, the process "dies" when its rows are written but not committed."""
    written = BatchWriter.write
    calls = []

    def write(self, session, batch, now):
        written(self, session, batch, now)
        calls.append(batch.rows)
        if len(calls) == at:
            raise Died

    monkeypatch.setattr(BatchWriter, "write", write)


LINES = [f"A{number};F;Fiets {number};{number},00;;;;;" for number in range(1, 8)]
LINES[4:4] = ["A9;F;Fout;x;;;;;", "a1;F;Dubbel;7,00;;;;;"]


def test_a_run_that_dies_goes_on_where_it_stopped(desk, monkeypatch):
    monkeypatch.setattr(batch_reader, "BATCH", 2)
    with monkeypatch.context() as patch:
        dying(patch, at=4)
        with pytest.raises(Died):
            desk.run(*LINES, job=desk.job())
    (half,) = desk.all(ImportRun, ImportRun.id)
    assert (half.state, half.cursor, counts(half), len(desk.products())) == (
        "running",
        6,
        (6, 5, 0, 0, 1),
        5,
    )
    run = desk.run(*LINES, job=desk.job())
    assert (run.id, run.state, run.cursor, counts(run)) == (half.id, "done", 9, (9, 8, 0, 0, 1))
    assert run.left_out == 1
    assert sorted(desk.products()) == [f"A{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9)]
    assert {one.version for one in desk.products().values()} == {1}
    assert (len(desk.all(Change, Change.id)), len(desk.all(SourceRow, SourceRow.key))) == (8, 7)
    assert [(line, rule) for line, _, _, rule, _ in desk.report()] == [
        (6, "number"),
        (7, "duplicate"),
    ]


def test_a_duplicate_is_found_after_a_resume(desk, monkeypatch):
    monkeypatch.setattr(batch_reader, "BATCH", 2)
    lines = [*LINES[:4], "a1;F;Dubbel;7,00;;;;;"]
    with monkeypatch.context() as patch:
        dying(patch, at=2)
        with pytest.raises(Died):
            desk.run(*lines, job=desk.job())
    assert counts(desk.run(*lines, job=desk.job())) == (5, 4, 0, 0, 1)
    assert desk.products()["A1"].values["price-EUR"] == "1.00"


def test_an_error_of_ours_closes_the_run_with_its_reason(desk, monkeypatch):
    def write(self, session, rows, now):
        raise Invalid({})

    with monkeypatch.context() as patch:
        patch.setattr(BatchWriter, "write", write)
        with pytest.raises(Invalid):
            desk.run(*LINES)
    (run,) = desk.all(ImportRun, ImportRun.id)
    assert (run.state, run.finished) == ("failed", desk.clock())


CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pim.db import Database
from pim.imports import batch_reader
from pim.imports import run as runs
from pim.imports.profiles import FileSettings, read_profile
from pim.migrate import load_models

load_models()
batch_reader.BATCH = 20
runs.import_products(
    Database(sys.argv[1]), Path(sys.argv[2]), read_profile(Path(sys.argv[3]).read_text()),
    "erp import", lambda: datetime.now(UTC), dry_run=sys.argv[4] == "trial",
    progress=lambda done, total, sentence: print(done, flush=True),
)
"""


def begin_and_kill(desk, tmp_path, lines, what):
    """A run ("trial" or "import") that is killed after some batches; what it left behind."""
    path, profile = desk.file(*lines), tmp_path / "erp.yaml"
    profile.write_text(PROFILE)
    url = desk.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", CHILD, url, str(path), str(profile), what]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for _ in range(5):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    (half,) = desk.all(ImportRun, ImportRun.id)
    return half


MANY_LINES = [f"A{number};F;Fiets {number};{number},00;;;;city;" for number in range(1, 601)]


def test_a_trial_that_was_killed_is_closed_by_the_next_one_after_a_while(desk, tmp_path):
    half = begin_and_kill(desk, tmp_path, MANY_LINES, "trial")
    assert half.state == "running"
    desk.clock.now = half.seen + SILENCE + timedelta(seconds=1)
    run = desk.run(*MANY_LINES, dry_run=True)
    states = {one.id: one.state for one in desk.all(ImportRun, ImportRun.id)}
    assert states == {half.id: "failed", run.id: "done"}


def test_a_trial_that_is_stopped_says_so(desk):
    def stop(done, total, sentence):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.run(*LINES, dry_run=True, progress=stop)
    (run,) = desk.all(ImportRun, ImportRun.id)
    assert (run.state, run.finished) == ("failed", desk.clock())
    assert "stopped" in run.error


def test_kill_9_in_mid_file(desk, tmp_path):
    lines = MANY_LINES
    half = begin_and_kill(desk, tmp_path, lines, "import")
    assert (half.state, half.rows) == ("running", half.cursor)
    assert 100 <= half.cursor < 600
    assert len(desk.products()) == half.cursor
    run = desk.run(*lines)
    assert (run.id, counts(run)) == (half.id, (600, 600, 0, 0, 0))
    products = desk.products()
    assert (len(products), {one.version for one in products.values()}) == (600, {1})
    assert sorted(one.seq for one in products.values()) == list(range(1, 601))
    assert (len(desk.all(Change, Change.id)), len(desk.all(SourceRow, SourceRow.key))) == (600, 600)
    assert counts(desk.run(*lines)) == (600, 0, 0, 600, 0)


def test_a_corrected_profile_reads_the_file_of_a_killed_import_from_its_beginning(desk, tmp_path):
    half = begin_and_kill(desk, tmp_path, MANY_LINES, "import")
    run = desk.run(*MANY_LINES, profile=replace(desk.profile, always={"color": "blue"}))
    assert (run.id != half.id, run.rows) == (True, 600)
    assert {one.values["color"] for one in desk.products().values()} == {"blue"}


def test_a_changed_structure_reads_the_file_of_a_killed_import_from_its_beginning(desk, tmp_path):
    half = begin_and_kill(desk, tmp_path, MANY_LINES, "import")
    attributes = STRUCTURE["attributes"]
    corrected = {**attributes, "price": {**attributes["price"], "decimals": 3}}
    with desk.database.writing() as session:
        structures.apply(session, {**STRUCTURE, "attributes": corrected})
    run = desk.run(*MANY_LINES)
    assert (run.id != half.id, run.rows) == (True, 600)
    assert {one.id: one.state for one in desk.all(ImportRun, ImportRun.id)}[half.id] == "failed"


def test_the_file_before_last_given_again_is_what_the_hub_says_in_the_end(desk, tmp_path):
    """A killed import of yesterday's file, today's file, and yesterday's again: it used to go on in
    the middle and leave today's prices in the rows before.
    """
    half = begin_and_kill(desk, tmp_path, MANY_LINES, "import")
    desk.clock.now = half.seen + SILENCE + timedelta(seconds=1)
    desk.run(*[line.replace(",00", ",99") for line in MANY_LINES])
    assert prices(desk)["A1"] == "1.99"
    desk.run(*MANY_LINES)
    assert prices(desk) == {f"A{number}": f"{number}.00" for number in range(1, 601)}
    states = [one.state for one in desk.all(ImportRun, ImportRun.id)]
    assert sorted(states) == ["done", "done", "failed"]
