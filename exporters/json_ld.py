"""schema.org for the shop's own pages: one object a product, to be put into its page as JSON-LD.
Search engines and shopping assistants read it there. feeds.md section 23.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pim.feeds.contract import (
    Example,
    Exporter,
    Format,
    Group,
    JsonLines,
    Listing,
    Record,
    Spec,
    text,
)
from pim.feeds.google_data import take

SPEC = Spec("feeds.md §23, schema.org Product and ProductGroup", date(2026, 11, 22))
SCHEMA = "https://schema.org/"
AVAILABILITY = {
    "in_stock": "InStock",
    "out_of_stock": "OutOfStock",
    "preorder": "PreOrder",
    "backorder": "BackOrder",
}
CONDITION = {
    "new": "NewCondition",
    "refurbished": "RefurbishedCondition",
    "used": "UsedCondition",
}
PLAIN = {
    "name": "title",
    "description": "description",
    "url": "link",
    "sku": "id",
    "mpn": "mpn",
    "color": "color",
    "size": "size",
    "material": "material",
    "category": "product_type",
}
"""Of schema.org -> field."""

FIELDS = (
    *take(
        SPEC,
        (
            *("id", "title", "description", "link", "image_link", "additional_image_link"),
            *("availability", "price", "brand", "gtin", "mpn", "condition", "product_type"),
            *("item_group_id", "color", "size", "material", "certification_code"),
        ),
        {
            "title": {"max_length": None},
            "description": {"need": "recommended", "max_length": None},
            "image_link": {"help": None},
            "availability": {"need": "recommended", "choices": tuple(AVAILABILITY)},
            "condition": {"need": "optional"},
            "product_type": {"need": "optional", "max_length": None},
        },
    ),
    SPEC.field("price_valid_until", kind="date"),
    SPEC.field("properties", kind="properties", repeat=200, cut=True, meaning="properties"),
)


class LinesForPages(JsonLines):
    """Lines that can stand in a script of a page, whatever a product is called: “</script>” in a
    name does not end it.
    """

    def record(self, item: Record) -> bytes:
        return super().record(item).replace(b"<", b"\\u003c")


class JsonLd(Exporter):
    code = "json_ld"
    label = text("schema.org (JSON-LD)")
    purpose = text("search engines")
    fields = FIELDS
    grouped = True
    invalid = "drop"
    example = Example(consumer="extruct, which reads JSON-LD out of pages")

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return LinesForPages(key="@id")

    def items(self, group: Group) -> Iterable[Record]:
        if group.first.group is None:
            for listing in group:
                yield _with_context(self._product(listing), listing["link"])
            return
        yield _with_context(self._group(group), f"{group.first['link']}#{group.first.root}")

    def _group(self, group: Group) -> dict[str, Any]:
        """The model with its variants, and by what they differ."""
        first = group.first
        varies = [
            f"{SCHEMA}{name}"
            for name in ("color", "size", "material")
            if len({listing.get(name) for listing in group}) > 1
        ]
        return {
            "@type": "ProductGroup",
            "productGroupID": first.root,
            "name": first["title"],
            "description": first.get("description"),
            "brand": _brand(first),
            "variesBy": varies,
            "hasVariant": [self._product(listing) for listing in group],
        }

    def _product(self, listing: Listing) -> dict[str, Any]:
        own = {name: listing.get(field) for name, field in PLAIN.items()}
        pictures = [listing["image_link"], *listing.get("additional_image_link", ())]
        return {
            "@type": "Product",
            **own,
            "image": [str(one) for one in pictures],
            "gtin": listing.get("gtin"),
            "brand": _brand(listing),
            "offers": _offer(listing),
            "additionalProperty": [
                {
                    "@type": "PropertyValue",
                    "name": one.label,
                    "value": one.shown,
                }
                for one in listing.get("properties", ())
            ],
            "hasCertification": _label(listing),
        }


def _with_context(thing: dict[str, Any], identifier: str) -> Record:
    return _without_nothing({"@context": SCHEMA, "@id": identifier} | thing)


def _without_nothing(thing: dict[str, Any]) -> dict[str, Any]:
    """Without names that have no value, all the way down."""
    kept: dict[str, Any] = {}
    for name, value in thing.items():
        if type(value) is dict:
            kept[name] = _without_nothing(value)
        elif type(value) is list:
            kept[name] = [_without_nothing(one) if type(one) is dict else one for one in value]
        else:
            kept[name] = value
    return {name: value for name, value in kept.items() if value not in (None, [], {}, "")}


def _brand(listing: Listing) -> dict[str, str] | None:
    return {"@type": "Brand", "name": listing["brand"]} if "brand" in listing else None


def _offer(listing: Listing) -> dict[str, Any]:
    price = listing["price"]
    offer = {
        "@type": "Offer",
        "price": price.amount,
        "priceCurrency": price.currency,
        "url": listing["link"],
        "priceValidUntil": listing.get("price_valid_until"),
    }
    for name, field, words in (
        ("availability", "availability", AVAILABILITY),
        ("itemCondition", "condition", CONDITION),
    ):
        if listing.get(field) in words:
            offer[name] = SCHEMA + words[listing[field]]
    return offer


def _label(listing: Listing) -> dict[str, Any] | None:
    """The energy label in Europe's register."""
    if "certification_code" not in listing:
        return None
    return {
        "@type": "Certification",
        "name": "EPREL",
        "issuedBy": {"@type": "Organization", "name": "European Commission"},
        "certificationIdentification": listing["certification_code"],
    }
