"""The check names the field and the rule, and lets through what the channel takes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from pim.feeds.check import compile_check, gtin_problem, has_check_digit
from pim.feeds.contract import (
    BuildContext,
    Csv,
    Exporter,
    Field,
    Format,
    Listing,
    Measure,
    Money,
    Option,
    Picture,
)


class Probe(Exporter):
    code = "probe"
    label = "Probe"
    purpose = "test"
    options = (Option("picture_minimum", "Smallest side", "number"),)
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
    )

    def make_format(self) -> Format:
        return Csv([field.name for field in self.fields])


def rules(minimum: str = "500", **values: Any) -> set[tuple[str, str]]:
    context = BuildContext(
        "probe",
        "Probe",
        "https://x",
        "nl_NL",
        "EUR",
        date(2026, 11, 22),
        {"picture_minimum": minimum},
    )
    listing = Listing("X", "X", None)
    listing.update(values)
    return {
        (reason.address, reason.rule)
        for reason in compile_check(Probe(context), {}, values)(listing)
    }


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
        ("grams", Measure("1", "GRAM", "g", "GRM"), KILO, "unit"),
        ("day", "2026-11-22", "22-11-2026", "date"),
    ],
)
def test_one_rule(name: str, good: Any, bad: Any, rule: str) -> None:
    assert rules(id="1", **{name: good}) == set()
    assert rules(id="1", **{name: bad}) == {(name, rule)}


def test_what_is_required_is_missed() -> None:
    assert rules(text="x") == {("id", "missing")}


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


@pytest.mark.parametrize("prefix", ["02", "04", "05", "21", "29", "98", "99"])
def test_restricted_prefixes(prefix: str) -> None:
    body = prefix + "0" * 10
    broken = gtin_problem(body + ean.calc_check_digit(body))
    assert broken is not None
    assert broken.rule == "gtin_restricted"
    assert gtin_problem("0" + body + ean.calc_check_digit("0" + body)) is None
