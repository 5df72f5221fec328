"""WooCommerce: products and variations for a web shop, by the importer that comes with it.
feeds.md section 12.
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
    Problem,
    Record,
    Spec,
    bare,
    text,
)
from pim.feeds.variant_options import OptionLevel, VariantOptions

SPEC = Spec("feeds.md §12, class-wc-product-csv-importer.php", date(2026, 11, 22))
OPTIONS = VariantOptions(
    [OptionLevel(f"Attribute {level} name", f"Attribute {level} value(s)") for level in (1, 2, 3)]
)
ONE_ZERO = ("1", "0")
DESCRIPTIONS = ("Short description", "Description")
COLUMNS = {
    "Weight": "Weight (kg)",
    "Length": "Length (cm)",
    "Width": "Width (cm)",
    "Height": "Height (cm)",
}
"""What the importer calls a measurement; its unit must be the one of the shop."""
_field = SPEC.field

FIELDS = (
    _field(
        "SKU",
        "required",
        unique="feed",
        meaning="identifier",
        help=text("A product with this SKU that is there already is changed."),
    ),
    _field(
        "Parent",
        meaning="root",
        help=text("The SKU of the product whose variations these are."),
    ),
    _field("GTIN, UPC, EAN, or ISBN", "recommended", "gtin", meaning="gtin"),
    _field(
        "Name",
        "required",
        meaning="product_name",
        help=text("Of variations the one of the first is the product's."),
    ),
    _field(
        "Published",
        kind="choice",
        choices=("1", "0", "-1"),
        help=text("1 published, 0 private, -1 draft."),
    ),
    _field("Is featured?", kind="boolean", choices=ONE_ZERO),
    _field(
        "Visibility in catalog", kind="choice", choices=("visible", "catalog", "search", "hidden")
    ),
    _field("Short description", markup=True),
    _field("Description", markup=True, meaning="description"),
    _field("Date sale price starts", kind="date"),
    _field("Date sale price ends", kind="date"),
    _field("Tax status", kind="choice", choices=("taxable", "shipping", "none")),
    _field("Tax class"),
    _field("In stock?", kind="choice", choices=("1", "0", "backorder")),
    _field("Stock", kind="number", meaning="stock", help=text("Empty, stock is not managed.")),
    _field("Low stock amount", kind="number"),
    _field("Backorders allowed?", kind="choice", choices=("1", "0", "notify")),
    _field("Sold individually?", kind="boolean", choices=ONE_ZERO),
    _field(
        "Weight",
        kind="measurement",
        minimum="0",
        unit="KILOGRAM",
        meaning="weight",
        help=text("In kilograms, as the shop must be set up."),
    ),
    *(
        _field(
            side,
            kind="measurement",
            minimum="0",
            unit="CENTIMETER",
            meaning=side.lower(),
            help=text("In centimetres, as the shop must be set up."),
        )
        for side in ("Length", "Width", "Height")
    ),
    _field("Allow customer reviews?", kind="boolean", choices=ONE_ZERO),
    _field("Purchase note"),
    _field("Sale price", kind="price", meaning="sale_price"),
    _field("Regular price", "required", "price", meaning="price"),
    _field("Categories", repeat=20, cut=True, meaning="category_path"),
    _field("Tags", repeat=100, cut=True),
    _field("Shipping class"),
    _field("Images", kind="picture", repeat=100, cut=True, meaning="pictures"),
    _field("Grouped products", repeat=100),
    _field("Upsells", repeat=100),
    _field("Cross-sells", repeat=100),
    _field("Country of origin", kind="country", meaning="origin"),
    _field("Commodity code", meaning="customs_code"),
    *OPTIONS.fields(SPEC),
)
OF_A_VARIATION = frozenset(
    (
        *("SKU", "GTIN, UPC, EAN, or ISBN", "Published", "Date sale price starts"),
        *("Date sale price ends", "Tax class", "In stock?", "Stock", "Low stock amount"),
        *("Backorders allowed?", "Weight", "Length", "Width", "Height", "Sale price"),
        *("Regular price", "Shipping class", "Images"),
    )
)
OF_VARIATIONS_ALONE = OF_A_VARIATION - {"Published", "Images", "Tax class", "Shipping class"}


class WooCommerce(Exporter):
    code = "woocommerce"
    label = text("WooCommerce")
    purpose = text("web shop")
    fields = FIELDS
    grouped = True
    invalid = "drop"
    example = Example(
        mapping={
            "Published": {"value": "1"},
            "Attribute 1 name": {"value": "Kleur"},
            "Attribute 1 value(s)": {"from": ["color"]},
        },
        consumer="the header of WooCommerce's own sample, and the rules of its importer",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        columns = ["Type", *(COLUMNS.get(field.name, field.name) for field in cls.fields)]
        shown = [
            f"Attribute {level} {what}" for level in (1, 2, 3) for what in ("visible", "global")
        ]
        return Csv([*columns, *shown], ", ", "backslash", key="SKU")

    def items(self, group: Group) -> Iterable[Record]:
        """A product that has variants stands before them, with all values that they have."""
        if group.first.group is None:
            for listing in group:
                yield _row("simple", listing, set(listing) - {"Parent"}) | _options([listing])
            return
        first = group.first
        shared = set(first) - OF_VARIATIONS_ALONE - {"Parent"}
        yield _row("variable", first, shared) | {"SKU": first.root} | _options(list(group))
        for listing in group:
            own = _row("variation", listing, OF_A_VARIATION)
            yield own | {"Name": listing["Name"], "Parent": listing.root} | OPTIONS.filled(listing)

    def check(self, listing: Listing) -> Iterable[Problem]:
        return OPTIONS.check(listing)

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        return OPTIONS.check_group(group)


def _row(kind: str, listing: Listing, names: Iterable[str]) -> dict[str, Any]:
    wanted = set(names) - OPTIONS.names
    return {"Type": kind} | {
        COLUMNS.get(name, name): _value(name, value)
        for name, value in listing.items()
        if name in wanted
    }


def _value(name: str, value: Any) -> Any:
    """In a description the importer reads a backslash and an n as the end of a line."""
    if name in DESCRIPTIONS:
        return value.replace("\\n", "\\\\n").replace("\n", "\\n")
    return bare(value)


def _options(listings: list[Listing]) -> dict[str, Any]:
    """All values of each option, in the order of the variants."""
    columns: dict[str, Any] = {}
    for number, level in enumerate(OPTIONS.levels, 1):
        values = [str(one[level.value]) for one in listings if level.value in one]
        if values and level.name in listings[0]:
            columns |= {
                level.name: listings[0][level.name],
                level.value: list(dict.fromkeys(values)),
                f"Attribute {number} visible": "1",
                f"Attribute {number} global": "1",
            }
    return columns
