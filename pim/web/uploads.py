"""Uploaded files, kept in the data folder under the hash of their content: the name people gave is
never a path. They go after a while (:mod:`pim.retention`).
"""

import secrets
from hashlib import sha256
from pathlib import Path

from werkzeug.datastructures import FileStorage

from pim.config import UPLOADS

CHUNK = 1 << 20


def path_of(home: Path, digest: str) -> Path:
    """Where the file with this SHA-256 (hexadecimal) is, or would be."""
    return home / UPLOADS / digest


def stored_path(path: Path) -> str:
    """The path of an upload from the data folder on, which may be moved."""
    return f"{UPLOADS}/{path.name}"


def keep(home: Path, file: FileStorage) -> Path:
    """Write an upload down, whole or not at all. The same content uploaded again is the same
    file.
    """
    folder = home / UPLOADS
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
