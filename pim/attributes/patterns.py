"""Regular expressions written by users. The `regex` module can stop a runaway match; Python's `re`
cannot.
"""

from functools import lru_cache
from typing import Any

import regex  # type: ignore[import-untyped]  # ships no types

SECONDS = 0.1
LONGEST = 1000


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    return regex.compile(pattern)


def fault(pattern: str) -> str | None:
    """Why ``pattern`` does not compile, None where it does."""
    if len(pattern) > LONGEST:
        return f"longer than {LONGEST} characters"
    try:
        _compiled(pattern)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        return str(error)
    return None


def matches(pattern: str, value: str) -> bool:
    """Whether the whole of ``value`` matches. TimeoutError after 0.1 s."""
    return _compiled(pattern).fullmatch(value, timeout=SECONDS) is not None
