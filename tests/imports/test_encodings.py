"""The encoding of a file: marks, UTF-8, UTF-16, and the likeliest code page."""

from pathlib import Path

import pytest

from pim.errors import Invalid
from pim.imports.encodings import check_encoding, detect_encoding
from pim.imports.profiles import FileSettings
from pim.imports.readers import open_rows

DUTCH = "Omschrijving;Prijs\r\nGeïsoleerde thermosfles, één coëfficiënt;€ 12,50\r\n"
SAMPLES = [
    (DUTCH, "windows-1252", ["nl_NL"]),
    (DUTCH, "iso-8859-15", ["nl_NL"]),
    (DUTCH.replace("€", "EUR"), "cp850", ["nl_NL"]),
    (DUTCH, "utf-8", []),
    (DUTCH, "utf-8-sig", []),
    (DUTCH, "utf-16", []),
    (DUTCH, "utf-16-le", []),
    (DUTCH, "utf-16-be", []),
    ("sku;naam\n1;50° hoek – “mooi”\n2;5 µm\n3;½ liter\n", "windows-1252", ["nl_NL"]),
    ("Név;Ár\nKőrösi tűzőgép;12\nőszi újdonság;3\n", "windows-1250", ["hu_HU"]),
    ("Nazwa;Cena\nŻółta łódź;12\nkrzesło dębowe;3\nświecący śledź;4\n", "windows-1250", ["pl_PL"]),
    ("Nazwa;Cena\nŻółta łódź;12\nkrzesło dębowe;3\nświecący śledź;4\n", "iso-8859-2", ["pl_PL"]),
    ("Název;Cena\nKůň žluťoučký příliš;12\n", "cp852", ["cs_CZ"]),
    ("Название;Цена\nЧистящее средство;12\n", "windows-1251", ["ru_RU"]),
    ("Название;Цена\nЧистящее средство;12\n", "cp866", []),
    ("Όνομα;Τιμή\nΚαρέκλα ξύλινη;12\n", "windows-1253", ["el_GR"]),
    ("Ürün;Fiyat\nIşık şapka ağaç çanta;12\n", "windows-1254", ["tr_TR"]),
]


@pytest.mark.parametrize(
    ("content", "encoding", "locales"),
    SAMPLES,
    ids=[f"{one[1]}-{place}" for place, one in enumerate(SAMPLES)],
)
def test_the_text_comes_out_as_it_was_written(
    content: str, encoding: str, locales: list[str]
) -> None:
    data = content.encode(encoding)
    assert data.decode(detect_encoding([data], locales).name) == content


def test_a_letter_far_behind_the_first_chunk_counts() -> None:
    chunks = [b"sku;name\r\n" * 1000, "1;één\r\n".encode("windows-1252")]
    assert detect_encoding(chunks, ["nl_NL"]).name == "windows-1252"


def test_a_character_cut_between_two_chunks_is_still_utf8() -> None:
    data = "é".encode()
    assert detect_encoding([data[:1], data[1:]]).name == "utf-8"


@pytest.mark.parametrize(
    "data",
    [
        "één é".encode()[:-1],
        "nr;naam\n1;blauwgroene zeeën\n2;vóór één\n".encode() + b"3;r\xf4ti\n",
        "nr;naam\n1;Żółw\n2;ćma\n3;źdźbło\n".encode() + "4;łoś\n".encode("windows-1250"),
    ],
)
def test_a_file_that_nearly_is_utf8_is_utf8_with_strays(data: bytes) -> None:
    found = detect_encoding([data], ["nl_NL"])
    assert (found.name, found.strays > 0) == ("utf-8", True)


def test_a_page_with_two_bytes_that_could_be_utf8_is_none() -> None:
    data = "nr;naam\n1;CAFÉ®\n2;thé\n3;crème\n".encode("windows-1252")
    assert detect_encoding([data]).name == "windows-1252"


SIGNS = [
    ("£4 per café, £12", "windows-1252"),
    ("nr;precio\n1;¿Cuánto? 50¢\n2;¡Así!\n3;¥300\n", "windows-1252"),
    ("Maß;Größe\nTür, grün;9\nschön;8\n", "mac-roman"),
    ("maat;omschrijving\n1;crème, één stuk\n2;coördinaat\n", "mac-roman"),
    ("nr;navn\n1;rød\n2;grøn pære\n", "mac-roman"),
]


@pytest.mark.parametrize(("content", "encoding"), SIGNS, ids=[one[0][:8] for one in SIGNS])
@pytest.mark.parametrize("locales", [[], ["en_GB"], ["de_DE", "nl_NL"]])
def test_signs_of_trade_and_an_older_mac_are_read(
    content: str, encoding: str, locales: list[str]
) -> None:
    data = content.encode(encoding)
    assert data.decode(detect_encoding([data], locales).name) == content


def test_a_page_that_may_as_well_be_another_is_told_with_it() -> None:
    data = "1;één, crème, zoölogie\n".encode("windows-1252")
    assert detect_encoding([data]).rival == "windows-1250"
    assert detect_encoding([data], ["nl_NL"]).rival is None


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("erp/artikelen_nl87_50k.csv", "utf-8-sig"),
        ("erp/icecat_de_windows1252_semicolon_crlf.csv", "windows-1252"),
        ("messy_csv/frictionless/latin1.csv", "windows-1252"),
        ("messy_csv/frictionless/bom.csv", "utf-8-sig"),
        ("messy_csv/frictionless/table-with-accents.csv", "windows-1252"),
        ("taxonomies/proficlass_6.0_de/Klassen.csv", "windows-1252"),
    ],
)
def test_real_files(shared: Path, name: str, encoding: str) -> None:
    assert detect_encoding([(shared / "data" / name).read_bytes()]).name == encoding


def test_a_wrong_encoding_is_told_with_its_line() -> None:
    with pytest.raises(Invalid) as refused:
        check_encoding([b"a;b\n1;2\n", "3;é\n".encode("windows-1252")], "utf-8")
    assert (
        str(refused.value.messages["encoding"][0]) == "Line 3 cannot be read as utf-8 (bytes E9)."
    )


@pytest.mark.parametrize(
    "encoding", ["klingon", "zlib", "hex", "rot13", "base64", "idna", "undefined", "utf-8\0"]
)
def test_what_is_no_encoding_of_text_is_told(encoding: str) -> None:
    with pytest.raises(Invalid, match="not a known encoding"):
        open_rows(b"sku,name\n1,a\n", FileSettings(encoding=encoding))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "punycode"])
def test_an_encoding_that_fits_no_line_is_told(encoding: str) -> None:
    with pytest.raises(Invalid, match=encoding):
        open_rows(b"sku,name\n1,a\n", FileSettings(encoding=encoding))
