"""The trace of a build: what each of its products came to, as numbers that two builds can be
compared by without reading their files.

A record of 32-bit numbers for each product in the file, in feed order: its top product's id, and
behind that what :data:`FIXED_PARTS` names; then a checksum of each field that the mapping fills, 0
where the product has nothing there.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

import orjson

from pim.attributes.quantities import Money
from pim.feeds.fields import Field
from pim.feeds.listings import Listing

FIXED_PARTS = ("root", "product", "price", "list_price", "flags")
"""What a record has before its fields: of the product a checksum of its identifier, of prices their
hundredths (0 where there is none, or none above zero).
"""
LAYOUT = 2
"""Goes up when records are written in another way: those of earlier builds cannot be copied then.
"""
BAD_PRICE, OUT_OF_STOCK, DAMAGED = 1, 2, 4
"""The bits of a record's flags: a price of zero or below; nothing to sell; a text that was read in
another encoding than it was written in.
"""
LARGEST = 2**32 - 1

_OUT = frozenset({"outofstock", "soldout", "notinstock", "unavailable", "discontinued"})
_NOT_LETTERS = re.compile("[^a-z]+")
_DAMAGE = re.compile(
    "\ufffd"
    "|Ã[\x80-\xbf\u0152-\u0178\u02c6\u02dc\u2013-\u2122]"  # a letter of two bytes, each read alone
    "|â€"  # a quotation mark or a dash
    "|Â[\xa0-\xbf]"
)
_LOST_LETTER = re.compile(r"[a-z]\?[a-z]")


@dataclass(frozen=True)
class TracedField:
    """A field of a trace: what the gate must know of it to judge it."""

    name: str
    is_required: bool
    kind: str
    meaning: str


def checksum_of(identifier: str) -> int:
    """What a record has of its product's identifier."""
    return crc32(identifier.encode("utf-8", "replace"))


def value_checksum(value: Any) -> int:
    """What a record has of a field's value."""
    return 0 if value is None else _checksum(value if type(value) is str else str(value))


def _checksum(spelled: str) -> int:
    return crc32(spelled.encode("utf-8", "replace")) or 1


class Tracer:
    """Makes the records of one feed. ``fields``: those that its mapping and rules fill otherwise
    than with one value for all.
    """

    def __init__(self, fields: Iterable[Field]) -> None:
        known = list(fields)
        self.fields = [
            TracedField(one.name, one.need == "required", one.kind, one.meaning) for one in known
        ]
        self._names = [one.name for one in known]
        self._texts = frozenset(one.name for one in known if one.kind == "text")
        self._price = _first(known, "price", "net_price")
        self._list_price = _first(known, "list_price")
        self._availability = _first(known, "availability")
        self._stock = _first(known, "stock")

    @property
    def width(self) -> int:
        """Numbers in a record."""
        return len(FIXED_PARTS) + len(self.fields)

    def records(self, root: int, listings: Iterable[Listing]) -> bytes:
        """The records of a top product, of those of its listings that are in the file."""
        numbers = array("I")
        for listing in listings:
            numbers.extend(self._record(root, listing))
        return numbers.tobytes()

    def _record(self, root: int, listing: Listing) -> list[int]:
        find, texts = listing.get, self._texts
        flags, checksums = 0, []
        for name in self._names:
            value = find(name)
            if value is None:
                checksums.append(0)
                continue
            spelled = value if type(value) is str else str(value)
            checksums.append(_checksum(spelled))
            if name in texts and _may_be_damaged(spelled) and _is_damaged(spelled):
                flags |= DAMAGED
        price = _hundredths(find(self._price))
        if price is not None and price <= 0:
            flags |= BAD_PRICE
        if _is_out(find(self._availability), find(self._stock)):
            flags |= OUT_OF_STOCK
        list_price = _hundredths(find(self._list_price))
        product = checksum_of(listing.identifier)
        return [root, product, _stored(price), _stored(list_price), flags, *checksums]


def _first(fields: Sequence[Field], *meanings: str) -> str:
    """The field of the first of these meanings that one has; "" where none does."""
    by_meaning = {one.meaning: one.name for one in reversed(fields)}
    return next((by_meaning[one] for one in meanings if one in by_meaning), "")


def _hundredths(value: Any) -> int | None:
    amount = value.amount if isinstance(value, Money) else value
    if not isinstance(amount, str):
        return None
    try:
        return round(100 * float(amount))
    except (ValueError, OverflowError):  # no number, or an endless one
        return None


def _stored(hundredths: int | None) -> int:
    return min(max(hundredths or 0, 0), LARGEST)


def _is_out(availability: Any, stock: Any) -> bool:
    if isinstance(availability, str):
        return _NOT_LETTERS.sub("", availability.lower()) in _OUT
    hundredths = _hundredths(stock)
    return hundredths is not None and hundredths <= 0


def _may_be_damaged(value: str) -> bool:
    return not value.isascii() or "?" in value


def _is_damaged(value: str) -> bool:
    if _DAMAGE.search(value):
        return True
    return "://" not in value and _LOST_LETTER.search(value) is not None


class TraceWriter:
    """Collects the records of a build as it is written."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._records: list[bytes] = []

    def add(self, records: bytes) -> None:
        if records:
            self._records.append(records)

    def made(self, change: int) -> "Trace":
        """What was collected; ``change``: the latest one that the build has seen."""
        return Trace(self._tracer.fields, array("I", b"".join(self._records)), change)


class Trace:
    """The records of a build. ``change``: the number of the latest change of any product that it
    has seen.
    """

    def __init__(
        self, fields: Sequence[TracedField], numbers: "array[int]", change: int = 0
    ) -> None:
        self.change = change
        self.fields: Mapping[str, TracedField] = {one.name: one for one in fields}
        self.numbers = numbers
        self.width = len(FIXED_PARTS) + len(fields)
        self._places = {
            name: place
            for place, name in enumerate((*FIXED_PARTS, *("=" + n for n in self.fields)))
        }

    def __len__(self) -> int:
        return len(self.numbers) // self.width

    def part(self, name: str) -> "array[int]":
        """One of :data:`FIXED_PARTS`, of each record."""
        return self.numbers[self._places[name] :: self.width]

    def value(self, name: str, place: int) -> int:
        """The same of one record."""
        return self.numbers[place * self.width + self._places[name]]

    def values(self, place: int) -> "array[int]":
        """The checksums of one record's fields."""
        start = place * self.width
        return self.numbers[start + len(FIXED_PARTS) : start + self.width]

    def field(self, name: str) -> "array[int]":
        """The checksums of a field."""
        return self.part("=" + name)

    @cached_property
    def first_of_roots(self) -> list[int]:
        """The places of the records with which another top product begins."""
        last = -1
        places: list[int] = []
        for place, root in enumerate(self.part("root")):
            if root != last:
                places.append(place)
                last = root
        return places

    def spelled(self) -> bytes:
        """As it is kept: a line with the latest change and the fields, and the numbers."""
        fields = [
            [one.name, one.is_required, one.kind, one.meaning] for one in self.fields.values()
        ]
        head = orjson.dumps([self.change, fields], option=orjson.OPT_APPEND_NEWLINE)
        return head + self.numbers.tobytes()


def read_trace(data: bytes) -> Trace:
    """What :meth:`Trace.spelled` made."""
    head, _, records = data.partition(b"\n")
    change, fields = orjson.loads(head)
    return Trace([TracedField(*one) for one in fields], array("I", records), change)


class EarlierRecords:
    """The records of an earlier build, taken front to back: those of top products in ascending
    order.
    """

    def __init__(self, trace: Trace) -> None:
        self._numbers, self._width, self._place = trace.numbers, trace.width, 0

    def of(self, root: int) -> bytes:
        """The records of this top product."""
        numbers, width, place = self._numbers, self._width, self._place
        while place < len(numbers) and numbers[place] < root:
            place += width
        start = place
        while place < len(numbers) and numbers[place] == root:
            place += width
        self._place = place
        return numbers[start:place].tobytes()


def traced_fields(fields: Iterable[Field], filled: Iterable[str]) -> Iterator[Field]:
    """The fields of a channel that a feed fills."""
    wanted = set(filled)
    return (one for one in fields if one.name in wanted)
