"""Google Merchant Center: free listings and Shopping ads; Microsoft, Prisjakt and others read the
same file. feeds.md section 1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pim.feeds.contract import (
    Example,
    Exporter,
    Field,
    Format,
    Later,
    Listing,
    Money,
    Option,
    Problem,
    Record,
    Spec,
    Totals,
    Tsv,
    When,
    Xml,
    element,
    text,
)

SPEC = Spec("feeds.md §1, support.google.com/merchants 7052112", date(2026, 11, 22))
WEIGHTS = ("g", "kg", "lb", "oz")
LENGTHS = ("cm", "in")
NAMESPACE = "http://base.google.com/ns/1.0"


_field = SPEC.field
LARGE_PICTURES = date(2027, 1, 31)

FIELDS = (
    _field(
        "id",
        "required",
        max_length=50,
        unique="feed",
        meaning="identifier",
        help=text("Must never change."),
        example="BIKE-7-RED",
    ),
    _field(
        "title",
        "required",
        max_length=150,
        meaning="product_name",
        example="City bike 7-speed red",
    ),
    _field("description", "required", max_length=5000, meaning="description"),
    _field("link", "required", "url", max_length=2000, meaning="link"),
    _field(
        "image_link",
        "required",
        "picture",
        max_length=2000,
        meaning="main_picture",
        help=text("500 × 500 pixels or more from 31 January 2027."),
    ),
    _field(
        "additional_image_link",
        kind="picture",
        max_length=2000,
        repeat=10,
        cut=True,
        without="image_link",
        meaning="pictures",
    ),
    _field(
        "availability",
        "required",
        "choice",
        choices=("in_stock", "out_of_stock", "preorder", "backorder"),
        meaning="availability",
    ),
    _field(
        "availability_date",
        kind="datetime",
        needed_if=(When("availability", ("preorder", "backorder")),),
        help=text("For products on preorder or backorder."),
        example="2026-12-24",
    ),
    _field(
        "price",
        "required",
        "price",
        meaning="price",
        help=text("The same as on the product's page; in Europe with VAT."),
        example="129.95 EUR",
    ),
    _field(
        "sale_price",
        kind="price",
        meaning="sale_price",
        help=text("Lower than the price."),
    ),
    _field(
        "sale_price_effective_date",
        kind="interval",
        max_length=51,
        example="2026-11-27T00:00+01:00/2026-11-30T23:59+01:00",
    ),
    _field("brand", "recommended", max_length=70, meaning="brand"),
    _field("gtin", "recommended", "gtin", meaning="gtin"),
    _field("mpn", "recommended", max_length=70, meaning="manufacturer_number"),
    _field(
        "identifier_exists",
        kind="boolean",
        choices=("yes", "no"),
        help=text("“no” when there is neither a GTIN nor a brand with an mpn."),
    ),
    _field(
        "condition",
        "recommended",
        "choice",
        choices=("new", "refurbished", "used"),
        meaning="condition",
    ),
    _field(
        "google_product_category",
        "recommended",
        max_length=750,
        meaning="google_category",
        help=text("Number or full path in Google's tree."),
    ),
    _field(
        "product_type",
        "recommended",
        max_length=750,
        meaning="category_path",
        example="Bikes > City bikes",
    ),
    _field(
        "item_group_id",
        "recommended",
        max_length=50,
        of_variants=True,
        meaning="model",
        help=text("The same for all variants of one model."),
    ),
    _field("color", max_length=100, meaning="color"),
    _field("size", max_length=100, meaning="size"),
    _field("gender", kind="choice", choices=("male", "female", "unisex"), meaning="gender"),
    _field(
        "age_group",
        kind="choice",
        choices=("newborn", "infant", "toddler", "kids", "adult"),
        meaning="age_group",
    ),
    _field("material", max_length=200, meaning="material"),
    _field("pattern", max_length=100),
    _field(
        "size_type",
        kind="choice",
        choices=("regular", "petite", "maternity", "big", "tall", "plus"),
    ),
    _field(
        "size_system",
        kind="choice",
        choices=("AU", "BR", "CN", "DE", "EU", "FR", "IT", "JP", "MEX", "UK", "US"),
    ),
    _field(
        "shipping_price",
        kind="price",
        meaning="shipping_price",
        help=text("Goes with the setting “Shipping country”."),
    ),
    _field("shipping_weight", kind="measurement", minimum="0", choices=WEIGHTS, meaning="weight"),
    _field("shipping_length", kind="measurement", minimum="0", choices=LENGTHS, unit="CENTIMETER"),
    _field("shipping_width", kind="measurement", minimum="0", choices=LENGTHS, unit="CENTIMETER"),
    _field("shipping_height", kind="measurement", minimum="0", choices=LENGTHS, unit="CENTIMETER"),
    _field("product_weight", kind="measurement", minimum="0", choices=WEIGHTS, meaning="weight"),
    *(
        _field(
            f"product_{side}",
            kind="measurement",
            minimum="0",
            choices=LENGTHS,
            unit="CENTIMETER",
            meaning=side,
        )
        for side in ("length", "width", "height")
    ),
    _field(
        "energy_efficiency_class",
        kind="choice",
        choices=("A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G"),
    ),
    _field(
        "certification_code",
        max_length=2000,
        meaning="energy_label",
        help=text("The number in EPREL, Europe's register of energy labels."),
    ),
    _field("product_highlight", max_length=150, repeat=100, cut=True),
    _field(
        "multipack",
        kind="integer",
        minimum="2",
        help=text("How many identical products are in one pack."),
    ),
    _field("is_bundle", kind="boolean", choices=("yes", "no")),
    _field("adult", kind="boolean", choices=("yes", "no"), meaning="adult"),
    *(_field(f"custom_label_{number}", max_length=100) for number in range(5)),
)
NESTED = {
    "shipping_price": "shipping(country:price)",
    "certification_code": (
        "certification(certification_authority:certification_name:certification_code)"
    ),
}


class GoogleShopping(Exporter):
    code = "google_shopping"
    label = text("Google Shopping")
    purpose = text("price comparison")
    fields = FIELDS
    invalid = "drop"
    options = (
        Option("format", text("File format"), "choice", "xml", choices=("xml", "tsv")),
        Option(
            "shipping_country",
            text("Shipping country"),
            help=text("Two letters, such as NL; the field “shipping_price” needs it."),
        ),
        Option(
            "picture_minimum",
            text("Smallest picture side in pixels"),
            "number",
            "100",
            help=text("At least 500 from 31 January 2027."),
        ),
    )
    example = Example(
        options={"shipping_country": "NL"},
        mapping={"condition": {"value": "new"}, "shipping_price": {"value": "4.95"}},
        consumer="Google's client of the Merchant API, and feedparser",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        if options.get("format") == "tsv":
            columns = [NESTED.get(field.name, field.name) for field in cls.fields]
            return Tsv(columns, ",", "quote", key="id")
        opening = f'<rss version="2.0" xmlns:g="{NAMESPACE}"><channel>'
        return Xml("item", opening, "</channel></rss>", prefix="g:", key="g:id")

    @classmethod
    def fields_for(cls, options: Mapping[str, Any]) -> Sequence[Field]:
        """The smallest picture is a setting until Google's own limit is higher."""
        least = int(options.get("picture_minimum") or 0)
        later = (Later(LARGE_PICTURES, {"min_pixels": max(least, 500)}),)
        return [
            replace(field, min_pixels=least, later=later) if field.kind == "picture" else field
            for field in cls.fields
        ]

    def head(self, totals: Totals, output: str = "") -> bytes:
        if self._is_flat:
            return self.format.head()
        context = self.context
        title = element("title", context.title)
        link = element("link", context.link)
        return self.format.head(title + link + element("description", context.title))

    @property
    def _is_flat(self) -> bool:
        return self.context.options.get("format") == "tsv"

    def item(self, listing: Listing) -> Record:
        if "shipping_price" in listing or "certification_code" in listing:
            return self._nest(dict(listing))
        return listing

    def _nest(self, item: dict[str, Any]) -> Record:
        """Two fields that Google wants as groups: elements in elements, or ``NL:4.95 EUR`` in a
        cell.
        """
        price, label = item.pop("shipping_price", None), item.pop("certification_code", None)
        country = self.context.options.get("shipping_country", "")
        if price and country:
            item |= self._group("shipping_price", {"country": country, "price": str(price)})
        if label:
            energy = {
                "certification_authority": "EC",
                "certification_name": "EPREL",
                "certification_code": label,
            }
            item |= self._group("certification_code", energy)
        return item

    def _group(self, field: str, parts: dict[str, str]) -> dict[str, Any]:
        column = NESTED[field]
        if self._is_flat:
            return {column: ":".join(parts.values())}
        return {column.partition("(")[0]: {f"g:{name}": value for name, value in parts.items()}}

    def check(self, listing: Listing) -> Iterable[Problem]:
        is_identified = "gtin" in listing or ("mpn" in listing and "brand" in listing)
        if not is_identified and listing.get("identifier_exists") != "no":
            message = text("Google wants a GTIN, or brand and mpn, or identifier_exists “no”.")
            yield Problem("gtin", "identifiers", message, severity="warning")
        price, sale = listing.get("price"), listing.get("sale_price")
        if type(sale) is not Money or type(price) is not Money:
            return
        if not 0 < Decimal(sale.amount) < Decimal(price.amount):
            message = text("The sale price is not lower than the price.")
            yield Problem("sale_price", "not_lower", message, str(sale))
