"""Microsoft Merchant Center: Bing and Copilot shopping. Google's file with fewer attributes.
feeds.md section 2.
"""

from datetime import date

from pim.feeds.contract import Example, Spec, text
from pim.feeds.google_data import SHIPPING_COUNTRY, GoogleFile, take

SPEC = Spec("feeds.md §2, help.ads.microsoft.com product feed", date(2026, 11, 22))

FIELDS = (
    *take(
        SPEC,
        (
            *("id", "title", "description", "link", "mobile_link", "ads_redirect", "image_link"),
            *("additional_image_link", "availability", "availability_date", "expiration_date"),
            *("price", "sale_price", "sale_price_effective_date", "unit_pricing_measure"),
            *("unit_pricing_base_measure", "brand", "gtin", "mpn", "identifier_exists"),
            *("condition", "google_product_category", "product_type", "item_group_id", "color"),
            *("size", "size_type", "size_system", "gender", "age_group", "material", "pattern"),
            *("shipping_price", "shipping_service", "shipping", "shipping_weight"),
            *("shipping_label", "multipack", "is_bundle", "adult", "promotion_id"),
            *("custom_label_0", "custom_label_1", "custom_label_2", "custom_label_3"),
            "custom_label_4",
        ),
        {
            "description": {"max_length": 10_000},
            "availability": {"choices": ("in stock", "out of stock", "preorder")},
            "availability_date": {"needed_if": ()},
            "image_link": {
                "min_pixels": 220,
                "help": text("At least 220 × 220 pixels."),
            },
        },
    ),
    SPEC.field("seller_name", max_length=150, help=text("For marketplaces.")),
)


class MicrosoftShopping(GoogleFile):
    code = "microsoft_shopping"
    label = text("Microsoft Shopping")
    purpose = text("price comparison")
    company = "Microsoft"
    fields = FIELDS
    invalid = "drop"
    options = (*GoogleFile.options, SHIPPING_COUNTRY)
    example = Example(
        options={"shipping_country": "NL"},
        mapping={
            "availability": {
                "from": ["availability"],
                "do": [
                    {"map": {"entries": {"in_stock": "in stock", "out_of_stock": "out of stock"}}}
                ],
            },
            "condition": {"value": "new"},
            "shipping_price": {"value": "4.95"},
        },
        consumer="Google's client of the Merchant API, whose attributes these are, and feedparser",
    )
