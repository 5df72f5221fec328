"""From the list to a product, on to the next one, and back to the list as it was: the browser's
session remembers what it showed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import session as cookie
from flask import url_for
from sqlalchemy.orm import Session

from pim.products import queries
from pim.products.models import Product
from pim.structure.objects import Scope, Structure
from pim.web.products.listing import KEPT, visible_filters

SHORT = 500
"""Characters that are remembered; a session is a cookie, and cookies are small."""


def remember(arguments: Mapping[str, str]) -> None:
    """The list that is being looked at: its filters and its page."""
    found = {name: arguments[name] for name in (*KEPT, "after", "before") if arguments.get(name)}
    if remembered() != found and sum(map(len, found.values())) <= SHORT:
        cookie["list"] = found


def remembered() -> dict[str, str]:
    """What the address of that list says."""
    found: dict[str, str] = cookie.get("list", {})
    return found


def back() -> str:
    """The address of the list as it was."""
    return url_for("products.index", **remembered())  # type: ignore[arg-type]


def beside(
    session: Session, structure: Structure, scope: Scope, product: Product
) -> tuple[str, str]:
    """The products before and after this one in that list; empty at its ends, and for a variant
    where its model stands for it.
    """
    filters = visible_filters(structure, remembered(), scope)
    if product.parent_id is not None and filters.grouped and not filters.words:
        return "", ""
    newer = queries.page(session, structure, filters, before=product.id, size=1).rows
    older = queries.page(session, structure, filters, after=product.id, size=1).rows
    return _page(newer), _page(older)


def _page(rows: Sequence[Any]) -> str:
    return url_for("products.show", identifier=rows[0].identifier) if rows else ""
