"""Which category of the channel each of ours stands for: our tree beside the channel's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Conflict, Invalid, Text, ngettext, text
from pim.feeds import categories, editing, registry, service
from pim.feeds.categories import CategoryLine, CategorySuggestion
from pim.feeds.combining import sources_named
from pim.feeds.mapping import UNMAPPED
from pim.feeds.models import Feed
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.taxonomies import queries as taxonomies
from pim.taxonomies.category_mapping import NODES, TAXONOMY, VERSION, CategoryMapping
from pim.taxonomies.models import Taxonomy
from pim.taxonomies.search import find_nodes
from pim.taxonomies.tree import BETWEEN
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.page import PageContent, go, needs, now, person, say, session, show_page

PART = "categories"
FOUND = 30
"""Categories of the channel that a search shows."""
MEANING = "google_category"
SOURCES = frozenset({"$channel_category", "$channel_category_path"})


@dataclass(frozen=True)
class FoundNode:
    """A category of the channel that a search found. ``is_chosen``: it is mapped so already."""

    code: str
    path: str
    is_chosen: bool


@dataclass(frozen=True)
class NewerVersion:
    """A version that the feed has not gone over to. ``lost``: our categories whose category of the
    channel it no longer has.
    """

    number: int
    lost: Sequence[str]


@dataclass(frozen=True)
class CategoriesPage(PageContent):
    """``lines``: our tree, or what of it is not mapped (``shows_unmapped``). ``gaps``: categories
    that are not mapped; ``unmapped``: products in them alone, ``unmapped_url``: the report of the
    published build with them, "" where it has none. ``chosen``: the category that is being mapped,
    None for none; ``found``: what ``asked`` finds. ``filled`` and ``fillable``: fields of the
    channel that take the category, or that could.
    """

    template = "feeds/categories.html"
    glance: FeedGlance
    taxonomy: Taxonomy | None
    version: int
    newer: NewerVersion | None
    offered: Sequence[Taxonomy]
    lines: Sequence[CategoryLine]
    labels: Mapping[str, str]
    gaps: int
    unmapped: int
    unmapped_url: str
    shows_unmapped: bool
    chosen: CategoryLine | None
    asked: str
    found: Sequence[FoundNode]
    suggestions: Sequence[CategorySuggestion] | None
    seen: str
    filled: Sequence[str]
    fillable: Sequence[str]
    wrong: Sequence[Text]


@dataclass(frozen=True)
class FoundNodesPart(PageContent):
    """What a search found, while one types."""

    template = "feeds/found_nodes.html"
    found: Sequence[FoundNode]
    asked: str


@pages.get("/feeds/<code>/categories")
@needs(Permission.FEEDS_VIEW)
def show_categories(code: str) -> ResponseReturnValue:
    return show_page(_page(service.get(session(), code)))


@pages.get("/feeds/<code>/categories/found")
@needs(Permission.FEEDS_VIEW)
def find_categories(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    asked, at = request.args.get("q", ""), request.args.get("at", "")
    structure = catalog.structure(session())
    return show_page(FoundNodesPart(_found(structure, feed, at, asked), asked))


@pages.post("/feeds/<code>/categories")
@needs(Permission.FEEDS_CONFIGURE)
def map_category(code: str) -> ResponseReturnValue:
    """Maps one category: to a ``node``, to none on purpose or as the one above it (``do``)."""
    feed = service.get(session(), code)
    at, node = request.form.get("at", ""), request.form.get("node", "")
    if request.form.get("do") == "inherit":
        changed = categories.with_nodes(feed.categories, {}, inherit=[at])
    elif request.form.get("do") == "none":
        changed = categories.with_nodes(feed.categories, {at: None})
    else:
        changed = categories.with_nodes(feed.categories, {at: node})
    return _save(code, changed, text("Saved. The next build goes by it."), at=at)


@pages.post("/feeds/<code>/categories/suggested")
@needs(Permission.FEEDS_CONFIGURE)
def take_suggestions(code: str) -> ResponseReturnValue:
    """Maps the categories that are ticked, or the ``only`` one, as it was suggested."""
    feed = service.get(session(), code)
    pairs = request.form.getlist("only") or request.form.getlist("pair")
    taken = dict(pair.partition("=")[::2] for pair in pairs)
    done = ngettext("%(num)s category is mapped.", "%(num)s categories are mapped.", len(taken))
    return _save(code, categories.with_nodes(feed.categories, dict(taken)), done)


@pages.post("/feeds/<code>/categories/taxonomy")
@needs(Permission.FEEDS_CONFIGURE)
def choose_taxonomy(code: str) -> ResponseReturnValue:
    """Maps to another taxonomy, from nothing, or to another version of this one: what that no
    longer has is not mapped any more.
    """
    feed = service.get(session(), code)
    taxonomy = request.form.get("taxonomy", "")
    number = request.form.get("version", type=int)
    said: dict[str, Any] = {TAXONOMY: taxonomy, NODES: {}} if taxonomy else {}
    if taxonomy and taxonomy == feed.categories.get(TAXONOMY):
        number = number or feed.categories[VERSION]
        nodes, lost = feed.categories.get(NODES, {}), _newer(feed, number).lost
        kept = {ours: node for ours, node in nodes.items() if ours not in lost}
        said = {TAXONOMY: taxonomy, VERSION: number, NODES: kept}
    return _save(code, said, text("Saved. The next build goes by it."))


def _save(
    code: str, changed: Mapping[str, Any], done: Text, *, at: str = ""
) -> ResponseReturnValue:
    before, seen = newest_version(code), request.form.get("seen", "")
    only = request.form.get("show") or None
    try:
        editing.change_part(session(), code, PART, dict(changed), seen, now(), by=person().email)
    except (Conflict, Invalid) as error:
        said = error.sentences if isinstance(error, Invalid) else [error.message]
        status = 422 if isinstance(error, Invalid) else 409
        here = url_for("feeds.show_categories", code=code)
        return show_page(_page(service.get(session(), code), said), status, at=here)
    say(done, undo=way_back(code, before))
    anchor = f"category-{at}" if at else None
    return go("feeds.show_categories", code=code, show=only, at=at or None, _anchor=anchor)


def _page(feed: Feed, wrong: Sequence[Text] = ()) -> CategoriesPage:
    structure = catalog.structure(session())
    mapping = CategoryMapping.read(feed.categories)
    taxonomy = taxonomies.get(session(), mapping.taxonomy) if mapping is not None else None
    listed = categories.lines_of(session(), structure, feed)
    shows_unmapped = request.values.get("show") == "unmapped"
    at = request.values.get("at", "")
    chosen = next((one for one in listed.lines if one.code == at), None) if mapping else None
    own_label = chosen.label.split(BETWEEN)[-1] if chosen is not None else ""
    asked = request.args.get("q", own_label).strip()
    is_newer = taxonomy is not None and mapping is not None and taxonomy.newest > mapping.version
    filled = [name for name, rule in feed.mapping.items() if SOURCES & set(_sources(rule))]
    suggests = "suggest" in request.args
    return CategoriesPage(
        glance(structure, feed),
        taxonomy,
        mapping.version if mapping is not None else 0,
        _newer(feed, taxonomy.newest) if taxonomy is not None and is_newer else None,
        taxonomies.taxonomies(session()),
        [one for one in listed.lines if one.is_unmapped or not shows_unmapped],
        {one.code: one.label for one in listed.lines},
        sum(one.is_unmapped for one in listed.lines),
        listed.unmapped,
        _unmapped_url(feed, filled),
        shows_unmapped,
        chosen,
        asked,
        _found(structure, feed, at, asked) if chosen is not None else [],
        categories.suggestions(session(), structure, feed) if suggests else None,
        editing.print_of(feed.categories),
        filled,
        [] if filled else _fillable(feed),
        wrong,
    )


def _sources(rule: Any) -> Sequence[str]:
    return sources_named(rule) if isinstance(rule, Mapping) else ()


def _fillable(feed: Feed) -> list[str]:
    """Fields for the channel's own category: by their meaning, or else by what they are called."""
    fields = registry.get(feed.exporter).fields
    meant = [one.name for one in fields if one.meaning == MEANING]
    return meant or [one.name for one in fields if "categor" in one.name.lower()]


def _found(structure: Structure, feed: Feed, at: str, asked: str) -> list[FoundNode]:
    mapping = CategoryMapping.read(feed.categories)
    if mapping is None:
        return []
    tree = taxonomies.tree(session(), mapping.taxonomy, mapping.version)
    now_mapped = mapping.holds_for(structure, at)
    node = now_mapped.node if now_mapped is not None else None
    return [
        FoundNode(one, tree.path(one, feed.locale), one == node)
        for one in find_nodes(tree, asked, feed.locale, FOUND)
    ]


def _newer(feed: Feed, number: int) -> NewerVersion:
    tree = taxonomies.tree(session(), feed.categories[TAXONOMY], number)
    nodes = feed.categories.get(NODES, {})
    lost = [one for one, node in nodes.items() if node is not None and node not in tree.nodes]
    return NewerVersion(number, lost)


def _unmapped_url(feed: Feed, filled: Sequence[str]) -> str:
    if feed.published is None or not filled:
        return ""
    return url_for(
        "feeds.report",
        code=feed.code,
        build_id=feed.published,
        rule=UNMAPPED,
        field=filled[0],
    )
