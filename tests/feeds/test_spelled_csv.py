"""Tables in any spelling: what Python's csv reads back is what was written."""

import csv
import io
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pim.errors import Invalid
from pim.feeds.formats import FORBIDDEN, CsvSpelling, SpelledCsv

NAMES = ("a", 'b"', "c; d", "é, f")
SPELLINGS = [
    CsvSpelling(delimiter, quote, "utf-8-sig" if has_header else "utf-8", line_end, has_header)
    for delimiter, quote, line_end, has_header in product(
        ",;\t|", "\"'", ("\n", "\r\n"), (True, False)
    )
]
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", '"', "''", "a\nb", "\ufeff", "a;b,c\td|e", " ", "\r\n", "\x00", "0017", "\u2028"]
)


def file_of(format: SpelledCsv, rows: list[list[str]]) -> bytes:
    records = [dict(zip(format.columns, row, strict=True)) for row in rows]
    return format.head() + format.join(records)[0] + format.tail()


@given(
    rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=5),
    spelling=st.sampled_from(SPELLINGS),
)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_stands_in_a_cell_is_read_back(
    rows: list[list[str]], spelling: CsvSpelling, tmp_path: Path
) -> None:
    format = SpelledCsv(NAMES, spelling)
    content = file_of(format, rows)
    read = list(
        csv.reader(
            io.StringIO(content.decode(spelling.encoding), newline=""),
            delimiter=spelling.delimiter,
            quotechar=spelling.quote,
            strict=True,
        )
    )
    wanted = [[FORBIDDEN.sub("", cell) for cell in row] for row in rows]
    assert read == [list(NAMES)] * spelling.has_header + wanted
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert format.check(path).records == len(rows)


def test_a_value_that_comes_twice_in_a_unique_column_is_named(tmp_path: Path) -> None:
    format = SpelledCsv(("id", "ean"), CsvSpelling(), unique=("id", "ean"))
    path = tmp_path / "file.csv"
    path.write_bytes(file_of(format, [["1", "2"], ["2", "1"], ["3", "1"]]))
    assert format.check(path).repeated == ["ean: 1"]


def test_a_file_of_windows_has_its_own_signs_and_says_so() -> None:
    format = SpelledCsv(("Maß",), CsvSpelling(encoding="cp1252"))
    assert file_of(format, [["5 €"]]) == "Maß\n5 €\n".encode("cp1252")
    assert format.media_type == "text/csv; charset=windows-1252"


def test_a_row_with_other_cells_is_no_row(tmp_path: Path) -> None:
    format = SpelledCsv(("a", "b"), CsvSpelling())
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n1,2\n1\n")
    with pytest.raises(Invalid) as refused:
        format.check(path)
    assert set(refused.value.messages) == {"row 2"}
