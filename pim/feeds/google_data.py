"""Google's product data: the attributes that apply to retail, and the file that they stand in.

Microsoft, Prisjakt, Meta and others read the same attributes with limits of their own, so that the
data stands here once: :func:`take` gives a channel the fields that it knows, :class:`GoogleFile` is
the file. feeds.md section 1.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from pim.feeds.contract import (
    Exporter,
    Field,
    Format,
    Listing,
    Measure,
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
RECENT = Spec("feeds.md, corrections; support.google.com/merchants 17085370", date(2026, 11, 27))
NAMESPACE = "http://base.google.com/ns/1.0"

WEIGHTS = ("g", "kg", "lb", "oz")
LENGTHS = ("cm", "in")
WORDS_OF_UNITS = {"m²": "sqm", "m³": "cbm", "pc": "ct"}
"""Symbols of units that Google spells otherwise."""
UNIT_PRICE_UNITS = ("mg", "g", "kg", "ml", "cl", "l", "cm", "m", *WORDS_OF_UNITS)
ENERGY_CLASSES = ("A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G")
MACHINE_WROTE_IT = "trained_algorithmic_media"
DESTINATIONS = (
    "Shopping_ads",
    "Display_ads",
    "Local_inventory_ads",
    "Free_listings",
    "Free_local_listings",
    "YouTube_Shopping",
    "Cloud_retail",
    "Local_cloud_retail",
)
ONE_SHIPPING = (
    r"[A-Z]{2}:[^:]*:[^:]*:[0-9]+(\.[0-9]+)? [A-Z]{3}(:[0-9]*){0,4}"  # as SHIPPING_PARTS are
)
SHIPPING_PARTS = (
    "country",
    "region",
    "service",
    "price",
    "min_handling_time",
    "max_handling_time",
    "min_transit_time",
    "max_transit_time",
)

_field = SPEC.field
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
    _field(
        "structured_title",
        max_length=150,
        help=text("A title that a machine wrote: it goes in the place of the title, and says so."),
    ),
    _field("short_title", max_length=150),
    _field("description", "required", max_length=5000, meaning="description"),
    _field(
        "structured_description",
        max_length=5000,
        help=text(
            "A description that a machine wrote: it goes in the place of the description, and says"
            " so."
        ),
    ),
    _field("link", "required", "url", max_length=2000, meaning="link"),
    _field("mobile_link", kind="url", max_length=2000),
    _field("canonical_link", kind="url", max_length=2000),
    _field("ads_redirect", kind="url", max_length=2000),
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
    _field("lifestyle_image_link", kind="picture", max_length=2000, repeat=10, cut=True),
    _field("video_link", kind="url", max_length=2000, repeat=10, cut=True),
    _field("virtual_model_link", kind="url", max_length=2000),
    _field(
        "document_link",
        kind="url",
        max_length=2000,
        repeat=5,
        cut=True,
        help=text("Manuals and the like, as PDF."),
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
        "expiration_date",
        kind="datetime",
        help=text("From this moment on the product is no longer shown."),
        example="2026-12-24",
    ),
    _field(
        "disclosure_date",
        kind="datetime",
        help=text("Before this moment nobody sees the product."),
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
    _field(
        "unit_pricing_measure",
        kind="measurement",
        minimum="0",
        choices=UNIT_PRICE_UNITS,
        meaning="net_content",
        help=text("What is in the pack, for the price per unit that the law asks for."),
        example="750 ml",
    ),
    _field(
        "unit_pricing_base_measure",
        kind="measurement",
        minimum="0",
        choices=UNIT_PRICE_UNITS,
        help=text("The unit of which the price is shown."),
        example="1 l",
    ),
    _field(
        "cost_of_goods_sold",
        kind="price",
        help=text("Your purchase price, for reports of profit; nobody else sees it."),
    ),
    _field("auto_pricing_min_price", kind="price"),
    _field("maximum_retail_price", kind="price"),
    _field("installment_months", kind="integer", minimum="1"),
    _field("installment_amount", kind="price", needed_if=(When("installment_months"),)),
    _field("subscription_cost_period", kind="choice", choices=("week", "month", "year")),
    _field("subscription_cost_period_length", kind="integer", minimum="1"),
    _field("subscription_cost_amount", kind="price", needed_if=(When("subscription_cost_period"),)),
    _field("loyalty_program_label", max_length=100),
    _field("loyalty_tier_label", max_length=100, needed_if=(When("loyalty_program_label"),)),
    _field("loyalty_price", kind="price"),
    _field("loyalty_points", kind="integer", minimum="0"),
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
    _field(
        "item_group_title",
        max_length=150,
        help=text("The name that all variants of one model share."),
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
    _field("shipping_service", max_length=100, help=text("What the way of delivery is called.")),
    _field("shipping_min_transit_time", kind="integer", minimum="0"),
    _field("shipping_max_transit_time", kind="integer", minimum="0"),
    _field(
        "shipping",
        repeat=100,
        cut=True,
        pattern=ONE_SHIPPING,
        help=text(
            "More countries or ways of delivery, each as country:region:service:price, such as"
            " “BE::DHL:6.95 EUR”; days of handling and transit may follow."
        ),
        example="BE::DHL:6.95 EUR",
    ),
    _field("free_shipping_threshold", kind="price", help=text("From this amount on.")),
    _field("minimum_order_value", kind="price"),
    _field("min_handling_time", kind="integer", minimum="0"),
    _field("max_handling_time", kind="integer", minimum="0"),
    _field("shipping_weight", kind="measurement", minimum="0", choices=WEIGHTS, meaning="weight"),
    _field("shipping_length", kind="measurement", minimum="0", choices=LENGTHS, unit="CENTIMETER"),
    _field("shipping_width", kind="measurement", minimum="0", choices=LENGTHS, unit="CENTIMETER"),
    _field("shipping_height", kind="measurement", minimum="0", choices=LENGTHS, unit="CENTIMETER"),
    _field("shipping_label", max_length=100),
    _field("transit_time_label", max_length=100),
    _field("return_policy_label", max_length=100),
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
    *(
        _field(f"{bound}energy_efficiency_class", kind="choice", choices=ENERGY_CLASSES)
        for bound in ("", "min_", "max_")
    ),
    _field(
        "certification_authority",
        kind="choice",
        choices=("EC", "ADEME", "BMWK", "EPA"),
        help=text("Left out, it is the European Commission (EC)."),
    ),
    _field(
        "certification_name",
        kind="choice",
        choices=("EPREL", "EU_ECOLABEL", "ENERGY_STAR", "VEHICLE_ENERGY_EFFICIENCY"),
        help=text("Left out, it is EPREL."),
    ),
    _field(
        "certification_code",
        max_length=2000,
        meaning="energy_label",
        help=text("The number in EPREL, Europe's register of energy labels."),
    ),
    _field("product_highlight", max_length=150, repeat=100, cut=True),
    _field(
        "product_detail",
        kind="properties",
        repeat=1000,
        cut=True,
        help=text("Technical properties, each with its name and value."),
    ),
    RECENT.field(
        "question_and_answer",
        kind="properties",
        repeat=100,
        cut=True,
        help=text("Attributes whose label is a question; the value is the answer."),
    ),
    RECENT.field("popularity_rank", kind="number", minimum="0", maximum="100"),
    _field(
        "multipack",
        kind="integer",
        minimum="2",
        help=text("How many identical products are in one pack."),
    ),
    _field("is_bundle", kind="boolean", choices=("yes", "no")),
    _field("adult", kind="boolean", choices=("yes", "no"), meaning="adult"),
    _field(
        "promotion_id",
        max_length=50,
        repeat=10,
        help=text("The promotions of your file of promotions that hold for the product."),
    ),
    _field(
        "included_destination",
        kind="choice",
        choices=DESTINATIONS,
        repeat=len(DESTINATIONS),
        help=text("Where it is shown beside what the account says."),
    ),
    _field(
        "excluded_destination",
        kind="choice",
        choices=DESTINATIONS,
        repeat=len(DESTINATIONS),
        help=text("Where it is not shown."),
    ),
    _field("shopping_ads_excluded_country", kind="country", repeat=100),
    _field(
        "pause",
        kind="choice",
        choices=("ads", "all"),
        help=text("Not shown for a while (at most 14 days), and not removed."),
    ),
    _field(
        "pickup_method",
        kind="choice",
        choices=("buy", "reserve", "ship_to_store", "not_supported"),
    ),
    _field(
        "pickup_sla",
        kind="choice",
        choices=(
            *("same_day", "next_day", "2-day", "3-day", "4-day", "5-day", "6-day"),
            "multi_week",
        ),
        needed_if=(When("pickup_method", ("buy", "reserve", "ship_to_store")),),
    ),
    _field("external_seller_id", pattern="[A-Za-z0-9_.~-]{1,50}", help=text("For marketplaces.")),
    *(_field(f"custom_label_{number}", max_length=100) for number in range(5)),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}


def take(
    spec: Spec,
    names: Iterable[str],
    changes: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[Field, ...]:
    """These of Google's fields, as another channel has them. ``changes``: field -> the rules that
    it has in the place of Google's; its name, too. The days on which Google changes a rule are
    Google's own.
    """
    own: Mapping[str, Any] = {
        **{"source": spec.source, "read": spec.read},
        **{"since": None, "until": None, "later": ()},
    }
    return tuple(replace(BY_NAME[name], **own, **(changes or {}).get(name, {})) for name in names)


NestValues = dict[str, str]
ReadGroups = Callable[[Listing, Mapping[str, Any]], list[NestValues]]
"""A listing and the feed's options -> the values of the parts, once for each time that the
attribute comes.
"""


@dataclass(frozen=True)
class Nest:
    """An attribute with parts: elements in an element, ``shipping(country:price)`` in a table.
    ``fields``: those of ours that it is made of.
    """

    name: str
    parts: Sequence[str]
    fields: frozenset[str]
    read: ReadGroups

    @property
    def column(self) -> str:
        return f"{self.name}({':'.join(self.parts)})"

    def elements(self, group: NestValues) -> NestValues:
        return {f"g:{part}": group.get(part, "") for part in self.parts}

    def cell(self, groups: Iterable[NestValues]) -> str:
        return ",".join(
            ":".join(_quoted(group.get(part, "")) for part in self.parts) for group in groups
        )


def _quoted(value: str) -> str:
    """A part of a cell that holds a separator stands in straight double quotes."""
    if any(sign in value for sign in ':,"'):
        return '"' + value.replace('"', '""') + '"'
    return value


def _of_fields(
    name: str, fields: Mapping[str, str], needed: str, given: Mapping[str, str] | None = None
) -> Nest:
    """One group of several fields. ``fields``: part -> field; ``needed``: without this field there
    is no group; ``given``: what parts are where no field fills them, beginning with "$" the feed's
    option.
    """

    def read(listing: Listing, options: Mapping[str, Any]) -> list[NestValues]:
        if needed not in listing:
            return []
        usual = {
            part: str(options.get(value[1:]) or "") if value.startswith("$") else value
            for part, value in (given or {}).items()
        }
        own = {part: str(listing[field]) for part, field in fields.items() if field in listing}
        group = usual | own
        return [group] if all(group.values()) else []

    parts = list(dict.fromkeys((*(given or {}), *fields)))
    return Nest(name, parts, frozenset(fields.values()), read)


def _of_properties(name: str, label: str, value: str, before: Sequence[str] = ()) -> Nest:
    """A group for each property of the field of that name."""

    def read(listing: Listing, options: Mapping[str, Any]) -> list[NestValues]:
        return [{label: one.label, value: one.shown} for one in listing.get(name, ())]

    return Nest(name, [*before, label, value], frozenset({name}), read)


def _shipping() -> Nest:
    """The way of delivery of the feed's own country, and those that the field “shipping” spells."""
    own = _of_fields(
        "shipping",
        {
            "service": "shipping_service",
            "price": "shipping_price",
            "min_transit_time": "shipping_min_transit_time",
            "max_transit_time": "shipping_max_transit_time",
        },
        "shipping_price",
        {"country": "$shipping_country"},
    )

    def read(listing: Listing, options: Mapping[str, Any]) -> list[NestValues]:
        spelt = [
            dict(zip(SHIPPING_PARTS, one.split(":"), strict=False))
            for one in listing.get("shipping", ())
        ]
        return own.read(listing, options) + spelt

    return Nest("shipping", SHIPPING_PARTS, own.fields | {"shipping"}, read)


NESTS = (
    _of_fields(
        "structured_title",
        {"content": "structured_title"},
        "structured_title",
        {"digital_source_type": MACHINE_WROTE_IT},
    ),
    _of_fields(
        "structured_description",
        {"content": "structured_description"},
        "structured_description",
        {"digital_source_type": MACHINE_WROTE_IT},
    ),
    _of_fields(
        "installment",
        {"months": "installment_months", "amount": "installment_amount"},
        "installment_months",
    ),
    _of_fields(
        "subscription_cost",
        {
            "period": "subscription_cost_period",
            "period_length": "subscription_cost_period_length",
            "amount": "subscription_cost_amount",
        },
        "subscription_cost_period",
        {"period_length": "1"},
    ),
    _of_fields(
        "loyalty_program",
        {
            "program_label": "loyalty_program_label",
            "tier_label": "loyalty_tier_label",
            "price": "loyalty_price",
            "loyalty_points": "loyalty_points",
        },
        "loyalty_program_label",
    ),
    _shipping(),
    _of_fields(
        "free_shipping_threshold",
        {"price_threshold": "free_shipping_threshold"},
        "free_shipping_threshold",
        {"country": "$shipping_country"},
    ),
    _of_fields(
        "minimum_order_value",
        {"price": "minimum_order_value"},
        "minimum_order_value",
        {"country": "$shipping_country"},
    ),
    _of_fields(
        "certification",
        {
            "certification_authority": "certification_authority",
            "certification_name": "certification_name",
            "certification_code": "certification_code",
        },
        "certification_code",
        {"certification_authority": "EC", "certification_name": "EPREL"},
    ),
    _of_properties("product_detail", "attribute_name", "attribute_value", ["section_name"]),
    _of_properties("question_and_answer", "question", "answer"),
)
NEST_OF: Mapping[str, Nest] = {field: nest for nest in NESTS for field in nest.fields}
UNIT_PRICES = ("unit_pricing_measure", "unit_pricing_base_measure")
REPLACED = {"structured_title": "title", "structured_description": "description"}
WRITTEN_APART = frozenset({*NEST_OF, *UNIT_PRICES})


SHIPPING_COUNTRY = Option(
    "shipping_country",
    text("Shipping country"),
    help=text("Two letters, such as NL; the field “shipping_price” needs it."),
)


class GoogleFile(Exporter):
    """A channel that reads Google's file, as XML or as a table. Say its ``fields``, and the
    ``company`` that reads it.
    """

    company: ClassVar[str]
    key: ClassVar[str] = "id"

    options: ClassVar[tuple[Option, ...]] = (
        Option("format", text("File format"), "choice", "xml", choices=("xml", "tsv")),
    )
    namespaces: ClassVar[Mapping[str, str]] = {"g": NAMESPACE}

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        if options.get("format") == "tsv":
            return Tsv(cls.columns(), ",", "quote", key=cls.key)
        spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in cls.namespaces.items())
        opening = f'<rss version="2.0" {spaces}><channel>'
        return Xml("item", opening, "</channel></rss>", prefix="g:", key=f"g:{cls.key}")

    @classmethod
    def columns(cls) -> list[str]:
        """The header of the table: fields that make one attribute together have one column."""
        named = [
            NEST_OF[field.name].column if field.name in NEST_OF else field.name
            for field in cls.fields
        ]
        return list(dict.fromkeys(named))

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
        return listing if WRITTEN_APART.isdisjoint(listing) else self._nested(listing)

    def _nested(self, listing: Listing) -> Record:
        """With attributes that are made of several fields, and units in Google's words."""
        item = {name: value for name, value in listing.items() if name not in WRITTEN_APART}
        item |= _unit_price(listing)
        found = {NEST_OF[name].name: NEST_OF[name] for name in listing if name in NEST_OF}
        for nest in found.values():
            groups = nest.read(listing, self.context.options)
            if groups and self._is_flat:
                item[nest.column] = nest.cell(groups)
            elif groups:
                item[nest.name] = [nest.elements(group) for group in groups]
            item.pop(REPLACED.get(nest.name, ""), None)
        return item

    def check(self, listing: Listing) -> Iterable[Problem]:
        return (*check_identifiers(listing, self.company), *check_sale_price(listing))


def _unit_price(listing: Listing) -> dict[str, str]:
    """What is in the pack, and the unit of its price, which means nothing alone."""
    if "unit_pricing_measure" not in listing:
        return {}
    return {field: in_words_of_google(listing[field]) for field in UNIT_PRICES if field in listing}


def in_words_of_google(measure: Measure) -> str:
    return f"{measure.amount} {WORDS_OF_UNITS.get(measure.symbol, measure.symbol)}"


def check_identifiers(listing: Listing, company: str) -> Sequence[Problem]:
    """What names the article everywhere: its GTIN, or brand and number."""
    if "gtin" in listing or ("mpn" in listing and "brand" in listing):
        return ()
    if listing.get("identifier_exists") == "no":
        return ()
    message = text(
        "%(company)s wants a GTIN, or brand and mpn, or identifier_exists “no”.",
        company=company,
    )
    return (Problem("gtin", "identifiers", message, severity="warning"),)


def check_sale_price(listing: Listing) -> Sequence[Problem]:
    """A sale price is above nothing and below the price."""
    price, sale = listing.get("price"), listing.get("sale_price")
    if type(sale) is not Money or type(price) is not Money:
        return ()
    if 0 < Decimal(sale.amount) < Decimal(price.amount):
        return ()
    message = text("The sale price is not lower than the price.")
    return (Problem("sale_price", "not_lower", message, str(sale)),)
