"""Vendure: products and variants for a web shop, by its importer. Further variants are rows without
a name. feeds.md section 16.
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

SPEC = Spec("feeds.md §16, @vendure/core importer", date(2026, 11, 22))
OPTIONS = VariantOptions(
    [OptionLevel(f"option_{level}_name", f"option_{level}_value") for level in (1, 2, 3)]
)
COLUMNS = (
    *("name", "slug", "description", "assets", "facets", "optionGroups", "optionValues", "sku"),
    *("price", "taxCategory", "stockOnHand", "trackInventory", "variantAssets", "variantFacets"),
)
OF_THE_PRODUCT = ("name", "slug", "description", "assets")
OF_THE_VARIANT = ("sku", "price", "stockOnHand", "trackInventory")
_field = SPEC.field

FIELDS = (
    _field("name", "required", max_length=255, meaning="product_name"),
    _field(
        "slug",
        "required",
        pattern="[a-z0-9-]+",
        unique="product",
        same=True,
        meaning="root",
        help=text("The same for all variants: small letters, digits and dashes."),
        example="city-bike-7",
    ),
    _field("description", markup=True, meaning="description"),
    _field("assets", kind="picture", repeat=50, cut=True, meaning="pictures"),
    _field(
        "facets",
        kind="properties",
        repeat=50,
        cut=True,
        help=text("Properties of the product, by which customers filter."),
    ),
    _field("sku", "required", unique="feed", meaning="identifier"),
    _field("price", "required", "price", meaning="price"),
    _field("stockOnHand", kind="integer", minimum="0", meaning="stock"),
    _field("trackInventory", kind="boolean", choices=("true", "false")),
    _field("variantAssets", kind="picture", repeat=50, cut=True),
    _field("variantFacets", kind="properties", repeat=50, cut=True),
    *OPTIONS.fields(SPEC),
)


class Vendure(Exporter):
    code = "vendure"
    label = text("Vendure")
    purpose = text("web shop")
    fields = FIELDS
    grouped = True
    invalid = "drop"
    all_or_nothing = True
    options = (
        Option(
            "tax_category",
            text("Tax category"),
            default="standard",
            required=True,
            help=text("Its name in Vendure."),
        ),
    )
    example = Example(
        mapping={
            "slug": {"from": ["$root"], "do": ["slug"]},
            "facets": {"from": ["brand"]},
            "option_1_name": {"value": "Kleur"},
            "option_1_value": {"from": ["color"]},
        },
        consumer="Vendure's own parser of imports (@vendure/core)",
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Csv(COLUMNS, "|", "blank", key="sku", group="slug", first="name")

    def items(self, group: Group) -> Iterable[Record]:
        for listing in group:
            product = self._product(group) if listing is group.first else {}
            yield product | self._variant(listing, several=listing.group is not None)

    def _product(self, group: Group) -> dict[str, Any]:
        first = group.first
        row = {name: first[name] for name in OF_THE_PRODUCT if name in first}
        groups = [option.name for option in OPTIONS.of(first)] if first.group is not None else []
        return row | {"facets": _facets(first, "facets"), "optionGroups": groups}

    def _variant(self, listing: Listing, *, several: bool) -> dict[str, Any]:
        row = {name: bare(listing[name]) for name in OF_THE_VARIANT if name in listing}
        values = [option.value for option in OPTIONS.of(listing)] if several else []
        return row | {
            "optionValues": values,
            "taxCategory": self.context.options["tax_category"],
            "variantAssets": listing.get("variantAssets", []),
            "variantFacets": _facets(listing, "variantFacets"),
        }

    def check(self, listing: Listing) -> Iterable[Problem]:
        return OPTIONS.check(listing)

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        """All variants have the same options: a row with fewer values stops the import."""
        yield from OPTIONS.check_group(group)
        wanted = [option.name for option in OPTIONS.of(group.first)]
        for listing in group:
            if [option.name for option in OPTIONS.of(listing)] != wanted:
                message = text("All variants need the same options as the first one has.")
                problem = Problem(OPTIONS.levels[0].name, "not_same", message)
                yield ListingProblem(listing, problem)


def _facets(listing: Listing, field: str) -> list[str]:
    """``Merk:Gazelle``: a colon more would make three parts of it."""
    return [
        f"{one.label.replace(':', ' ')}:{one.shown.replace(':', ' ')}"
        for one in listing.get(field, ())
    ]
