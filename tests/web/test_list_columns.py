"""The columns of the list: which an address asks for, what they say, what a person keeps."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.products import service
from pim.products.change import ProductInput
from tests.support import coats, sheets


@pytest.fixture
def shop(database):
    coats.fill(database)
    return database


def listed(client, **arguments):
    asked = {"in": "shop.nl_NL"} | arguments
    return client.get("/products", query_string=asked).get_data(as_text=True)


def test_an_address_says_which_columns_there_are_and_in_which_order(shop, enter):
    html = listed(enter("viewer"), columns="price,.sku,.nothing,gone,.status:222,price")
    assert sheets.heads(html) == ["Product", "Price", "SKU", "Status"]
    assert '<col data-column=".status" width="222">' in html


def test_a_width_that_makes_no_sense_is_one_that_does(shop, enter):
    html = listed(enter("viewer"), columns=".sku:1,.status:99999,price:wide")
    for column, width in ((".sku", 56), (".status", 900), ("price", 110)):
        assert f'<col data-column="{column}" width="{width}">' in html


def test_columns_say_what_the_scope_sees(shop, enter):
    with shop.writing() as session:
        weight = {"amount": "2", "unit": "KILOGRAM"}
        given = [ProductInput("C-2", {"price-EUR": "12.50", "weight": weight, "dry": True})]
        service.write(session, given, coats.ANN, datetime.now(UTC))
    rows = sheets.cells(
        listed(enter("viewer"), columns="price,weight,dry,color,story", **{"in": "shop.en_GB"})
    )
    assert rows["C-2"] | {"Product": ""} == {
        "Product": "",
        "Price": "12.50",
        "Weight": "2 kg",
        "Waterproof": "Yes",
        "Colour": "",
        "Story": "",
    }
    assert (rows["C-1"]["Colour"], rows["C-1"]["Story"]) == ("Red", "Warm")


def test_a_value_of_another_language_says_which(shop, enter):
    client = enter("viewer")
    rows = sheets.cells(listed(client, columns="name,story"))
    assert rows["C-1"] == {
        "Product": "Coat English C-1",
        "Name": "CoatEnglish",
        "Story": "WarmEnglish",
    }
    assert rows["C-2"] == {"Product": "C-2 C-2", "Name": "", "Story": ""}
    own = sheets.cells(listed(client, columns="name", **{"in": "shop.en_GB"}))
    assert own["C-1"] == {"Product": "Coat C-1", "Name": "Coat"}


def test_what_is_missing_is_named_where_it_has_its_place(shop, enter):
    client = enter("viewer")
    asked = {"columns": ".missing,.locales", "variants": "", "in": "shop.nl_NL"}
    rows = sheets.cells(listed(client, **asked))
    assert rows["C-1"]["Missing"] == "Name, Story"
    assert rows["C-1"]["Complete by language"] == "NL 33%EN 100%"
    assert rows["M"]["Missing"] == "Name, Story"  # the colour is asked of its variants
    assert rows["M"]["Complete by language"] == "NL 0/1EN 0/1"
    variants = sheets.cells(listed(client, **asked | {"variants": "1"}))
    assert variants["M-1"]["Missing"] == ""  # its model lacks them


def test_the_last_who_changed_a_product_is_called_by_name(shop, enter):
    client = enter("editor")
    client.send("/products/C-2", **{"was-name-en_GB": "", "value-name-en_GB": "Cape"})
    rows = sheets.cells(listed(client, columns=".actor"))
    assert rows["C-2"]["Changed by"] == "Editor"
    assert rows["C-1"]["Changed by"] == "ann@example.org"


def test_chosen_columns_stand_in_the_address_and_are_the_persons_own_from_then_on(shop, enter):
    client = enter("viewer")
    answer = client.send("/product/columns?status=draft", column=["price:200", ".sku"])
    assert answer.status_code == 303
    assert "status=draft" in answer.location
    assert sheets.heads(client.get(answer.location).text) == ["Product", "Price", "SKU"]
    assert sheets.heads(listed(client)) == ["Product", "Price", "SKU"]
    assert sheets.heads(listed(client, columns=".status")) == ["Product", "Status"]
    client.send("/product/columns/widths", columns="price:300")
    assert '<col data-column="price" width="300">' in listed(client)
    client.send("/product/columns")
    assert "Family" in sheets.heads(listed(client))


def test_columns_of_one_person_are_not_those_of_another(shop, enter):
    enter("viewer").send("/product/columns", column=["price"])
    assert "Family" in sheets.heads(listed(enter("editor")))


@pytest.mark.browser
def test_columns_are_chosen_ordered_and_widened_by_keyboard(browser):
    coats.fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?in=shop.en_GB")
    page.get_by_role("button", name="Columns").click()
    dialog = page.get_by_role("dialog", name="Columns of the list")
    dialog.get_by_role("searchbox").fill("weig")
    dialog.get_by_role("searchbox").press("Enter")
    expect(dialog.get_by_role("checkbox", name="Weight")).to_be_visible()
    dialog.get_by_role("checkbox", name="Weight").press("Space")
    dialog.get_by_role("searchbox").fill("")
    for _ in range(5):
        dialog.get_by_role("checkbox", name="Weight").press("Alt+ArrowUp")
    dialog.get_by_role("checkbox", name="Family").press("Space")
    browser.check()
    dialog.get_by_role("button", name="Show these columns").press("Enter")
    page.wait_for_url("**/products?*columns=*")
    names = page.locator(".list-table thead .head-label")
    expect(names).to_have_text(["Product", "Weight", "SKU", "Status", "Complete", "Changed"])
    edge = page.get_by_role("separator", name="Width of Weight")
    with page.expect_response("**/product/columns/widths*"):
        edge.press("ArrowRight")
    assert "weight%3A126" in page.url
    page.goto(f"{browser.address}/products")
    expect(edge).to_have_attribute("aria-valuenow", "126")
    browser.check()
