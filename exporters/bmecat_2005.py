"""BMEcat 2005: a catalogue for wholesale and procurement, with the category tree before the
products and their places in it after them. feeds.md section 18.

Elements are in the order of the schema.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pim.feeds.contract import (
    Attributed,
    CategoryNode,
    Example,
    Exporter,
    Format,
    Group,
    Listing,
    Measure,
    Option,
    Part,
    Property,
    Record,
    Sections,
    Spec,
    Text,
    Totals,
    Xml,
    element,
    is_gln,
    language_code,
    text,
)

SPEC = Spec("feeds.md §18, BMEcat 2005 final draft (XSD)", date(2026, 11, 27))
NAMESPACE = "http://www.bmecat.org/bmecat/"
LONGEST_FEATURE = 60
LONGEST_UNIT = 20

FIELDS = (
    SPEC.field(
        "SUPPLIER_PID",
        "required",
        max_length=32,
        unique="feed",
        meaning="identifier",
        help=text("Your article number."),
    ),
    SPEC.field("DESCRIPTION_SHORT", "required", max_length=150, meaning="product_name"),
    SPEC.field("DESCRIPTION_LONG", "recommended", max_length=64_000, meaning="description"),
    SPEC.field("INTERNATIONAL_PID", "recommended", "gtin", emit=14, meaning="gtin"),
    SPEC.field("MANUFACTURER_PID", max_length=50, meaning="manufacturer_number"),
    SPEC.field("MANUFACTURER_NAME", "recommended", max_length=50, meaning="manufacturer"),
    SPEC.field("KEYWORD", max_length=50, repeat=50, cut=True, meaning="keywords"),
    SPEC.field(
        "REFERENCE_FEATURE_GROUP_ID",
        max_length=60,
        help=text("The class in the feature system of the feed, such as EC000001."),
    ),
    SPEC.field("FEATURE", "recommended", "properties", repeat=500, cut=True, meaning="properties"),
    SPEC.field(
        "ORDER_UNIT",
        code_list="rec20_2005",
        invalid="block",
        help=text("Where it is missing, the feed's own unit."),
        example="C62",
    ),
    SPEC.field(
        "CONTENT_UNIT", code_list="rec20_2005", help=text("The unit inside one order unit.")
    ),
    SPEC.field("NO_CU_PER_OU", kind="number", minimum="0.001", example="12"),
    SPEC.field("QUANTITY_MIN", kind="number", minimum="0.001", meaning="minimum_order"),
    SPEC.field("QUANTITY_INTERVAL", kind="number", minimum="0.001"),
    SPEC.field(
        "PRICE_AMOUNT",
        "required",
        "price",
        decimals=4,
        code_list="iso4217_2005",
        meaning="net_price",
        help=text("Without VAT, for one order unit."),
    ),
    SPEC.field(
        "TAX", kind="number", minimum="0", maximum="100", meaning="tax_rate", help=text("Percent.")
    ),
    SPEC.field(
        "MIME_SOURCE", kind="picture", max_length=255, repeat=20, cut=True, meaning="pictures"
    ),
    SPEC.field("CUSTOMS_NUMBER", max_length=60, meaning="customs_code"),
    SPEC.field("COUNTRY_OF_ORIGIN", kind="country", code_list="iso3166_2005", meaning="origin"),
    SPEC.field("WEIGHT", kind="measurement", unit="KILOGRAM", minimum="0", meaning="weight"),
    SPEC.field("LENGTH", kind="measurement", unit="METER", minimum="0", meaning="length"),
    SPEC.field("WIDTH", kind="measurement", unit="METER", minimum="0", meaning="width"),
    SPEC.field("DEPTH", kind="measurement", unit="METER", minimum="0"),
    SPEC.field(
        "CATALOG_GROUP_ID",
        max_length=50,
        repeat=20,
        cut=True,
        meaning="categories",
        help=text("Where the product stands in the channel's category tree."),
    ),
)


class Bmecat2005(Exporter):
    code = "bmecat_2005"
    label = text("BMEcat 2005")
    purpose = text("wholesale")
    fields = FIELDS
    invalid = "drop"
    all_or_nothing = True
    options = (
        Option(
            "version",
            text("Variant of the standard"),
            "choice",
            "2005fd",
            choices=("2005fd", "2005.1"),
            help=text("Ask your partner; only the namespace differs."),
        ),
        Option("supplier_gln", text("Your GLN"), required=True),
        Option("supplier_name", text("Your company's name"), required=True, max_length=50),
        Option("catalog_id", text("Number of the catalogue"), required=True, max_length=20),
        Option("catalog_version", text("Version of the catalogue"), default="1.0", required=True),
        Option(
            "order_unit",
            text("Unit of order (UN/ECE Rec 20)"),
            default="C62",
            required=True,
            code_list="rec20_2005",
        ),
        Option(
            "price_type",
            text("Kind of price"),
            "choice",
            "net_list",
            choices=("net_list", "gros_list", "net_customer", "net_customer_exp", "nrp"),
        ),
        Option(
            "feature_system",
            text("System of features"),
            pattern=r"[\w.-]{1,80}",
            help=text("With its version, such as ETIM-9.0 or ECLASS-13.0; empty for your own."),
        ),
    )
    example = Example(
        options={
            "supplier_gln": "8712345000004",
            "supplier_name": "Van Dam & Zn B.V.",
            "catalog_id": "WINTER-2026",
        },
        consumer="the XML schemas of BMEcat 2005 and 2005.1",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        space = NAMESPACE + str(options.get("version", "2005fd"))
        opening = f'<BMECAT xmlns="{space}" version="2005">'
        closing = "</T_NEW_CATALOG></BMECAT>"
        products = Xml("PRODUCT", opening, closing, namespace=space, key="SUPPLIER_PID")
        places = Xml("PRODUCT_TO_CATALOGGROUP_MAP", "", "")
        return Sections({"products": products, "places": places})

    def head(self, totals: Totals, output: str = "") -> bytes:
        header = {
            "GENERATOR_INFO": f"Etalage, {totals.items} products",
            "CATALOG": self._catalog(),
            "SUPPLIER_IDREF": self._supplier_id,
            "PARTIES": {"PARTY": self._supplier()},
        }
        tree = element("CATALOG_GROUP_SYSTEM", self._tree())
        content = element("HEADER", header) + "<T_NEW_CATALOG>" + tree
        return self._format_of(output).head(content)

    def _catalog(self) -> dict[str, Any]:
        options, context = self.context.options, self.context
        return {
            "LANGUAGE": language_code(context.language),
            "CATALOG_ID": options["catalog_id"],
            "CATALOG_VERSION": options["catalog_version"],
            "CATALOG_NAME": self._said(context.title[:100]),
            "GENERATION_DATE": f"{context.issued.isoformat()}T00:00:00",
            "CURRENCY": context.currency,
        }

    @property
    def _supplier_id(self) -> Attributed:
        return Attributed(self.context.options["supplier_gln"], {"type": "gln"})

    def _supplier(self) -> dict[str, Any]:
        return {
            "PARTY_ID": self._supplier_id,
            "PARTY_ROLE": "supplier",
            "ADDRESS": {"NAME": self._said(self.context.options["supplier_name"])},
        }

    def _tree(self) -> dict[str, Any]:
        """Nothing for a channel without a tree."""
        categories = self.context.categories
        if not categories:
            return {}
        return {
            "GROUP_SYSTEM_ID": categories[0].code,
            "CATALOG_STRUCTURE": [self._category(one) for one in categories],
        }

    def _category(self, category: CategoryNode) -> Attributed:
        kind = "leaf" if category.is_leaf else "node"
        content = {
            "GROUP_ID": category.code,
            "GROUP_NAME": self._said(category.label[:50]),
            "PARENT_ID": category.parent or "0",
        }
        return Attributed(content, {"type": kind if category.parent else "root"})

    def _said(self, content: str | None) -> Attributed:
        return Attributed(content, {"lang": language_code(self.context.language)})

    def items(self, group: Group) -> Iterable[Part]:
        for listing in group:
            yield Part("products", self._product(listing))
            for category in listing.get("CATALOG_GROUP_ID", ()):
                place = {"PROD_ID": listing["SUPPLIER_PID"], "CATALOG_GROUP_ID": category}
                yield Part("places", place)

    def _product(self, listing: Listing) -> Record:
        return {
            "SUPPLIER_PID": listing["SUPPLIER_PID"],
            "PRODUCT_DETAILS": self._details(listing),
            "PRODUCT_FEATURES": self._features(listing),
            "PRODUCT_ORDER_DETAILS": self._order(listing),
            "PRODUCT_PRICE_DETAILS": {"PRODUCT_PRICE": self._price(listing)},
            "MIME_INFO": {"MIME": [_picture(one) for one in listing.get("MIME_SOURCE", ())]},
            "PRODUCT_LOGISTIC_DETAILS": _logistics(listing),
        }

    def _details(self, listing: Listing) -> dict[str, Any]:
        get = listing.get
        return {
            "DESCRIPTION_SHORT": self._said(listing["DESCRIPTION_SHORT"]),
            "DESCRIPTION_LONG": self._said(get("DESCRIPTION_LONG")),
            "INTERNATIONAL_PID": Attributed(get("INTERNATIONAL_PID"), {"type": "gtin"}),
            "MANUFACTURER_PID": get("MANUFACTURER_PID"),
            "MANUFACTURER_NAME": get("MANUFACTURER_NAME"),
            "KEYWORD": [self._said(one) for one in get("KEYWORD", ())],
        }

    def _features(self, listing: Listing) -> dict[str, Any]:
        features = [self._feature(one) for one in listing.get("FEATURE", ()) if _fits(one)]
        if not features:
            return {}
        return {
            "REFERENCE_FEATURE_SYSTEM_NAME": self.context.options["feature_system"],
            "REFERENCE_FEATURE_GROUP_ID": listing.get("REFERENCE_FEATURE_GROUP_ID"),
            "FEATURE": features,
        }

    def _feature(self, one: Property) -> dict[str, Any]:
        value = self._said(one.value)
        return {"FNAME": self._said(one.label), "FVALUE": value, "FUNIT": one.unit_code or one.unit}

    def _order(self, listing: Listing) -> dict[str, Any]:
        get = listing.get
        inner = get("CONTENT_UNIT")
        return {
            "ORDER_UNIT": get("ORDER_UNIT") or self.context.options["order_unit"],
            "CONTENT_UNIT": inner,
            "NO_CU_PER_OU": get("NO_CU_PER_OU") if inner else None,
            "QUANTITY_MIN": get("QUANTITY_MIN"),
            "QUANTITY_INTERVAL": get("QUANTITY_INTERVAL"),
        }

    def _price(self, listing: Listing) -> Attributed:
        price = listing["PRICE_AMOUNT"]
        rate = listing.get("TAX")
        content = {
            "PRICE_AMOUNT": price.amount,
            "PRICE_CURRENCY": price.currency,
            "TAX": None if rate is None else f"{Decimal(rate) / 100:f}",
        }
        return Attributed(content, {"price_type": self.context.options["price_type"]})

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> Mapping[str, Text]:
        wrong: dict[str, Text] = {}
        if options["supplier_gln"] and not is_gln(options["supplier_gln"]):
            wrong["supplier_gln"] = text("A GLN has 13 digits, the last one a check digit.")
        first, _, second = options["catalog_version"].partition(".")
        if not all(part.isdecimal() and len(part) <= 3 for part in (first, second)):
            wrong["catalog_version"] = text("A version looks like 1.0 or 26.11.")
        return wrong


def _fits(one: Property) -> bool:
    """The standard has no place for longer ones."""
    is_short = len(one.value) <= LONGEST_FEATURE and len(one.label) <= LONGEST_FEATURE
    return is_short and len(one.unit) <= LONGEST_UNIT


def _picture(address: Any) -> dict[str, str]:
    kind = "image/png" if str(address).endswith(".png") else "image/jpeg"
    return {"MIME_TYPE": kind, "MIME_SOURCE": str(address), "MIME_PURPOSE": "normal"}


def _logistics(listing: Listing) -> dict[str, Any]:
    sizes = ("WEIGHT", "LENGTH", "WIDTH", "DEPTH")
    return {
        "CUSTOMS_TARIFF_NUMBER": {"CUSTOMS_NUMBER": listing.get("CUSTOMS_NUMBER")},
        "COUNTRY_OF_ORIGIN": listing.get("COUNTRY_OF_ORIGIN"),
        "PRODUCT_DIMENSIONS": {name: _amount(listing.get(name)) for name in sizes},
    }


def _amount(measure: Measure | None) -> str | None:
    return None if measure is None else measure.amount
