"""One run of a feed: build, check, gate, store, flip. A killed run leaves nothing but a temporary
file.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy.orm import Session

from media.storage import Storage
from pim.clock import Clock
from pim.db import Database, allocate, current
from pim.feeds import gate, queries, service
from pim.feeds.build import Built, build
from pim.feeds.causes import Comparison, caused_differences
from pim.feeds.claims import Claims
from pim.feeds.differences import spelled
from pim.feeds.eligibility import DECIDED
from pim.feeds.files import differences_key, index_key, keys_of, report_key, trace_key
from pim.feeds.fragments import PreviousBuild
from pim.feeds.gate import Figures
from pim.feeds.maintenance import is_whole
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.published_index import follow
from pim.feeds.render_pool import RenderPool, RenderSetup
from pim.feeds.rendering import CompiledFeed, compile_feed, fingerprint_of
from pim.feeds.reports import ReportCount, ReportTotal, count_report, store_totals
from pim.feeds.suspicions import assess_values
from pim.feeds.traces import Trace, read_trace
from pim.feeds.verify import REPEATED, verify
from pim.problems import Problem
from pim.products import queries as products
from pim.structure import queries as catalog
from pim.workflow import RETIRED

KEEP = 30
"""Builds one can go back to."""
DAYS = 9
"""Days of which the last published build is kept beside those."""
MANY = 20_000
"""Top products from which on it pays to begin other processes."""

Guard = Callable[[Session], None]
"""Called in the publishing transaction; raises when this job no longer holds its lease."""


def run_feed(
    database: Database,
    storage: Storage,
    folder: Path,
    code: str,
    base_url: str,
    clock: Clock,
    *,
    full: bool = False,
    step: Callable[[int, int], None] = lambda done, total: None,
    guard: Guard = lambda session: None,
) -> FeedBuild:
    """Build the feed and publish it, unless the gate holds it. ``full``: every product is rendered.

    ``folder``: for temporary files, on the storage's disk where that is local. Returns the build;
    state "unchanged" when the world already sees these very bytes.
    """
    begun, started = perf_counter(), clock()
    with database.reading() as session:
        feed, structure = service.get(session, code), catalog.structure(session)
        compiled = compile_feed(structure, feed, base_url, started.date())
        digest = fingerprint_of(feed, compiled)
        last = queries.published_build(session, feed)
        seq = current(session, "seq")
        # A file that a disk damaged is replaced, and nothing is copied from it.
        is_anew = full or last is None or not is_whole(storage, last)
        setup = RenderSetup(
            database.engine.url.render_as_string(hide_password=False),
            code,
            base_url,
            started.date(),
            digest,
            compiled.mapping.moment(session),
        )
        with (
            _scratch(folder, code) as scratch,
            _previous_build(storage, None if is_anew else last, digest) as previous,
            _render_pool(session, previous, setup) as pool,
        ):
            built = build(session, compiled, scratch, previous, lambda done: step(done, 0), pool)
            about_file = verify(compiled.exporter, built.file, built.items)
            if any(one.rule == REPEATED for one in about_file):
                claiming = replace(compiled, claims=Claims(compiled.exporter, feed.mapping))
                built = build(session, claiming, scratch, None, lambda done: step(done, 0))
                about_file = verify(compiled.exporter, built.file, built.items)
            counted = _counted(built.report)
            baseline = _Baseline(
                last,
                _trace_of(storage, last),
                queries.build_of_last_week(session, feed, started, before=last),
            )
            findings = _findings(about_file, built, baseline, counted.totals)
            row = _row(feed, compiled, built, digest, seq, started, counted)
            _store(storage, row, built, replace=is_anew)
            if last is not None and baseline.trace is not None:
                compared = Comparison(
                    feed, structure, base_url, last, baseline.trace, row, built.trace
                )
                if findings or not compared.is_rendered_alike:
                    changed = caused_differences(session, compared)
                    storage.put(differences_key(row), spelled(changed))
    with database.writing() as session:
        guard(session)
        row.verdict = [finding.message.stored() for finding in findings]
        row.finished, row.milliseconds = clock(), round(1000 * (perf_counter() - begun))
        is_held = any(finding.is_error for finding in findings)
        _conclude(session, code, row, is_held, last)
    follow(database, storage, code)
    _forget(database, storage, code)
    return row


@contextmanager
def _render_pool(
    session: Session, previous: PreviousBuild | None, setup: RenderSetup
) -> Iterator[RenderPool | None]:
    """The other processors' processes, where there is enough to do for them; None on a machine that
    has but one.
    """
    others = (os.cpu_count() or 1) - 1
    if others and previous is None and products.count_top_products(session) >= MANY:
        with RenderPool(min(others, 3), setup) as pool:
            yield pool
    else:
        yield None


@dataclass(frozen=True)
class _Baseline:
    """What a build is compared with: the published build, with its trace where that is kept, and
    the build that was published seven days ago.
    """

    last: FeedBuild | None
    trace: Trace | None
    week_ago: FeedBuild | None


def _trace_of(storage: Storage, build: FeedBuild | None) -> Trace | None:
    if build is None or not storage.exists(trace_key(build)):
        return None
    return read_trace(storage.get(trace_key(build)))


def _figures(build: FeedBuild) -> Figures:
    return Figures(build.items, build.excluded)


def _findings(
    about_file: list[Problem],
    built: Built,
    baseline: _Baseline,
    totals: Sequence[ReportTotal],
) -> list[Problem]:
    """What the gate says, after what an independent reader has found in the file."""
    if any(one.is_error for one in about_file):
        return about_file
    counted = DECIDED - {RETIRED}  # what is retired is not among those that are left out
    decided = sum(one.products for one in totals if one.rule in counted)
    new = Figures(built.items, built.excluded, decided)
    failed = sum(one.products for one in totals if one.rule == "failed")
    last, week_ago = baseline.last, baseline.week_ago
    return [
        *about_file,
        *gate.assess_failures(failed, new),
        *gate.assess(new, _figures(last) if last else None),
        *(gate.assess_leak(new, _figures(week_ago)) if week_ago else ()),
        *assess_values(built.trace, baseline.trace),
    ]


def _row(
    feed: Feed,
    compiled: CompiledFeed,
    built: Built,
    digest: str,
    seq: int,
    started: datetime,
    counted: ReportCount,
) -> FeedBuild:
    return FeedBuild(
        feed=feed.code,
        state="held",
        sha256=built.sha256,
        path=f"feeds/{feed.code}/{built.sha256}.{compiled.exporter.format.extension}",
        media_type=compiled.exporter.format.media_type,
        size=built.file.stat().st_size,
        items=built.items,
        excluded=built.excluded,
        warned=built.warned,
        rendered=built.rendered,
        totals=store_totals(counted.totals),
        worth=built.worth,
        worth_excluded=counted.worth_excluded,
        digest=digest,
        seq=seq,
        started=started,
    )


def _counted(report: Path) -> ReportCount:
    """Counted once, so that no page reads the whole report."""
    with report.open("rb") as lines:
        return count_report(lines)


def _store(storage: Storage, row: FeedBuild, built: Built, *, replace: bool) -> None:
    """The file last: where it is, its report and index are. A file that is there already has these
    very bytes, unless a disk lost them.
    """
    storage.put_file(report_key(row), built.report)
    storage.put_file(index_key(row), built.index)
    storage.put(trace_key(row), built.trace.spelled())
    if replace or not storage.exists(row.path):
        storage.put_file(row.path, built.file)


def _conclude(
    session: Session, code: str, row: FeedBuild, is_held: bool, last: FeedBuild | None
) -> None:
    """``last`` is what was published when this build began. The number is taken first: it makes
    builds wait for each other.
    """
    row.id = allocate(session, "feed_build", 1)
    session.add(row)
    feed = service.get(session, code)
    now = queries.published_build(session, feed)
    if now is not None and now.seq > row.seq and (last is None or now.id != last.id):
        row.state = "overtaken"
    elif now is not None and now.sha256 == row.sha256:
        service.publish(session, feed, row, row.finished, "unchanged")
    elif now is not None and feed.pinned:
        kept = gate.pinned_to(now.finished)
        row.verdict = [*row.verdict, kept.stored()]
    elif not is_held:
        service.publish(session, feed, row, row.finished)


@contextmanager
def _scratch(folder: Path, code: str) -> Iterator[Path]:
    """A place for one build's unfinished files; two runs of one feed at once do not meet."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{code}-", dir=folder) as name:
        yield Path(name)


@contextmanager
def _previous_build(
    storage: Storage, last: FeedBuild | None, digest: str
) -> Iterator[PreviousBuild | None]:
    """The last published build as a source of fragments, where it was rendered alike."""
    if last is None or last.digest != digest or not all(map(storage.exists, _lent(last))):
        yield None
        return
    with storage.open(last.path) as file, storage.open(report_key(last)) as report:
        trace = read_trace(storage.get(trace_key(last)))
        yield PreviousBuild(file, report, storage.get(index_key(last)), trace)


def _lent(build: FeedBuild) -> tuple[str, ...]:
    """What the next build copies from."""
    return build.path, report_key(build), index_key(build), trace_key(build)


def _forget(database: Database, storage: Storage, code: str) -> None:
    """Drop what is older than the last thirty builds, and than the last thirty that made another
    file, and than one for each of the last days; then the files nobody names.
    """
    with database.writing() as session:
        builds = queries.builds(session, code, 1000)
        kept = _kept(builds)
        kept.add(service.get(session, code).published or 0)
        forgotten = [build for build in builds if build.id not in kept]
        for build in forgotten:
            session.delete(build)
    named = _files([build for build in builds if build.id in kept])
    for key in _files(forgotten) - named:
        storage.delete(key)


def _kept(builds: Sequence[FeedBuild]) -> set[int]:
    made_another_file = [build for build in builds if build.state != "unchanged"]
    kept = (*builds[:KEEP], *made_another_file[:KEEP], *_of_each_day(builds))
    return {build.id for build in kept}


def _of_each_day(builds: Sequence[FeedBuild]) -> Iterable[FeedBuild]:
    """The last one that was published on each of the last days: the gate looks back a week."""
    published = [build for build in builds if build.state in ("published", "unchanged")]
    by_day = {build.finished.date(): build for build in reversed(published)}
    return list(by_day.values())[-DAYS:]


def _files(builds: Sequence[FeedBuild]) -> set[str]:
    return {key for build in builds for key in keys_of(build)}


def summary(row: FeedBuild, storage: Storage) -> dict[str, Any]:
    """A build for machines: the shape the command line promises."""
    return {
        "feed": row.feed,
        "state": row.state,
        "items": row.items,
        "excluded": row.excluded,
        "seconds": row.milliseconds / 1000,
        "path": str(storage.local_path(row.path) or row.path),
        "sha256": row.sha256,
        "rendered": row.rendered,
        "verdict": [str(one) for one in row.said],
    }
