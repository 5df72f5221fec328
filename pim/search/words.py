"""Text -> words, folded alike for both engines, so that neither engine's own parser decides what is
found. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"\w+")
LONGEST = 100
"""Characters of a word that are looked at; PostgreSQL's index takes words of at most 2 KB."""
_BLANKS = "".join(chr(code) if _WORD.match(chr(code)) else " " for code in range(128))


# Letters that are no letter with an accent in Unicode, and that people without them on their
# keyboard write so all the same: ışık as isik, Ørsted as Orsted, Łódź as Lodz.
_PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
    | {"þ": "th", "ŋ": "n", "ĸ": "k", "ə": "e", "ƒ": "f"}
)


def fold(text: str) -> str:
    """Lower case without accents: ``Über-Café`` -> ``uber-cafe``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize(
        "NFKD", text
    ).casefold()  # in this order: the letters of ™ and 𝐓 are large ones
    plain = decomposed.translate(_PLAIN)
    return "".join(character for character in plain if not unicodedata.combining(character))


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
