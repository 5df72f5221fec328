"""A column's reader has a quick way for usual spellings; whatever is written, it answers as the
long way does.
"""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pim.attributes import NEUTRAL, InvalidValue, Reading, build
from pim.attributes.base import AttributeType

spellings = st.one_of(
    st.from_regex(r"-?(0|[1-9][0-9]{0,4})([.,][0-9]{0,6})?", fullmatch=True),
    st.from_regex(r"[-+.,0-9 ]{0,12}", fullmatch=True),
)
SETTINGS: list[dict[str, Any]] = [
    {},
    {"min": "0"},
    {"min": "-2"},
    {"max": "9"},
    {"decimals": 0},
    {"decimals": 2, "min": "0"},
]
TYPES = [build("number", one) for one in SETTINGS] + [
    build("measurement", {"dimension": "temperature", "unit": "CELSIUS", **one}) for one in SETTINGS
]
READINGS = [NEUTRAL, Reading(decimal=","), Reading(unit="KELVIN")]


def long_way(kind: AttributeType, raw: str, reading: Reading) -> Any:
    value = kind.parse(raw, reading)
    if value is not None:
        kind.demand(value)
    return value


def outcome(read: Any, *given: Any) -> Any:
    try:
        return read(*given)
    except InvalidValue as refused:
        return refused.rule


@pytest.mark.parametrize("kind", TYPES, ids=repr)
@pytest.mark.parametrize("reading", READINGS, ids=repr)
@given(raw=spellings)
@example("-0.0")
@example("12.50")
@example("12.")
@example("100")
@example("5")
@example("1.290")
def test_the_quick_way_answers_as_the_long_one(
    kind: AttributeType, reading: Reading, raw: str
) -> None:
    if kind.code == "number" and reading.unit:
        return
    assert outcome(kind.reader(reading), raw) == outcome(long_way, kind, raw, reading)
