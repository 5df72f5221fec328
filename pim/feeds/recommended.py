"""What a channel recommends and a product does not have: named with the form that is expected, and
never in the way.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

from pim.errors import Text, text
from pim.feeds.contract import Exporter, Field, Listing, Problem

RULE = "recommended"
UNMAPPED = "recommended_unmapped"


class Recommendations:
    """The fields of a feed that its channel recommends, as far as the feed's mapping fills them."""

    def __init__(
        self, exporter: Exporter, mapping: Container[str], always: Container[str], asked: set[str]
    ) -> None:
        """``always``: fields that no product lacks. ``asked``: fields that are required here, whose
        lack is more than a recommendation.
        """
        fields = [
            field
            for field in _recommended(exporter)
            if field.name in mapping and field.name not in always and field.name not in asked
        ]
        self._missing: Mapping[str, Problem] = {
            field.name: Problem(field.name, RULE, _sentence(field), severity="warning")
            for field in fields
        }
        self.fields = tuple(self._missing)
        self._of_variants = {field.name for field in fields if field.of_variants}

    def of(self, listing: Listing, reasons: Iterable[Problem]) -> Sequence[Problem]:
        """What the listing lacks; a field that ``reasons`` speak of is not named twice."""
        named = {reason.address for reason in reasons}
        if listing.group is None:
            named |= self._of_variants
        return [
            problem
            for name, problem in self._missing.items()
            if name not in listing and name not in named
        ]


def unmapped(
    exporter: Exporter, mapping: Container[str], *, is_variant: bool = True
) -> list[Problem]:
    """What the channel recommends and this feed fills for no product at all: true of each of them,
    so a report of thousands does not repeat it. ``is_variant``: one asks of a model's variant.
    """
    message = text("The channel recommends it, but this feed's mapping does not fill it.")
    return [
        Problem(field.name, UNMAPPED, message, severity="warning")
        for field in _recommended(exporter)
        if field.name not in mapping and (is_variant or not field.of_variants)
    ]


def _recommended(exporter: Exporter) -> Iterable[Field]:
    return (field for field in exporter.rules if field.need == "recommended")


def _sentence(field: Field) -> Text:
    """That it is recommended, and what a value would look like."""
    if field.choices:
        return text(
            "It is empty; the channel recommends one of: %(choices)s.",
            choices=", ".join(field.choices),
        )
    if field.kind == "measurement" and field.unit:
        return text(
            "It is empty; the channel recommends a measurement in %(unit)s.",
            unit=field.unit.lower(),
        )
    if field.kind == "text" and field.example:
        return text(
            "It is empty; the channel recommends a text such as “%(example)s”.",
            example=field.example,
        )
    if field.kind == "text" and field.max_length:
        return text(
            "It is empty; the channel recommends a text of at most %(most)s characters.",
            most=field.max_length,
        )
    return _SENTENCES[field.kind]


_SENTENCES: Mapping[str, Text] = {
    "text": text("It is empty; the channel recommends a text."),
    "number": text("It is empty; the channel recommends a number such as 12.5."),
    "integer": text("It is empty; the channel recommends a whole number."),
    "price": text("It is empty; the channel recommends a price."),
    "gtin": text("It is empty; the channel recommends a GTIN of 8, 12, 13 or 14 digits."),
    "url": text("It is empty; the channel recommends a web address (http or https)."),
    "picture": text("It is empty; the channel recommends a picture."),
    "choice": text("It is empty; the channel recommends a value."),
    "boolean": text("It is empty; the channel recommends yes or no."),
    "measurement": text("It is empty; the channel recommends a measurement such as 1.5 kg."),
    "date": text("It is empty; the channel recommends a date such as 2026-11-22."),
    "datetime": text(
        "It is empty; the channel recommends a moment such as 2026-11-22T08:00+01:00."
    ),
    "interval": text(
        "It is empty; the channel recommends a beginning and an end such as 2026-11-27/2026-11-30."
    ),
    "country": text("It is empty; the channel recommends a country code such as NL."),
    "properties": text("It is empty; the channel recommends properties such as “Weight: 1.5 kg”."),
}
"""Kind of field -> the sentence where the field itself says no more."""
