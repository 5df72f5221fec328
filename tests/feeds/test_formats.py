"""Every spelling is read back by a parser that is not ours, whatever is in the values."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from pim.errors import Invalid
from pim.feeds.contract import Measure, Money, Picture
from pim.feeds.formats import (
    FORBIDDEN,
    PIECE,
    Attributed,
    Csv,
    JsonLines,
    Tsv,
    Xml,
    element,
    encoded,
)

NASTY = [
    "",
    "a,b",
    'say "hi"',
    "two\nlines",
    "tab\there",
    "<b>&amp;</b>",
    "]]>",
    "\x00\x0b\x1f",
    "\ud800",
    "\ufffe",
    "é€😀",
    "=1+1",
    " pad ",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec=None)))


def clean(value: str) -> str:
    return FORBIDDEN.sub("", value)


@given(st.text(st.characters(codec=None)))
@example("\ud800")
@example("\uffff")
@example("fine\n\t")
@example("\r")
def test_the_quick_look_agrees_with_the_rule(value: str) -> None:
    assert encoded(value) == FORBIDDEN.sub("", value).encode()


@given(st.lists(texts, min_size=2, max_size=4))
def test_csv_is_read_back(values: list[str]) -> None:
    names = [f"c{number}" for number in range(len(values))]
    format = Csv(names)
    written = format.head() + format.record(dict(zip(names, values, strict=True)))
    assert list(csv.reader(io.StringIO(written.decode(), newline=""), strict=True)) == [
        names,
        [clean(value) for value in values],
    ]


@given(st.lists(texts, min_size=2, max_size=4))
def test_tsv_is_read_back_even_by_a_reader_that_only_splits(values: list[str]) -> None:
    names = [f"c{number}" for number in range(len(values))]
    line = Tsv(names).record(dict(zip(names, values, strict=True))).decode()
    assert line.count("\n") == 1
    assert len(line.rstrip("\n").split("\t")) == len(values)
    (row,) = csv.reader(io.StringIO(line, newline=""), delimiter="\t", strict=True)
    assert [cell.split() for cell in row] == [clean(value).split() for value in values]


@given(texts, st.lists(texts, min_size=1, max_size=4))
@example("5 < 6", ["a > b", "a & b"])
def test_xml_is_read_back(one: str, many: list[str]) -> None:
    format = Xml("item", '<rss xmlns:g="urn:g">', "</rss>", prefix="g:")
    root = etree.fromstring(
        format.head() + format.record({"one": one, "many": many}) + format.tail()
    )
    assert root.findtext("item/{urn:g}one", "") == clean(one)
    assert [found.text or "" for found in root.findall("item/{urn:g}many")] == [
        clean(value) for value in many if value
    ]


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), texts, max_size=3))
def test_json_is_read_back(item: dict[str, str]) -> None:
    line = JsonLines().record(item)
    assert line.count(b"\n") == 1
    assert json.loads(line) in (item, {name: clean(value) for name, value in item.items()})


def test_values_that_are_no_text_write_themselves() -> None:
    item = {
        "price": Money("12.50", "EUR"),
        "weight": Measure("1.5", "KILOGRAM", "kg", "KGM"),
        "image": [Picture("https://x/1"), Picture("https://x/2")],
    }
    assert (
        Csv(["price", "weight", "image", "none"]).record(item)
        == b'12.50 EUR,1.5 kg,"https://x/1,https://x/2",\n'
    )
    assert json.loads(JsonLines().record(item)) == {
        "price": "12.50 EUR",
        "weight": "1.5 kg",
        "image": ["https://x/1", "https://x/2"],
    }
    assert (
        Xml("i", "", "").record(item) == b"<i><price>12.50 EUR</price><weight>1.5"
        b" kg</weight><image>https://x/1</image><image>https://x/2</image></i>\n"
    )


def test_an_element_nests_takes_attributes_and_is_left_out_when_empty() -> None:
    tree = {
        "a": {"b": None, "c": {"d": ""}},
        "e": Attributed("5", {"unit": '<"&'}),
        "f": Attributed(None, {"x": "y"}),
        "g": ["1", {"h": "2"}],
    }
    assert element("t", tree) == '<t><e unit="&lt;&quot;&amp;">5</e><g>1</g><g><h>2</h></g></t>'
    assert element("t", {"a": {"b": []}}) == ""


@pytest.mark.parametrize(
    ("format", "body", "records"),
    [
        (Csv(["a", "b"]), 'a,b\n1,"x\ny"\n2,3\n', 2),
        (Tsv(["a", "b"]), "a\tb\n1\t2\n", 1),
        (JsonLines(), '{"a":1}\n{"a":2}\n', 2),
        (Xml("item", "", ""), "<rss><item><item_x/></item><item/><other/></rss>", 2),
        (
            Xml("cac:Line", "", "", namespace="urn:c"),
            '<r xmlns:cac="urn:c"><cac:Line/><Line/></r>',
            1,
        ),
    ],
)
def test_counting(tmp_path: Path, format: Any, body: str, records: int) -> None:
    path = tmp_path / "feed"
    path.write_text(body, encoding="utf-8", newline="")
    assert format.count(path) == records


@pytest.mark.parametrize(
    ("format", "body"),
    [
        (Csv(["a", "b"]), b"a;b\n1;2\n"),
        (Csv(["a", "b"]), b"a,b\n1,2,3\n"),
        (Csv(["a", "b"]), b'a,b\n1,"2\n'),
        (Csv(["a", "b"]), b"a,b\n1,\xff\n"),
        (Csv(["a", "b"]), b""),
        (JsonLines(), b'{"a":1}\n{"a":\n'),
        (JsonLines(), b"[1]\n"),
        (Xml("item", "", ""), b"<rss><item></item>"),
        (Xml("item", "", ""), b"<rss><item>&nbsp;</item></rss>"),
        (Xml("item", "", ""), b""),
        (Xml("item", "", ""), b"<rss><item>\x0b</item></rss>"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, format: Any, body: bytes) -> None:
    path = tmp_path / "feed"
    path.write_bytes(body)
    with pytest.raises(Invalid):
        format.count(path)


def test_a_large_file_is_read_in_pieces_and_a_fault_in_its_middle_is_found(tmp_path: Path) -> None:
    format = Xml("item", '<rss xmlns:g="urn:g">', "</rss>", prefix="g:")
    records = [
        format.record({"id": str(number), "text": "x" * 200, "item": "inner"})
        for number in range(5000)
    ]
    path = tmp_path / "feed"
    path.write_bytes(format.head() + b"".join(records) + format.tail())
    assert path.stat().st_size > 4 * PIECE
    assert format.count(path) == 5000
    for broken in (
        b"<item><g:id>1</g:id>\n",
        b"</item>\n",
        b"<item>&nope;</item>\n",
        b"<item><h:id>1</h:id></item>\n",
    ):
        path.write_bytes(
            format.head() + b"".join([*records[:2500], broken, *records[2500:]]) + format.tail()
        )
        with pytest.raises(Invalid):
            format.count(path)


def test_no_file_on_this_machine_gets_into_the_count(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("<item/>", encoding="utf-8")
    path = tmp_path / "feed"
    path.write_text(
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><rss>&x;<item/></rss>',
        encoding="utf-8",
    )
    assert Xml("item", "", "").count(path) == 1
