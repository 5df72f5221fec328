"""What a rule makes of real products, step by step: what each source gives, what each operation
makes of it, what the channel gets, and what is wrong with that. And what another rule would change.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pim.errors import Invalid
from pim.feeds.combining import sources_named
from pim.feeds.conditions import compile_conditions
from pim.feeds.contract import Problem
from pim.feeds.editing import with_rule
from pim.feeds.feed_fields import fields_of
from pim.feeds.lookup import FeedLookup
from pim.feeds.mapping import CompiledMapping, compile_mapping
from pim.feeds.mapping_compiler import MappingCompiler
from pim.feeds.models import Feed
from pim.feeds.pipeline import InvalidOperation, name_of
from pim.feeds.rendering import compile_feed, eligibilities
from pim.feeds.rules import with_rules
from pim.products import published_products
from pim.products.published_products import Published
from pim.structure.objects import Structure

WINDOW = 100
"""Top products that are read at once."""
FieldValuesReader = Callable[[Sequence[Published]], list[Any]]


@dataclass(frozen=True)
class SourceSample:
    """What one source gives for a product; None for nothing."""

    source: str
    value: Any


@dataclass(frozen=True)
class StepSample:
    """What a field's value is after an operation."""

    operation: str
    value: Any


@dataclass(frozen=True)
class FieldSample:
    """One product through the rule of a field. ``value``: what the channel would get, None for
    nothing. ``problems``: what is said of the field.
    """

    identifier: str
    sources: Sequence[SourceSample]
    steps: Sequence[StepSample]
    value: Any
    problems: Sequence[Problem]


@dataclass(frozen=True)
class ChangedValue:
    """A product of which another rule changes a field."""

    identifier: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RuleComparison:
    """What another rule would change among the first ``looked_at`` products. ``emptied``: how many
    of the ``changed`` have nothing then. ``examples``: some of them.
    """

    looked_at: int
    changed: int
    emptied: int
    examples: Sequence[ChangedValue]


def feed_with(feed: Feed, mapping: Mapping[str, Any]) -> Feed:
    """The same feed with another mapping; it belongs to no session and is never stored."""
    return Feed(
        code=feed.code,
        label=feed.label,
        exporter=feed.exporter,
        channel=feed.channel,
        locale=feed.locale,
        currency=feed.currency,
        link=feed.link,
        pictures=feed.pictures,
        only_complete=feed.only_complete,
        options=feed.options,
        mapping=dict(mapping),
        rules=feed.rules,
        selection=feed.selection,
        categories=feed.categories,
    )


def sample_products(session: Session, identifiers: Sequence[str], most: int) -> Sequence[Published]:
    """Some products that channels may see: these (with their variants, where they are models), or
    the first ones, of as many families as there are.
    """
    if identifiers:
        roots = sorted({published_products.root_of(session, one) for one in identifiers})
        found = [
            one
            for one in _published(session, roots)
            if not {one.identifier, one.model, one.root}.isdisjoint(identifiers)
        ]
        return found[:most]
    roots = list(published_products.first_top_products(session, WINDOW))
    found = [one for one in _published(session, roots) if one.blocked is None]
    return _of_many_families(found, most)


def _of_many_families(found: Sequence[Published], most: int) -> Sequence[Published]:
    """One of each family first, then more of them."""
    first: dict[str | None, Published] = {}
    for one in found:
        first.setdefault(one.family, one)
    chosen = {one.identifier for one in first.values()}
    others = [one for one in found if one.identifier not in chosen]
    return [*first.values(), *others][:most]


def sample_field(
    session: Session,
    structure: Structure,
    feed: Feed,
    field: str,
    rule: Mapping[str, Any],
    window: Sequence[Published],
    base_url: str,
    today: date,
) -> list[FieldSample]:
    """These products through a rule that the feed need not have yet. :class:`~pim.errors.Invalid`
    where the rule, or something else of the feed, does not fit.
    """
    if not window:
        return []
    trial = _Trial(session, structure, feed, base_url)
    spellings = sources_named(rule)
    by_source = {one: trial.reader(field, {"from": [one]})(window) for one in spellings}
    steps = _prefixes(rule)
    by_step = [trial.reader(field, step)(window) for step in steps]
    compiled = compile_feed(
        structure, feed_with(feed, with_rule(feed.mapping, field, rule)), base_url, today
    )
    verdicts = eligibilities(session, compiled, window)
    finished = compiled.mapping.resolve(window)
    return [
        FieldSample(
            product.identifier,
            [SourceSample(one, values[index]) for one, values in by_source.items()],
            [
                StepSample(name_of(step["do"][-1]), values[index])
                for step, values in zip(steps, by_step, strict=True)
            ],
            (verdicts[product.id].listing or finished[index]).get(field),
            [one for one in verdicts[product.id].reasons if one.address == field],
        )
        for index, product in enumerate(window)
    ]


def _prefixes(rule: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rule cut off after each of its operations."""
    operations = rule.get("do", [])
    return [{**rule, "do": operations[: end + 1]} for end in range(len(operations))]


def listings_of(
    session: Session,
    structure: Structure,
    feed: Feed,
    window: Sequence[Published],
    base_url: str,
    today: date,
) -> list[Mapping[str, Any]]:
    """What the feed's mapping and rules make of these products, before the channel's own rules are
    asked. :class:`~pim.errors.Invalid` where one of them does not fit.
    """
    if not window:
        return []
    fields = fields_of(feed)
    mapping = _compiled(structure, feed, feed.mapping, base_url)
    mapping = with_rules(mapping, feed.rules, feed.selection, fields, today)
    mapping.prepare(session, window)
    return list(mapping.resolve(window))


def compare_rules(
    session: Session,
    structure: Structure,
    feed: Feed,
    field: str,
    rule: Mapping[str, Any] | None,
    base_url: str,
    *,
    most: int,
    examples: int,
) -> RuleComparison:
    """What the rule would change of a field for the first ``most`` top products, against the rule
    that the feed has. Products that no channel may see are left out.
    """
    trial = _Trial(session, structure, feed, base_url)
    read_before = trial.reader(field, feed.mapping.get(field))
    read_after = trial.reader(field, rule)
    looked_at = changed = emptied = 0
    shown: list[ChangedValue] = []
    for window in _windows(session, most):
        looked_at += len(window)
        values = zip(window, read_before(window), read_after(window), strict=True)
        for product, old, new in values:
            if old == new:
                continue
            changed += 1
            emptied += new is None
            if len(shown) < examples:
                shown.append(ChangedValue(product.identifier, old, new))
    return RuleComparison(looked_at, changed, emptied, shown)


def count_held(
    session: Session,
    structure: Structure,
    feed: Feed,
    conditions: Sequence[Any],
    base_url: str,
    *,
    most: int,
) -> tuple[int, list[int]]:
    """How many products of the first ``most`` top products channels may see, and for how many of
    them each of these lists of conditions holds. :class:`~pim.errors.Invalid` where one does not
    fit.
    """
    lookup = FeedLookup(structure, feed, base_url)
    compiler = MappingCompiler(lookup)
    try:
        tests = [compile_conditions(one, structure, compiler.source_of_code) for one in conditions]
    except InvalidOperation as refused:
        raise Invalid({"": [refused.message]}) from None
    looked_at, held = 0, [0] * len(tests)
    for window in _windows(session, most):
        for provider in lookup.providers.values():
            provider.prepare(session, window)
        looked_at += len(window)
        for number, test in enumerate(tests):
            held[number] += sum(test(window))
    return looked_at, held


def _windows(session: Session, most: int) -> Iterator[Sequence[Published]]:
    roots = published_products.first_top_products(session, most)
    for start in range(0, len(roots), WINDOW):
        found = _published(session, roots[start : start + WINDOW])
        window = [one for one in found if one.blocked is None]
        if window:
            yield window


def _published(session: Session, roots: Sequence[int]) -> list[Published]:
    if not roots:
        return []
    groups = published_products.published(session, roots)
    return [one for root in sorted(groups) for one in groups[root]]


@dataclass(frozen=True)
class _Trial:
    """Rules tried on products of a feed, one field at a time."""

    session: Session
    structure: Structure
    feed: Feed
    base_url: str

    def reader(self, field: str, rule: Mapping[str, Any] | None) -> FieldValuesReader:
        """What the rule gives for each product of a window; nothing where there is no rule. It is
        compiled once, however many windows are read.
        """
        if rule is None:
            return lambda window: [None] * len(window)
        mapping = _compiled(self.structure, self.feed, {field: rule}, self.base_url)

        def read(window: Sequence[Published]) -> list[Any]:
            mapping.prepare(self.session, window)
            return [listing.get(field) for listing in mapping.resolve(window)]

        return read


def _compiled(
    structure: Structure, feed: Feed, mapping: Mapping[str, Any], base_url: str
) -> CompiledMapping:
    lookup = FeedLookup(structure, feed, base_url)
    return compile_mapping(mapping, fields_of(feed), lookup)
