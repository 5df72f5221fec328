"""What was changed in a file, and nothing else: cell by cell, with what cannot be taken named."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant, Principal
from pim.bulk_edits import queries
from pim.bulk_edits.undo import take_back
from pim.errors import Invalid
from pim.products.change import Origin
from pim.products.history import latest_change
from pim.spreadsheets import conflicts
from pim.spreadsheets.columns import SKU
from tests.spreadsheets.conftest import STRUCTURE, Sheets
from tests.support import workbooks

UNDO = Origin("revert", "anna", None)


def test_only_the_cells_that_differ_are_changed_and_one_undo_takes_all_back(
    sheets: Sheets,
) -> None:
    sheets.kettle("A", name_nl="Ketel", code="x", price="12.50")
    sheets.kettle("B", name_nl="Pot", code="y")
    path = sheets.export("A", "B")
    sheets.kettle("A", code="meanwhile")
    changed = sheets.change(
        path,
        {
            ("A", "name-nl_NL"): "Fluitketel",
            ("A", "price-EUR"): 13.0,
            ("B", "name-nl_NL"): "",
            ("B", "since"): "2026-11-22",
            ("B", "color"): "red",
        },
    )
    edit_id = sheets.bring_back(changed)
    assert sheets.changes(edit_id) == [
        ("A", "name-nl_NL", "Ketel", "Fluitketel"),
        ("A", "price-EUR", "12.50", "13.00"),
        ("B", "name-nl_NL", "Pot", None),
        ("B", "since", None, "2026-11-22"),
        ("B", "color", None, "red"),
    ]
    assert sheets.left(edit_id) == []
    assert sheets.value("A", "name-nl_NL") == "Ketel"
    done = sheets.apply(edit_id)
    assert (done.changed, done.refused, done.left_out) == (2, 0, 0)
    assert sheets.value("A", "name-nl_NL") == "Fluitketel"
    assert sheets.value("A", "code") == "meanwhile"
    assert sheets.value("B", "name-nl_NL") is None
    take_back(sheets.database, edit_id, UNDO, sheets.clock)
    assert sheets.value("A", "name-nl_NL") == "Ketel"
    assert sheets.value("A", "code") == "meanwhile"
    assert sheets.value("B", "name-nl_NL") == "Pot"
    assert sheets.value("B", "color") is None


def test_a_file_in_labels_is_read_by_labels(sheets: Sheets) -> None:
    sheets.kettle("A", color="red", uses=["tea"], boxed=True)
    path = sheets.export("A", language="en")
    changed = sheets.change(
        path,
        {
            ("A", "color"): "Light [ice]",
            ("A", "uses"): 'Tea,"Soup, ""thick"""',
            ("A", "boxed"): "No",
            ("A", "categories"): '"Cold, icy"',
            ("A", "family"): "Gloves",
            ("A", "enabled"): "no",
        },
    )
    assert {one[1:] for one in _hashable(sheets.compared(changed)[0])} == {
        ("color", "red", "ice"),
        ("uses", ("tea",), ("tea", "soup")),
        ("boxed", True, False),
        ("categories", None, ("cold",)),
        ("family", "kettles", "gloves"),
        ("enabled", True, False),
    }


def _hashable(changes: list[Any]) -> list[Any]:
    return [
        tuple(tuple(part) if isinstance(part, list) else part for part in one) for one in changes
    ]


def test_what_cannot_be_read_is_named_with_row_column_value_and_rule(sheets: Sheets) -> None:
    sheets.kettle("A", color="red", ratio="1")
    sheets.kettle("B")
    path = sheets.export("A", "B")
    changed = sheets.change(
        path,
        {
            ("A", "color"): "pink",
            ("A", "ratio"): "much",
            ("A", "code"): "taken",
            ("B", "since"): "3/4/2026",
            ("B", "fits"): "nowhere",
            ("B", "weight"): "1",
        },
    )
    found, left = sheets.compared(changed)
    assert found == [
        ("A", "code", None, "taken"),
        ("B", "weight", None, {"amount": "1", "unit": "KILOGRAM"}),
    ]
    assert left == [
        (2, "A", "ratio", "number"),
        (2, "A", "color", "option"),
        (3, "B", "since", "date"),
        (3, "B", "fits", "unknown"),
    ]


def test_rows_and_columns_that_nobody_knows_are_named(sheets: Sheets) -> None:
    sheets.kettle("A", code="x")
    head, row = workbooks.opened(sheets.export("A", columns=["code", ".status"]))
    code, version = head.index("code"), head.index(".version")
    unknown, nameless, unversioned = (list(row) for _ in range(3))
    unknown[0], nameless[0], unversioned[version] = "Z", "", ""
    changed = list(row)
    changed[code] = "y"
    blank = [""] * (len(head) + 1)
    path = sheets.save(
        [*head, "Remark"],
        *([*one, ""] for one in (unknown, nameless, unversioned)),
        blank,
        [*changed, "look"],
        [*changed, ""],
    )
    found, left = sheets.compared(path)
    assert found == [("A", "code", "x", "y")]
    assert left == [
        (None, "", "Remark", "column"),
        (2, "Z", "", "sku"),
        (3, "", ".sku", "sku"),
        (4, "A", ".version", "version"),
        (7, "A", "", "twice"),
    ]


def test_columns_may_be_moved_and_removed_and_rows_sorted(sheets: Sheets) -> None:
    for sku in ("A", "B", "C"):
        sheets.kettle(sku, code=sku, price="1.00", weight={"amount": "2", "unit": "GRAM"})
    head, *rows = workbooks.opened(sheets.export("A", "B", "C"))
    kept = [".version", "weight", "code", SKU]
    places = [head.index(one) for one in kept]
    moved = [[row[place] for place in places] for row in reversed(rows)]
    moved[0][2] = "new"
    assert sheets.compared(sheets.save(kept, *moved)) == ([("C", "code", "C", "new")], [])


def test_an_amount_without_its_column_of_units_is_no_value(sheets: Sheets) -> None:
    sheets.kettle("A", weight={"amount": "2", "unit": "GRAM"})
    head, row = workbooks.opened(sheets.export("A", columns=["weight"]))
    unit = head.index("weight-unit")
    del head[unit], row[unit]
    row[head.index("weight")] = 3.0
    assert sheets.compared(sheets.save(head, row)) == ([], [(2, "A", "weight", "unit")])


@pytest.mark.parametrize(
    ("column", "called", "said"),
    [(".sku", "Article", "SKUs"), (".sku", "", "no name"), (".version", "Note", "versions")],
)
def test_a_file_that_does_not_say_what_it_is_about_is_refused(
    sheets: Sheets, column: str, called: str, said: str
) -> None:
    sheets.kettle("A")
    head, row = workbooks.opened(sheets.export("A", columns=["code"]))
    head[head.index(column)] = called
    with pytest.raises(Invalid, match=said):
        sheets.bring_back(sheets.save(head, row))


def test_a_row_of_another_hub_is_refused(sheets: Sheets) -> None:
    sheets.kettle("A", code="x")
    head, row = workbooks.opened(sheets.export("A", columns=["code"]))
    row[head.index(".version")] = 10**6
    row[head.index("code")] = "y"
    assert sheets.compared(sheets.save(head, row)) == ([], [(2, "A", "", "version")])


def test_a_row_from_before_its_product_was_made_anew_is_refused(sheets: Sheets) -> None:
    sheets.kettle("A", code="x")
    path = sheets.export("A", columns=["code"])
    sheets.kettle("B", code="x")
    head, row = workbooks.opened(path)
    row[0], row[1] = "B", "y"
    assert sheets.compared(sheets.save(head, row)) == ([], [(2, "B", "", "version")])


def test_what_a_model_lends_is_changed_in_the_row_of_the_model(sheets: Sheets) -> None:
    sheets.gloves()
    path = sheets.export("G")
    changed = sheets.change(path, {("G", "color"): "blue", ("G-s", "name-nl_NL"): "Mof"})
    edit_id = sheets.bring_back(changed)
    done = sheets.apply(edit_id)
    assert (done.changed, done.refused) == (1, 1)
    assert sheets.detail("G-s").document["color"] == "blue"
    assert sheets.detail("G-s").document["name-nl_NL"] == "Want"
    assert sheets.left(edit_id) == [(None, "G-s", None, "model")]


def test_a_cell_that_a_model_changed_meanwhile_is_a_conflict_of_its_variant(
    sheets: Sheets,
) -> None:
    sheets.gloves()
    path = sheets.export("G-s")
    sheets.model("G", {"color": "blue"})
    assert sheets.compared(path) == ([], [])
    edit_id = sheets.bring_back(sheets.change(path, {("G-s", "color"): "ice"}))
    with sheets.database.reading() as session:
        (found,) = conflicts.conflicts(session, edit_id)
    assert (found.base, found.theirs, found.mine) == ("red", "blue", "ice")
    assert found.change is not None
    assert found.change.actor == "anna"


class Conflicting:
    """A product of which two cells were changed in the file, and one of them here as well."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        sheets.kettle("A", code="old", name_nl="Ketel")
        path = sheets.export("A")
        sheets.kettle("A", code="theirs")
        changed = {("A", "code"): "mine", ("A", "name-nl_NL"): "Pot"}
        self.edit_id = sheets.bring_back(sheets.change(path, changed))

    def found(self) -> list[conflicts.CellConflict]:
        with self.sheets.database.reading() as session:
            return conflicts.conflicts(session, self.edit_id)

    def decide(self, *, moment: int | None = None) -> None:
        """For the file."""
        with self.sheets.database.writing() as session:
            edit = queries.get(session, self.edit_id)
            at = moment or latest_change(session)
            conflicts.decide_all(session, edit, at, is_mine=True)

    def values(self) -> tuple[Any, Any]:
        return self.sheets.value("A", "code"), self.sheets.value("A", "name-nl_NL")


@pytest.fixture
def conflicting(sheets: Sheets) -> Conflicting:
    return Conflicting(sheets)


def test_theirs_is_kept_unless_somebody_decides_for_the_file(conflicting: Conflicting) -> None:
    (found,) = conflicting.found()
    assert (found.identifier, found.line, found.address) == ("A", 2, "code")
    assert (found.base, found.theirs, found.mine) == ("old", "theirs", "mine")
    assert not found.is_mine
    done = conflicting.sheets.apply(conflicting.edit_id)
    assert conflicting.values() == ("theirs", "Pot")
    assert (done.changed, done.left_out) == (1, 1)
    assert conflicting.sheets.left(conflicting.edit_id) == [(None, "A", None, "conflict")]


def test_mine_is_taken_where_somebody_decided_so(conflicting: Conflicting) -> None:
    conflicting.decide()
    assert [one.is_mine for one in conflicting.found()] == [True]
    done = conflicting.sheets.apply(conflicting.edit_id)
    assert conflicting.values() == ("mine", "Pot")
    assert done.left_out == 0


def test_what_was_decided_counts_for_what_was_seen_alone(conflicting: Conflicting) -> None:
    conflicting.decide()
    conflicting.sheets.kettle("A", code="newer")
    conflicting.sheets.apply(conflicting.edit_id)
    assert conflicting.values() == ("newer", "Pot")


def test_what_was_changed_again_after_somebody_looked_stays_undecided(
    conflicting: Conflicting,
) -> None:
    with conflicting.sheets.database.reading() as session:
        moment = latest_change(session)
    conflicting.sheets.kettle("A", code="newer")
    conflicting.decide(moment=moment)
    conflicting.sheets.apply(conflicting.edit_id)
    assert conflicting.values() == ("newer", "Pot")


def test_a_conflict_that_appears_before_the_end_is_found(sheets: Sheets) -> None:
    sheets.kettle("A", code="old")
    path = sheets.export("A")
    edit_id = sheets.bring_back(sheets.change(path, {("A", "code"): "mine"}))
    sheets.kettle("A", code="theirs")
    sheets.apply(edit_id)
    assert sheets.value("A", "code") == "theirs"
    assert sheets.left(edit_id) == [(None, "A", None, "conflict")]


def test_somebody_who_changed_it_to_the_same_is_no_conflict(sheets: Sheets) -> None:
    sheets.kettle("A", code="old")
    path = sheets.export("A")
    sheets.kettle("A", code="same")
    assert sheets.compared(sheets.change(path, {("A", "code"): "same"})) == ([], [])


def test_the_grants_of_the_person_hold(sheets: Sheets) -> None:
    sheets.kettle("A", name_nl="Ketel", name_en="Kettle", categories=["hot"])
    path = sheets.export("A")
    changed = {("A", "name-nl_NL"): "Pot", ("A", "name-en_GB"): "Pot"}
    dutch = Grant(Permission.PRODUCTS_EDIT, locales=frozenset({"nl_NL"}))
    noor = Principal("user", "noor", "hub", (Grant(Permission.PRODUCTS_VIEW), dutch))
    edit_id = sheets.bring_back(sheets.change(path, changed), noor)
    sheets.apply(edit_id, noor)
    assert sheets.value("A", "name-nl_NL") == "Pot"
    assert sheets.value("A", "name-en_GB") == "Kettle"
    assert sheets.left(edit_id) == [(None, "A", None, "permission")]
    elsewhere = Grant(Permission.PRODUCTS_VIEW, trees=frozenset({"other"}))
    blind = Principal("user", "sam", "hub", (elsewhere,))
    assert sheets.left(sheets.bring_back(path, blind)) == [(2, "A", "", "sku")]


def test_what_another_system_owns_stays(sheets: Sheets) -> None:
    sheets.kettle("A")
    erp = Origin("import", "erp", "erp")
    sheets.edit("A", {"stock": "5"}, erp)
    path = sheets.export("A")
    edit_id = sheets.bring_back(sheets.change(path, {("A", "stock"): 7}))
    sheets.apply(edit_id)
    assert sheets.value("A", "stock") == "5"
    assert sheets.left(edit_id) == [(None, "A", None, "owner")]


def test_what_a_rule_forbids_meanwhile_is_not_written(sheets: Sheets) -> None:
    sheets.kettle("A")
    path = sheets.export("A")
    edit_id = sheets.bring_back(sheets.change(path, {("A", "code"): "long"}))
    structure = deepcopy(STRUCTURE)
    structure["attributes"]["code"]["max_length"] = 3
    sheets.restructure(structure)
    sheets.apply(edit_id)
    assert sheets.value("A", "code") is None
    assert sheets.left(edit_id) == [(None, "A", None, "max_length")]


def test_a_text_that_was_too_long_for_a_cell_is_left_alone(sheets: Sheets) -> None:
    sheets.kettle("A", story=f"<p>{'x' * 40_000}</p>", code="x")
    path = sheets.export("A")
    assert sheets.compared(sheets.change(path, {("A", "code"): "y"})) == (
        [("A", "code", "x", "y")],
        [],
    )


def test_a_file_whose_reading_was_killed_is_read_again(sheets: Sheets) -> None:
    sheets.kettle("A", code="x")
    path: Path = sheets.change(sheets.export("A"), {("A", "code"): "y"})
    edit_id = sheets.bring_back(path)
    with sheets.database.writing() as session:
        queries.get(session, edit_id).state = "reading"
    sheets.read_again(edit_id, path)
    assert sheets.changes(edit_id) == [("A", "code", "x", "y")]


def test_a_column_that_was_filled_down_over_a_model_and_its_variants_is_the_models(
    sheets: Sheets,
) -> None:
    sheets.gloves()
    path = sheets.export("G")
    down = {(sku, "color"): "blue" for sku in ("G", "G-s", "G-m")}
    edit_id = sheets.bring_back(sheets.change(path, down))
    done = sheets.apply(edit_id)
    assert (done.changed, done.unchanged, done.refused) == (1, 2, 0)
    assert sheets.left(edit_id) == []
    assert sheets.value("G-s", "color") is None
    assert sheets.detail("G-s").document["color"] == "blue"
