"""What goes along from page to page: every link says the channel and locale (``in``), and those
between products also the list they came from (``from``) and the locale beside them (``beside``).

Nothing of it is looked up in the cookie, which all tabs of a browser share.
"""

from typing import Any

from flask import g, has_request_context

from pim.web.navigation import places
from pim.web.products.blueprint import LIST, pages
from pim.web.products.scope import said_scope, spelled
from pim.web.products.walk import spelled_list

GROUPS = frozenset(place.endpoint.partition(".")[0] for place in places()) | {"find"}


@pages.app_url_defaults
def carry(endpoint: str, values: dict[str, Any]) -> None:
    """Completes a link to one of the pages. ``scope``: the one it leads to, where that is not the
    scope of this page.
    """
    scope = values.pop("scope", None)
    group = endpoint.partition(".")[0]
    if group not in GROUPS or not has_request_context():
        return
    values.setdefault("in", (spelled(scope) if scope else g.get("scope") or said_scope()) or None)
    if group == pages.name and endpoint != LIST and values["in"]:
        values.setdefault("from", spelled_list() or None)
        values.setdefault("beside", g.get("beside") or None)
