"""Numbers and prices: one canonical spelling, and nothing guessed."""

import pytest

from pim.attributes import NEUTRAL, InvalidValue, Reading, build
from pim.attributes.price import PriceType

COMMA = Reading(decimal=",")


@pytest.mark.parametrize(
    ("raw", "reading", "value"),
    [
        ("12.50", NEUTRAL, "12.5"),
        ("007", NEUTRAL, "7"),
        ("+7", NEUTRAL, "7"),
        ("-0.0", NEUTRAL, "0"),
        (".5", NEUTRAL, "0.5"),
        (" 3 ", NEUTRAL, "3"),
        ("1,299.00", NEUTRAL, "1299"),
        ("1'299.5", NEUTRAL, "1299.5"),
        ("1,299,000", NEUTRAL, "1299000"),
        ("1.299,00", COMMA, "1299"),
        ("1 299,5", COMMA, "1299.5"),
        ("1\u202f299,5", COMMA, "1299.5"),
        ("-1.299.000,25", COMMA, "-1299000.25"),
        ("1,299", COMMA, "1.299"),
    ],
)
def test_a_number_is_read_with_the_declared_separator(
    raw: str, reading: Reading, value: str
) -> None:
    number = build("number", {})
    assert number.parse(raw, reading) == value
    assert number.reader(reading)(raw) == value


@pytest.mark.parametrize(
    ("raw", "reading", "rule"),
    [
        ("1.299", COMMA, "grouping"),
        ("1,299", NEUTRAL, "grouping"),
        ("12,,50", COMMA, "number"),
        ("12.5", COMMA, "number"),
        ("0.299", COMMA, "number"),
        ("1.29.000,5", COMMA, "number"),
        ("1.299,00", NEUTRAL, "number"),
        ("5.", NEUTRAL, "number"),
        (".", NEUTRAL, "number"),
        ("-", NEUTRAL, "number"),
        ("NaN", NEUTRAL, "number"),
        ("Infinity", NEUTRAL, "number"),
        ("$1.00", NEUTRAL, "number"),
        ("١٢", NEUTRAL, "number"),
        ("1e5", NEUTRAL, "exponent"),
        ("1,23E+12", COMMA, "exponent"),
        ("9" * 21, NEUTRAL, "digits"),
        ("9" * 5000, NEUTRAL, "number"),
    ],
)
def test_what_is_no_number_is_refused_by_rule(raw: str, reading: Reading, rule: str) -> None:
    for read in (build("number", {}).reader(reading), build("price", {}).reader(reading)):
        with pytest.raises(InvalidValue) as refused:
            read(raw)
        assert refused.value.rule == rule


def test_blanks_are_no_number_but_nothing() -> None:
    assert build("number", {"min": 1}).reader(NEUTRAL)("  \u00a0") is None
    assert build("price", {"max": 1}).reader(NEUTRAL)("") is None


@pytest.mark.parametrize(
    ("raw", "rule"),
    [("1.255", "decimals"), ("0.99", "min"), ("10.01", "max"), ("-3", "min")],
)
def test_settings_bound_a_number(raw: str, rule: str) -> None:
    read = build("number", {"min": "1", "max": 10, "decimals": 2}).reader(NEUTRAL)
    with pytest.raises(InvalidValue) as refused:
        read(raw)
    assert refused.value.rule == rule
    assert not refused.value.doubt
    assert read("1") == "1"
    assert read("10.00") == "10"


def test_idle_zeros_are_no_decimals() -> None:
    assert build("number", {"decimals": 0}).reader(NEUTRAL)("12.000") == "12"
    with pytest.raises(InvalidValue, match="more than 0 decimals"):
        build("number", {"decimals": 0}).reader(NEUTRAL)("12.5")


@pytest.mark.parametrize(
    ("raw", "value"),
    [("12.5", "12.50"), ("12", "12.00"), ("12.50", "12.50"), ("12.5000", "12.50"), ("0", "0.00")],
)
def test_a_price_has_its_decimals(raw: str, value: str) -> None:
    price = build("price", {})
    assert price.reader(NEUTRAL)(raw) == value
    assert price.parse(raw, NEUTRAL) == value
    assert price.reader(COMMA)(raw.replace(".", ",")) == value


def test_a_price_below_zero_needs_a_setting() -> None:
    with pytest.raises(InvalidValue) as refused:
        build("price", {}).reader(NEUTRAL)("-1.00")
    assert refused.value.rule == "min"
    assert build("price", {"min": -5}).reader(NEUTRAL)("-1") == "-1.00"


def test_a_price_with_too_many_decimals_is_refused_and_not_rounded() -> None:
    for raw in ("12.505", "0.001"):
        with pytest.raises(InvalidValue) as refused:
            build("price", {}).reader(NEUTRAL)(raw)
        assert refused.value.rule == "decimals"


def test_a_price_bound_holds_for_the_common_spelling_too() -> None:
    with pytest.raises(InvalidValue, match=r"below 5"):
        build("price", {"min": 5}).reader(NEUTRAL)("4.99")
    with pytest.raises(InvalidValue, match=r"above 5"):
        build("price", {"max": 5}).reader(NEUTRAL)("5.01")


def test_json_numbers() -> None:
    number = build("number", {})
    assert number.load(12) == "12"
    assert number.load(12.5) == "12.5"
    assert number.load("12.50") == "12.5"
    assert number.load(None) is None
    for raw in (True, [1], {"a": 1}, float("nan"), 1e300, 10**5000, "1,5"):
        with pytest.raises(InvalidValue):
            number.load(raw)


def test_people_see_their_own_notation() -> None:
    assert build("number", {}).show("1234.125", "nl_NL") == "1.234,125"
    assert build("number", {}).show("1234.125", "xx_XX") == "1,234.125"
    price = build("price", {})
    assert price.show("1200.50", "de_DE") == "1.200,50"
    assert isinstance(price, PriceType)
    assert price.show("1200.50", "en_GB", currency="EUR") == "€1,200.50"


def test_a_price_of_more_digits_than_pythons_usual_decimals_is_shown() -> None:
    price = build("price", {})
    assert (
        price.show("972460208473211.53242033972671", "en") == "972,460,208,473,211.53242033972671"
    )
