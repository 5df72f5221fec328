"""Delimiter, quote and escape: against files that people annotated, and small cases of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pim.imports.dialect import detect

DELIMITERS = {"comma": ",", "semicolon": ";", "space": " ", "tab": "\t", "vslash": "|"}
ANNOTATED = (
    ("Dialect_annotations.txt", "pollock_and_others"),
    ("W3C-CSVW-Dialect_annotations.txt", "w3c_csvw"),
)


def annotated_files(messy: Path) -> Iterator[tuple[Path, str]]:
    for annotations, folder in ANNOTATED:
        for line in (messy / annotations).read_text(encoding="utf-8-sig").splitlines():
            name, *facts = line.split("|")
            if len(facts) == 5 and name != "file_name":
                yield messy / folder / name, DELIMITERS[facts[1]]


def test_the_delimiter_of_annotated_files(shared: Path) -> None:
    files = list(annotated_files(shared / "data" / "messy_csv"))
    assert len(files) > 170
    found = [(path.name, right, detect(path.read_bytes()).delimiter) for path, right in files]
    misses = [one for one in found if one[1] != one[2]]
    assert len(misses) <= len(files) // 20, misses


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("sku;name;price\n1;Bike, red, big;12,50\n2;Helmet, blue;9,95\n", ";"),
        ("sku,name\n1,a;b;c\n2,d;e;f\n", ","),
        ("sku\tname\n1\tBike, red\n2\tHelmet; blue\n", "\t"),
        ("sku|name|price\n1|Bike; red|1,5\n2|Helmet|1,2\n", "|"),
        ("sku\n1\n2\n", ","),
        ("name\nBike red\nHelmet blue\n", ","),
        ("sku;name", ";"),
        ('"sku","name"\n"1","a ; b ; c"\n', ","),
        ("", ","),
    ],
)
def test_small_files(content: str, delimiter: str) -> None:
    assert detect(content.encode()).delimiter == delimiter


def test_a_backslash_before_a_quote_is_an_escape() -> None:
    assert detect(b'sku,name\n1,"a 17\\" screen, black"\n2,"b"\n').escape == "\\"


def test_a_literal_backslash_n_is_none() -> None:
    assert detect(b'sku;name\n1;"- WLAN\\n- 12 ""inch""; big"\n').escape is None


MANY = "".join(f"{number};Schaats {number};{number},95\n" for number in range(200))


@pytest.mark.parametrize(
    "content",
    [
        "nr;naam;prijs\n" + MANY + "900;'n Klap;3,00\n901;'t Hout';4,00\n",
        "nr;naam;merk\n7;'t Anker';y\n8;'s Nachts';x\n",
        "nr,naam\n7,'t Anker\n8,'s Nachts lang\n9,gewoon\n",
        "nr;naam\n7;''s Nachts''\n8;boot\n",
        'nr;naam\n7;"\'t Anker"\n8;"\'n Klap"\n',
    ],
)
def test_an_apostrophe_that_begins_a_name_is_no_quote(content: str) -> None:
    assert detect(content.encode()).quote == '"'


@pytest.mark.parametrize(
    "content",
    [
        "'nr';'naam'\n'7';'''t Anker'\n'8';'boot'\n",
        "nr,naam\n7,'boot, rood'\n8,riem\n9,'zeil, wit'\n",
        "nr;naam\n7;'twee\nregels'\n8;'een; of twee'\n9;boot\n",
        "'nr','naam'\n7,'boot'\n8,'riem'\n",
    ],
)
def test_an_apostrophe_around_most_texts_is_the_quote(content: str) -> None:
    assert detect(content.encode()).quote == "'"


def test_a_backslash_before_an_apostrophe_is_an_escape_where_it_is_the_quote() -> None:
    content = "'nr','naam'\n'7','\\'t Anker, oud \\'n mooi'\n'8','riem'\n"
    found = detect(content.encode())
    assert (found.quote, found.escape) == ("'", "\\")
    assert list(found.rows(content.splitlines()))[1] == ["7", "'t Anker, oud 'n mooi"]


def test_blanks_around_quotes_are_seen() -> None:
    assert detect(b'sku  ,name      \n1    ,"a, b"    ,\n2    ,"c"       ,\n').padded
    assert not detect(b'sku,name\n1,"a, b"\n2,"say ""yes"" , now"\n').padded


def test_crlf_is_seen() -> None:
    assert (detect(b"a;b\r\n1;2\r\n").newline, detect(b"a;b\n1;2\n").newline) == ("\r\n", "\n")
