"""A shop of lamps and socks, and a driver that edits many of them at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pim.accounts.principals import COMMAND_LINE, Principal
from pim.bulk_edits import forecast, queries, selection, service
from pim.bulk_edits.forecast import Forecaster
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.run import carry_out
from pim.bulk_edits.selection import Selection
from pim.bulk_edits.steps import read_steps
from pim.bulk_edits.undo import take_back
from pim.products.change import Origin, WriteResult
from pim.structure import queries as catalog
from tests.support.hub import HubDriver

SIZES = {code: {"labels": {"en_GB": code.upper()}} for code in ("s", "m")}
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "shop": {"locales": ["nl_NL", "en_GB"], "currencies": ["EUR"], "tree": "all"},
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True, "max_length": 20},
        "brand": {"type": "text"},
        "maker": {"type": "text"},
        "story": {"type": "richtext"},
        "serial": {"type": "text", "unique": True},
        "price": {"type": "price", "decimals": 2},
        "cost": {"type": "price", "decimals": 2},
        "stock": {"type": "number", "owner": "erp", "fact": True},
        "weight": {"type": "measurement", "dimension": "weight", "unit": "KILOGRAM"},
        "colors": {
            "type": "choices",
            "options": {code: {"labels": {"en_GB": code.title()}} for code in ("red", "blue")},
        },
        "size": {"type": "choice", "options": SIZES},
    },
    "families": {
        "lamps": {
            "attributes": [
                *("sku", "name", "brand", "maker", "story", "serial", "price", "cost"),
                *("stock", "weight", "colors"),
            ],
            "label": "name",
            "requirements": {"shop": ["name", "brand"]},
        },
        "socks": {
            "attributes": ["sku", "name", "brand", "price", "size"],
            "label": "name",
            "requirements": {"shop": ["name", "brand"]},
        },
    },
    "variants": {
        "by_size": {
            "family": "socks",
            "labels": {},
            "levels": [{"axes": ["size"], "attributes": ["sku", "price"]}],
        },
    },
    "categories": {
        "all": {"children": {"new": {}, "old": {}, "sale": {}}},
    },
    "associations": {"upsell": {"labels": {}}},
}
UNDO = Origin("revert", "anna", None)


class Bulk(HubDriver):
    """A hub whose products are changed many at once."""

    def lamp(self, identifier: str, **values: Any) -> None:
        """A lamp with these values; ``name_nl_NL`` stands for ``name-nl_NL``."""
        spelled = {
            name.replace("_", "-", 1) if name.count("_") == 2 else name: value
            for name, value in values.items()
        }
        spelled = {name.replace("_EUR", "-EUR"): value for name, value in spelled.items()}
        result = self.edit(identifier, {"family": "lamps", **spelled})
        assert not result.problems

    def sock(self) -> None:
        """A model with two variants."""
        self.model("sock", {"family_variant": "by_size", "brand": "Toe", "name-en_GB": "Sock"})
        for size in ("s", "m"):
            self.edit(f"sock-{size}", {"parent": "sock", "size": size, "price-EUR": "3.00"})

    def begin(
        self,
        identifiers: Sequence[str],
        *steps: Mapping[str, Any],
        principal: Principal | None = None,
    ) -> str:
        """A bulk edit of these products that waits to be carried out."""
        who = principal or COMMAND_LINE
        with self.database.writing() as session:
            structure = catalog.structure(session)
            ids = selection.named(session, structure, who, identifiers)
            products = selection.with_variants(session, ids)
            edit = service.begin(session, Selection(len(ids)), products, who.name, self.clock())
            service.set_steps(session, edit, read_steps(list(steps)))
            return edit.id

    def run(
        self,
        edit_id: str,
        principal: Principal | None = None,
        moment: int | None = None,
        **more: Any,
    ) -> BulkEdit:
        with self.database.writing() as session:
            edit = queries.get(session, edit_id)
            service.confirm(edit, service.seen(edit), moment)
        return carry_out(self.database, edit_id, principal or COMMAND_LINE, self.clock, **more)

    def bulk(
        self,
        identifiers: Sequence[str],
        *steps: Mapping[str, Any],
        principal: Principal | None = None,
    ) -> BulkEdit:
        """A bulk edit from its beginning to its end."""
        return self.run(self.begin(identifiers, *steps, principal=principal), principal)

    def preview(self, edit_id: str, principal: Principal | None = None) -> Forecaster:
        with self.database.reading() as session:
            edit = queries.get(session, edit_id)
            return forecast.of_first(session, edit, principal or COMMAND_LINE, "", self.clock())

    def report(self, edit: BulkEdit) -> list[tuple[str, str, str]]:
        """(identifier, address, rule) of what was left as it was."""
        with self.database.reading() as session:
            return [
                (one.identifier, one.address, one.rule)
                for one in queries.problems(session, edit.id)
            ]

    def undo(self, edit: BulkEdit) -> list[WriteResult]:
        return take_back(self.database, edit.id, UNDO, self.clock)

    def values(self, identifier: str, address: str) -> Any:
        return self.get(identifier).values.get(address)


@pytest.fixture
def bulk(database: Any, clock: Any) -> Bulk:
    hub = Bulk(database, clock)
    hub.restructure(STRUCTURE)
    return hub


def counts(edit: BulkEdit) -> tuple[int, int, int]:
    """changed, unchanged, refused"""
    return edit.changed, edit.unchanged, edit.refused
