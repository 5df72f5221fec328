"""What is over goes after its time, and nothing else does."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from media.storage import Storage
from pim import outbox, retention
from pim.accounts import service as accounts
from pim.accounts.models import AccountLink, Attempt, UserSession
from pim.config import Retention
from pim.errors import text
from pim.imports.models import ImportProblem, ImportRun
from pim.jobs import schedules, service
from pim.jobs.models import Job
from pim.outbox import OutboxEvent, OutboxRow

KEPT = Retention(jobs=10, reports=20, uploads=5)
FOR_EVER = Retention(jobs=0, reports=0, uploads=0)


@pytest.fixture
def tidy(database, clock, tmp_path):
    def run(days, kept=KEPT):
        storage = Storage((tmp_path / "storage").as_uri())
        now = clock() + timedelta(days=days)
        return retention.tidy(database, storage, tmp_path, kept, now)

    return run


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_jobs_that_have_ended_go_after_their_time(database, clock, tidy):
    with database.writing() as session:
        for kind in ("done", "waiting"):
            service.enqueue(session, kind, {}, clock())
        done = service.claim(session, ["done"], clock())
        service.finish(session, done.id, done.token, None, clock())
    assert tidy(10)["rows"] == 0
    assert tidy(11, FOR_EVER)["rows"] == 0
    assert tidy(11)["rows"] == 1
    with database.reading() as session:
        assert session.scalars(select(Job.kind)).all() == ["waiting"]


def test_attempts_to_get_in_go_after_a_day(database, clock, tidy):
    with database.writing() as session:
        for hours in (0, 30):
            session.add(Attempt(key="a" * 64, at=clock() + timedelta(hours=hours)))
    assert tidy(1)["rows"] == 0
    assert tidy(2)["rows"] == 1
    assert count(database, Attempt) == 1


def run_of(clock, number, dry_run):
    zeros = dict.fromkeys(
        (
            "cursor",
            "rows",
            "created",
            "updated",
            "unchanged",
            "refused",
            "warnings",
            "milliseconds",
        ),
        0,
    )
    return ImportRun(
        id=number,
        profile="erp",
        definition={},
        filename="a.csv",
        sha256="0" * 64,
        dry_run=dry_run,
        state="done",
        actor="ann",
        started=clock(),
        finished=clock(),
        **zeros,
    )


def line_of(run, number):
    return ImportProblem(
        run_id=run,
        number=number,
        file="a.csv",
        line=number,
        identifier="A",
        column="",
        address="",
        value="",
        rule="r",
        severity="error",
        message=text("Wrong."),
    )


def test_of_an_import_the_lines_go_and_of_a_trial_everything(database, clock, tidy, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    with database.writing() as session:
        for run, is_trial in (("real", False), ("trial", True)):
            session.add(run_of(clock, run, is_trial))
            session.flush()
            session.add_all(line_of(run, number) for number in range(5))
    tidy(20)
    assert (count(database, ImportProblem), count(database, ImportRun)) == (10, 2)
    tidy(21)
    assert (count(database, ImportProblem), count(database, ImportRun)) == (0, 1)


def test_links_sessions_and_the_outbox_end(database, clock, tidy):
    with database.writing() as session:
        ann = accounts.add_user(session, "ann@example.org", "Ann", "viewer", clock())
        accounts.invite_link(session, ann, clock())
        accounts.start_session(session, ann, clock())
        outbox.record(session, [OutboxEvent("product.changed", "product", "1")], clock())
    tables = (AccountLink, UserSession, OutboxRow)
    tidy(6, FOR_EVER)
    assert [count(database, one) for one in tables] == [1, 1, 1]
    tidy(7, FOR_EVER)
    assert [count(database, one) for one in tables] == [0, 1, 1]
    tidy(31, FOR_EVER)
    assert [count(database, one) for one in tables] == [0, 0, 0]


def test_uploads_and_what_was_left_half_done_go(clock, tidy, tmp_path):
    for folder, name, days in (
        ("uploads", "old", 6),
        ("uploads", "new", 4),
        ("tmp", "killed", 2),
        ("tmp", "running", 0),
    ):
        place = tmp_path / folder / name
        place.parent.mkdir(exist_ok=True)
        if folder == "tmp":
            place.mkdir()
            (place / "part").write_text("x")
        else:
            place.write_text("x")
        moment = (clock() - timedelta(days=days)).timestamp()
        os.utime(place, (moment, moment))
    assert tidy(0)["files"] == 2
    assert {one.name for one in tmp_path.glob("*/*")} == {"new", "running"}


def test_it_is_planned_for_every_night_and_stays_as_somebody_changed_it(database, clock):
    with database.writing() as session:
        retention.plan_nightly(session, clock())
        schedules.get(session, retention.SCHEDULE).enabled = False
        retention.plan_nightly(session, clock())
        planned = schedules.get(session, retention.SCHEDULE)
        assert (planned.kind, planned.enabled) == (retention.TIDY.name, False)
        assert planned.next_at.hour == 3
