"""Several values in one cell: ``red,blue``; an item that holds the separator stands in double
quotes, as in CSV.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from pim.attributes.base import InvalidValue, shown
from pim.attributes.characters import is_blank
from pim.errors import text

LONGEST = 1000
"""Items one value may hold."""


def split(raw: str, separator: str) -> list[str]:
    """The items of a cell, without blanks around them, without empty ones, each once.

    :class:`InvalidValue` (rule ``list``) where a double quote is not closed.
    """
    items = _quoted(raw, separator) if '"' in raw else raw.split(separator)
    return distinct(one for one in map(str.strip, items) if not is_blank(one))


def join(items: Iterable[str], separator: str = ",") -> str:
    """The cell that `split` takes apart again."""
    return separator.join(quoted(one, separator) for one in items)


def quoted(item: str, separator: str) -> str:
    """An item as it stands in a list: in double quotes where it would be taken apart otherwise."""
    if separator in item or '"' in item:
        return '"' + item.replace('"', '""') + '"'
    return item


def unquoted(raw: str) -> str:
    """The one item of a cell that holds no list: the whole cell, without quotes around it."""
    item = raw.strip()
    is_quoted = len(item) > 1 and item[0] == item[-1] == '"'
    return item[1:-1].replace('""', '"').strip() if is_quoted else item


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


@lru_cache(maxsize=64)
def _item(separator: str) -> re.Pattern[str]:
    """An item and the separator behind it. A quote within an item (27") is a character like any
    other; only one that an item begins with has to be closed.
    """
    end = rf"(?:{re.escape(separator)}|\Z)"
    return re.compile(
        rf'\s*+(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"\s*|(?P<bare>(?!").*?)){end}', re.DOTALL
    )


def _quoted(raw: str, separator: str) -> Iterator[str]:
    place, pattern = 0, _item(separator)
    while place < len(raw):
        found = pattern.match(raw, place)
        if found is None:
            raise InvalidValue(
                "list",
                text("“%(value)s” is not a list: a double quote is not closed.", value=shown(raw)),
            )
        yield found["bare"] if found["quoted"] is None else found["quoted"].replace('""', '"')
        place = found.end()
