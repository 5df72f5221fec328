"""Magento 2 and Adobe Commerce: products by the importer that comes with it. Variants are simple
products, and a configurable one after them names them. feeds.md section 13.
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
    ListingProblem,
    Option,
    Problem,
    Record,
    Spec,
    bare,
    text,
)
from pim.feeds.variant_options import OptionLevel, VariantOptions

SPEC = Spec("feeds.md §13, magento2 Files/Sample/catalog_product.csv", date(2026, 11, 22))
OPTIONS = VariantOptions(
    [OptionLevel(f"option_{level}_attribute", f"option_{level}_value") for level in (1, 2, 3)]
)
ONE_ZERO = ("1", "0")
EVERYWHERE = "Catalog, Search"
ALONE_NOWHERE = "Not Visible Individually"
_field = SPEC.field

FIELDS = (
    _field("sku", "required", max_length=64, unique="feed", meaning="identifier"),
    _field("attribute_set_code", help=text("Left out, it is the setting “Set of attributes”.")),
    _field(
        "categories",
        repeat=50,
        cut=True,
        meaning="category_path",
        help=text("Paths with slashes, from the root category of the shop on."),
        example="Default Category/Bikes",
    ),
    _field("name", "required", max_length=255, meaning="product_name"),
    _field("description", markup=True, meaning="description"),
    _field("short_description", markup=True),
    _field("weight", kind="measurement", minimum="0", unit="KILOGRAM", meaning="weight"),
    _field(
        "product_online", kind="choice", choices=("1", "2"), help=text("1 enabled, 2 disabled.")
    ),
    _field("tax_class_name", help=text("Such as “Taxable Goods”.")),
    _field("price", "required", "price", meaning="price"),
    _field("special_price", kind="price", meaning="sale_price"),
    _field("special_price_from_date", kind="date"),
    _field("special_price_to_date", kind="date"),
    _field(
        "url_key",
        pattern="[a-z0-9-]+",
        unique="feed",
        help=text("Small letters, digits and dashes; two products with the same one are an error."),
        example="city-bike-7-red",
    ),
    _field("meta_title", max_length=255, meaning="meta_title"),
    _field("meta_keywords", repeat=50, cut=True, meaning="keywords"),
    _field("meta_description", max_length=255, meaning="meta_description"),
    _field("base_image", kind="picture", meaning="main_picture"),
    _field(
        "additional_images",
        kind="picture",
        repeat=50,
        cut=True,
        without="base_image",
        meaning="pictures",
    ),
    _field("country_of_manufacture", help=text("The country's name in English.")),
    _field(
        "additional_attributes",
        kind="properties",
        repeat=200,
        cut=True,
        help=text("Attributes that have the same code in Magento."),
    ),
    _field("qty", kind="number", meaning="stock"),
    _field("is_in_stock", kind="boolean", choices=ONE_ZERO),
    _field("related_skus", repeat=100),
    _field("crosssell_skus", repeat=100),
    _field("upsell_skus", repeat=100),
    *OPTIONS.fields(SPEC),
)
OF_ONE_ARTICLE = frozenset(
    (
        *("sku", "price", "special_price", "special_price_from_date", "special_price_to_date"),
        *("url_key", "qty", "is_in_stock", "weight", "additional_attributes"),
    )
)
PICTURES = ("base_image", "small_image", "thumbnail_image")


class Magento2(Exporter):
    code = "magento_2"
    label = text("Magento 2")
    purpose = text("web shop")
    fields = FIELDS
    grouped = True
    invalid = "drop"
    options = (
        Option("website", text("Website"), default="base", required=True),
        Option("attribute_set", text("Set of attributes"), default="Default", required=True),
        Option(
            "store_view",
            text("Store view"),
            help=text("Its code, for a file of translations; empty for all views."),
        ),
    )
    example = Example(
        mapping={
            "categories": {
                "from": ["$category"],
                "do": [{"replace": {"find": " > ", "by": "/"}}, {"prefix": "Default Category/"}],
            },
            "url_key": {"from": ["$identifier"], "do": ["slug"]},
            "option_1_attribute": {"value": "color"},
            "option_1_value": {"from": ["color"]},
            "additional_attributes": {"from": ["brand"]},
        },
        consumer="the header of Magento's own sample",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        own = [field.name for field in cls.fields if field.name not in OPTIONS.names]
        added = ("store_view_code", "product_type", "product_websites", "visibility")
        return Csv(
            [*own, *added, "small_image", "thumbnail_image", "configurable_variations"],
            ",",
            "blank",
            key="sku",
        )

    def items(self, group: Group) -> Iterable[Record]:
        is_variant = group.first.group is not None
        for listing in group:
            seen = ALONE_NOWHERE if is_variant else EVERYWHERE
            own = {name: value for name, value in listing.items() if name not in OPTIONS.names}
            yield self._row(own, "simple", seen) | {"additional_attributes": _attributes(listing)}
        if is_variant:
            yield self._configurable(group)

    def _configurable(self, group: Group) -> Record:
        first = group.first
        shared = {
            name: value
            for name, value in first.items()
            if name not in OF_ONE_ARTICLE and name not in OPTIONS.names
        }
        variations = "|".join(
            ",".join([f"sku={one['sku']}", *(f"{name}={value}" for name, value in OPTIONS.of(one))])
            for one in group
        )
        return self._row(shared, "configurable", EVERYWHERE) | {
            "sku": first.root,
            "configurable_variations": variations,
        }

    def _row(self, values: Mapping[str, Any], kind: str, visibility: str) -> dict[str, Any]:
        options = self.context.options
        picture = {name: values["base_image"] for name in PICTURES if "base_image" in values}
        return (
            {"attribute_set_code": options["attribute_set"]}
            | {name: bare(value) for name, value in values.items()}
            | picture
            | {
                "store_view_code": options["store_view"],
                "product_type": kind,
                "product_websites": options["website"],
                "visibility": visibility,
            }
        )

    def check(self, listing: Listing) -> Iterable[Problem]:
        yield from OPTIONS.check(listing)
        for name, value in OPTIONS.of(listing):
            if any(sign in name + value for sign in ",|="):
                message = text("Magento's list of variants cannot hold “,”, “|” and “=”.")
                yield Problem(OPTIONS.levels[0].value, "separator", message, value)

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        return OPTIONS.check_group(group)


def _attributes(listing: Listing) -> str:
    """``color=red,material="cotton, wool"``."""
    pairs = [(one.code, one.shown) for one in listing.get("additional_attributes", ())]
    pairs += OPTIONS.of(listing)
    return ",".join(f"{code}={_quoted(value)}" for code, value in pairs)


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if "," in value or '"' in value else value
