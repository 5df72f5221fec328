"""Google Merchant Center: free listings and Shopping ads; Microsoft, Prisjakt and others read the
same file. feeds.md section 1.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pim.feeds.contract import (
    BuildContext,
    Exporter,
    Field,
    Format,
    Listing,
    Money,
    Option,
    Problem,
    Tsv,
    Xml,
    element,
    text,
)

SPEC = "feeds.md §1, support.google.com/merchants 7052112"
WEIGHTS = ("g", "kg", "lb", "oz")
LENGTHS = ("cm", "in")
NAMESPACE = "http://base.google.com/ns/1.0"


def _field(
    name: str, need: Any = "optional", kind: Any = "text", most: int | None = None, **more: Any
) -> Field:
    return Field(name, need, kind, most, source=SPEC, **more)


FIELDS = (
    _field(
        "id",
        "required",
        most=50,
        suggest=("$identifier",),
        help="Must never change.",
        example="BIKE-7-RED",
    ),
    _field(
        "title", "required", most=150, suggest=("name", "title"), example="City bike 7-speed red"
    ),
    _field("description", "required", most=5000, suggest=("description", "short_description")),
    _field("link", "required", "url", 2000, suggest=("$link",)),
    _field(
        "image_link",
        "required",
        "picture",
        2000,
        suggest=("$picture",),
        help="500 × 500 pixels or more from 2027-01-31.",
    ),
    _field("additional_image_link", "optional", "picture", 2000, repeat=10, suggest=("$pictures",)),
    _field(
        "availability",
        "required",
        "choice",
        choices=("in_stock", "out_of_stock", "preorder", "backorder"),
        suggest=("availability",),
    ),
    _field(
        "availability_date",
        "optional",
        "date",
        help="For preorder and backorder.",
        example="2026-12-24",
    ),
    _field(
        "price",
        "required",
        "price",
        suggest=("price",),
        help="Equal to the page's, with VAT in Europe.",
        example="129.95 EUR",
    ),
    _field(
        "sale_price",
        "optional",
        "price",
        suggest=("sale_price", "special_price"),
        help="Lower than the price.",
    ),
    _field(
        "sale_price_effective_date",
        most=51,
        example="2026-11-27T00:00+01:00/2026-11-30T23:59+01:00",
    ),
    _field("brand", "recommended", most=70, suggest=("brand", "manufacturer")),
    _field("gtin", "recommended", "gtin", suggest=("ean", "gtin", "barcode")),
    _field("mpn", "recommended", most=70, suggest=("mpn", "manufacturer_number")),
    _field(
        "identifier_exists",
        "optional",
        "boolean",
        choices=("yes", "no"),
        help="“no” when there is neither GTIN nor brand with mpn.",
    ),
    _field(
        "condition",
        "recommended",
        "choice",
        choices=("new", "refurbished", "used"),
        suggest=("condition",),
    ),
    _field(
        "google_product_category",
        "recommended",
        most=750,
        suggest=("google_category",),
        help="Number or full path in Google's tree.",
    ),
    _field(
        "product_type",
        "recommended",
        most=750,
        suggest=("$category",),
        example="Bikes > City bikes",
    ),
    _field(
        "item_group_id",
        "recommended",
        most=50,
        suggest=("$model",),
        help="Equal for all variants of one model.",
    ),
    _field("color", most=100, suggest=("color", "colour")),
    _field("size", most=100, suggest=("size",)),
    _field("gender", kind="choice", choices=("male", "female", "unisex"), suggest=("gender",)),
    _field(
        "age_group",
        kind="choice",
        choices=("newborn", "infant", "toddler", "kids", "adult"),
        suggest=("age_group",),
    ),
    _field("material", most=200, suggest=("material",)),
    _field("pattern", most=100, suggest=("pattern",)),
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
        suggest=("shipping_price",),
        help="Goes with the setting “Shipping country”.",
    ),
    _field("shipping_weight", kind="measurement", choices=WEIGHTS, suggest=("weight",)),
    _field("shipping_length", kind="measurement", choices=LENGTHS, unit="CENTIMETER"),
    _field("shipping_width", kind="measurement", choices=LENGTHS, unit="CENTIMETER"),
    _field("shipping_height", kind="measurement", choices=LENGTHS, unit="CENTIMETER"),
    _field("product_weight", kind="measurement", choices=WEIGHTS, suggest=("weight",)),
    _field(
        "product_length",
        kind="measurement",
        choices=LENGTHS,
        unit="CENTIMETER",
        suggest=("length",),
    ),
    _field(
        "product_width", kind="measurement", choices=LENGTHS, unit="CENTIMETER", suggest=("width",)
    ),
    _field(
        "product_height",
        kind="measurement",
        choices=LENGTHS,
        unit="CENTIMETER",
        suggest=("height",),
    ),
    _field(
        "energy_efficiency_class",
        kind="choice",
        choices=("A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G"),
    ),
    _field(
        "certification_code",
        most=2000,
        suggest=("eprel",),
        help="The number in EPREL, Europe's register of energy labels.",
    ),
    _field("product_highlight", most=150, repeat=100),
    _field("multipack", kind="number", help="How many equal products in one pack, more than 1."),
    _field("is_bundle", kind="boolean", choices=("yes", "no")),
    _field("adult", kind="boolean", choices=("yes", "no"), suggest=("adult",)),
    *(_field(f"custom_label_{number}", most=100) for number in range(5)),
)
NESTED = {
    "shipping_price": "shipping(country:price)",
    "certification_code": (
        "certification(certification_authority:certification_name:certification_code)"
    ),
}


class GoogleShopping(Exporter):
    code = "google_shopping"
    label = "Google Shopping"
    purpose = "price comparison"
    fields = FIELDS
    options = (
        Option("format", "File format", "choice", "xml", choices=("xml", "tsv")),
        Option(
            "shipping_country",
            "Shipping country",
            help="Two letters, such as NL; with it goes the field shipping_price.",
        ),
        Option(
            "picture_minimum",
            "Smallest picture side in pixels",
            "number",
            "100",
            help="500 from 2027-01-31.",
        ),
    )

    def __init__(self, context: BuildContext) -> None:
        self.country = context.options.get("shipping_country", "")
        self.flat = context.options.get("format") == "tsv"
        super().__init__(context)

    def make_format(self) -> Format:
        if self.flat:
            return Tsv([NESTED.get(field.name, field.name) for field in self.fields])
        context = self.context
        title = (
            element("title", context.title)
            + element("link", context.link)
            + element("description", context.title)
        )
        head = f'<rss version="2.0" xmlns:g="{NAMESPACE}"><channel>{title}\n'
        return Xml("item", head, "</channel></rss>\n", prefix="g:")

    def item(self, listing: Listing) -> Mapping[str, Any]:
        item = dict(listing)
        more = item.get("additional_image_link")
        if more is not None:
            main = listing["image_link"]
            item["additional_image_link"] = [picture for picture in more if picture != main]
        if "shipping_price" in item or "certification_code" in item:
            self._nest(item)
        return item

    def _nest(self, item: dict[str, Any]) -> None:
        """Two fields that Google wants as groups: elements in elements, or ``NL:4.95 EUR`` in a
        cell.
        """
        price, label = item.pop("shipping_price", None), item.pop("certification_code", None)
        if price and self.country:
            item |= self._group("shipping_price", {"country": self.country, "price": str(price)})
        if label:
            energy = {
                "certification_authority": "EC",
                "certification_name": "EPREL",
                "certification_code": label,
            }
            item |= self._group("certification_code", energy)

    def _group(self, field: str, parts: dict[str, str]) -> dict[str, Any]:
        column = NESTED[field]
        if self.flat:
            return {column: ":".join(parts.values())}
        return {column.partition("(")[0]: {f"g:{name}": value for name, value in parts.items()}}

    def check(self, listing: Listing) -> Iterable[Problem]:
        if (
            "gtin" not in listing
            and not ("mpn" in listing and "brand" in listing)
            and listing.get("identifier_exists") != "no"
        ):
            yield Problem(
                "gtin",
                "identifiers",
                text("Google wants a GTIN, or brand and mpn, or identifier_exists “no”."),
                severity="warning",
            )
        if (
            listing.get("availability") in ("preorder", "backorder")
            and "availability_date" not in listing
        ):
            yield Problem(
                "availability_date", "missing", text("A preorder or backorder needs its date.")
            )
        price, sale = listing.get("price"), listing.get("sale_price")
        if (
            type(sale) is Money
            and type(price) is Money
            and not 0 < float(sale.amount) < float(price.amount)
        ):
            yield Problem(
                "sale_price",
                "not_lower",
                text("The sale price is not lower than the price."),
                str(sale),
            )
