"""The operations of mappings in words."""

from collections.abc import Mapping

from pim.errors import Text, text

OPERATION_NAMES: Mapping[str, Text] = {
    "truncate": text("shorten to"),
    "strip_html": text("without markup"),
    "upper": text("capitals"),
    "lower": text("small letters"),
    "title": text("words with capitals"),
    "trim": text("without blanks around"),
    "prefix": text("put in front"),
    "suffix": text("put behind"),
    "replace": text("replace"),
    "map": text("translate"),
    "default": text("where empty"),
    "first_of": text("the first"),
    "join": text("join"),
    "split": text("split"),
    "add": text("add"),
    "multiply": text("multiply by"),
    "round": text("round"),
    "format_price": text("as a price"),
    "unit": text("unit"),
    "convert_unit": text("in another unit"),
    "date": text("as a date"),
    "slug": text("for a web address"),
    "only_digits": text("only digits"),
    "yes_no": text("yes or no"),
}
"""What the operations are called; one of another distribution is called by its code."""
