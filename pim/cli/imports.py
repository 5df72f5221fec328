"""``pim import`` and ``pim media``: files going in."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from media.bulk import take_in_folder
from pim.accounts.principals import COMMAND_LINE
from pim.cli.frame import Hub, command, counted
from pim.db import Database
from pim.errors import Conflict, Invalid, text
from pim.imports.akeneo_run import import_akeneo
from pim.imports.models import ImportRun
from pim.imports.profiles import Profile, read_profile
from pim.imports.report import as_csv, get_run, problems, summary
from pim.imports.run import import_products
from pim.imports.undo import take_back
from pim.products.change import Origin


@click.group(name="import")
def import_() -> None:
    """Bring products in from an ERP's file or another system's export."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    "profile_file",
    required=True,
    type=click.Path(path_type=Path),
    help="YAML: how columns become values.",
)
@click.option("--dry-run", is_flag=True, help="Do everything, keep nothing but the report.")
@command
def products(hub: Hub, file: Path, profile_file: Path, dry_run: bool) -> None:
    """Import FILE (CSV, gzip or XLSX). Killed in the middle? The same command goes on where it
    stopped.

    What can be taken is taken; where a row was refused or a value left out the exit code is 1, and
    the report says why.
    """
    run_import(hub, file, read_profile(_bytes(profile_file)), dry_run)


def run_import(hub: Hub, file: Path, profile: Profile, dry_run: bool) -> None:
    """Import a file by a profile, with progress, and say what became of it; exit code 1 where
    something of it was not taken.
    """
    with hub.progress(file.name) as shown, _stopping(dry_run, shown) as report:
        run = import_products(
            hub.database, file, profile, hub.actor, hub.clock, dry_run=dry_run, progress=report
        )
    report_file = _write_report(hub.database, hub.settings.home, run)
    hub.show(_promised(run, report_file), _sentence(run, report_file))
    if not run.is_whole:
        raise SystemExit(1)


@import_.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do everything, keep nothing but the report.")
@command
def akeneo(hub: Hub, folder: Path, dry_run: bool) -> None:
    """Move in with a complete Akeneo export FOLDER: structure, products, models and pictures.

    What cannot be taken is in the report; the exit code is 1 where that is a row or a value.
    """
    if not folder.is_dir():
        raise Invalid({str(folder): [text("There is no such folder.")]})
    with hub.progress(folder.name) as shown, _stopping(dry_run, shown) as report:
        moved = import_akeneo(
            hub.database,
            hub.storage,
            folder,
            hub.actor,
            hub.clock,
            dry_run=dry_run,
            progress=report,
        )
    report_file = _write_report(hub.database, hub.settings.home, moved.run)
    added = (
        ", ".join(f"{kind} {number}" for kind, number in moved.structure.items() if number)
        or "nothing new"
    )
    sentence = (
        f"Structure: {added}. {counted(moved.pictures, 'picture')}.\n"
        f"{_sentence(moved.run, report_file)}"
    )
    hub.show({**_promised(moved.run, report_file), "structure": moved.structure}, sentence)
    if not moved.run.is_whole:
        raise SystemExit(1)


@contextmanager
def _stopping(dry_run: bool, report: Callable[..., None]) -> Iterator[Callable[..., None]]:
    """Ctrl+C stops after the batch that is in work and says what became of the import; a second one
    stops at once.

    Gives ``report`` as it is to be called, between two batches: there, and not in the middle of
    anything, the stop takes place.
    """
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        asked.append(number)
        if len(asked) > 1:
            raise KeyboardInterrupt

    def reported(*progress: object) -> None:
        report(*progress)
        if asked:
            raise KeyboardInterrupt

    former = signal.signal(signal.SIGINT, ask)
    try:
        yield reported
    except KeyboardInterrupt:
        kept = text("Stopped; a dry run keeps nothing.")
        raise Conflict(
            kept
            if dry_run
            else text("Stopped. What is in stays; the same command brings in the rest.")
        ) from None
    finally:
        signal.signal(signal.SIGINT, former)


@import_.command()
@click.argument("run")
@command
def revert(hub: Hub, run: str) -> None:
    """Take back what the import RUN (its number, or its report) changed. What somebody changed
    since stays. Products it created are gone again; those that somebody worked on since are
    retired.
    """
    run = Path(run).stem.removeprefix("import-")
    with hub.database.reading() as session:
        get_run(session, run)
    results = take_back(
        hub.database, run, Origin.by(COMMAND_LINE.for_owner(None), "revert"), hub.clock
    )
    kept = [(one.identifier, problem) for one in results for problem in one.problems]
    lines = "".join(
        f"\n{identifier} {problem.address}: {problem.message}" for identifier, problem in kept
    )
    restored = sum(one.outcome == "updated" for one in results)
    removed = sum(one.outcome == "removed" for one in results)
    retired = sum(one.outcome == "retired" for one in results)
    data = {
        "restored": restored,
        "removed": removed,
        "retired": retired,
        "kept": [
            {"identifier": name, "address": one.address, "message": str(one.message)}
            for name, one in kept
        ],
    }
    hub.show(
        data,
        f"{counted(restored, 'product')} as before, {removed} gone again, {retired} retired,"
        f" {counted(len(kept), 'value')} left as"
        f" {'it is' if len(kept) == 1 else 'they are'}.{lines}",
    )


SHAPE = (
    "rows",
    "created",
    "updated",
    "unchanged",
    "refused",
    "left_out",
    "seconds",
    "report",
    "detected",
)
"""What an import says as JSON, and nothing else."""


def _promised(run: ImportRun, report: Path) -> dict[str, Any]:
    said = summary(run, str(report))
    return {key: said[key] for key in SHAPE}


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise Invalid({str(path): [text("There is no such file.")]})
    return path.read_bytes()


def _write_report(database: Database, home: Path, run: ImportRun) -> Path:
    path = home / "reports" / f"import-{run.id}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with database.reading() as session, path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(as_csv(problems(session, run.id)))
    return path


def _sentence(run: ImportRun, report: Path) -> str:
    kept = " Dry run: nothing was kept." if run.dry_run else ""
    return (
        f"{counted(run.rows, 'row')}: {run.created} created, {run.updated} updated,"
        f" {run.unchanged} unchanged, {run.refused} refused;"
        f" {counted(run.left_out, 'value')} left out, {counted(run.warnings, 'warning')},"
        f" in {run.milliseconds / 1000:.1f} s.{kept}{_how_it_was_read(run.detected)}"
        f"\nReport: {report}"
    )


def _how_it_was_read(detected: Mapping[str, Any]) -> str:
    """``Read with encoding utf-8 (certain), …``; nothing of a folder, which has many files."""
    words = {"\t": "tab", "": "none"}
    found = [
        f"{setting} {words.get(one['value'], one['value'])} ({one['sure']})"
        for setting, one in detected.items()
        if setting not in ("columns", "rows")
    ]
    return f"\nRead with {', '.join(found)}." if found else ""


@click.group()
def media() -> None:
    """Pictures and other files."""


@media.command(name="import")
@click.argument("folder", type=click.Path(path_type=Path))
@command
def import_media(hub: Hub, folder: Path) -> None:
    """Take in every picture below FOLDER; products find them by file name.

    What can be taken is taken; where a file was refused the exit code is 1.
    """
    if not folder.is_dir():
        raise Invalid({str(folder): [text("There is no such folder.")]})
    with hub.progress(folder.name) as report:
        taken = take_in_folder(hub.database, hub.storage, folder, hub.clock(), report)
    refused = {
        one.filename: [str(message) for message in one.messages]
        for one in taken
        if one.code is None
    }
    new = sum(one.is_new for one in taken)
    lines = "".join(f"\n{name}: {' '.join(messages)}" for name, messages in refused.items())
    hub.show(
        {
            "files": len(taken),
            "new": new,
            "known": len(taken) - new - len(refused),
            "refused": refused,
        },
        f"{counted(len(taken), 'file')}: {new} new, {len(taken) - new - len(refused)} known,"
        f" {len(refused)} refused.{lines}",
    )
    if refused:
        raise SystemExit(1)


COMMANDS = (import_, media)
