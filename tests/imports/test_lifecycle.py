"""An import run ends, whatever becomes of its process: with its job, or after a silence. Nobody
writes into a run that is in other hands.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select, update

from pim.db import Database, allocate
from pim.errors import Conflict, text
from pim.imports import batch_reader
from pim.imports.jobs import IMPORT_FILE, ImportArguments
from pim.imports.lifecycle import SILENCE, close_dead
from pim.imports.models import ImportProblem, ImportRun
from pim.jobs import queries, service
from pim.jobs.context import JobContext
from pim.jobs.models import Job
from pim.jobs.runner import Runner
from pim.jobs.service import LeaseLost
from pim.products.models import Change, Product
from tests.support.imports import ImportingHub

STRUCTURE: dict[str, Any] = {
    "locales": ["en_GB"],
    "currencies": ["EUR"],
    "channels": {},
    "attributes": {
        "sku": {"type": "identifier", "owner": "till"},
        "name": {"type": "text", "owner": "till", "max_length": 20},
    },
    "families": {"mugs": {"attributes": ["sku", "name"], "label": "name"}},
    "categories": {},
}
PROFILE = """
code: till
owner: till
key: nr
always: {family: mugs}
columns: {nr: sku, name: name}
"""
ROWS = ["nr;name", *(f"M{number};Mug {number}" for number in range(1, 7)), "M1;Again"]
"""Six mugs, and one of them again, which is refused."""


class Workshop(ImportingHub):
    def take_in(self, rows: list[str] = ROWS, **options: Any) -> ImportRun:
        return self.file(rows, PROFILE, **options)

    def enqueue(self, kind: str = "import") -> int:
        with self.database.writing() as session:
            return service.enqueue(session, kind, {}, self.clock()).id

    def claim(self, job_id: int) -> JobContext:
        """The job in the hands of a worker that will not renew its lease."""
        with self.database.writing() as session:
            job = service.claim(session, ["import"], self.clock(), job_id=job_id)
            assert job is not None
            assert job.token is not None
            return JobContext(self.database, job.id, job.token, job.attempts, self.clock)

    def runner(self, handler: Callable[[JobContext], Any]) -> Runner:
        return Runner(self.database, {"import": handler}, 0, self.clock, tidy=close_dead)

    def tidy(self) -> None:
        with self.database.writing() as session:
            close_dead(session, self.clock())

    def runs(self) -> list[tuple[str, str | None]]:
        """State and error of all runs, sorted."""
        with self.database.reading() as session:
            found = session.execute(select(ImportRun.state, ImportRun.error)).all()
        return sorted((state, error) for state, error in found)

    def written(self) -> tuple[int, int, int]:
        """How many products, changes and lines of reports there are."""
        with self.database.reading() as session:
            tables = (Product, Change, ImportProblem)
            return tuple(  # type: ignore[return-value]
                session.scalar(select(func.count()).select_from(one)) for one in tables
            )


ONCE = (6, 6, 1)
STOPPED = "It was stopped before it had come to the end."


@pytest.fixture
def hub(
    database: Database, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Workshop:
    monkeypatch.setattr(batch_reader, "BATCH", 2)
    return Workshop(database, clock, tmp_path, STRUCTURE)


def at(row: int, act: Callable[[], Any]) -> Callable[[int, int, str], None]:
    """A progress that does something when so many rows are in."""
    return lambda done, total, sentence: act() if done == row else None


def fail(kind: type[BaseException], *arguments: object) -> Any:
    """Made when it is raised: one that is kept would keep the open file too."""
    raise kind(*arguments)


def test_a_paused_worker_writes_nothing_into_the_run_of_its_heir(hub: Workshop, clock: Any) -> None:
    """Its job was given to another worker, which goes on with the run and ends it."""
    job_id, ended = hub.enqueue(), []
    paused = hub.claim(job_id)

    def inherit() -> None:
        clock.advance(minutes=2)
        ended.append(hub.take_in(job=hub.claim(job_id)))

    with pytest.raises(LeaseLost):
        hub.take_in(job=paused, progress=at(2, inherit))
    assert [(run.state, run.rows, run.created) for run in ended] == [("done", 7, 6)]
    assert hub.runs() == [("done", None)]
    assert hub.written() == ONCE


def test_a_worker_that_loses_its_job_to_nobody_writes_nothing_more(
    hub: Workshop, clock: Any
) -> None:
    job_id = hub.enqueue()
    paused = hub.claim(job_id)

    def bury() -> None:
        with hub.database.writing() as session:
            service.cancel(session, job_id, clock())
        clock.advance(minutes=2)
        hub.runner(lambda context: None).run_until_idle()

    with pytest.raises(LeaseLost):
        hub.take_in(job=paused, progress=at(2, bury))
    assert hub.runs() == [("failed", STOPPED)]
    assert hub.written() == (2, 2, 0)


def test_the_same_file_by_two_jobs_comes_in_once(hub: Workshop) -> None:
    first, second = hub.enqueue(), hub.enqueue()
    refused = []

    def again() -> None:
        with pytest.raises(Conflict) as error:
            hub.take_in(job=hub.claim(second))
        refused.append(str(error.value))

    run = hub.take_in(job=hub.claim(first), progress=at(4, again))
    assert (run.state, run.rows) == ("done", 7)
    assert [f"Job {first} is taking in this file already" in one for one in refused] == [True]
    assert hub.runs() == [("done", None)]
    assert hub.written() == ONCE


def test_the_same_command_twice_is_ended_by_the_second(hub: Workshop) -> None:
    ended = []
    with pytest.raises(Conflict, match="another one took its place"):
        hub.take_in(progress=at(2, lambda: ended.append(hub.take_in())))
    assert [(run.state, run.rows, run.created) for run in ended] == [("done", 7, 6)]
    assert hub.runs() == [("done", None)]
    assert hub.written() == ONCE


TODAY = ["nr;name", *(f"M{number};New {number}" for number in range(1, 7))]


@pytest.mark.parametrize("in_job", [False, True])
def test_another_file_of_the_profile_does_not_come_in_between(hub: Workshop, in_job: bool) -> None:
    job = hub.claim(hub.enqueue()) if in_job else None
    refused = []

    def meanwhile() -> None:
        path = hub.folder / "articles.csv"
        yesterdays = path.read_text()
        assert hub.take_in(TODAY, dry_run=True).state == "done"
        with pytest.raises(Conflict) as error:
            hub.take_in(TODAY, filename="today.csv")
        refused.append(str(error.value))
        path.write_text(yesterdays)

    hub.take_in(job=job, progress=at(2, meanwhile))
    assert [one.split(",")[0] for one in refused] == [
        "today.csv was not taken in: articles.csv is coming in by the same profile"
    ]
    assert hub.get("M1").values["name"] == "Mug 1"
    assert hub.take_in(TODAY).updated == 6


def test_another_file_comes_in_when_a_killed_import_was_silent_for_long(hub: Workshop) -> None:
    with pytest.raises(MemoryError):
        hub.take_in(job=hub.claim(hub.enqueue()), progress=at(2, lambda: fail(MemoryError)))
    with hub.database.writing() as session:  # as a killed command leaves it
        session.execute(update(ImportRun).values(job_id=None))
    with pytest.raises(Conflict, match="nothing was heard of it for five minutes"):
        hub.take_in(TODAY)
    hub.clock.advance(minutes=6)
    assert (hub.take_in(TODAY).created, hub.get("M1").values["name"]) == (4, "New 1")


def test_two_workers_with_the_same_file_at_once(hub: Workshop) -> None:
    """One of them takes it in; the other says that it does not."""
    contexts = [hub.claim(hub.enqueue()) for _ in range(2)]
    start, said = Barrier(2), []

    def work(context: JobContext) -> None:
        start.wait()
        try:
            said.append(hub.take_in(job=context).state)
        except Conflict as error:
            said.append(str(error))

    threads = [Thread(target=work, args=(context,)) for context in contexts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The second may also have come when the first was done: then it finds nothing to change.
    assert said.count("done") in (1, 2)
    assert hub.written()[:2] == ONCE[:2]
    assert {state for state, _ in hub.runs()} == {"done"}


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ((ZeroDivisionError,), "Something went wrong that nobody foresaw"),
        ((Conflict, text("No.")), "No."),
    ],
)
def test_a_run_ends_with_the_job_that_fails(
    hub: Workshop, dry_run: bool, error: tuple[Any, ...], sentence: str
) -> None:
    hub.enqueue()
    stop = at(2, lambda: fail(*error))
    hub.runner(lambda job: hub.take_in(job=job, dry_run=dry_run, progress=stop)).run_one()
    ((state, reason),) = hub.runs()
    assert (state, (reason or "").startswith(sentence)) == ("failed", True)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_run_ends_with_the_job_that_is_cancelled(hub: Workshop, dry_run: bool) -> None:
    job_id = hub.enqueue()

    runner = hub.runner(
        lambda job: hub.take_in(job=job, dry_run=dry_run, progress=at(2, cancelling(job)))
    )
    runner.run_one()
    with hub.database.reading() as session:
        assert queries.get(session, job_id).state == "cancelled"
    assert hub.runs() == [("failed", STOPPED)]


def cancelling(job: JobContext) -> Callable[[], None]:
    def act() -> None:
        job.interrupt(service.Cancelled())
        job.check()

    return act


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_run_ends_with_the_job_whose_workers_died(
    hub: Workshop, clock: Any, dry_run: bool
) -> None:
    """Three workers in a row: nobody takes the job up again, and its run says why."""
    job_id = hub.enqueue()
    for row in (2, 4, 6):
        with pytest.raises(MemoryError):  # what a dead process leaves, without its last words
            hub.take_in(
                job=hub.claim(job_id),
                dry_run=dry_run,
                progress=at(row, lambda: fail(MemoryError)),
            )
        clock.advance(minutes=2)
    assert [state for state, _ in hub.runs()].count("running") == 1
    hub.runner(lambda context: None).run_one()
    ended = hub.runs()
    assert {state for state, _ in ended} == {"failed"}
    assert any("The worker died" in (error or "") for _, error in ended)
    assert hub.written()[:2] == ((0, 0) if dry_run else (6, 6))


def test_an_interrupted_job_goes_on_with_its_run(hub: Workshop) -> None:
    """The worker shuts down, or the database is away for a moment."""
    hub.enqueue()
    attempts = [at(4, lambda: fail(ConnectionError)), at(0, lambda: None)]
    runner = hub.runner(lambda job: hub.take_in(job=job, progress=attempts.pop(0)) and None)
    runner.run_one()
    assert hub.runs() == [("running", None)]
    hub.clock.advance(minutes=1)
    runner.run_one()
    with hub.database.reading() as session:
        (run,) = session.scalars(select(ImportRun))
        assert session.scalars(select(Job.state)).all() == ["done"]
    assert (run.state, run.rows, run.created, run.cursor) == ("done", 7, 6, 7)
    assert hub.written() == ONCE


def test_a_run_without_a_job_says_why_it_ended(hub: Workshop) -> None:
    for kind in (ZeroDivisionError, KeyboardInterrupt):
        for dry_run in (False, True):
            with pytest.raises(kind):
                hub.take_in(dry_run=dry_run, progress=at(2, partial(fail, kind)))
    unforeseen = "It ended in the middle, for a reason nobody foresaw (ZeroDivisionError)."
    assert hub.runs() == [("failed", unforeseen)] * 2 + [("failed", STOPPED)] * 2


def test_a_run_that_nobody_hears_of_ends_and_its_process_writes_no_more(
    hub: Workshop, clock: Any
) -> None:
    def sleep() -> None:
        clock.advance(seconds=SILENCE.total_seconds() + 1)
        hub.tidy()

    with pytest.raises(Conflict, match="nothing was heard of it"):
        hub.take_in(progress=at(2, sleep))
    assert hub.runs() == [("failed", STOPPED)]
    assert hub.written() == (2, 2, 0)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_slow_run_is_heard_of(hub: Workshop, clock: Any, dry_run: bool) -> None:
    def slowly(done: int, total: int, sentence: str) -> None:
        clock.advance(minutes=4)
        hub.tidy()

    assert hub.take_in(ROWS[:-1], dry_run=dry_run, progress=slowly).state == "done"


def test_a_trial_leaves_another_one_at_work_alone(hub: Workshop) -> None:
    run = hub.take_in(dry_run=True, progress=at(2, lambda: hub.take_in(dry_run=True)))
    assert run.state == "done"
    assert hub.runs() == [("done", None)] * 2


def test_the_first_number_of_a_counter_is_taken_by_two_at_once(
    postgresql_database: Database,
) -> None:
    start, taken = Barrier(4), []

    def take() -> None:
        start.wait()
        with postgresql_database.writing() as session:
            taken.append(allocate(session, "new", 1))

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [1, 2, 3, 4]


def test_uploads_of_one_profile_wait_for_each_other_and_a_trial_for_nobody(
    hub: Workshop,
) -> None:
    def upload(name: str, profile: str = "till", dry_run: bool = False) -> None:
        arguments = ImportArguments(name, {"code": profile}, name, "anna@example.com", dry_run)
        with hub.database.writing() as session:
            IMPORT_FILE.enqueue(session, arguments, hub.clock())

    def claimed() -> str | None:
        with hub.database.writing() as session:
            job = service.claim(session, ["import"], hub.clock())
            return job and job.args["filename"]

    upload("monday.csv")
    upload("tuesday.csv")
    upload("look.csv", dry_run=True)
    upload("other.csv", profile="shop")
    assert [claimed() for _ in range(4)] == ["monday.csv", "look.csv", "other.csv", None]
