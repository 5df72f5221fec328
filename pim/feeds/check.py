"""Is a listing fit for the channel? Compiled once per build from the fields' own rules; costs
little when all is well.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from pim.attributes.gtin import has_check_digit
from pim.errors import text
from pim.feeds.contract import Exporter, Field, Listing, Measure, Missing, Money, Problem

NUMBER = re.compile(r"-?\d+(\.\d+)?")
ABOVE_ZERO = re.compile(r"(?=.*[1-9])\d+(\.\d+)?")
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]\S+)?")
# GS1 General Specifications: 02 and 20-29 in-store numbers, 04 company-internal, 05 and 98-99
# coupons (feeds.md section 0, rule 2)
RESTRICTED_GTIN = ("02", "04", "05", "2", "98", "99")


FieldTest = Callable[[Any], Problem | None]


def compile_check(
    exporter: Exporter, fixed: Mapping[str, Any], mapped: Container[str]
) -> Callable[[Listing], Sequence[Problem]]:
    """``check(listing)``: the reasons against it, none when it is fit. One that ``blocks`` keeps
    the item out.

    ``fixed``: field -> the value that every listing has there; such a one is looked at once, here.
    ``mapped``: the fields that a listing may have.
    """
    required = frozenset(field.name for field in exporter.fields if field.need == "required")
    tests = {
        field.name: test
        for field in exporter.fields
        if (test := _test_of(field, exporter)) is not None
    }
    always = [
        _reason(name, value, broken)
        for name, value in fixed.items()
        if name in tests and (broken := tests[name](value)) is not None
    ]
    varying = [(name, test) for name, test in tests.items() if name in mapped and name not in fixed]
    needed = sorted(required - fixed.keys())
    together = exporter.check

    def check(listing: Listing) -> Sequence[Problem]:
        reasons = [*always]
        for name in needed:
            if name not in listing:
                reasons.append(missing(name))
        for name, test in varying:
            if name in listing and (broken := test(listing[name])) is not None:
                reasons.append(_reason(name, listing[name], broken))
        try:
            reasons += together(listing)
        except Missing as absent:
            reasons += [] if absent.field in required else [missing(absent.field)]
        return reasons

    return check


def _reason(name: str, value: Any, broken: Problem) -> Problem:
    shown = ", ".join(value) if type(value) is list else str(value)
    return Problem(name, broken.rule, broken.message, shown)


def missing(field: str) -> Problem:
    """The reason for a :class:`Missing`, also when ``item`` raised it."""
    return Problem(field, "missing", text("“%(field)s” is missing.", field=field))


def _test_of(field: Field, exporter: Exporter) -> FieldTest | None:
    tests = [make(field, exporter) for make in _MAKERS.get(field.kind, (_length,))]
    chosen = [test for test in tests if test is not None]
    if not chosen:
        return None
    test = chosen[0] if len(chosen) == 1 else _first_broken(chosen)
    return _each(test, field.repeat) if field.repeat else test


def _first_broken(tests: Sequence[FieldTest]) -> FieldTest:
    def test(value: Any) -> Problem | None:
        for one in tests:
            if (broken := one(value)) is not None:
                return broken
        return None

    return test


def _each(test: FieldTest, most: int) -> FieldTest:
    def every(values: list[Any]) -> Problem | None:
        if len(values) > most:
            return Problem(
                "",
                "too_many",
                text(
                    "%(found)d values where the channel takes %(most)d.",
                    found=len(values),
                    most=most,
                ),
            )
        for value in values:
            if (broken := test(value)) is not None:
                return broken
        return None

    return every


def _length(field: Field, _exporter: Exporter) -> FieldTest | None:
    most = field.max_length
    if most is None:
        return None

    def test(value: Any) -> Problem | None:
        if len(value) <= most:
            return None
        return Problem(
            "",
            "too_long",
            text("%(found)d characters where %(most)d fit.", found=len(value), most=most),
        )

    return test


def _choice(field: Field, _exporter: Exporter) -> FieldTest:
    allowed = frozenset(field.choices)
    broken = Problem(
        "", "choice", text("The channel only knows: %(choices)s.", choices=", ".join(field.choices))
    )
    return lambda value: None if value in allowed else broken


def _number(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = Problem("", "number", text("This is no number with a decimal point."))
    return lambda value: None if NUMBER.fullmatch(value) else broken


def _price(_field: Field, _exporter: Exporter) -> FieldTest:
    no_price = Problem("", "price", text("This is no price."))
    too_low = Problem("", "price_zero", text("A price is more than zero."))

    def test(value: Any) -> Problem | None:
        if type(value) is Money and ABOVE_ZERO.fullmatch(value.amount):
            return None
        return too_low if type(value) is Money and NUMBER.fullmatch(value.amount) else no_price

    return test


def _gtin(_field: Field, _exporter: Exporter) -> FieldTest:
    return gtin_problem


def gtin_problem(value: str) -> Problem | None:
    """Length, check digit, and the prefixes that no channel takes for a consumer product. Shorter
    forms are not restricted.
    """
    if len(value) not in (8, 12, 13, 14) or not (value.isascii() and value.isdecimal()):
        return Problem("", "gtin_length", text("A GTIN has 8, 12, 13 or 14 digits."))
    if not has_check_digit(value):
        return Problem("", "gtin_check_digit", text("The check digit of this GTIN is wrong."))
    if len(value) == 13 and value.startswith(RESTRICTED_GTIN):
        return Problem(
            "", "gtin_restricted", text("This is a number for use inside a store, or a coupon.")
        )
    return None


def _url(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = Problem("", "url", text("This is no web address (http or https, without blanks)."))

    def test(value: Any) -> Problem | None:
        url = value if type(value) is str else str(value)
        return (
            None
            if url.startswith(("https://", "http://")) and " " not in url and url.isprintable()
            else broken
        )

    return test


def _pixels(_field: Field, exporter: Exporter) -> FieldTest | None:
    """The option ``picture_minimum`` is the smallest side in pixels; a picture of unknown size
    passes.
    """
    least = int(exporter.context.options.get("picture_minimum") or 0)
    if not least:
        return None

    def test(value: Any) -> Problem | None:
        width, height = (value.width, value.height) if hasattr(value, "width") else (0, 0)
        if not width or (width >= least and height >= least):
            return None
        sentence = text(
            "%(width)d × %(height)d pixels where %(least)d are asked.",
            width=width,
            height=height,
            least=least,
        )
        return Problem("", "picture_small", sentence)

    return test


def _measure(field: Field, _exporter: Exporter) -> FieldTest:
    """A unit may be fixed by the field (the value was converted to it, if it could be), or one of
    several symbols.
    """
    allowed, unit = frozenset(field.choices), field.unit
    wanted = ", ".join(field.choices) or unit.lower()
    broken = Problem(
        "",
        "unit",
        (
            text("A measurement in %(units)s is asked.", units=wanted)
            if wanted
            else text("This is no measurement.")
        ),
    )

    def test(value: Any) -> Problem | None:
        fits = (
            type(value) is Measure
            and (not allowed or value.symbol in allowed)
            and (not unit or value.unit == unit)
        )
        return None if fits else broken

    return test


def _date(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = Problem("", "date", text("This is no date such as 2026-11-22."))
    return lambda value: None if DATE.fullmatch(value) else broken


_MAKERS: dict[str, tuple[Callable[[Field, Exporter], FieldTest | None], ...]] = {
    "text": (_length,),
    "number": (_number,),
    "price": (_price,),
    "gtin": (_gtin,),
    "url": (_url, _length),
    "picture": (_url, _pixels),
    "choice": (_choice,),
    "boolean": (_choice,),
    "measurement": (_measure,),
    "date": (_date,),
}
