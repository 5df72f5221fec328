"""What a value is for, whatever the shop calls it: attributes and the fields of channels name the
same meanings, so that each finds the other. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pim.errors import Text, text


@dataclass(frozen=True)
class Meaning:
    """``codes``: how attributes are usually called that have it, the best first; the hub's own
    sources begin with ``$``.
    """

    code: str
    label: Text
    codes: tuple[str, ...]


MEANINGS: dict[str, Meaning] = {
    code: Meaning(code, label, tuple(codes.split()))
    for code, label, codes in (
        ("identifier", text("Identifier"), "$identifier"),
        ("model", text("Identifier of the model"), "$model"),
        ("root", text("Identifier of the topmost model, or its own"), "$root"),
        ("family", text("Family"), "$family"),
        ("category_path", text("Path of the category"), "$category"),
        ("categories", text("Categories"), "$categories"),
        ("link", text("Address of the page in the shop"), "$link"),
        ("main_picture", text("Main picture"), "$picture"),
        ("pictures", text("All pictures"), "$pictures"),
        ("properties", text("All properties"), "$properties"),
        ("product_name", text("Product name"), "name title"),
        ("description", text("Description"), "description short_description"),
        ("brand", text("Brand"), "brand manufacturer"),
        ("manufacturer", text("Manufacturer"), "manufacturer brand"),
        ("manufacturer_number", text("Manufacturer's number"), "mpn manufacturer_number"),
        ("manufacturer_address", text("Manufacturer's postal address"), "manufacturer_address"),
        ("manufacturer_contact", text("Manufacturer's e-mail or website"), "manufacturer_email"),
        ("gtin", text("GTIN"), "ean gtin barcode"),
        ("price", text("Price"), "price"),
        ("net_price", text("Price without VAT"), "purchase_price price"),
        ("sale_price", text("Sale price"), "sale_price special_price"),
        ("list_price", text("Recommended price"), "recommended_price msrp"),
        ("cost", text("Purchase price"), "cost purchase_price"),
        ("shipping_price", text("Shipping costs"), "shipping_price"),
        ("tax_rate", text("VAT rate"), "vat tax_rate"),
        ("availability", text("Availability"), "availability"),
        ("stock", text("Stock"), "stock"),
        ("lead_time", text("Delivery time"), "lead_time"),
        ("condition", text("Condition"), "condition"),
        ("minimum_order", text("Minimum order"), "minimum_order"),
        ("net_content", text("Net content"), "net_content content"),
        ("weight", text("Weight"), "weight"),
        ("length", text("Length"), "length"),
        ("width", text("Width"), "width"),
        ("height", text("Height"), "height"),
        ("color", text("Color"), "color colour"),
        ("size", text("Size"), "size"),
        ("material", text("Material"), "material"),
        ("gender", text("Gender"), "gender"),
        ("age_group", text("Age group"), "age_group"),
        ("adult", text("For adults only"), "adult"),
        ("energy_label", text("Number in the register of energy labels"), "eprel"),
        ("origin", text("Country of origin"), "country_of_origin origin"),
        ("customs_code", text("Customs tariff number"), "customs_code hs_code"),
        ("unspsc", text("UNSPSC code"), "unspsc"),
        ("google_category", text("Category at Google"), "google_category"),
        ("keywords", text("Keywords"), "keywords"),
        ("meta_title", text("Title for search engines"), "meta_title"),
        ("meta_description", text("Description for search engines"), "meta_description"),
    )
}


def sources_of(meaning: str, known: Iterable[str]) -> list[str]:
    """The usual codes of a meaning that are ``known`` here, the best first."""
    if meaning not in MEANINGS:
        return []
    present = frozenset(known)
    return [code for code in MEANINGS[meaning].codes if code in present]
