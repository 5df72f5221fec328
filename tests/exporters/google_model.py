"""Google's own client of the Merchant API reads the file's items into its typed model."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf import timestamp_pb2
from google.shopping import merchant_products_v1 as merchant
from google.shopping.type import Price
from google.type import interval_pb2
from lxml import etree

# The feed says one, the API many (and energy classes by letters): names as in Google's migration
# notes.
PLURAL = {
    "additional_image_link": "additional_image_links",
    "lifestyle_image_link": "lifestyle_image_links",
    "video_link": "video_links",
    "document_link": "document_links",
    "gtin": "gtins",
    "product_type": "product_types",
    "size_type": "size_types",
    "product_highlight": "product_highlights",
    "product_detail": "product_details",
    "question_and_answer": "questions_and_answers",
    "certification": "certifications",
    "loyalty_program": "loyalty_programs",
    "minimum_order_value": "minimum_order_values",
    "promotion_id": "promotion_ids",
    "included_destination": "included_destinations",
    "excluded_destination": "excluded_destinations",
    "shopping_ads_excluded_country": "shopping_ads_excluded_countries",
}
DAYS = ("TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN")
PICKUP_DAYS = {f"{number}_DAY": f"{word}_DAY" for number, word in enumerate(DAYS, 2)}
MEASURED = {"value", "unit"}


def as_google_has_it(item: etree._Element) -> merchant.ProductAttributes:
    """The item in Google's typed model: an unknown attribute is a ValueError, an unknown
    enumeration value a KeyError.
    """
    elements = [one for one in item if etree.QName(one).localname != "id"]
    attributes: merchant.ProductAttributes = in_model(merchant.ProductAttributes, elements)
    return attributes


def in_model(
    model: Any, elements: Iterable[etree._Element], names: Mapping[str, str] = PLURAL
) -> Any:
    """Elements as a message of Google's. ``names``: what the file calls otherwise than the API."""
    values: dict[str, Any] = {}
    for element in elements:
        local = etree.QName(element).localname
        name = names.get(local, local)
        field = model.meta.fields.get(name)
        if field is None:
            raise ValueError(f"Google has no attribute {local}")
        value = _typed(field, element)
        if field.repeated:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise ValueError(f"{local} comes twice")
        else:
            values[name] = value
    return model(**values)


def _typed(field: Any, element: etree._Element) -> Any:
    text = element.text or ""
    if field.enum is not None:
        return enumerated(field.enum, text)
    if field.message is None:
        return _scalar(field, text)
    if field.message is Price:
        return price(text)
    if field.message is timestamp_pb2.Timestamp:
        return moment(text)
    if field.message is interval_pb2.Interval:
        start, _, end = text.partition("/")
        return interval_pb2.Interval(
            start_time=timestamp(moment(start)), end_time=timestamp(moment(end))
        )
    if set(field.message.meta.fields) >= MEASURED:
        amount, unit = text.split(" ")
        value = _scalar(field.message.meta.fields["value"], amount)
        return field.message(value=value, unit=unit)
    return in_model(field.message, element)


def enumerated(enum: Any, text: str) -> Any:
    word = text.upper().replace("+", "P").replace("-", "_")
    return enum[PICKUP_DAYS.get(word, word)]


def price(text: str) -> Price:
    amount, currency = text.split(" ")
    return Price(amount_micros=round(float(amount) * 1_000_000), currency_code=currency)


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def timestamp(found: datetime) -> timestamp_pb2.Timestamp:
    made = timestamp_pb2.Timestamp()
    made.FromDatetime(found)
    return made


def _scalar(field: Any, text: str) -> Any:
    kind = field.proto_type
    if kind in (1, 2):  # double, float
        return float(text)
    if kind in (3, 4, 5):  # integers
        return int(text)
    if kind == 8:
        return {"yes": True, "no": False}[text]
    return text


def items(path: Path) -> list[etree._Element]:
    return etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).findall(
        ".//item"
    )
