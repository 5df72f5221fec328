"""A small window of our own: two bikes of one model, a helmet, and a bell that nobody can sell;
rendered for every exporter.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pim.feeds import registry
from pim.feeds.check import compile_check
from pim.feeds.contract import BuildContext, Exporter, Group, Listing, Problem, Totals
from pim.feeds.formats import Assembled
from pim.feeds.mapping import compile_mapping, suggest_mapping
from pim.feeds.options import read_options
from pim.feeds.rendering import categories_of
from tests.support.listing import ListableProduct, lookup_in

GOLDEN = Path(__file__).parent / "golden"

TYPES = {
    "name": "text",
    "description": "richtext",
    "brand": "choice",
    "ean": "gtin",
    "price": "price",
    "weight": "measurement",
    "color": "choice",
    "size": "choice",
    "pictures": "asset",
    "stock": "number",
    "vat": "number",
    "length": "measurement",
    "country_of_origin": "choice",
    "customs_code": "text",
    "availability": "choice",
    "eprel": "text",
    "condition": "choice",
}
LABELS = {"red": "Rood", "blue": "Blauw", "gazelle": "Van Dam & Zn", "s": "S", "m": "M"}


NAMES = {"color": "Kleur", "weight": "Gewicht", "length": "Lengte", "brand": "Merk"}
CHOICES = {code: {"labels": {"nl_NL": label}} for code, label in LABELS.items()}


def definition_of(attribute: str) -> dict[str, Any]:
    """The attribute in a structure file."""
    kind = TYPES[attribute]
    more: dict[str, Any] = {}
    if kind == "choice":
        more["options"] = CHOICES | {code: {} for code in ("NL", "in_stock", "out_of_stock", "new")}
    if kind == "measurement":
        more = {"dimension": "Weight", "unit": "KILOGRAM"}
    if attribute == "length":
        more = {"dimension": "Length", "unit": "METER"}
    if kind == "asset":
        more["multiple"] = True
    if attribute in ("name", "description"):
        more["localizable"] = True
    if attribute in ("ean", "price", "stock", "vat", "availability"):
        more["fact"] = True
    labels = {"nl_NL": NAMES[attribute]} if attribute in NAMES else {}
    return {"type": kind, "labels": labels, **more}


LOOKUP = lookup_in(
    {
        "attributes": {
            "sku": {"type": "identifier"},
            **{attribute: definition_of(attribute) for attribute in TYPES},
        },
        "families": {
            "bikes": {
                "attributes": ["pictures"],
                "picture": "pictures",
                "labels": {"nl_NL": "Fietsen"},
            },
            "helmets": {
                "attributes": ["pictures"],
                "picture": "pictures",
                "labels": {"nl_NL": "helmets"},
            },
        },
        "categories": {
            "shop": {
                "children": {
                    "bikes": {
                        "labels": {"nl_NL": "Fietsen"},
                        "children": {"city": {"labels": {"nl_NL": "Stadsfietsen"}}},
                    },
                    "helmets": {"labels": {"nl_NL": "Helmen"}},
                }
            }
        },
        "channels": {"webshop": {"locales": ["nl_NL"], "currencies": ["EUR"], "tree": "shop"}},
    }
)
"""The webshop in Dutch and euros."""


def bike(identifier: str, color: str, ean: str, *pictures: str) -> ListableProduct:
    document = {
        "name-nl_NL": "Stadsfiets “Zuiderzee” 7 & licht",
        "description-nl_NL": "<p>Rijdt <b>licht</b>; regel 1<br>regel 2 &amp; meer.</p>",
        "brand": "gazelle",
        "ean": ean,
        "price-EUR": "749.00",
        "weight": {"amount": "16.5", "unit": "KILOGRAM"},
        "length": {"amount": "1.85", "unit": "METER"},
        "color": color,
        "pictures": list(pictures),
        "stock": "3",
        "vat": "21",
        "country_of_origin": "NL",
        "customs_code": "87120030",
        "availability": "in_stock",
    }
    return ListableProduct(identifier, document, "ZZ7", family="bikes", categories=("city",))


HELMET = ListableProduct(
    "HELM;1",
    {
        "name-nl_NL": "Helm <zwart>, 58\u00a0cm\x0b",
        "description-nl_NL": 'Zegt "hallo";\ttab en\nregel',
        "brand": "gazelle",
        "ean": "4006381333931",
        "price-EUR": "59.95",
        "pictures": ["helm", "lost"],
        "stock": "0",
        "vat": "0",
        "availability": "out_of_stock",
        "eprel": "1234567",
        "size": "m",
    },
    family="helmets",
    categories=("unknown", "helmets"),
)
BELL = ListableProduct(
    "BEL",
    {"name-nl_NL": "Bel", "ean": "4006381333932", "price-EUR": "0.00"},
    family=None,
    categories=(),
)
PRODUCTS = (
    bike("ZZ7-ROOD", "red", "8712345000011", "a1", "a2", "a3"),
    bike("ZZ7-BLAUW", "blue", "8712345000028", "b1"),
    HELMET,
    BELL,
)


@dataclass
class Built:
    """A file as a build makes it, and why some products are not in it."""

    exporter: Exporter
    path: Path
    records: int
    reasons: dict[str, list[Problem]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")


Build = Callable[..., Built]


@pytest.fixture
def products() -> Sequence[ListableProduct]:
    return PRODUCTS


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """``build("shopify")`` or ``build("google_shopping", {"format": "tsv"})``: head, every product
    that may go, tail.
    """

    def run(
        code: str,
        options: dict[str, Any] | None = None,
        products: Sequence[ListableProduct] = PRODUCTS,
        extra: dict[str, Any] | None = None,
    ) -> Built:
        exporter = _exporter(code, options or {})
        types = {attribute: LOOKUP.type_of(attribute) for attribute in TYPES}
        fields = exporter.fields_for(exporter.context.options)
        mapping = suggest_mapping(fields, types) | dict(exporter.example.mapping)
        mapping |= extra or {}
        compiled = compile_mapping(mapping, fields, LOOKUP)
        check = compile_check(exporter, compiled.fixed, mapping)
        built = Built(exporter, tmp_path / f"feed.{exporter.format.extension}", 0)
        groups: dict[str, list[Listing]] = {}
        for product, listing in zip(products, compiled.resolve(products), strict=True):
            built.reasons[product.identifier] = list(check(listing))
            if not any(reason.is_error for reason in built.reasons[product.identifier]):
                root = listing.root if exporter.grouped else listing.identifier
                groups.setdefault(root, []).append(listing)
        built.records = write_file(
            exporter, [Group(group) for group in groups.values()], built.path
        )
        return built

    return run


def write_file(exporter: Exporter, groups: Sequence[Group], path: Path) -> int:
    """The file as a build writes it; how many items it has."""
    parts = [exporter.render(group) for group in groups]
    items = sum(count for _data, count in parts)
    body = exporter.format.separator.join(data for data, _count in parts if data)
    if isinstance(exporter.format, Assembled):
        frames = path.with_suffix(".frames")
        frames.write_bytes(body)
        assert exporter.format.assemble(frames, path, exporter).items == items
    else:
        path.write_bytes(exporter.head(Totals(0)) + body + exporter.tail(Totals(items)))
    return items


@pytest.fixture
def golden() -> Callable[[Built], str]:
    """The text this file had when somebody last looked at it; ``ETALAGE_GOLDEN=write`` writes it
    anew.
    """

    def read(built: Built) -> str:
        path = GOLDEN / f"{built.exporter.code}.{built.exporter.format.extension}"
        if os.environ.get("ETALAGE_GOLDEN") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(built.path.read_bytes())
        return path.read_text(encoding="utf-8")

    return read


def _exporter(code: str, options: dict[str, Any]) -> Exporter:
    chosen = registry.get(code)
    read = read_options(chosen, dict(chosen.example.options) | options)
    return chosen(
        BuildContext(
            "winter",
            "Winkel & zo",
            "https://shop.example/",
            "nl_NL",
            "EUR",
            date(2026, 11, 22),
            read,
            categories_of(LOOKUP.structure, LOOKUP.scope),
        )
    )
