"""Measurements and the unit table."""

import os
import xml.etree.ElementTree as ET
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from pim.attributes import NEUTRAL, InvalidValue, Reading, build
from pim.attributes.unit_spellings import SPELLINGS
from pim.attributes.units import DIMENSIONS, convert, find_dimension, find_unit, rec20
from pim.errors import NotFound

SHARED = Path(os.environ.get("ETALAGE_SHARED", Path(__file__).parents[2].parent / "shared"))
WEIGHT = build("measurement", {"dimension": "weight", "unit": "KILOGRAM"})


@pytest.mark.parametrize(
    ("raw", "reading", "value"),
    [
        ("1.5", NEUTRAL, {"amount": "1.5", "unit": "KILOGRAM"}),
        ("1.50 kg", NEUTRAL, {"amount": "1.5", "unit": "KILOGRAM"}),
        ("150g", NEUTRAL, {"amount": "150", "unit": "GRAM"}),
        ("1.299,5 GRAM", Reading(decimal=","), {"amount": "1299.5", "unit": "GRAM"}),
        ("1 299,5", Reading(decimal=","), {"amount": "1299.5", "unit": "KILOGRAM"}),
        ("1500", Reading(unit="GRAM"), {"amount": "1500", "unit": "GRAM"}),
        ("3 gram", NEUTRAL, {"amount": "3", "unit": "GRAM"}),
        ("  ", NEUTRAL, None),
    ],
)
def test_an_amount_with_or_without_its_unit(raw: str, reading: Reading, value: object) -> None:
    assert WEIGHT.parse(raw, reading) == value
    assert WEIGHT.reader(reading)(raw) == value


@pytest.mark.parametrize("raw", ["-5", "5-", "-5 kg", "−5", "-0.001 g"])
def test_a_weight_below_zero_is_a_doubt(raw: str) -> None:
    with pytest.raises(InvalidValue) as doubtful:
        WEIGHT.reader(NEUTRAL)(raw)
    assert (doubtful.value.rule, doubtful.value.doubt) == ("negative", True)
    assert doubtful.value.value == WEIGHT.parse(raw, NEUTRAL)
    assert WEIGHT.reader(NEUTRAL)("-0") == {"amount": "0", "unit": "KILOGRAM"}


def test_what_may_be_below_zero_is_taken() -> None:
    outside = build("measurement", {"dimension": "temperature", "unit": "CELSIUS"})
    assert outside.reader(NEUTRAL)("5- °C") == {"amount": "-5", "unit": "CELSIUS"}
    offset = build("measurement", {"dimension": "length", "unit": "MILLIMETER", "min": "-80"})
    assert offset.reader(NEUTRAL)("-35") == {"amount": "-35", "unit": "MILLIMETER"}
    with pytest.raises(InvalidValue) as refused:
        offset.reader(NEUTRAL)("-81")
    assert (refused.value.rule, refused.value.doubt) == ("min", False)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [("1.5 METER", "unit"), ("1.5 pond", "unit"), ("kg", "number"), ("1.2.3 kg", "number")],
)
def test_what_is_no_measurement_says_why(raw: str, rule: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        WEIGHT.reader(NEUTRAL)(raw)
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("dimension", "unit", "spellings"),
    [
        ("weight", "KILOGRAM", ["KG", "Kg", "kg.", "KGM", "kgm", "kilo", "kilogramm"]),
        ("weight", "GRAM", ["gr", "GR", "gr.", "G", "GRM", "grams", "Gramm"]),
        ("weight", "GRAIN", ["grain", "GRN"]),
        ("weight", "MILLIGRAM", ["MG", "MGM"]),
        ("weight", "POUND", ["LB", "lbs", "LBR"]),
        ("length", "METER", ["M", "mtr", "MTR", "mètre"]),
        ("length", "MILLIMETER", ["MM", "MMT"]),
        ("length", "MICROMETER", ["um", "µm", "μm", "4H"]),
        ("length", "INCH", ['"', "INH", "inches"]),
        ("area", "SQUARE_METER", ["m2", "M2", "m^2", "sq. m", "MTK"]),
        ("volume", "LITER", ["L", "ltr", "LTR", "Litre"]),
        ("volume", "CUBIC_METER", ["m3", "M3", "MTQ"]),
        ("temperature", "CELSIUS", ["C", "ºC", "\u2103", "CEL"]),
        ("volume_flow", "CUBIC_METER_PER_HOUR", ["m3/h", "m3/u", "MQH"]),
        ("electric_charge", "MILLIAMPEREHOUR", ["MAH", "mAh", "E09"]),
        ("case_box", "PIECE", ["ST", "stk.", "Stück", "stuks", "PCE", "EA", "C62"]),
    ],
)
def test_units_are_read_as_people_and_systems_write_them(
    dimension: str, unit: str, spellings: list[str]
) -> None:
    kind = build("measurement", {"dimension": dimension})
    read = kind.reader(NEUTRAL)
    for spelling in spellings:
        joined = kind.join(("2.5", spelling))
        assert read(joined) == {"amount": "2.5", "unit": unit}, spelling


@pytest.mark.parametrize(
    ("dimension", "spelling"),
    [
        # With its m for milli and its M for mega, each is the right spelling of another unit.
        ("weight", "Mg"),
        ("length", "Mm"),
        ("energy", "mJ"),
        ("pressure", "mPa"),
        # Both are meant.
        ("binary", "kb"),
        ("binary", "Mb"),
        ("power", "mw"),
        ("energy", "Cal"),
        # Half a kilogram in one country, a pound in the next.
        ("weight", "pfund"),
        ("length", "9X"),
    ],
)
def test_a_unit_that_could_be_two_is_not_guessed(dimension: str, spelling: str) -> None:
    kind = build("measurement", {"dimension": dimension})
    with pytest.raises(InvalidValue):
        kind.reader(NEUTRAL)(kind.join(("1", spelling)))


def test_units_that_a_spelling_could_be_are_named() -> None:
    with pytest.raises(InvalidValue) as refused:
        build("measurement", {"dimension": "binary"}).parse("16 gb", NEUTRAL)
    assert refused.value.rule == "unit"
    assert "GIGABIT / GIGABYTE" in str(refused.value.message)


def test_every_spelling_belongs_to_a_unit_and_stands_once() -> None:
    for dimension, words_of in SPELLINGS.items():
        for unit, words in words_of.items():
            assert unit in DIMENSIONS[dimension], unit
            assert len(words.split()) == len(set(words.split())), unit


def test_a_profile_with_a_unit_of_another_dimension_is_told_before_the_first_row() -> None:
    with pytest.raises(NotFound, match="METER"):
        WEIGHT.reader(Reading(unit="METER"))


def test_bounds_hold_in_the_attributes_unit() -> None:
    read = build(
        "measurement",
        {"dimension": "Weight", "unit": "kilogram", "min": 1, "max": "30", "decimals": 2},
    ).reader(NEUTRAL)
    assert read("1000 g") == {"amount": "1000", "unit": "GRAM"}
    for raw, rule in (("999 g", "min"), ("31", "max"), ("1.255", "decimals")):
        with pytest.raises(InvalidValue) as refused:
            read(raw)
        assert refused.value.rule == rule


def test_a_file_has_two_columns_for_it() -> None:
    value = {"amount": "1.5", "unit": "KILOGRAM"}
    assert WEIGHT.columns("weight") == ("weight", "weight-unit")
    assert WEIGHT.cells(value) == ("1.5", "KILOGRAM")
    assert WEIGHT.parse(WEIGHT.join(WEIGHT.cells(value)), NEUTRAL) == value
    assert WEIGHT.parse(WEIGHT.join(("1.5", "")), NEUTRAL) == value
    assert WEIGHT.join(("", "KILOGRAM")) == ""
    assert build("text", {}).columns("name-nl_NL") == ("name-nl_NL",)


def test_json_and_people() -> None:
    assert WEIGHT.load({"amount": 1.5, "unit": "GRAM"}) == {"amount": "1.5", "unit": "GRAM"}
    assert WEIGHT.load({"amount": "", "unit": "GRAM"}) is None
    for raw in (
        "1.5 kg",
        {"amount": "1"},
        {"amount": "1", "unit": 1},
        {"amount": "x", "unit": "GRAM"},
        {"amount": "1", "unit": "METER"},
    ):
        with pytest.raises(InvalidValue):
            WEIGHT.load(raw)
    assert WEIGHT.show({"amount": "1.5", "unit": "KILOGRAM"}, "nl_NL") == "1,5 kg"


def test_the_same_weight_has_the_same_index_term() -> None:
    assert (
        WEIGHT.terms({"amount": "1500", "unit": "GRAM"})
        == WEIGHT.terms({"amount": "1.5", "unit": "KILOGRAM"})
        == ("A1.5",)
    )


@pytest.mark.parametrize(
    ("amount", "source", "target", "result"),
    [
        ("1.5", "KILOGRAM", "GRAM", "1500"),
        ("1", "POUND", "KILOGRAM", "0.45359237"),
        ("27", "INCH", "CENTIMETER", "68.58"),
        ("100", "CELSIUS", "FAHRENHEIT", "212"),
        ("-40", "FAHRENHEIT", "CELSIUS", "-40"),
        ("0", "CELSIUS", "KELVIN", "273.15"),
        ("80", "REAUMUR", "CELSIUS", "100"),
        ("36", "KILOMETER_PER_HOUR", "METER_PER_SECOND", "10"),
        ("1", "GALLON", "PINT", "8"),
        ("160", "OUNCE", "GALLON", "1"),
        ("16", "OUNCE", "POUND", "1"),
        ("60", "MINUTE", "DEGREE", "1"),
        ("60", "MINUTE", "HOUR", "1"),
        ("1", "GIBIBYTE", "MEBIBYTE", "1024"),
        ("760", "TORR", "ATM", "1"),
        ("1", "MILE", "FURLONG", "8"),
        ("640", "ACRE", "SQUARE_MILE", "1"),
        ("7000", "GRAIN", "POUND", "1"),
        ("27", "CUBIC_FOOT", "CUBIC_YARD", "1"),
        ("14", "POUND", "STONE", "1"),
        ("2", "DOZEN", "PIECE", "24"),
    ],
)
def test_conversion_is_exact(amount: str, source: str, target: str, result: str) -> None:
    assert convert(amount, source, target) == Decimal(result)
    assert convert(convert(amount, source, target), target, source) == Decimal(amount)


def test_what_has_no_end_is_cut_at_34_digits() -> None:
    assert str(convert("1", "METER", "YARD")).startswith("1.0936132983377077865266841644794")


def test_units_that_measure_different_things_do_not_convert() -> None:
    for source, target in (("KILOGRAM", "METER"), ("LUMEN", "NIT"), ("KILOGRAM", "PARSEC")):
        with pytest.raises(NotFound):
            convert("1", source, target)


def test_names_are_found_as_akeneo_and_people_write_them() -> None:
    assert find_dimension("ElectricCharge") == "electric_charge"
    assert find_dimension("CaseBox") == "case_box"
    assert find_unit("mm").code == "MILLIMETER"
    assert find_unit("OUNCE").dimension == "weight"
    assert find_unit("OUNCE", "volume").rec20 == "OZI"
    assert (rec20("KILOGRAM"), rec20("PIECE"), rec20("MEGABYTE"), rec20("CHAIN")) == (
        "KGM",
        "C62",
        "4L",
        None,
    )
    with pytest.raises(NotFound):
        find_dimension("beauty")


def test_every_dimension_begins_with_its_base_unit() -> None:
    for dimension, units in DIMENSIONS.items():
        first = next(iter(units.values()))
        assert (first.factor, first.offset) == (Fraction(1), Fraction(0)), dimension
        symbols = [unit.symbol for unit in units.values()]
        assert len(symbols) == len(set(symbols)), dimension


def test_every_rec20_code_is_in_the_list_under_its_own_name() -> None:
    path = SHARED / "data/taxonomies/UNECERec20-11e.xml"
    if not path.exists():
        pytest.skip(f"the UN/ECE list is not here: {path}")
    tag = "{urn:fdc:difi.no:2017:vefa:structure:CodeList-1}"
    names = {
        code.findtext(f"{tag}Id"): code.findtext(f"{tag}Name") or ""
        for code in ET.parse(path).iter(f"{tag}Code")
    }
    for units in DIMENSIONS.values():
        for unit in units.values():
            if unit.rec20 is not None:
                assert unit.rec20 in names, unit.code
                assert _same_name(unit.code, names[unit.rec20]), (unit.code, names[unit.rec20])


# Where the list calls a unit by another name than people do.
OTHER_NAMES = {
    "TON": "tonne",
    "FEET": "foot",
    "CARAT": "metric carat",
    "CENTIARE": "square metre",
    "ARE": "square decametre",
    "HECTARE": "square hectometre",
    "GALLON": "gallon (UK)",
    "PINT": "pint (UK)",
    "US_GALLON": "gallon (US)",
    "US_PINT": "liquid pint (US)",
    "US_OUNCE": "fluid ounce (US)",
    "PIECE": "one",
    "NIT": "candela per square metre",
    "ATM": "standard atmosphere",
    "PSI": "pound-force per square inch",
    "HECTOMETER": "hectometre",
    "KELVIN": "kelvin",
    "MEGOHM": "megaohm",
    "BAR": "bar",
    "RANKINE": "degree rankine",
    "KILOHM": "kiloohm",
}


def _same_name(code: str, name: str) -> bool:
    expected = OTHER_NAMES.get(code, code.replace("_", " ")).lower()
    here = (
        name.lower()
        .replace("metre", "meter")
        .replace("litre", "liter")
        .replace("deca", "deka")
        .replace(" ", "")
    )
    there = expected.lower().replace("metre", "meter").replace("deca", "deka").replace(" ", "")
    return there in here
