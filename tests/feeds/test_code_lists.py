"""Our code lists against those that Peppol and BMEcat publish."""

from pathlib import Path

import pytest
from lxml import etree

from pim.attributes.currencies import DECIMALS, decimals_of
from pim.feeds.code_lists import (
    CODE_LISTS,
    COUNTRIES,
    LANGUAGES,
    UNITS,
    is_gln,
)
from tests.exporters.peppol import read_peppol

XSD = "{http://www.w3.org/2001/XMLSchema}"


@pytest.fixture(scope="module")
def peppol(shared: Path) -> dict[str, set[str]]:
    return read_peppol(shared / "specs/schemas/peppol/structure").lists


def bmecat(shared: Path, name: str) -> set[str]:
    root = etree.parse(shared / "specs/schemas/bmecat/2005/bmecat_2005.xsd").getroot()
    (found,) = (one for one in root if one.get("name") == name)
    return {str(one.get("value")) for one in found.iter(f"{XSD}enumeration")}


def test_countries_are_those_of_iso_3166(peppol: dict[str, set[str]]) -> None:
    assert COUNTRIES - peppol["ISO3166"] == set()
    assert peppol["ISO3166"] - COUNTRIES <= {"1A", "XI", "XK", "AN"}


def test_currencies_are_in_iso_4217(peppol: dict[str, set[str]]) -> None:
    recent = {"SLE", "VES", "XCD", "ZWG", "MRU", "STN"}
    assert DECIMALS.keys() - peppol["ISO4217"] - recent == set()
    assert (decimals_of("EUR"), decimals_of("JPY"), decimals_of("KWD")) == (2, 0, 3)


def test_units_are_in_recommendation_20(peppol: dict[str, set[str]]) -> None:
    assert UNITS - peppol["UNECERec20"] == set()


def test_the_revision_of_2005_has_others(shared: Path) -> None:
    assert CODE_LISTS["rec20_2005"] - bmecat(shared, "dtPUNIT") == set()
    assert {"C62", "CT", "PK", "KGM", "MTR"} <= CODE_LISTS["rec20_2005"]


def test_countries_and_currencies_that_bmecat_does_not_know_are_left_out(shared: Path) -> None:
    assert CODE_LISTS["iso4217_2005"] - bmecat(shared, "dtCURRENCIES") == set()
    assert CODE_LISTS["iso3166_2005"] - _alternatives(shared, "dtCOUNTRIES") == set()
    assert {"EUR", "USD"} <= CODE_LISTS["iso4217_2005"]
    assert {"NL", "DE"} <= CODE_LISTS["iso3166_2005"]


def _alternatives(shared: Path, name: str) -> set[str]:
    """The countries of a pattern such as ``(AD|AE){1,1}(-[A-Z|0-9]{1,3}){0,1}``."""
    root = etree.parse(shared / "specs/schemas/bmecat/2005/bmecat_2005.xsd").getroot()
    (found,) = (one for one in root if one.get("name") == name)
    (pattern,) = (str(one.get("value")) for one in found.iter(f"{XSD}pattern"))
    return set(pattern.partition("{")[0].strip("()").split("|"))


def test_languages_are_in_iso_639(shared: Path) -> None:
    assert set(LANGUAGES.values()) - bmecat(shared, "dtLANG") == set()


@pytest.mark.parametrize(
    ("number", "is_right"),
    [("8712345000004", True), ("8712345000005", False), ("871234500000", False), ("x" * 13, False)],
)
def test_a_gln_has_its_check_digit(number: str, is_right: bool) -> None:
    assert is_gln(number) == is_right
