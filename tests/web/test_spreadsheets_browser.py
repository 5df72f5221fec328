"""The way of a spreadsheet, in a real browser: out of the list, changed, dropped on the list,
decided, applied, undone.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from pim.products import service
from pim.products.change import Origin, ProductInput
from pim.products.models import Product
from pim.values import ReadValues
from tests.support import workbooks
from tests.web.conftest import Browser

pytestmark = pytest.mark.browser
NAME, TITLE = "name-en_GB", "seo_title-en_GB"


class Counter:
    """What it takes a person: ``actions`` (a click, a drop), and the ``pages`` that are loaded."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions, self.pages = page, 0, 0
        page.on("framenavigated", lambda frame: self._navigated())

    def _navigated(self) -> None:
        self.pages += 1

    def click(self, role: Any, name: str | re.Pattern[str]) -> None:
        self.actions += 1
        self.page.get_by_role(role, name=name, exact=isinstance(name, str)).click()

    def drop(self, path: Path) -> None:
        """A file from the desktop, dropped on the list."""
        self.actions += 1
        content = self.page.evaluate_handle(
            """([bytes, name]) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], name));
                return data;
            }""",
            [list(path.read_bytes()), path.name],
        )
        self.page.dispatch_event("main", "dragenter", {"dataTransfer": content})
        expect(self.page.get_by_text("Drop the file")).to_be_visible()
        self.page.dispatch_event("main", "drop", {"dataTransfer": content})


@pytest.fixture
def shop(worked_demo: Browser) -> Browser:
    return worked_demo


Cells = dict[tuple[str, str], Any]
"""(SKU, address) -> what a product holds itself."""


def cells(shop: Browser) -> Cells:
    with shop.database.reading() as session:
        found = session.execute(select(Product.identifier, Product.values))
        return {(sku, at): values.get(at) for sku, values in found for at in (NAME, TITLE)}


def changed(rows: workbooks.Rows, before: Cells) -> Cells:
    """Puts " (new)" behind 200 texts of a workbook; which ones, and what they say then."""
    wanted: Cells = {}
    for at in (NAME, TITLE):
        place = next(number for number, head in enumerate(rows[0]) if f"[{at}]" in head)
        for row in rows[1:]:
            if before[row[0], at] and len(wanted) < 200:
                row[place] += " (new)"
                wanted[row[0], at] = row[place]
    return wanted


def test_two_hundred_cells_there_and_back(shop: Browser, tmp_path: Path) -> None:
    page = shop.enter("admin")
    before = cells(shop)
    page.goto(f"{shop.address}/products?columns=seo_title,.status&in=webshop.en_GB")
    person = Counter(page)
    person.click("button", "Export")
    shop.check()
    with page.expect_download() as download:
        person.click("button", "Excel workbook")
    rows = workbooks.opened(Path(download.value.path()))
    wanted = changed(rows, before)
    assert len(wanted) == 200
    path = tmp_path / "names.xlsx"
    path.write_bytes(workbooks.saved(rows))
    first = next(one for one in wanted if one[0].startswith("AC"))  # a product without variants
    with shop.database.writing() as session:
        theirs = ProductInput(first[0], ReadValues({NAME: "Theirs"}))
        service.write(session, [theirs], Origin("user", "demo", "hub"), datetime.now(UTC))
    person.drop(path)
    page.wait_for_url(re.compile("/preview"))
    expect(page.get_by_text("1 cell was changed here too")).to_be_visible()
    shop.check()
    assert cells(shop) == {**before, first: "Theirs"}
    person.click("radio", wanted[first])
    with page.expect_navigation():
        person.click("button", "Decide so")
    products = len({sku for sku, _ in wanted})
    confirm = re.compile(f"^Change {products} products$")
    expect(page.get_by_role("button", name=confirm)).to_be_visible(timeout=30_000)
    person.click("button", confirm)
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}([?]|$)"))
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    shop.check()
    assert cells(shop) == {**before, **wanted}
    person.click("button", "Undo")
    person.click("button", "Undo it")
    expect(page.get_by_text("Undone by")).to_be_visible(timeout=30_000)
    assert cells(shop) == {**before, first: "Theirs"}
    assert (person.actions, person.pages) == (8, 6)
