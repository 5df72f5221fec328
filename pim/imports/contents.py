"""What a file really is, by its first bytes: somebody will give us a picture, a saved log-in page,
a zip. Pure.
"""

import re
import zipfile
from typing import IO

from pim.errors import Invalid, Text, text

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"

_MAGIC = (
    (b"%PDF", text("This is a PDF, not a table. Ask for the data as CSV or XLSX.")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        text("This is an old Excel workbook (.xls). Save it as .xlsx or CSV."),
    ),
    (b"\x89PNG", text("This is a picture (PNG), not a table.")),
    (b"\xff\xd8\xff", text("This is a picture (JPEG), not a table.")),
    (b"GIF8", text("This is a picture (GIF), not a table.")),
    (b"PK\x05\x06", text("This is an empty zip archive.")),
    (b"7z\xbc\xaf\x27\x1c", text("This is a 7-Zip archive. Unpack it first.")),
    (b"Rar!", text("This is a RAR archive. Unpack it first.")),
    (b"BZh", text("This is a bzip2 archive. Unpack it first.")),
    (b"\xfd7zXZ", text("This is an xz archive. Unpack it first.")),
    (b"SQLite format 3", text("This is an SQLite database, not a table as text.")),
)
_MARKUP = (
    (
        re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE),
        text("This is a web page, not a table. Was a log-in page saved?"),
    ),
    (
        re.compile(rb"\s*<(\?xml|!DOCTYPE|[A-Za-z][\w:.-]*[\s>/])"),
        text("This is XML, not a table. Ask for the data as CSV or XLSX."),
    ),
    (
        re.compile(rb"\s*(\{\s*\"|\[\s*[\[{])"),
        text("This is JSON, not a table. Ask for the data as CSV or XLSX."),
    ),
)

UNPACKED_LIMIT = 2 * 1024**3
"""Bytes a packed file may grow to."""
WORKBOOK_LIMIT = 512 * 1024**2
"""Bytes the parts of a workbook may declare together: a sheet is held in memory while it is read.
"""
_PARTS_LIMIT = 10_000
CLOSES_TEXT = "\x1a"
"""Ctrl+Z, with which DOS and AS/400 end a text."""
_FEW = 5


def refuse_foreign(head: bytes) -> None:
    """:class:`Invalid` with a sentence that says what the file is, when its first bytes are no
    delimited text.
    """
    if not head.strip(b" \t\r\n\0\x1a\xef\xbb\xbf"):
        raise not_a_table(text("The file is empty."))
    for magic, sentence in _MAGIC:
        if head.startswith(magic):
            raise not_a_table(sentence)
    start = head.removeprefix(b"\xef\xbb\xbf")
    for pattern, sentence in _MARKUP:
        if pattern.match(start):
            raise not_a_table(sentence)


def refuse_binary(head: str) -> None:
    """After decoding: a text has no control characters to speak of. A few are a matter of the rows
    that they stand in; Ctrl+Z only closes a text, and may fill up its last block.
    """
    head = head.rstrip("\0" + CLOSES_TEXT)
    strange = sum(1 for letter in head if letter < " " and letter not in "\t\r\n\f\0")
    if strange > max(_FEW, len(head) // 100) or head.count("\0") > max(_FEW, len(head) // 10):
        raise not_a_table(text("This is a binary file, not a table as text."))


def check_workbook(file: IO[bytes]) -> None:
    """A zip that is an XLSX workbook of a bearable declared size, or :class:`Invalid`. Leaves the
    file at its start.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise not_a_table(text("This zip or XLSX file is damaged.")) from None
    file.seek(0)
    names = {part.filename for part in parts}
    if not any(name.startswith("xl/") for name in names):
        raise not_a_table(_zip_sentence(names))
    size = sum(part.file_size for part in parts)
    if size > WORKBOOK_LIMIT or len(parts) > _PARTS_LIMIT:
        sentence = text(
            "This workbook unpacks to %(size)s MiB; at most %(limit)s MiB are read. Save it as"
            " CSV.",
            **_mebi(size),
        )
        raise not_a_table(sentence)


def _mebi(size: int) -> dict[str, int]:
    return {"size": size // 1024**2, "limit": WORKBOOK_LIMIT // 1024**2}


def _zip_sentence(names: set[str]) -> Text:
    if "content.xml" in names:
        return text("This is an OpenDocument file. Save the sheet as .xlsx or CSV.")
    shown = ", ".join(sorted(names)[:3]) or "-"
    return text("This is a zip archive (it holds %(names)s). Unpack it first.", names=shown)


def not_a_table(sentence: Text) -> Invalid:
    return Invalid({"file": [sentence]})
