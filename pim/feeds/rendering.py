"""Rendering: products through mapping, check and format into what the feed and its report say of
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import orjson
from sqlalchemy.orm import Session

from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.check import compile_check, missing
from pim.feeds.code_version import code_version
from pim.feeds.contract import BuildContext, Exporter, Listing, Missing, Problem
from pim.feeds.eligibility import Eligibility, EligibilityCheck, compile_eligibility, not_wanted
from pim.feeds.fragments import WIDTH
from pim.feeds.lookup import FeedLookup, complaints_about_place
from pim.feeds.mapping import CompiledMapping, compile_mapping
from pim.feeds.models import Feed
from pim.feeds.options import read_options
from pim.products.queries import Published
from pim.structure import fingerprints
from pim.structure.objects import Structure


@dataclass(frozen=True)
class CompiledFeed:
    """Everything one build of one feed needs, compiled. ``eligible``: which products may be in
    it, and as what.
    """

    exporter: Exporter
    mapping: CompiledMapping
    eligible: EligibilityCheck


def compile_feed(structure: Structure, feed: Feed, base_url: str, issued: date) -> CompiledFeed:
    """Mapping, options and rules of a feed as closures; :class:`~pim.errors.Invalid` names what
    does not fit.
    """
    if wrong := complaints_about_place(structure, feed):
        raise Invalid(wrong)
    kind = registry.get(feed.exporter)
    options = read_options(kind, feed.options)
    exporter = kind(
        BuildContext(
            feed.code, feed.label, _shop_of(feed.link), feed.locale, feed.currency, issued, options
        )
    )
    lookup = FeedLookup(structure, feed, base_url)
    mapping = compile_mapping(feed.mapping, exporter.fields, lookup)
    check = compile_check(exporter, mapping.fixed, feed.mapping)
    eligible = compile_eligibility(structure, lookup.scope, mapping.resolve, check)
    return CompiledFeed(exporter, mapping, eligible)


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
    ]
    used = fingerprints.of_feed(lookup.structure, lookup.scope, compiled.mapping.made_by())
    return fingerprints.digest([definition, used, code_version(type(compiled.exporter)), WIDTH])


ReportEntry = tuple[str, bool, Sequence[Problem]]
"""identifier, is it left out, reasons"""


RenderedGroup = tuple[bytes, int, int, int, bytes]
"""One top product's text in the feed, how many records that is, how many products are left out, how
many have warnings, and its lines of the report.
"""
RenderedGroups = dict[int, RenderedGroup]
"""Top product's id -> its part."""
NOTHING: RenderedGroup = (b"", 0, 0, 0, b"")


def eligibilities(
    session: Session, compiled: CompiledFeed, window: Sequence[Published]
) -> dict[int, Eligibility]:
    """The verdict on each of these products, by its id."""
    compiled.mapping.prepare(session, window)
    return compiled.eligible(window)


def render_group(
    compiled: CompiledFeed, group: Sequence[Published], verdicts: Mapping[int, Eligibility]
) -> tuple[str, int, list[ReportEntry]]:
    """The text of one top product with its variants, how many records that is, and what the report
    says of them.
    """
    listings: list[Listing] = []
    lines: list[ReportEntry] = []
    for product in group:
        listing, reasons = verdicts[product.id]
        if listing is not None:
            listings.append(listing)
        if reasons:
            lines.append((product.identifier, listing is None, reasons))
    if not listings:
        return "", 0, lines
    try:
        text, count = compiled.exporter.render(listings)
    except Missing as absent:
        text, count = "", 0
        lines += [(listing.identifier, True, [missing(absent.field)]) for listing in listings]
    else:
        if count == 0:
            lines += [
                (listing.identifier, True, [not_wanted(type(compiled.exporter))])
                for listing in listings
            ]
    return text, count, lines


def render_window(
    session: Session, compiled: CompiledFeed, groups: Mapping[int, Sequence[Published]]
) -> RenderedGroups:
    """Everything that the file and its report say of some top products."""
    verdicts = eligibilities(session, compiled, [one for group in groups.values() for one in group])
    rendered: RenderedGroups = {}
    for root, group in groups.items():
        text, items, lines = render_group(compiled, group, verdicts)
        excluded = sum([out for _, out, _ in lines]) if lines else 0
        report = b"".join([_report_line(line) for line in lines]) if lines else b""
        rendered[root] = text.encode(), items, excluded, len(lines) - excluded, report
    return rendered


def _report_line(line: ReportEntry) -> bytes:
    """One line of JSON: identifier, whether it is left out, and [field, rule, value, sentence,
    parts, blocks] per reason.
    """
    identifier, out, reasons = line
    spelled = [
        [one.address, one.rule, one.value, one.message.msgid, dict(one.message.parts), one.is_error]
        for one in reasons
    ]
    return orjson.dumps([identifier, out, spelled], default=str, option=orjson.OPT_APPEND_NEWLINE)
