"""The list as cards, and the selection that survives leafing."""

import re
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
def test_a_selection_survives_leafing_filtering_and_what_is_cancelled_until_it_is_used(many):
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
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/products?*")
    expect(page.get_by_text("2 selected, 2 of them elsewhere")).to_be_visible()
    page.get_by_role("button", name="Status", exact=True).click()
    page.get_by_label("Status", exact=True).select_option("submit")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Change 2 products").click()
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}([?]|$)"))
    page.goto(f"{many.address}/products?in=shop.en_GB")
    expect(page.get_by_role("checkbox", name="Select R-59")).not_to_be_checked()
    assert many.errors == []


@pytest.mark.parametrize(
    ("button", "doing"),
    [
        ("Categories", "Add to categories"),
        ("Status", "Change the status"),
        ("Family", "Change the family"),
    ],
)
@pytest.mark.browser
def test_the_tray_opens_a_bulk_edit_with_its_step(many, button, doing):
    page = many.enter("editor")
    page.goto(f"{many.address}/products?in=shop.en_GB")
    page.get_by_role("checkbox", name="Select R-59").check()
    page.locator("[data-selection-bar]").get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**/products/bulk/*")
    expect(page.get_by_label("What to do").locator("option:checked")).to_have_text(doing)
    assert many.errors == []


def test_the_tray_translates_what_is_selected(database, enter):
    coats.fill(database)
    client = enter("editor")
    bulk, asked = "/products/bulk?in=shop.nl_NL", {"open": "translate"}
    ticked = client.send(bulk, identifier=["C-1"], **asked)
    assert ticked.status_code == 303
    tasks = client.get(ticked.location).text
    assert "Coat" in tasks
    assert "Parka" not in tasks
    filtered = client.send(bulk, all="1", q="parka", identifier=["M"], **asked)
    assert "Parka" in client.get(filtered.location).text
    assert "Coat" not in client.get(filtered.location).text
    assert client.send(bulk, **asked).status_code == 422
    many_names = [f"X-{number}" for number in range(501)]
    refused = client.send(bulk, identifier=many_names, **asked)
    assert refused.status_code == 422
    assert "So many cannot be translated by name: 501 selected, 500 at most." in refused.text


@pytest.mark.browser
def test_the_tray_stays_in_one_line_and_covers_no_row(many):
    page = many.enter("approver")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{many.address}/products?in=shop.en_GB")
    page.get_by_role("checkbox", name="Select all on this page").check()
    tray = page.locator("[data-selection-bar]")
    expect(tray).to_be_visible()
    assert tray.bounding_box()["height"] < 56
    assert tray.evaluate("one => one.scrollWidth <= one.clientWidth")
    last = page.locator(".list-table tbody tr").last
    last.scroll_into_view_if_needed()
    row, bar = last.bounding_box(), tray.bounding_box()
    assert row["y"] + row["height"] <= bar["y"] + 1


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
