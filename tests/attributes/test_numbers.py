"""Numbers and prices: one canonical spelling, and nothing guessed."""

import pytest

from pim.attributes import NEUTRAL, InvalidValue, Reading, build
from pim.attributes.number import NumberType
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


@pytest.mark.parametrize(
    ("raw", "value"),
    [("5-", "-5"), ("12,50-", "-12.5"), ("1.234,5 -", "-1234.5"), ("\u22125", "-5"), ("0-", "0")],
)
def test_a_minus_may_stand_behind_the_number(raw: str, value: str) -> None:
    assert build("number", {}).reader(COMMA)(raw) == value


@pytest.mark.parametrize("raw", ["-5-", "--5", "-", "5--"])
def test_two_minuses_are_none(raw: str) -> None:
    with pytest.raises(InvalidValue):
        build("number", {}).reader(COMMA)(raw)


@pytest.mark.parametrize(
    ("currency", "raw", "value"),
    [
        *(
            ("EUR", raw, "12.50")
            for raw in ("€ 12,50", "EUR 12,5", "12,50 EUR", "12,50€", "eur12,50")
        ),
        *(("EUR", raw, "1250.00") for raw in ("€ 1250,-", "1.250,00 €", "1.250,--", "1250,\u2013")),
        *(("USD", raw, "9.00") for raw in ("$ 9", "US$9", "USD 9,00")),
        ("CAD", "$ 9", "9.00"),
        ("SEK", "9,50 kr", "9.50"),
        ("PLN", "9,50 zł", "9.50"),
        ("EUR", " ", None),
    ],
)
def test_a_price_may_name_its_currency(currency: str, raw: str, value: str | None) -> None:
    reading = Reading(decimal=",", currency=currency)
    assert build("price", {}).reader(reading)(raw) == value


@pytest.mark.parametrize(("currency", "raw"), [("EUR", "$ 9"), ("EUR", "9,00 GBP"), ("USD", "€9")])
def test_a_price_in_another_currency_is_told(currency: str, raw: str) -> None:
    with pytest.raises(InvalidValue, match=currency) as refused:
        build("price", {}).reader(Reading(decimal=",", currency=currency))(raw)
    assert (refused.value.rule, refused.value.doubt) == ("currency", False)


@pytest.mark.parametrize(
    ("currency", "raw", "value"),
    [("JPY", "1200", "1200"), ("KWD", "1.5", "1.500"), ("EUR", "1", "1.00")],
)
def test_a_price_has_the_decimals_of_its_currency(currency: str, raw: str, value: str) -> None:
    reading = Reading(currency=currency)
    assert build("price", {}).reader(reading)(raw) == value
    assert build("price", {}).parse(raw, reading) == value


@pytest.mark.parametrize(
    ("settings", "currency", "raw"),
    [({}, "EUR", "0.0125"), ({}, "JPY", "12.5"), ({"decimals": 4}, "EUR", "0.00125")],
)
def test_more_decimals_than_the_currency_has_are_a_doubt(
    settings: dict[str, int], currency: str, raw: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        build("price", settings).reader(Reading(currency=currency))(raw)
    assert (refused.value.rule, refused.value.doubt) == ("decimals", True)
    assert refused.value.value == raw


def test_a_price_below_zero_needs_a_setting() -> None:
    with pytest.raises(InvalidValue) as refused:
        build("price", {}).reader(NEUTRAL)("-1.00")
    assert refused.value.rule == "min"
    assert build("price", {"min": -5}).reader(NEUTRAL)("-1") == "-1.00"


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


def test_terms_of_numbers_sort_as_the_numbers_do() -> None:
    numbers = ["-100", "-12.5", "-12.05", "-12", "-9", "-0.5", "-0.05", "0", "0.05", "0.5", "1"]
    numbers += ["1.05", "1.5", "9", "9.99", "10", "12", "12.5", "100", "1" + "0" * 19]
    terms = [NumberType().terms(number)[0] for number in numbers]
    assert terms == sorted(terms)
    assert len(set(terms)) == len(terms)


def test_idle_zeros_make_no_other_term() -> None:
    assert PriceType().terms("12.50") == PriceType().terms("12.5")
    assert PriceType().terms("10.00") == NumberType().terms("10")
    assert NumberType().terms("100") != NumberType().terms("1")
