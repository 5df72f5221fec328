# ruff: noqa: RUF009 - setting() is dataclasses.field()
"""Days, stored as ``2026-11-22``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar

from babel.dates import format_date

from pim.attributes.base import NEUTRAL, AttributeType, InvalidValue, Reading, shown
from pim.attributes.locales import babel_locale
from pim.attributes.operators import OF_AMOUNTS, OF_PRESENCE, Operator
from pim.attributes.settings import as_day, setting
from pim.errors import Text, text
from pim.problems import Problem
from pim.values import Value

# strptime is slow; these three directives are what dates in files are made of.
DIRECTIVES = {
    "%d": r"(?P<day>[0-9]{1,2})",
    "%m": r"(?P<month>[0-9]{1,2})",
    "%Y": r"(?P<year>[0-9]{4})",
}
# The year in front can be no other day, so it is read whatever the file's format; spreadsheets add
# a midnight to it.
ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)


@dataclass(frozen=True)
class DateType(AttributeType):
    """``min`` and ``max``, inclusive days."""

    code: ClassVar[str] = "date"
    label: ClassVar[Text] = text("Date")
    help: ClassVar[Text] = text("A day without a time.")
    control: ClassVar[str] = "date"
    operators: ClassVar[tuple[Operator, ...]] = (*OF_AMOUNTS, *OF_PRESENCE)

    min: date | None = setting(as_day)
    max: date | None = setting(as_day)

    def parse(self, raw: str, reading: Reading) -> Value:
        """The day in the reading's format, or in ISO 8601, as ISO 8601, None for blanks. Rules:
        ``date``.
        """
        spelling = raw.strip()
        if not spelling:
            return None
        try:
            return _day(spelling, reading.date).isoformat()
        except ValueError:
            written = _spelled_format(reading.date)
            raise InvalidValue(
                "date",
                text(
                    "“%(value)s” is not a day written as %(format)s.",
                    value=shown(raw),
                    format=written,
                ),
            ) from None

    def load(self, raw: Any) -> Value:
        """A JSON string 2026-11-22. Rules: ``type``, ``date``."""
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise InvalidValue(
                "type", text("“%(value)s” is not a text with a day.", value=shown(raw))
            )
        return self.parse(raw, NEUTRAL)

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``min``, ``max``."""
        if self.min is not None and value < self.min.isoformat():
            return [
                Problem(
                    "",
                    "min",
                    text(
                        "“%(value)s” is before %(limit)s.", value=value, limit=self.min.isoformat()
                    ),
                )
            ]
        if self.max is not None and value > self.max.isoformat():
            return [
                Problem(
                    "",
                    "max",
                    text(
                        "“%(value)s” is after %(limit)s.", value=value, limit=self.max.isoformat()
                    ),
                )
            ]
        return []

    def show(self, value: Value, locale: str) -> str:
        """As the locale writes a day: 22 nov 2026."""
        return format_date(date.fromisoformat(value), "medium", locale=babel_locale(locale))

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """A file repeats its days: each spelling is read once."""
        return lru_cache(maxsize=4096)(super().reader(reading))

    def contradictions(self) -> Mapping[str, Text]:
        """``min`` after ``max``."""
        if self.min is not None and self.max is not None and self.min > self.max:
            return {
                "min": text(
                    "The first day is after the last (%(limit)s).", limit=self.max.isoformat()
                )
            }
        return {}


def _day(spelling: str, written: str) -> date:
    shape = _shape(written)
    found = ISO.fullmatch(spelling) or (shape.fullmatch(spelling) if shape else None)
    if found is None:
        return datetime.strptime(spelling, written).date()
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


@lru_cache(maxsize=64)
def _shape(written: str) -> re.Pattern[str] | None:
    """The format as a regular expression, None where strptime has to read it."""
    parts = re.split(r"(%.)", written)
    if sorted(parts[1::2]) != ["%Y", "%d", "%m"] or not all(parts[2:-1:2]):
        return None
    return re.compile("".join(DIRECTIVES.get(part, re.escape(part)) for part in parts))


def _spelled_format(written: str) -> str:
    """The format with a day in it that cannot be mistaken: 22-11-2026."""
    return date(2026, 11, 22).strftime(written)
