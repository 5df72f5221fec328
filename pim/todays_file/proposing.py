"""Trying rules on the joined products, column by column: which of them make what the file has, of
how many products, and what is different in the others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pim.errors import Invalid
from pim.feeds.check import Check, compile_field_check
from pim.feeds.contract import Exporter, Field
from pim.feeds.lookup import FeedLookup
from pim.feeds.mapping import compile_mapping
from pim.feeds.models import Feed
from pim.feeds.operations import MappedValue
from pim.feeds.rendering import compile_feed
from pim.feeds.samples import feed_with
from pim.feeds.suggestions import suggested_mapping
from pim.products.published_products import Published
from pim.structure.objects import Structure
from pim.todays_file.candidates import Cells, Rule, behind, candidates
from pim.todays_file.joining import JoinedFile, join
from pim.todays_file.reading import RecordedFile
from pim.todays_file.sources import SourceColumn, read_sources
from pim.todays_file.spelling import ValueForms, of_cell, of_value
from pim.todays_file.targets import fields_of_columns
from pim.versions import fingerprint

PROBED = 40
"""Products on which every rule is tried; the best on all of them."""
TRIED_ON_ALL = 12
SHOWN = 3
"""Rules that are proposed for a column."""
DIFFERENCES = 10
IMPROVED = 3
"""Rules of which it is tried whether something behind their sources makes them better."""


@dataclass(frozen=True)
class FileDifference:
    """A product of which a rule makes something else than the file has; "" for nothing."""

    identifier: str
    file: str
    hub: str


@dataclass(frozen=True)
class ProposedRule:
    """``exact``: of how many products it makes what the file has."""

    rule: Rule
    exact: int
    differences: Sequence[FileDifference]


@dataclass(frozen=True)
class ColumnProposal:
    """A column of the file. ``field``: the channel's, "" where it has none; ``example``: the first
    value, "" where the column is empty. ``compared``: the products of which the file says what they
    have there. ``rules``: the likely ones, the best first.
    """

    column: str
    field: str
    example: str
    compared: int
    rules: Sequence[ProposedRule]


@dataclass(frozen=True)
class FileProposal:
    """What a file tells: see :class:`~pim.todays_file.joining.JoinedFile` for ``named_by``,
    ``source``, ``items`` and ``found``. ``looked_at``: the products on which rules were tried.
    """

    named_by: str
    source: str
    items: int
    found: int
    looked_at: int
    columns: Sequence[ColumnProposal]


def propose(
    session: Session,
    structure: Structure,
    feed: Feed,
    file: RecordedFile,
    base_url: str,
    today: date,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> FileProposal:
    """Rules for the columns of a file, tried on the products that it shares with the hub.

    ``progress``: (columns done, columns in all). :class:`Invalid` under ``file`` where the file
    names none of the hub's products, or under a setting of the feed that does not fit.
    """
    joined = join(session, structure, file)
    exporter = compile_feed(structure, feed_with(feed, {}), base_url, today).exporter
    targets = fields_of_columns(exporter, file.columns)
    trial = _Trial(session, structure, feed, base_url, joined, exporter)
    found: list[ColumnProposal] = []
    for number, column in enumerate(file.columns):
        progress(number, len(file.columns))
        found.append(trial.column(column, targets.get(column)))
    return FileProposal(
        joined.column, joined.source, joined.items, joined.found, len(joined.pairs), found
    )


class _Trial:
    """Rules tried on the products that a file shares with the hub."""

    def __init__(
        self,
        session: Session,
        structure: Structure,
        feed: Feed,
        base_url: str,
        joined: JoinedFile,
        exporter: Exporter,
    ) -> None:
        self._lookup = FeedLookup(structure, feed, base_url)
        self._exporter = exporter
        self._window = [product for product, _ in joined.pairs]
        self._items = [item for _, item in joined.pairs]
        self._sources = read_sources(session, structure, self._lookup, self._window)
        self._suggested = suggested_mapping(structure, type(exporter))
        self._present = feed.mapping
        self._best: dict[str, Rule] = {}
        self._checks: dict[str, Check] = {}

    def column(self, column: str, field: Field | None) -> ColumnProposal:
        """What is proposed for one column."""
        cells = [item.get(column, ()) for item in self._items]
        example = next((" | ".join(one) for one in cells if one), "")
        if field is None or not example:
            return ColumnProposal(column, field.name if field else "", example, 0, ())
        self._checks[field.name] = compile_field_check(field, self._exporter)
        said = self._said(cells)
        tried = _OneColumn(
            self,
            field,
            [self._window[number] for number in said],
            [source.of(said) for source in self._sources],
            [cells[number] for number in said],
        )
        best = tried.best()
        if best:
            self._best[field.name] = best[0]
        return ColumnProposal(
            column, field.name, example, len(said), [tried.proposed(rule) for rule in best]
        )

    def _said(self, cells: Cells) -> Sequence[int]:
        """Of which products the file says what they have there. Where variants stand together, what
        they have in common stands at the first one alone, or at their model, and nothing is said of
        the others.
        """
        filled = [number for number, one in enumerate(cells) if one]
        if not self._exporter.grouped:
            return range(len(cells))
        singles = [number for number, one in enumerate(self._window) if one.model is None]
        if set(filled) <= set(singles):
            return singles
        roots = [self._window[number].root for number in filled]
        if len(set(roots)) < len(roots):  # it differs from variant to variant
            return range(len(cells))
        known = set(roots)
        return [
            number
            for number, product in enumerate(self._window)
            if cells[number] or product.root not in known
        ]

    def values(self, rule: Rule, field: Field, window: Sequence[Published]) -> list[MappedValue]:
        """What the channel would get of some products by this rule, after its own rules; nothing
        where it does not fit.
        """
        rules = {field.name: rule}
        if field.without in self._best:
            rules[field.without] = self._best[field.without]
        fields = [one for one in self._exporter.fields if one.name in rules]
        try:
            mapping = compile_mapping(rules, fields, self._lookup)
        except Invalid:
            return [None] * len(window)
        listings = mapping.resolve(window)
        for listing in listings:
            if field.name in listing:
                self._checks[field.name](listing)
        return [listing.get(field.name) for listing in listings]

    def known_rules(self, field: Field) -> Iterator[Rule]:
        """The rule that the feed has, and the one by what attributes mean."""
        for mapping in (self._present, self._suggested):
            if field.name in mapping:
                yield mapping[field.name]


class _OneColumn:
    """A column of the file with the products of which it says something."""

    def __init__(
        self,
        trial: _Trial,
        field: Field,
        window: Sequence[Published],
        sources: Sequence[SourceColumn],
        cells: Cells,
    ) -> None:
        self._trial, self._field, self._window = trial, field, window
        self._sources, self._cells = sources, cells
        self._wanted = [of_cell(one, field) for one in cells]
        self._known = list(trial.known_rules(field))
        self._known_prints = {fingerprint(one) for one in self._known}

    def best(self) -> list[Rule]:
        """The rules that make most of the column, simple ones before others that make as much."""
        thought_of = candidates(self._field, self._sources, self._cells)
        probed = self._ranked([*self._known, *thought_of], self._probe())[:TRIED_ON_ALL]
        everything = range(len(self._cells))
        ranked = self._ranked(probed, everything)
        if ranked:
            ranked = self._ranked([*self._improvements(ranked), *ranked], everything)
        return ranked[:SHOWN]

    def proposed(self, rule: Rule) -> ProposedRule:
        """The rule with what it makes of all these products."""
        values = self._trial.values(rule, self._field, self._window)
        wrong = [
            FileDifference(product.identifier, " | ".join(cell), _shown(value))
            for product, cell, spelled, value in zip(
                self._window, self._cells, self._wanted, values, strict=True
            )
            if spelled.isdisjoint(of_value(value, self._field))
        ]
        return ProposedRule(rule, len(self._cells) - len(wrong), wrong[:DIFFERENCES])

    def _probe(self) -> Sequence[int]:
        """Some products that have something in this column."""
        filled = [number for number, one in enumerate(self._cells) if one]
        step = max(1, len(filled) // PROBED)
        return filled[::step][:PROBED]

    def _ranked(self, rules: Iterable[Rule], numbers: Sequence[int]) -> list[Rule]:
        """Those that make anything of these products, the best first."""
        window = [self._window[number] for number in numbers]
        wanted = [self._wanted[number] for number in numbers]
        ranked: dict[str, tuple[tuple[int, bool, int], Rule]] = {}
        for rule in rules:
            key = fingerprint(rule)
            if key in ranked:
                continue
            exact = self._count(rule, window, wanted)
            if exact:
                rank = (-exact, key not in self._known_prints, _complexity(rule))
                ranked[key] = (rank, rule)
        return [rule for _, rule in sorted(ranked.values(), key=lambda one: one[0])]

    def _count(self, rule: Rule, window: Sequence[Published], wanted: Sequence[ValueForms]) -> int:
        values = self._trial.values(rule, self._field, window)
        return sum(
            not spelled.isdisjoint(of_value(value, self._field))
            for spelled, value in zip(wanted, values, strict=True)
        )

    def _improvements(self, ranked: Sequence[Rule]) -> Iterator[Rule]:
        """The best rules with what stands behind their sources where they give nothing."""
        everything = range(len(self._cells))
        for rule in ranked[:IMPROVED]:
            values = self._trial.values(rule, self._field, self._window)
            better = list(behind(rule, values, self._sources, self._cells))
            yield from self._ranked(better, everything)[:1]


def _complexity(rule: Mapping[str, object]) -> int:
    """How much somebody has to read to understand it: a table and a template count for more."""
    operations, sources = rule.get("do", ()), rule.get("from", ())
    assert isinstance(operations, Sequence)
    assert isinstance(sources, Sequence)
    has_table = any(isinstance(one, dict) and "map" in one for one in operations)
    return len(operations) + max(0, len(sources) - 1) + 2 * has_table + ("template" in rule)


def _shown(value: MappedValue) -> str:
    if type(value) is list:
        return " | ".join(map(str, value))
    return "" if value is None else str(value)
