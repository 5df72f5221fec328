"""Beslist.nl: price comparison in the Netherlands and Belgium. feeds.md section 6: the manual that
could be found is of 2017, its names are confirmed by recent exports.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pim.feeds.contract import Example, Exporter, Format, Listing, Record, Spec, Xml, bare, text

SPEC = Spec("feeds.md §6, Beslist.nl product-feed manual V6", date(2026, 11, 22))
MORE_PICTURES = "Image_2"
_field = SPEC.field

FIELDS = (
    _field("Titel", "required", max_length=255, meaning="product_name"),
    _field("Prijs", "required", "price", meaning="price", help=text("With VAT.")),
    _field(
        "Winkelproductcode",
        "required",
        unique="feed",
        max_length=100,
        meaning="identifier",
        help=text("Must never change: Beslist's orders name it."),
    ),
    _field("Deeplink", "required", "url", meaning="link"),
    _field("Image_1", "required", "picture", meaning="main_picture"),
    _field(
        MORE_PICTURES,
        kind="picture",
        repeat=8,
        cut=True,
        without="Image_1",
        meaning="pictures",
        help=text("Further pictures; each gets a number."),
    ),
    _field(
        "Categorie",
        "required",
        meaning="category_path",
        help=text("The path; today Beslist reads Google's tree."),
    ),
    _field(
        "Levertijd",
        "required",
        meaning="lead_time",
        help=text("In days or in words, such as “1-2 working days”."),
        example="1-2 werkdagen",
    ),
    _field("Portokosten", "required", "price", meaning="shipping_price"),
    _field("EAN", "required", "gtin", emit=13, meaning="gtin"),
    _field("Omschrijving", "required", max_length=1024, meaning="description"),
    _field("Merk", "recommended", meaning="brand"),
    _field("Artikelcodefabrikant", meaning="manufacturer_number"),
    _field("Maat", meaning="size"),
    _field("Kleur", meaning="color"),
    _field("Conditie", meaning="condition"),
    _field(
        "Variant_code",
        meaning="model",
        help=text("The same for all variants of one model."),
    ),
    _field("Model_code"),
    _field("Oude_prijs", kind="price", meaning="list_price"),
    _field("Display", kind="boolean", choices=("1", "0")),
)


class Beslist(Exporter):
    code = "beslist"
    label = text("Beslist.nl")
    purpose = text("price comparison")
    fields = FIELDS
    invalid = "drop"
    example = Example(
        mapping={"Levertijd": {"value": "1-2 werkdagen"}, "Portokosten": {"value": "4.95"}},
        consumer="the elements of Beslist's manual",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Xml("Product", "<Products>", "</Products>", key="Winkelproductcode")

    def item(self, listing: Listing) -> Record:
        item: dict[str, Any] = {
            name: bare(value) for name, value in listing.items() if name != MORE_PICTURES
        }
        more = listing.get(MORE_PICTURES, ())
        return item | {f"Image_{number}": picture for number, picture in enumerate(more, 2)}
