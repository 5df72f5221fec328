"""What holds for every type: files and JSON bring back what was written, and no input makes one
stumble.
"""

import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pim.attributes import NEUTRAL, AttributeType, InvalidValue, Reading, all_types, build
from pim.attributes.decimals import plain
from pim.attributes.units import DIMENSIONS
from pim.values import Value

SHARED = Path(os.environ.get("ETALAGE_SHARED", Path(__file__).parents[2].parent / "shared"))
NAUGHTY = SHARED / "data/messy_csv/naughtystrings.json"
READINGS = [
    NEUTRAL,
    Reading(decimal=",", date="%d-%m-%Y", separator="|"),
    Reading(date="%m/%d/%y", separator="; "),
]
COLORS: dict[str, dict[str, str]] = {"red": {}, "BLUE": {}, "x_1": {}}

TYPES_TRIED: list[AttributeType] = [
    *(build(code, {}) for code in all_types() if code not in ("measurement", "choice", "choices")),
    build("measurement", {"dimension": "weight"}),
    build("measurement", {"dimension": "temperature", "unit": "CELSIUS", "min": 0, "decimals": 2}),
    build("choice", {"options": COLORS}),
    build("choices", {"options": COLORS}),
    build("asset", {"multiple": True}),
    build("link", {"multiple": True}),
    build("text", {"min_length": 2, "max_length": 40, "pattern": "[a-z ]+"}),
    build("number", {"min": -5, "max": 5, "decimals": 1}),
]

spellings = st.one_of(
    st.text(),
    st.text(alphabet="0123456789.,-+ eE'"),
    st.text(alphabet="<>/&;abip =\"'!-#x1"),
    st.text(alphabet="\"',|; ab\n\t"),
    st.decimals(allow_nan=True).map(str),
    st.dates().map(str),
    st.sampled_from(
        ["red", "x_1,BLUE", "8717163083116", "0123456789abcdef0123", "1.5 kg", "3 °C", "ja"]
    ),
)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | spellings,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["amount", "unit", "x"]), inner)
    ),
    max_leaves=6,
)


def holds(kind: AttributeType, value: Value) -> None:
    """A value that came in by any door survives the file and JSON, and can be shown and indexed."""
    assert kind.parse(kind.dump(value), NEUTRAL) == value
    assert kind.parse(kind.join(kind.cells(value)), NEUTRAL) == value
    assert kind.load(json.loads(json.dumps(value))) == value
    assert all(problem.rule and str(problem.message) for problem in kind.check(value))
    kind.dump(value).encode()
    assert isinstance(kind.show(value, "nl_NL"), str)
    assert all(len(term) <= 200 for term in kind.terms(value))


def taken(read: Callable[[Any], Value], raw: Any) -> Value:
    """The value, None where it was refused; any other exception is the bug this looks for."""
    try:
        return read(raw)
    except InvalidValue as refused:
        found = refused
    assert found.rule
    assert str(found).isprintable()
    assert found.doubt == (found.value is not None)
    return found.value


@pytest.mark.parametrize("kind", TYPES_TRIED, ids=lambda kind: kind.code)
@settings(max_examples=80, deadline=None)
@given(raw=spellings, reading=st.sampled_from(READINGS))
@example(raw="&#0;<b", reading=NEUTRAL)
@example(raw="<table><a><table></a>", reading=NEUTRAL)
@example(raw="<pre>\n\nx", reading=NEUTRAL)
@example(raw="<ul><li><p>a</ul>", reading=NEUTRAL)
def test_any_text_is_taken_or_refused_and_reads_back(
    kind: AttributeType, raw: str, reading: Reading
) -> None:
    value = taken(lambda text: kind.parse(text, reading), raw)
    if value is not None:
        holds(kind, value)


@pytest.mark.parametrize("kind", TYPES_TRIED, ids=lambda kind: kind.code)
@settings(max_examples=80, deadline=None)
@given(raw=spellings, reading=st.sampled_from(READINGS))
def test_the_compiled_reader_agrees_with_parse_and_check(
    kind: AttributeType, raw: str, reading: Reading
) -> None:
    def slowly(text: str) -> Value:
        value = kind.parse(text, reading)
        if value is not None:
            kind.demand(value)
        return value

    assert outcome(kind.reader(reading), raw) == outcome(slowly, raw)


def outcome(read: Callable[[str], Value], raw: str) -> tuple[str, Value]:
    try:
        return "taken", read(raw)
    except InvalidValue as refused:
        return refused.rule, refused.value


@pytest.mark.parametrize("kind", TYPES_TRIED, ids=lambda kind: kind.code)
@settings(max_examples=80, deadline=None)
@given(raw=jsons)
def test_any_json_is_taken_or_refused_and_reads_back(kind: AttributeType, raw: Any) -> None:
    value = taken(kind.load, raw)
    if value is not None:
        holds(kind, value)


@given(
    number=st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6
    )
)
def test_a_number_keeps_its_amount(number: Decimal) -> None:
    kind = build("number", {})
    value = kind.parse(format(number, "f"), NEUTRAL)
    assert value == plain(number)
    assert Decimal(value) == number
    assert kind.reader(Reading(decimal=","))(value.replace(".", ",")) == value


@given(
    dimension=st.sampled_from(sorted(DIMENSIONS)),
    amount=st.decimals(
        allow_nan=False, allow_infinity=False, min_value=0, max_value=10**6, places=3
    ),
    data=st.data(),
)
def test_a_measurement_keeps_its_unit(dimension: str, amount: Decimal, data: st.DataObject) -> None:
    kind = build("measurement", {"dimension": dimension})
    unit = data.draw(st.sampled_from(sorted(DIMENSIONS[dimension])))
    value = {"amount": plain(amount), "unit": unit}
    assert kind.check(value) == []
    holds(kind, value)
    symbol = DIMENSIONS[dimension][unit].symbol
    assert kind.parse(f"{plain(amount)} {symbol}", NEUTRAL) == value


@pytest.mark.parametrize("kind", TYPES_TRIED, ids=lambda kind: kind.code)
def test_naughty_strings_are_taken_or_refused(kind: AttributeType) -> None:
    if not NAUGHTY.exists():
        pytest.skip(f"the list of naughty strings is not here: {NAUGHTY}")
    naughty = json.loads(NAUGHTY.read_text("utf-8"))
    assert len(naughty) > 400
    for reading in READINGS:
        read = kind.reader(reading)
        for raw in naughty:
            value = taken(read, raw)
            if value is not None:
                holds(kind, value)
