"""Text -> typed values: what a cell means, and every complaint at once."""

from collections.abc import Sequence
from typing import Any

import pytest

from pim.attributes.base import Reading
from pim.errors import Invalid, text
from pim.row_reader import Column, RowReader, read_form
from pim.structure.document import flatten
from pim.structure.objects import Structure
from pim.structure.parse import build_structure

ASSETS = {"a.jpg": "a" * 20, "b.jpg": "b" * 20, "Tent, green.jpg": "c" * 20}


@pytest.fixture(scope="module")
def structure() -> Structure:
    return build_structure(
        flatten(
            {
                "locales": ["nl_NL", "de_DE"],
                "currencies": ["EUR", "USD"],
                "channels": {
                    "shop": {"locales": ["nl_NL", "de_DE"], "currencies": ["EUR"]},
                    "till": {"locales": ["nl_NL"], "currencies": ["EUR"]},
                },
                "attributes": {
                    "sku": {"type": "identifier"},
                    "name": {"type": "text", "localizable": True, "max_length": 10},
                    "teaser": {"type": "text", "localizable": True, "scopable": True},
                    "ean": {"type": "gtin"},
                    "price": {"type": "price"},
                    "weight": {"type": "measurement", "dimension": "weight", "unit": "KILOGRAM"},
                    "color": {"type": "choice", "options": {"red": {}, "blue": {}}},
                    "picture": {"type": "asset"},
                    "pictures": {"type": "asset", "multiple": True},
                },
                "families": {"bikes": {"attributes": ["name"], "label": "name"}},
                "associations": {"upsell": {}},
            }
        ),
        1,
    )


def reader(structure: Structure, columns: Sequence[Column], **options: Any) -> RowReader:
    return RowReader(structure, columns, Reading(decimal=","), asset_of=ASSETS.get, **options)


def read(
    structure: Structure, columns: dict[str, str], **options: Any
) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """``columns``: address -> cell."""
    values, problems = reader(structure, [Column(name, name) for name in columns], **options).read(
        list(columns.values())
    )
    return values, [(one.address, one.rule, one.severity) for one in problems]


def test_each_address_has_its_type(structure: Structure) -> None:
    cells = {
        "name-nl_NL": "Fiets",
        "price-EUR": "12,50",
        "weight": "1,5",
        "weight-unit": "kg",
        "color": "RED",
        "categories": "a, b,a",
        "family": " bikes ",
        "enabled": "nee",
        "upsell-products": "x,y",
    }
    assert read(structure, cells) == (
        {
            "name-nl_NL": "Fiets",
            "price-EUR": "12.50",
            "weight": {"amount": "1.5", "unit": "KILOGRAM"},
            "color": "red",
            "categories": ["a", "b"],
            "family": "bikes",
            "enabled": False,
            "upsell-products": ["x", "y"],
        },
        [],
    )


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0", "\u200b", "\ufeff \u00ad"])
@pytest.mark.parametrize(
    "address",
    [
        "name-nl_NL",
        "price-EUR",
        "weight",
        "ean",
        "color",
        "enabled",
        "family",
        "parent",
        "categories",
        "upsell-products",
        "pictures",
    ],
)
def test_a_blank_cell_leaves_its_value_alone(
    structure: Structure, address: str, blank: str
) -> None:
    assert read(structure, {address: blank}) == ({}, [])


@pytest.mark.parametrize("address", ["categories", "upsell-products"])
def test_a_list_of_nothing_is_blank(structure: Structure, address: str) -> None:
    assert read(structure, {address: " , ,"}) == ({}, [])


def test_the_marker_clears(structure: Structure) -> None:
    cells = {"name-nl_NL": "-", "family": "-", "categories": "-", "weight": "-", "weight-unit": ""}
    assert read(structure, cells, clear="-") == (
        dict.fromkeys(("name-nl_NL", "family", "categories", "weight")),
        [],
    )


@pytest.mark.parametrize("cell", [" -", "- ", "-\u00a0", "\t-"])
def test_blanks_around_the_marker_are_no_part_of_it(structure: Structure, cell: str) -> None:
    cells = dict.fromkeys(("name-nl_NL", "family", "upsell-products", "price-EUR"), cell)
    assert read(structure, cells, clear="-") == (dict.fromkeys(cells), [])


@pytest.mark.parametrize("unit", ["", "kg", "-", " "])
def test_the_marker_clears_a_measurement_whatever_its_unit(structure: Structure, unit: str) -> None:
    for amount in ("-", " - "):
        cells = {"weight": amount, "weight-unit": unit}
        assert read(structure, cells, clear="-") == ({"weight": None}, [])


@pytest.mark.parametrize(("word", "value"), [("WAAR", True), ("falsch", False), ("oui", True)])
def test_whether_it_is_enabled_is_said_in_the_words_of_any_yes_or_no(
    structure: Structure, word: str, value: bool
) -> None:
    assert read(structure, {"enabled": word}) == ({"enabled": value}, [])
    assert read(structure, {"enabled": " "}) == ({}, [])
    assert read(structure, {"enabled": "maybe"})[1] == [("enabled", "boolean", "error")]


def test_a_blank_field_of_a_form_clears(structure: Structure) -> None:
    values, problems = read_form(structure, {"name-nl_NL": "", "color": " ", "price-EUR": "9.95"})
    assert (values, problems) == ({"name-nl_NL": None, "color": None, "price-EUR": "9.95"}, [])


def test_a_price_is_read_in_the_currency_of_its_column(structure: Structure) -> None:
    assert read(structure, {"price-EUR": "€ 12,50", "price-USD": "$ 9,-"}) == (
        {"price-EUR": "12.50", "price-USD": "9.00"},
        [],
    )
    assert read(structure, {"price-EUR": "$ 12,50"})[1] == [("price-EUR", "currency", "error")]


def test_all_that_is_wrong_with_a_row_is_said(structure: Structure) -> None:
    values, problems = read(
        structure,
        {"name-nl_NL": "x" * 11, "price-EUR": "duur", "color": "green", "name-de_DE": "Rad"},
    )
    assert problems == [
        ("name-nl_NL", "max_length", "error"),
        ("price-EUR", "number", "error"),
        ("color", "option", "error"),
    ]
    assert values == {"name-de_DE": "Rad"}


@pytest.mark.parametrize("damaged", ["weight", "weight-unit"])
def test_a_cell_that_cannot_be_used_leaves_what_it_fills_as_it_is(
    structure: Structure, damaged: str
) -> None:
    cells = {"name-nl_NL": "Rad", "weight": "2", "weight-unit": "KILOGRAM", "color": "no colour"}
    compiled = reader(
        structure, [Column(name, name) for name in cells], empty_clears=True, always={"weight": 1}
    )
    why = text("The cell contains NUL characters.")
    faults = {list(cells).index(damaged): why}
    values, problems = compiled.read_damaged(list(cells.values()), faults)
    assert values == {"name-nl_NL": "Rad"}
    assert [(one.address, one.rule, one.value, one.severity) for one in problems] == [
        ("color", "option", "no colour", "error"),
        ("weight", "cell", cells[damaged], "error"),
    ]
    assert problems[1].message == why


@pytest.mark.parametrize(
    ("refuse", "severity", "taken"),
    [(True, "error", {}), (False, "warning", {"ean": "4006381333932"})],
)
def test_a_doubt_is_refused_or_taken(
    structure: Structure, refuse: bool, severity: str, taken: dict[str, str]
) -> None:
    assert read(structure, {"ean": "4006381333932"}, refuse_doubts=refuse) == (
        taken,
        [("ean", "check_digit", severity)],
    )


@pytest.mark.parametrize(("refuse", "severity"), [(True, "error"), (False, "warning")])
def test_a_picture_of_which_there_are_several_is_doubtful(
    structure: Structure, refuse: bool, severity: str
) -> None:
    doubts = {"a.jpg": text("Several pictures are called so.")}
    cells = {"pictures": "a.jpg,b.jpg", "picture": "b.jpg"}
    values, problems = read(structure, cells, asset_doubt=doubts.get, refuse_doubts=refuse)
    taken = {"pictures": ["a" * 20, "b" * 20]} if not refuse else {}
    assert values == {"picture": "b" * 20, **taken}
    assert problems == [("pictures", "several pictures", severity)]


def test_pictures_that_are_there_come_in_and_the_others_are_listed(structure: Structure) -> None:
    assert read(structure, {"pictures": "a.jpg,b.jpg"}) == ({"pictures": ["a" * 20, "b" * 20]}, [])
    assert read(structure, {"pictures": "a.jpg,lost.jpg"}) == (
        {"pictures": ["a" * 20]},
        [("pictures", "picture", "warning")],
    )
    assert read(structure, {"pictures": "lost.jpg"}) == ({}, [("pictures", "picture", "skipped")])


@pytest.mark.parametrize("cell", ["Tent, green.jpg", ' "Tent, green.jpg" '])
def test_the_one_picture_of_a_field_is_named_by_the_whole_cell(
    structure: Structure, cell: str
) -> None:
    assert read(structure, {"picture": cell}) == ({"picture": "c" * 20}, [])
    compiled = reader(structure, [Column("Foto", "picture")])
    assert compiled.picture_names([cell]) == ["Tent, green.jpg"]


def test_quotes_keep_the_items_of_every_list_together(structure: Structure) -> None:
    cells = {
        "pictures": '"Tent, green.jpg",a.jpg',
        "upsell-products": '"7,5x60",8x80',
        "categories": '"a,b", c',
    }
    assert read(structure, cells) == (
        {
            "pictures": ["c" * 20, "a" * 20],
            "upsell-products": ["7,5x60", "8x80"],
            "categories": ["a,b", "c"],
        },
        [],
    )


def test_a_list_whose_quote_is_not_closed_is_told(structure: Structure) -> None:
    cells = {"pictures": '"a.jpg', "upsell-products": '"7,5x60'}
    assert read(structure, cells) == (
        {},
        [("pictures", "list", "error"), ("upsell-products", "list", "error")],
    )
    compiled = reader(structure, [Column("Foto", "pictures")])
    assert compiled.picture_names(['"a.jpg']) == []


def test_a_column_with_a_map_names_the_pictures_that_are_meant(structure: Structure) -> None:
    columns = [
        Column("Foto", "picture", {"tent": "a.jpg"}),
        Column("Fotos", "pictures", {"tent": "a.jpg"}, "|"),
    ]
    compiled = reader(structure, columns)
    assert compiled.picture_names(["tent ", "b.jpg| tent"]) == ["a.jpg", "b.jpg", "a.jpg"]
    assert compiled.read(["tent ", "b.jpg| tent"]) == (
        {"picture": "a" * 20, "pictures": ["b" * 20, "a" * 20]},
        [],
    )


def test_blanks_around_a_cell_do_not_hide_it_from_its_map(structure: Structure) -> None:
    columns = [
        Column("Kleur", "color", {"ROOD": "red", " BLAUW ": "blue"}),
        Column("Gewicht", "weight", {"licht": "1"}),
        Column("Eenheid", "weight-unit", {"K": "kg"}),
        Column("Groep", "categories", {"kort|lang": "bikes", "2": "tents|beds"}, "|"),
    ]
    compiled = reader(structure, columns)
    weight = {"amount": "1", "unit": "KILOGRAM"}
    assert compiled.read([" ROOD", "licht ", "\u00a0K", '"kort|lang"|2']) == (
        {"color": "red", "weight": weight, "categories": ["bikes", "tents", "beds"]},
        [],
    )
    assert compiled.read(["BLAUW", "", "", ""])[0] == {"color": "blue"}


def test_accents_stored_in_two_ways_find_the_same_entry_of_a_map(structure: Structure) -> None:
    columns = [
        Column("Farbe", "color", {"Bl\u00e4u": "blue"}),
        Column("Gruppe", "categories", {"Ta\u0308sche": "bags"}, "|"),
    ]
    values, problems = reader(structure, columns).read(["Bla\u0308u", "x | T\u00e4sche"])
    assert (values, problems) == ({"color": "blue", "categories": ["x", "bags"]}, [])


def test_cells_are_translated_by_the_columns_map(structure: Structure) -> None:
    columns = [
        Column("Kleur", "color", {"ROOD": "red", "GEEN": ""}),
        Column("Groep", "categories", {"1": "bikes", "2": "tents"}, "|"),
        Column("Gewicht", "weight", {"licht": "1"}),
        Column("Eenheid", "weight-unit", {"K": "kg"}),
    ]
    compiled = reader(structure, columns)
    weight = {"amount": "1", "unit": "KILOGRAM"}
    assert compiled.read(["ROOD", "2|1|x", "licht", "K"]) == (
        {"color": "red", "categories": ["tents", "bikes", "x"], "weight": weight},
        [],
    )
    assert compiled.read(["GEEN", "", "", ""]) == ({}, [])


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (Column("c", "brand"), "There is no attribute “brand”."),
        (
            Column("c", "name"),
            "“name” is not a value of this shop; “name” has: name-nl_NL, name-de_DE.",
        ),
        (Column("c", "name-fr_FR"), "There is no locale “fr_FR”."),
        (Column("c", "teaser-nl_NL-print"), "There is no channel “print”."),
        (Column("c", "teaser-de_DE-till"), "The channel “till” has no locale “de_DE”."),
        (
            Column("c", "color-nl_NL"),
            "“color-nl_NL” is not a value of this shop; “color” has: color.",
        ),
        (
            Column("c", "price"),
            "“price” is not a value of this shop; “price” has: price-EUR, price-USD.",
        ),
        (Column("c", "price-GBP"), "There is no currency “GBP”."),
        (Column("c", "status"), "There is no attribute “status”."),
        (Column("c", "cross-products"), "There is no attribute “cross”."),
        (
            Column("c", "weight-unit"),
            "“weight-unit” is the unit of “weight”, which no column fills.",
        ),
    ],
)
def test_a_column_that_leads_nowhere_says_why(
    structure: Structure, column: Column, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        reader(structure, [column])
    assert [str(one) for one in refused.value.messages["c"]] == [sentence]


def test_every_column_that_leads_nowhere_is_named(structure: Structure) -> None:
    with pytest.raises(Invalid) as refused:
        reader(
            structure,
            [
                Column("a", "brand"),
                Column("b", "name-fr_FR"),
                Column("c", "weight", unit="bushel"),
                Column("d", "color"),
            ],
        )
    assert list(refused.value.messages) == ["a", "b", "c"]
