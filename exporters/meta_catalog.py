"""Meta: the catalogue behind Facebook and Instagram shops and ads. Google's attributes in a table,
with other words for stock and condition. feeds.md section 3.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pim.feeds.contract import Csv, Example, Exporter, Format, Listing, Problem, Spec, text
from pim.feeds.google_data import check_sale_price, take

SPEC = Spec("feeds.md §3, developers.facebook.com catalog reference", date(2026, 11, 22))

FIELDS = (
    *take(
        SPEC,
        (
            *("id", "title", "description", "availability", "condition", "price", "link"),
            *("image_link", "additional_image_link", "brand", "gtin", "mpn", "sale_price"),
            *("sale_price_effective_date", "item_group_id", "google_product_category"),
            *("product_type", "gender", "age_group", "color", "size", "material", "pattern"),
            *("shipping", "shipping_weight", "custom_label_0", "custom_label_1"),
            *("custom_label_2", "custom_label_3", "custom_label_4"),
        ),
        {
            "id": {"max_length": 100},
            "title": {"max_length": 200},
            "description": {"max_length": 9999},
            "availability": {
                "choices": (
                    *("in stock", "out of stock", "available for order", "preorder"),
                    "discontinued",
                ),
            },
            "condition": {
                "need": "required",
                "choices": (
                    *("new", "refurbished", "used", "used_like_new", "used_good", "used_fair"),
                    *("cpo", "open_box_new"),
                ),
            },
            "price": {"help": None},
            "image_link": {
                "min_pixels": 500,
                "help": text("JPEG or PNG of at least 500 × 500 pixels."),
            },
            "additional_image_link": {"repeat": 20},
            "brand": {"max_length": 100},
            "mpn": {"max_length": 100},
            "item_group_id": {"max_length": 100},
            "age_group": {
                "choices": (
                    *("adult", "all ages", "teen", "kids", "toddler", "infant", "newborn"),
                ),
            },
        },
    ),
    SPEC.field("rich_text_description", max_length=9999, markup=True),
    SPEC.field("fb_product_category", max_length=750),
    SPEC.field("quantity_to_sell_on_facebook", kind="integer", minimum="1"),
    SPEC.field("style", max_length=100),
    SPEC.field("status", kind="choice", choices=("active", "archived")),
    SPEC.field("origin_country", kind="country", meaning="origin"),
    SPEC.field("importer_name", max_length=200),
)


class MetaCatalog(Exporter):
    code = "meta_catalog"
    label = text("Meta catalogue (Facebook, Instagram)")
    purpose = text("social media")
    fields = FIELDS
    invalid = "drop"
    example = Example(
        mapping={
            "availability": {
                "from": ["availability"],
                "do": [
                    {"map": {"entries": {"in_stock": "in stock", "out_of_stock": "out of stock"}}}
                ],
            },
            "condition": {"value": "new"},
        },
        consumer="Meta's own client of the catalogue (facebook-business)",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Csv([field.name for field in cls.fields], ",", "quote", key="id")

    def check(self, listing: Listing) -> Iterable[Problem]:
        if not any(field in listing for field in ("brand", "gtin", "mpn")):
            message = text("Meta wants at least one of brand, GTIN and mpn.")
            yield Problem("brand", "identifiers", message)
        yield from check_sale_price(listing)
