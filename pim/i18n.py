"""The interface's languages: sentences from the .po files, and numbers and moments as people write
them.

Knows nothing of the web: language and zone are arguments. Languages are Babel codes (``en``,
``nl``, ``de``).
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from babel.units import format_unit

from pim.errors import Named, Text
from pim.folders import PACKAGE
from pim.labels import label

LANGUAGES = {"en": "English", "nl": "Nederlands", "de": "Deutsch", "fr": "Français"}
DATES = {"en": "en_GB"}
"""Babel's plain English writes as Americans do; the day first and 24 hours are understood
everywhere.
"""
FOLDER = PACKAGE / "translations"


@cache
def translations(language: str) -> NullTranslations:
    """The sentences of one language; those of English stand in the source."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def translate(sentence: Text, language: str, zone: str = "UTC") -> str:
    """The sentence in that language; its parts that are sentences themselves are translated too,
    numbers are grouped as the language does, moments stand in the zone.
    """
    parts = {name: _part(part, language, zone) for name, part in sentence.parts.items()}
    return sentence.message(translations(language)) % parts


def _part(part: Any, language: str, zone: str) -> Any:
    if isinstance(part, Text):
        return translate(part, language, zone)
    if isinstance(part, tuple):
        return ", ".join(str(_part(one, language, zone)) for one in part)
    if isinstance(part, Named):
        return label(part.labels, language, part.code) if part.labels else part.code
    if isinstance(part, int) and not isinstance(part, bool):
        return number(part, language)
    return moment(part, language, zone) if isinstance(part, datetime) else part


def negotiate(wanted: Iterable[str]) -> str:
    """The first of the wanted languages (``nl-BE``, ``de``) that the interface speaks, else
    English.
    """
    return negotiate_locale([one.replace("-", "_") for one in wanted], list(LANGUAGES)) or "en"


def number(value: Any, language: str) -> str:
    """``1234.5`` -> 1,234.5; takes int, Decimal and decimal strings."""
    return format_decimal(value, locale=language)


def percent(value: float, language: str) -> str:
    """``0.85`` -> 85%."""
    return format_percent(value, locale=language)


def size(value: int, language: str) -> str:
    """A number of bytes in kB, MB or GB (powers of 1000); in French ko, Mo or Go."""
    units = ((10**9, "gigabyte"), (10**6, "megabyte"), (10**3, "kilobyte"))
    limit, unit = next((one for one in units if value >= one[0]), units[-1])
    return format_unit(round(value / limit, 1), f"digital-{unit}", "short", locale=language)


def day(value: date | datetime, language: str, zone: str) -> str:
    """22 Nov 2026, for a moment as the calendar stands in the zone."""
    local = value.astimezone(ZoneInfo(zone)) if isinstance(value, datetime) else value
    return format_date(local, format="medium", locale=DATES.get(language, language))


def moment(value: datetime, language: str, zone: str) -> str:
    """22 Nov 2026, 18:30 in the zone."""
    return format_datetime(
        value, format="medium", tzinfo=ZoneInfo(zone), locale=DATES.get(language, language)
    )


def dates_of(language: str) -> str:
    """Whose manner of writing dates a language follows, as browsers name it: ``en-GB``."""
    return DATES.get(language, language).replace("_", "-")


def ago(value: datetime, now: datetime, language: str) -> str:
    """3 minutes ago, in 2 hours."""
    return format_timedelta(value - now, add_direction=True, locale=language)


def duration(seconds: float, language: str) -> str:
    """2 minutes."""
    return format_timedelta(timedelta(seconds=seconds), locale=language, threshold=1.2)


@lru_cache(1000)
def direction(code: str) -> str:
    """``rtl`` where the language of the locale is written from the right (``ar_AE``), else
    ``ltr``.
    """
    for known in (code, code.split("_")[0]):
        try:
            return Locale.parse(known).text_direction
        except (UnknownLocaleError, ValueError):
            continue
    return "ltr"


@lru_cache(1000)
def locale_name(code: str, language: str) -> str:
    """``nl_NL`` -> Dutch (Netherlands); the code itself where nobody knows it."""
    try:
        return _standing_alone(Locale.parse(code).get_display_name(language)) or code
    except (UnknownLocaleError, ValueError):
        return code


@lru_cache(1000)
def language_name(code: str, language: str) -> str:
    """``nl_NL`` -> Dutch; the code itself where nobody knows it."""
    try:
        return _standing_alone(Locale.parse(code).get_language_name(language)) or code
    except (UnknownLocaleError, ValueError):
        return code


def locale_among(code: str, others: Collection[str], language: str) -> str:
    """``nl_NL`` -> Dutch; with its country where another of the locales is of that language."""
    spoken = code.split("_")[0]
    is_alone = all(one == code or one.split("_")[0] != spoken for one in others)
    return language_name(code, language) if is_alone else locale_name(code, language)


def _standing_alone(name: str | None) -> str:
    """With a capital, as a label or a choice has it: Babel gives what French writes within a
    sentence, “néerlandais”.
    """
    return name[:1].upper() + name[1:] if name else ""
