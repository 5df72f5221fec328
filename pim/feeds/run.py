"""One run of a feed: build, check, gate, store, flip. A killed run leaves nothing but a temporary file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from media.storage import Storage
from pim.catalog import queries as catalog
from pim.db import Database, allocate, current
from pim.errors import Invalid
from pim.feeds import gate, queries, service
from pim.feeds.build import Built, Outfit, build, compile_outfit, digest_of
from pim.feeds.fragments import Former
from pim.feeds.gate import Figures
from pim.feeds.models import Feed, FeedBuild

KEEP = 30
"""Builds one can go back to."""

Guard = Callable[[Session], None]
"""Called in the publishing transaction; raises when this job no longer holds its lease."""
Clock = Callable[[], datetime]


def run_feed(
    database: Database, storage: Storage, folder: Path, code: str, base_url: str, clock: Clock, *, full: bool = False,
    step: Callable[[int, int], None] = lambda done, total: None, guard: Guard = lambda session: None,
) -> FeedBuild:  # fmt: skip
    """Build the feed and publish it, unless the gate holds it. ``full`` dresses every product anew.

    ``folder``: for temporary files, on the storage's disk where that is local. Returns the build; state "unchanged" when the world
    already sees these very bytes.
    """
    begun, started = perf_counter(), clock()
    with database.reading() as session:
        feed = service.get(session, code)
        structure = catalog.structure(session)
        outfit = compile_outfit(structure, feed, base_url, started.date())
        digest = digest_of(structure, feed, base_url)
        last = queries.published_build(session, feed)
        seq = current(session, "seq")
        with _scratch(folder, code) as scratch, _former(storage, None if full else last, digest) as former:
            built = build(session, outfit, scratch, former, lambda done: step(done, 0))
            findings = _findings(outfit, built, last)
            row = _row(feed, outfit, built, digest, seq, started)
            if last is None or last.sha256 != built.sha256:
                _store(storage, row, built)
    with database.writing() as session:
        guard(session)
        row.verdict = [str(finding.message) for finding in findings]
        row.finished, row.milliseconds = clock(), round(1000 * (perf_counter() - begun))
        held = any(finding.weight == "hold" for finding in findings)
        _conclude(session, code, row, held, last)
    _forget(database, storage, code)
    return row


def _findings(outfit: Outfit, built: Built, last: FeedBuild | None) -> list[gate.Finding]:
    """What the gate says, and whether an independent reader finds every item in the file."""
    try:
        counted = outfit.exporter.format.count(built.file)
    except Invalid as error:
        return [gate.Finding("hold", error.message)]
    if counted != built.items:
        return [gate.Finding("hold", gate.miscounted(counted, built.items))]
    return gate.judge(Figures(built.items, built.excluded), Figures(last.items, last.excluded) if last else None)


def _row(feed: Feed, outfit: Outfit, built: Built, digest: str, seq: int, started: datetime) -> FeedBuild:
    return FeedBuild(
        feed=feed.code, state="held", sha256=built.sha256, path=f"feeds/{feed.code}/{built.sha256}.{outfit.exporter.format.extension}",
        media_type=outfit.exporter.format.media_type, size=built.file.stat().st_size, items=built.items, excluded=built.excluded,
        warned=built.warned, rendered=built.rendered, digest=digest, seq=seq, started=started,
    )  # fmt: skip


def _store(storage: Storage, row: FeedBuild, built: Built) -> None:
    """The file last: where it is, its report and index are."""
    storage.put_file(f"{row.path}.report", built.report)
    storage.put_file(f"{row.path}.index", built.index)
    storage.put_file(row.path, built.file)


def _conclude(session: Session, code: str, row: FeedBuild, held: bool, last: FeedBuild | None) -> None:
    feed = service.get(session, code)
    row.id = allocate(session, "feed_build", 1)
    session.add(row)
    if last is not None and last.sha256 == row.sha256 and feed.published == last.id:
        row.state = "unchanged"
    elif not held:
        session.flush()
        service.publish(session, feed, row)


@contextmanager
def _scratch(folder: Path, code: str) -> Iterator[Path]:
    """A place for one build's unfinished files; two runs of one feed at once do not meet."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{code}-", dir=folder) as name:
        yield Path(name)


@contextmanager
def _former(storage: Storage, last: FeedBuild | None, digest: str) -> Iterator[Former | None]:
    """The last published build as a source of fragments, where it was dressed alike."""
    if last is None or last.digest != digest or not storage.exists(f"{last.path}.index"):
        yield None
        return
    index = storage.get(f"{last.path}.index")
    with _open(storage, last.path) as file, _open(storage, f"{last.path}.report") as report:
        yield Former(file, report, index)


def _open(storage: Storage, key: str) -> BinaryIO:
    path = storage.local_path(key)
    return path.open("rb") if path else BytesIO(storage.get(key))


def _forget(database: Database, storage: Storage, code: str) -> None:
    """Drop builds older than the last thirty, and files that no build names any more."""
    with database.writing() as session:
        feed = service.get(session, code)
        every = queries.builds(session, code, 10 * KEEP)
        old = [one for one in every[KEEP:] if one.id != feed.published]
        kept = {one.path for one in every} - {one.path for one in old} | {one.path for one in every[:KEEP]}
        for one in old:
            session.delete(one)
    for path in {one.path for one in old} - kept:
        for key in (path, f"{path}.report", f"{path}.index", f"{path}.gz"):
            storage.delete(key)


def summary(row: FeedBuild, storage: Storage) -> dict[str, Any]:
    """A build for machines: the shape the command line promises."""
    return {
        "feed": row.feed, "state": row.state, "items": row.items, "excluded": row.excluded, "seconds": row.milliseconds / 1000,
        "path": str(storage.local_path(row.path) or row.path), "sha256": row.sha256, "rendered": row.rendered, "verdict": row.verdict,
    }  # fmt: skip
