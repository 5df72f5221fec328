"""Prisjakt and PriceSpy: price comparison in the Nordic countries, the UK, France and New Zealand.
Google's file with rules of its own. feeds.md section 1d.
"""

from datetime import date

from pim.feeds.contract import Example, Listing, Record, Spec, When, text
from pim.feeds.google_data import SHIPPING_COUNTRY, GoogleFile, take

SPEC = Spec("feeds.md §1d, schema.prisjakt.nu", date(2026, 11, 22))

FIELDS = take(
    SPEC,
    (
        *("id", "title", "description", "link", "mobile_link", "image_link"),
        *("additional_image_link", "availability", "availability_date", "price", "sale_price"),
        *("sale_price_effective_date", "brand", "gtin", "mpn", "condition"),
        *("google_product_category", "product_type", "item_group_id", "color", "size"),
        *("size_system", "gender", "age_group", "material", "pattern", "shipping_price"),
        *("shipping_service", "shipping", "shipping_weight", "energy_efficiency_class", "adult"),
        *("is_bundle", "multipack", "product_detail", "product_highlight"),
    ),
    {
        "id": {
            "max_length": None,
            "pattern": r"[^\x00-\x1f\x7f-\U0010ffff!+@#$%^&*<>;:]{1,36}",
            "help": text("At most 36 letters, digits, blanks and few signs, such as - and _."),
        },
        "title": {"max_length": 255},
        "description": {"need": "recommended", "max_length": 10_000},
        "link": {"max_length": 2047},
        "image_link": {"need": "recommended", "help": None},
        "condition": {"need": "required"},
        "google_product_category": {"need": "optional"},
        "size_system": {"needed_if": (When("size"),)},
        "shipping": {"repeat": 10},
    },
)


class Prisjakt(GoogleFile):
    code = "prisjakt"
    label = text("Prisjakt and PriceSpy")
    purpose = text("price comparison")
    company = "Prisjakt"
    fields = FIELDS
    invalid = "drop"
    options = (*GoogleFile.options, SHIPPING_COUNTRY)
    example = Example(
        options={"shipping_country": "SE"},
        mapping={
            "id": {"from": ["$identifier"], "do": [{"replace": {"find": ";", "by": "-"}}]},
            "condition": {"value": "new"},
            "size_system": {"value": "EU"},
            "shipping_price": {"value": "4.95"},
        },
        consumer="Google's client of the Merchant API, whose attributes these are, and feedparser",
    )

    def item(self, listing: Listing) -> Record:
        """A system of sizes means nothing without a size: there it is left out."""
        item = dict(super().item(listing))
        if "size" not in item:
            item.pop("size_system", None)
        return item
