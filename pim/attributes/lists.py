"""Several values in one cell: ``red,blue``; an item that holds the separator stands in double
quotes, as in CSV.
"""

import csv
from collections.abc import Iterable
from typing import Any

from pim.attributes.base import InvalidValue, shown
from pim.errors import text

LONGEST = 1000
"""Items one value may hold."""


def split(raw: str, separator: str) -> list[str]:
    """The items of a cell, without blanks around them, without empty ones, each once."""
    items = _quoted(raw, separator) if '"' in raw and len(separator) == 1 else raw.split(separator)
    return distinct(one for one in map(str.strip, items) if one)


def join(items: Iterable[str], separator: str = ",") -> str:
    """The cell that `split` takes apart again."""
    return separator.join(
        '"' + one.replace('"', '""') + '"' if separator in one or '"' in one else one
        for one in items
    )


def distinct(items: Iterable[str]) -> list[str]:
    """Each item once, in order. :class:`InvalidValue` (rule ``max_items``) above 1,000."""
    found = list(dict.fromkeys(items))
    if len(found) > LONGEST:
        raise InvalidValue(
            "max_items",
            text("More than %(limit)s items (%(count)s).", limit=LONGEST, count=len(found)),
        )
    return found


def texts(raw: Any) -> list[str]:
    """A JSON list of texts. :class:`InvalidValue` (rule ``type``) for anything else."""
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise InvalidValue("type", text("“%(value)s” is not a list of texts.", value=shown(raw)))
    return raw


def one_text(raw: Any) -> str:
    """A JSON string. :class:`InvalidValue` (rule ``type``) for anything else."""
    if not isinstance(raw, str):
        raise InvalidValue("type", text("“%(value)s” is not text.", value=shown(raw)))
    return raw


def _quoted(raw: str, separator: str) -> list[str]:
    try:
        rows = list(csv.reader([raw], delimiter=separator, skipinitialspace=True, strict=True))
    except (csv.Error, TypeError, ValueError):
        raise InvalidValue(
            "list",
            text("“%(value)s” is not a list: a double quote is not closed.", value=shown(raw)),
        ) from None
    return rows[0]
