"""Saving a hub while it works: one snapshot of the database, then the files."""

import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from glob import escape
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile, mkstemp
from typing import Any, BinaryIO

import orjson
from sqlalchemy.orm import Session

from media.storage import INCOMING, Storage, sync_folder
from pim import __version__
from pim.backup.archive import FORMAT, MANIFEST, SECRET, STORAGE, TABLES, UPLOAD
from pim.backup.tables import lines, tables_of
from pim.config import UPLOADS, Settings
from pim.db import Database
from pim.errors import Conflict, NotFound, text
from pim.migrate import revision_in

GRACE = timedelta(days=1)


def backup(
    database: Database,
    storage: Storage,
    settings: Settings,
    now: datetime,
    file: Path | None = None,
) -> Path:
    """Save everything into ``file`` (default ``PIM_HOME/backups/etalage-<UTC time>.tar``) and
    return it.

    Whole or not at all: it is written to the side, synced, then renamed. Only its owner can read
    it: it holds the hub's secret key. The rows are of one moment. Files come after the rows, and no
    row is older than its file (P8): nothing a row names is missing. :class:`Conflict` where the
    database was never migrated.
    """
    target = file or settings.home / "backups" / f"etalage-{now:%Y%m%dT%H%M%SZ}.tar"
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent, f"{escape(target.name)}.*.part" if file else "*.part", now)
    with (
        _beside(target) as out,
        tarfile.open(fileobj=out, mode="w") as tar,
        database.reading() as session,
    ):
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "created": now.isoformat(),
            **_save_rows(session, tar, target.parent, now),
        }
        _add(tar, SECRET, settings.secret_key.encode(), now)
        manifest["files"] = _save_files(storage, tar)
        _save_uploads(settings.home / UPLOADS, tar)
        _add(tar, MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2), now)
    return target


def _sweep(folder: Path, pattern: str, now: datetime) -> None:
    """Remove what killed backups left a day ago or earlier; the folder for backups is ours, in
    another only files of this name are.
    """
    for part in folder.glob(pattern):
        if part.stat().st_mtime < (now - GRACE).timestamp():
            part.unlink(missing_ok=True)


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """A file that becomes ``target`` when the block ends well and is gone when it does not; mkstemp
    gives it mode 0600.
    """
    handle, name = mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _save_rows(
    session: Session, tar: tarfile.TarFile, folder: Path, now: datetime
) -> Mapping[str, Any]:
    connection = session.connection()
    revision = revision_in(connection)
    if revision is None:
        raise Conflict(text("The database has no tables of Etalage yet. Run `pim init`."))
    saved: dict[str, Mapping[str, Any]] = {}
    for table in tables_of(connection):
        with TemporaryFile(dir=folder) as spool:
            saved[str(table.name)] = _spool(lines(connection, table), spool)
            _add_file(tar, f"{TABLES}{table.name}.jsonl", spool, now)
    return {"revision": revision, "engine": connection.dialect.name, "tables": saved}


def _spool(rows: Iterator[bytes], spool: BinaryIO) -> Mapping[str, Any]:
    """A tar wants a member's size first, so the rows wait in a file, not in memory."""
    digest, count = sha256(), 0
    for count, line in enumerate(rows, start=1):  # noqa: B007 - the last number is the count
        digest.update(line)
        spool.write(line)
    return {"rows": count, "sha256": digest.hexdigest()}


def _save_files(storage: Storage, tar: tarfile.TarFile) -> int:
    count = 0
    for stored in storage.list(""):
        if stored.key.startswith(INCOMING):
            continue
        try:
            with _open(storage, stored.key) as file:
                _add_file(tar, STORAGE + stored.key, file, stored.modified)
        except (
            NotFound,
            FileNotFoundError,
        ):  # an old feed that was dropped since the list was read
            continue
        count += 1
    return count


def _save_uploads(folder: Path, tar: tarfile.TarFile) -> None:
    """What jobs in the snapshot of the rows want to read was written before them."""
    for path in sorted(folder.glob("*")):
        name = f"{UPLOADS}/{path.name}"
        if not UPLOAD.fullmatch(name):
            continue
        with suppress(FileNotFoundError), path.open("rb") as file:  # it was old, and is gone
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            _add_file(tar, name, file, modified)


def _open(storage: Storage, key: str) -> BinaryIO:
    path = storage.local_path(key)
    return path.open("rb") if path else BytesIO(storage.get(key))


def _add(tar: tarfile.TarFile, name: str, data: bytes, now: datetime) -> None:
    _add_file(tar, name, BytesIO(data), now)


def _add_file(tar: tarfile.TarFile, name: str, file: BinaryIO, modified: datetime) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = (
        file.seek(0, os.SEEK_END),
        0o600,
        int(modified.timestamp()),
    )
    file.seek(0)
    tar.addfile(member, file)
