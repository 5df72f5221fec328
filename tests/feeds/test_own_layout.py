"""A feed whose columns are its own: what stands in its file, what it refuses, how its columns
change.
"""

import csv
import io
import json
from typing import Any

import pytest
from lxml import etree

from pim.errors import Conflict, Invalid, NotFound
from pim.feeds import editing, service
from pim.feeds.column_editing import ColumnLayout, FilledColumn, columns_of
from pim.feeds.own_columns import OPTION, OwnColumn

NUMBER = {"name": "Artikelnummer", "required": True, "unique": True}
COLUMNS = [NUMBER, {"name": "Naam"}, {"name": "Prijs", "kind": "number"}]
MAPPING = {
    "Prijs": {"from": ["price"]},
    "Naam": {"from": ["name"]},
    "Artikelnummer": {"from": ["$identifier"]},
}


def define(shop: Any, *columns: Any, mapping: Any = None, rules: Any = (), **options: Any) -> None:
    shop.define(
        "till",
        exporter="own_layout",
        options={**options, OPTION: list(columns or COLUMNS)},
        mapping=mapping or MAPPING,
        rules=list(rules),
    )


@pytest.fixture
def filled(shop: Any, full: dict[str, Any]) -> Any:
    for name, changes in (
        ("A", {"name-nl_NL": "Bel; rond"}),
        ("B", {"name-nl_NL": "-5 graden", "price-EUR": "0.50"}),
        ("C", {"name-nl_NL": "Łódź"}),
    ):
        shop.edit(name, {**full, **changes})
    shop.approve(*"ABC")
    return shop


def table(shop: Any, **dialect: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(shop.world("till"), newline=""), **dialect))


def test_the_columns_stand_in_their_own_order_and_are_spelt_as_asked(filled: Any) -> None:
    define(filled, decimal="comma")
    filled.run("till")
    assert table(filled, delimiter=";") == [
        ["Artikelnummer", "Naam", "Prijs"],
        ["A", "Bel; rond", "749,00"],
        ["B", "'-5 graden", "0,50"],
        ["C", "Łódź", "749,00"],
    ]
    assert filled.world("till").count("\r\n") == 4


def test_the_file_follows_when_only_the_order_changes(filled: Any) -> None:
    define(filled)
    filled.run("till")
    assert filled.run("till").rendered == 0
    define(filled, *COLUMNS[::-1])
    assert filled.run("till").rendered == 3
    assert table(filled, delimiter=";")[0] == ["Prijs", "Naam", "Artikelnummer"]


def test_without_header_guard_and_with_other_signs(filled: Any) -> None:
    define(filled, header=False, guard=False, delimiter="tab", quote="single", line_end="LF")
    filled.run("till")
    rows = table(filled, delimiter="\t", quotechar="'")
    assert rows[:2] == [["A", "Bel; rond", "749.00"], ["B", "-5 graden", "0.50"]]


def test_a_sign_that_the_encoding_lacks_is_named(filled: Any) -> None:
    define(filled, encoding="Windows-1252")
    build = filled.run("till")
    assert (build.items, build.excluded) == (2, 1)
    assert filled.left_out("till") == {"C": [("Naam", "encoding")]}


def test_of_a_unique_column_the_first_product_has_the_value(filled: Any) -> None:
    filled.edit("A", {"brand": "Union"})
    filled.approve("A")
    define(filled, mapping={**MAPPING, "Artikelnummer": {"from": ["brand"]}})
    assert filled.run("till").items == 2
    assert filled.left_out("till") == {"C": [("Artikelnummer", "repeated")]}


def test_options_stand_by_their_codes_and_lists_in_one_cell(filled: Any) -> None:
    filled.edit("A", {"color": "red"})
    filled.approve("A")
    columns = [NUMBER, {"name": "Code", "kind": "code"}, {"name": "Label"}]
    more = {"name": "Alles", "several": True}
    mapping = {
        "Artikelnummer": {"from": ["$identifier"]},
        "Code": {"from": ["color"]},
        "Label": {"from": ["color"]},
        "Alles": {"from": ["name", "color"]},
    }
    define(filled, *columns, more, mapping=mapping, separator=";")
    filled.run("till")
    assert table(filled, delimiter=";")[1] == ["A", "red", "Rood", '"Bel; rond";Rood']


TYPED = [
    NUMBER,
    {"name": "Prijs", "kind": "number"},
    {"name": "Rood", "kind": "yes_no"},
    {"name": "Naam"},
    {"name": "Kleuren", "several": True},
]
FILLED = {**MAPPING, "Rood": {"value": "true"}, "Kleuren": {"from": ["name", "brand"]}}


def test_in_json_numbers_are_numbers_and_lists_are_lists(filled: Any) -> None:
    define(filled, *TYPED, mapping=FILLED, format="jsonl", yes="ja", no="nee", decimal="comma")
    assert filled.run("till").state == "published"
    assert [json.loads(line) for line in filled.world("till").splitlines()][1] == {
        "Artikelnummer": "B",
        "Prijs": 0.5,
        "Rood": True,
        "Naam": "-5 graden",
        "Kleuren": ["-5 graden", "Gazelle"],
    }


def test_in_xml_each_column_is_an_element(filled: Any) -> None:
    define(filled, *TYPED, mapping=FILLED, format="xml", root="lijst", element="artikel")
    assert filled.run("till").state == "published"
    root = etree.fromstring(filled.world("till").encode())
    assert (root.tag, {one.tag for one in root}) == ("lijst", {"artikel"})
    assert [(one.tag, one.text) for one in root[0]] == [
        ("Artikelnummer", "A"),
        ("Prijs", "749.00"),
        ("Rood", "true"),
        ("Naam", "Bel; rond"),
        ("Kleuren", "Bel; rond"),
        ("Kleuren", "Gazelle"),
    ]


@pytest.mark.parametrize("name", ["Prijs/stuk", "2e naam", "xmlns", "a b", "m²", "a:b", "<"])
def test_a_name_that_is_no_element_is_named(shop: Any, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        define(shop, NUMBER, {"name": name}, format="xml", root=name)
    assert {"options.format", "options.root"} <= set(refused.value.messages)


@pytest.mark.parametrize("name", ["Größe", "_x", "prijs-2.b", "Ligne"])
def test_a_name_that_is_an_element_is_read_as_one(filled: Any, name: str) -> None:
    define(
        filled,
        NUMBER,
        {"name": name},
        mapping={"Artikelnummer": {"from": ["$identifier"]}, name: {"from": ["brand"]}},
        format="xml",
    )
    filled.run("till")
    assert etree.fromstring(filled.world("till").encode())[0].findtext(name) == "Gazelle"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ([{"name": "A"}, {"name": " A "}], "Two columns are called “A”."),
        ([{"name": ".."}], "more than blanks and dots"),
        ([{"name": "A", "kind": "colour"}], "of a kind that is not among"),
        ([{"name": "A", "size": 3}], "has no setting “size”"),
        ([{"name": "A", "unique": True, "several": True}], "cannot hold several"),
        (["A"], "each with its name"),
    ],
)
def test_what_is_no_column_is_named(shop: Any, columns: list[Any], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        define(shop, *columns)
    (sentence,) = refused.value.messages[f"options.{OPTION}"]
    assert said in str(sentence)


def test_settings_that_contradict_each_other_are_named(shop: Any) -> None:
    with pytest.raises(Invalid) as refused:
        define(shop, decimal="comma", delimiter="comma", yes="1", no="1")
    assert {"options.decimal", "options.no"} <= set(refused.value.messages)


class Columns:
    """The columns of the feed as a page changes them."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop

    def seen(self) -> str:
        with self.shop.database.reading() as session:
            return editing.print_of(service.get(session, "till").options[OPTION])

    def change(self, what: str, *given: Any, seen: str = "") -> None:
        with self.shop.database.writing() as session:
            layout = ColumnLayout(session, "till", seen or self.seen())
            getattr(layout, what)(*given)
            layout.save(self.shop.clock(), by="anna")

    def names(self) -> list[str]:
        with self.shop.database.reading() as session:
            return [one.name for one in columns_of(service.get(session, "till"))]

    def definition(self) -> dict[str, Any]:
        with self.shop.database.reading() as session:
            return service.definition_of(session, service.get(session, "till"))


@pytest.fixture
def columns(filled: Any) -> Columns:
    define(filled, rules=[{"if": [], "set": {"Naam": {"value": "x"}, "Prijs": {"value": "1"}}}])
    return Columns(filled)


def test_a_column_that_is_called_otherwise_keeps_what_fills_it(columns: Columns) -> None:
    columns.change("change", "Naam", OwnColumn("Omschrijving", required=True))
    assert columns.names() == ["Artikelnummer", "Omschrijving", "Prijs"]
    definition = columns.definition()
    assert definition["mapping"]["Omschrijving"] == {"from": ["name"]}
    assert definition["rules"][0]["set"].keys() == {"Omschrijving", "Prijs"}


def test_columns_move_to_the_ends_and_no_further(columns: Columns) -> None:
    columns.change("move", "Prijs", -1)
    assert columns.names() == ["Artikelnummer", "Prijs", "Naam"]
    columns.change("move", "Prijs", -5)
    assert columns.names() == ["Prijs", "Artikelnummer", "Naam"]
    columns.change("move", "Prijs", 9)
    assert columns.names() == ["Artikelnummer", "Naam", "Prijs"]


def test_a_column_leaves_with_what_names_it(columns: Columns) -> None:
    columns.change("take_out", "Naam")
    definition = columns.definition()
    assert columns.names() == ["Artikelnummer", "Prijs"]
    assert "Naam" not in definition["mapping"]
    assert definition["rules"][0]["set"].keys() == {"Prijs"}
    with pytest.raises(NotFound):
        columns.change("take_out", "Naam")


def test_columns_that_are_there_already_are_not_added_twice(columns: Columns) -> None:
    added = [FilledColumn(OwnColumn("Naam"), {"value": "no"}), FilledColumn(OwnColumn("Merk"))]
    columns.change("add", added)
    assert columns.names() == ["Artikelnummer", "Naam", "Prijs", "Merk"]
    assert columns.definition()["mapping"]["Naam"] == {"from": ["name"]}


def test_who_saw_other_columns_is_refused(columns: Columns) -> None:
    seen = columns.seen()
    columns.change("move", "Prijs", -1)
    with pytest.raises(Conflict):
        columns.change("take_out", "Prijs", seen=seen)


def test_who_saves_the_settings_leaves_the_columns_alone(columns: Columns) -> None:
    with columns.shop.database.writing() as session:
        feed = service.get(session, "till")
        settings = editing.settings_of(session, feed)
        assert OPTION not in settings["options"]
        seen, now = editing.print_of(settings), columns.shop.clock()
        changed = {**settings, "options": {"decimal": "comma"}}
        editing.change_settings(session, "till", changed, seen, now, by="anna")
    assert columns.names() == ["Artikelnummer", "Naam", "Prijs"]
    assert columns.definition()["options"]["decimal"] == "comma"
