"""Kelkoo: price comparison in twenty countries. An invalid file leaves the old one in place.
feeds.md section 7.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pim.feeds.contract import Example, Exporter, Format, Listing, Record, Spec, Xml, bare, text

SPEC = Spec("feeds.md §7, requestbuilder.kelkoogroup.com product data feed", date(2026, 11, 22))
MORE_PICTURES = "image-url-2"
_field = SPEC.field

FIELDS = (
    _field(
        "offer-id",
        "required",
        unique="feed",
        max_length=100,
        meaning="identifier",
        help=text("Must never change."),
    ),
    _field("title", "required", max_length=80, meaning="product_name"),
    _field("product-url", "required", "url", meaning="link"),
    _field(
        "landing-page-url",
        "required",
        "url",
        meaning="link",
        help=text("The page without anything that counts visits."),
    ),
    _field("price", "required", "price", meaning="price", help=text("With VAT.")),
    _field("brand", "recommended", meaning="brand"),
    _field(
        "description",
        "required",
        max_length=300,
        meaning="description",
        help=text("At most 300 characters, without HTML."),
    ),
    _field("image-url", "recommended", "picture", meaning="main_picture"),
    _field(
        MORE_PICTURES,
        kind="picture",
        repeat=3,
        cut=True,
        without="image-url",
        meaning="pictures",
        help=text("Further pictures; each gets a number."),
    ),
    _field("ean", "recommended", "gtin", meaning="gtin"),
    _field("mpn", meaning="manufacturer_number"),
    _field("sku"),
    _field("merchant-category", "required", meaning="category_path"),
    _field(
        "availability",
        "required",
        "choice",
        choices=("1", "2", "3", "4", "5", "6"),
        help=text(
            "1 in stock, 2 stock on order, 3 not known, 4 preorder, 5 on order, 6 out of stock."
        ),
    ),
    _field("delivery-cost", "required", "price", meaning="shipping_price"),
    _field("delivery-time", meaning="lead_time"),
    _field("condition", meaning="condition", help=text("Only where it is not new.")),
    _field("ecotax", kind="price"),
    _field("warranty"),
    _field("colour", meaning="color"),
    _field("unit-price"),
    _field("offer-type"),
    _field("made-in", kind="country", meaning="origin"),
    _field("green-label"),
)


class Kelkoo(Exporter):
    code = "kelkoo"
    label = text("Kelkoo")
    purpose = text("price comparison")
    fields = FIELDS
    invalid = "drop"
    example = Example(
        mapping={
            "availability": {
                "from": ["stock"],
                "do": [{"map": {"entries": {"0": "6"}, "other": "1"}}],
            },
            "delivery-cost": {"value": "4.95"},
        },
        consumer="the elements of Kelkoo's own description",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Xml("product", "<products>", "</products>", key="offer-id")

    def item(self, listing: Listing) -> Record:
        item: dict[str, Any] = {
            name: bare(value) for name, value in listing.items() if name != MORE_PICTURES
        }
        more = listing.get(MORE_PICTURES, ())
        pictures = {f"image-url-{number}": picture for number, picture in enumerate(more, 2)}
        return item | pictures | {"currency": self.context.currency}
