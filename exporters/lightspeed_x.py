"""Lightspeed Retail X-Series (formerly Vend): products of a till. Rows with one handle are the
variants of one product. feeds.md section 17.
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

SPEC = Spec("feeds.md §17, x-series-support.lightspeedhq.com", date(2026, 11, 22))
OPTIONS = VariantOptions(
    [
        OptionLevel(f"variant_option_{level}_name", f"variant_option_{level}_value")
        for level in ("one", "two", "three")
    ]
)
ONE_ZERO = ("1", "0")
SIDES = ("length", "width", "height")
AT_THE_OUTLET = ("inventory", "reorder_point", "restock_level")
_field = SPEC.field

FIELDS = (
    _field("id", help=text("Lightspeed's own number of the product; empty for a new one.")),
    _field(
        "handle",
        "required",
        pattern="[a-z0-9-]+",
        same=True,
        unique="product",
        meaning="root",
        help=text("The same for all variants: small letters, digits and dashes."),
        example="city-bike-7",
    ),
    _field("sku", "required", unique="feed", meaning="identifier"),
    _field("composite_name"),
    _field("composite_sku"),
    _field("composite_quantity", kind="number", minimum="0"),
    _field("name", "required", max_length=255, meaning="product_name"),
    _field("description", markup=True, meaning="description"),
    _field("product_category", max_length=50, meaning="family"),
    *OPTIONS.fields(SPEC),
    _field("tags", repeat=100, cut=True),
    _field("active_online", kind="boolean", choices=ONE_ZERO),
    _field("weight", kind="measurement", minimum="0", unit="KILOGRAM", meaning="weight"),
    *(
        _field(side, kind="measurement", minimum="0", unit="CENTIMETER", meaning=side)
        for side in SIDES
    ),
    _field("supply_price", kind="price"),
    _field(
        "retail_price",
        "required",
        "price",
        meaning="price",
        help=text("With or without VAT, as the shop is set up."),
    ),
    _field("tax_name"),
    _field("tax_value", kind="number", minimum="0", maximum="100"),
    _field("account_code"),
    _field("account_code_purchase"),
    _field("brand_name", meaning="brand"),
    _field("supplier_name"),
    _field("supplier_code"),
    _field("active", kind="boolean", choices=ONE_ZERO),
    _field("track_inventory", kind="boolean", choices=ONE_ZERO),
    *(_field(name, kind="integer", minimum="0") for name in AT_THE_OUTLET),
)


class LightspeedX(Exporter):
    code = "lightspeed_x"
    label = text("Lightspeed X-Series")
    purpose = text("till")
    fields = FIELDS
    grouped = True
    invalid = "drop"
    options = (
        Option(
            "outlet",
            text("Outlet"),
            required=True,
            help=text("Its name in Lightspeed: the stock is that of this outlet."),
        ),
    )
    example = Example(
        options={"outlet": "Main Outlet"},
        mapping={
            "handle": {"from": ["$root"], "do": ["slug"]},
            "variant_option_one_name": {"value": "Kleur"},
            "variant_option_one_value": {"from": ["color"]},
            "inventory": {"from": ["stock"]},
        },
        consumer="the header of Lightspeed's own import",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Csv(
            list(_columns(options).values()),
            ",",
            "blank",
            key="sku",
            group="handle",
            alone=(OPTIONS.values[0], ""),
            apart=OPTIONS.values,
        )

    def items(self, group: Group) -> Iterable[Record]:
        columns = _columns(self.context.options)
        for listing in group:
            own = {
                name: bare(value) for name, value in listing.items() if name not in OPTIONS.names
            }
            values = own | OPTIONS.filled(listing) | _units(listing)
            yield {columns[name]: value for name, value in values.items()}

    def check(self, listing: Listing) -> Iterable[Problem]:
        return OPTIONS.check(listing)

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        return OPTIONS.check_group(group)


def _units(listing: Listing) -> dict[str, str]:
    weight = {"weight_unit": "kg"} if "weight" in listing else {}
    has_side = any(side in listing for side in SIDES)
    return weight | ({"dimensions_unit": "cm"} if has_side else {})


def _columns(options: Mapping[str, Any]) -> dict[str, str]:
    """Field -> column, in Lightspeed's order: units follow what they measure, and the outlet's name
    has underscores for blanks.
    """
    outlet = str(options.get("outlet", "")).replace(" ", "_")
    columns: dict[str, str] = {}
    for field in FIELDS:
        columns[field.name] = field.name
        if field.name == "weight":
            columns["weight_unit"] = "weight_unit"
        if field.name == "height":
            columns["dimensions_unit"] = "dimensions_unit"
    return columns | {name: f"{name}_{outlet}" for name in AT_THE_OUTLET}
