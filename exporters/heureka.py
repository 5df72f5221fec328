"""Heureka.cz and Heureka.sk: offers for price comparison, with any property as PARAM. feeds.md
section 8.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pim.feeds.contract import (
    Example,
    Exporter,
    Format,
    Listing,
    Option,
    Problem,
    Property,
    Record,
    Spec,
    Text,
    When,
    Xml,
    text,
)

SPEC = Spec("feeds.md §8, github.com/heureka/xml-feed-specs", date(2026, 11, 27))
CARRIERS = (
    "CESKA_POSTA CESKA_POSTA_DOPORUCENA_ZASILKA CSAD_LOGISTIK_OSTRAVA DPD DHL DSV FOFR"
    " GEBRUDER_WEISS GEIS GLS HDS PPL SEEGMULLER TNT TOPTRANS UPS FEDEX RABEN_LOGISTICS"
    " ZASILKOVNA_NA_ADRESU 123KURIER WEDO_HOME RHENUS_LOGISTICS MESSENGER ZASILKOVNA DPD_PICKUP"
    " BALIKOVNA_DEPOTAPI WEDO_POINT CESKA_POSTA_NAPOSTU PPL_PARCELSHOP GLS_PARCELSHOP ALZAPOINT"
    " DPD_BOX Z_BOX WEDO_BOX PPL_PARCELBOX BALIKOVNA_BOX ALZABOX ONLINE VLASTNI_PREPRAVA"
)
IDENTIFIER = "[a-zA-Z0-9_-]{1,36}"

FIELDS = (
    SPEC.field(
        "ITEM_ID",
        "required",
        pattern=IDENTIFIER,
        unique="feed",
        meaning="identifier",
        help=text("At most 36 letters, digits, dashes and underscores. Must never change."),
    ),
    SPEC.field("PRODUCTNAME", "required", max_length=200, meaning="product_name"),
    SPEC.field("PRODUCT", max_length=255, help=text("A longer name, with extras and gifts.")),
    SPEC.field("DESCRIPTION", "recommended", meaning="description"),
    SPEC.field("URL", "required", "url", max_length=300, meaning="link"),
    SPEC.field("IMGURL", "required", "picture", max_length=255, meaning="main_picture"),
    SPEC.field(
        "IMGURL_ALTERNATIVE",
        kind="picture",
        max_length=255,
        repeat=10,
        cut=True,
        without="IMGURL",
        meaning="pictures",
    ),
    SPEC.field(
        "PRICE_VAT",
        "required",
        "price",
        meaning="price",
        help=text("With VAT, in the currency of the country."),
    ),
    SPEC.field("VAT", kind="number", minimum="0", maximum="100", meaning="tax_rate", example="21"),
    SPEC.field("MANUFACTURER", "recommended", max_length=255, meaning="brand"),
    SPEC.field(
        "CATEGORYTEXT",
        "required",
        max_length=255,
        pattern=r"Heureka\.(cz|sk) \|.*",
        example="Heureka.cz | Sport | Cyklistika | Jízdní kola",
        help=text("The full path in Heureka's own tree, beginning with “Heureka.cz |”."),
    ),
    SPEC.field("EAN", "recommended", "gtin", emit=13, meaning="gtin"),
    SPEC.field("ISBN", pattern=r"\d{9}[\dX]|\d{13}", example="9781234567890"),
    SPEC.field(
        "DELIVERY_DATE",
        "required",
        pattern=r"\d{1,3}|\d{4}-\d{2}-\d{2}",
        meaning="lead_time",
        help=text("Days until dispatch (0 when in stock), or the day such as 2026-12-24."),
    ),
    SPEC.field("ITEM_TYPE", max_length=255),
    SPEC.field("HEUREKA_CPC", kind="number", minimum="0.01", decimals=2),
    SPEC.field(
        "ITEMGROUP_ID",
        pattern=IDENTIFIER,
        meaning="model",
        help=text("The same for all variants of one model."),
    ),
    SPEC.field(
        "PARAM",
        "recommended",
        "properties",
        repeat=200,
        cut=True,
        meaning="properties",
        help=text("Any properties, each with its name and value."),
    ),
    SPEC.field("ACCESSORY", pattern=IDENTIFIER, repeat=10, cut=True),
    SPEC.field("GIFT", max_length=250, repeat=10, cut=True),
    SPEC.field("SPECIAL_SERVICE", max_length=128, repeat=5, cut=True),
    SPEC.field(
        "EXTENDED_WARRANTY_VAL",
        kind="integer",
        minimum="1",
        needed_if=(When("EXTENDED_WARRANTY_DESC"),),
        help=text("Months of extended warranty."),
    ),
    SPEC.field(
        "EXTENDED_WARRANTY_DESC", max_length=128, needed_if=(When("EXTENDED_WARRANTY_VAL"),)
    ),
    SPEC.field("SALES_VOUCHER_CODE", max_length=24, needed_if=(When("SALES_VOUCHER_DESC"),)),
    SPEC.field("SALES_VOUCHER_DESC", max_length=128, needed_if=(When("SALES_VOUCHER_CODE"),)),
    SPEC.field("MANUFACTURER_POSTAL_ADDRESS", meaning="manufacturer_address"),
    SPEC.field("MANUFACTURER_ELECTRONIC_ADDRESS", meaning="manufacturer_contact"),
)
GROUPS = {
    "EXTENDED_WARRANTY": {"VAL": "EXTENDED_WARRANTY_VAL", "DESC": "EXTENDED_WARRANTY_DESC"},
    "SALES_VOUCHER": {"CODE": "SALES_VOUCHER_CODE", "DESC": "SALES_VOUCHER_DESC"},
}
WRITTEN_APART = {"PARAM", "PRICE_VAT"}.union(*(parts.values() for parts in GROUPS.values()))


class Heureka(Exporter):
    code = "heureka"
    label = text("Heureka")
    purpose = text("price comparison")
    fields = FIELDS
    invalid = "drop"
    options = (
        Option(
            "delivery",
            text("Ways of delivery"),
            required=True,
            help=text(
                "Carrier, price, and price with cash on delivery, such as “PPL:99:149,"
                " ZASILKOVNA:79”."
            ),
        ),
    )
    example = Example(
        options={"delivery": "PPL:99:149, ZASILKOVNA:79"},
        mapping={
            "ITEM_ID": {"from": ["$identifier"], "do": [{"replace": {"find": ";", "by": "-"}}]},
            "CATEGORYTEXT": {
                "from": ["$category"],
                "do": [{"replace": {"find": " > ", "by": " | "}}, {"prefix": "Heureka.cz | "}],
            },
            "DELIVERY_DATE": {
                "from": ["stock"],
                "do": [{"map": {"entries": {"0": "14"}, "other": "0"}}],
            },
        },
        consumer="Heureka's own machine-readable field model",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Xml("SHOPITEM", "<SHOP>", "</SHOP>", key="ITEM_ID")

    def item(self, listing: Listing) -> Record:
        item: dict[str, Any] = {
            name: value for name, value in listing.items() if name not in WRITTEN_APART
        }
        item["PRICE_VAT"] = listing["PRICE_VAT"].amount
        for group, parts in GROUPS.items():
            item[group] = {part: listing.get(field) for part, field in parts.items()}
        item["PARAM"] = [_param(one) for one in listing.get("PARAM", ())]
        item["DELIVERY"] = self._delivery
        return item

    def check(self, listing: Listing) -> Iterable[Problem]:
        day = listing.get("DELIVERY_DATE", "")
        if "-" in day and not _is_in_calendar(day):
            message = text("This day is not in the calendar.")
            yield Problem("DELIVERY_DATE", "date", message, day)

    @property
    def _delivery(self) -> list[dict[str, str]]:
        return read_delivery(self.context.options["delivery"])

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> Mapping[str, Text]:
        ways = read_delivery(options["delivery"])
        if not ways and options["delivery"]:
            return {"delivery": text("Each carrier needs a price, such as “PPL:99”.")}
        for way in ways:
            if way["DELIVERY_ID"] not in CARRIERS.split():
                message = text("Heureka has no carrier “%(code)s”.", code=way["DELIVERY_ID"])
                return {"delivery": message}
            if not all(_is_price(way[part]) for part in way if part != "DELIVERY_ID"):
                return {"delivery": text("A price of delivery looks like 99 or 99.50.")}
            if "DELIVERY_PRICE" not in way:
                return {"delivery": text("Each carrier needs a price, such as “PPL:99”.")}
        return {}


def read_delivery(spelling: str) -> list[dict[str, str]]:
    """``PPL:99:149, ZASILKOVNA:79`` as elements."""
    names = ("DELIVERY_ID", "DELIVERY_PRICE", "DELIVERY_PRICE_COD")
    ways: Sequence[str] = [one.strip() for one in spelling.split(",") if one.strip()]
    return [dict(zip(names, way.split(":"), strict=False)) for way in ways]


def _is_in_calendar(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _is_price(amount: str) -> bool:
    whole, _, cents = amount.partition(".")
    is_whole = "." not in amount
    is_number = amount.isascii() and whole.isdecimal() and (is_whole or cents.isdecimal())
    return is_number and len(cents) <= 2


def _param(one: Property) -> dict[str, str]:
    return {"PARAM_NAME": one.label, "VAL": one.shown}
