"""Every kind of file that a taxonomy comes in, whole and broken."""

import io
import zipfile
from pathlib import Path

import pytest

from pim.errors import Invalid
from pim.taxonomies.readers import read_taxonomy

WITH_IDS = """# Google_Product_Taxonomy_Version: 2024-01-01
10 - Sports
11 - Sports > Cycling
7 - Sports > Cycling > Bells & Horns
"""
NESTED = """# Nested sets
   1 | [ 1- 6] | Sports
     2 | [ 2- 5] | Cycling
       3 | [ 3- 4] | Bells
   4 | [ 7- 8] | Food
"""
IXF = """<?xml version="1.0" encoding="utf-8"?>
<IXF xmlns="http://www.etim-international.com/etimixf/1">
 <Features><Feature><Code>EF1</Code></Feature></Features>
 <Groups>
  <Group><Code>EG1</Code><Translations>
   <Translation language="de-DE"><Description>Klingeln</Description></Translation>
   <Translation language="nl-NL"><Description>Bellen</Description></Translation>
  </Translations></Group>
 </Groups>
 <Classes>
  <Class changeCode="New"><Code>EC7</Code><Translations>
   <Translation language="de-DE"><Description>Fahrradklingel</Description>
    <Synonyms><Synonym>Radglocke</Synonym></Synonyms></Translation>
  </Translations>
  <Features><Feature><FeatureCode>EF1</FeatureCode><Values><Value><ValueCode>EV1</ValueCode></Value>
  </Values></Feature></Features><GroupCode>EG1</GroupCode></Class>
 </Classes>
</IXF>
"""
TABLE = """code;label-de;label-nl;parent
a;Räder;Fietsen;
b;Klingeln;Bellen;a
"""
PATHS = """id,path
1,Sports
2,Sports > Cycling
"""
CLASSES = (
    "Klasse_ID;Parent_ID;Klassenbezeichnung\r\nK2;K1;Fahrradklingel für Räder\r\nK1;;Räder\r\n"
)
JSON = """[{"id": "t", "name": "Bells", "path": [{"id": "s", "name": "Sports"}, {"id": "t",
"name": "Bells"}]}, {"id": 5, "name": "Food", "path": []}]"""


def paths(data: str | bytes, filename: str = "t", language: str = "en") -> dict[str, str]:
    content = data if isinstance(data, bytes) else data.encode()
    tree = read_taxonomy(content, filename, language).tree
    return {code: tree.path(code, language) for code in tree.nodes}


def complaints(data: str | bytes) -> list[str]:
    with pytest.raises(Invalid) as refused:
        paths(data)
    return [str(one) for one in refused.value.messages["file"]]


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, IXF)
    return packed.getvalue()


def test_google_names_a_category_by_number_and_path() -> None:
    assert paths(WITH_IDS) == {
        "10": "Sports",
        "11": "Sports > Cycling",
        "7": "Sports > Cycling > Bells & Horns",
    }


def test_the_language_is_in_the_name_of_the_file() -> None:
    tree = read_taxonomy(WITH_IDS.encode(), "taxonomy-with-ids.de-DE.txt").tree
    assert tree.languages == ["de"]
    with pytest.raises(Invalid):
        read_taxonomy(WITH_IDS.encode(), "taxonomy.txt")


def test_the_numbers_of_nested_sets_are_no_codes() -> None:
    assert list(paths(NESTED)) == ["Sports", "Sports > Cycling", "Sports > Cycling > Bells", "Food"]


@pytest.mark.parametrize("data", [IXF.encode(), zipped("classes.xml")], ids=["xml", "zip"])
def test_etim_has_groups_classes_languages_and_synonyms(data: bytes) -> None:
    tree = read_taxonomy(data, "etim").tree
    assert list(tree.nodes) == ["EG1", "EC7"]
    assert tree.path("EC7", "de_DE") == "Klingeln > Fahrradklingel"
    assert tree.label("EG1", "nl_NL") == "Bellen"
    assert tree.nodes["EC7"].words == {"de": ["Radglocke"]}


def test_a_table_has_parents_or_paths_and_a_label_per_language() -> None:
    assert paths(TABLE, language="nl") == {"a": "Fietsen", "b": "Fietsen > Bellen"}
    assert paths(TABLE, language="de") == {"a": "Räder", "b": "Räder > Klingeln"}
    assert paths(PATHS) == {"1": "Sports", "2": "Sports > Cycling"}


def test_classes_of_proficlass_are_a_table_in_the_encoding_of_windows() -> None:
    found = paths(CLASSES.encode("cp1252"), language="de")
    assert found["K2"] == "Räder > Fahrradklingel für Räder"


def test_json_names_what_is_above_and_need_not_list_it() -> None:
    assert paths(JSON) == {"s": "Sports", "t": "Sports > Bells", "5": "Food"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("10 - A\nBells\n", "Line 2, code: It is not a number, a hyphen and a path: “Bells”."),
        ("10 - A\n11 - B > C\n", "Line 2, path: “B” has no line of its own."),
        ("10 - A\n10 - B\n", "Line 2, code: The code “10” is that of line 1 already."),
        (" 1 | [ 1- 4] | A\n 2 | [ 3- 9] | B\n", "Line 2, [left-right]:"),
        ("code;label\n;Räder\n", "Line 2, code: It has no code."),
        ("name;colour\nRäder;red\n", "Line 1, code: A table has the columns"),
        ("code;label;parent\na;A;b\nb;B;a\n", "Line 2, parent: It stands below itself"),
        ("code;label\na;A;;extra\n", "Line 2, label: The line has more cells"),
        ("code,path\n1,A > B\n", "Line 2, path: “A” has no line before this one."),
        ('[{"id": "x", "name": "A"}, {"name": "B"}]', "Line 2, id: An entry has"),
        ('[{"id": "x",\n nonsense}]', "Line 2, 2: This is no JSON"),
        ("<IXF>\n<Groups>\n<Group></IXF>", "Line 3,"),
        ("code;label\n" + "x" * 751 + ";A\n", "Line 2, code: At most 750 characters."),
        (zipped("a.xml", "b.xml"), "A ZIP holds one"),
        (b"PK\x03\x04 no zip", "This ZIP cannot be unpacked"),
        ("code;label\n", "There is no category in this file."),
    ],
)
def test_a_broken_file_names_line_column_and_rule(data: str | bytes, said: str) -> None:
    assert complaints(data)[0].startswith(said)


def test_a_file_of_another_kind_does_not_tell_a_thousand_faults() -> None:
    assert len(complaints("1 - A\n" + "nonsense\n" * 1000)) == 20


def test_a_parent_that_is_not_there_is_told_and_does_no_harm() -> None:
    read = read_taxonomy(b"code;label;parent\na;A;gone\nb;;a\n", "t", "en")
    assert [str(one) for one in read.doubts] == [
        "Line 3, label: It has no label.",
        "Line 2, parent: There is no category “gone”; it stands at the top instead of below it.",
    ]
    assert read.tree.path("b", "en") == "A > [b]"


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b"<IXF><Groups><Group><Code>E1</Code><Translations><Translation language='de-DE'>"
        b"<Description>&f;</Description></Translation></Translations></Group></Groups></IXF>"
    )
    tree = read_taxonomy(bomb, "t").tree
    assert tree.nodes["E1"].labels == {}


REAL = {
    "google-taxonomy-with-ids.de-DE.txt": (5427, "632", "Heimwerkerbedarf"),
    "google_en_US/taxonomy-with-ids.en-US.txt": (5595, "Hardware > Tools", "Hardware > Tools"),
    "etim6_ixf_en_de_nl.zip": (
        2438,
        "EC000001",
        "Niederspannungsschaltgeräte > Sammelschienenklemme",
    ),
    "proficlass_6.0_de/Klassen.csv": (4949, "AAA443h002", "Maschinenelement, Befestigungsmittel"),
    "bestbuy_categories.json": (None, "abcat0010000", "Gift Ideas"),
}


@pytest.mark.parametrize("name", REAL)
def test_the_real_files_are_read(shared: Path, name: str) -> None:
    path = shared / "data" / "taxonomies" / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    size, code, shown = REAL[name]
    tree = read_taxonomy(path.read_bytes(), name, "" if "google" in name else "de").tree
    assert size in (None, len(tree.nodes))
    assert tree.path(code, "de") == shown
