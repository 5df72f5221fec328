"""OpenAI: products for ChatGPT, as a full snapshot. Google's attributes under names of its own.
feeds.md section 4 and its correction of 2026-11-27: ads and checkout are enabled apart and ask for
more.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pim.feeds.contract import (
    Csv,
    Example,
    Exporter,
    Format,
    JsonLines,
    Listing,
    Option,
    Problem,
    Record,
    Spec,
    When,
    text,
)
from pim.feeds.google_data import check_sale_price, take

SPEC = Spec("feeds.md §4, developers.openai.com/commerce/specs/feed.md", date(2026, 11, 27))
TRUE_FALSE = ("true", "false")

FIELDS = (
    *take(
        SPEC,
        (
            *("id", "title", "description", "link", "brand", "image_link", "price"),
            *("availability", "additional_image_link", "sale_price", "gtin", "mpn", "condition"),
            *("product_type", "material", "age_group", "gender", "availability_date"),
            *("unit_pricing_measure", "unit_pricing_base_measure", "item_group_id"),
            *("item_group_title", "color", "size", "size_system", "shipping"),
        ),
        {
            "id": {"name": "item_id", "max_length": 100},
            "link": {"name": "url"},
            "brand": {"need": "required"},
            "image_link": {"name": "image_url", "help": text("JPEG or PNG.")},
            "availability": {
                "choices": ("in_stock", "out_of_stock", "pre_order", "backorder", "unknown")
            },
            "additional_image_link": {
                "name": "additional_image_urls",
                "repeat": 20,
                "without": "image_url",
            },
            "condition": {"need": "optional"},
            "product_type": {"name": "product_category", "need": "optional"},
            "material": {"max_length": 100},
            "availability_date": {"needed_if": (When("availability", ("pre_order",)),)},
            "item_group_id": {"name": "group_id", "max_length": 100},
            "color": {"max_length": 40},
            "size": {"max_length": 20},
        },
    ),
    SPEC.field(
        "seller_name",
        "required",
        max_length=70,
        help=text("Your shop's name, as customers see it."),
        example="Van Dam",
    ),
    SPEC.field("seller_url", kind="url"),
    SPEC.field(
        "target_countries",
        "recommended",
        "country",
        repeat=100,
        help=text("The countries where it is sold; one of the two published versions asks it."),
        example="NL",
    ),
    SPEC.field(
        "store_country",
        "recommended",
        "country",
        help=text("The country of the shop; one of the two published versions asks it."),
        example="NL",
    ),
    SPEC.field("return_policy", kind="url"),
    SPEC.field("video_url", kind="url"),
    SPEC.field("is_digital", kind="boolean", choices=TRUE_FALSE),
    SPEC.field("warning", max_length=500),
)


class OpenAiProducts(Exporter):
    code = "openai_products"
    label = text("OpenAI (ChatGPT)")
    purpose = text("shopping assistants")
    fields = FIELDS
    invalid = "drop"
    options = (Option("format", text("File format"), "choice", "jsonl", choices=("jsonl", "csv")),)
    example = Example(
        mapping={
            "seller_name": {"value": "Van Dam"},
            "target_countries": {"value": "NL"},
            "store_country": {"value": "NL"},
        }
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        if options.get("format") == "csv":
            return Csv([field.name for field in cls.fields], ",", "quote", key="item_id")
        return JsonLines(key="item_id")

    def item(self, listing: Listing) -> Record:
        """Lists are one text with commas, in both formats."""
        if self.context.options["format"] == "csv":
            return listing
        return {
            name: ",".join(map(str, value)) if type(value) is list else value
            for name, value in listing.items()
        }

    def check(self, listing: Listing) -> Iterable[Problem]:
        return check_sale_price(listing)
