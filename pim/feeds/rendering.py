"""Rendering: products through mapping, check and format into what the feed and its report say of
them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.check import GroupCheck, compile_check, compile_group_check
from pim.feeds.claims import Claims
from pim.feeds.code_version import code_version
from pim.feeds.contract import (
    BuildContext,
    CategoryNode,
    Exporter,
    Group,
    Listing,
    ListingProblem,
    Problem,
)
from pim.feeds.eligibility import Eligibility, EligibilityCheck, compile_eligibility, not_wanted
from pim.feeds.faults import failed, fault_on, faults_of
from pim.feeds.fragments import WIDTH
from pim.feeds.lookup import FeedLookup, complaints_about_place
from pim.feeds.mapping import CompiledMapping, compile_mapping
from pim.feeds.models import Feed
from pim.feeds.options import read_options
from pim.feeds.reports import ReportLine, write_line
from pim.feeds.rules import with_rules
from pim.feeds.selection import ONLY
from pim.feeds.traces import LAYOUT, Tracer, traced_fields
from pim.feeds.worth import WorthSources, worth_sources
from pim.labels import label
from pim.products.published_products import Published
from pim.structure import fingerprints
from pim.structure.objects import Scope, Structure
from pim.workflow import RETIRED


@dataclass(frozen=True)
class CompiledFeed:
    """Everything one build of one feed needs, compiled. ``eligible``: which products may be in
    it, and as what. ``tracer``: what is kept of each product that is in the file. ``worth``: where
    price and stock stand, None where the shop has none. ``claims``: where the feed is known to have
    values that several products share.
    """

    exporter: Exporter
    mapping: CompiledMapping
    eligible: EligibilityCheck
    check_group: GroupCheck | None
    tracer: Tracer
    worth: WorthSources | None
    claims: Claims | None = None


def compile_feed(structure: Structure, feed: Feed, base_url: str, issued: date) -> CompiledFeed:
    """Mapping, options and rules of a feed as closures; :class:`~pim.errors.Invalid` names what
    does not fit.
    """
    if wrong := complaints_about_place(structure, feed):
        raise Invalid(wrong)
    kind = registry.get(feed.exporter)
    lookup = FeedLookup(structure, feed, base_url)
    with faults_of(kind):
        exporter = kind(_context_of(feed, kind, lookup, issued))
        fields = exporter.fields_for(exporter.context.options)
        mapping = compile_mapping(feed.mapping, fields, lookup)
        mapping = with_rules(mapping, feed.rules, feed.selection, fields, issued)
        filled = {**{one: {} for one in mapping.set_by_rules}, **feed.mapping}
        check = compile_check(exporter, mapping.fixed, filled)
    eligible = compile_eligibility(
        structure, lookup.scope, mapping, check, only_complete=feed.only_complete
    )
    varied = filled.keys() - (mapping.fixed.keys() - mapping.set_by_rules)
    tracer = Tracer(traced_fields(exporter.rules, varied))
    check_group, worth = compile_group_check(exporter), worth_sources(lookup)
    return CompiledFeed(exporter, mapping, eligible, check_group, tracer, worth)


def _context_of(
    feed: Feed, exporter: type[Exporter], lookup: FeedLookup, issued: date
) -> BuildContext:
    return BuildContext(
        feed.code,
        feed.label,
        _shop_of(feed.link),
        feed.locale,
        feed.currency,
        issued,
        read_options(exporter, feed.options),
        categories_of(lookup.structure, lookup.scope),
    )


def categories_of(structure: Structure, scope: Scope) -> list[CategoryNode]:
    """The channel's tree in the feed's language, parents first; nothing for a channel without
    one.
    """
    tree = structure.channels[scope.channel].tree
    if tree is None:
        return []
    below = structure.below(tree)
    codes = [code for code in structure.categories if code in below]
    codes.sort(key=lambda code: len(structure.path(code)))
    parents = {structure.categories[code].parent for code in codes}
    return [_category(structure, code, scope.locale, code not in parents) for code in codes]


def _category(structure: Structure, code: str, locale: str, is_leaf: bool) -> CategoryNode:
    category = structure.categories[code]
    shown = label(category.labels, locale, code) if category.labels else code
    return CategoryNode(code, category.parent, shown, is_leaf)


def _shop_of(link: str) -> str:
    """``https://shop.example/p/{identifier}`` -> ``https://shop.example/``."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else link


def fingerprint_of(feed: Feed, compiled: CompiledFeed) -> str:
    """What every fragment of a build depends on besides its product. Where it differs from that of
    the previous build, nothing of that can be copied.

    Of the structure it has what the feed uses: a label counts only where the feed shows it.
    """
    lookup = compiled.mapping.lookup
    definition = [
        [feed.exporter, feed.label, feed.channel, feed.locale, feed.currency, feed.link],
        [feed.options, feed.mapping],
        [feed.rules, feed.selection.get(ONLY), compiled.mapping.named],
        [compiled.worth.price, compiled.worth.stock] if compiled.worth is not None else [],
    ]
    used = fingerprints.of_feed(
        lookup.structure,
        lookup.scope,
        compiled.mapping.made_by(),
        only_complete=feed.only_complete,
    )
    exporter = compiled.exporter
    with faults_of(type(exporter)):
        daily = exporter.daily_part(exporter.context.options, exporter.context.issued)
    return fingerprints.digest(
        [definition, used, daily, code_version(type(exporter)), WIDTH, COUNTING, LAYOUT]
    )


COUNTING = 2
"""Goes up when the products of a report are counted in another way: what a build keeps of it can
then not be copied.
"""


RenderedGroup = tuple[bytes, int, int, int, bytes, bytes, int]
"""What one top product with its variants came to: its bytes in the feed, how many records that is,
how many of its products are left out, though they are not retired, how many are let in with a
warning, its lines of the report, its records of the trace, what those that are not retired are
worth. A plain tuple, for every product of a feed makes one, and between processes one with names
takes ten times as long.
"""
RenderedGroups = dict[int, RenderedGroup]
"""Top product's id -> what it came to."""
NOTHING: RenderedGroup = (b"", 0, 0, 0, b"", b"", 0)


def eligibilities(
    session: Session, compiled: CompiledFeed, window: Sequence[Published]
) -> dict[int, Eligibility]:
    """The verdict on each of these products, by its id."""
    if compiled.exporter.lists_models:
        tops = [_top_model(product) for product in window if product.above]
        compiled.mapping.prepare(session, [*window, *tops])
    else:
        compiled.mapping.prepare(session, window)
    return compiled.eligible(window)


def _top_model(product: Published) -> Published:
    """The topmost model of a variant as a product that can be listed."""
    return product._replace(
        identifier=product.root, model=None, document=product.above[0], above=()
    )


def _listing_of_model(compiled: CompiledFeed, group: Sequence[Published]) -> Listing | None:
    if not group[0].above:
        return None
    (listing,) = compiled.mapping.resolve([_top_model(group[0])])
    return listing


class GroupText(NamedTuple):
    """One top product with its variants: its text, how many records that is, what the report says
    of them, and those that are in the text.
    """

    data: bytes
    items: int
    lines: Sequence[ReportLine]
    listings: Sequence[Listing]


def render_group(
    compiled: CompiledFeed, group: Sequence[Published], verdicts: Mapping[int, Eligibility]
) -> GroupText:
    """One top product with its variants, as the file has them."""
    listings: list[Listing] = []
    lines: list[ReportLine] = []
    for product in group:
        listing, reasons = verdicts[product.id]
        if listing is not None:
            listings.append(listing)
        if reasons:
            lines.append(ReportLine(product.identifier, listing is None, list(reasons)))
    if listings and compiled.check_group is not None:
        listings, unfit = _sorted_out(listings, compiled.check_group(Group(listings)))
        lines += unfit
    if listings and compiled.claims is not None:
        listings, unfit = _sorted_out(listings, compiled.claims.contested(listings))
        lines += unfit
    if not listings:
        return GroupText(b"", 0, _one_line_each(lines), ())
    model = _listing_of_model(compiled, group) if compiled.exporter.lists_models else None
    data, count, left_out = _render_listings(compiled.exporter, listings, model)
    if left_out:
        out = {line.identifier for line in left_out}
        listings = [one for one in listings if one.identifier not in out]
    return GroupText(data, count, _one_line_each(lines + left_out), listings)


def _one_line_each(lines: Sequence[ReportLine]) -> list[ReportLine]:
    """A product that was let in with a doubt and is left out after all has one line."""
    if len(lines) < 2:
        return list(lines)
    found: dict[str, ReportLine] = {}
    for line in lines:
        before = found.get(line.identifier)
        if before is not None:
            excluded = before.excluded or line.excluded
            line = ReportLine(line.identifier, excluded, before.reasons + line.reasons)
        found[line.identifier] = line
    return list(found.values())


def _render_listings(
    exporter: Exporter, listings: Sequence[Listing], model: Listing | None
) -> tuple[bytes, int, list[ReportLine]]:
    try:
        data, count = exporter.render(Group(listings, model))
    except Exception as error:  # an exporter's fault is this product's, never the build's
        return _render_sound_ones(exporter, listings, model, error)
    if count:
        return data, count, []
    return b"", 0, _left_out(listings, not_wanted(type(exporter)))


def _render_sound_ones(
    exporter: Exporter, listings: Sequence[Listing], model: Listing | None, error: Exception
) -> tuple[bytes, int, list[ReportLine]]:
    """The group without those that the exporter breaks on; where it is none of them alone, nothing
    of it.
    """
    lines: list[ReportLine] = []
    sound: list[Listing] = []
    for listing in listings:
        fault = fault_on(listing, lambda one: exporter.render(Group([one], model)))
        if fault is None:
            sound.append(listing)
        else:
            lines += _left_out([listing], fault)
    if not lines:
        return b"", 0, _left_out(listings, failed(error))
    if not sound:
        return b"", 0, lines
    data, count, others = _render_listings(exporter, sound, model)
    return data, count, lines + others


def _left_out(listings: Sequence[Listing], reason: Problem) -> list[ReportLine]:
    return [ReportLine(listing.identifier, True, [reason]) for listing in listings]


def _sorted_out(
    listings: list[Listing], problems: Iterable[ListingProblem]
) -> tuple[list[Listing], list[ReportLine]]:
    """The listings that fit beside others, and what the report says of the rest."""
    reasons: dict[str, list[Problem]] = {}
    for listing, problem in problems:
        reasons.setdefault(listing.identifier, []).append(problem)
    lines: list[ReportLine] = []
    out: set[str] = set()
    for identifier, found in reasons.items():
        if any(problem.is_error for problem in found):
            out.add(identifier)
        lines.append(ReportLine(identifier, identifier in out, found))
    return [one for one in listings if one.identifier not in out], lines


def render_window(
    session: Session, compiled: CompiledFeed, groups: Mapping[int, Sequence[Published]]
) -> RenderedGroups:
    """Everything that the file and its report say of some top products."""
    window = [product for group in groups.values() for product in group]
    verdicts = eligibilities(session, compiled, window)
    rendered: RenderedGroups = {}
    for root in sorted(groups):  # in feed order, for the first one keeps what only one may have
        data, items, lines, listings = render_group(compiled, groups[root], verdicts)
        trace = compiled.tracer.records(root, listings)
        worths = _worths(compiled, groups[root])
        worth = sum(worths.values())
        if not lines:  # nearly all
            rendered[root] = data, items, 0, 0, b"", trace, worth
            continue
        lines = [line._replace(worth=worths.get(line.identifier, 0)) for line in lines]
        excluded = sum(line.excluded and not line.is_retired for line in lines)
        warned = sum(not line.excluded for line in lines)
        report = b"".join(map(write_line, lines))
        rendered[root] = data, items, excluded, warned, report, trace, worth
    return rendered


def _worths(compiled: CompiledFeed, group: Sequence[Published]) -> Mapping[str, int]:
    """Identifier -> worth, of what is not retired."""
    if compiled.worth is None:
        return {}
    worth_of = compiled.worth.of
    return {one.identifier: worth_of(one.document) for one in group if one.blocked != RETIRED}
