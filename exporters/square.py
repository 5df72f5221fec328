"""Square: the item library of a till. The columns are those of an account: its location and tax are
settings. feeds.md section 17.
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
    Option,
    Problem,
    Record,
    Spec,
    bare,
    text,
)
from pim.feeds.variant_options import OptionLevel, VariantOptions

SPEC = Spec("feeds.md §17, Square item library export", date(2026, 11, 22))
OPTIONS = VariantOptions(
    [OptionLevel(f"Option Name {level}", f"Option Value {level}") for level in (1, 2, 3)]
)
YES_NO = ("Y", "N")
_field = SPEC.field

FIELDS = (
    _field("Token", help=text("Square's own number of the variation; empty for a new one.")),
    _field(
        "Item Name",
        "required",
        max_length=255,
        same=True,
        unique="product",
        meaning="product_name",
        help=text(
            "The same for all variants of a model, and of no other product: Square puts what has"
            " one name together."
        ),
    ),
    _field(
        "Variation Name",
        max_length=255,
        help=text("Left out, it is what the options say, or “Regular”."),
    ),
    _field("SKU", "required", unique="feed", meaning="identifier"),
    _field("Description", max_length=60_000, meaning="description"),
    _field("Category", meaning="category_path"),
    _field("GTIN", "recommended", "gtin", in_store=True, meaning="gtin"),
    _field("Square Online Item Visibility", kind="choice", choices=("visible", "hidden")),
    _field("Weight", kind="measurement", minimum="0", unit="KILOGRAM", meaning="weight"),
    _field("Price", "required", "price", meaning="price"),
    _field("Sellable", kind="boolean", choices=YES_NO),
    _field("Stockable", kind="boolean", choices=YES_NO),
    *OPTIONS.fields(SPEC),
    _field("Default Unit Cost", kind="price"),
    _field("Default Vendor Name", max_length=255),
    _field("Default Vendor Code", max_length=255),
    _field("New Quantity", kind="integer", help=text("Sets the stock of the location.")),
    _field("Stock Alert Enabled", kind="boolean", choices=YES_NO),
    _field("Stock Alert Count", kind="integer", minimum="0"),
)
AT_THE_LOCATION = ("New Quantity", "Stock Alert Enabled", "Stock Alert Count")


class Square(Exporter):
    code = "square"
    label = text("Square")
    purpose = text("till")
    fields = FIELDS
    grouped = True
    invalid = "drop"
    options = (
        Option(
            "location",
            text("Location"),
            required=True,
            help=text("Its name in Square: the stock is that of this location."),
        ),
        Option(
            "tax",
            text("Tax"),
            help=text("As Square's own header has it behind “Tax -”; it holds for all items."),
        ),
    )
    example = Example(
        options={"location": "Winkel", "tax": "BTW (21%)"},
        mapping={
            "Option Name 1": {"value": "Kleur"},
            "Option Value 1": {"from": ["color"]},
            "New Quantity": {"from": ["stock"]},
        },
        consumer="Square's own client of the catalogue (squareup), and the header of an export",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Csv(
            list(_columns(options).values()),
            ", ",
            "blank",
            key="SKU",
            group="Item Name",
            alone=(OPTIONS.values[0], ""),
            apart=OPTIONS.values,
        )

    def items(self, group: Group) -> Iterable[Record]:
        columns = _columns(self.context.options)
        for listing in group:
            own = self._variation(listing)
            yield {columns[name]: value for name, value in own.items()}

    def _variation(self, listing: Listing) -> dict[str, Any]:
        usual = " / ".join(option.value for option in OPTIONS.of(listing)) or "Regular"
        values = {name: bare(value) for name, value in listing.items() if name not in OPTIONS.names}
        taxed = {"Tax": "Y"} if self.context.options["tax"] else {}
        return {"Variation Name": usual} | values | OPTIONS.filled(listing) | taxed

    def check(self, listing: Listing) -> Iterable[Problem]:
        return OPTIONS.check(listing)

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        return OPTIONS.check_group(group)


def _columns(options: Mapping[str, Any]) -> dict[str, str]:
    """Field -> the column that this account has for it."""
    location, tax = options.get("location", ""), options.get("tax", "")
    columns = {field.name: field.name for field in FIELDS}
    columns |= {name: f"{name} {location}" for name in AT_THE_LOCATION}
    columns["Weight"] = "Weight (kg)"
    return columns | ({"Tax": f"Tax - {tax}"} if tax else {})
