"""Google's own client of the Merchant API reads the file's items into its typed model."""

from pathlib import Path
from typing import Any

from google.shopping import merchant_products_v1 as merchant
from google.shopping.type import Price
from lxml import etree

# The feed says one, the API many (and energy classes by letters): names as in Google's migration
# notes.
PLURAL = {
    "additional_image_link": "additional_image_links",
    "gtin": "gtins",
    "product_type": "product_types",
    "size_type": "size_types",
    "product_highlight": "product_highlights",
    "certification": "certifications",
}
ENUMS: dict[str, Any] = {
    "availability": merchant.Availability,
    "condition": merchant.Condition,
    "gender": merchant.Gender,
    "age_group": merchant.AgeGroup,
    "size_type": merchant.SizeType,
    "size_system": merchant.SizeSystem,
    "energy_efficiency_class": merchant.EnergyEfficiencyClass,
}
NOT_OF_THE_PRODUCT = {
    "id",
    "shipping_price",
    "certification_code",
}  # offer_id of the input; parts of a group


def as_google_has_it(item: etree._Element) -> merchant.ProductAttributes:
    """The item in Google's typed model: an unknown attribute is a ValueError, an unknown
    enumeration value a KeyError.
    """
    values: dict[str, Any] = {}
    for element in item:
        name = etree.QName(element).localname
        if name == "id":
            continue
        value = _typed(name, element)
        if name in PLURAL or name == "shipping":
            values.setdefault(PLURAL.get(name, name), []).append(value)
        else:
            values[name] = value
    return merchant.ProductAttributes(**values)


def _typed(name: str, element: etree._Element) -> Any:
    text = element.text or ""
    if name in ENUMS:
        return ENUMS[name][text.upper().replace("+", "P")]
    if name in ("price", "sale_price"):
        amount, currency = text.split(" ")
        return Price(amount_micros=round(float(amount) * 1_000_000), currency_code=currency)
    if name == "shipping":
        parts = {etree.QName(part).localname: part for part in element}
        return merchant.Shipping(
            country=parts["country"].text, price=_typed("price", parts["price"])
        )
    if name == "certification":
        return _certification({etree.QName(part).localname: part.text or "" for part in element})
    if name in ("shipping_weight", "product_weight", "product_length"):
        amount, unit = text.split(" ")
        kind = {
            "shipping_weight": merchant.ShippingWeight,
            "product_weight": merchant.ProductWeight,
        }.get(name, merchant.ProductDimension)
        return kind(value=float(amount), unit=unit)
    return text


def _certification(parts: dict[str, str]) -> merchant.ProductCertification:
    authorities: Any = merchant.CertificationAuthority
    names: Any = merchant.CertificationName
    return merchant.ProductCertification(
        certification_authority=authorities[parts["certification_authority"]],
        certification_name=names[parts["certification_name"]],
        certification_code=parts["certification_code"],
    )


def items(path: Path) -> list[etree._Element]:
    return etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).findall(
        ".//item"
    )
