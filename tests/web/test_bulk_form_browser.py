"""The form of a bulk edit's step in a real browser: a table of values is filled from a spreadsheet,
and a picture chosen among those there are.
"""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.support import coats

pytestmark = pytest.mark.browser

PASTE = """(input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = { clipboardData, bubbles: true, cancelable: true };
    input.dispatchEvent(new ClipboardEvent("paste", paste));
}"""
READ = """rows => rows.map(row => [...row.querySelectorAll("input")].map(one => one.value))"""


@pytest.fixture
def page(browser):
    """Two coats are chosen in the list."""
    coats.fill(browser.database)
    coats.write(browser.database, "C-2", {"name-en_GB": "Cape"})
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?in=shop.en_GB")
    for sku in ("C-1", "C-2"):
        page.locator(f"[data-select][value='{sku}']").check()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}"))
    return page


def step(page, do, attribute):
    page.goto(re.sub("[?].*|$", f"?do={do}&attribute={attribute}&in=shop.en_GB", page.url, count=1))


def filled(table):
    return table.locator("tbody tr").evaluate_all(READ)


def test_two_columns_of_a_spreadsheet_become_a_table_of_values(browser, page):
    step(page, "convert", "name")
    table = page.locator("[data-value-table]").first
    old = table.get_by_label("Value now")
    expect(old.first).to_be_hidden()
    page.get_by_label("Operation 1", exact=True).select_option("map")
    expect(old.first).to_be_visible()
    block = "Coat\tTrench coat\r\nCape\tPoncho\r\nHat\tCap\r\nSock\tStocking\r\nShoe\tBoot\r\n"
    old.first.evaluate(PASTE, block)
    assert filled(table) == [*(line.split("\t") for line in block.split("\r\n")[:-1]), ["", ""]]
    browser.check()
    old.nth(0).press("Enter")
    expect(old.nth(1)).to_be_focused()
    old.nth(1).press("ArrowUp")
    expect(old.nth(0)).to_be_focused()
    old.last.fill("Vest")
    assert filled(table)[-2:] == [["Vest", ""], ["", ""]]
    page.locator(".bulk-step").get_by_role("button", name="Preview").click()
    page.wait_for_url(re.compile("/preview"))
    expect(page.get_by_role("button", name="Change 2 products")).to_be_visible()
    expect(page.get_by_text("Trench coat", exact=True)).to_be_visible()
    expect(page.get_by_text("Poncho", exact=True)).to_be_visible()


def test_a_picture_is_sent_or_chosen_and_seen_in_the_preview(browser, page, tmp_path):
    for name, shade in (("front.png", 10), ("back.png", 200)):
        Image.new("RGB", (30, 30), (shade, 0, 0)).save(tmp_path / name)
    step(page, "append", "pictures")
    page.locator("input[type=file]").set_input_files(tmp_path / "front.png")
    expect(page.locator(".asset-name")).to_have_text(["front.png"])
    page.get_by_role("button", name="Remove front.png").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "back.png")
    expect(page.locator(".asset-name")).to_have_text(["back.png"])
    page.get_by_role("button", name="Choose one that is there").click()
    dialog = page.get_by_role("dialog", name="Choose one that is there")
    dialog.get_by_role("button", name="front.png").click()
    expect(page.locator(".asset-name")).to_have_text(["back.png", "front.png"])
    browser.check()
    page.locator(".bulk-step").get_by_role("button", name="Preview").click()
    page.wait_for_url(re.compile("/preview"))
    expect(page.get_by_text("Add “back.png, front.png” to Pictures")).to_be_visible()
    expect(page.get_by_role("button", name="Change 2 products")).to_be_visible()
    browser.check()
