"""What every source of the hub gives for the joined products, as the candidates look at it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pim.attributes.quantities import Measure, Money
from pim.feeds.lookup import FeedLookup
from pim.feeds.mapping import CompiledMapping
from pim.feeds.operations import BREAKS, TAGS, MappedValue
from pim.feeds.pipeline import InvalidOperation
from pim.feeds.sources import MODEL, MappingSource, compile_source
from pim.products.published_products import Published
from pim.providers.registry import source_names
from pim.structure.objects import Structure

_NOT_IN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class SourceColumn:
    """``values``: what a mapping gets of each product; ``texts``: the same as text, "" for nothing;
    ``codes``: with options by their codes, as a table sees them; ``plain``: letters and digits
    alone, to see at once what could have to do with what.
    """

    spelling: str
    values: Sequence[MappedValue]
    texts: Sequence[str]
    codes: Sequence[str]
    plain: Sequence[str]

    def of(self, numbers: Sequence[int]) -> "SourceColumn":
        """The same for some of the products."""
        return SourceColumn(
            self.spelling,
            [self.values[number] for number in numbers],
            [self.texts[number] for number in numbers],
            [self.codes[number] for number in numbers],
            [self.plain[number] for number in numbers],
        )

    @property
    def has_markup(self) -> bool:
        return any("<" in one for one in self.texts)

    @property
    def has_lists(self) -> bool:
        return any(type(one) is list for one in self.values)


def plain(value: str) -> str:
    """``<b>Rode</b> Fiets-20`` -> ``rodefiets20``."""
    if "<" in value:
        value = TAGS.sub("", BREAKS.sub(" ", value))
    return _NOT_IN_WORDS.sub("", value.casefold())


def read_sources(
    session: Session, structure: Structure, lookup: FeedLookup, window: Sequence[Published]
) -> list[SourceColumn]:
    """All that a rule could take a value from and that gives one for any of these products; those
    that people choose most come first. Prepares the lookup for these products.
    """
    found = dict(_compiled(structure, lookup, wants_codes=False))
    codes = dict(_compiled(structure, lookup, wants_codes=True))
    everything = {one.key: one for one in (*found.values(), *codes.values())}
    CompiledMapping(lambda _: [], {}, everything, {}, {}, lookup).prepare(session, window)
    columns = (_column(spelling, found[spelling], codes[spelling], window) for spelling in found)
    return [one for one in columns if any(one.texts)]


def _compiled(
    structure: Structure, lookup: FeedLookup, *, wants_codes: bool
) -> Iterator[tuple[str, MappingSource]]:
    for spelling in _spellings(structure):
        try:
            yield spelling, compile_source(spelling, wants_codes, lookup)
        except InvalidOperation:  # the feed has no language or currency for it
            continue


def _spellings(structure: Structure) -> Iterator[str]:
    yield from structure.attributes
    yield from source_names()
    yield from (at for at, one in structure.attribute_at.items() if at != one.code)
    if structure.variants:
        yield from (f"{MODEL}{code}" for code in structure.attributes)


def _column(
    spelling: str, source: MappingSource, coded: MappingSource, window: Sequence[Published]
) -> SourceColumn:
    values = source.reader()(window)
    texts = [_text(one) for one in values]
    codes = [_key(one) for one in coded.reader()(window)]
    return SourceColumn(spelling, values, texts, codes, [plain(one) for one in texts])


def _text(value: MappedValue) -> str:
    if type(value) is list:
        return " ".join(map(_text, value))
    if type(value) is Money or type(value) is Measure:
        return value.amount
    return "" if value is None else str(value)


def _key(value: MappedValue) -> str:
    """As the table of an operation sees it."""
    if type(value) is bool:
        return "true" if value else "false"
    return _text(value)


def affinity(source: SourceColumn, cells: Sequence[Sequence[str]]) -> float:
    """For which share of the filled cells the source's text is a value of the cell, letters and
    digits alone; half as much where they begin alike, or one holds the other.
    """
    filled, near = 0, 0.0
    for own, values in zip(source.plain, cells, strict=False):
        if not values:
            continue
        filled += 1
        if own:
            near += max(_nearness(own, plain(one)) for one in values)
    return near / filled if filled else 0.0


def _nearness(own: str, other: str) -> float:
    if own == other:
        return 1.0
    return 0.5 if other and (own[:12] == other[:12] or own in other or other in own) else 0.0
