"""Imports under kill -9: whatever is killed when, every row of every file is applied exactly once.

The suite runs a few rounds (``test_kill_import.py``); by hand, on SQLite or on the database of a
URL, with every table empty::

    python -m tests.faults.import_campaign --rounds 200 --seed 1 [--url postgresql+psycopg://…]
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from pim import migrate
from pim.accounts.principals import COMMAND_LINE
from pim.clock import utc_now
from pim.config import UPLOADS
from pim.imports.jobs import IMPORT_FILE, ImportArguments
from pim.imports.lifecycle import SILENCE, close_dead
from pim.imports.models import ImportProblem, ImportRun
from pim.jobs import queries as jobs
from pim.products import consistency
from pim.products.models import Change, Product
from pim.structure import service as structures
from tests.backup.shop import Hub, open_hub, url_of
from tests.faults.processes import killed, start

ROWS = 300
STRUCTURE: dict[str, Any] = {
    "locales": [],
    "currencies": [],
    "channels": {},
    "attributes": {"sku": {"type": "identifier"}, "round": {"type": "text", "filterable": True}},
    "families": {"things": {"attributes": ["sku", "round"]}},
    "categories": {},
}
PROFILE: dict[str, Any] = {
    "code": "things",
    "owner": "hub",
    "key": "sku",
    "always": {"family": "things"},
    "columns": {"sku": "sku", "round": "round"},
}
# Small batches, so that a kill meets many moments of an import, and a line for each of them.
PRELUDE = """
import sys
from pathlib import Path
from pim.imports import batch_reader
from tests.backup.shop import open_hub
batch_reader.BATCH = 10
read = batch_reader.BatchReader.read
def telling(reader, session, rows):
    print("batch", flush=True)
    return read(reader, session, rows)
batch_reader.BatchReader.read = telling
hub = open_hub(Path(sys.argv[1]), sys.argv[2])
print("begun", flush=True)
"""
WORKER = f"""{PRELUDE}
import time
from pim.job_kinds import handlers, tidy
from pim.jobs.runner import Runner
runner = Runner(hub.database, handlers(hub.settings, hub.storage), 0, lease_seconds=0.5, tidy=tidy)
ending = time.monotonic() + float(sys.argv[3])
while time.monotonic() < ending:
    if not runner.run_one():
        time.sleep(0.05)
"""
COMMAND = f"""{PRELUDE}
from pim.clock import utc_now
from pim.imports.profiles import profile_from
from pim.imports.run import import_products
from tests.faults.import_campaign import PROFILE
file, dry_run = Path(sys.argv[3]), sys.argv[4] == "trial"
import_products(
    hub.database, file, profile_from(PROFILE), "anna", utc_now, filename=file.name, dry_run=dry_run
)
print("ended", flush=True)
"""


@dataclass
class Campaign:
    """``kills``: what was killed how often. ``met``: of those, at work on a run."""

    hub: Hub
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    met: int = 0

    def round(self, number: int) -> None:
        """One file by a job or by the command line, killed up to twice; then to its end."""
        file = self._file(number)
        if self.chance.random() < 0.3:
            self._kill("trial", COMMAND, str(file), "trial")
        if self.chance.random() < 0.5:
            self._by_job(file)
        else:
            self._by_command(file)
        self._check(number)

    def _file(self, number: int) -> Path:
        lines = ["sku;round", *(f"T-{row};{number}" for row in range(ROWS)), "t-0;again"]
        content = "\n".join(lines).encode()
        path = self.hub.settings.home / UPLOADS / sha256(content).hexdigest()
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def _by_job(self, file: Path) -> None:
        arguments = ImportArguments(
            f"{UPLOADS}/{file.name}", PROFILE, "things.csv", COMMAND_LINE.name
        )
        with self.hub.database.writing() as session:
            job_id = IMPORT_FILE.enqueue(session, arguments, utc_now()).id
        for _ in range(self.chance.randint(1, 2)):
            self._kill("worker", WORKER, "30")
        process = start(WORKER, *self._address(), "60")
        while self._is_active(job_id):
            assert process.poll() is None, "the worker ended before its job"
        process.kill()
        process.communicate()

    def _is_active(self, job_id: int) -> bool:
        with self.hub.database.reading() as session:
            job = jobs.get(session, job_id)
        assert job.state not in ("failed", "cancelled"), job.error
        return job.state in ("queued", "running")

    def _by_command(self, file: Path) -> None:
        for _ in range(self.chance.randint(1, 2)):
            self._kill("command", COMMAND, str(file), "import")
        process = start(COMMAND, *self._address(), str(file), "import")
        said, _ = process.communicate()
        assert [line for line in said.splitlines() if line != "batch"] == ["begun", "ended"]

    def _kill(self, what: str, script: str, *arguments: str) -> None:
        """Most kills come among the first batches, some at any moment, before them too."""
        batches = self.chance.choice((0, 1, 2, 5, 10))
        within = 0.05 if batches else 1.2
        killed(
            script,
            *self._address(),
            *arguments,
            chance=self.chance,
            lines=1 + batches,
            within=within,
        )
        self.kills[what] += 1
        with self.hub.database.reading() as session:
            running = select(func.count()).where(ImportRun.state == "running")
            self.met += bool(session.scalar(running.select_from(ImportRun)))

    def _address(self) -> tuple[str, str]:
        return str(self.hub.settings.home), url_of(self.hub.database)

    def _check(self, number: int) -> None:
        """Each round changes each product once, whoever was killed in it."""
        with self.hub.database.writing() as session:
            close_dead(session, utc_now() + SILENCE + timedelta(seconds=1))
        with self.hub.database.reading() as session:
            versions = Counter(session.scalars(select(Product.version)))
            values = Counter(one["round"] for one in session.scalars(select(Product.values)))
            changes = session.scalar(select(func.count()).select_from(Change))
            states = Counter(session.scalars(select(ImportRun.state)))
            assert versions == {number: ROWS}, versions
            assert values == {str(number): ROWS}, values
            assert changes == number * ROWS, changes
            assert states["running"] == 0, states
            assert list(consistency.out_of_step(session)) == []
            for run in session.scalars(select(ImportRun).where(ImportRun.state == "done")):
                self._check_run(session, run)

    def _check_run(self, session: Any, run: ImportRun) -> None:
        """Its figures are those of its file, however many processes made it."""
        of_run = select(ImportProblem.line).where(ImportProblem.run_id == run.id)
        assert session.scalars(of_run.where(ImportProblem.severity == "error")).all() == [ROWS + 2]
        assert (run.rows, run.refused) == (ROWS + 1, 1)
        assert run.created + run.updated + run.unchanged == ROWS


@contextmanager
def prepared(home: Path, url: str = "") -> Iterator[Hub]:
    """A hub with the structure of the campaign in an empty database."""
    hub = open_hub(home, url)
    with closing(hub.database):
        migrate.upgrade(hub.database)
        with hub.database.writing() as session:
            structures.apply(session, STRUCTURE)
        yield hub


def run(hub: Hub, rounds: int, seed: int) -> Campaign:
    """AssertionError in the first round after which something was not applied exactly once."""
    campaign = Campaign(hub, random.Random(seed))
    for number in range(1, rounds + 1):
        campaign.round(number)
    return campaign


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, prepared(Path(folder), options.url) as hub:
        done = run(hub, options.rounds, options.seed)
    print(f"{options.rounds} rounds, seed {options.seed}: {dict(done.kills)}, {done.met} at work")


if __name__ == "__main__":
    main()
