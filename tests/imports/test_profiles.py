"""A profile from YAML: everything in its place, every fault at once."""

from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

import orjson
import pytest
from sqlalchemy.orm import Session

from pim.db import Database
from pim.errors import Invalid
from pim.imports import store
from pim.imports.profile_reader import seed
from pim.imports.profiles import FileSettings, read_profile
from pim.imports.readers import UnreadableRow, open_rows
from pim.row_reader import Column
from pim.structure import fingerprints
from pim.structure.document import flatten
from pim.structure.parse import build_structure
from tests.support.races import race

FULL = """
code: erp
label: ERP articles
owner: erp
kind: product
key: Artikelnummer
file: {encoding: windows-1252, delimiter: ";", decimal: ",", date: "%d-%m-%Y"}
clear: "-"
doubts: warn
columns:
  Artikelnummer: sku
  Omschrijving: name-nl_NL
  Prijs: price-EUR
  Gewicht: {to: weight, unit: KILOGRAM}
  Maat: length
  Maateenheid: length-unit
  Kleur: {to: color, map: {ROOD: red, BLAUW: blue}}
  Groep: {to: categories, separator: "|"}
  Model: parent
  Beter: X_SELL-products
  Memo: null
"""
SMALL = "code: erp\nowner: erp\nkey: Nr\ncolumns: {Nr: sku}\n"


def faults(document: str) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        read_profile(document)
    return {path: [str(one) for one in texts] for path, texts in refused.value.messages.items()}


def test_everything_in_its_place() -> None:
    profile = read_profile(FULL)
    assert (profile.code, profile.label, profile.owner, profile.kind, profile.key) == (
        "erp",
        "ERP articles",
        "erp",
        "product",
        "Artikelnummer",
    )
    assert profile.file == FileSettings("windows-1252", ";", ",", "%d-%m-%Y")
    assert (profile.clear, profile.doubts) == ("-", "warn")
    columns = {column.name: column for column in profile.columns}
    assert columns["Gewicht"] == Column("Gewicht", "weight", unit="KILOGRAM")
    assert columns["Kleur"] == Column("Kleur", "color", {"ROOD": "red", "BLAUW": "blue"})
    assert columns["Groep"].separator == "|"
    assert columns["Beter"].to == "X_SELL-products"
    assert columns["Memo"].to is None


def test_what_is_left_out_is_detected_or_usual() -> None:
    profile = read_profile(SMALL)
    assert (profile.label, profile.kind, profile.doubts, profile.clear) == (
        "erp",
        "product",
        "refuse",
        None,
    )
    assert profile.file == FileSettings(None, None, ".", None)


def test_all_faults_at_once() -> None:
    found = faults("""
code: 1erp
kind: thing
key: Nix
colour: red
file: {decimal: ";", date: "%Q", delimiter: "ab", foo: 1}
doubts: maybe
columns:
  1: sku
  A: Name
  B: {to: color, map: {x: 1}, foo: 3}
  C: 7
  D: name-nl_NL
  E: name-nl_NL
  F: {map: {a: b}}
""")
    assert set(found) == {
        "code",
        "owner",
        "kind",
        "key",
        "colour",
        "file.decimal",
        "file.date",
        "file.delimiter",
        "file.foo",
        "doubts",
        "columns.1",
        "columns.A",
        "columns.B.map.x",
        "columns.B.foo",
        "columns.C.to",
        "columns.E",
        "columns.F.to",
    }
    assert found["columns.E"] == ["“name-nl_NL” is already filled by “D”."]
    assert found["columns.B.foo"] == ["There is no such setting."]
    assert found["columns.1"] == ["The column's name is not read as text; put it in quotes."]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("", "yaml"),
        ("- a", "yaml"),
        ("a: [", "yaml"),
        (SMALL + "code: other\n", "yaml"),
        ("code: erp\nowner: erp\nkey: Nr\ncolumns: {Nr: null}\n", "key"),
        ("code: erp\nowner: erp\nkey: Nr\ncolumns: {}\n", "columns"),
        ("code: erp\nowner: erp\nkey: Nr\ncolumns: 3\n", "columns"),
        (SMALL + 'clear: ""\n', "clear"),
        (SMALL + "file: 3\n", "file"),
        (SMALL + "code2: !!python/name:os.system\n", "yaml"),
    ],
)
def test_what_is_no_profile(document: str, path: str) -> None:
    assert path in faults(document)


def test_a_tab_has_a_name() -> None:
    assert read_profile(SMALL + "file: {delimiter: tab}\n").file.delimiter == "\t"


@pytest.mark.parametrize(("spelled", "quote"), [('"\'"', "'"), ("'\"'", '"'), ("none", "")])
def test_a_profile_names_the_quote(spelled: str, quote: str) -> None:
    assert read_profile(SMALL + f"file: {{quote: {spelled}}}\n").file.quote == quote


@pytest.mark.parametrize("spelled", ['""', "double", "a", '" "', '";", delimiter: ";"'])
def test_what_is_no_quote_is_told(spelled: str) -> None:
    assert set(faults(SMALL + f"file: {{quote: {spelled}}}\n")) == {"file.quote"}


def test_a_profile_names_the_line_of_the_header() -> None:
    assert read_profile(SMALL + "file: {header: 3}\n").file.header == 3
    for spelled in ("0", "two", "1000"):
        assert set(faults(SMALL + f"file: {{header: {spelled}}}\n")) == {"file.header"}


@pytest.mark.parametrize("name", ["erp", "erp_models", "texts", "texts_models"])
def test_the_demo_shops_files_fit_their_profiles(name: str) -> None:
    demo = Path(__file__).parents[2] / "pim" / "demo"
    profile = read_profile((demo / f"{name}.yaml").read_bytes())
    table = open_rows(demo / f"{name}.csv", profile.file)
    assert set(table.header) <= {column.name for column in profile.columns}
    assert all(not isinstance(row, UnreadableRow) for _, row in table.rows)


def test_a_file_that_still_says_source_is_read() -> None:
    """It was the word for the owner once, and people have such files."""
    earlier = FULL.replace("owner: erp", "source: erp")
    assert earlier != FULL
    assert read_profile(earlier) == read_profile(FULL)
    assert "source" in faults(SMALL + "source: hub\n")


def test_rows_are_hashed_as_when_the_owner_was_called_source() -> None:
    """Otherwise every row of every shop's next import would count as changed."""
    structure = build_structure(flatten({"attributes": {"sku": {"type": "identifier"}}}), 1)
    used = fingerprints.of_columns(structure, {"sku"})
    spelled = {
        "code": "erp",
        "label": "",
        "source": "erp",
        "kind": "product",
        "key": "Nr",
        "columns": [{"name": "Nr", "to": "sku", "map": {}, "separator": None, "unit": None}],
        "file": {"encoding": None, "delimiter": None, "decimal": ".", "date": None, "sheet": None},
        "clear": None,
        "doubts": "refuse",
        "always": {},
    }
    expected = blake2b(orjson.dumps([used, spelled]), digest_size=16).digest()
    assert seed(structure, read_profile(SMALL)) == expected


def test_of_two_who_save_a_profile_at_once_the_second_is_told(database: Database) -> None:
    text = "code: erp\nlabel: One\nowner: erp\nkey: Nr\ncolumns: {Nr: sku}\n"
    now = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
    with database.writing() as session:
        seen = store.seen_now(store.save(session, text, now))

    def labelled(label: str) -> store.ProfileEdit:
        read = store.read_text(text.replace("One", label))
        return store.ProfileEdit(read, code="erp", seen=seen)

    def first(session: Session) -> None:
        settled = store.settle(session, labelled("Two"))
        store.save_text(session, settled.read, now, by="ann@example.org")

    def second(session: Session) -> store.SettledProfile:
        return store.settle(session, labelled("Three"))

    told = race(database, first, second)
    assert told.is_conflict
    assert [one.by for one in told.meanwhile] == ["ann@example.org"]
