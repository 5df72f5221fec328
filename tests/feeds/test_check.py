"""The check names the field and the rule, and lets through what the channel takes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from pim.attributes.gtin import has_check_digit
from pim.feeds.check import compile_check
from pim.feeds.contract import (
    BuildContext,
    Csv,
    Exporter,
    Field,
    Format,
    Later,
    Listing,
    Measure,
    Money,
    Option,
    Picture,
    Problem,
    Property,
    When,
    text,
)
from pim.feeds.field_tests import gtin_problem, is_only_limited, make_test
from pim.feeds.recommended import unmapped


class Probe(Exporter):
    code = "probe"
    label = text("Probe")
    purpose = text("test")
    options = (Option("picture_minimum", text("Smallest side"), "number"),)
    fields = (
        Field("id", "required"),
        Field("text", max_length=5),
        Field("many", max_length=5, repeat=2),
        Field("number", kind="number"),
        Field("price", kind="price"),
        Field("gtin", kind="gtin"),
        Field("url", kind="url", max_length=30),
        Field("picture", kind="picture"),
        Field("choice", kind="choice", choices=("a", "b")),
        Field("yes", kind="boolean", choices=("yes", "no")),
        Field("weight", kind="measurement", choices=("g", "kg")),
        Field("grams", kind="measurement", unit="GRAM"),
        Field("day", kind="date"),
        Field("moment", kind="datetime"),
        Field("sale", kind="interval"),
        Field("whole", kind="integer", minimum="0", maximum="10"),
        Field("origin", kind="country"),
        Field("unit", code_list="rec20"),
        Field("letters", pattern="[a-z]+", min_length=2),
        Field("line", single_line=True),
        Field("till", kind="gtin", in_store=True),
        Field("padded", kind="gtin", emit=14),
        Field("short", kind="gtin", emit=13),
        Field("because", needed_if=(When("choice", ("b",)),)),
        Field("instead", needed_if=(When("because", absent=True), When("yes"))),
        Field("lenient", max_length=3, invalid="drop"),
        Field("doubtful", max_length=3, invalid="warn"),
        Field("some", max_length=3, repeat=2, cut=True, without="text", invalid="drop"),
        Field("long_url", kind="url"),
        Field("future", max_length=3, since=date(2027, 1, 1)),
        Field("past", max_length=3, until=date(2026, 11, 21)),
        Field("wanted", "recommended", max_length=5),
        Field("barcode", "recommended", kind="gtin", invalid="drop"),
        Field("sort", "recommended", kind="choice", choices=("a", "b")),
        Field("of_model", "recommended", of_variants=True),
        Field("table", kind="properties", repeat=3),
        Field("guilders", kind="price", code_list="iso4217_2005"),
        Field("later", max_length=3, later=(Later(date(2026, 11, 22), {"max_length": 1}),)),
    )

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        return Csv([field.name for field in cls.fields])

    @classmethod
    def fields_for(cls, options: Mapping[str, Any]) -> Sequence[Field]:
        least = int(options["picture_minimum"] or 0)
        return [
            replace(one, min_pixels=least) if one.kind == "picture" else one for one in cls.fields
        ]


def check(
    listing: Listing,
    minimum: str = "500",
    fixed: Mapping[str, Any] | None = None,
    **rule: Any,
) -> Sequence[Problem]:
    day = date(2026, 11, 22)
    context = BuildContext(
        "probe", "Probe", "https://x", "nl_NL", "EUR", day, {"picture_minimum": minimum}
    )
    mapping = dict.fromkeys(listing, rule)
    return compile_check(Probe(context), fixed or {}, mapping)(listing)


def listing_of(**values: Any) -> Listing:
    listing = Listing("X", "X", None)
    listing.update({"because": "x", "instead": "x"} | values)
    return listing


def rules(minimum: str = "500", **values: Any) -> set[tuple[str, str]]:
    return {(reason.address, reason.rule) for reason in check(listing_of(**values), minimum)}


KILO = Measure("1", "KILOGRAM", "kg", "KGM")


@pytest.mark.parametrize(
    ("name", "good", "bad", "rule"),
    [
        ("text", "12345", "123456", "too_long"),
        ("many", ["12345", "1"], ["1", "123456"], "too_long"),
        ("many", ["1", "2"], ["1", "2", "3"], "too_many"),
        ("number", "-1.50", "1,50", "number"),
        ("price", Money("0.01", "EUR"), Money("0.00", "EUR"), "price_zero"),
        ("price", Money("1", "EUR"), "op aanvraag", "price"),
        ("price", Money("1", "EUR"), Money("nan", "EUR"), "price"),
        ("gtin", "4006381333931", "4006381333932", "gtin_check_digit"),
        ("gtin", "96385074", "123", "gtin_length"),
        ("gtin", "00012345678905", "１２３４５６７８", "gtin_length"),
        (
            "gtin",
            "036000291452",
            "2000000000015"[:12] + ean.calc_check_digit("200000000001"),
            "gtin_restricted",
        ),
        ("url", "https://x/a", "ftp://x/a", "url"),
        ("url", "http://x/a", "https://x/a b", "url"),
        ("url", "http://x/a", "https://x/" + "a" * 30, "too_long"),
        (
            "picture",
            Picture("https://x/a", 500, 500),
            Picture("https://x/a", 499, 900),
            "picture_small",
        ),
        ("picture", Picture("https://x/a"), Picture("file:///a", 900, 900), "url"),
        ("choice", "a", "A", "choice"),
        ("yes", "no", "nee", "choice"),
        ("weight", KILO, Measure("1", "TON", "t", "TNE"), "unit"),
        ("weight", KILO, "1 kg", "unit"),
        ("weight", KILO, "1.5", "no_unit"),
        ("weight", KILO, "1.125", "no_unit"),
        ("grams", Measure("1", "GRAM", "g", "GRM"), "1.250 g", "ambiguous"),
        ("grams", Measure("1", "GRAM", "g", "GRM"), "1,250", "ambiguous"),
        ("grams", Measure("1", "GRAM", "g", "GRM"), KILO, "unit"),
        ("day", "2026-11-22", "22-11-2026", "date"),
        ("day", "2024-02-29", "2026-02-29", "date"),
        ("moment", "2026-11-22T08:00+01:00", "2026-11-22T28:00", "datetime"),
        ("sale", "2026-11-27T00:00+01:00/2026-11-30", "2027-13-45/gisteren", "interval"),
        ("sale", "2026-11-27/2026-11-27", "2026-11-30/2026-11-27", "interval_order"),
        ("whole", "10", "1.5", "integer"),
        ("whole", "0", "-1", "minimum"),
        ("whole", "7", "11", "maximum"),
        ("price", Money("24.13", "EUR"), Money("24.1395", "EUR"), "decimals"),
        ("price", Money("24.139", "KWD"), Money("24.1", "JPY"), "decimals"),
        ("origin", "NL", "XX", "country"),
        ("unit", "KGM", "PIECE", "code_list"),
        ("letters", "ab", "a", "too_short"),
        ("letters", "ab", "a1", "pattern"),
        ("line", "a b", "a\nb", "single_line"),
        ("gtin", "4006381333931", "0000000000000", "gtin_zero"),
        ("till", "2000000000015"[:12] + ean.calc_check_digit("200000000001"), "123", "gtin_length"),
        ("short", "4006381333931", "14006381333938", "gtin_length"),
        ("short", "96385074", "123", "gtin_length"),
        ("number", "12", "１２", "number"),
        ("whole", "7", "٧", "integer"),
        ("price", Money("9", "EUR"), Money("９", "EUR"), "price"),
        ("day", "2026-11-22", "２０２６-11-22", "date"),
        ("moment", "0001-01-01", "0000-01-01", "datetime"),
        ("sale", "2026-11-27T18:00+01:00/2026-11-27", "2026-11-27/2026-11-26", "interval_order"),
        ("table", [Property("weight", "Gewicht", "1")], ["Gewicht: 1"], "property"),
        ("guilders", Money("9.95", "EUR"), Money("9.95", "PLN"), "currency"),
        ("later", "1", "12", "too_long"),
    ],
)
def test_one_rule(name: str, good: Any, bad: Any, rule: str) -> None:
    assert rules(id="1", **{name: good}) == set()
    assert rules(id="1", **{name: bad}) == {(name, rule)}


def test_what_is_required_is_missed() -> None:
    assert rules(text="x") == {("id", "missing")}


def test_what_another_field_makes_necessary_is_missed() -> None:
    listing = listing_of(id="1", choice="b", yes="yes")
    del listing["because"], listing["instead"]
    assert [(one.address, one.rule) for one in check(listing)] == [
        ("because", "missing"),
        ("instead", "missing"),
    ]


def test_a_gtin_gets_the_digits_that_the_channel_writes() -> None:
    listing = listing_of(id="1", padded="4006381333931", short="04006381333931")
    assert check(listing) == []
    assert (listing["padded"], listing["short"]) == ("04006381333931", "4006381333931")


def test_a_value_may_stay_out_alone_or_go_with_a_warning() -> None:
    listing = listing_of(id="1", lenient="long", doubtful="long")
    found = [(one.address, one.rule, one.severity, one.value) for one in check(listing)]
    assert found == [
        ("lenient", "too_long", "skipped", "long"),
        ("doubtful", "too_long", "warning", "long"),
    ]
    assert "lenient" not in listing
    assert listing["doubtful"] == "long"


def test_a_fixed_value_is_judged_as_any_other() -> None:
    fine = {"id": "1", "text": "12345", "lenient": "abc", "some": ["b", "c"]}
    assert check(listing_of(**fine), fixed=fine) == []
    wrong = {"id": "1", "number": "x", "lenient": "long", "doubtful": "long", "some": ["long", "b"]}
    for fixed in (wrong, {}):
        listing = listing_of(**wrong)
        found = [(one.address, one.rule, one.severity) for one in check(listing, fixed=fixed)]
        assert found == [
            ("number", "number", "error"),
            ("lenient", "too_long", "skipped"),
            ("doubtful", "too_long", "warning"),
            ("some", "too_long", "skipped"),
        ]
        assert listing == listing_of(id="1", number="x", doubtful="long", some=["b"])


def test_a_fixed_value_is_made_what_the_channel_takes() -> None:
    fixed = {"id": "1", "padded": "4006381333931", "some": ["a", "b", "c", "d"]}
    listing = listing_of(text="a", **fixed)
    assert check(listing, fixed=fixed) == []
    assert (listing["padded"], listing["some"]) == ("04006381333931", ["b", "c"])


def test_what_is_recommended_and_empty_is_told_with_the_form_that_is_expected() -> None:
    found = recommendations(listing_of(id="1"))
    assert {name: one.severity for name, one in found.items()} == {
        "wanted": "warning",
        "barcode": "warning",
        "sort": "warning",
    }
    assert "at most 5 characters" in str(found["wanted"].message)
    assert "8, 12, 13 or 14 digits" in str(found["barcode"].message)
    assert "a, b" in str(found["sort"].message)
    assert list(recommendations(listing_of(id="1", wanted="x", barcode="96385074"))) == ["sort"]


def test_a_recommended_value_that_breaks_a_rule_is_told_once() -> None:
    found = check_all(listing_of(id="1", barcode="96385075", wanted="x", sort="a"))
    assert [(one.address, one.rule, one.severity) for one in found] == [
        ("barcode", "gtin_check_digit", "skipped")
    ]


def test_what_is_recommended_for_variants_is_asked_of_variants_alone() -> None:
    variant = Listing("X", "X", "M")
    variant |= listing_of(id="1")
    assert "of_model" in recommendations(variant)
    assert "of_model" not in recommendations(listing_of(id="1"))


def check_all(listing: Listing) -> Sequence[Problem]:
    """With a mapping that fills every field of some product."""
    exporter = probe({"picture_minimum": ""})
    return compile_check(exporter, {}, {one.name: {} for one in exporter.fields})(listing)


def recommendations(listing: Listing) -> dict[str, Problem]:
    return {one.address: one for one in check_all(listing) if one.rule == "recommended"}


def test_what_no_field_of_the_mapping_fills_is_told_of_the_feed() -> None:
    found = unmapped(probe({"picture_minimum": ""}), {"id": {}, "wanted": {}})
    assert [one.address for one in found] == ["barcode", "sort", "of_model"]
    of_single = unmapped(probe({"picture_minimum": ""}), {"id": {}}, is_variant=False)
    assert "of_model" not in {one.address for one in of_single}
    assert {one.severity for one in found} == {"warning"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grams", "12 brol"),
        ("price", "op aanvraag"),
        ("table", ["Gewicht: 1"]),
    ],
)
def test_a_value_without_its_shape_cannot_be_sent_with_a_warning(name: str, value: Any) -> None:
    """The exporter would break on a weight that has no amount."""
    listing = listing_of(id="1", **{name: value})
    assert {one.severity for one in check(listing, invalid="warn")} == {"skipped"}
    assert name not in listing


def test_where_one_value_costs_the_whole_file_none_is_sent_with_a_warning() -> None:
    class Strict(Probe):
        all_or_nothing = True

    listing = listing_of(id="1", doubtful="long")
    exporter = Strict(probe({"picture_minimum": ""}).context)
    (reason,) = compile_check(exporter, {}, {"doubtful": {"invalid": "warn"}})(listing)
    assert (reason.address, reason.severity) == ("doubtful", "skipped")
    assert "doubtful" not in listing


def test_a_feed_may_say_otherwise() -> None:
    listing = listing_of(id="1", text="too long", lenient="long")
    found = {one.address: one.severity for one in check(listing, invalid="warn")}
    assert found == {"text": "warning", "lenient": "warning"}
    assert {one.severity for one in check(listing_of(id=None, text="1234567"), invalid="block")}


def test_a_list_loses_what_does_not_fit_and_is_cut_quietly() -> None:
    listing = listing_of(id="1", text="a", some=["a", "b", "long", "c", "d"])
    assert [(one.rule, one.severity, one.value) for one in check(listing)] == [
        ("too_long", "skipped", "long")
    ]
    assert listing["some"] == ["b", "c"]


def test_a_field_that_is_not_there_yet_or_any_more_has_no_rules() -> None:
    assert rules(id="1", past="long") == set()


def test_a_rule_that_is_to_come_is_told_and_keeps_nothing_out() -> None:
    listing = listing_of(id="1", future="long")
    assert [(one.address, one.rule, one.severity) for one in check(listing)] == [
        ("future", "upcoming", "warning")
    ]
    assert listing["future"] == "long"
    assert rules(id="1", future="abc") == set()


def test_a_field_that_will_be_required_is_told_where_it_is_empty() -> None:
    class Later(Probe):
        fields = (*Probe.fields, Field("soon", "required", since=date(2027, 1, 1)))

    def told(day: date, **values: Any) -> set[tuple[str, str, str]]:
        exporter = Later(replace(probe({"picture_minimum": ""}).context, issued=day))
        found = compile_check(exporter, {}, {})(listing_of(id="1", **values))
        return {(one.address, one.rule, one.severity) for one in found}

    assert told(date(2026, 12, 31)) == {("soon", "upcoming", "warning")}
    assert told(date(2027, 1, 1)) == {("soon", "missing", "error")}
    assert told(date(2026, 12, 31), soon="x") == told(date(2027, 1, 1), soon="x") == set()


def test_what_breaks_in_the_exporter_is_this_items_reason() -> None:
    class Broken(Probe):
        def check(self, listing: Listing) -> Sequence[Problem]:
            raise ZeroDivisionError("by nothing")

    context = BuildContext(
        "x", "X", "https://x", "nl_NL", "EUR", date(2026, 11, 22), {"picture_minimum": ""}
    )
    (reason,) = compile_check(Broken(context), {}, {})(listing_of(id="1"))
    assert reason.rule == "failed"
    assert reason.is_error
    assert "ZeroDivisionError: by nothing in check" in str(reason.message)


def test_all_reasons_come_at_once() -> None:
    assert rules(text="too long", number="x") == {
        ("id", "missing"),
        ("text", "too_long"),
        ("number", "number"),
    }


def test_without_a_minimum_any_picture_will_do() -> None:
    assert rules("", id="1", picture=Picture("https://x/a", 1, 1)) == set()


@given(st.text("0123456789", min_size=8, max_size=14))
def test_check_digits_agree_with_stdnum(digits: str) -> None:
    assert has_check_digit(digits) == (ean.calc_check_digit(digits[:-1]) == digits[-1])


@pytest.mark.parametrize(
    "address",
    [
        "https://winkel.example/a/b?c=d&e=%C3%84#f",
        "http://localhost:8000/f",
        "https://[2001:db8::1]/x",
        "https://größe.example/Größe/ß",
        "https://a.example",
        "https://a.example?b",
    ],
)
def test_an_address_that_somebody_can_follow(address: str) -> None:
    assert rules(id="1", long_url=address) == set()


@pytest.mark.parametrize(
    "address",
    [
        "https://",
        "https:///pad",
        "https:/winkel.example",
        "https//winkel.example",
        "//winkel.example/a",
        "winkel.example/a",
        "https://winkel..example",
        "https://.example",
        "https://-winkel.example",
        "https://winkel.example:poort/",
        "https://winkel.example:99999/",
        "https://winkel.example/50%",
        "https://winkel.example/%ZZ",
        "https://winkel.example/{identifier}",
        "https://winkel.example/a|b",
        "https://winkel.example/<b>",
        'https://winkel.example/"a"',
        "https://winkel.example/a\\b",
        "https://winkel.example/#a#b",
        "https://winkel.example/a\tb",
        "https://winkel.example/a\u200bb",
        "https://naam:woord@winkel.example/",
        "https://[2001:db8::1/x",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_nobody_can_follow(address: str) -> None:
    assert rules(id="1", long_url=address) == {("long_url", "url")}


@pytest.mark.parametrize("prefix", ["02", "04", "05", "21", "29", "98", "99"])
def test_restricted_prefixes(prefix: str) -> None:
    body = prefix + "0" * 10
    broken = gtin_problem(body + ean.calc_check_digit(body))
    assert broken is not None
    assert broken.rule == "gtin_restricted"
    case = "1" + body
    assert gtin_problem(case + ean.calc_check_digit(case)) is None


def test_a_prefix_is_restricted_in_every_length_that_the_number_is_written_in() -> None:
    body = "20000000000"
    upc = body + ean.calc_check_digit(body)
    for gtin in (upc, "0" + upc, "00" + upc):
        broken = gtin_problem(gtin)
        assert broken is not None
        assert broken.rule == "gtin_restricted"
        assert gtin_problem(gtin, in_store=True) is None


def probe(options: Mapping[str, Any] | None = None) -> Probe:
    day = date(2026, 11, 22)
    return Probe(BuildContext("x", "X", "https://x", "nl_NL", "EUR", day, options or {}))


@pytest.mark.parametrize(
    "value", ["12345", "123456", "", "éééééé", 123456, 1, True, Money("1234.00", "EUR")]
)
def test_the_quick_look_at_a_length_is_the_rule(value: Any) -> None:
    """A field that only limits a text is looked at without asking its rule, where the text fits."""
    field = Field("text", max_length=5)
    assert is_only_limited(field, probe())
    test = make_test(field, probe())
    assert test is not None
    expected = test(value)
    found = [one for one in check(listing_of(text=value)) if one.address == "text"]
    assert [(one.rule, one.message) for one in found] == (
        [] if expected is None else [(expected.rule, expected.message)]
    )


@pytest.mark.parametrize(
    "more",
    [
        {"repeat": 2},
        {"min_length": 2},
        {"single_line": True},
        {"pattern": "[a-z]+"},
        {"choices": ("a",)},
        {"code_list": "rec20"},
        {"kind": "url"},
        {"max_length": None},
    ],
)
def test_any_other_rule_is_asked(more: dict[str, Any]) -> None:
    assert not is_only_limited(Field("text", **{"max_length": 5, **more}), probe())
