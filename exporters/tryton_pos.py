"""Tryton with the module sale_point: articles for an open-source till, as import of
product.template. feeds.md section 17.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pim.feeds.contract import Csv, Exporter, Field, Format, Listing, Option, Problem, text

SPEC = "feeds.md §17, Tryton 8.2 product.template.import_data"

FIELDS = (
    Field(
        "name",
        "required",
        suggest=("name", "title"),
        source=SPEC,
        help="One name for a model and all its variants.",
    ),
    Field(
        "gross_price",
        "required",
        "price",
        suggest=("price",),
        source=SPEC,
        help="With VAT; one price for all variants of a model.",
    ),
    Field(
        "suffix_code",
        "required",
        suggest=("$identifier",),
        source=SPEC,
        help="The article's code at the till.",
    ),
    Field(
        "ean",
        "recommended",
        "gtin",
        suggest=("ean", "gtin", "barcode"),
        source=SPEC,
        help="What the scanner reads.",
    ),
)
TEMPLATE = ("name", "type", "default_uom", "sale_uom", "salable", "gross_price")
PRODUCT = ("products/suffix_code", "products/identifiers/type", "products/identifiers/code")


class TrytonPos(Exporter):
    code = "tryton_pos"
    label = "Tryton point of sale"
    purpose = "till"
    fields = FIELDS
    grouped = True
    options = (
        Option(
            "unit",
            "Unit of sale",
            default="Unit",
            required=True,
            help="Its name in Tryton, in the language of the user that imports.",
        ),
        Option(
            "type", "Kind of product", "choice", "goods", choices=("goods", "assets", "service")
        ),
    )

    def make_format(self) -> Format:
        return Csv(TEMPLATE + PRODUCT)

    def items(self, group: Sequence[Listing]) -> Iterable[Mapping[str, Any]]:
        """The first row holds the template, each row one product of it."""
        options = self.context.options
        template = {
            "name": group[0]["name"],
            "type": options.get("type", "goods"),
            "default_uom": options.get("unit", "Unit"),
            "sale_uom": options.get("unit", "Unit"),
            "salable": "True",
            "gross_price": group[0]["gross_price"].amount,
        }
        for listing in group:
            yield template | _product(listing)
            template = {}

    def check(self, listing: Listing) -> Iterable[Problem]:
        ean = listing.get("ean", "")
        if ean and len(ean) not in (8, 13):
            yield Problem(
                "ean", "ean_length", text("Tryton's identifier “ean” takes 8 or 13 digits."), ean
            )


def _product(listing: Listing) -> dict[str, Any]:
    product = {"products/suffix_code": listing["suffix_code"]}
    if "ean" in listing:
        product |= {"products/identifiers/type": "ean", "products/identifiers/code": listing["ean"]}
    return product
