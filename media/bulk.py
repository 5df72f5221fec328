"""Many assets at once: decoded in parallel without a lock on the database, recorded batch by
batch.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlalchemy.orm import Session

from media import queries
from media.decoder import PROCESSES
from media.kinds import PDF
from media.models import Rendition
from media.names import code_of, is_left_by_a_system
from media.presets import Preset
from media.service import Prepared, add_row, check_size, draw, prepare, record, record_name
from media.storage import Storage
from pim.db import Database
from pim.errors import Invalid, NotFound, Text, text

Item = TypeVar("Item")
BATCH = 50  # files or assets between two commits

IntakeOutcome = Prepared | str | list[Text]
"""What is to be recorded, or the code of an asset we have, or why the file was refused."""

MediaProgress = Callable[[int, int], object]
"""Called with (done, total) after each batch; what it raises ends the work between two batches."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file. code: None when it was refused, then messages say why. is_new: its
    bytes were not known before.
    """

    filename: str
    code: str | None
    is_new: bool = False
    messages: list[Text] = field(default_factory=list)


@dataclass(slots=True)
class RenditionResult:
    """What became of a batch of renditions. drawn: how many pictures. failed: asset code -> why."""

    drawn: int = 0
    failed: dict[str, list[Text]] = field(default_factory=dict)


def take_in_folder(
    database: Database,
    storage: Storage,
    folder: Path,
    now: datetime,
    progress: MediaProgress | None = None,
) -> list[Intake]:
    """Every file below a folder, named by its path from there, but for links, hidden files and what
    systems leave behind (Thumbs.db).
    """
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    files = [(path.relative_to(folder).as_posix(), path) for path in found]
    meant = [(name, path) for name, path in files if not is_left_by_a_system(name)]
    return take_in_files(database, storage, meant, now, progress)


def take_in_files(
    database: Database,
    storage: Storage,
    files: Sequence[tuple[str, Path]],
    now: datetime,
    progress: MediaProgress | None = None,
) -> list[Intake]:
    """Take in (filename, where it lies) pairs; a refused or unreadable file costs nothing else.
    Known bytes are not decoded again.
    """
    results: list[Intake] = []
    with ThreadPoolExecutor(PROCESSES) as threads:
        for batch in _batches(files):
            outcomes = list(threads.map(partial(_prepare_file, database, storage), batch))
            with database.writing_batch() as session:
                results += _record_batch(
                    session, [filename for filename, _ in batch], outcomes, now
                )
            if progress:
                progress(len(results), len(files))
    return results


def _record_batch(
    session: Session, filenames: list[str], outcomes: list[IntakeOutcome], now: datetime
) -> list[Intake]:
    """In the order of codes, so that two batches with the same pictures wait for each other and
    never in a circle.
    """
    results = [Intake(filename, None) for filename in filenames]
    for place in sorted(range(len(outcomes)), key=lambda place: _code_of(outcomes[place])):
        outcome, filename = outcomes[place], filenames[place]
        if isinstance(outcome, Prepared):
            record(session, outcome, now)
            results[place] = Intake(filename, outcome.asset["code"], is_new=True)
        elif isinstance(outcome, str):
            record_name(session, outcome, filename, now)
            results[place] = Intake(filename, outcome)
        else:
            results[place] = Intake(filename, None, messages=outcome)
    return results


def _code_of(outcome: IntakeOutcome) -> str:
    if isinstance(outcome, Prepared):
        return str(outcome.asset["code"])
    return outcome if isinstance(outcome, str) else ""


def _prepare_file(database: Database, storage: Storage, file: tuple[str, Path]) -> IntakeOutcome:
    filename, path = file
    try:
        check_size(path.stat().st_size)
        data = path.read_bytes()
    except OSError as error:
        return [
            text(
                "The file cannot be read: %(reason)s.",
                reason=error.strerror or type(error).__name__,
            )
        ]
    except Invalid as refusal:
        return refusal.messages["file"]
    code = code_of(data)
    with database.reading() as session:
        known = queries.by_codes(session, [code]).get(code)
    if known is not None and storage.exists(known.storage_key):
        return code
    try:
        return prepare(storage, filename, data)
    except Invalid as refusal:
        return refusal.messages["file"]


def make_renditions(
    database: Database,
    storage: Storage,
    codes: Iterable[str],
    presets: Sequence[Preset],
    progress: MediaProgress | None = None,
) -> RenditionResult:
    """Draw what is missing of these assets in these presets, each asset decoded once. PDFs and
    unknown codes are passed over.
    """
    wanted = list(dict.fromkeys(codes))
    result = RenditionResult()
    done = 0
    with ThreadPoolExecutor(PROCESSES) as threads:
        for batch in _batches(wanted):
            outcomes = list(
                threads.map(partial(_draw_missing, storage), _missing(database, batch, presets))
            )
            with database.writing_batch() as session:
                for row in sorted(
                    (row for rows, _, _ in outcomes for row in rows),
                    key=itemgetter("asset", "preset"),
                ):
                    add_row(session, Rendition, row)
            result.drawn += sum(len(rows) for rows, _, _ in outcomes)
            result.failed.update({code: messages for _, code, messages in outcomes if messages})
            done += len(batch)
            if progress:
                progress(done, len(wanted))
    return result


def _missing(
    database: Database, codes: Sequence[str], presets: Sequence[Preset]
) -> list[tuple[Row[Any], list[Preset]]]:
    with database.reading() as session:
        assets = queries.by_codes(session, codes)
        there = queries.made(session, codes, [preset.key for preset in presets])
    pictures = [asset for asset in assets.values() if asset.content_type != PDF.content_type]
    pairs = [
        (asset, [preset for preset in presets if (asset.code, preset.key) not in there])
        for asset in pictures
    ]
    return [(asset, missing) for asset, missing in pairs if missing]


def _draw_missing(
    storage: Storage, wanted: tuple[Row[Any], list[Preset]]
) -> tuple[list[dict[str, Any]], str, list[Text]]:
    """Rows to record, the asset's code, and why it could not be drawn."""
    asset, presets = wanted
    try:
        return draw(storage, asset, presets), asset.code, []
    except Invalid as refusal:
        return [], asset.code, refusal.messages["file"]
    except NotFound as error:
        return [], asset.code, [error.message]


def _batches(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
