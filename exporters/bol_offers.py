"""bol.com: offers as the Retailer API v10 takes them, and with a setting the products' content
beside them. feeds.md section 9.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pim.feeds.contract import (
    Bundle,
    Example,
    Exporter,
    Format,
    Group,
    JsonArray,
    Listing,
    Option,
    Part,
    Problem,
    Property,
    Record,
    Spec,
    When,
    json_number,
    text,
)

SPEC = Spec("feeds.md §9, bol Retailer API v10 (OpenAPI)", date(2026, 11, 27))
CONDITIONS = ("NEW", "AS_NEW", "GOOD", "REASONABLE", "MODERATE")
MOST_STOCK = 999
DELIVERY_CODES = (
    *(f"24uurs-{hour}" for hour in range(23, 11, -1)),
    "1-2d",
    "2-3d",
    "3-5d",
    "4-8d",
    "1-8d",
    "MijnLeverbelofte",
    "VVB",
)

FIELDS = (
    SPEC.field("ean", "required", "gtin", emit=13, unique="feed", meaning="gtin"),
    SPEC.field(
        "reference",
        "recommended",
        max_length=100,
        unique="feed",
        meaning="identifier",
        help=text("Your own article number."),
    ),
    SPEC.field("condition", kind="choice", choices=CONDITIONS, example="NEW"),
    SPEC.field(
        "condition_comment", max_length=2000, help=text("Only for products that are not new.")
    ),
    SPEC.field(
        "price",
        "required",
        "price",
        minimum="1",
        maximum="9999",
        meaning="price",
        help=text("With VAT, between 1 and 9,999 euros."),
    ),
    SPEC.field(
        "bundle_quantity",
        kind="integer",
        minimum="2",
        maximum="24",
        needed_if=(When("bundle_price"),),
        help=text("From how many pieces on the price for more is asked."),
    ),
    SPEC.field(
        "bundle_price",
        kind="price",
        minimum="1",
        maximum="9999",
        needed_if=(When("bundle_quantity"),),
        help=text("The price of one piece when more are ordered."),
    ),
    SPEC.field(
        "stock",
        "required",
        "integer",
        minimum="0",
        meaning="stock",
        help=text("More than 999 is sent as 999."),
    ),
    SPEC.field(
        "delivery_code",
        kind="choice",
        choices=DELIVERY_CODES,
        help=text("Where it is missing, the feed's own."),
    ),
    SPEC.field("on_hold", kind="boolean", choices=("true", "false")),
    SPEC.field("unknown_product_title", max_length=500, meaning="product_name"),
    SPEC.field("economic_operator", help=text("bol's number of the responsible party (GPSR).")),
    SPEC.field("name", max_length=500, meaning="product_name", help=text("Part of the content.")),
    SPEC.field(
        "description",
        max_length=10_000,
        meaning="description",
        help=text("Part of the content."),
    ),
    SPEC.field(
        "attributes",
        kind="properties",
        repeat=147,
        cut=True,
        meaning="properties",
        help=text("Part of the content: properties by bol's attribute ids."),
    ),
    SPEC.field(
        "picture",
        kind="picture",
        repeat=30,
        cut=True,
        meaning="pictures",
        help=text("Part of the content."),
    ),
)


class BolOffers(Exporter):
    code = "bol_offers"
    label = text("bol offers")
    purpose = text("marketplace")
    fields = FIELDS
    invalid = "drop"
    options = (
        Option("content", text("Send the content too"), "boolean", False),
        Option(
            "language",
            text("Language of the content"),
            "choice",
            "nl",
            choices=("nl", "nl-BE", "fr", "fr-BE"),
        ),
        Option("method", text("Fulfilment by"), "choice", "FBR", choices=("FBR", "FBB")),
        Option(
            "delivery_code",
            text("Delivery promise"),
            "choice",
            "1-2d",
            choices=DELIVERY_CODES,
            help=text("For fulfilment by yourself (FBR)."),
        ),
        Option("managed_by_retailer", text("We count open orders ourselves"), "boolean", False),
    )
    example = Example(consumer="bol's OpenAPI of the Retailer API v10")

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        if options.get("content"):
            return Bundle(
                {"offers": JsonArray(key="reference", gtin="ean"), "content": JsonArray()}
            )
        return JsonArray(key="reference", gtin="ean")

    def items(self, group: Group) -> Iterable[Record | Part]:
        for listing in group:
            if self.context.options["content"]:
                yield Part("offers", self._offer(listing))
                yield Part("content", self._content(listing))
            else:
                yield self._offer(listing)

    def _offer(self, listing: Listing) -> Record:
        get, options = listing.get, self.context.options
        stock = min(int(listing["stock"]), MOST_STOCK)
        offer = {
            "ean": listing["ean"],
            "reference": get("reference"),
            "condition": _filled(name=get("condition", "NEW"), comment=get("condition_comment")),
            "pricing": {"bundlePrices": _prices(listing)},
            "stock": {"amount": stock, "managedByRetailer": options["managed_by_retailer"]},
            "fulfilment": self._fulfilment(get("delivery_code")),
            "unknownProductTitle": get("unknown_product_title"),
            "economicOperatorId": get("economic_operator"),
            "onHoldByRetailer": get("on_hold") == "true",
        }
        return _filled(**offer)

    def _fulfilment(self, code: str | None) -> dict[str, str]:
        options = self.context.options
        if options["method"] == "FBB":
            return {"method": "FBB"}
        return {"method": "FBR", "deliveryCode": code or options["delivery_code"]}

    def _content(self, listing: Listing) -> Record:
        texts = {"EAN": listing["ean"], "Name": listing.get("name")}
        texts["Description"] = listing.get("description")
        attributes = [_attribute(name, value) for name, value in texts.items() if value]
        attributes += [_property(one) for one in listing.get("attributes", ())]
        return {
            "language": self.context.options["language"],
            "attributes": attributes,
            "assets": [
                {"url": str(picture), "labels": ["FRONT"] if number == 0 else ["DETAIL"]}
                for number, picture in enumerate(listing.get("picture", ()))
            ],
        }

    def check(self, listing: Listing) -> Iterable[Problem]:
        if "condition_comment" in listing and listing.get("condition", "NEW") == "NEW":
            message = text("bol takes a comment only for products that are not new.")
            yield Problem("condition_comment", "not_new", message)
        price, bundle = listing.get("price"), listing.get("bundle_price")
        if price and bundle and Decimal(bundle.amount) >= Decimal(price.amount):
            message = text("The price for more is not lower than the price.")
            yield Problem("bundle_price", "not_lower", message, str(bundle))


def _filled(**parts: Any) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value is not None}


def _prices(listing: Listing) -> list[dict[str, Any]]:
    prices = [{"quantity": 1, "unitPrice": json_number(listing["price"].amount)}]
    if "bundle_price" in listing:
        quantity = int(listing["bundle_quantity"])
        price = json_number(listing["bundle_price"].amount)
        prices.append({"quantity": quantity, "unitPrice": price})
    return prices


def _attribute(name: str, value: str, unit: str = "") -> dict[str, Any]:
    return {"id": name, "values": [{"value": value, "unitId": unit}]}


def _property(one: Property) -> dict[str, Any]:
    return _attribute(one.code, one.value, one.unit)
