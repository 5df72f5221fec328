"""What every format is, and which characters no feed may hold.

A format writes one record at a time, so a build is head + records + tail, and a build can copy the
records that did not change from the previous file.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import eq
from pathlib import Path
from typing import Any, ClassVar

FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 section 2.2 has no place for (and no other feed either): NUL, most control
characters, lone surrogates. The carriage return goes with them: XML readers turn it into a line
feed anyhow.
"""

CONTROLS = bytes(code for code in range(32) if code not in b"\t\n")

Record = Mapping[str, Any]
"""Name -> text, something with a ``str()``, a list of those, or (XML, JSON) another mapping."""


@dataclass(frozen=True)
class Totals:
    """What a build came to, for heads and tails that say it. ``items``: records in the file;
    ``outputs``: the same by output, where a file has several.
    """

    items: int
    outputs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FileCheck:
    """What an independent reader found in a finished file. ``repeated``: keys that more than one
    record has, some of them.
    """

    records: int
    repeated: Sequence[str] = ()


class Format:
    """How records become bytes. ``key`` names the column or element that tells records apart,
    ``gtin`` that of the article's GTIN where no other may have the same.
    """

    extension: ClassVar[str]
    media_type: ClassVar[str]
    separator: ClassVar[bytes] = b""
    """Stands between two records."""
    key: str = ""
    gtin: str = ""

    def head(self, content: str = "") -> bytes:
        """The beginning of the file; ``content`` is what the exporter puts before the records."""
        return content.encode()

    def record(self, item: Record) -> bytes:
        raise NotImplementedError

    def tail(self, content: str = "") -> bytes:
        """The end of the file; ``content`` is what the exporter puts after the records."""
        return content.encode()

    def join(self, records: Iterable[Any]) -> tuple[bytes, int]:
        """Several records as they stand in the file, and how many items they count for."""
        written = [self.record(one) for one in records]
        if len(written) == 1:
            return written[0], 1
        return self.separator.join(written), len(written)

    def check(self, path: Path) -> FileCheck:
        """Read a finished file with a parser that is not ours; :class:`~pim.errors.Invalid` when
        it is broken.
        """
        raise NotImplementedError

    def count(self, path: Path) -> int:
        """How many records a finished file has."""
        return self.check(path).records


def gtin_key(value: str) -> str:
    """A GTIN as a key: the same article in 12, 13 and 14 digits is one. "" for none."""
    return f"GTIN {value.zfill(14)}" if value else ""


class KeyRing:
    """The keys of a file's records, eight bytes each: a feed may have a million."""

    MOST_NAMED = 5

    def __init__(self) -> None:
        self._hashes = array("q")

    def add(self, keys: Iterable[str]) -> None:
        self._hashes.extend([hash(key) for key in keys if key])

    def extend(self, other: "KeyRing") -> None:
        self._hashes.extend(other._hashes)

    def repeated(self, keys: Iterable[str]) -> list[str]:
        """Some keys that come more than once; ``keys``: the same once more, read only where there
        are any.
        """
        ordered = sorted(self._hashes)  # a set of a million numbers takes three times the memory
        if not any(map(eq, ordered, islice(ordered, 1, None))):
            return []
        seen: set[str] = set()
        found: dict[str, None] = {}
        for key in keys:
            if key and key in seen:
                found[key] = None
            if len(found) == self.MOST_NAMED:
                break
            seen.add(key)
        return list(found)


def encoded(line: str, content: str | None = None) -> bytes:
    """A line as UTF-8, without what :data:`FORBIDDEN` finds. ``content``: all of the line that may
    have such a character, where the rest is known to have none.
    """
    if is_clean(line if content is None else content):
        return line.encode()
    return FORBIDDEN.sub("", line).encode()


def is_clean(content: str) -> bool:
    """Whether :data:`FORBIDDEN` finds nothing, as in nearly every line. Looking among the bytes,
    which is done in C, takes a tenth of the time.
    """
    try:
        raw = content.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    has_controls = len(raw.translate(None, CONTROLS)) != len(raw)
    return not (has_controls or "\ufffe" in content or "\uffff" in content)


def cleaned(value: Any) -> Any:
    """The same without characters that have no place in a feed, whatever is inside what."""
    if isinstance(value, Mapping):
        return {name: cleaned(one) for name, one in value.items()}
    if type(value) is list:
        return [cleaned(one) for one in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return FORBIDDEN.sub("", str(value))
