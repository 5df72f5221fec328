"""Text -> words, folded alike for both engines, so that neither engine's own parser decides what is
found. Pure.
"""

import re
from collections.abc import Iterable

from pim.folding import fold

_WORD = re.compile(r"\w+")
LONGEST = 100
"""Characters of a word that are looked at; PostgreSQL's index takes words of at most 2 KB."""
_BLANKS = "".join(chr(code) if _WORD.match(chr(code)) else " " for code in range(128))


def words(texts: Iterable[str]) -> str:
    """The different folded words of these texts, separated by blanks: what the index stores."""
    return " ".join(dict.fromkeys(_split(fold("\n".join(texts)))))


def _split(folded: str) -> list[str]:
    """What ``\\w+`` finds, twice as fast where there is but ASCII; long words cut."""
    found = folded.translate(_BLANKS).split() if folded.isascii() else _WORD.findall(folded)
    if max(map(len, found), default=0) <= LONGEST:
        return found
    return [word[:LONGEST] for word in found]


def asked(query: str) -> list[str]:
    """The folded words somebody typed; each must be found as the beginning of a word."""
    return _split(fold(query))[:12]
