"""A shop whose pictures have texts of their own, and editing one of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pim.accounts.principals import COMMAND_LINE, Principal
from pim.db import Database
from pim.products import service
from pim.products.change import Origin, ProductInput, WriteResult
from pim.products.stores import ASSETS
from pim.values import ReadValues

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "de_DE"],
    "currencies": ["EUR"],
    "channels": {
        "webshop": {"locales": ["nl_NL", "de_DE"], "currencies": ["EUR"]},
        "till": {"locales": ["nl_NL"], "currencies": ["EUR"]},
    },
    "groups": {"texts": {}, "rights": {}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True},
        "pictures": {"type": "asset", "multiple": True},
        "title": {"type": "text", "group": "texts"},
        "alt_text": {"type": "text", "localizable": True, "group": "texts", "max_length": 100},
        "copyright": {"type": "text", "group": "rights", "owner": "agency", "filterable": True},
        "licence_number": {"type": "text", "group": "rights", "unique": True},
        "expires": {"type": "date", "group": "rights"},
    },
    "families": {
        "bags": {"attributes": ["sku", "name", "pictures"], "label": "name"},
        "photo": {
            "kind": "asset",
            "labels": {"en_GB": "Photo"},
            "attributes": ["title", "alt_text", "copyright", "licence_number", "expires"],
            "label": "title",
            "requirements": {"webshop": ["alt_text", "copyright"]},
        },
    },
}


def edit(
    shop: Database,
    code: str,
    values: Mapping[str, Any],
    *,
    principal: Principal = COMMAND_LINE,
    kind: str = "user",
    reference: str | None = None,
    base: int | None = None,
) -> WriteResult:
    """Give an asset values, as the hub unless another principal is named."""
    origin = Origin.by(principal, kind, reference)
    given = ProductInput(code, ReadValues(values), "asset", base=base)
    with shop.writing() as session:
        return service.write(session, [given], origin, NOW, ASSETS)[0]
