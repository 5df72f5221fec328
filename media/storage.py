"""Where bytes live: a local folder, memory or S3, behind one class. What `put` returned from is on
the disk.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from pim.errors import DISK_FULL, Conflict, NotFound, Unavailable, is_disk_full, text

CHUNK = 1 << 20
INCOMING = (  # half-written files of a local folder; the collector clears what a crash left here
    "incoming/"
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as the storage lists it. bytes: its size. modified: aware UTC."""

    key: str
    bytes: int
    modified: datetime


class Storage:
    """``url``: file:///folder, memory:// or s3://bucket/prefix (S3 reads the usual AWS_*
    variables). Keys use "/".
    """

    def __init__(self, url: str) -> None:
        self.folder = _folder_of(url)
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._store: ObjectStore = from_url(url)
        except (ValueError, BaseError) as error:
            raise Conflict(
                text("“%(url)s” names no storage: %(reason)s", url=url, reason=_first_line(error))
            ) from None

    def put(self, key: str, data: bytes) -> None:
        """Write or replace, whole or not at all. :class:`Unavailable` where the storage cannot be
        written.
        """
        path = self.local_path(key)
        with _speaking_of(key):
            if path and self.folder:
                _write_durably(self._incoming, path, data)
            else:
                obstore.put(self._store, _checked(key), data)

    def put_file(self, key: str, source: Path) -> None:
        """Move a finished local file in, whole or not at all; it may be larger than memory."""
        path = self.local_path(key)
        with _speaking_of(key):
            if path:
                _make_folder(path.parent)
                _move_durably(source, path, self._incoming)
            else:
                obstore.put(self._store, _checked(key), source)
                source.unlink()

    def scratch(self, home: Path) -> Path:
        """A folder for unfinished files: on the storage's own disk where that is a local one, so
        that :meth:`put_file` moves them; otherwise below ``home``.
        """
        folder = self.folder / INCOMING if self.folder else home / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def _incoming(self) -> Path:
        """Where a file is written before it takes its place in the local folder."""
        assert self.folder is not None
        return self.folder / INCOMING / secrets.token_hex(12)

    def get(self, key: str) -> bytes:
        """:class:`NotFound` when there is no such file, :class:`Unavailable` when the storage does
        not answer.
        """
        with _speaking_of(key):
            return bytes(obstore.get(self._store, _checked(key)).bytes())

    def open(self, key: str) -> BinaryIO:
        """A file to be read from its beginning; raises as :meth:`get`."""
        path = self.local_path(key)
        if path is None:
            return BytesIO(self.get(key))
        with _speaking_of(key):
            return path.open("rb")

    def read(self, key: str, at: int, length: int) -> bytes:
        """A part of a file, from byte ``at`` on; raises as :meth:`get`."""
        if not length:
            return b""
        with _speaking_of(key):
            return bytes(obstore.get_range(self._store, _checked(key), start=at, length=length))

    def find(self, key: str) -> StoredFile | None:
        """Size and age of a file, None when there is none."""
        try:
            with _speaking_of(key):
                meta = obstore.head(self._store, _checked(key))
        except NotFound:
            return None
        return StoredFile(meta["path"], meta["size"], meta["last_modified"])

    def exists(self, key: str) -> bool:
        return self.find(key) is not None

    def sha256(self, key: str) -> str | None:
        """Of the content of a file, None where there is none."""
        path = self.local_path(key)
        try:
            if path is None:
                return sha256(self.get(key)).hexdigest()
            with path.open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        except (NotFound, FileNotFoundError):
            return None

    def delete(self, key: str) -> None:
        """Remove a file; one that is gone already is no error."""
        with suppress(NotFound), _speaking_of(key):
            obstore.delete(self._store, _checked(key))

    def list(self, prefix: str) -> Iterator[StoredFile]:
        """Every file below a prefix such as ``originals/``."""
        with _speaking_of(prefix):
            for batch in obstore.list(self._store, prefix=prefix.strip("/") or None):
                yield from [
                    StoredFile(meta["path"], meta["size"], meta["last_modified"]) for meta in batch
                ]

    def local_path(self, key: str) -> Path | None:
        """The file itself, for sendfile; None where the storage is no local folder. It need not
        exist.
        """
        return self.folder / _checked(key) if self.folder else None


def _folder_of(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


@contextmanager
def _speaking_of(key: str) -> Iterator[None]:
    """Errors of the store in our words."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound(text("The storage has no file “%(key)s”.", key=key)) from error
    except (OSError, BaseError) as error:
        if is_disk_full(error):
            raise Unavailable(DISK_FULL) from error
        raise Unavailable(
            text("The storage does not answer as it should: %(reason)s", reason=_reason(error))
        ) from error


def _reason(error: Exception) -> str:
    """The kind of fault, without the names of our files that stand beside it."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def _first_line(error: Exception) -> str:
    """What obstore says of an error; it goes on with pages for whoever writes obstore."""
    return str(error).partition("\n")[0]


def _checked(key: str) -> str:
    """Our keys are generated; anything that could leave the folder is a programming error."""
    if any(part in ("", ".", "..") for part in key.split("/")) or "\\" in key or "\0" in key:
        raise ValueError(f"not a storage key: {key!r}")
    return key


def _write_durably(temporary: Path, path: Path, data: bytes) -> None:
    """Temporary file, fsync, rename, fsync of the folder: obstore's own local put renames but syncs
    nothing.
    """
    _make_folder(temporary.parent)
    _make_folder(path.parent)
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _move_durably(source: Path, path: Path, temporary: Path) -> None:
    """Onto the same disk it is a rename; from another one the bytes are copied first."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
        try:
            source.replace(path)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_durably(file, temporary, path)
            source.unlink()
    sync_folder(path.parent)


def _copy_durably(file: BinaryIO, temporary: Path, path: Path) -> None:
    _make_folder(temporary.parent)
    try:
        with temporary.open("xb") as copy:
            shutil.copyfileobj(file, copy, CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    if os.name == "nt":  # Windows neither needs nor allows it
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
