"""Tryton with the module sale_point: articles for an open-source till, as import of
product.template. feeds.md section 17.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pim.feeds.contract import (
    Csv,
    Example,
    Exporter,
    Format,
    Group,
    Listing,
    Option,
    Problem,
    Record,
    Spec,
    text,
)

SPEC = Spec("feeds.md §17, Tryton 8.2 product.template.import_data", date(2026, 11, 22))

FIELDS = (
    SPEC.field(
        "name",
        "required",
        meaning="product_name",
        help=text("One name for a model and all its variants."),
    ),
    SPEC.field(
        "gross_price",
        "required",
        "price",
        meaning="price",
        help=text("With VAT. Variants with another price become a product of their own."),
    ),
    SPEC.field(
        "suffix_code",
        "required",
        meaning="identifier",
        unique="feed",
        help=text("The article's code at the till."),
    ),
    SPEC.field(
        "ean",
        "recommended",
        "gtin",
        in_store=True,
        unique="feed",
        invalid="drop",
        meaning="gtin",
        help=text("What the scanner reads."),
    ),
)
TEMPLATE = ("name", "type", "default_uom", "sale_uom", "salable", "gross_price")
ACCOUNTS = "account_category"
PRODUCT = ("products/suffix_code", "products/identifiers/type", "products/identifiers/code")


class TrytonPos(Exporter):
    code = "tryton_pos"
    label = text("Tryton point of sale")
    purpose = text("till")
    fields = FIELDS
    grouped = True
    all_or_nothing = True
    options = (
        Option(
            "unit",
            text("Unit of sale"),
            default="Unit",
            required=True,
            help=text("Its name in Tryton, in the language of the user who imports the file."),
        ),
        Option(
            "type",
            text("Kind of product"),
            "choice",
            "goods",
            choices=("goods", "assets", "service"),
        ),
        Option(
            "account_category",
            text("Account category"),
            help=text(
                "Its name in Tryton: the accounts and taxes of a sale stand there. Without one the"
                " articles come in, but cannot be sold before somebody gives them one."
            ),
        ),
    )
    example = Example(
        consumer="Tryton 8.2 with sale_point, which imports the file and sells by EAN"
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        accounts = (ACCOUNTS,) if options.get(ACCOUNTS) else ()
        columns = TEMPLATE + accounts + PRODUCT
        return Csv(columns, key="products/suffix_code", gtin=PRODUCT[-1])

    def items(self, group: Group) -> Iterable[Record]:
        """A template has one price, so variants with another price get one of their own. Its first
        row holds the template, each row one product of it.
        """
        by_price: dict[str, list[Listing]] = {}
        for listing in group:
            by_price.setdefault(listing["gross_price"].amount, []).append(listing)
        for price, listings in by_price.items():
            template = self._template(listings[0], price)
            for listing in listings:
                yield template | _product(listing)
                template = {}

    def _template(self, listing: Listing, price: str) -> dict[str, Any]:
        options = self.context.options
        accounts = {ACCOUNTS: options[ACCOUNTS]} if options[ACCOUNTS] else {}
        return {
            "name": listing["name"],
            "type": options["type"],
            "default_uom": options["unit"],
            "sale_uom": options["unit"],
            "salable": "True",
            "gross_price": price,
            **accounts,
        }

    def check(self, listing: Listing) -> Iterable[Problem]:
        gtin = listing.get("ean", "")
        if gtin and not _ean(gtin):
            message = text("Tryton's identifier “ean” takes 8 or 13 digits.")
            yield Problem("ean", "ean_length", message, gtin, severity="skipped")


def _product(listing: Listing) -> dict[str, Any]:
    product = {"products/suffix_code": listing["suffix_code"]}
    ean = _ean(listing.get("ean", ""))
    if ean:
        product |= {"products/identifiers/type": "ean", "products/identifiers/code": ean}
    return product


def _ean(gtin: str) -> str:
    """What a scanner reads of an article: 8 or 13 digits; "" for the 14 of a case of them."""
    if len(gtin) == 8:
        return gtin
    return gtin.zfill(14)[1:] if gtin and gtin.zfill(14)[0] == "0" else ""
