"""The list of products."""

from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.products import finding, policy, queries
from pim.products.finding import NamedProducts
from pim.products.matching import NO_FAMILY, Filters
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.page import (
    needs,
    principal,
    session,
    show_page,
)
from pim.web.products import columns, listing, walk
from pim.web.products.blueprint import pages
from pim.web.products.column_pages import chosen_columns
from pim.web.products.columns import ListColumn
from pim.web.products.listing import Branch, ListPage, NotUnderstood
from pim.web.products.scope import chosen_scope
from pim.web.products.shared import ScopedPage, families, in_scope


@dataclass(frozen=True)
class ProductListPage(ScopedPage):
    """``found``: the page of the list. ``most``: how far a list is counted. ``asked``: what its
    address says. ``imports``: where files are brought in. ``is_empty``: there is no product at all.
    ``no_family``: what asks for products without one. ``retired``: how many retired products an
    empty list would have if it asked for them. ``not_understood``: why nothing is listed.
    ``is_compact``: whether this browser wants low rows.
    ``columns``: of the table, the name first; ``least_width``: pixels that they take; a column is
    as wide as ``narrowest`` to ``widest``, the name without a width at least ``least_name``.
    ``named``: what became of the SKUs that its address names; None where it names none.
    """

    template = "products/index.html"
    found: ListPage
    most: int
    asked: dict[str, str]
    tree: list[Branch]
    families: list[tuple[str, str]]
    imports: str
    is_filtered: bool
    is_empty: bool
    no_family: str
    retired: int
    not_understood: list[NotUnderstood]
    is_compact: bool
    columns: list[ListColumn]
    least_width: int
    least_name: int
    narrowest: int
    widest: int
    named: NamedProducts | None
    most_named: int


@pages.get("/products")
@needs(Permission.PRODUCTS_VIEW)
def index() -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
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
        tree=listing.tree(structure, request.args.get("category")),
        families=families(structure),
        imports=url_for("imports.index"),
        is_filtered=listing.asked(request.args, scope) != Filters(),
        no_family=NO_FAMILY,
        columns=shown,
        least_width=columns.least_width(shown),
        least_name=columns.LEAST_NAME,
        narrowest=columns.NARROWEST,
        widest=columns.WIDEST,
        is_compact=request.cookies.get("rows") == "compact",
        is_empty=not found.lines and not queries.has_products(session()),
        retired=(
            0 if found.lines else listing.count_retired(session(), structure, request.args, scope)
        ),
        not_understood=not_understood,
        named=_named(structure, listing.named_in(request.args)),
        most_named=finding.MOST_NAMED,
    )
    return show_page(content)


def _named(structure: Structure, items: list[str]) -> NamedProducts | None:
    within = policy.visible(principal(), structure)
    return finding.named(session(), structure, items, within) if items else None
