"""A shop of kettles and gloves whose products go out into a spreadsheet and come back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pim.accounts.principals import COMMAND_LINE
from pim.bulk_edits import selection
from pim.spreadsheets import export
from pim.spreadsheets.columns import SheetStyle, columns_of_everything, columns_of_view
from pim.spreadsheets.files import FileFormat
from pim.spreadsheets.rows import SheetRequest, families_of
from pim.structure import queries as catalog
from pim.structure.objects import Scope
from tests.support.hub import HubDriver

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


@pytest.fixture
def sheets(database: Any, clock: Any, tmp_path: Path) -> Sheets:
    hub = Sheets(database, clock)
    hub.folder = tmp_path
    hub.restructure(STRUCTURE)
    return hub
