"""What an attribute of Akeneo becomes here: its type, its rules, its settings. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from pim.attributes.patterns import fault
from pim.attributes.units import find_dimension, find_unit
from pim.errors import NotFound, Text, text
from pim.imports.akeneo_files import AkeneoRecord, Definition, codes_in, labelled

_TYPES = {
    "pim_catalog_identifier": "identifier",
    "pim_catalog_text": "text",
    "pim_catalog_textarea": "text",
    "pim_catalog_number": "number",
    "pim_catalog_metric": "measurement",
    "pim_catalog_price_collection": "price",
    "pim_catalog_boolean": "boolean",
    "pim_catalog_date": "date",
    "pim_catalog_simpleselect": "choice",
    "pim_catalog_multiselect": "choices",
    "pim_reference_data_simpleselect": "choice",
    "pim_reference_data_multiselect": "choices",
    "pim_catalog_image": "asset",
    "pim_catalog_file": "asset",
}
_FLAGS = {
    "localizable": "localizable",
    "scopable": "scopable",
    "filterable": "useable_as_grid_filter",
    "unique": "unique",
}
DECIMALS: Final[Mapping[str, int | None]] = {"price": 2, "number": None, "measurement": None}
"""Type -> the decimals of its attributes where nothing is said of them; None: any number."""
_GTIN = re.compile(r"(ean|gtin|upc)(_?\d+)?")


def _kind(record: AkeneoRecord, is_identifier: bool) -> str | None:
    kind = _TYPES.get(record["type"])
    if kind == "identifier" and not is_identifier:
        return "text"  # newer Akeneos have several; one names the product
    if record["type"] == "pim_catalog_text" and _GTIN.fullmatch(record["code"].lower()):
        return "gtin"
    if record["type"] == "pim_catalog_textarea" and record.get("wysiwyg_enabled") == "1":
        return "richtext"
    return kind


class NotTaken(Exception):
    """An attribute has no counterpart here. ``text``: why."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.text = sentence


class _TakenOtherwise(Exception):
    """A setting has no counterpart: why, and what the attribute becomes instead."""

    def __init__(self, sentence: Text, kind: str, settings: Definition) -> None:
        super().__init__(str(sentence))
        self.text, self.kind, self.settings = sentence, kind, settings


def read_attribute(record: AkeneoRecord, is_identifier: bool) -> tuple[Definition, list[Text]]:
    """The definition of an attribute, without its group and options; and what of it comes in
    otherwise. :class:`NotTaken` where its type has no counterpart.

    ``is_identifier``: it is the one that names the products.
    """
    kind = _kind(record, is_identifier)
    if kind is None:
        raise NotTaken(
            text(
                "The attribute “%(code)s” of type “%(type)s” is not taken.",
                code=record["code"],
                type=record["type"],
            )
        )
    notes: list[Text] = []
    try:
        settings = _SETTINGS[kind](record) if kind in _SETTINGS else {}
    except _TakenOtherwise as otherwise:
        notes.append(otherwise.text)
        kind, settings = otherwise.kind, otherwise.settings
    if record.get("available_locales"):
        notes.append(text("“%(code)s” is open to all locales here.", code=record["code"]))
    flags = {ours: True for ours, theirs in _FLAGS.items() if record.get(theirs) == "1"}
    if kind == "price":
        # What a thing costs is no matter of approval, and Akeneo's prices come from elsewhere.
        flags["fact"] = True
    return {"type": kind, **labelled(record), **settings, **flags}, notes


def _length(record: AkeneoRecord) -> Definition:
    return (
        {"max_length": int(record["max_characters"])}
        if record.get("max_characters", "").isdecimal()
        else {}
    )


def _words(kind: str) -> Callable[[AkeneoRecord], Definition]:
    def settings(record: AkeneoRecord) -> Definition:
        own, rule = _length(record), record.get("validation_rule", "")
        if kind == "text":
            own["single_line"] = record["type"] != "pim_catalog_textarea"
        if rule in ("url", "email"):
            raise _TakenOtherwise(
                text(
                    "The rule “%(rule)s” of “%(code)s” is not taken.",
                    rule=rule,
                    code=record["code"],
                ),
                kind,
                own,
            )
        if rule == "regexp" and record.get("validation_regexp"):
            pattern = _pattern(record["validation_regexp"])
            if fault(pattern) is not None:
                raise _TakenOtherwise(
                    text("The pattern of “%(code)s” cannot be taken.", code=record["code"]),
                    kind,
                    own,
                )
            own["pattern"] = pattern
        return own

    return settings


def _pattern(php: str) -> str:
    """``/^[A-Z]+$/i`` as a pattern for the whole text: Akeneo is content with a match inside it."""
    found = re.fullmatch(r"([/#~])(.*)\1([a-z]*)", php, re.DOTALL)
    body, flags = (found[2], found[3]) if found else (php, "")
    whole = body if body.startswith("^") and body.endswith("$") else f"(?s:.*)(?:{body})(?s:.*)"
    return f"(?i){whole}" if "i" in flags else whole


def _numbers(record: AkeneoRecord) -> Definition:
    own: Definition = {"min": record["number_min"]} if record.get("number_min") else {}
    if not own and record.get("negative_allowed") == "0":
        own["min"] = "0"
    if record.get("number_max"):
        own["max"] = record["number_max"]
    return own | ({"decimals": 0} if record.get("decimals_allowed") == "0" else {})


def _measurement(record: AkeneoRecord) -> Definition:
    own = _numbers(record)
    try:
        dimension = find_dimension(record.get("metric_family", ""))
    except NotFound as error:
        raise _TakenOtherwise(error.message, "number", own) from None
    try:
        return {
            "dimension": dimension,
            "unit": find_unit(record.get("default_metric_unit", ""), dimension).code,
            **own,
        }
    except NotFound as error:
        raise _TakenOtherwise(error.message, "measurement", {"dimension": dimension}) from None


def _days(record: AkeneoRecord) -> Definition:
    return {
        ours: record[theirs][:10]
        for ours, theirs in (("min", "date_min"), ("max", "date_max"))
        if record.get(theirs)
    }


def _extensions(record: AkeneoRecord) -> Definition:
    extensions = codes_in(record.get("allowed_extensions", ""))
    return {"extensions": extensions} if extensions else {}


_SETTINGS: dict[str, Callable[[AkeneoRecord], Definition]] = {
    "identifier": _words("identifier"),
    "text": _words("text"),
    "richtext": _length,
    "number": _numbers,
    "price": _numbers,
    "measurement": _measurement,
    "date": _days,
    "asset": _extensions,
}
