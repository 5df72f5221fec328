"""Target fields as a channel's own specification has them: rules as data, with where and when they
were read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from pim.errors import Text

Need = Literal["required", "recommended", "optional"]
FieldKind = Literal[
    "text",
    "number",
    "integer",
    "price",
    "gtin",
    "url",
    "picture",
    "choice",
    "measurement",
    "date",
    "datetime",
    "interval",
    "boolean",
    "country",
    "properties",
]
Invalidity = Literal["block", "drop", "warn"]
"""What a value that breaks a rule does: keep the item out, stay out itself, or be sent with a
warning.
"""
STALE_AFTER = timedelta(days=180)
"""How old what was read in a specification may be: channels change their rules twice a year."""
Uniqueness = Literal["", "feed", "product", "group"]


@dataclass(frozen=True)
class When:
    """A condition on another field: it has one of ``values``, or any value at all; with ``absent``
    it has none.
    """

    field: str
    values: tuple[str, ...] = ()
    absent: bool = False

    def holds(self, listing: Mapping[str, Any]) -> bool:
        if self.absent:
            return self.field not in listing
        if not self.values:
            return self.field in listing
        return listing.get(self.field) in self.values


@dataclass(frozen=True)
class Later:
    """From ``day`` on these rules stand in place of the field's: ``Later(date(2027, 1, 31),
    {"min_pixels": 500})``.
    """

    day: date
    rules: Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A target field. Make it with :meth:`Spec.field`.

    Of one value: ``min_length`` and ``max_length`` in characters; ``pattern``, a regular
    expression for the whole value; ``single_line``; ``minimum``, ``maximum`` (decimal strings) and
    ``decimals`` (at most; a price has its currency's where nothing is said); ``choices``, the
    values allowed: for a boolean the words for yes and no, for a measurement unit symbols;
    ``code_list``, the name of a list in :mod:`pim.feeds.code_lists`, of a price that of its
    currencies; ``unit``, the unit a
    measurement is converted to; ``min_pixels``, of a picture's smaller side; ``emit``, the number
    of digits a GTIN is written with; ``in_store``, whether a GTIN may be one for use inside a shop;
    ``markup``, whether the channel shows HTML.

    Of several values: ``repeat``, how many it takes, 0 for one; ``min_count``; ``cut``, whether the
    rest is left away quietly; ``without``, another field whose value is not repeated here.

    Beside other fields and products: ``needed_if``, conditions of which one makes it required;
    ``unique`` in the feed; among the variants of a product ("group"); or for a product with its
    variants, so that no other has it ("product"); ``same`` for all variants of a product;
    ``of_variants``, recommended for variants alone.

    ``invalid``: what a value that breaks a rule does; None is the channel's default. A required
    field always blocks. ``since`` and ``until``: the first and the last day that it exists.
    ``later``: rules that change on a day. ``meaning``: what it is for, one of
    :data:`pim.meanings.MEANINGS`. ``source``: where the rules are written down, ``read`` on that
    day.
    """

    name: str
    need: Need = "optional"
    kind: FieldKind = "text"
    min_length: int = 0
    max_length: int | None = None
    pattern: str = ""
    single_line: bool = False
    minimum: str | None = None
    maximum: str | None = None
    decimals: int | None = None
    choices: tuple[str, ...] = ()
    code_list: str = ""
    unit: str = ""
    min_pixels: int = 0
    emit: int = 0
    in_store: bool = False
    markup: bool = False
    repeat: int = 0
    min_count: int = 0
    cut: bool = False
    without: str = ""
    needed_if: tuple[When, ...] = ()
    unique: Uniqueness = ""
    same: bool = False
    of_variants: bool = False
    invalid: Invalidity | None = None
    since: date | None = None
    until: date | None = None
    later: tuple[Later, ...] = ()
    meaning: str = ""
    help: Text | None = None
    example: str = ""
    source: str = ""
    read: date | None = None

    def on(self, day: date) -> "Field | None":
        """The field as it stands on that day; None when there is no such field then."""
        if (self.since and day < self.since) or (self.until and day > self.until):
            return None
        changed = self
        for later in self.later:
            if day >= later.day:
                changed = replace(changed, **later.rules)
        return changed

    @property
    def stale_from(self) -> date | None:
        """The first day on which its specification should have been read again."""
        return self.read + STALE_AFTER + timedelta(days=1) if self.read else None

    def days(self) -> list[date]:
        """The days on which something about it changes."""
        until = [date.fromordinal(self.until.toordinal() + 1)] if self.until else []
        since = [self.since] if self.since else []
        return [*since, *until, *(later.day for later in self.later)]


def fields_on(fields: Iterable[Field], day: date) -> tuple[Field, ...]:
    """The fields that exist on that day, with the rules of that day."""
    return tuple(found for one in fields if (found := one.on(day)) is not None)


@dataclass(frozen=True)
class Spec:
    """A specification: what it is called (and where it is), and the day on which it was read."""

    source: str
    read: date

    def field(
        self, name: str, need: Need = "optional", kind: FieldKind = "text", **rules: Any
    ) -> Field:
        """A field whose rules stand there; ``rules`` are attributes of :class:`Field`."""
        return Field(name, need, kind, source=self.source, read=self.read, **rules)
