"""JSON: one object a line, or one array of objects."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from pim.errors import Invalid, text
from pim.feeds.formats.base import FileCheck, Format, KeyRing, Record, cleaned, gtin_key

PLAIN = orjson.OPT_PASSTHROUGH_DATACLASS  # money and measures write themselves


class JsonLines(Format):
    """One JSON object a line; what is neither text, number, list nor mapping goes through
    ``str()``.
    """

    extension = "jsonl"
    media_type = "application/x-ndjson"

    def __init__(self, key: str = "", gtin: str = "") -> None:
        self.key, self.gtin = key, gtin

    def record(self, item: Record) -> bytes:
        return _spell(item, orjson.OPT_APPEND_NEWLINE)

    def check(self, path: Path) -> FileCheck:
        return _check(self, lambda: _lines(path))


class JsonArray(Format):
    """One array of objects, each on a line of its own."""

    extension = "json"
    media_type = "application/json"
    separator = b",\n"

    def __init__(self, key: str = "", gtin: str = "") -> None:
        self.key, self.gtin = key, gtin

    def head(self, content: str = "") -> bytes:
        return content.encode() + b"[\n"

    def record(self, item: Record) -> bytes:
        return _spell(item)

    def tail(self, content: str = "") -> bytes:
        return b"\n]\n" + content.encode()

    def check(self, path: Path) -> FileCheck:
        return _check(self, lambda: _array(path))


def json_number(amount: str) -> float | int:
    """A decimal string as a JSON number: what JavaScript reads back is the same amount."""
    exact = Decimal(amount)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _spell(item: Record, option: int = 0) -> bytes:
    try:
        return orjson.dumps(item, default=str, option=PLAIN | option)
    except orjson.JSONEncodeError:  # a lone surrogate
        return orjson.dumps(cleaned(item), option=option)


def _check(format: Format, read: Callable[[], Iterator[dict[str, Any]]]) -> FileCheck:
    keys, count = KeyRing(), 0
    has_keys = bool(format.key or format.gtin)
    for record in read():
        count += 1
        if has_keys:
            keys.add(_keys_of(record, format))
    if not has_keys:
        return FileCheck(count)
    return FileCheck(count, keys.repeated(key for one in read() for key in _keys_of(one, format)))


def _keys_of(record: dict[str, Any], format: Format) -> tuple[str, str]:
    return str(record.get(format.key) or ""), gtin_key(str(record.get(format.gtin) or ""))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            yield _parsed(f"line {number}", line)


def _array(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of the array. It is read a line at a time, for it may not fit into memory; what
    stands between the lines must be exactly what makes them an array.
    """
    broken = Invalid({"file": [text("This is not a JSON array.")]})
    with path.open("rb") as lines:
        if next(lines, b"") != b"[\n":
            raise broken
        is_open, is_separated = True, True
        for number, line in enumerate(lines, 1):
            if not is_open:
                raise broken
            if line == b"]\n" and not is_separated:
                is_open = False
            elif line == b"\n" and number == 1:  # an array of nothing
                is_separated = False
            elif is_separated:
                yield _parsed(f"line {number}", line.removesuffix(b"\n").removesuffix(b","))
                is_separated = line.endswith(b",\n")
            else:
                raise broken
        if is_open:
            raise broken


def _parsed(place: str, line: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Invalid({place: [text("This is not valid JSON: %(why)s", why=str(error))]}) from error
    if not isinstance(record, dict):
        raise Invalid({place: [text("This line is not a JSON object.")]})
    return record
