"""A profile to begin with, guessed from a file's header and first rows: columns that are called
like attributes go there. Pure.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePath
from typing import Any

import yaml

from pim.errors import text
from pim.imports.detection import Detected
from pim.imports.profiles import Profile
from pim.imports.rows import Table
from pim.problems import Problem
from pim.structure.objects import Attribute, Structure

SAMPLE = 200
COMMON: Mapping[str, tuple[str, ...]] = {
    "family": ("family", "familie", "productfamily"),
    "parent": ("parent", "model", "parentmodel", "hoofdartikel"),
    "categories": ("categories", "category", "categorie", "categorieen", "kategorie"),
    "enabled": ("enabled", "active", "actief", "aktiv"),
}
IDENTIFIER = (
    "sku",
    "identifier",
    "articlenumber",
    "artikelnummer",
    "itemnumber",
    "artikelnr",
    "productcode",
    "artnr",
)
DECIMAL_COMMA = re.compile(r"-?\d{1,3}(\.\d{3})*,\d{1,3}|-?\d+,\d{1,3}")
DECIMAL_POINT = re.compile(r"-?\d+\.\d{1,3}")
DATES = (
    (re.compile(r"\d{1,2}-\d{1,2}-\d{4}"), "%d-%m-%Y"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), "%d/%m/%Y"),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"), "%d.%m.%Y"),
)


def propose(structure: Structure, table: Table, code: str, label: str) -> str:
    """The YAML of a profile for this file. A column that resembles nothing is null; nothing is
    guessed twice.

    The file speaks for the system that owns most of what it fills.
    """
    rows = [cells for _, cells in islice(table.rows, SAMPLE) if isinstance(cells, list)]
    known = _spellings(structure)
    columns: dict[str, Any] = {}
    times = Counter(table.header)
    for name in filter(None, times):
        to = known.get(_plain(name)) if times[name] == 1 else None
        columns[name] = None if to is None or to in columns.values() else to
    key = next((name for name, to in columns.items() if to == structure.identifier), None) or next(
        (name for name in columns if times[name] == 1), table.header[0]
    )
    columns[key] = structure.identifier or "identifier"
    filled = [
        structure.attribute_at[to]
        for to in columns.values()
        if to in structure.attribute_at and to != structure.identifier
    ]
    owners = Counter(attribute.owner for attribute in filled)
    owner = owners.most_common(1)[0][0] if owners else "hub"
    document: dict[str, Any] = {"code": code, "label": label, "owner": owner, "key": key}
    if settings := {**_doubtful(table.detected), **_settings(rows)}:
        document["file"] = settings
    return yaml.safe_dump(
        {**document, "columns": columns}, sort_keys=False, allow_unicode=True, width=140
    )


def code_for(filename: str) -> str:
    """A code for the profile of such files."""
    plain = re.sub(r"[^a-z0-9_]+", "_", PurePath(filename).stem.casefold())
    return plain.strip("_0123456789")[:60] or "profile"


def without_family(profile: Profile) -> Problem | None:
    """What is to be known of a profile whose new products will have no family; None where it gives
    them one, or puts them below models that have one.
    """
    named = {column.to for column in profile.columns} | profile.always.keys()
    if profile.kind == "asset" or named & {"family", "family_variant", "parent"}:
        return None
    sentence = text(
        "The profile names no family, so new products have none: nothing is required of them, and"
        " no feed can take them. Map a column to “family”, or write “always: {family: …}”."
    )
    return Problem("family", "no family", sentence, "", "warning")


def _spellings(structure: Structure) -> dict[str, str]:
    """What a column may be called -> the address it then fills; the first of two equal names
    counts.
    """
    found: dict[str, str] = {}
    for attribute in structure.attributes.values():
        for spelling, address in _names_of(structure, attribute):
            found.setdefault(_plain(spelling), address)
    found |= {_plain(address): address for address in structure.association_addresses}
    for address, names in COMMON.items():
        for name in names:
            found.setdefault(name, address)
    if structure.identifier is not None:
        found |= dict.fromkeys(IDENTIFIER, structure.identifier)
    return found


def _names_of(structure: Structure, attribute: Attribute) -> Iterator[tuple[str, str]]:
    """Whole addresses, codes and labels with a locale or language behind them, and alone for the
    first place.
    """
    places = list(structure.addresses(attribute))
    names = (attribute.code, *attribute.labels.values())
    for place in places:
        yield str(place), str(place)
        if place.locale is not None:
            yield from (
                (f"{name} {end}", str(place))
                for name in names
                for end in (place.locale, place.locale.split("_")[0])
            )
    yield from ((name, str(places[0])) for name in names if places)


def _plain(name: str) -> str:
    """``Prijs (incl. btw)`` -> prijsinclbtw."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters)


def _doubtful(detected: Detected) -> dict[str, Any]:
    """What was found out and may be wrong, so that it is seen, and right from then on."""
    doubtful: dict[str, Any] = {
        setting: found.value
        for setting, found in detected.findings.items()
        if found.sure == "doubtful"
    }
    if "header" in doubtful:
        doubtful["header"] = int(doubtful["header"])
    return doubtful


def _settings(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Decimal sign and date pattern, where the first rows show them. The rest is recognised at each
    import.
    """
    cells = [cell for row in rows for cell in row]
    commas = sum(bool(DECIMAL_COMMA.fullmatch(cell)) for cell in cells)
    settings = (
        {"decimal": ","}
        if commas > sum(bool(DECIMAL_POINT.fullmatch(cell)) for cell in cells)
        else {}
    )
    counted = [
        (sum(bool(shape.fullmatch(cell)) for cell in cells), pattern) for shape, pattern in DATES
    ]
    number, pattern = max(counted)
    return {**settings, "date": pattern} if number else settings
