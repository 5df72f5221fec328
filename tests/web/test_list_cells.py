"""Cells of the list are edited in place: one in its editor, or a block from a spreadsheet."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.products import queries, service
from pim.products.change import ProductInput
from tests.support import coats, sheets

COLUMNS = "columns=name,price,color,weight&in=shop.en_GB"


@pytest.fixture
def shop(database):
    coats.fill(database)
    return database


@pytest.fixture
def editor(shop, enter):
    return enter("editor")


def version(database, identifier):
    with database.reading() as session:
        return queries.get(session, identifier).product.version


def write(database, identifier, **values):
    with database.writing() as session:
        given = [ProductInput(identifier, values, base=None)]
        [result] = service.write(session, given, coats.ANN, datetime.now(UTC))
    assert result.outcome == "updated", result.problems


def save(client, identifier, base, address, text, was=""):
    answer = client.send(
        f"/product/cell/{identifier}?{COLUMNS}",
        **{f"value-{address}": text, f"was-{address}": was, "version": base},
    )
    assert answer.status_code == 200
    return answer.json


def paste(client, *rows):
    """``rows``: SKU, version, column -> text."""
    body = {"rows": [{"identifier": sku, "version": at, "cells": found} for sku, at, found in rows]}
    return post(client, body)


def post(client, body):
    page = client.get("/products").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    return client.post(
        f"/product/cells?{COLUMNS}", json=body, headers={"X-CSRFToken": token, "HX-Request": "true"}
    )


def test_a_saved_cell_comes_back_in_its_row_and_can_be_undone(shop, editor):
    base = version(shop, "C-1")
    said = save(editor, "C-1", base, "name-en_GB", "Raincoat", was="Coat")
    assert said["said"] == "1 cell is saved."
    assert sheets.rows(said["rows"]["C-1"])["C-1"][1] == "Raincoat"
    with shop.reading() as session:
        detail = queries.get(session, "C-1")
        change = queries.history(session, detail.product.id)[0]
    assert (change.actor, change.old) == ("editor@example.org", {"name-en_GB": "Coat"})
    undone = post(editor, {"rows": said["undo"]}).json
    assert undone["refused"] == []
    assert coats.value(shop, "C-1", "name-en_GB") == "Coat"


def test_a_cell_that_somebody_else_changed_says_to_what_and_can_be_saved_then(shop, editor):
    base = version(shop, "C-1")
    write(shop, "C-1", **{"name-en_GB": "Cape"})
    said = save(editor, "C-1", base, "name-en_GB", "Raincoat", was="Coat")
    [refused] = said["refused"]
    assert (refused["column"], refused["version"]) == ("name", version(shop, "C-1"))
    assert "Cape" in refused["why"]
    assert said["undo"] == []
    assert coats.value(shop, "C-1", "name-en_GB") == "Cape"
    again = save(editor, "C-1", refused["version"], "name-en_GB", "Raincoat", was="Coat")
    assert again["refused"] == []
    assert coats.value(shop, "C-1", "name-en_GB") == "Raincoat"


def test_another_cell_of_the_row_is_no_conflict(shop, editor):
    base = version(shop, "C-1")
    write(shop, "C-1", color=None)
    said = save(editor, "C-1", base, "name-en_GB", "Raincoat", was="Coat")
    assert said["refused"] == []


@pytest.mark.parametrize(
    ("identifier", "column", "why"),
    [
        ("C-1", "stock", "which keeps it up to date"),
        ("M-1", "name", "The model Parka holds it for all its variants"),
        ("M", "color", "Its variants hold this value"),
        ("C-1", "story", "edited on the page of the product"),
        ("C-1", "pictures", "edited on the page of the product"),
        ("C-1", "sku", "names the product"),
        ("C-1", ".status", "This is no value"),
        ("C-1", "nothing", "This is no value"),
    ],
)
def test_a_cell_that_is_not_edited_says_why(shop, editor, identifier, column, why):
    html = editor.get(f"/product/cell/{identifier}?column={column}&in=shop.en_GB").text
    assert why in html
    assert 'name="version"' not in html


def test_a_block_is_read_as_people_write_it(shop, editor):
    said = paste(
        editor,
        ("C-1", version(shop, "C-1"), {"price": "1234,50", "color": "red", "weight": "2,5 kg"}),
        ("C-2", version(shop, "C-2"), {"name": "Cape", "color": "RED", "materials": "Wool"}),
    ).json
    assert said["refused"] == []
    assert said["said"] == "6 cells are saved."
    assert coats.value(shop, "C-1", "price-EUR") == "1234.50"
    assert coats.value(shop, "C-1", "weight") == {"amount": "2.5", "unit": "KILOGRAM"}
    assert coats.value(shop, "C-2", "color") == "red"
    assert coats.value(shop, "C-2", "materials") == ["wool"]
    assert list(said["rows"]) == ["C-1", "C-2"]
    assert post(editor, {"rows": said["undo"]}).json["refused"] == []
    for address in ("price-EUR", "weight"):
        assert coats.value(shop, "C-1", address) is None
    for address in ("name-en_GB", "color", "materials"):
        assert coats.value(shop, "C-2", address) is None


def test_what_is_wrong_in_a_block_is_said_at_its_cell_and_costs_its_row_alone(shop, editor):
    said = paste(
        editor,
        ("C-1", version(shop, "C-1"), {"name": "Raincoat", "color": "Blue", "stock": "4"}),
        ("C-2", version(shop, "C-2"), {"name": "Cape", ".status": "approved"}),
    ).json
    refused = {(one["identifier"], one["column"]): one["why"] for one in said["refused"]}
    assert set(refused) == {("C-1", "color"), ("C-1", "stock"), ("C-2", ".status")}
    assert "Blue" in refused["C-1", "color"]
    assert coats.value(shop, "C-1", "name-en_GB") == "Coat"
    assert coats.value(shop, "C-2", "name-en_GB") == "Cape"


def test_a_block_may_not_be_an_import(shop, editor):
    assert paste(editor, *[("C-1", 1, {"name": "a", "color": "b"})] * 1001).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"rows": "all"},
        {"rows": [{}]},
        {"rows": [{"identifier": 7, "version": 1}]},
        {"rows": [{"identifier": "C-1", "version": "1"}]},
        {"rows": [{"identifier": "C-1", "version": 1, "cells": {"name": 3}}]},
        {"rows": [{"identifier": "C-1", "version": 1, "texts": ["name"]}]},
        {"rows": [{"identifier": "C-1", "version": 1, "below": {}}]},
    ],
)
def test_what_no_page_sends_is_refused(shop, editor, body):
    assert post(editor, body).status_code == 422


def test_an_address_that_there_is_not_changes_nothing(shop, editor):
    row = {"identifier": "C-1", "version": 1, "texts": {"nothing-en_GB": "x", "status": "approved"}}
    answer = post(editor, {"rows": [row]})
    assert (answer.status_code, answer.json["undo"]) == (200, [])


def test_a_viewer_changes_no_cell(shop, enter):
    client = enter("viewer")
    assert post(client, {"rows": []}).status_code == 403
    assert client.send("/product/cell/C-1").status_code == 403
    html = client.get("/product/cell/C-1?column=name&in=shop.en_GB").text
    assert "You may not change this value" in html


@pytest.mark.browser
def test_cells_are_edited_with_the_keyboard(browser):
    coats.fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?{COLUMNS}")
    cell = page.locator('tr[data-product="C-2"] [data-cell="name"]')
    cell.click()
    cell.press("Enter")
    field = page.get_by_role("textbox", name="Name")
    expect(field).to_be_focused()
    field.fill("Cape")
    field.press("Tab")
    expect(cell).to_have_text("Cape")
    price = page.get_by_role("textbox", name="Price")
    expect(price).to_be_focused()
    browser.check()
    price.fill("dear")
    price.press("Enter")
    expect(page.locator("[data-cell-error]")).to_contain_text("dear")
    browser.check()
    price.press("Escape")
    expect(price).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(cell).to_have_text("")
    write(browser.database, "C-2", **{"name-en_GB": "Coat two"})
    page.locator('tr[data-product="C-2"] [data-cell="name"]').press("F2")
    expect(field).to_have_value("Coat two")
    write(browser.database, "C-2", **{"name-en_GB": "Coat three"})
    field.fill("Coat four")
    field.press("Enter")
    expect(page.locator("[data-cell-error]")).to_contain_text("Coat three")
    field.press("Enter")
    expect(cell).to_have_text("Coat four")
    assert browser.errors == []


@pytest.mark.browser
def test_a_block_is_pasted_over_cells(browser):
    coats.fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?{COLUMNS}")
    rows = [row.get_attribute("data-product") for row in page.locator("tbody tr").all()]
    assert rows == ["M", "C-2", "C-1"]
    page.locator('tr[data-product="C-2"] [data-cell="name"]').click()
    page.evaluate(
        """() => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", "Cape\\t12,50\\tRed\\nCloak\\t8\\tblue\\n");
            const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true });
            document.activeElement.dispatchEvent(pasted);
        }"""
    )
    expect(page.locator('tr[data-product="C-2"] [data-cell="price"]')).to_have_text("12.50")
    refused = page.locator('tr[data-product="C-1"] [data-cell="color"]')
    expect(refused).to_have_class("cell-value is-refused")
    expect(refused).to_contain_text("blue")
    expect(page.get_by_text("3 cells are saved.")).to_be_visible()
    browser.check()
