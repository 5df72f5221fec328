"""idealo: price comparison in Germany, Austria, the UK, France, Italy and Spain. A product that is
out of stock is left out. feeds.md section 5.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pim.feeds.contract import (
    Csv,
    Example,
    Exporter,
    Format,
    Listing,
    Option,
    Problem,
    Record,
    Spec,
    Text,
    bare,
    text,
)

SPEC = Spec("feeds.md §5, idealo.github.io/csv-importer", date(2026, 11, 22))
TRUE_FALSE = ("true", "false")
CARRIERS = (
    "dhl dpd gls ups hermes fedex tnt deutsche_post spedition trans_o_flex pick_point download"
)
PAYMENTS = (
    "paypal credit_card cash_in_advance cash_on_delivery invoice direct_debit"
    " sofortueberweisung amazon_payment"
)
NOT_WRITTEN = "stock"
_field = SPEC.field

FIELDS = (
    _field(
        "sku",
        "required",
        unique="feed",
        max_length=100,
        meaning="identifier",
        help=text("Must never change."),
    ),
    _field("brand", "required", meaning="brand"),
    _field("title", "required", max_length=255, meaning="product_name"),
    _field("categoryPath", meaning="category_path"),
    _field(
        "url",
        "required",
        "url",
        pattern=r"(?!.*(;|%2[fF])).*",
        meaning="link",
        help=text("Without a semicolon, and without a slash that is percent-encoded."),
    ),
    _field("eans", "recommended", "gtin", meaning="gtin"),
    _field("hans", meaning="manufacturer_number", help=text("The manufacturer's numbers.")),
    _field("description", max_length=1000, markup=True, meaning="description"),
    _field("price", "required", "price", meaning="price", help=text("With VAT.")),
    _field("formerPrice", kind="price", meaning="list_price"),
    _field(
        "basePrice",
        help=text("The price per unit, as the law asks in Germany."),
        example="12.50 EUR / 1 kg",
    ),
    _field(
        "deliveryTime",
        "required",
        meaning="lead_time",
        help=text("In words, such as “1-3 working days”."),
        example="1-3 Werktage",
    ),
    _field("deliveryComment"),
    _field("imageUrls", kind="picture", repeat=20, cut=True, meaning="pictures"),
    _field("colour", meaning="color"),
    _field("size", meaning="size"),
    _field("gender", meaning="gender"),
    _field("material", meaning="material"),
    _field("eec", max_length=10, help=text("Class of energy efficiency.")),
    _field(
        "used",
        kind="boolean",
        choices=TRUE_FALSE,
        help=text("Used goods that do not say so cost the shop its place at idealo."),
    ),
    _field("download", kind="boolean", choices=TRUE_FALSE),
    _field("replica", kind="boolean", choices=TRUE_FALSE),
    _field("packagingUnit", kind="integer", minimum="1"),
    _field("voucherCode", max_length=50),
    _field(
        NOT_WRITTEN,
        kind="number",
        help=text("Not in the file: a product with nothing in stock is left out."),
    ),
)


class Idealo(Exporter):
    code = "idealo"
    label = text("idealo")
    purpose = text("price comparison")
    fields = FIELDS
    invalid = "drop"
    options = (
        Option(
            "delivery",
            text("Ways of delivery"),
            required=True,
            help=text("Carrier and price, such as “dhl:4.95, dpd:5.95”."),
        ),
        Option(
            "payment",
            text("Ways of payment"),
            required=True,
            help=text("Way of payment and what it costs, such as “paypal:0, invoice:1.50”."),
        ),
    )
    example = Example(
        options={"delivery": "dhl:4.95", "payment": "paypal:0, credit_card:0"},
        mapping={"deliveryTime": {"value": "1-3 Werktage"}},
        consumer="the header of idealo's own description",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        own = [field.name for field in cls.fields if field.name != NOT_WRITTEN]
        return Csv([*own, *costs(options)], ";", "blank", key="sku")

    def item(self, listing: Listing) -> Record:
        record = {name: bare(value) for name, value in listing.items() if name != NOT_WRITTEN}
        return record | costs(self.context.options)

    def check(self, listing: Listing) -> Iterable[Problem]:
        if Decimal(listing.get(NOT_WRITTEN, "1")) <= 0:
            message = text("idealo shows no product that is out of stock.")
            yield Problem(NOT_WRITTEN, "out_of_stock", message, listing[NOT_WRITTEN])

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> Mapping[str, Text]:
        return {
            name: complaint
            for name, known in (("delivery", CARRIERS), ("payment", PAYMENTS))
            if options.get(name)
            and (complaint := _complaint(read_costs(options[name]), known)) is not None
        }


def costs(options: Mapping[str, Any]) -> dict[str, str]:
    """The columns that are the same for every product."""
    delivery = read_costs(str(options.get("delivery") or ""))
    payment = read_costs(str(options.get("payment") or ""))
    return {f"deliveryCosts_{way}": amount for way, amount in delivery.items()} | {
        f"paymentCosts_{way}": amount for way, amount in payment.items()
    }


def read_costs(spelling: str) -> dict[str, str]:
    """``dhl:4.95, dpd:5.95`` -> way and price."""
    pairs = (one.strip().partition(":") for one in spelling.split(",") if one.strip())
    return {way.strip(): amount.strip() for way, _, amount in pairs}


def _complaint(ways: Mapping[str, str], known: str) -> Text | None:
    for way, amount in ways.items():
        if way not in known.split():
            return text(
                "idealo does not know “%(way)s”; it knows: %(known)s.", way=way, known=known
            )
        whole, _, cents = amount.partition(".")
        if not (amount.isascii() and whole.isdecimal() and (not cents or cents.isdecimal())):
            return text("A price looks like 4.95: “%(way)s:4.95”.", way=way)
    return None if ways else text("At least one is needed.")
