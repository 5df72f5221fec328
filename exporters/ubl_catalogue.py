"""UBL 2.1 Catalogue as Peppol BIS Catalogue (T19): articles and prices for business customers and
their systems. feeds.md section 19.

A line's number is the article's identifier, so a line does not depend on where it stands. Elements
are in the order of the schema.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any

from pim.feeds.contract import (
    Attributed,
    Example,
    Exporter,
    Listing,
    Measure,
    Option,
    Problem,
    Record,
    Spec,
    Text,
    Totals,
    When,
    Xml,
    element,
    is_gln,
    text,
)

SPEC = Spec("feeds.md §19, Peppol BIS Catalogue without response 3", date(2026, 11, 22))
URN = "urn:oasis:names:specification:ubl:schema:xsd:"
PARTS = URN + "CommonAggregateComponents-2"
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:catalogue:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:catalogue_only:3"
GLN = "0088"  # scheme of an endpoint
GTIN = "0160"  # scheme of a standard item number
CAC, CBC = f"{{{PARTS}}}", f"{{{URN}CommonBasicComponents-2}}"
TAXED = ("S",)
MOST_NAMED = 5
SIZES = {"weight": "AAF", "length": "LN", "width": "WD", "height": "HT"}  # UNCL6313
CLASSIFICATIONS = {"customs_code": "HS", "unspsc": "TST"}  # UNCL7143


_field = SPEC.field


FIELDS = (
    _field(
        "id", "required", unique="feed", meaning="identifier", help=text("Your article number.")
    ),
    _field("name", "required", meaning="product_name"),
    _field("description", "recommended", meaning="description"),
    _field("gtin", "recommended", "gtin", meaning="gtin"),
    _field(
        "price",
        "recommended",
        "price",
        decimals=4,
        needed_if=(When("lead_time"),),
        invalid="block",
        meaning="net_price",
        help=text("Without VAT, for one orderable unit."),
    ),
    _field(
        "tax_rate",
        kind="number",
        minimum="0",
        maximum="100",
        invalid="block",
        meaning="tax_rate",
        help=text("Percent; goes with the VAT category of the feed."),
        example="21",
    ),
    _field(
        "order_unit",
        code_list="rec20",
        invalid="block",
        help=text("UN/ECE Rec 20 code; left out, the feed's own unit."),
        example="EA",
    ),
    _field(
        "content",
        kind="measurement",
        minimum="0.000001",
        meaning="net_content",
        help=text("How much is in one orderable unit."),
    ),
    _field("minimum_order", kind="number", minimum="0.001", meaning="minimum_order"),
    _field("lead_time", kind="integer", minimum="0", meaning="lead_time", help=text("Days.")),
    _field("brand", meaning="brand"),
    _field("keyword", repeat=20, cut=True, meaning="keywords"),
    _field("manufacturer", meaning="manufacturer"),
    _field("manufacturer_id", meaning="manufacturer_number"),
    _field("buyer_id", help=text("The customer's own number of the article.")),
    _field("picture", kind="picture", repeat=10, cut=True, meaning="pictures"),
    _field(
        "origin",
        kind="country",
        meaning="origin",
        help=text("Country, two letters."),
        example="NL",
    ),
    _field("customs_code", meaning="customs_code", example="87120030"),
    _field("unspsc", meaning="unspsc"),
    _field("color", meaning="color"),
    _field("size", meaning="size"),
    _field("material", meaning="material"),
    *(_field(name, kind="measurement", minimum="0", meaning=name) for name in SIZES),
)


class UblCatalogue(Exporter):
    code = "ubl_catalogue"
    label = text("UBL catalogue (Peppol)")
    purpose = text("business customers")
    fields = FIELDS
    invalid = "drop"
    all_or_nothing = True
    options = (
        Option("provider_name", text("Your company's registered name"), required=True),
        Option(
            "provider_endpoint",
            text("Your Peppol address"),
            required=True,
            help=text("Your GLN, for example."),
        ),
        Option(
            "provider_scheme",
            text("Scheme of that address"),
            default=GLN,
            required=True,
            code_list="eas",
            help=text("EAS code: 0088 GLN, 0106 KvK, 0190 OIN."),
        ),
        Option("receiver_name", text("Customer's registered name"), required=True),
        Option("receiver_endpoint", text("Customer's Peppol address"), required=True),
        Option(
            "receiver_scheme",
            text("Scheme of that address"),
            default=GLN,
            required=True,
            code_list="eas",
        ),
        Option(
            "order_unit",
            text("Unit of order (UN/ECE Rec 20)"),
            default="EA",
            required=True,
            code_list="rec20",
        ),
        Option(
            "tax_category",
            text("VAT category"),
            "choice",
            "S",
            choices=("S", "Z", "E", "AE", "K", "G", "O"),
        ),
    )
    example = Example(
        options={
            "provider_name": "Van Dam & Zn B.V.",
            "provider_endpoint": "8712345000004",
            "receiver_name": "Groothandel Noord",
            "receiver_endpoint": "8798765000008",
        },
        consumer="the UBL 2.1 schema, and Peppol's data model with its code lists",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Xml:
        spaces = (
            f'xmlns="{URN}Catalogue-2" xmlns:cac="{PARTS}" xmlns:cbc="{URN}CommonBasicComponents-2"'
        )
        return Xml(
            "cac:CatalogueLine",
            f"<Catalogue {spaces}>",
            "</Catalogue>",
            namespace=PARTS,
            key="cbc:ID",
        )

    def head(self, totals: Totals, output: str = "") -> bytes:
        issued = self.context.issued.isoformat()
        tree = {
            "cbc:CustomizationID": CUSTOMIZATION,
            "cbc:ProfileID": PROFILE,
            "cbc:ID": f"{self.context.slug}-{issued}",
            "cbc:Name": self.context.title,
            "cbc:IssueDate": issued,
            "cac:ValidityPeriod": {"cbc:StartDate": issued},
            "cac:ProviderParty": self._party("provider"),
            "cac:ReceiverParty": self._party("receiver"),
        }
        return self.format.head("".join(element(tag, value) for tag, value in tree.items()))

    def _party(self, role: str) -> dict[str, Any]:
        options = self.context.options
        return {
            "cbc:EndpointID": Attributed(
                options[f"{role}_endpoint"], {"schemeID": options[f"{role}_scheme"]}
            ),
            "cac:PartyLegalEntity": {"cbc:RegistrationName": options[f"{role}_name"]},
        }

    def item(self, listing: Listing) -> Record:
        get = listing.get
        unit = get("order_unit") or self.context.options["order_unit"]
        return {
            "cbc:ID": listing["id"],
            "cbc:OrderableIndicator": "true",
            "cbc:OrderableUnit": unit,
            "cbc:ContentUnitQuantity": _quantity(get("content")),
            "cbc:MinimumOrderQuantity": _with_unit(get("minimum_order"), unit),
            "cac:RequiredItemLocationQuantity": _price(listing, unit),
            "cac:Item": self._article(listing),
        }

    def _article(self, listing: Listing) -> dict[str, Any]:
        get = listing.get
        return {
            "cbc:Description": get("description"),
            "cbc:Name": listing["name"],
            "cbc:Keyword": get("keyword"),
            "cbc:BrandName": get("brand"),
            "cac:BuyersItemIdentification": {"cbc:ID": get("buyer_id")},
            "cac:SellersItemIdentification": {"cbc:ID": listing["id"]},
            "cac:ManufacturersItemIdentification": {"cbc:ID": get("manufacturer_id")},
            "cac:StandardItemIdentification": {
                "cbc:ID": _attributed(get("gtin"), "schemeID", GTIN)
            },
            "cac:ItemSpecificationDocumentReference": [
                _document(number, url) for number, url in enumerate(get("picture", ()), 1)
            ],
            "cac:OriginCountry": {"cbc:IdentificationCode": get("origin")},
            "cac:CommodityClassification": [
                _classified(get(name), scheme)
                for name, scheme in CLASSIFICATIONS.items()
                if name in listing
            ],
            "cac:ClassifiedTaxCategory": self._tax(get("tax_rate")),
            "cac:AdditionalItemProperty": [
                _property(name, get(name))
                for name in ("color", "size", "material")
                if name in listing
            ],
            "cac:ManufacturerParty": {"cac:PartyName": {"cbc:Name": get("manufacturer")}},
            "cac:Dimension": [
                _dimension(code, get(name)) for name, code in SIZES.items() if name in listing
            ],
        }

    def _tax(self, rate: str | None) -> dict[str, Any] | None:
        """Category S needs a rate above 0 (R015), so a rate of 0 is category Z."""
        if rate is None:
            return None
        category = self.context.options["tax_category"]
        chosen = "Z" if category == "S" and not is_above_zero(rate) else category
        return {"cbc:ID": chosen, "cbc:Percent": rate, "cac:TaxScheme": {"cbc:ID": "VAT"}}

    def check(self, listing: Listing) -> Iterable[Problem]:
        """Peppol: only the categories of :data:`TAXED` have a rate above 0."""
        rate, category = listing.get("tax_rate"), self.context.options["tax_category"]
        if rate and category not in TAXED and is_above_zero(rate):
            message = text("The VAT category of this feed (%(code)s) has no rate.", code=category)
            yield Problem("tax_rate", "no_rate", message, rate)

    def verify(self, path: Path) -> Iterable[Problem]:
        """What a partner's validator calls fatal, looked for in the finished file; some of it, for
        one fault is enough to refuse the whole catalogue.
        """
        return islice(self._faults(path), MOST_NAMED)

    def _faults(self, path: Path) -> Iterator[Problem]:
        for line in self.format_for(self.context.options).records(path):
            for field, message in _faults_of(line):
                number = line.findtext(f"{CBC}ID", "")
                yield Problem(field, "peppol", text("Line %(id)s: %(why)s", id=number, why=message))

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> Mapping[str, Text]:
        """PEPPOL-COMMON-R040: a GLN has its check digit."""
        roles = [
            role
            for role in ("provider", "receiver")
            if options[f"{role}_scheme"] == GLN and options[f"{role}_endpoint"]
        ]
        complaint = text("A GLN has 13 digits, the last one a check digit.")
        return {
            f"{role}_endpoint": complaint
            for role in roles
            if not is_gln(options[f"{role}_endpoint"])
        }


def _faults_of(line: Any) -> Iterator[tuple[str, Text]]:
    """Field and sentence for each rule of Peppol that a line breaks."""
    for one in line.iter():
        if not len(one) and not (one.text or "").strip():
            tag = one.tag.rpartition("}")[2]
            yield tag, text("“%(element)s” is empty.", element=tag)  # PEPPOL-EN16931-R008
    terms = line.find(f"{CAC}RequiredItemLocationQuantity")
    if terms is not None and terms.find(f"{CAC}Price") is None:
        yield "price", text("There is no price.")
    amounts = {
        "price": f".//{CBC}PriceAmount",
        "minimum_order": f"{CBC}MinimumOrderQuantity",
        "content": f"{CBC}ContentUnitQuantity",
    }
    for field, place in amounts.items():
        amount = line.findtext(place)
        if amount is not None and not is_above_zero(amount):
            yield field, text("%(amount)s is not above zero.", amount=amount)
    for tax in line.iterfind(f".//{CAC}ClassifiedTaxCategory"):
        is_taxed = is_above_zero(tax.findtext(f"{CBC}Percent", "0"))
        if is_taxed != (tax.findtext(f"{CBC}ID", "") in TAXED):
            yield "tax_rate", text("The VAT category and its rate do not fit together.")


def is_above_zero(amount: str) -> bool:
    """Whether it is a decimal number above zero."""
    try:
        return Decimal(amount) > 0
    except InvalidOperation:
        return False


def _attributed(content: str | None, name: str, value: str) -> Attributed | None:
    return Attributed(content, {name: value}) if content else None


def _with_unit(amount: str | None, unit: str) -> Attributed | None:
    return _attributed(amount, "unitCode", unit)


def _quantity(measure: Measure | None) -> Attributed | None:
    return (
        _with_unit(measure.amount, measure.code) if measure and measure.code else None
    )  # no code: Peppol has no word for that unit


def _price(listing: Listing, unit: str) -> dict[str, Any]:
    price = listing.get("price")
    amount = None if price is None else Attributed(price.amount, {"currencyID": price.currency})
    return {
        "cbc:LeadTimeMeasure": _with_unit(listing.get("lead_time"), "DAY"),
        "cac:Price": (
            None
            if amount is None
            else {"cbc:PriceAmount": amount, "cbc:BaseQuantity": _with_unit("1", unit)}
        ),
    }


def _document(number: int, url: Any) -> dict[str, Any]:
    return {
        "cbc:ID": f"picture-{number}",
        "cac:Attachment": {"cac:ExternalReference": {"cbc:URI": str(url)}},
    }


def _classified(code: str | None, scheme: str) -> dict[str, Any]:
    return {"cbc:ItemClassificationCode": _attributed(code, "listID", scheme)}


def _property(name: str, value: str | None) -> dict[str, Any]:
    return {"cbc:Name": name.capitalize(), "cbc:Value": value}


def _dimension(code: str, measure: Measure | None) -> dict[str, Any]:
    return {"cbc:AttributeID": code, "cbc:Measure": _quantity(measure)}
