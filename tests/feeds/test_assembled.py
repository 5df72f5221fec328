"""Files that are put together at the end: sections, several outputs, parts, order, numbers."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from pim.errors import Invalid
from pim.feeds.contract import Bundle, Csv, JsonArray, JsonLines, Part, Parts, Sections, Totals, Xml
from pim.feeds.formats import RUNNING_NUMBER, Assembled


class Edges:
    """A head and a tail that say the totals."""

    def head(self, totals: Totals, output: str = "") -> bytes:
        return b"[\n" if output or not totals.outputs else b"%d\n" % totals.items

    def tail(self, totals: Totals, output: str = "") -> bytes:
        return b"\n]\n" if output or not totals.outputs else b"%d\n" % totals.items


def assemble(format: Assembled, parts: Sequence[Part], folder: Path) -> Path:
    """In two fragments, as two products would give them."""
    frames, target = folder / "frames", folder / "file"
    half = len(parts) // 2
    written = [format.join(parts[:half]), format.join(parts[half:])]
    frames.write_bytes(b"".join(data for data, _items in written))
    totals = format.assemble(frames, target, Edges())
    assert totals.items == sum(items for _data, items in written)
    return target


def rows(output: str, *names: str, **more: Any) -> list[Part]:
    return [Part(output, {"n": name}, **more) for name in names]


def test_sections_follow_one_another_whatever_order_records_came_in(tmp_path: Path) -> None:
    format = Sections({"a": Csv(["n"]), "b": Csv(["n"])})
    parts = [*rows("a", "a1"), *rows("b", "b1"), *rows("a", "a2"), *rows("b", "b2", "b3")]
    path = assemble(format, parts, tmp_path)
    assert path.read_text() == "2\na1\na2\nb1\nb2\nb3\n2\n"


def test_an_output_may_have_an_order_of_its_own_and_numbers(tmp_path: Path) -> None:
    format = Sections({"a": JsonLines()}, ordered=["a"])
    parts = [
        Part("a", {"n": name, "place": RUNNING_NUMBER}, order)
        for name, order in (("x", "b"), ("y", "a"), ("z", "b"), ("é", "a"))
    ]
    lines = assemble(format, parts, tmp_path).read_text().splitlines()[1:-1]
    assert [(one["n"], one["place"]) for one in map(json.loads, lines)] == [
        ("y", "1"),
        ("é", "2"),
        ("x", "3"),
        ("z", "4"),
    ]


def test_a_bundle_is_a_zip_that_is_equal_for_equal_records(tmp_path: Path) -> None:
    format = Bundle({"offers": JsonArray(key="n"), "content": JsonArray()})
    parts = [*rows("offers", "1", "2"), *rows("content", "c")]
    path = assemble(format, parts, tmp_path)
    with ZipFile(path) as archive:
        assert json.loads(archive.read("offers.json")) == [{"n": "1"}, {"n": "2"}]
        assert json.loads(archive.read("content.json")) == [{"n": "c"}]
    first = path.read_bytes()
    assert assemble(format, parts, tmp_path).read_bytes() == first
    assert format.check(path).records == 2


def test_a_repeated_key_and_half_a_zip_are_found(tmp_path: Path) -> None:
    format = Bundle({"offers": JsonArray(key="n")})
    path = assemble(format, rows("offers", "1", "1"), tmp_path)
    assert format.check(path).repeated == ["1"]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Invalid):
        format.check(path)


def test_parts_have_so_many_records_and_an_index(tmp_path: Path) -> None:
    format = Parts(JsonLines(key="n"), most_records=2)
    path = assemble(format, rows("records", "1", "2", "3"), tmp_path)
    with ZipFile(path) as archive:
        assert archive.namelist() == ["part-0001.jsonl", "part-0002.jsonl", "index.json"]
        index = json.loads(archive.read("index.json"))
        assert archive.read("part-0002.jsonl") == b'1\n{"n":"3"}\n1\n'
    assert index["records"] == 3
    assert [one["records"] for one in index["parts"]] == [2, 1]


def test_parts_are_cut_by_size_too(tmp_path: Path) -> None:
    format = Parts(JsonLines(), most_records=100, most_bytes=20)
    path = assemble(format, rows("records", "1234", "5678", "9"), tmp_path)
    with ZipFile(path) as archive:
        assert len(archive.namelist()) == 4


@pytest.mark.parametrize(
    ("escape", "cell"),
    [
        ("", "7 Gänge, Laufräder,b"),
        ("quote", '"7 Gänge, Laufräder",b'),
        ("backslash", "7 Gänge\\, Laufräder,b"),
        ("blank", "7 Gänge Laufräder,b"),
    ],
)
def test_a_list_whose_value_holds_the_separator(escape: Any, cell: str) -> None:
    """channels.md fault 8: "7 Gänge, Laufräder" became two highlights."""
    import csv
    import io

    line = Csv(["a"], ",", escape).record({"a": ["7 Gänge, Laufräder", "b"]})
    assert list(csv.reader(io.StringIO(line.decode()))) == [[cell]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[\n",
        b'[\n{"n":1}\n',
        b'[\n{"n":1},\n]\n',
        b'[\n{"n":1}\n{"n":2}\n]\n',
        b'[\n{"n":1}\n]\n]\n',
        b"[\n1\n]\n",
        b'{"n":1}\n',
    ],
)
def test_what_is_no_array_is_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "feed"
    path.write_bytes(body)
    with pytest.raises(Invalid):
        JsonArray().check(path)


def test_an_array_of_nothing_is_an_array(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_bytes(JsonArray().head() + JsonArray().tail())
    assert json.loads(path.read_bytes()) == []
    assert JsonArray().check(path).records == 0


@pytest.mark.parametrize(
    ("format", "body"),
    [
        (Csv(["n", "m"], key="n"), b"n,m\n1,a\n2,b\n1,c\n"),
        (JsonLines(key="n"), b'{"n":1}\n{"n":2}\n{"n":1}\n'),
        (JsonArray(key="n"), b'[\n{"n":1},\n{"n":2},\n{"n":1}\n]\n'),
        (
            Xml("i", "<r>", "</r>", key="n"),
            b"<r><i><n>1</n></i>\n<i><n>2</n><s><n>1</n></s></i>\n<i><n>1</n></i>\n</r>",
        ),
    ],
)
def test_a_repeated_key_is_named(tmp_path: Path, format: Any, body: bytes) -> None:
    path = tmp_path / "feed"
    path.write_bytes(body)
    assert format.check(path).repeated == ["1"]
