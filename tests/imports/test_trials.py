"""Trial runs: they say what an import would do, and do nothing."""

from dataclasses import replace

import pytest

from pim.imports import batch_reader
from pim.imports.models import ImportProblem, SourceRow
from pim.products import service
from pim.products.change import ProductInput
from pim.products.models import Change
from pim.row_reader import Column
from tests.imports.conftest import HEADER, HUB, counts


def test_a_dry_run_keeps_nothing_but_its_report(desk):
    desk.run("A1;F;Een;1,00;;;;;")
    before = desk.products()
    run = desk.run("A1;F;Een;2,00;;;;;", "A2;F;Twee;x;;;;;", "A3;F;Drie;3,00;;;;;", dry_run=True)
    assert (counts(run), run.state, run.dry_run) == ((3, 2, 1, 0, 0), "done", True)
    assert {name: (one.values, one.version, one.seq) for name, one in desk.products().items()} == {
        name: (one.values, one.version, one.seq) for name, one in before.items()
    }
    assert (len(desk.all(Change, Change.id)), len(desk.all(SourceRow, SourceRow.key))) == (1, 1)
    assert desk.report() == [(3, "A2", "Prijs", "number", "skipped")]
    done = desk.run("A1;F;Een;2,00;;;;;", "A2;F;Twee;x;;;;;", "A3;F;Drie;3,00;;;;;")
    assert (counts(done), done.left_out) == ((3, 2, 1, 0, 0), run.left_out)


def test_others_save_while_a_trial_is_running(desk, monkeypatch):
    """In the middle of the file, as a person would: it used to wait for the end of the trial."""
    monkeypatch.setattr(batch_reader, "BATCH", 1)
    desk.run("A;F;Fiets;1,00;;;;;")
    saved = []

    def save(done, total, sentence):
        with desk.database.writing() as session:
            edit = ProductInput("A", {"name-nl_NL": f"Fiets {done}"})
            saved.append(service.write(session, [edit], HUB, desk.clock())[0].outcome)

    lines = [f"{name};F;Fiets;1,00;;;;;" for name in "BCDE"]
    run = desk.run(*lines, dry_run=True, progress=save)
    assert saved == ["updated"] * 4
    assert (run.created, run.state) == (4, "done")
    assert list(desk.products()) == ["A"]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_trial_predicts_what_the_import_does(desk, monkeypatch, size):
    """Whatever stands in which batch: the same value twice, new and changed products, refusals."""
    monkeypatch.setattr(batch_reader, "BATCH", size)
    profile = replace(
        desk.profile, columns=(*desk.profile.columns, Column("EAN", "ean")), doubts="take"
    )
    desk.run("A;F;Fiets;1,00;;;;;")
    lines = [
        "A;F;Fiets;2,00;;;;;;4006381333931",
        "B;F;Fiets;1,00;;;GROEN;;;",
        "C;F;Fiets;1,00;;;ROOD;;;4006381333931",
        "D;F;Fiets;1,00;;;ROOD;;;5901234123457",
        "D;F;Fiets;1,00;;;ROOD;;;5901234123457",
        "E;F;Fiets;1,00;;;;;;5901234123457",
    ]
    more = {"header": f"{HEADER};EAN", "profile": profile}

    def said(run):
        return [
            (line.line, line.identifier, line.column, line.rule, line.severity, line.value)
            for line in desk.all(ImportProblem, ImportProblem.number)
            if line.run_id == run.id
        ]

    trial = desk.run(*lines, dry_run=True, **more)
    run = desk.run(*lines, **more)
    counted = ("rows", "created", "updated", "unchanged", "refused", "warnings")
    assert [getattr(trial, name) for name in counted] == [getattr(run, name) for name in counted]
    assert said(trial) == said(run)
    assert len(said(run)) == 4
