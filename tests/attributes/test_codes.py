"""GTINs, choices, assets, links, yes and no, dates."""

import pytest

from pim.attributes import NEUTRAL, InvalidValue, Reading, build
from pim.attributes.asset import AssetType
from pim.attributes.lists import join, split

PICTURE, OTHER = "0123456789abcdef0123", "ffffffffffffffffffff"
COLORS = {
    "red": {"labels": {"en_GB": "Red", "nl_NL": "Rood"}},
    "BLUE": {"en_GB": "Blue"},
    "xs": {},
    "XS": None,
}


@pytest.mark.parametrize(
    "raw", ["0012345678905", "8717163083116", "96385074", "012345678905", "10012345678902"]
)
def test_a_gtin_keeps_its_leading_zeros(raw: str) -> None:
    assert build("gtin", {}).reader(NEUTRAL)(raw) == raw


@pytest.mark.parametrize("raw", ["0", "00000000", "000000000000", "0000000000000", "0-0000 000"])
def test_zeros_are_no_gtin(raw: str) -> None:
    gtin = build("gtin", {})
    assert gtin.reader(NEUTRAL)(raw) is None
    assert gtin.load(raw) is None


@pytest.mark.parametrize(
    ("spellings", "words"),
    [
        (
            ["042100005264", "0042100005264", "00042100005264"],
            {"042100005264", "0042100005264"},
        ),
        (["8717163083116", "08717163083116"], {"8717163083116"}),
        (["96385074", "0000096385074"], {"96385074", "000096385074", "0000096385074"}),
        (["10012345678902"], {"10012345678902"}),
    ],
)
def test_zeros_in_front_make_no_other_gtin(spellings: list[str], words: set[str]) -> None:
    gtin = build("gtin", {})
    values = [gtin.reader(NEUTRAL)(one) for one in spellings]
    assert values == spellings
    assert len({gtin.terms(one) for one in values}) == 1
    for value in values:
        assert set(gtin.words(value)) == words | {value}


def test_a_gtin_may_be_written_with_dashes() -> None:
    assert build("gtin", {}).reader(NEUTRAL)(" 978-0-306-40615-7 ") == "9780306406157"


def test_a_wrong_check_digit_is_a_doubt_that_carries_the_value() -> None:
    with pytest.raises(InvalidValue) as refused:
        build("gtin", {}).reader(NEUTRAL)("8717163083117")
    assert (refused.value.rule, refused.value.doubt, refused.value.value) == (
        "check_digit",
        True,
        "8717163083117",
    )
    assert "check digit 7 where 6 is due" in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "rule", "hint"),
    [
        ("1.23E+12", "exponent", "spreadsheet"),
        ("8,71716E+12", "exponent", "spreadsheet"),
        ("12345678905", "length", "leading zeros"),
        ("123", "length", "8, 12, 13 or 14"),
        ("871716308311X", "gtin", "not digits"),
        ("８７１７１６３０８３１１６", "gtin", "not digits"),
        ("8717163083116.0", "gtin", "not digits"),
    ],
)
def test_what_is_no_gtin_says_why(raw: str, rule: str, hint: str) -> None:
    with pytest.raises(InvalidValue, match=hint) as refused:
        build("gtin", {}).reader(NEUTRAL)(raw)
    assert refused.value.rule == rule
    assert not refused.value.doubt


def test_a_gtin_as_json_number_is_refused() -> None:
    with pytest.raises(InvalidValue, match="leading zeros"):
        build("gtin", {}).load(8717163083116)


def test_a_choice_is_found_by_its_code() -> None:
    read = build("choice", {"options": COLORS}).reader(NEUTRAL)
    assert read("red") == "red"
    assert read(" RED ") == "red"
    assert read("XS") == "XS"
    for raw in ("Xs", "green", "Rood"):
        if raw == "Xs":  # two options differ in case alone: never guessed
            assert build("choice", {"options": ["XS"]}).parse(raw, NEUTRAL) == "XS"
        with pytest.raises(InvalidValue) as refused:
            read(raw)
        assert refused.value.rule == "option"


def test_an_option_shows_its_label_or_its_code() -> None:
    choice = build("choice", {"options": COLORS})
    assert choice.show("red", "nl_NL") == "Rood"
    assert choice.show("BLUE", "nl_NL") == "Blue"  # the nearest there is
    assert choice.show("gone", "nl_NL") == "[gone]"
    assert build("choices", {"options": COLORS}).show(["red", "BLUE"], "en_GB") == "Red, Blue"


def test_an_option_that_has_gone_is_a_problem() -> None:
    assert [problem.rule for problem in build("choice", {"options": COLORS}).check("green")] == [
        "option"
    ]
    assert [
        problem.rule for problem in build("choices", {"options": COLORS}).check(["red", "green"])
    ] == ["option"]


def test_choices_are_a_list_without_repeats() -> None:
    choices = build("choices", {"options": COLORS})
    assert choices.reader(Reading(separator="|"))("red | blue|red|") == ["red", "BLUE"]
    assert choices.load(["blue", "red"]) == ["BLUE", "red"]
    assert choices.terms(["BLUE", "red"]) == ("BLUE", "red")
    nothing: list[object] = [[], "", None]
    for empty in nothing:
        assert choices.load(empty) is None
    with pytest.raises(InvalidValue):
        choices.load("red")


def test_an_asset_is_a_code_or_a_list_of_them() -> None:
    one, many = build("asset", {"extensions": "jpg, .PNG"}), build("asset", {"multiple": True})
    assert one.reader(NEUTRAL)(PICTURE) == PICTURE
    assert many.reader(NEUTRAL)(f"{PICTURE},{OTHER},{PICTURE}") == [PICTURE, OTHER]
    assert many.terms([PICTURE, OTHER]) == (PICTURE, OTHER)
    for raw in ("bike.jpg", PICTURE.upper(), f"{PICTURE},{OTHER}"):
        with pytest.raises(InvalidValue) as refused:
            one.reader(NEUTRAL)(raw)
        assert refused.value.rule == "asset"
    assert isinstance(one, AssetType)
    assert one.accepts("Bike.PNG")
    assert not one.accepts("bike.pdf")


def test_a_link_to_an_odd_identifier_survives_a_list() -> None:
    links = build("link", {"multiple": True})
    odd = ["a,b", 'c"d', "e|f", "g"]
    assert links.parse(links.dump(odd), NEUTRAL) == odd
    with pytest.raises(InvalidValue) as refused:
        links.parse('"a,b', NEUTRAL)
    assert refused.value.rule == "list"


@pytest.mark.parametrize(
    ("cell", "separator", "items"),
    [
        ('"7,5x60", 8x80', ",", ["7,5x60", "8x80"]),
        ('27", 29"', ",", ['27"', '29"']),
        ('"a || b" || c', "||", ["a || b", "c"]),
        ('"two\nlines"\nthree', "\n", ["two\nlines", "three"]),
        ('"say ""ah""" | b', "|", ['say "ah"', "b"]),
    ],
)
def test_a_quote_keeps_an_item_together_whatever_separates(
    cell: str, separator: str, items: list[str]
) -> None:
    assert split(cell, separator) == items
    assert split(join(items, separator), separator) == items


def test_a_list_is_bounded() -> None:
    with pytest.raises(InvalidValue) as refused:
        build("link", {"multiple": True}).parse(",".join(map(str, range(1001))), NEUTRAL)
    assert refused.value.rule == "max_items"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        *(("1", True), ("JA", True), ("yes ", True), ("0", False), ("Nein", False), (" ", None)),
        *(("-1", True), ("VERO", True), ("Si\u0301", True), ("FALSKT", False), ("off", False)),
    ],
)
def test_yes_and_no_in_words(raw: str, value: bool | None) -> None:
    assert build("boolean", {}).reader(NEUTRAL)(raw) is value


def test_the_reading_may_bring_its_own_words() -> None:
    read = build("boolean", {}).reader(Reading(true=("X",), false=("-",)))
    assert read("x") is True
    assert read("-") is False
    with pytest.raises(InvalidValue) as refused:
        read("1")
    assert refused.value.rule == "boolean"


def test_no_in_json_is_false_and_nothing_else() -> None:
    boolean = build("boolean", {})
    assert boolean.load(False) is False
    assert boolean.show(False, "nl_NL") == "Nee"
    assert boolean.show(True, "fi_FI") == "Yes"
    with pytest.raises(InvalidValue):
        boolean.load("false")


@pytest.mark.parametrize(
    ("raw", "written", "value"),
    [
        ("2026-11-22", "%Y-%m-%d", "2026-11-22"),
        ("22-11-2026", "%d-%m-%Y", "2026-11-22"),
        ("1/2/2026", "%d/%m/%Y", "2026-02-01"),
        ("1/2/2026", "%m/%d/%Y", "2026-01-02"),
        ("22.11.26", "%d.%m.%y", "2026-11-22"),
        ("20261122", "%Y%m%d", "2026-11-22"),
        ("2026-11-22", "%d-%m-%Y", "2026-11-22"),
        ("2026-11-22T00:00:00", "%d-%m-%Y", "2026-11-22"),
    ],
)
def test_a_day_is_read_in_the_files_format(raw: str, written: str, value: str) -> None:
    assert build("date", {}).reader(Reading(date=written))(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        "31-02-2026",
        "22-11-26",
        "2026-13-01",
        "today",
        "0000-01-01",
        "2026-11-22T10:00:00",
        "22/11/2026",
    ],
)
def test_what_is_no_day_says_how_one_is_written(raw: str) -> None:
    with pytest.raises(InvalidValue, match="22-11-2026") as refused:
        build("date", {}).reader(Reading(date="%d-%m-%Y"))(raw)
    assert refused.value.rule == "date"


def test_days_are_bounded() -> None:
    read = build("date", {"min": "2020-01-01", "max": "2030-12-31"}).reader(NEUTRAL)
    assert read("2020-01-01") == "2020-01-01"
    for raw, rule in (("2019-12-31", "min"), ("2031-01-01", "max")):
        with pytest.raises(InvalidValue) as refused:
            read(raw)
        assert refused.value.rule == rule
    assert build("date", {}).show("2026-11-22", "nl_NL") == "22 nov 2026"
