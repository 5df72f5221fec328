"""Which category of a channel's taxonomy each of our categories stands for, feed by feed.

The pure part is :mod:`pim.taxonomies.category_mapping`. A feed stays with the version of the
taxonomy that its mapping was made with, until somebody moves it to a newer one: a file that is
uploaded changes no feed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.accounts.principals import THE_PROGRAM
from pim.errors import Conflict, Invalid, NotFound, Text, ngettext, text
from pim.feeds.models import Feed
from pim.labels import label
from pim.products.facets import count_by_categories
from pim.structure.objects import Structure
from pim.taxonomies import queries, service
from pim.taxonomies.category_mapping import NODES, TAXONOMY, VERSION, CategoryMapping
from pim.taxonomies.search import suggest_node
from pim.taxonomies.service import TaxonomyUpload
from pim.taxonomies.tree import BETWEEN, TaxonomyTree


def checked(
    session: Session, structure: Structure, said: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The categories of a feed's definition, with the newest version where they name none.
    :class:`Invalid` where taxonomy, version, or a category on either side is not there. A category
    of ours that was there ``before`` may have gone since: nothing more is made of it.
    """
    if not said:
        return {}
    taxonomy = said.get(TAXONOMY)
    given = said.get(NODES) or {}
    if not said.keys() <= {TAXONOMY, VERSION, NODES} or not isinstance(given, Mapping):
        raise _refused(text("Categories have “taxonomy”, “version” and “nodes”."))
    try:
        known = queries.get(session, str(taxonomy))
        version = said.get(VERSION, known.newest)
        if not isinstance(version, int):
            raise _refused(text("A version is a number."))
        tree = queries.tree(session, known.code, version)
    except NotFound as error:
        raise _refused(error.message) from None
    nodes = {str(ours): None if node is None else str(node) for ours, node in given.items()}
    wrong = {
        f"categories.{NODES}.{ours}": complaint
        for ours, node in nodes.items()
        if (complaint := _complaints(structure, tree, ours, node, before.get(NODES, {})))
    }
    if wrong:
        raise Invalid(wrong)
    return {TAXONOMY: known.code, VERSION: version, NODES: nodes}


def _complaints(
    structure: Structure,
    tree: TaxonomyTree,
    ours: str,
    node: str | None,
    before: Collection[str],
) -> list[Text]:
    found: list[Text] = []
    if ours not in structure.categories and ours not in before:
        found.append(text("There is no category “%(code)s”.", code=ours))
    if node is not None and node not in tree.nodes:
        found.append(text("The taxonomy has no category “%(code)s”.", code=node))
    return found


def _refused(sentence: Text) -> Invalid:
    return Invalid({"categories": [sentence]})


def feeds_of(session: Session, taxonomy: str) -> list[Feed]:
    """The feeds that are mapped to it."""
    all_feeds = session.scalars(select(Feed).order_by(Feed.position)).all()
    return [one for one in all_feeds if (one.categories or {}).get(TAXONOMY) == taxonomy]


def lost_in(session: Session, uploaded: TaxonomyUpload) -> dict[str, list[str]]:
    """Feed -> the categories that it uses and a new version no longer has."""
    found: dict[str, list[str]] = {}
    for feed in feeds_of(session, uploaded.code):
        used = {node for node in feed.categories[NODES].values() if node is not None}
        lost = sorted(used & uploaded.vanished.keys())
        if lost:
            found[feed.code] = lost
    return found


def remove_taxonomy(
    session: Session, code: str, now: datetime, *, by: str = THE_PROGRAM.name
) -> None:
    """Forget a taxonomy; :class:`Conflict` while a feed is mapped to it."""
    used_by = feeds_of(session, code)
    if used_by:
        raise Conflict(
            ngettext(
                "A feed is mapped to it: %(feeds)s.",
                "%(num)s feeds are mapped to it: %(feeds)s.",
                len(used_by),
                feeds=tuple(one.label for one in used_by),
            )
        )
    service.remove(session, code, now, by=by)


@dataclass(frozen=True)
class CategoryLine:
    """One of our categories beside the channel's. ``depth``: below the top of the channel's tree.
    ``said_at``: where it was said, None where nothing holds; ``node`` and ``path``: None and "" for
    no category on purpose, or for nothing. ``is_lost``: the version has no such node. ``products``:
    how many stand in this very category.
    """

    code: str
    label: str
    depth: int
    said_at: str | None
    node: str | None
    path: str
    is_lost: bool
    products: int

    @property
    def is_unmapped(self) -> bool:
        return self.said_at is None

    @property
    def is_inherited(self) -> bool:
        return self.said_at not in (None, self.code)


@dataclass(frozen=True)
class CategoryLines:
    """``unmapped``: products of which no category is mapped."""

    lines: Sequence[CategoryLine]
    unmapped: int


def lines_of(session: Session, structure: Structure, feed: Feed) -> CategoryLines:
    """The channel's tree in the feed's language, parents first, each with what holds for it."""
    mapping = CategoryMapping.read(feed.categories)
    tree = _tree_of(session, mapping)
    codes = categories_of_channel(structure, feed.channel)
    counted = count_by_categories(session)
    lines = [_line(structure, feed, mapping, tree, code, counted) for code in codes]
    open_codes = {one.code for one in lines if one.is_unmapped}
    in_channel = set(codes)
    unmapped = sum(
        number
        for own, number in counted.items()
        if (mine := in_channel.intersection(own)) and mine <= open_codes
    )
    return CategoryLines(lines, unmapped)


def _line(
    structure: Structure,
    feed: Feed,
    mapping: CategoryMapping | None,
    tree: TaxonomyTree,
    code: str,
    counted: Mapping[tuple[str, ...], int],
) -> CategoryLine:
    holds = mapping.holds_for(structure, code) if mapping is not None else None
    node = holds.node if holds is not None else None
    is_lost = node is not None and node not in tree.nodes
    return CategoryLine(
        code,
        label(structure.categories[code].labels, feed.locale, code),
        len(structure.path(code)) - 1,
        holds.said_at if holds is not None else None,
        node,
        tree.path(node, feed.locale) if node is not None and not is_lost else "",
        is_lost,
        sum(number for own, number in counted.items() if code in own),
    )


def _tree_of(session: Session, mapping: CategoryMapping | None) -> TaxonomyTree:
    if mapping is None:
        return TaxonomyTree({})
    return queries.tree(session, mapping.taxonomy, mapping.version)


def categories_of_channel(structure: Structure, channel: str) -> list[str]:
    """The categories of a channel's tree (of all trees where it has none), each behind its
    parent.
    """
    tree = structure.channels[channel].tree if channel in structure.channels else None
    wanted = frozenset(structure.categories) if tree is None else structure.below(tree)
    children: dict[str | None, list[str]] = {}
    for category in structure.categories.values():
        if category.code in wanted:
            parent = category.parent if category.parent in wanted else None
            children.setdefault(parent, []).append(category.code)
    ordered: list[str] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting += reversed(children.get(code, []))
    return ordered


@dataclass(frozen=True)
class CategorySuggestion:
    """``likeness``: of 100, of the labels."""

    code: str
    label: str
    node: str
    path: str
    likeness: int


def suggestions(session: Session, structure: Structure, feed: Feed) -> list[CategorySuggestion]:
    """For each category of which nothing was said itself, the one of the channel whose label is
    most like its own. What would only repeat what it inherits is left out.
    """
    mapping = CategoryMapping.read(feed.categories)
    tree = _tree_of(session, mapping)
    if mapping is None:
        return []
    found: list[CategorySuggestion] = []
    tops = {one for one, category in structure.categories.items() if category.parent is None}
    for code in categories_of_channel(structure, feed.channel):
        if code in mapping.nodes or code in tops:
            continue
        labels = [
            label(structure.categories[one].labels, feed.locale, one)
            for one in reversed(structure.path(code))
        ]
        # A label may be a path itself, as flat trees of marketplaces have them.
        steps = [step for one in labels[1:] or labels for step in one.split(BETWEEN)]
        like = suggest_node(tree, steps, feed.locale)
        holds = mapping.holds_for(structure, code)
        if like is None or (holds is not None and holds.node in (None, like.code)):
            continue
        path = tree.path(like.code, feed.locale)
        found.append(CategorySuggestion(code, labels[-1], like.code, path, round(like.likeness)))
    return found


def with_nodes(
    categories: Mapping[str, Any], changes: Mapping[str, str | None], inherit: Collection[str] = ()
) -> dict[str, Any]:
    """The categories of a feed with these said otherwise; of those that ``inherit`` nothing is said
    any more.
    """
    nodes = {**categories.get(NODES, {}), **changes}
    kept = {ours: node for ours, node in nodes.items() if ours not in inherit}
    return {**categories, NODES: kept}
