"""Options of one attribute that are hardly meant as two: “Zwart” and “zwart ”, “Katoen” and
“Kattoen”. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pim.folding import fold
from pim.structure.objects import Attribute, Structure

LEAST_LETTERS = 6
"""Shorter words differ by a letter and mean something else: “mat” and “nat”."""


@dataclass(frozen=True)
class NearOptions:
    """Two options of an attribute, by their codes, and what they are called alike; ``locale``: in
    which language.
    """

    attribute: str
    first: str
    second: str
    labels: tuple[str, str]
    locale: str


def near_options(structure: Structure) -> Iterator[NearOptions]:
    """Each pair once, in the structure's order."""
    for attribute in structure.attributes.values():
        codes = sorted(attribute.type.option_codes())
        seen: set[tuple[str, str]] = set()
        for locale in structure.locales if codes else ():
            called = {code: _label(attribute, code, locale) for code in codes}
            for first, second in _pairs(called):
                if (first, second) not in seen:
                    seen.add((first, second))
                    labels = (called[first], called[second])
                    yield NearOptions(attribute.code, first, second, labels, locale)


def near_to(structure: Structure, attribute: Attribute, code: str) -> list[str]:
    """The other options of an attribute that are hardly meant as another one than this, in the
    order of their codes.
    """
    codes = attribute.type.option_codes()
    if code not in codes:
        return []
    near: set[str] = set()
    for locale in structure.locales:
        own = _spellings(_label(attribute, code, locale))
        near |= {one for one in codes if own & _spellings(_label(attribute, one, locale))}
    return sorted(near - {code})


def _label(attribute: Attribute, code: str, locale: str) -> str:
    option = [code] if attribute.type.takes_many else code
    return attribute.type.show(option, locale)


def _pairs(called: dict[str, str]) -> list[tuple[str, str]]:
    """Options whose labels share a spelling, in the order of their codes."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for code, label in called.items():
        for spelling in _spellings(label):
            sharing[spelling].append(code)
    return sorted({pair for codes in sharing.values() for pair in _each_two(codes)})


def _each_two(codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    for place, first in enumerate(codes):
        for second in codes[place + 1 :]:
            yield first, second


@lru_cache(50_000)
def _spellings(label: str) -> frozenset[str]:
    """Of two labels that differ by case, accents, blanks and signs, or by one letter in a long
    word, one is the same. A figure is no slip: “100 ml” is not “110 ml”.
    """
    plain = "".join(letter for letter in fold(label) if letter.isalnum())
    if not plain:
        return frozenset()
    if len(plain) < LEAST_LETTERS or not plain.isalpha():
        return frozenset({plain})
    # Two words with one letter more, less or another each give the same when it is left out.
    shortened = (plain[:place] + plain[place + 1 :] for place in range(len(plain)))
    return frozenset({plain, *shortened})
