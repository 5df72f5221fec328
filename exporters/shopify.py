"""Shopify: products and variants for a web shop and Shopify POS, the current 57-column template.
feeds.md section 11.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import zip_longest
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
from pim.feeds.variant_options import NOTE, OptionLevel, VariantOptions

SPEC = Spec(
    "feeds.md §11, help.shopify.com “Using CSV files to import and export products”",
    date(2026, 11, 22),
)
YES_NO = ("TRUE", "FALSE")
GOOGLE = "Google Shopping / "


_field = SPEC.field
OPTIONS = VariantOptions(
    [OptionLevel(f"Option{level} name", f"Option{level} value") for level in (1, 2, 3)]
)


# In the order of the template: the header is made of these names.
FIELDS = (
    _field(
        "Title",
        "required",
        max_length=255,
        meaning="product_name",
        help=text("Written on the product's first row only."),
    ),
    _field(
        "URL handle",
        "required",
        pattern="[A-Za-z0-9-]+",
        unique="product",
        same=True,
        meaning="root",
        help=text("Equal for all variants: letters, digits and dashes."),
        example="city-bike-7",
    ),
    _field(
        "Description", "recommended", meaning="description", markup=True, help=text("May be HTML.")
    ),
    _field("Vendor", "recommended", max_length=255, meaning="brand"),
    _field("Product category", help=text("Path or number in Shopify's own tree.")),
    _field("Type", max_length=255, meaning="family"),
    _field("Tags", repeat=250, cut=True),
    _field("Published on online store", kind="boolean", choices=YES_NO),
    _field("Status", "recommended", "choice", choices=("Active", "Draft", "Archived")),
    _field("SKU", "recommended", unique="feed", invalid="block", meaning="identifier"),
    _field("Barcode", "recommended", "gtin", meaning="gtin"),
    *(
        _field(
            name,
            max_length=255,
            help=NOTE,
        )
        for level in (1, 2, 3)
        for name in (*OPTIONS.levels[level - 1], f"Option{level} Linked To")
    ),
    _field("Price", "required", "price", meaning="price"),
    _field(
        "Compare-at price",
        kind="price",
        meaning="list_price",
        help=text("What it cost before."),
    ),
    _field("Cost per item", kind="price", meaning="cost"),
    _field("Charge tax", kind="boolean", choices=YES_NO),
    _field("Tax code"),
    _field("Unit price total measure", kind="number"),
    _field("Unit price total measure unit"),
    _field("Unit price base measure", kind="number"),
    _field("Unit price base measure unit"),
    _field("Inventory tracker", kind="choice", choices=("shopify",)),
    _field(
        "Inventory quantity",
        kind="number",
        invalid="block",
        meaning="stock",
        help=text("Shops with one location only."),
    ),
    _field("Continue selling when out of stock", kind="choice", choices=("DENY", "CONTINUE")),
    _field("Weight value (grams)", kind="measurement", unit="GRAM", minimum="0", meaning="weight"),
    _field("Weight unit for display", kind="choice", choices=("g", "kg", "lb", "oz")),
    _field("Requires shipping", kind="boolean", choices=YES_NO),
    _field("Fulfillment service", kind="choice", choices=("manual",)),
    _field(
        "Product image URL",
        "recommended",
        "picture",
        repeat=250,
        cut=True,
        meaning="pictures",
        help=text("All pictures; each gets its own row."),
    ),
    _field("Image position", help=text("Numbered by Etalage.")),
    _field("Image alt text", max_length=512, meaning="product_name"),
    _field(
        "Variant image URL",
        kind="picture",
        help=text("Left out, a variant shows its own first picture."),
    ),
    _field("Gift card", kind="boolean", choices=YES_NO),
    _field("SEO title", max_length=70, meaning="meta_title"),
    _field("SEO description", max_length=320, meaning="meta_description"),
    _field("Color (product.metafields.shopify.color-pattern)"),
    _field(GOOGLE + "Google product category", meaning="google_category"),
    _field(
        GOOGLE + "Gender", kind="choice", choices=("male", "female", "unisex"), meaning="gender"
    ),
    _field(
        GOOGLE + "Age group",
        kind="choice",
        choices=("newborn", "infant", "toddler", "kids", "adult"),
        meaning="age_group",
    ),
    _field(GOOGLE + "Manufacturer part number (MPN)", max_length=70, meaning="manufacturer_number"),
    _field(GOOGLE + "Ad group name"),
    _field(GOOGLE + "Ads labels"),
    _field(GOOGLE + "Condition", kind="choice", choices=("new", "refurbished", "used")),
    _field(GOOGLE + "Custom product", kind="boolean", choices=YES_NO),
    *(_field(f"{GOOGLE}Custom label {number}", max_length=100) for number in range(5)),
)
VARIANT_COLUMNS = frozenset(
    (
        "SKU",
        "Barcode",
        "Option1 value",
        "Option2 value",
        "Option3 value",
        "Price",
        "Compare-at price",
        "Cost per item",
        "Charge tax",
        "Tax code",
        "Unit price total measure",
        "Unit price total measure unit",
        "Unit price base measure",
        "Unit price base measure unit",
        "Inventory tracker",
        "Inventory quantity",
        "Continue selling when out of stock",
        "Weight value (grams)",
        "Weight unit for display",
        "Requires shipping",
        "Fulfillment service",
        "Variant image URL",
    )
)


class Shopify(Exporter):
    code = "shopify"
    label = text("Shopify")
    purpose = text("web shop")
    fields = FIELDS
    invalid = "drop"
    grouped = True
    example = Example(
        mapping={
            "URL handle": {"from": ["$root"], "do": ["slug"]},
            "Option1 name": {"value": "Kleur"},
            "Option1 value": {"from": ["color"]},
            "Status": {"value": "Active"},
        },
        consumer="the header of Shopify's current template",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        columns = [field.name for field in cls.fields]
        return Csv(columns, ", ", "blank", key="SKU", group="URL handle", first="Title")

    def items(self, group: Group) -> Iterable[Record]:
        """One row a variant, and more rows where there are more pictures than variants."""
        first = group.first
        every = [one for listing in group for one in listing.get("Product image URL", ())]
        pictures = dict.fromkeys(every)
        for number, (listing, picture) in enumerate(zip_longest(group, pictures), 1):
            row: dict[str, Any] = {}
            if listing is not None:
                row = self._variant(listing, first, several=len(group) > 1)
            row["URL handle"] = first["URL handle"]
            if picture is not None:
                row |= {
                    "Product image URL": picture,
                    "Image position": number,
                    "Image alt text": first.get("Image alt text"),
                }
            yield row

    def _variant(self, listing: Listing, first: Listing, several: bool) -> dict[str, Any]:
        """The first row has everything, the others what is the variant's own."""
        whole = listing is first
        row = {
            name: bare(value) for name, value in listing.items() if whole or name in VARIANT_COLUMNS
        }
        own = listing.get("Product image URL")
        if several and own:
            row.setdefault("Variant image URL", own[0])
        valueless = [level.name for level in OPTIONS.levels if level.value not in row]
        for name in ("Product image URL", "Image position", "Image alt text", *valueless):
            row.pop(name, None)
        return row

    def check(self, listing: Listing) -> Iterable[Problem]:
        return OPTIONS.check(listing)

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        return OPTIONS.check_group(group)
