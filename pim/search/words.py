"""Text -> words, folded alike for both engines, so that neither engine's own parser decides what is found. Pure."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Lower case without accents: ``Über-Café`` -> ``uber-cafe``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(texts: Iterable[str]) -> str:
    """The different folded words of these texts, sorted, separated by blanks: what the index stores."""
    return " ".join(sorted(set(_WORD.findall(fold("\n".join(texts))))))


def asked(query: str) -> list[str]:
    """The folded words somebody typed; each must be found as the beginning of a word."""
    return _WORD.findall(fold(query))[:12]
