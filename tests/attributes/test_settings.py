"""Building a type from what the structure file says: every wrong setting is named."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pim.attributes import all_types, build
from pim.attributes.number import NumberType
from pim.errors import Invalid


def test_every_type_is_found_by_its_code_and_says_what_it_is() -> None:
    assert set(all_types()) == {
        *("identifier", "text", "richtext", "number", "measurement", "price", "boolean"),
        *("date", "choice", "choices", "gtin", "asset", "link"),
    }
    for code, kind in all_types().items():
        assert kind.code == code
        assert str(kind.label)
        assert str(kind.help)


def test_settings_are_read_as_yaml_gives_them() -> None:
    assert build("number", {"min": 0.5, "max": "10", "decimals": 2}) == NumberType(
        Decimal("0.5"), Decimal(10), 2
    )
    assert build("number", {"min": None}) == NumberType()
    assert build("date", {"min": date(2026, 1, 1)}) == build("date", {"min": "2026-01-01"})
    assert (
        build("choice", {"options": {42: {"labels": {"en_GB": "Answer"}}}}).show("42", "en_GB")
        == "Answer"
    )


@pytest.mark.parametrize(
    ("type_code", "settings", "wrong"),
    [
        ("colour", {}, {"type"}),
        ("text", {"length": 3}, {"length"}),
        ("boolean", {"min": 3}, {"min"}),
        (
            "text",
            {"max_length": "many", "min_length": -1, "colour": 1},
            {"max_length", "min_length", "colour"},
        ),
        ("text", {"max_length": True}, {"max_length"}),
        ("text", {"max_length": 2.5}, {"max_length"}),
        ("text", {"max_length": 2**31}, {"max_length"}),
        ("text", {"min_length": 5, "max_length": 3}, {"min_length"}),
        ("text", {"pattern": "("}, {"pattern"}),
        ("text", {"pattern": 3}, {"pattern"}),
        ("text", {"pattern": "a" * 1001}, {"pattern"}),
        ("richtext", {"max_length": 10**6}, {"max_length"}),
        ("number", {"min": "NaN", "max": "x"}, {"min", "max"}),
        ("number", {"min": 3, "max": 2}, {"min"}),
        ("number", {"decimals": 40}, {"decimals"}),
        ("number", {"min": True}, {"min"}),
        ("date", {"min": "22-11-2026"}, {"min"}),
        ("date", {"min": "2026-11-22", "max": "2026-11-21"}, {"min"}),
        ("measurement", {}, {"dimension"}),
        ("measurement", {"dimension": "beauty"}, {"dimension"}),
        ("measurement", {"dimension": "weight", "unit": "METER"}, {"unit"}),
        ("measurement", {"dimension": "weight", "unit": "BUSHEL"}, {"unit"}),
        ("asset", {"multiple": "yes"}, {"multiple"}),
        ("asset", {"extensions": 3}, {"extensions"}),
        ("choice", {"options": "red"}, {"options"}),
        ("choice", {"options": {"no way": {}}}, {"options"}),
        ("choice", {"options": {False: {}}}, {"options"}),
        ("choice", {"options": {"red": "Red"}}, {"options"}),
    ],
)
def test_a_wrong_setting_is_named(
    type_code: str, settings: Mapping[str, Any], wrong: set[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        build(type_code, settings)
    assert set(invalid.value.messages) == wrong
    assert str(invalid.value)
