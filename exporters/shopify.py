"""Shopify: products and variants for a web shop and Shopify POS, the current 57-column template.
feeds.md section 11.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from pim.feeds.contract import (
    Csv,
    Exporter,
    Field,
    Format,
    Listing,
    Measure,
    Money,
    Picture,
    Problem,
    text,
)

SPEC = "feeds.md §11, help.shopify.com “Using CSV files to import and export products”"
YES_NO = ("TRUE", "FALSE")
GOOGLE = "Google Shopping / "


def _field(
    name: str, need: Any = "optional", kind: Any = "text", most: int | None = None, **more: Any
) -> Field:
    return Field(name, need, kind, most, source=SPEC, **more)


# In the order of the template: the header is made of these names.
FIELDS = (
    _field(
        "Title",
        "required",
        most=255,
        suggest=("name", "title"),
        help="Written on the product's first row only.",
    ),
    _field(
        "URL handle",
        "required",
        suggest=("$root",),
        help="Equal for all variants: letters, digits and dashes.",
        example="city-bike-7",
    ),
    _field("Description", "recommended", suggest=("description",), html=True, help="May be HTML."),
    _field("Vendor", "recommended", most=255, suggest=("brand", "manufacturer")),
    _field("Product category", help="Path or number in Shopify's own tree."),
    _field("Type", most=255, suggest=("$family",)),
    _field("Tags", repeat=250),
    _field("Published on online store", kind="boolean", choices=YES_NO),
    _field("Status", "recommended", "choice", choices=("Active", "Draft", "Archived")),
    _field("SKU", "recommended", suggest=("$identifier",)),
    _field("Barcode", "recommended", "gtin", suggest=("ean", "gtin", "barcode")),
    *(
        _field(
            f"Option{level} {part}",
            most=255,
            help="For variants; the values of all options together are unique.",
        )
        for level in (1, 2, 3)
        for part in ("name", "value", "Linked To")
    ),
    _field("Price", "required", "price", suggest=("price",)),
    _field(
        "Compare-at price",
        kind="price",
        suggest=("recommended_price", "msrp"),
        help="What it cost before.",
    ),
    _field("Cost per item", kind="price", suggest=("cost", "purchase_price")),
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
        suggest=("stock",),
        help="Shops with one location only.",
    ),
    _field("Continue selling when out of stock", kind="choice", choices=("DENY", "CONTINUE")),
    _field("Weight value (grams)", kind="measurement", unit="GRAM", suggest=("weight",)),
    _field("Weight unit for display", kind="choice", choices=("g", "kg", "lb", "oz")),
    _field("Requires shipping", kind="boolean", choices=YES_NO),
    _field("Fulfillment service", kind="choice", choices=("manual",)),
    _field(
        "Product image URL",
        "recommended",
        "picture",
        repeat=250,
        suggest=("$pictures",),
        help="All pictures; each gets its own row.",
    ),
    _field("Image position", help="Numbered by Etalage."),
    _field("Image alt text", most=512, suggest=("name",)),
    _field(
        "Variant image URL", kind="picture", help="Left out, a variant shows its own first picture."
    ),
    _field("Gift card", kind="boolean", choices=YES_NO),
    _field("SEO title", most=70, suggest=("meta_title",)),
    _field("SEO description", most=320, suggest=("meta_description",)),
    _field("Color (product.metafields.shopify.color-pattern)"),
    _field(GOOGLE + "Google product category", suggest=("google_category",)),
    _field(
        GOOGLE + "Gender", kind="choice", choices=("male", "female", "unisex"), suggest=("gender",)
    ),
    _field(
        GOOGLE + "Age group",
        kind="choice",
        choices=("newborn", "infant", "toddler", "kids", "adult"),
        suggest=("age_group",),
    ),
    _field(GOOGLE + "Manufacturer part number (MPN)", most=70, suggest=("mpn",)),
    _field(GOOGLE + "Ad group name"),
    _field(GOOGLE + "Ads labels"),
    _field(GOOGLE + "Condition", kind="choice", choices=("new", "refurbished", "used")),
    _field(GOOGLE + "Custom product", kind="boolean", choices=YES_NO),
    *(_field(f"{GOOGLE}Custom label {number}", most=100) for number in range(5)),
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
HANDLE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


class Shopify(Exporter):
    code = "shopify"
    label = "Shopify"
    purpose = "web shop"
    fields = FIELDS
    grouped = True

    def make_format(self) -> Format:
        return Csv([field.name for field in self.fields], list_separator=", ")

    def items(self, group: Sequence[Listing]) -> Iterable[Mapping[str, Any]]:
        """One row a variant, and more rows where there are more pictures than variants."""
        first = group[0]
        pictures = _distinct(
            picture for listing in group for picture in listing.get("Product image URL", ())
        )
        for number, (listing, picture) in enumerate(zip_longest(group, pictures), 1):
            row: dict[str, Any] = (
                {} if listing is None else self._variant(listing, first, several=len(group) > 1)
            )
            row["URL handle"] = first["URL handle"]
            if picture is not None:
                row |= {
                    "Product image URL": picture,
                    "Image position": number,
                    "Image alt text": first.get("Image alt text"),
                }
            yield row

    def _variant(self, listing: Listing, first: Listing, several: bool) -> dict[str, Any]:
        whole = listing is first
        row = {
            name: _plain(value)
            for name, value in listing.items()
            if whole or name in VARIANT_COLUMNS
        }
        own = listing.get("Product image URL")
        if several and own:
            row.setdefault("Variant image URL", own[0])
        valueless = [
            f"Option{level} name" for level in (1, 2, 3) if f"Option{level} value" not in row
        ]
        for name in ("Product image URL", "Image position", "Image alt text", *valueless):
            row.pop(name, None)
        return row

    def check(self, listing: Listing) -> Iterable[Problem]:
        handle = listing["URL handle"]
        if not HANDLE.issuperset(handle):
            yield Problem(
                "URL handle",
                "handle",
                text("A handle has letters, digits and dashes only."),
                handle,
            )
        if listing.group is not None and "Option1 value" not in listing:
            yield Problem(
                "Option1 value",
                "missing",
                text("A variant needs the value that tells it from the others."),
            )


def _plain(value: Any) -> Any:
    return value.amount if isinstance(value, Money | Measure) else value


def _distinct(pictures: Iterable[Picture]) -> Iterator[Picture]:
    return iter(dict.fromkeys(pictures))
