"""The list as cards, and the selection that survives leafing."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.products import service
from pim.products.change import ProductInput
from tests.support import coats


def test_cards_stay_until_the_table_is_asked_for(database, enter):
    coats.fill(database)
    client = enter("viewer")
    assert 'class="gallery' not in client.get("/products").text
    html = client.get("/products?look=gallery&in=shop.en_GB").text
    assert html.count('class="gallery-card') == 3
    assert "list-table" not in html
    assert 'class="gallery' in client.get("/products?status=draft").text
    assert "list-table" in client.get("/products?look=table").text
    assert "list-table" in client.get("/products").text


def test_a_look_that_there_is_not_is_that_of_before(database, enter):
    coats.fill(database)
    client = enter("viewer")
    client.get("/products?look=gallery")
    assert 'class="gallery' in client.get("/products?look=mosaic").text


@pytest.fixture
def many(browser):
    coats.fill(browser.database)
    added = [ProductInput(f"R-{one:02}", {"family": "coats"}) for one in range(60)]
    with browser.database.writing() as session:
        service.write(session, added, coats.ANN, datetime.now(UTC))
    return browser


@pytest.mark.browser
def test_a_selection_survives_leafing_and_filtering_until_it_is_used(many):
    page = many.enter("editor")
    page.goto(f"{many.address}/products?in=shop.en_GB")
    page.get_by_role("checkbox", name="Select R-59").check()
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**after=*")
    page.get_by_role("checkbox", name="Select R-01").check()
    expect(page.get_by_text("2 selected, 1 of them elsewhere")).to_be_visible()
    many.check()
    page.goto(f"{many.address}/products?status=approved&in=shop.en_GB")
    page.get_by_role("checkbox", name="Select C-1").check()
    expect(page.get_by_text("3 selected, 2 of them elsewhere")).to_be_visible()
    page.get_by_role("checkbox", name="Select C-1").uncheck()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.wait_for_url("**/products/bulk/*")
    expect(page.get_by_text("2 products", exact=False).first).to_be_visible()
    page.goto(f"{many.address}/products?in=shop.en_GB")
    expect(page.get_by_role("checkbox", name="Select R-59")).not_to_be_checked()
    assert many.errors == []


@pytest.mark.browser
def test_cards_are_selected_and_nothing_is_in_the_end(many):
    page = many.enter("editor")
    page.goto(f"{many.address}/products?look=gallery&in=shop.en_GB")
    page.get_by_role("checkbox", name="Select all on this page").check()
    expect(page.get_by_text("50 selected")).to_be_visible()
    many.check()
    page.get_by_role("button", name="Select none").click()
    expect(page.get_by_role("checkbox", name="Select R-59")).not_to_be_checked()
    expect(page.get_by_text("50 selected")).to_be_hidden()
