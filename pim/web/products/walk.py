"""From the list to a product, on to the next one, and back to the list as it was: every address
says which list that is (``from=status=review``).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for
from flask import session as cookie
from sqlalchemy.orm import Session

from pim.http.once import once_per_request
from pim.products import queries
from pim.products.models import Product
from pim.structure.objects import Scope, Structure
from pim.web.products.blueprint import LIST
from pim.web.products.listing import KEPT, understood_sort, visible_filters
from pim.web.products.scope import said_scope

SHORT = 500
"""Characters that are remembered; a session is a cookie, and cookies are small."""


def remember() -> None:
    """Keeps the list that is being looked at, for a tab that begins with a product."""
    found = said_list()
    if cookie.get("list", {}) != found and sum(map(len, found.values())) <= SHORT:
        cookie["list"] = found


def said_list() -> dict[str, str]:
    """The filters and the page of the list: its own address says them, others in ``from``."""
    if request.endpoint == LIST:
        return _known(request.args)
    if "from" in request.args or said_scope():
        return _known(dict(parse_qsl(request.args.get("from", ""))))
    return _known(cookie.get("list", {}))


def _known(arguments: Mapping[str, str]) -> dict[str, str]:
    return {name: arguments[name] for name in (*KEPT, "after", "before") if arguments.get(name)}


@once_per_request
def spelled_list() -> str:
    """The list as an address says it in ``from``."""
    return urlencode(said_list(), safe=",")


def back() -> str:
    """The address of the list as it was."""
    return url_for(LIST, **said_list())  # type: ignore[arg-type]


def beside(
    session: Session, structure: Structure, scope: Scope, product: Product
) -> tuple[str, str]:
    """The products before and after this one in that list; empty at its ends, and for a variant
    where its model stands for it.
    """
    filters = visible_filters(structure, said_list(), scope)
    if product.parent_id is not None and filters.hides_variants(structure):
        return "", ""
    sort = understood_sort(structure, said_list())
    newer = queries.page(session, structure, filters, before=product.id, size=1, sort=sort).rows
    older = queries.page(session, structure, filters, after=product.id, size=1, sort=sort).rows
    return _page(newer), _page(older)


def _page(rows: Sequence[Any]) -> str:
    return url_for("products.show", identifier=rows[0].identifier) if rows else ""
