"""The list of products."""

from dataclasses import dataclass

from flask import request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.products import finding, list_words, policy, queries
from pim.products.conditions import PARAMETER
from pim.products.finding import NamedProducts
from pim.products.matching import NO_FAMILY, Filters
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.page import (
    PageContent,
    go,
    needs,
    principal,
    session,
    show_page,
)
from pim.web.products import chips, columns, listing, views, walk
from pim.web.products.blueprint import LIST, pages
from pim.web.products.chips import FilterChip
from pim.web.products.column_pages import chosen_columns
from pim.web.products.columns import ListColumn
from pim.web.products.heads import SortLink, sort_links
from pim.web.products.listing import CategoryTree, ListPage, NotUnderstood
from pim.web.products.rows import ListRow, make_rows
from pim.web.products.scope import chosen_scope
from pim.web.products.shared import ScopedPage, families, in_scope, visible_product
from pim.web.products.views import ViewTab

LOOKS = ("table", "gallery")
"""How an address says that the list is shown."""


@dataclass(frozen=True)
class ProductListPage(ScopedPage):
    """``found``: the page of the list. ``most``: how far a list is counted. ``asked``: what its
    address says. ``imports``: where files are brought in. ``is_empty``: there is no product at all.
    ``no_family``: what asks for products without one. ``retired``: how many retired products an
    empty list would have if it asked for them. ``not_understood``: why nothing is listed.
    ``is_compact``: whether this browser wants low rows; ``is_gallery``: cards instead of rows.
    ``tabs``: the saved views. ``chips``: the conditions; ``sorts``: by the codes of their columns.
    ``columns``: of the table, the name first; ``least_width``: pixels that they take; a column is
    as wide as ``narrowest`` to ``widest``, the name without a width at least ``least_name``.
    ``named``: what became of the SKUs that its address names; None where it names none.
    """

    template = "products/index.html"
    found: ListPage
    most: int
    asked: dict[str, str]
    tree: CategoryTree
    chips: list[FilterChip]
    sorts: dict[str, SortLink]
    families: list[tuple[str, str]]
    imports: str
    is_filtered: bool
    is_empty: bool
    no_family: str
    retired: int
    not_understood: list[NotUnderstood]
    is_compact: bool
    is_gallery: bool
    tabs: list[ViewTab]
    columns: list[ListColumn]
    least_width: int
    least_name: int
    narrowest: int
    widest: int
    named: NamedProducts | None
    most_named: int


@dataclass(frozen=True)
class VariantRows(PageContent):
    """What stands below a model in the list. ``asked``: what the list's address says."""

    template = "products/list_rows.html"
    lines: list[ListRow]
    columns: list[ListColumn]
    asked: dict[str, str]


@pages.get("/products")
@needs(Permission.PRODUCTS_VIEW)
def index() -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    if begins := views.first_list(session()):
        return go(LIST, **begins)
    not_understood = listing.not_understood(structure, request.args)
    if not not_understood:
        walk.remember()
    shown = chosen_columns(session(), structure)
    found = listing.listing(session(), structure, request.args, scope, shown)
    content = ProductListPage(
        **in_scope(structure, scope),
        found=found,
        most=queries.MOST,
        asked=listing.kept(request.args),
        tree=listing.category_tree(session(), structure, request.args, scope),
        chips=chips.chips(structure, listing.kept(request.args)),
        sorts=_sorts(structure, scope, shown),
        families=families(structure),
        imports=url_for("imports.index"),
        is_filtered=(
            list_words.asked(request.args, scope) != Filters() or PARAMETER in request.args
        ),
        no_family=NO_FAMILY,
        tabs=views.tabs(session()),
        columns=shown,
        least_width=columns.least_width(shown),
        least_name=columns.LEAST_NAME,
        narrowest=columns.NARROWEST,
        widest=columns.WIDEST,
        is_gallery=_is_gallery(),
        is_compact=request.cookies.get("rows") == "compact",
        is_empty=not found.lines and not queries.has_products(session()),
        retired=(
            0 if found.lines else listing.count_retired(session(), structure, request.args, scope)
        ),
        not_understood=not_understood,
        named=_named(structure, list_words.named_in(request.args)),
        most_named=finding.MOST_NAMED,
    )
    return show_page(content)


@pages.get("/product/variants/<identifier:identifier>")
@needs(Permission.PRODUCTS_VIEW)
def variants(identifier: str) -> ResponseReturnValue:
    """The rows below a model, with the columns of the list that it stands in."""
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    model = visible_product(identifier).product
    shown = chosen_columns(session(), structure)
    found = queries.rows_below(session(), model)
    rows = make_rows(session(), structure, scope, shown, found, below=model.identifier)
    return show_page(VariantRows(rows, shown, listing.kept(request.args)))


def _sorts(structure: Structure, scope: Scope, shown: list[ListColumn]) -> dict[str, SortLink]:
    sort = listing.understood_sort(structure, request.args)
    return sort_links(structure, scope, shown, sort, listing.kept(request.args))


def _is_gallery() -> bool:
    """Whether the address asks for cards or, where it does not say, the last one that did."""
    asked = request.args.get("look")
    if asked in LOOKS and cookie.get("look") != asked:
        cookie["look"] = asked
    return cookie.get("look") == "gallery"


def _named(structure: Structure, items: list[str]) -> NamedProducts | None:
    within = policy.visible(principal(), structure)
    return finding.named(session(), structure, items, within) if items else None
