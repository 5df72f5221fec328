"""Names of files: what people see, what imports look for, and the keys under which the storage
keeps them. Pure.
"""

import unicodedata
from hashlib import sha256

from media.kinds import PictureKind
from media.presets import Preset

ORIGINALS = "originals/"
RENDITIONS = "renditions/"
MAX_NAME = 200  # characters
SYSTEM_NAMES = frozenset(
    (
        *("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "__macosx"),
        *("@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found"),
    )
)
"""Files and folders that nobody put there, in small letters."""


def code_of(data: bytes) -> str:
    """An asset's code: the first 20 hexadecimal digits of the content's SHA-256."""
    return sha256(data).hexdigest()[:20]


def original_key(code: str, kind: PictureKind) -> str:
    return f"{ORIGINALS}{code[:2]}/{code}.{kind.extension}"


def rendition_key(code: str, preset: Preset) -> str:
    return f"{RENDITIONS}{code[:2]}/{code}/{preset.key}.{preset.extension}"


def display_name(filename: str) -> str:
    """The last part of a path, without control characters, at most 200 characters: fit for a
    download's name.
    """
    last = filename.replace("\\", "/").rstrip("/").rpartition("/")[2]
    printable = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if sign.isprintable()
    ).strip()
    return printable[-MAX_NAME:] or "unnamed"


def folded_name(filename: str) -> str:
    """How names are compared: whole path as given, forward slashes, case and Unicode form
    ignored; ß and ss are two.
    """
    path = unicodedata.normalize("NFC", filename.replace("\\", "/")).lower()
    return "".join(sign for sign in path if sign.isprintable()).removeprefix("./")[-1000:]


def is_left_by_a_system(path: str) -> bool:
    """Whether a file lies in a folder only because Windows, macOS or a NAS put it there. ``path``:
    from the folder that is taken in, with forward slashes.
    """
    parts = path.lower().split("/")
    return any(part.startswith(".") or part in SYSTEM_NAMES for part in parts)
