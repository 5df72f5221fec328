"""A long change set in a real browser: its parts and their pages fit a telephone, and can be used
without seeing them.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pim.products import service
from pim.products.change import ProductInput
from tests.support import coats, workbooks

pytestmark = pytest.mark.browser


def capes(browser, number, name):
    made = [
        ProductInput(f"W-{one:03}", {"family": "coats", "name-en_GB": f"{name} {one}"})
        for one in range(number)
    ]
    with browser.database.writing() as session:
        service.write(session, made, coats.ANN, datetime.now(UTC))


@pytest.fixture
def page(browser, tmp_path):
    """A file of 120 capes that were renamed there and here, with a colour that there is not."""
    coats.fill(browser.database)
    capes(browser, 120, "Cape")
    page = browser.enter("admin")
    page.goto(f"{browser.address}/products?q=W-&in=shop.en_GB&columns=color")
    page.get_by_role("button", name="Export").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel workbook").click()
    head, *rows = workbooks.opened(Path(download.value.path()).read_bytes())
    capes(browser, 120, "Poncho")
    places = {
        address: number
        for number, one in enumerate(head)
        for address in re.findall(r"\[(.*)\]", one)
    }
    for row in rows:
        row[places["name-en_GB"]] += " (new)"
        row[places["color"]] = "pink"
    path = tmp_path / "capes.xlsx"
    path.write_bytes(workbooks.saved([head, *rows]))
    page.locator("input[type=file]").first.set_input_files(path)
    page.wait_for_url(re.compile("/preview"))
    return page


def test_the_parts_of_a_change_set_are_opened_paged_and_searched(browser, page):
    browser.check()
    page.get_by_role("link", name=re.compile("^Conflicts")).click()
    page.wait_for_url(re.compile("show=conflicts"))
    page.get_by_role("navigation", name="Conflicts").get_by_role("link", name="Next").click()
    page.wait_for_url(re.compile("page=2"))
    expect(page.get_by_text("101 to 120 of 120")).to_be_visible()
    browser.check()
    page.get_by_role("searchbox", name="Search a SKU").fill("w-119")
    page.get_by_role("searchbox", name="Search a SKU").press("Enter")
    page.wait_for_url(re.compile("sku=w-119"))
    assert "show=conflicts" in page.url
    expect(page.locator(".conflicts tbody tr")).to_have_count(1)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
