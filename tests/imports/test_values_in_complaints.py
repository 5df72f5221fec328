"""A complaint shows a value as the file spells it: there somebody looks for it."""

from typing import Any

import pytest
from sqlalchemy import select

from pim.imports.models import ImportProblem
from tests.support.imports import ImportingHub

UPC = "012345678905"
STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"till": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "ean": {"type": "gtin", "unique": True},
        "price": {"type": "price", "owner": "erp"},
        "weight": {"type": "measurement", "owner": "erp", "dimension": "weight", "unit": "GRAM"},
        "sold": {"type": "date", "owner": "erp"},
        "loud": {"type": "boolean", "owner": "erp"},
        "bore": {"type": "measurement", "dimension": "length", "unit": "MILLIMETER"},
    },
    "families": {
        "horns": {
            "attributes": ["sku", "ean", "price", "weight", "sold", "loud", "bore"],
        }
    },
    "variants": {"by_bore": {"family": "horns", "levels": [{"axes": ["bore"], "attributes": []}]}},
}
ERP = """
code: {code}
owner: {code}
key: Code
doubts: warn
file: {{decimal: ",", date: "%d-%m-%Y"}}
columns:
  Code: sku
  EAN: {{to: ean, optional: true}}
  Price: {{to: price-EUR, optional: true}}
  Weight: {{to: weight, optional: true}}
  Unit: {{to: weight-unit, optional: true, map: {{pound: POUND}}}}
  Sold: {{to: sold, optional: true}}
  Loud: {{to: loud, optional: true}}
  Bore: {{to: bore, optional: true}}
  Model: {{to: parent, optional: true}}
  Kind: {{to: family, optional: true, map: {{H: horns, T: trumpets}}}}
  Active: {{to: enabled, optional: true}}
"""
MODELS = "code: m\nowner: erp\nkey: Code\nkind: model\ncolumns: {Code: sku, Kind: family_variant}\n"


@pytest.fixture
def hub(database: Any, clock: Any, tmp_path: Any) -> ImportingHub:
    return ImportingHub(database, clock, tmp_path, STRUCTURE)


def complaints(hub: ImportingHub, rows: list[str], code: str = "erp") -> list[tuple[str, str]]:
    """(column, value) of what is said of these rows."""
    run = hub.file(rows, ERP.format(code=code))
    with hub.database.reading() as session:
        own = select(ImportProblem).where(ImportProblem.run_id == run.id)
        return [
            (one.column, one.value) for one in session.scalars(own.order_by(ImportProblem.number))
        ]


@pytest.mark.parametrize("spelled", [UPC, "012345 678905", f"0{UPC}"])
def test_a_gtin_that_another_product_has_has_the_zeros_of_the_file(
    hub: ImportingHub, spelled: str
) -> None:
    complaints(hub, ["Code;EAN", f"a;{UPC}"])
    assert complaints(hub, ["Code;EAN", f"b;{spelled}"]) == [("EAN", spelled)]


def test_values_that_stay_are_shown_as_the_file_has_them(hub: ImportingHub) -> None:
    header = "Code;Price;Weight;Unit;Sold;Loud"
    complaints(hub, [header, "a;5,00;10;GRAM;01-02-2026;nee"])
    assert complaints(hub, [header, "a;1.234,50;1,5;pound;31-01-2026;ja"], code="shop") == [
        ("Price", "1.234,50"),
        ("Sold", "31-01-2026"),
        ("Loud", "ja"),
        ("Weight", "1,5 pound"),
    ]


def test_a_value_that_no_other_variant_may_have_is_shown_as_the_file_has_it(
    hub: ImportingHub,
) -> None:
    hub.file(["Code;Kind", "M;by_bore"], MODELS)
    complaints(hub, ["Code;Model;Bore", "m-1;M;12,50 mm"])
    assert complaints(hub, ["Code;Model;Bore", "m-2;M;1,25 cm"]) == []
    assert complaints(hub, ["Code;Model;Bore", "m-3;M;12,5"]) == [("Bore", "12,5")]


def test_a_weight_below_zero_is_taken_with_a_doubt(hub: ImportingHub) -> None:
    assert complaints(hub, ["Code;Weight;Price", "a;-1,50;", "b;0;", "c;5-;-2,00"]) == [
        ("Weight", "-1,50"),
        ("Weight", "5-"),
        ("Price", "-2,00"),
    ]
    weights = [hub.get(one).values["weight"]["amount"] for one in "abc"]
    assert weights == ["-1.5", "0", "-5"]
    assert "price-EUR" not in hub.get("c").values


def test_swiss_thousands_and_a_mark_of_text_are_sure(hub: ImportingHub) -> None:
    rows = ["a;1'000;12'500,50", "b;'12;'1'000,00", "c;1’250’000;"]
    assert complaints(hub, ["Code;Weight;Price", *rows]) == []
    found = [hub.get(one).values for one in "abc"]
    assert [one["weight"]["amount"] for one in found] == ["1000", "12", "1250000"]
    assert [one.get("price-EUR") for one in found] == ["12500.50", "1000.00", None]


@pytest.mark.parametrize("spelled", ["1'00", "1'0000", "12'", "1''000", "1.000"])
def test_marks_that_part_no_thousands_are_no_number(hub: ImportingHub, spelled: str) -> None:
    assert complaints(hub, ["Code;Weight", f"a;{spelled}"]) == [("Weight", spelled)]
    assert "weight" not in hub.get("a").values


def test_a_spelling_that_stands_for_another_is_shown_itself(hub: ImportingHub) -> None:
    assert complaints(hub, ["Code;Kind", "a;T"]) == [("Kind", "T")]
