"""Rows out of a file, one after the other: delimited text in any dialect, plain or gzip, and XLSX,
told apart by content, not by name.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from pim.errors import Invalid, text
from pim.imports.contents import (
    GZIP,
    UNPACKED_LIMIT,
    ZIP,
    not_a_table,
    refuse_binary,
    refuse_foreign,
)
from pim.imports.delimited import open_delimited
from pim.imports.detection import Detected, Finding, doubt
from pim.imports.dialect import SAMPLE, Dialect, FoundLayout, detect_layout
from pim.imports.encodings import FoundEncoding, check_encoding, check_name, detect_encoding
from pim.imports.headers import KnownColumns
from pim.imports.profiles import FileSettings
from pim.imports.rows import CellRow, Table, UnreadableRow
from pim.imports.xlsx import open_workbook

__all__ = ["CellRow", "Table", "UnreadableRow", "open_rows"]

Source = Path | str | bytes
Opener = Callable[[], IO[bytes]]

_CHUNK = 1024 * 1024
_UTF8 = ("utf-8", "utf-8-sig")
_UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def open_rows(
    source: Source,
    settings: FileSettings | None = None,
    locales: Sequence[str] = (),
    known: KnownColumns | None = None,
) -> Table:
    """Header and rows of a file given by path or content.

    ``settings``: what the profile declares about the file; what it leaves open is detected.
    ``locales``: the shop's, to tell code pages apart. ``known``: the columns by which the header is
    recognised; in those that are read, a cell that cannot be used is told (None: in all).

    :class:`Invalid` under ``file``, ``encoding``, ``delimiter``, ``sheet`` or ``header`` when this
    is no table at all; a row that cannot be read comes as a :class:`UnreadableRow` in its place.
    """
    settings = settings or FileSettings()
    opener = _opener(source)
    head = _head(opener)
    if head.startswith(ZIP):
        return _workbook(source, settings, known)
    if head.startswith(GZIP):
        opener = _unpacking(source)
        head = _head(opener)
        if head.startswith(ZIP):
            raise not_a_table(
                text("This gzip file holds a zip archive or a workbook. Unpack it first.")
            )
    refuse_foreign(head)
    dialect, detected = _dialect(opener, head, settings, locales, known)
    errors = "surrogateescape" if dialect.has_strays else "strict"
    return open_delimited(
        lambda: io.TextIOWrapper(opener(), dialect.encoding, errors, newline=""),
        dialect,
        settings,
        known,
        detected,
    )


def _opener(source: Source) -> Opener:
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    path = Path(source)
    if not path.is_file():
        is_there = text("“%(path)s” is not a file.", path=path)
        raise not_a_table(
            is_there if path.exists() else text("There is no file “%(path)s”.", path=path)
        )
    return lambda: path.open("rb")


def _unpacking(source: Source) -> Opener:
    return lambda: cast(
        IO[bytes], gzip.open(io.BytesIO(source) if isinstance(source, bytes) else source)
    )


def _workbook(source: Source, settings: FileSettings, known: KnownColumns | None) -> Table:
    if settings.encoding or settings.delimiter or settings.quote is not None:
        raise not_a_table(
            text(
                "This is an Excel workbook; the profile describes a text file (encoding,"
                " delimiter, quote)."
            )
        )
    content = source if isinstance(source, bytes) else Path(source)
    return open_workbook(content, settings, known)


def _head(opener: Opener) -> bytes:
    with opener() as file, _gzip_damage_told():
        return file.read(SAMPLE)


def _chunks(opener: Opener) -> Iterator[bytes]:
    """The whole content in pieces; :class:`Invalid` for a damaged gzip and for one that grows
    beyond all bounds.
    """
    read = 0
    with opener() as file, _gzip_damage_told():
        while chunk := file.read(_CHUNK):
            read += len(chunk)
            if read > UNPACKED_LIMIT:
                raise not_a_table(
                    text("The file holds more than %(limit)s MiB.", limit=UNPACKED_LIMIT // 1024**2)
                )
            yield chunk


@contextmanager
def _gzip_damage_told() -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise not_a_table(text("This gzip file is damaged.")) from None


def _dialect(
    opener: Opener,
    head: bytes,
    settings: FileSettings,
    locales: Sequence[str],
    known: KnownColumns | None,
) -> tuple[Dialect, Detected]:
    """What is declared, else what is found; the whole file is decoded once so that nothing fails
    half-way.
    """
    encoding = _encoding(opener, settings.encoding, locales)
    if encoding.name not in _UTF8:  # one that is UTF-8 has been proved already
        check_encoding(_chunks(opener), encoding.name)
    sample = head.decode(encoding.name, errors="replace")
    refuse_binary(sample)
    layout = detect_layout(sample, encoding.name, settings, known)
    if settings.delimiter and settings.delimiter not in sample:
        _refuse_delimiter(settings.delimiter, detect_layout(sample, encoding.name).dialect)
    detected = _findings(encoding, layout)
    return replace(layout.dialect, has_strays=encoding.strays > 0), detected


def _findings(encoding: FoundEncoding, layout: FoundLayout) -> Detected:
    """What is kept of them, with a sentence for each that is doubtful."""
    dialect = layout.dialect
    findings = {
        "encoding": Finding(encoding.name, encoding.sure),
        "delimiter": Finding(dialect.delimiter, layout.delimiter),
        "quote": Finding(dialect.quote, layout.quote),
    }
    doubts = []
    if encoding.rival is not None:
        sentence = text(
            "The file may be in %(found)s, as it was read, or in %(rival)s, which has other letters"
            " in some places. The profile decides it with “file.encoding”.",
            found=encoding.name,
            rival=encoding.rival,
        )
        doubts.append(doubt("encoding", sentence))
    elif encoding.is_doubtful:
        sentence = text(
            "The file was read as %(found)s, and does not look like it. The profile decides it with"
            " “file.encoding”.",
            found=encoding.name,
        )
        doubts.append(doubt("encoding", sentence))
    if layout.rival is not None:
        sentence = text(
            "The cells may be parted by “%(found)s”, as they were read, or by “%(rival)s”. The"
            " profile decides it with “file.delimiter”.",
            found=dialect.delimiter,
            rival=layout.rival,
        )
        doubts.append(doubt("delimiter", sentence))
    if layout.quote == "doubtful":
        sentence = text(
            "Some cells stand between apostrophes, which were read as letters. The profile decides"
            " it with “file.quote”."
        )
        doubts.append(doubt("quote", sentence))
    return Detected(findings, doubts)


def _encoding(opener: Opener, declared: str | None, locales: Sequence[str]) -> FoundEncoding:
    """The declared one, or the one that is found. Where it is UTF-8, the cells that are not are
    told; a file that is something else is refused as a whole, with the first such line.
    """
    if declared is not None:
        check_name(declared)
    found = detect_encoding(_chunks(opener), locales)
    if declared is None:
        return found
    if _same(declared, "utf-8"):
        if found.name not in _UTF8:
            check_encoding(_chunks(opener), declared)
        # With the mark, where there is one, which is no part of the first header.
        return replace(found, sure="declared")
    if (
        found.name in _UNICODE
        and not _is_unicode(declared)
        and not all(chunk.isascii() for chunk in _chunks(opener))
    ):
        sentence = text(
            "The profile says %(declared)s, but the file is %(found)s.",
            declared=declared,
            found=found.name,
        )
        raise Invalid({"encoding": [sentence]})
    return FoundEncoding(declared, "declared")


def _is_unicode(encoding: str) -> bool:
    return encoding.lower().replace("_", "-").startswith(("utf-", "utf8", "utf16", "utf32"))


def _same(one: str, other: str) -> bool:
    return codecs.lookup(one).name == codecs.lookup(other).name


def _refuse_delimiter(declared: str, found: Dialect) -> None:
    if found.delimiter not in (",", declared):  # the comma: nothing was found
        sentence = text(
            "The profile says the delimiter is “%(declared)s”; the file seems to use “%(found)s”.",
            declared=declared,
            found=found.delimiter,
        )
        raise Invalid({"delimiter": [sentence]})
