"""Google local inventory: what one shop in the street has, beside the feed of all products. The
products are those of :mod:`exporters.google_shopping`, by the same “id”. feeds.md section 1b.
"""

from collections.abc import Iterable
from datetime import date

from pim.feeds.contract import Example, Listing, Problem, Spec, When, text
from pim.feeds.google_data import GoogleFile, check_sale_price, take

SPEC = Spec("feeds.md §1b, support.google.com/merchants 3061342", date(2026, 11, 22))

FIELDS = (
    SPEC.field(
        "store_code",
        "required",
        max_length=64,
        help=text("One feed for each shop: its code in your Business Profile, exactly as there."),
        example="AMS-1",
    ),
    *take(
        SPEC,
        ("id", "availability"),
        {
            "id": {"help": text("The same as in the feed of products.")},
            "availability": {
                "choices": (
                    *("in_stock", "limited_availability", "on_display_to_order", "out_of_stock"),
                )
            },
        },
    ),
    SPEC.field("quantity", "recommended", "integer", minimum="0", meaning="stock"),
    *take(
        SPEC,
        ("price", "sale_price", "sale_price_effective_date"),
        {
            "price": {"need": "optional", "help": text("Where it is another one in this shop.")},
            "sale_price": {"needed_if": (When("sale_price_effective_date"),)},
        },
    ),
    SPEC.field(
        "pickup_method",
        kind="choice",
        choices=("buy", "reserve", "ship to store", "not supported"),
    ),
    SPEC.field(
        "pickup_sla",
        kind="choice",
        choices=(
            *("same day", "next day", "2-day", "3-day", "4-day", "5-day", "6-day", "7-day"),
            "multi-week",
        ),
        needed_if=(When("pickup_method", ("buy", "reserve", "ship to store")),),
    ),
    SPEC.field(
        "instore_product_location",
        pattern="[ -~]{1,20}",
        help=text("Where it stands, in at most 20 letters and digits without accents."),
        example="Aisle 3",
    ),
    SPEC.field("local_shipping_label", max_length=100),
)


class GoogleLocalInventory(GoogleFile):
    code = "google_local_inventory"
    label = text("Google local inventory")
    purpose = text("shops in the street")
    company = "Google"
    fields = FIELDS
    invalid = "drop"
    example = Example(
        mapping={"store_code": {"value": "AMS-1"}, "pickup_method": {"value": "not supported"}},
        consumer="Google's client of the Inventories API, and feedparser",
    )

    def check(self, listing: Listing) -> Iterable[Problem]:
        return check_sale_price(listing)
