"""A long answer as JSON, printed while it is made: a hundred thousand changes need not be held."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

_INDENT = "  "


def pieces(data: Mapping[str, Any]) -> Iterator[str]:
    """An object as orjson indents it, piece by piece. A value that is an iterator becomes a list,
    of which each item is asked for when its turn comes.
    """
    before = "{\n"
    for name, value in data.items():
        yield f"{before}{_INDENT}{_spelled(name)}: "
        if isinstance(value, Iterator):
            yield from _items(value)
        else:
            yield _within(_INDENT, value)
        before = ",\n"
    yield "\n}" if data else "{}"


def _items(values: Iterator[Any]) -> Iterator[str]:
    within = 2 * _INDENT
    before = "[\n"
    for one in values:
        yield f"{before}{within}{_within(within, one)}"
        before = ",\n"
    yield "[]" if before == "[\n" else f"\n{_INDENT}]"


def _within(indent: str, value: Any) -> str:
    """No line end in it is part of a text: JSON writes those as two signs."""
    return _spelled(value).replace("\n", f"\n{indent}")


def _spelled(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()
