"""Medusa 2: products and variants for a web shop, by the import of its admin. A column that it does
not know makes it refuse the file. feeds.md section 15.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pim.feeds.contract import (
    Csv,
    Example,
    Exporter,
    Format,
    Group,
    Listing,
    ListingProblem,
    Money,
    Option,
    Problem,
    Record,
    Spec,
    bare,
    text,
)
from pim.feeds.variant_options import OptionLevel, VariantOptions

SPEC = Spec("feeds.md §15, @medusajs/utils CSVNormalizer", date(2026, 11, 22))
OPTIONS = VariantOptions(
    [
        OptionLevel(f"Variant Option {level} Name", f"Variant Option {level} Value")
        for level in (1, 2, 3)
    ]
)
TRUE_FALSE = ("TRUE", "FALSE")
MOST_PICTURES = 20
NUMBERED = ("Product Category", "Product Tag", "Product Sales Channel")
MOST_NUMBERED = 10
LISTS = {"Product Image": MOST_PICTURES} | dict.fromkeys(NUMBERED, MOST_NUMBERED)
IDS = text("By the number that Medusa gave it.")
PRICE = "Variant Price"
ONLY_OPTION = "Title"
"""What Medusa calls the one option of a product without variants."""
_field = SPEC.field

FIELDS = (
    _field(
        "Product Handle",
        "required",
        pattern="[a-z0-9-]+",
        same=True,
        unique="product",
        meaning="root",
        help=text("The same for all variants: small letters, digits and dashes."),
        example="city-bike-7",
    ),
    _field("Product Title", "required", meaning="product_name"),
    _field("Product Subtitle"),
    _field(
        "Product Status",
        kind="choice",
        choices=("draft", "proposed", "published", "rejected"),
    ),
    _field("Product Description", meaning="description"),
    _field("Product External Id"),
    _field("Product Thumbnail", kind="picture", meaning="main_picture"),
    _field("Product Collection Id", help=IDS),
    _field("Product Type Id", help=IDS),
    _field("Product Discountable", kind="boolean", choices=TRUE_FALSE),
    _field("Shipping Profile Id", help=IDS),
    _field("Product Origin Country", kind="country", meaning="origin"),
    _field("Product Hs Code", meaning="customs_code"),
    _field("Product Material", meaning="material"),
    _field(
        "Product Weight",
        kind="measurement",
        minimum="0",
        unit="GRAM",
        meaning="weight",
        help=text("In grams."),
    ),
    *(
        _field(
            f"Product {side}",
            kind="measurement",
            minimum="0",
            unit="MILLIMETER",
            meaning=side.lower(),
            help=text("In millimetres."),
        )
        for side in ("Length", "Width", "Height")
    ),
    _field("Product Image", kind="picture", repeat=MOST_PICTURES, cut=True, meaning="pictures"),
    *(_field(name, repeat=MOST_NUMBERED, cut=True, help=IDS) for name in NUMBERED),
    _field("Variant Sku", "required", unique="feed", meaning="identifier"),
    _field(
        "Variant Title",
        help=text("Left out, it is what the options say, or the title."),
    ),
    _field("Variant Ean", "recommended", "gtin", emit=13, meaning="gtin"),
    _field("Variant Barcode"),
    _field("Variant Manage Inventory", kind="boolean", choices=TRUE_FALSE),
    _field("Variant Allow Backorder", kind="boolean", choices=TRUE_FALSE),
    _field(PRICE, "required", "price", meaning="price"),
    *OPTIONS.fields(SPEC),
)


class Medusa(Exporter):
    code = "medusa"
    label = text("Medusa")
    purpose = text("web shop")
    fields = FIELDS
    grouped = True
    invalid = "drop"
    all_or_nothing = True
    options = (
        Option(
            "currency",
            text("Currency"),
            default="EUR",
            required=True,
            code_list="iso4217",
            help=text("The one of the feed: the column of the price has its name."),
        ),
    )
    example = Example(
        mapping={
            "Product Handle": {"from": ["$root"], "do": ["slug"]},
            "Product Status": {"value": "published"},
            "Variant Manage Inventory": {"value": "TRUE"},
            "Variant Option 1 Name": {"value": "Kleur"},
            "Variant Option 1 Value": {"from": ["color"]},
        },
        consumer="Medusa's own CSVNormalizer (@medusajs/utils)",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        columns: list[str] = []
        for field in cls.fields:
            if field.name in LISTS:
                columns += [f"{field.name} {n}" for n in range(1, LISTS[field.name] + 1)]
            else:
                columns.append(_price(options) if field.name == PRICE else field.name)
        return Csv(
            columns,
            key="Variant Sku",
            group="Product Handle",
            alone=(OPTIONS.levels[0].name, ONLY_OPTION),
            apart=OPTIONS.values,
        )

    def items(self, group: Group) -> Iterable[Record]:
        """Every row has the product's own values, those of the first variant."""
        shared = {
            name: value for name, value in group.first.items() if not name.startswith("Variant ")
        }
        for listing in group:
            variant = {
                name: value for name, value in listing.items() if name.startswith("Variant ")
            }
            options = OPTIONS.of(listing)
            title = " / ".join(one.value for one in options) or listing["Product Title"]
            yield self._row({"Variant Title": title} | shared | variant | _options(options, title))

    def _row(self, values: Mapping[str, Any]) -> Record:
        row: dict[str, Any] = {}
        for name, value in values.items():
            if name in LISTS:
                row |= {f"{name} {number}": one for number, one in enumerate(value, 1)}
            else:
                row[_price(self.context.options) if name == PRICE else name] = bare(value)
        return row

    def check(self, listing: Listing) -> Iterable[Problem]:
        yield from OPTIONS.check(listing)
        price = listing.get(PRICE)
        wanted = self.context.options["currency"]
        if type(price) is Money and price.currency != wanted:
            message = text("The price is not in the setting's currency, %(code)s.", code=wanted)
            yield Problem(PRICE, "currency", message, str(price))

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        return OPTIONS.check_group(group)


def _options(options: list[OptionLevel], title: str) -> dict[str, str]:
    """Medusa wants one option at least, of a product without variants too."""
    pairs = options or [OptionLevel(ONLY_OPTION, title)]
    columns: dict[str, str] = {}
    for level, option in zip(OPTIONS.levels, pairs, strict=False):
        columns |= {level.name: option.name, level.value: option.value}
    return columns


def _price(options: Mapping[str, Any]) -> str:
    return f"{PRICE} {options.get('currency') or 'EUR'}"
