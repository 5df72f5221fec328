"""The settings of a feed, read by what its exporter declares."""

import re
from collections.abc import Mapping
from typing import Any

from pim.attributes.base import InvalidValue
from pim.attributes.characters import one_line
from pim.errors import Invalid, Text, ngettext, text
from pim.feeds.code_lists import CODE_LISTS
from pim.feeds.contract import Exporter, Option
from pim.feeds.faults import faults_of
from pim.feeds.own_columns import read_columns
from pim.feeds.web_addresses import is_web_address

WORDS = {"true": True, "false": False, "on": True, "": False}


def has_own_columns(exporter: type[Exporter]) -> bool:
    """Whether its fields are the columns that a feed names."""
    return any(option.kind == "columns" for option in exporter.options)


def read_options(exporter: type[Exporter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every declared option with its value (str, bool for "boolean", a tuple for "columns").
    :class:`Invalid` (option -> complaints), all at once.
    """
    complaints: dict[str, list[Text]] = {}
    known = {option.name for option in exporter.options}
    for name in given:
        if name not in known:
            complaints[name] = [
                text(
                    "“%(channel)s” has no setting “%(option)s”.",
                    channel=exporter.label,
                    option=name,
                )
            ]
    values: dict[str, Any] = {}
    for option in exporter.options:
        try:
            value = values[option.name] = _read(option, given.get(option.name))
            complaint = _complaint(option, value)
        except InvalidValue as refused:
            values[option.name], complaint = _nothing(option), refused.message
        if complaint is not None:
            complaints[option.name] = [complaint]
    with faults_of(exporter):
        for name, complaint in exporter.check_options(values).items():
            complaints.setdefault(name, [complaint])
    if complaints:
        raise Invalid(complaints)
    return values


def _read(option: Option, given: Any) -> Any:
    """:class:`InvalidValue` for a text that is no line of text."""
    if option.kind == "columns":
        return read_columns(given or [])
    value = option.default if given is None or given == "" else given
    if option.kind != "boolean":
        return one_line(str(value)) or option.default
    return WORDS.get(str(value).lower(), value)


def _nothing(option: Option) -> Any:
    """What stands for a value that cannot be read."""
    return () if option.kind == "columns" else ""


def _complaint(option: Option, value: Any) -> Text | None:
    if value == "":
        return text("This must be filled in.") if option.required else None
    if option.kind == "columns":
        return None
    if option.kind == "boolean":
        return None if isinstance(value, bool) else text("This is neither yes nor no.")
    if option.kind == "choice" and value not in option.choices:
        return text("Choose one of: %(choices)s.", choices=", ".join(option.choices))
    if option.kind == "number" and not (value.isascii() and value.isdecimal() and len(value) < 10):
        return text("This is not a whole number.")
    if option.kind == "url" and not is_web_address(value):
        return text("This is not a web address.")
    if option.max_length and len(value) > option.max_length:
        return ngettext(
            "At most %(num)s character.", "At most %(num)s characters.", option.max_length
        )
    if option.pattern and not re.fullmatch(option.pattern, value):
        return option.help or text("This does not have the form that the channel asks for.")
    if option.code_list and value not in CODE_LISTS[option.code_list]:
        return text("“%(code)s” is not a code that the channel knows.", code=value)
    return None
