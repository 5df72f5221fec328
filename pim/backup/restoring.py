"""Putting a backup back: everything is made beside what is there, and takes its place at the
end.
"""

import os
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError

from media.storage import Storage, sync_folder
from pim.backup.archive import SECRET, STORAGE, Archive
from pim.backup.loading import fill
from pim.backup.staging import beside
from pim.config import Settings
from pim.db import Database
from pim.errors import Conflict, text
from pim.jobs import queries as jobs
from pim.migrate import knows, upgrade
from pim.products.maintenance import reindex


def restore(settings: Settings, file: Path) -> None:
    """Replace database, files and secret key by those of the backup; when it fails, the database is
    the one from before.

    The database is built at the backup's revision, upgraded to this version's, and its index built
    anew. Files that the backup does not have stay: the collector removes them a day later, as it
    does with all that nothing names. :class:`~pim.errors.Invalid` for what is no whole backup,
    :class:`Conflict` for one of a later version or while the hub works.
    """
    with Archive(file) as archive:
        key = archive.open(SECRET).read().decode()
        _refuse(settings, archive, key)
        with beside(settings.database_url) as database:
            upgrade(database, archive.manifest["revision"])
            fill(database, archive)
            upgrade(database)
            reindex(database)
            storage = Storage(settings.storage_url)
            _put_uploads(settings.home, archive)
            _put_files(storage, archive, storage.scratch(settings.home))
        if key != settings.secret_key:
            _put_secret(settings.home / SECRET, key)


def _refuse(settings: Settings, archive: Archive, key: str) -> None:
    if not knows(archive.manifest["revision"]):
        version = archive.manifest.get("version", "?")
        raise Conflict(
            text(
                "The backup was made by a later version of Etalage (%(version)s).", version=version
            )
        )
    own = settings.home / SECRET
    if key != settings.secret_key and not (
        own.exists() and own.read_text().strip() == settings.secret_key
    ):
        raise Conflict(
            text(
                "PIM_SECRET_KEY is not this backup's key: feeds would get other addresses. Unset"
                " it, or set it to that key."
            )
        )
    if make_url(settings.database_url).get_backend_name() != "sqlite" and _is_working(
        settings.database_url
    ):
        raise Conflict(
            text(
                "The hub is working. Stop the server and its workers; after a crash, wait half a"
                " minute."
            )
        )


def _is_working(address: str) -> bool:
    """Was a process heard of a moment ago? Tables that are not there have none. (SQLite itself
    knows who has the file open.)
    """
    with (
        suppress(DatabaseError),
        closing(Database(address)) as database,
        database.reading() as session,
    ):
        return jobs.is_served(session, datetime.now(UTC))
    return False


def _put_files(storage: Storage, archive: Archive, scratch: Path) -> None:
    """``scratch``: a folder for unfinished files, on the storage's disk where that is local."""
    with TemporaryDirectory(dir=scratch) as folder:
        for key in archive.keys:
            path = Path(folder) / "file"
            with path.open("wb") as out, archive.open(STORAGE + key) as member:
                copyfileobj(member, out)
            storage.put_file(key, path)


def _put_uploads(home: Path, archive: Archive) -> None:
    """Imports that waited or ran go on with them."""
    for name in archive.uploads:
        path = home / name
        path.parent.mkdir(exist_ok=True)
        new = path.with_suffix(".part")
        with new.open("wb") as out, archive.open(name) as member:
            copyfileobj(member, out)
        new.replace(path)


def _put_secret(path: Path, key: str) -> None:
    new = path.with_name(f"{path.name}.restoring")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)
