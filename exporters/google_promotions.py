"""Google promotions: what is off, on what, and when. A shop keeps its promotions in a family of
their own, one record each; the products carry “promotion_id”, or the promotion names them.
feeds.md section 1c.
"""

from collections.abc import Iterable
from datetime import date

from pim.feeds.contract import Example, Listing, Problem, Spec, When, text
from pim.feeds.google_data import GoogleFile

SPEC = Spec("feeds.md §1c, support.google.com/merchants 2906014", date(2026, 11, 22))
_field = SPEC.field
NO_SEMICOLON = {"replace": {"find": ";", "by": "-"}}

FIELDS = (
    _field(
        "promotion_id",
        "required",
        pattern="[A-Za-z0-9_-]{1,50}",
        unique="feed",
        meaning="identifier",
        help=text("Letters, digits, dashes and underscores; products name it in “promotion_id”."),
        example="WINTER-2026",
    ),
    _field(
        "product_applicability",
        "required",
        "choice",
        choices=("all_products", "specific_products"),
        help=text("Whether it holds for everything or for some products."),
    ),
    _field(
        "offer_type",
        "required",
        "choice",
        choices=("no_code", "generic_code"),
        help=text("Whether customers enter a code."),
    ),
    _field(
        "generic_redemption_code",
        max_length=20,
        needed_if=(When("offer_type", ("generic_code",)),),
        example="WINTER10",
    ),
    _field("long_title", "required", max_length=60, meaning="product_name"),
    _field(
        "promotion_effective_dates",
        "required",
        "interval",
        help=text("From when to when, such as 2026-11-27T00:00+01:00/2026-11-30T23:59+01:00."),
    ),
    _field(
        "redemption_channel",
        "required",
        "choice",
        choices=("online", "in_store"),
        repeat=2,
        help=text("Where it holds: in the web shop, in the shops, or both."),
    ),
    _field(
        "coupon_value_type",
        "recommended",
        "choice",
        choices=(
            "money_off",
            "percent_off",
            "buy_m_get_n_money_off",
            "buy_m_get_n_percent_off",
            "buy_m_get_money_off",
            "buy_m_get_percent_off",
            "free_gift",
            "free_gift_with_value",
            "free_gift_with_item_id",
            "free_shipping_standard",
            "free_shipping_overnight",
            "free_shipping_two_day",
        ),
    ),
    _field(
        "percent_off",
        kind="integer",
        minimum="1",
        maximum="99",
        needed_if=(
            When(
                "coupon_value_type",
                ("percent_off", "buy_m_get_n_percent_off", "buy_m_get_percent_off"),
            ),
        ),
    ),
    _field(
        "money_off_amount",
        kind="price",
        needed_if=(
            When(
                "coupon_value_type", ("money_off", "buy_m_get_n_money_off", "buy_m_get_money_off")
            ),
        ),
    ),
    _field("get_this_quantity_discounted", kind="integer", minimum="1"),
    _field("free_gift_value", kind="price"),
    _field("free_gift_description", max_length=500),
    _field("free_gift_item_id", max_length=50),
    _field("minimum_purchase_quantity", kind="integer", minimum="1"),
    _field("minimum_purchase_amount", kind="price"),
    _field("limit_quantity", kind="integer", minimum="1"),
    _field("limit_value", kind="price"),
    *(
        _field(f"{what}{excluded}", max_length=longest, repeat=1000)
        for excluded in ("", "_exclusion")
        for what, longest in (
            *(("item_id", 50), ("item_group_id", 50)),
            *(("brand", 70), ("product_type", 750)),
        )
    ),
)


class GooglePromotions(GoogleFile):
    code = "google_promotions"
    label = text("Google promotions")
    purpose = text("promotions")
    company = "Google"
    fields = FIELDS
    invalid = "block"
    key = "promotion_id"
    example = Example(
        mapping={
            "promotion_id": {"from": ["$identifier"], "do": [NO_SEMICOLON]},
            "product_applicability": {"value": "specific_products"},
            "offer_type": {"value": "no_code"},
            "promotion_effective_dates": {"value": "2026-11-27T00:00+01:00/2026-11-30T23:59+01:00"},
            "redemption_channel": {"value": "online"},
            "coupon_value_type": {"value": "money_off"},
            "money_off_amount": {"from": ["price"]},
            "item_id": {"from": ["$identifier"]},
        },
        consumer="Google's client of the Promotions API, and feedparser",
    )

    def check(self, listing: Listing) -> Iterable[Problem]:
        codes_nothing = listing.get("offer_type") == "no_code"
        if codes_nothing and "generic_redemption_code" in listing:
            message = text("A promotion without a code has none here.")
            yield Problem("generic_redemption_code", "needless", message)
