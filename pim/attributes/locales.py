"""Our locale codes (``nl_NL``, or a language alone) as Babel's locales."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def babel_locale(code: str) -> Locale:
    """Babel's locale; that of the language, then English, where it knows no such region."""
    for candidate in (code, code.split("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")
