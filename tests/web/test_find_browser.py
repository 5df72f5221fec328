"""The command field in a real browser, by keyboard only."""

import pytest
from playwright.sync_api import expect

from tests.support import coats

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(browser):
    coats.fill(browser.database)
    return browser


class Keys:
    """Presses keys one by one, and counts them."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def __call__(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def combobox(page):
    return page.get_by_role("combobox", name="Find or do something")


def ready(page):
    """Wait for the script, as a person waits for the page."""
    expect(page.locator("[data-find-open]")).to_have_attribute("data-ready", "yes")


def test_at_most_eight_keys_lead_to_a_product_by_its_sku(shop):
    page = shop.enter("editor")
    ready(page)
    keys = Keys(page)
    keys("/", *"m-1", "Enter")
    page.wait_for_url("**/products/M-1?*")
    assert keys.pressed <= 8
    assert shop.errors == []


def test_control_k_opens_it_while_somebody_types_and_escape_leads_back(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products?in=shop.en_GB")
    ready(page)
    search = page.get_by_label("Search by name, SKU or EAN")
    search.focus()
    page.keyboard.press("/")
    expect(search).to_have_value("/")
    page.keyboard.press("Control+k")
    expect(combobox(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_hidden()
    expect(search).to_be_focused()


def test_arrows_choose_and_are_told_to_who_cannot_see(shop):
    page = shop.enter("admin")
    ready(page)
    page.keyboard.press("/")
    page.keyboard.type("new")
    options = page.get_by_role("option")
    expect(options).to_have_text(["New product", "New import profile"])
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-find-status]")).to_have_text("2 results")
    shop.check()
    page.keyboard.press("ArrowDown")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(combobox(page)).to_have_attribute("aria-activedescendant", "find-offer-2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/product/new*")
    assert shop.errors == []


def test_a_pasted_column_becomes_a_list(shop):
    page = shop.enter("viewer")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ready(page)
    page.evaluate("navigator.clipboard.writeText('C-1\\r\\nC-2\\r\\nNO-1\\r\\n')")
    page.keyboard.press("/")
    page.keyboard.press("Control+v")
    expect(page.get_by_role("option").first).to_contain_text("Show these 2 products")
    expect(page.get_by_role("option").first).to_contain_text("Unknown: NO-1.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/products?sku=C-1,C-2,NO-1*")
    expect(page.get_by_text("Nobody here has: NO-1")).to_be_visible()
    shop.check()


def test_a_product_may_open_in_another_tab(shop):
    page = shop.enter("viewer")
    ready(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("c-1")
    expect(page.get_by_role("option").first).to_contain_text("Coat")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    opened.value.wait_for_url("**/products/C-1?*")
    expect(page.locator("#find")).to_be_visible()


def test_nothing_found_is_said(shop):
    page = shop.enter("viewer")
    ready(page)
    page.keyboard.press("/")
    page.keyboard.type("zebra")
    expect(page.locator("#find .find-nothing")).to_have_text("Nothing found for “zebra”.")
    page.keyboard.press("Enter")
    expect(combobox(page)).to_be_focused()
    shop.check()
