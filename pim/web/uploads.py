"""Uploaded files, kept in the data folder under the hash of their content: the name people gave is
never a path.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from werkzeug.datastructures import FileStorage

KEPT = timedelta(days=30)
CHUNK = 1 << 20


def path_of(home: Path, digest: str) -> Path:
    """Where the file with this SHA-256 (hexadecimal) is, or would be."""
    return home / "uploads" / digest


def keep(home: Path, file: FileStorage) -> Path:
    """Write an upload down, whole or not at all. The same content uploaded again is the same
    file.
    """
    folder = home / "uploads"
    folder.mkdir(exist_ok=True)
    digest = sha256()
    unfinished = folder / f"{secrets.token_hex(8)}.part"
    try:
        with unfinished.open("xb") as target:
            while chunk := file.stream.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
        return unfinished.replace(path_of(home, digest.hexdigest()))
    finally:
        unfinished.unlink(missing_ok=True)


def forget_old(home: Path, now: datetime) -> None:
    """Uploads are for going from the trial to the import, and for trying again; after a month they
    go.
    """
    for path in (home / "uploads").iterdir():
        if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds():
            path.unlink(missing_ok=True)
