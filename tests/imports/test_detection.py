"""What was found out about a file, how sure it is, and what is asked about it."""

import pytest

from pim.imports.detection import Finding
from pim.imports.headers import KnownColumns
from pim.imports.profiles import FileSettings
from pim.imports.readers import open_rows

KNOWN = KnownColumns(["nr", "naam"], ["memo"])


def found(content: bytes, settings: FileSettings | None = None, **options: object) -> dict:
    return dict(open_rows(content, settings, **options).detected.findings)


def doubts(content: bytes, settings: FileSettings | None = None, **options: object) -> list[str]:
    return [one.rule for one in open_rows(content, settings, **options).detected.doubts]


def test_a_plain_file_is_sure_and_shows_its_first_rows() -> None:
    rows = "".join(f"{number};boot {number};\n" for number in range(9))
    detected = open_rows(f"nr;naam;memo\n{rows}".encode(), known=KNOWN).detected
    assert detected.document() == {
        "encoding": {"value": "utf-8", "sure": "certain"},
        "delimiter": {"value": ";", "sure": "certain"},
        "quote": {"value": '"', "sure": "certain"},
        "header": {"value": "1", "sure": "certain"},
        "columns": ["nr", "naam", "memo"],
        "rows": [["0", "boot 0", ""], ["1", "boot 1", ""], ["2", "boot 2", ""]],
    }
    assert not detected.doubts


def test_what_the_profile_or_the_file_says_is_declared() -> None:
    settings = FileSettings(encoding="cp850", delimiter="|", quote="", header=2)
    content = "van ons\nnr|naam\n1|één\n".encode("cp850")
    assert {one.sure for one in found(content, settings).values()} == {"declared"}
    assert found(b"sep=;\nnr;naam\n1;a\n")["delimiter"] == Finding(";", "declared")


def test_two_code_pages_that_may_be_are_told() -> None:
    content = "nr;naam\n1;één\n".encode("windows-1252")
    assert found(content)["encoding"].sure == "doubtful"
    assert doubts(content) == ["encoding"]
    assert doubts(content, FileSettings(encoding="windows-1252")) == []


def test_a_file_that_reads_like_no_language_is_told() -> None:
    content = "nr;naam\n1;椅子と机\n2;赤い靴\n".encode("shift_jis")
    assert doubts(content, locales=["nl_NL"]) == ["encoding"]


DOUBLE = b"nr,a;naam,b\n1,2;3,4\n5,6;7,8\n"


def test_two_delimiters_that_may_be_are_told() -> None:
    assert doubts(DOUBLE) == ["delimiter"]
    assert doubts(DOUBLE, FileSettings(delimiter=";")) == []


@pytest.mark.parametrize(
    ("names", "delimiter"), [(["nr,a", "naam,b"], ";"), (["nr", "a;naam", "b"], ",")]
)
def test_the_delimiter_parts_the_names_of_the_profile(names: list[str], delimiter: str) -> None:
    table = open_rows(DOUBLE, known=KnownColumns(names))
    assert table.header == names
    assert table.detected.findings["delimiter"] == Finding(delimiter, "certain")


def test_cells_between_apostrophes_that_are_letters_are_told() -> None:
    content = b"nr;naam;memo\n1;'t Anker';x\n2;'s Nachts';y\n"
    assert doubts(content, known=KNOWN) == ["quote"]
    assert doubts(content, FileSettings(quote='"'), known=KNOWN) == []


@pytest.mark.parametrize("above", ["", "Uitvoer\n\n"])
def test_the_line_of_the_header_is_told(above: str) -> None:
    content = (above + "nr;naam;memo\n1;boot;x\n2;riem;\n").encode()
    assert found(content, known=KNOWN)["header"] == Finding(str(1 + above.count("\n")), "certain")
    assert found(content)["header"].sure == ("doubtful" if above else "likely")


def test_signs_that_a_database_does_not_take_are_not_kept() -> None:
    content = b"nr;naam;memo\n1;a\x0bb;" + b"x" * 500 + b"\n"
    assert open_rows(content).detected.rows == [["1", "a�b", "x" * 80]]
