"""``make bench``: the whole pipeline, each step in a process of its own, between two runs of its
yardstick; the median of some rounds.

``python -m bench [--rows 100000] [--rounds 3] [--only bulk-edit]``; ends with 1 when a limit is
broken. Figures of one machine mean little, ratios hold.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, NoReturn

from bench.generate import write, write_categories, write_prices

MEGABYTE = 1024  # ru_maxrss counts kilobytes on Linux
CHANGES = 1000

Figures = dict[str, list[float]]
"""What was measured -> one figure per round."""


class Step(NamedTuple):
    """What a process printed as JSON, its peak memory in MB, and the seconds that processors spent
    on it.
    """

    answer: Any
    peak: float
    seconds: float


class Verdict(NamedTuple):
    """A figure that must not be above its limit."""

    what: str
    figure: float
    limit: float


class Hub:
    """A hub with its own data folder, driven as a user would: by the command line."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.rows = rows
        self.folder = folder / str(rows)
        self.source = write(self.folder, rows)
        self.raw = self.folder / "raw.db"
        self.data = self.folder / "data"
        self.environ = {**os.environ, "PIM_HOME": str(self.data)}
        self.figures: Figures = {}

    def note(self, what: str, figure: float) -> None:
        """Keep a figure, and say it at once: a bench that is stopped has not been for nothing."""
        self.figures.setdefault(what, []).append(figure)
        print(f"{self.rows:>9,} {what:16} {figure:,.3f}", file=sys.stderr)

    def median(self, what: str) -> float:
        return median(self.figures[what])

    def pim(self, *arguments: str | Path) -> Step:
        return run(
            [sys.executable, "-c", "from pim.cli import main; main()", *map(str, arguments)],
            self.environ,
        )

    def yardstick(self, name: str, source: Path, target: Path) -> float:
        return float(
            run(
                [sys.executable, "-m", "bench.yardsticks", name, str(source), str(target)],
                self.environ,
            ).answer["seconds"]
        )

    def begin(self) -> None:
        """An empty hub that knows the structure and the feed."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.pim("init")
        self.pim("structure", "apply", self.folder / "structure.yaml")
        self.pim("feeds", "apply", self.folder / "feeds.yaml")

    def import_file(self, source: Path, profile: str, outcome: str, expected: int) -> Step:
        step = self.pim("import", "products", source, "--profile", self.folder / profile, "--json")
        if step.answer[outcome] != expected:
            sys.exit(f"The import did something else: {step.answer}")
        return step

    def run_feed(self, *options: str) -> Step:
        step = self.pim("feeds", "run", "--all", "--json", *options)
        if step.answer[0]["items"] != self.rows:
            sys.exit(f"The feed did something else: {step.answer}")
        return step


def run(command: list[str], environ: Mapping[str, str]) -> Step:
    """Run to the end; a failure ends the bench with what the process said."""
    # The command is one of our own.
    process = subprocess.Popen(  # noqa: S603
        command, env=environ, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    answer = json.loads(said) if said.startswith(("{", "[")) else said
    return Step(answer, usage.ru_maxrss / MEGABYTE, usage.ru_utime + usage.ru_stime)


def measure_import(hub: Hub) -> None:
    """A first import into an empty hub between two yardsticks, then the same file again."""
    hub.begin()
    hub.raw.unlink(missing_ok=True)
    before = hub.yardstick("import_raw", hub.source, hub.raw)
    first = hub.import_file(hub.source, "profile.yaml", "created", hub.rows)
    hub.raw.unlink()
    after = hub.yardstick("import_raw", hub.source, hub.raw)
    again = hub.import_file(hub.source, "profile.yaml", "unchanged", hub.rows)
    hub.note("import", first.answer["seconds"] / ((before + after) / 2))
    hub.note("import again", again.answer["seconds"] / first.answer["seconds"])
    hub.note("import rows/s", hub.rows / first.answer["seconds"])
    hub.note("import MB", first.peak)


def measure_feed(hub: Hub, number: int) -> None:
    """A cold build between two yardsticks, then one after some changes of price."""
    before = hub.yardstick("export_raw", hub.data / "etalage.db", hub.folder / "raw.xml")
    cold = hub.run_feed("--full")
    after = hub.yardstick("export_raw", hub.data / "etalage.db", hub.folder / "raw.xml")
    prices = write_prices(hub.folder, hub.rows, CHANGES, f"{1000 + number}.00")
    hub.import_file(prices, "prices.yaml", "refused", 0)
    warm = hub.run_feed()
    hub.note("feed", cold.answer[0]["seconds"] / ((before + after) / 2))
    hub.note("feed warm", warm.answer[0]["seconds"] / cold.answer[0]["seconds"])
    hub.note("feed items/s", hub.rows / cold.answer[0]["seconds"])
    hub.note("feed MB", cold.peak)


def measure_bulk_edit(hub: Hub, number: int) -> None:
    """One value of every article, by a file and by a bulk edit; in processor time, without what it
    takes to begin.
    """
    start = hub.pim("--version").seconds
    prices = write_prices(hub.folder, hub.rows, hub.rows, f"{2000 + number}.00")
    by_file = hub.import_file(prices, "prices.yaml", "updated", hub.rows)
    step = hub.pim("bulk-edit", "--all", "--set", f"note=Round {number}", "--apply", "--json")
    if step.answer["changed"] != hub.rows:
        sys.exit(f"The bulk edit did something else: {step.answer}")
    hub.note("bulk edit", (step.seconds - start) / (by_file.seconds - start))
    hub.note("bulk edit MB", step.peak)


def measure_pages(hub: Hub, rounds: int) -> None:
    """Every article has its place in the tree first, and nine of ten are a draft again, as is usual
    where people work.
    """
    hub.import_file(write_categories(hub.folder, hub.rows), "categories.yaml", "refused", 0)
    for _ in range(rounds):
        found = run([sys.executable, "-m", "bench.pages"], hub.environ).answer
        hub.note("page ms", found["page"])
        hub.note("page query ms", found["query"])


def verdicts(large: Hub, medium: Hub, small: Hub) -> Iterator[Verdict]:
    """``large``: all rows; ``medium``: a tenth, for memory; ``small``: a hundredth, for pages."""
    yield Verdict("first import / raw import (15 %)", large.median("import"), 1 / 0.15)
    yield Verdict("import again / first import", large.median("import again"), 1 / 3)
    yield Verdict("cold feed / raw export", large.median("feed"), 3.0)
    yield Verdict(f"feed after {CHANGES:,} changes / cold feed", large.median("feed warm"), 0.5)
    yield bulk_edit_verdict(large)
    yield Verdict(
        "list page p95, large / small", large.median("page ms") / small.median("page ms"), 2.0
    )
    for step in ("import", "feed"):
        yield Verdict(
            f"memory of {step}, large / medium",
            large.median(f"{step} MB") / medium.median(f"{step} MB"),
            1.3,
        )
        yield Verdict(f"memory of {step}, MB", large.median(f"{step} MB"), 250.0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="10000 for a quick look")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["bulk-edit"], help="instead of the whole pipeline")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="etalage-bench-") as folder:
        if given.only:
            only_bulk_edits(Hub(Path(folder), given.rows), given.rounds)
        small, medium, large = (
            Hub(Path(folder), rows) for rows in (given.rows // 100, given.rows // 10, given.rows)
        )
        for hub in (small, medium, *[large] * given.rounds):
            measure_import(hub)
        for hub in (small, medium, large):
            hub.pim("products", "approve", "--all-complete")
        for number in range(given.rounds):
            measure_feed(large, number)
        measure_feed(medium, 0)
        for number in range(given.rounds):
            measure_bulk_edit(large, number)
        for hub in (small, large):
            measure_pages(hub, given.rounds)
    report(large, list(verdicts(large, medium, small)))


def only_bulk_edits(hub: Hub, rounds: int) -> NoReturn:
    """All rows are in already; each round changes one value of each."""
    hub.begin()
    hub.import_file(hub.source, "profile.yaml", "created", hub.rows)
    for number in range(rounds):
        measure_bulk_edit(hub, number)
    report(hub, [bulk_edit_verdict(hub)])


def bulk_edit_verdict(hub: Hub) -> Verdict:
    return Verdict("bulk edit / import that changes (60 %)", hub.median("bulk edit"), 1 / 0.6)


def report(large: Hub, found: list[Verdict]) -> NoReturn:
    for what, figures in large.figures.items():
        print(f"{what:15} " + "  ".join(f"{figure:9.4g}" for figure in figures))
    for what, figure, limit in found:
        print(
            f"{'ABOVE ' if figure > limit else 'kept  '} {what:38} {figure:8.2f}  limit {limit:.2f}"
        )
    sys.exit(any(figure > limit for _, figure, limit in found))


if __name__ == "__main__":
    main()
