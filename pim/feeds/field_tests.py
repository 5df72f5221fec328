"""The rules of one field as functions: a value in, what is wrong with it out."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pim.attributes.currencies import decimals_of
from pim.attributes.gtin import has_check_digit
from pim.errors import Text, ngettext, text
from pim.feeds.code_lists import CODE_LISTS
from pim.feeds.contract import Exporter, Field, Measure, Money, Problem, Property
from pim.feeds.measures import could_be_two
from pim.feeds.web_addresses import is_web_address

# Digits are 0-9 alone: no channel reads another script's.
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
INTEGER = re.compile(r"-?[0-9]+")
ABOVE_ZERO = re.compile(r"(?=.*[1-9])[0-9]+(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
GTIN_LENGTHS = (8, 12, 13, 14)
# GS1 General Specifications: 02 and 20-29 in-store numbers, 04 company-internal, 05 and 98-99
# coupons (feeds.md section 0, rule 2)
COUPON_GTIN = ("05", "98", "99")
RESTRICTED_GTIN = (*COUPON_GTIN, "02", "04", "2")

FieldTest = Callable[[Any], Problem | None]
"""A problem without address, None when the value is fine."""
TestMaker = Callable[[Field, Exporter], FieldTest | None]


def make_test(field: Field, exporter: Exporter) -> FieldTest | None:
    """One function for all rules of a field; None where it has none."""
    tests = [test for make in _MAKERS[field.kind] if (test := make(field, exporter)) is not None]
    if not tests and not field.min_count and not field.repeat:
        return None
    one = tests[0] if len(tests) == 1 else _first_broken(tests)
    return _Each(one, field) if field.repeat else one


def is_only_limited(field: Field, exporter: Exporter) -> bool:
    """Whether a text of at most ``max_length`` characters is all that a field asks."""
    if field.kind != "text" or field.repeat or field.min_count or not field.max_length:
        return False
    others = (make(field, exporter) for make in _TEXT if make is not _length)
    return all(test is None for test in others)


def make_change(field: Field) -> Callable[[Any], Any] | None:
    """What makes a value what the channel takes, before it is tested; None for most fields."""
    if field.kind == "gtin" and field.emit:
        return lambda value: _padded(value, field.emit)
    if field.cut and field.repeat:
        return lambda values: values[: field.repeat]
    return (lambda value: value) if field.without else None


def _padded(gtin: str, digits: int) -> str:
    """A number too short for a GTIN is not made one by noughts before it."""
    return gtin.lstrip("0").zfill(digits) if len(gtin) in GTIN_LENGTHS else gtin


def _problem(rule: str, message: Text) -> Problem:
    return Problem("", rule, message)


def _first_broken(tests: Sequence[FieldTest]) -> FieldTest:
    if len(tests) == 2:  # most of them, and every product asks
        first, second = tests
        return lambda value: first(value) or second(value)

    def test(value: Any) -> Problem | None:
        for one in tests:
            if (broken := one(value)) is not None:
                return broken
        return None

    return test


class _Each:
    """The test of a list: how many values, and each of them."""

    def __init__(self, of_one: FieldTest, field: Field) -> None:
        self.of_one = of_one
        self._most = field.repeat
        self._least = field.min_count

    def __call__(self, values: list[Any]) -> Problem | None:
        if len(values) > self._most:
            message = ngettext(
                "%(num)s value where the channel takes %(most)s.",
                "%(num)s values where the channel takes %(most)s.",
                len(values),
                most=self._most,
            )
            return _problem("too_many", message)
        if len(values) < self._least:
            message = ngettext(
                "%(num)s value where the channel wants at least %(least)s.",
                "%(num)s values where the channel wants at least %(least)s.",
                len(values),
                least=self._least,
            )
            return _problem("too_few", message)
        for value in values:
            if (broken := self.of_one(value)) is not None:
                return broken
        return None


def _length(field: Field, _exporter: Exporter) -> FieldTest | None:
    most = field.max_length
    if most is None:
        return None

    def test(value: Any) -> Problem | None:
        found = len(value if type(value) is str else str(value))
        if found <= most:
            return None
        message = ngettext(
            "%(num)s character where %(most)s fit.",
            "%(num)s characters where %(most)s fit.",
            found,
            most=most,
        )
        return _problem("too_long", message)

    return test


def _shortness(field: Field, _exporter: Exporter) -> FieldTest | None:
    least = field.min_length
    if not least:
        return None

    def test(value: Any) -> Problem | None:
        found = len(str(value))
        if found >= least:
            return None
        message = ngettext(
            "%(num)s character where at least %(least)s are asked.",
            "%(num)s characters where at least %(least)s are asked.",
            found,
            least=least,
        )
        return _problem("too_short", message)

    return test


def _pattern(field: Field, _exporter: Exporter) -> FieldTest | None:
    if not field.pattern:
        return None
    fits = re.compile(field.pattern, re.ASCII).fullmatch
    message = text("This does not have the form that the channel asks for.")
    if field.help is not None:
        message = field.help
    elif field.example:
        message = text("The channel asks for the form of “%(example)s”.", example=field.example)
    broken = _problem("pattern", message)
    return lambda value: None if fits(str(value)) else broken


def _single_line(field: Field, _exporter: Exporter) -> FieldTest | None:
    if not field.single_line:
        return None
    broken = _problem("single_line", text("This must be on one line."))
    return lambda value: broken if "\n" in str(value) else None


def _choice(field: Field, _exporter: Exporter) -> FieldTest | None:
    if not field.choices:
        return None
    allowed = frozenset(field.choices)
    broken = _problem(
        "choice", text("The channel only knows: %(choices)s.", choices=", ".join(field.choices))
    )
    return lambda value: None if value in allowed else broken


def _code_list(field: Field, _exporter: Exporter) -> FieldTest | None:
    name = field.code_list or ("iso3166" if field.kind == "country" else "")
    if not name:
        return None
    allowed = CODE_LISTS[name]
    sentences = {
        "iso3166": text("This is not a country code of two capitals, such as NL."),
        "iso4217": text("This is not a currency code of three capitals, such as EUR."),
        "iso639": text("This is not a language code of two letters, such as nl."),
        "rec20": text("This is not a unit code of UN/ECE Recommendation 20, such as EA or KGM."),
    }
    sentences["rec20_2005"] = sentences["rec20"]
    sentences["iso3166_2005"] = text("This is not a country code that the channel knows.")
    rule = "country" if field.kind == "country" else "code_list"
    broken = _problem(rule, sentences[name])
    return lambda value: None if value in allowed else broken


def _number(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = _problem("number", text("This is not a number with a decimal point."))
    return lambda value: None if type(value) is str and NUMBER.fullmatch(value) else broken


def _integer(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = _problem("integer", text("This is not a whole number."))
    return lambda value: None if type(value) is str and INTEGER.fullmatch(value) else broken


def _price(field: Field, _exporter: Exporter) -> FieldTest:
    """An amount above zero, with as many decimals as its currency (or as the field says); rounding
    is an operation of the mapping, where people see it. One function, for every product has one.
    """
    no_price = _problem("price", text("This is not a price."))
    too_low = _problem("price_zero", text("A price is more than zero."))
    is_fine, fixed = ABOVE_ZERO.fullmatch, field.decimals

    def test(value: Any) -> Problem | None:
        if type(value) is not Money:
            return no_price
        amount = value.amount
        if not is_fine(amount):
            return too_low if NUMBER.fullmatch(amount) else no_price
        most = decimals_of(value.currency) if fixed is None else fixed
        point = amount.find(".")
        if point < 0 or len(amount) - point - 1 <= most:
            return None
        return _too_many_decimals(most)

    return test


def _currency(field: Field, _exporter: Exporter) -> FieldTest | None:
    if not field.code_list:
        return None
    allowed = CODE_LISTS[field.code_list]

    def test(value: Money) -> Problem | None:
        if value.currency in allowed:
            return None
        message = text("The channel does not know the currency %(code)s.", code=value.currency)
        return _problem("currency", message)

    return test


def _amount(value: Any) -> str:
    return value.amount if type(value) is Money or type(value) is Measure else str(value)


def _range(field: Field, _exporter: Exporter) -> FieldTest | None:
    if field.minimum is None and field.maximum is None:
        return None
    least = None if field.minimum is None else Decimal(field.minimum)
    most = None if field.maximum is None else Decimal(field.maximum)
    too_small = _problem("minimum", text("The channel takes %(least)s at least.", least=least))
    too_large = _problem("maximum", text("The channel takes %(most)s at most.", most=most))

    is_floor = least == 0 and most is None  # what most have: a sign tells enough

    def test(value: Any) -> Problem | None:
        amount = _amount(value)
        if is_floor and amount[:1] != "-":
            return None
        number = Decimal(amount)
        if least is not None and number < least:
            return too_small
        return too_large if most is not None and number > most else None

    return test


def _decimals(field: Field, _exporter: Exporter) -> FieldTest | None:
    if field.decimals is None:
        return None
    most = field.decimals

    def test(value: str) -> Problem | None:
        _, point, digits = value.partition(".")
        return _too_many_decimals(most) if point and len(digits) > most else None

    return test


def _too_many_decimals(most: int) -> Problem:
    message = text(
        "More decimals than the channel takes (%(most)s). Round it in the mapping.", most=most
    )
    return _problem("decimals", message)


def _gtin(field: Field, _exporter: Exporter) -> FieldTest:
    if not field.emit:
        return gtin_in_store_problem if field.in_store else gtin_problem
    wrong = _problem(
        "gtin_length",
        text("This GTIN cannot be written with %(digits)s digits.", digits=field.emit),
    )

    def test(value: str) -> Problem | None:
        broken = gtin_problem(value, in_store=field.in_store)
        return broken or (None if len(value) == field.emit else wrong)

    return test


def gtin_in_store_problem(value: str) -> Problem | None:
    """As :func:`gtin_problem`, but numbers for use inside a shop are fine, as in its till."""
    return gtin_problem(value, in_store=True)


def gtin_problem(value: str, in_store: bool = False) -> Problem | None:
    """Length, check digit, and the prefixes that no channel takes for a consumer product: those of
    the 13 digits, in whatever length they are written. ``in_store``: numbers for use inside a shop
    are fine.
    """
    if len(value) not in GTIN_LENGTHS or not (value.isascii() and value.isdecimal()):
        return _problem("gtin_length", text("A GTIN has 8, 12, 13 or 14 digits."))
    if not has_check_digit(value):
        expected = next(one for one in "0123456789" if has_check_digit(value[:-1] + one))
        message = text(
            "The check digit of this GTIN is wrong: %(found)s where %(expected)s is due.",
            found=value[-1],
            expected=expected,
        )
        return _problem("gtin_check_digit", message)
    if not value.strip("0"):
        return _problem("gtin_zero", text("A GTIN of zeros names nothing."))
    restricted = COUPON_GTIN if in_store else RESTRICTED_GTIN
    article = value.zfill(14)
    if len(value) > 8 and article[0] == "0" and article[1:].startswith(restricted):
        return _problem(
            "gtin_restricted", text("This is a number for use inside a store, or a coupon.")
        )
    return None


def _url(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = _problem("url", text("This is not a web address (http or https, without blanks)."))

    def test(value: Any) -> Problem | None:
        return None if is_web_address(value if type(value) is str else str(value)) else broken

    return test


def _pixels(field: Field, _exporter: Exporter) -> FieldTest | None:
    """The smallest side in pixels; a picture of unknown size passes."""
    least = field.min_pixels
    if not least:
        return None

    def test(value: Any) -> Problem | None:
        width, height = (value.width, value.height) if hasattr(value, "width") else (0, 0)
        if not width or (width >= least and height >= least):
            return None
        sentence = text(
            "%(width)s × %(height)s pixels where %(least)s are asked.",
            width=width,
            height=height,
            least=least,
        )
        return _problem("picture_small", sentence)

    return test


def _measure(field: Field, _exporter: Exporter) -> FieldTest:
    """A unit may be fixed by the field (the value was converted to it, if it could be), or one of
    several symbols.
    """
    allowed, unit = frozenset(field.choices), field.unit
    wanted = ", ".join(field.choices) or unit.lower()
    message = text("This is not a measurement.")
    if wanted:
        message = text("A measurement in %(units)s is asked.", units=wanted)
    broken = _problem("unit", message)
    nameless = _problem(
        "no_unit",
        text("This number has no unit: say in the mapping which it is in, with “unit”."),
    )

    doubtful = _problem(
        "ambiguous",
        text("This could be two amounts: write it without thousands, such as 1250 or 1.25."),
    )

    def test(value: Any) -> Problem | None:
        if type(value) is not Measure:
            if not unit and NUMBER.fullmatch(str(value)):
                return nameless
            return doubtful if could_be_two(str(value)) else broken
        fits = (not allowed or value.symbol in allowed) and (not unit or value.unit == unit)
        return None if fits else broken

    return test


def _date(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = _problem("date", text("This is not a date such as 2026-11-22."))
    return lambda value: None if is_day(str(value)) else broken


def is_day(value: str) -> bool:
    """Whether the calendar has that day."""
    try:
        return bool(DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


def _datetime(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = _problem(
        "datetime", text("This is not a moment such as 2026-11-22 or 2026-11-22T08:00+01:00.")
    )
    return lambda value: None if _moment(str(value)) is not None else broken


def _moment(value: str) -> datetime | None:
    if not DAY.match(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _interval(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = _problem(
        "interval",
        text("This is not a beginning and an end such as 2026-11-27T00:00+01:00/2026-11-30."),
    )
    reversed_ = _problem("interval_order", text("The end comes before the beginning."))

    def test(value: Any) -> Problem | None:
        start, _, end = str(value).partition("/")
        begins, ends = _moment(start), _moment(end)
        if begins is None or ends is None:
            return broken
        # A day ends when it is over.
        is_over_before = end[:10] < start[:10] if DAY.fullmatch(end) else ends < begins
        return reversed_ if is_over_before else None

    return test


def _property(_field: Field, _exporter: Exporter) -> FieldTest:
    broken = _problem("property", text("This is not a property with a label and a value."))
    return lambda value: None if type(value) is Property else broken


_TEXT: tuple[TestMaker, ...] = (_length, _shortness, _single_line, _choice, _code_list, _pattern)
_MAKERS: dict[str, tuple[TestMaker, ...]] = {
    "text": _TEXT,
    "number": (_number, _range, _decimals),
    "integer": (_integer, _range),
    "price": (_price, _range, _currency),
    "gtin": (_gtin,),
    "url": (_url, _length, _pattern),
    "picture": (_url, _length, _pixels),
    "choice": (_choice,),
    "boolean": (_choice,),
    "measurement": (_measure, _range),
    "date": (_date,),
    "datetime": (_datetime,),
    "interval": (_interval, _length),
    "country": (_code_list,),
    "properties": (_property,),
}
