"""The variants of a model in one table, whose cells are edited as those of a list."""

from datetime import UTC, datetime

import pytest
from lxml import html
from playwright.sync_api import expect

from pim.products import publishing, service
from pim.products.change import ProductInput
from pim.structure import service as structures
from pim.workflow import RETIRED
from tests.support import coats, sheets

STRUCTURE = {
    "attributes": {
        "ean": {"type": "gtin", "unique": True, "labels": {"en_GB": "EAN"}},
        "note": {"type": "text", "labels": {"en_GB": "Note"}},
        "shade": {
            "type": "choice",
            "labels": {"en_GB": "Shade"},
            "options": {"sand": {"labels": {"en_GB": "Sand"}}, "sea": {"labels": {"en_GB": "Sea"}}},
        },
        "size": {"type": "choice", "labels": {"en_GB": "Size"}, "options": {"s": {}, "m": {}}},
    },
    "families": {
        "socks": {"attributes": ["sku", "name", "ean", "note", "shade", "size"], "label": "name"}
    },
    "variants": {
        "by_shade": {
            "family": "socks",
            "levels": [
                {"axes": ["shade"], "attributes": ["note"]},
                {"axes": ["size"], "attributes": ["sku", "ean"]},
            ],
        }
    },
}
MODELS = [
    ProductInput("K", {"family_variant": "by_shade", "name-en_GB": "Sock"}, "model"),
    ProductInput("K-SAND", {"parent": "K", "shade": "sand", "note": "Warm"}, "model"),
    ProductInput("K-SEA", {"parent": "K", "shade": "sea"}, "model"),
]
VARIANTS = [
    ProductInput("K-SAND-S", {"parent": "K-SAND", "size": "s", "ean": "4006381333931"}),
    ProductInput("K-SEA-S", {"parent": "K-SEA", "size": "s"}),
    ProductInput("K-SAND-M", {"parent": "K-SAND", "size": "m"}),
]
ROWS = ["K-SAND", "K-SAND-S", "K-SAND-M", "K-SEA", "K-SEA-S"]
MATRIX = "/products/K?tab=variants"


def fill(database):
    coats.fill(database)
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        for batch in (MODELS, VARIANTS):
            service.write(session, batch, coats.ANN, datetime.now(UTC))


@pytest.fixture
def shop(database):
    fill(database)
    return database


def paste(client, page, *rows):
    """What the script sends for a block. ``rows``: SKU, version, column -> text."""
    document = html.fromstring(page)
    [token] = document.cssselect("meta[name=csrf-token]")
    [table] = document.cssselect("table[data-edits]")
    given = [
        {"identifier": sku, "version": at, "cells": cells, "below": "K"} for sku, at, cells in rows
    ]
    headers = {"X-CSRFToken": token.get("content"), "HX-Request": "true"}
    return client.post(table.get("data-edits"), json={"rows": given}, headers=headers).json


def test_each_model_stands_before_its_variants_and_axes_come_first(shop, enter):
    page = enter("viewer").get(f"{MATRIX}&in=shop.en_GB").text
    heads = ["Product", "SKU", "Shade", "Size", "Note", "EAN", "Status", "Complete"]
    assert sheets.heads(page) == heads
    found = sheets.cells(page)
    assert list(found) == ROWS
    assert (found["K-SAND-S"]["Product"].split()[0], found["K-SAND-S"]["Note"]) == ("Sand", "Warm")
    assert "data-edits" not in page


def test_it_is_the_same_table_on_the_page_of_a_variant(shop, enter):
    page = enter("viewer").get("/products/K-SEA-S?tab=variants&in=shop.en_GB").text
    assert list(sheets.cells(page)) == ROWS


def test_the_address_says_which_attributes_are_shown(shop, enter):
    page = enter("viewer").get(f"{MATRIX}&show=ean").text
    assert sheets.heads(page)[2:-2] == ["Shade", "Size", "EAN"]
    ticked = html.fromstring(page).cssselect(".matrix-columns [name=show][checked]")
    assert [one.get("value") for one in ticked] == ["ean"]


def test_a_retired_variant_is_out_of_sight_until_its_model_is_retired(shop, enter):
    client, now = enter("viewer"), datetime.now(UTC)
    with shop.writing() as session:
        publishing.move(session, ["K-SAND-S", "K-SEA"], RETIRED, coats.ANN, now)
    assert list(sheets.cells(client.get(MATRIX).text)) == ["K-SAND", "K-SAND-M"]


def test_a_block_is_saved_row_by_row_and_can_be_undone(shop, enter):
    client = enter("editor")
    page = client.get(f"{MATRIX}&in=shop.en_GB").text
    said = paste(
        client,
        page,
        ("K-SEA-S", 1, {"ean": "9780306406157"}),
        ("K-SAND-M", 1, {"ean": "4006381333931"}),
        ("K-SAND", 1, {"note": "Soft"}),
    )
    assert [(one["identifier"], one["column"]) for one in said["refused"]] == [("K-SAND-M", "ean")]
    assert coats.value(shop, "K-SEA-S", "ean") == "9780306406157"
    assert coats.value(shop, "K-SAND-S", "note") == "Soft"
    drawn = sheets.rows(said["rows"]["K-SEA-S"])["K-SEA-S"]
    assert (len(drawn), drawn[5]) == (8, "9780306406157")
    for tool in ("data-select", "data-expand"):
        assert tool not in said["rows"]["K-SAND"]
        assert tool not in page
    undone = {one["identifier"]: one["texts"] for one in said["undo"]}
    assert undone == {"K-SEA-S": {"ean": ""}, "K-SAND": {"note": "Warm"}}


@pytest.mark.parametrize(
    ("identifier", "column", "why"),
    [
        ("K-SAND-S", "size", "It tells this variant from the others"),
        ("K-SAND", "shade", "It tells this variant from the others"),
        ("K-SAND-S", "shade", "holds it for all its variants"),
        ("K-SAND-S", "note", "holds it for all its variants"),
        ("K-SAND", "ean", "Its variants hold this value"),
    ],
)
def test_what_is_not_edited_there_says_why(shop, enter, identifier, column, why):
    client = enter("editor")
    assert why in client.get(f"/product/cell/{identifier}?column={column}&in=shop.en_GB").text
    page = client.get(f"{MATRIX}&in=shop.en_GB").text
    [refused] = paste(client, page, (identifier, 1, {column: "m"}))["refused"]
    assert why in refused["why"]


@pytest.mark.browser
def test_cells_of_the_matrix_are_edited_with_the_keyboard_and_filled_from_a_sheet(browser):
    fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}{MATRIX}&in=shop.en_GB")
    cell = page.locator('tr[data-product="K-SEA-S"] [data-cell="ean"]')
    cell.click()
    cell.press("Enter")
    field = page.get_by_role("textbox", name="EAN")
    expect(field).to_be_focused()
    browser.check()
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(cell).to_be_focused()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("holds it for all its variants")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator('tr[data-product="K-SAND-S"] [data-cell="ean"]').click()
    page.evaluate(
        """() => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", "9780306406157\\n4012345678901\\n");
            const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true });
            document.activeElement.dispatchEvent(pasted);
        }"""
    )
    expect(page.get_by_text("2 cells are saved.")).to_be_visible()
    expect(page.locator('tr[data-product="K-SAND-M"] [data-cell="ean"]')).to_have_text(
        "4012345678901"
    )
    browser.check()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('tr[data-product="K-SAND-S"] [data-cell="ean"]')).to_have_text(
        "4006381333931"
    )
    assert browser.errors == []
