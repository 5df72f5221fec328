"""A shop of kettles and gloves whose products go out into a spreadsheet and come back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pim.accounts.principals import COMMAND_LINE, Principal
from pim.bulk_edits import queries, selection
from pim.bulk_edits import service as bulk
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.run import carry_out
from pim.products import service
from pim.products.change import ProductInput
from pim.row_reader import read_form
from pim.spreadsheets import bring_back, export
from pim.spreadsheets.columns import (
    SKU,
    SheetStyle,
    address_in,
    columns_of_everything,
    columns_of_view,
)
from pim.spreadsheets.files import FileFormat
from pim.spreadsheets.rows import SheetRequest, families_of
from pim.structure import queries as catalog
from pim.structure.objects import Scope
from pim.values import without
from tests.support import workbooks
from tests.support.hub import HUB, HubDriver

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR", "JPY"],
    "channels": {
        "shop": {"locales": ["nl_NL", "en_GB"], "currencies": ["EUR", "JPY"], "tree": "all"},
        "till": {"locales": ["nl_NL"], "currencies": ["EUR"]},
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {
            "type": "text",
            "localizable": True,
            "labels": {"en_GB": "Name", "nl_NL": "Naam"},
        },
        "teaser": {"type": "text", "localizable": True, "scopable": True},
        "story": {"type": "richtext"},
        "code": {"type": "text"},
        "price": {"type": "price", "labels": {"en_GB": "Price", "nl_NL": "Prijs"}},
        "stock": {"type": "number", "owner": "erp", "fact": True},
        "ratio": {"type": "number"},
        "weight": {
            "type": "measurement",
            "dimension": "weight",
            "unit": "KILOGRAM",
            "labels": {"en_GB": "Weight", "nl_NL": "Gewicht"},
        },
        "since": {"type": "date"},
        "boxed": {"type": "boolean"},
        "ean": {"type": "gtin"},
        "color": {
            "type": "choice",
            "labels": {"en_GB": "Colour"},
            "options": {
                "red": {"labels": {"en_GB": "Red", "nl_NL": "Rood"}},
                "blue": {"labels": {"en_GB": "Blue, deep", "nl_NL": "Blauw"}},
                "sky": {"labels": {"en_GB": "Light", "nl_NL": "Licht"}},
                "ice": {"labels": {"en_GB": "Light", "nl_NL": "IJs"}},
                "bare": {},
            },
        },
        "uses": {
            "type": "choices",
            "options": {
                "tea": {"labels": {"en_GB": "Tea"}},
                "soup": {"labels": {"en_GB": 'Soup, "thick"'}},
            },
        },
        "fits": {"type": "link", "multiple": True},
        "size": {"type": "choice", "options": {"s": {}, "m": {}}},
    },
    "families": {
        "kettles": {
            "labels": {"en_GB": "Kettles", "nl_NL": "Ketels"},
            "attributes": [
                *("sku", "name", "teaser", "story", "code", "price", "stock", "ratio", "weight"),
                *("since", "boxed", "ean", "color", "uses", "fits"),
            ],
            "label": "name",
            "requirements": {"shop": ["name", "code"]},
        },
        "gloves": {
            "labels": {"en_GB": "Gloves"},
            "attributes": ["sku", "name", "code", "price", "color", "size"],
            "label": "name",
        },
    },
    "variants": {
        "by_size": {"family": "gloves", "levels": [{"axes": ["size"], "attributes": ["sku"]}]},
    },
    "categories": {
        "all": {
            "children": {
                "hot": {"labels": {"en_GB": "Hot"}},
                "cold": {"labels": {"en_GB": "Cold, icy"}},
            }
        },
    },
    "associations": {"upsell": {"labels": {"en_GB": "Goes with"}}},
}
SHOP = Scope("shop", "nl_NL")


class Sheets(HubDriver):
    """A hub whose products are changed in spreadsheets, which lie in a folder."""

    folder: Path

    def kettle(self, identifier: str, **values: Any) -> None:
        """A kettle; ``name_nl`` stands for ``name-nl_NL``, ``price`` for ``price-EUR``."""
        spelled = {"name_nl": "name-nl_NL", "name_en": "name-en_GB", "price": "price-EUR"}
        named = {spelled.get(name, name): value for name, value in values.items()}
        assert not self.edit(identifier, {"family": "kettles", **named}).problems

    def gloves(self) -> None:
        """A model with two variants."""
        self.model("G", {"family_variant": "by_size", "name-nl_NL": "Want", "color": "red"})
        for size in ("s", "m"):
            self.edit(f"G-{size}", {"parent": "G", "size": size})

    def export(
        self,
        *identifiers: str,
        format_: FileFormat = "xlsx",
        language: str = "",
        columns: Sequence[str] = (),
        scope: Scope = SHOP,
    ) -> Path:
        """The file of these products, models with their variants; ``columns``: () for all."""
        with self.database.reading() as session:
            structure = catalog.structure(session)
            found = selection.named(session, structure, COMMAND_LINE, identifiers)
            ids = selection.with_variants(session, found).ids
            families = families_of(session, ids)
            addresses = (
                columns_of_view(structure, columns, scope, families)
                if columns
                else columns_of_everything(structure, families)
            )
        wanted = SheetRequest(ids, addresses, scope, SheetStyle(language))
        path = self.folder / f"out.{format_}"
        export.write(self.database, wanted, path, format_)
        return path

    def value(self, identifier: str, address: str) -> Any:
        return self.get(identifier).values.get(address)

    def type_in(self, identifier: str, values: dict[str, str], kind: Any = "product") -> None:
        """Values as somebody types them into a form; what is refused there is left out."""
        with self.database.writing() as session:
            structure = catalog.structure(session)
            read, problems = read_form(structure, values)
            wrong = {one.address for one in problems}
            taken = without(read, wrong)
            one = ProductInput(identifier, taken, kind, cell_by_cell=True)
            service.write(session, [one], HUB, self.clock())

    def bring_back(self, path: Path, principal: Principal = COMMAND_LINE) -> str:
        """Read a file that comes back; the bulk edit that it became."""
        with self.database.writing() as session:
            edit_id = bring_back.begin(session, path.name, "anna", self.clock()).id
        bring_back.read_file(self.database, edit_id, path, principal)
        return edit_id

    def read_again(self, edit_id: str, path: Path) -> None:
        bring_back.read_file(self.database, edit_id, path, COMMAND_LINE)

    def compared(self, path: Path) -> tuple[list[Any], list[Any]]:
        """(SKU, address, old, new) of what was changed in a file, and (row, SKU, column, rule) of
        what cannot be taken.
        """
        edit_id = self.bring_back(path)
        return self.changes(edit_id), self.left(edit_id)

    def changes(self, edit_id: str) -> list[Any]:
        with self.database.reading() as session:
            found = bring_back.changes(session, edit_id)
            return [(one.identifier, one.address, one.old, one.new) for one in found]

    def left(self, edit_id: str) -> list[Any]:
        """Without what is said of columns that only tell something."""
        with self.database.reading() as session:
            return [
                (one.line, one.identifier, one.column, one.rule)
                for one in queries.problems(session, edit_id)
                if one.rule != "telling"
            ]

    def apply(self, edit_id: str, principal: Principal = COMMAND_LINE) -> BulkEdit:
        with self.database.writing() as session:
            edit = queries.get(session, edit_id)
            bulk.confirm(edit, bulk.seen(edit))
        return carry_out(self.database, edit_id, principal, self.clock)

    def change(self, path: Path, changes: dict[tuple[str, str], Any]) -> Path:
        """Open the workbook, put these values at (SKU, column), and save it."""
        head, *rows = workbooks.opened(path)
        places = {address_in(header): place for place, header in enumerate(head)}
        for row in rows:
            for (sku, address), value in changes.items():
                if row[places[SKU]] == sku:
                    row[places[address]] = value
        return self.save(head, *rows)

    def save(self, *rows: list[Any]) -> Path:
        changed = self.folder / "changed.xlsx"
        changed.write_bytes(workbooks.saved(list(rows)))
        return changed


@pytest.fixture
def sheets(database: Any, clock: Any, tmp_path: Path) -> Sheets:
    hub = Sheets(database, clock)
    hub.folder = tmp_path
    hub.restructure(STRUCTURE)
    return hub
