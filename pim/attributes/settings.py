"""The settings of an attribute type: each field says how its value is read, and all complaints come
at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from pim.attributes.base import AttributeType, shown
from pim.attributes.patterns import fault
from pim.errors import Invalid, Text, text
from pim.values import LABEL_CODE

LARGEST = 2**31 - 1
OptionLabels = dict[str, str]
Made = TypeVar("Made", bound=AttributeType)


class InvalidSetting(ValueError):
    """A setting that cannot be; carries the sentence."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(str(message))


def setting(read: Callable[[Any], Any], default: Any = None) -> Any:
    """A field of an attribute type whose value ``read`` makes of what the structure file says, or
    refuses with `Wrong`.
    """
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata={"read": read})
    return field(default=default, metadata={"read": read})


def make(kind: type[Made], settings: Mapping[str, Any]) -> Made:
    """The type with these settings; None means left out. :class:`Invalid` names every wrong
    setting.
    """
    known = {one.name: one.metadata["read"] for one in fields(kind)}
    made: dict[str, Any] = {}
    wrong: dict[str, list[Text]] = {}
    for name, raw in settings.items():
        if name not in known:
            message = text(
                "The type “%(type)s” has no setting “%(setting)s”.",
                type=kind.code,
                setting=shown(name),
            )
            wrong[str(name)] = [message]
        elif raw is not None:
            try:
                made[name] = known[name](raw)
            except InvalidSetting as error:
                wrong[name] = [error.message]
    if not wrong:
        attribute_type = kind(**made)
        wrong = {name: [message] for name, message in attribute_type.contradictions().items()}
    if wrong:
        raise Invalid(wrong)
    return attribute_type


def as_count(raw: Any) -> int:
    """A whole number from 0; text with digits will do (forms)."""
    if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) < 11:
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= LARGEST:
        raise InvalidSetting(text("“%(value)s” is not a whole number from 0.", value=shown(raw)))
    return raw


def as_decimal(raw: Any) -> Decimal:
    """A finite number. YAML's floats are taken as they were written."""
    try:
        if isinstance(raw, bool):
            raise InvalidOperation
        number = Decimal(str(raw))
    except InvalidOperation:
        raise InvalidSetting(text("“%(value)s” is not a number.", value=shown(raw))) from None
    if not number.is_finite():
        raise InvalidSetting(text("“%(value)s” is not a number.", value=shown(raw)))
    return number


def as_day(raw: Any) -> date:
    """A day as 2026-11-22, or what YAML made of it."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise InvalidSetting(
            text("“%(value)s” is not a day written as 2026-11-22.", value=shown(raw))
        ) from None


def as_flag(raw: Any) -> bool:
    """true or false."""
    if not isinstance(raw, bool):
        raise InvalidSetting(text("“%(value)s” is neither true nor false.", value=shown(raw)))
    return raw


def as_extensions(raw: Any) -> tuple[str, ...]:
    """File extensions, a list or text with commas, without the dot: ("jpg", "png")."""
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, Iterable) or not all(isinstance(one, str) for one in items):
        raise InvalidSetting(
            text("“%(value)s” is not a list of file extensions.", value=shown(raw))
        )
    return tuple(one.strip().lstrip(".").lower() for one in items if one.strip())


def as_pattern(raw: Any) -> str:
    """A regular expression that compiles (the `regex` module's dialect, a superset of Python's)."""
    reason = fault(raw) if isinstance(raw, str) else "no text"
    if reason is not None:
        raise InvalidSetting(
            text("The pattern does not compile: %(reason)s.", reason=shown(reason))
        )
    return str(raw)


def as_options(raw: Any) -> dict[str, OptionLabels]:
    """Option code -> labels by locale. Takes ``{red: {labels: {en_GB: Red}}}``, ``{red: {en_GB:
    Red}}`` or just codes.
    """
    items = (
        raw
        if isinstance(raw, Mapping)
        else dict.fromkeys(raw)
        if isinstance(raw, Iterable) and not isinstance(raw, str)
        else None
    )
    if items is None:
        raise InvalidSetting(text("“%(value)s” is not a list of options.", value=shown(raw)))
    return {_option_code(code): _labels(labels) for code, labels in items.items()}


def _option_code(code: Any) -> str:
    spelling = str(code)
    if isinstance(code, bool) or not LABEL_CODE.fullmatch(
        spelling
    ):  # YAML reads a bare `no` or `on` as a boolean
        raise InvalidSetting(
            text(
                "“%(code)s” is not an option code (A-Z, a-z, 0-9 and _; quote it in YAML).",
                code=shown(code),
            )
        )
    return spelling


def _labels(raw: Any) -> OptionLabels:
    labels = raw.get("labels", raw) if isinstance(raw, Mapping) else raw
    if labels is None:
        return {}
    if not isinstance(labels, Mapping):
        raise InvalidSetting(text("“%(value)s” are not labels by locale.", value=shown(raw)))
    return {str(locale): str(label) for locale, label in labels.items()}
