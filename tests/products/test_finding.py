"""What somebody types or pastes finds the products that were meant, on both engines."""

import pytest

from pim.products import finding
from pim.products.change import ProductInput
from pim.products.finding import find, items_of, named
from pim.products.maintenance import reindex
from tests.products.conftest import STRUCTURE

EANS = {"lamp": "8711234500013", "hammock": "4006381333931", "tent": "96385074"}


@pytest.fixture
def stocked(shop, migration):
    names = {
        "LAMP-1": ("Staande leeslamp", EANS["lamp"], ["city"]),
        "HM-20": ("Hangmat Rio", EANS["hammock"], ["race"]),
        "HM-21": ("Hangmat Bahia", None, ["city"]),
        "T-9": ("Tunneltent", EANS["tent"], ["city"]),
    }
    shop.batch(
        [
            ProductInput(
                sku, {"family": "bikes", "name-nl_NL": name, "ean": ean, "categories": places}
            )
            for sku, (name, ean, places) in names.items()
        ],
        migration,
    )
    return shop


def found(shop, typed, within=None):
    with shop.database.reading() as session:
        result = find(session, shop.structure(), typed, within, 12)
    return [row.identifier for row in result.rows], result.meant


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("hm-21", ["HM-21"]),
        (" HM-20 ", ["HM-20"]),
        ("hm", ["HM-21", "HM-20"]),
        ("3931", ["HM-20"]),
        ("33 3931", ["HM-20"]),
        ("931", []),
        ("4006381333931", ["HM-20"]),
        ("04006381333931", ["HM-20"]),
        ("5074", ["T-9"]),
        ("3932", []),
        ("hangmat", ["HM-21", "HM-20"]),
        ("", []),
        ("%", []),
    ],
)
def test_by_sku_the_last_digits_of_an_ean_and_words(stocked, typed, wanted):
    assert found(stocked, typed) == (wanted, "")


@pytest.mark.parametrize(
    ("typed", "wanted", "meant"),
    [
        ("hangmta", ["HM-21", "HM-20"], "hangmat"),
        ("hnagmat bahia", ["HM-21"], "hangmat bahia"),
        ("jangmat", ["HM-21", "HM-20"], "hangmat"),
        ("leeslmap", ["LAMP-1"], "leeslamp"),
        ("tunnle", ["T-9"], "tunnel"),
        ("hamgnxt", [], ""),
        ("hm-2x", [], ""),
    ],
)
def test_a_slip_finds_what_was_meant_and_says_so(stocked, typed, wanted, meant):
    assert found(stocked, typed) == (wanted, meant)


def test_a_word_that_finds_something_is_not_taken_for_a_slip(stocked, migration):
    stocked.batch([ProductInput("X", {"family": "bikes", "name-nl_NL": "Hangmot"})], migration)
    assert found(stocked, "hangmot") == (["X"], "")


def test_a_renamed_product_is_found_by_slips_of_its_new_name_only(stocked, migration):
    stocked.batch([ProductInput("T-9", {"name-nl_NL": "Paraplu"})], migration)
    assert found(stocked, "parapul") == (["T-9"], "paraplu")
    assert found(stocked, "tunneltemt") == ([], "")


def test_nobody_finds_what_they_may_not_see(stocked):
    city = frozenset({"city"})
    assert found(stocked, "hm-20", city) == ([], "")
    assert found(stocked, "3931", city) == ([], "")
    assert found(stocked, "hangmta", city) == (["HM-21"], "hangmat")


def test_a_retired_product_is_found_by_its_sku_and_ean_only(stocked):
    stocked.move("HM-20", "retired")
    assert found(stocked, "HM-20") == (["HM-20"], "")
    assert found(stocked, "3931") == (["HM-20"], "")
    assert found(stocked, "rio") == ([], "")


def test_an_index_made_anew_finds_the_same(stocked):
    reindex(stocked.database)
    assert found(stocked, "3931") == (["HM-20"], "")
    assert found(stocked, "hangmta") == (["HM-21", "HM-20"], "hangmat")


def test_another_attribute_with_eans_is_found_by_its_end_after_the_index_followed(stocked):
    pack = {"type": "gtin", "owner": "erp"}
    bikes = STRUCTURE["families"]["bikes"]
    stocked.restructure(
        STRUCTURE
        | {
            "attributes": STRUCTURE["attributes"] | {"pack": pack},
            "families": STRUCTURE["families"]
            | {"bikes": bikes | {"attributes": [*bikes["attributes"], "pack"]}},
        }
    )
    stocked.edit("T-9", {"pack": "4006381333948"})
    assert found(stocked, "3948") == (["T-9"], "")


@pytest.mark.parametrize(
    ("pasted", "items"),
    [
        ("A-1\r\nB 2\r\n\r\nA-1\r\n", ["A-1", "B 2"]),
        ("A-1\tB-2\tC,3", ["A-1", "B-2", "C,3"]),
        ("A-1, B-2;C-3", ["A-1", "B-2", "C-3"]),
        ('"A-1"\n"B-2"', ["A-1", "B-2"]),
        ("coat red", ["coat red"]),
        (" \n ", []),
    ],
)
def test_a_column_or_row_of_a_spreadsheet_is_a_list(pasted, items):
    assert items_of(pasted) == items


def test_a_list_names_products_by_sku_or_ean_and_says_what_is_unknown(stocked):
    items = ["t-9", "none", EANS["hammock"], "0" + EANS["lamp"], "HM-20", "9999"]
    with stocked.database.reading() as session:
        known = named(session, stocked.structure(), items, None)
        seen = named(session, stocked.structure(), items, frozenset({"race"}))
    assert known.identifiers == ["T-9", "HM-20", "LAMP-1"]
    assert known.unknown == ["none", "9999"]
    assert seen.identifiers == ["HM-20"]
    assert seen.unknown == ["t-9", "none", "0" + EANS["lamp"], "9999"]


def test_a_list_that_is_too_long_says_how_many_were_left_out(stocked, monkeypatch):
    monkeypatch.setattr(finding, "MOST_NAMED", 2)
    with stocked.database.reading() as session:
        known = named(session, stocked.structure(), ["T-9", "HM-20", "HM-21"], None)
    assert (known.identifiers, known.left_out) == (["T-9", "HM-20"], 1)
