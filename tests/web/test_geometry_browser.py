"""Pages at every size that people have: nothing lies over something else, nothing is cut off, no
focus is covered.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pim.products import service
from pim.products.change import ProductInput
from pim.structure import service as structures
from tests.support import coats

pytestmark = pytest.mark.browser
GEOMETRY = Path(__file__).with_name("geometry.js").read_text()
WIDTHS = (320, 390, 768, 1024, 1280, 1366, 1440, 1920, 2560)
PAGES = (
    "/",
    "/products",
    "/products?status=draft&variants=1",
    "/products/C-1?in=shop.en_GB",
    "/products/M-1",
    "/products/M",
    "/products/M?tab=variants",
    "/products/C-1?tab=categories",
    "/products/C-1?tab=links",
    "/products/C-1?tab=history",
    "/product/new",
    "/imports/new",
    "/settings",
)


@pytest.fixture
def shop(browser):
    coats.fill(browser.database)
    return browser


@pytest.fixture
def many(shop):
    """With forty coats beside the others."""
    added = [ProductInput(f"R-{one}", {"family": "coats"}) for one in range(40)]
    with shop.database.writing() as session:
        service.write(session, added, coats.ANN, datetime.now(UTC))
    return shop


def test_nothing_overlaps_and_nothing_is_cut_off(shop):
    """All pages at all sizes on one hub: a page is loaded once and the window made wider."""
    page = shop.enter("admin")
    wrong = []
    for path in PAGES:
        page.goto(shop.address + path, wait_until="networkidle")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wrong += [f"{path} at {width}: {one}" for one in page.evaluate(GEOMETRY)]
    assert wrong == []


def test_where_a_value_applies_is_read_whole(browser):
    """However long the names of languages and channels are, in whatever window."""
    attributes = {
        "sku": {"type": "identifier"},
        "name": {"type": "text"},
        "story": {"type": "text", "localizable": True, "scopable": True},
    }
    labels = {"en_GB": "Marketplaces and comparisons"}
    channel = {"labels": labels, "locales": ["nl_NL"], "currencies": ["EUR"]}
    structure = {
        "locales": ["nl_NL"],
        "currencies": ["EUR"],
        "channels": {"market": channel},
        "attributes": attributes,
        "families": {"lamps": {"attributes": list(attributes), "label": "name"}},
    }
    with browser.database.writing() as session:
        structures.apply(session, structure)
        lamp = ProductInput("LAMP", {"family": "lamps"})
        service.write(session, [lamp], coats.ANN, datetime.now(UTC))
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/LAMP", wait_until="networkidle")
    tags = page.locator("#field-story-nl_NL-market .where")
    expect(tags).to_have_text(["Dutch", "Marketplaces and comparisons"])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(GEOMETRY) == [], width


def test_name_language_and_save_stay_in_view(shop):
    page = shop.enter("editor")
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert page.evaluate("scrollY") > 0
        for one in (
            page.get_by_role("heading", level=1),
            page.locator(".product-head").get_by_text("English", exact=True),
            page.get_by_role("button", name="Save"),
        ):
            expect(one).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_header_of_a_variant_leaves_the_window_to_its_values(shop):
    page = shop.enter("admin")
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for path in ("/products/M-1", "/products/M", "/products/C-1"):
            page.goto(f"{shop.address}{path}")
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            covered = page.evaluate(
                """() => Math.max(...[...document.querySelectorAll("*")]
                    .filter((one) => one.getClientRects().length)
                    .filter((one) => getComputedStyle(one).position === "sticky")
                    .map((one) => one.getBoundingClientRect())
                    .filter((box) => box.top <= 0 && box.bottom > 0)
                    .map((box) => box.bottom))"""
            )
            assert 40 < covered <= 96, (path, width)


def test_a_filter_leaves_the_list_where_it_is(shop):
    page = shop.enter("viewer")
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        tops = []
        for query in ("", "?status=draft", "?status=draft&q=parka&variants=1"):
            page.goto(f"{shop.address}/products{query}", wait_until="networkidle")
            tops.append(page.locator(".list-table").bounding_box()["y"])
        assert len(set(tops)) == 1, (width, tops)


def test_a_phone_shows_name_and_status_of_each_product(shop):
    page = shop.enter("viewer")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{shop.address}/products?in=shop.en_GB")
    row = page.get_by_role("row", name="Parka")
    expect(row.get_by_role("link", name="Parka")).to_be_in_viewport(ratio=1)
    expect(row.get_by_text("Draft")).to_be_in_viewport(ratio=1)
    shop.check()


def test_fourteen_rows_fit_on_a_laptop_and_more_of_the_low_ones(many):
    page = many.enter("viewer")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{many.address}/products")
    assert rows_in_view(page) >= 14
    page.get_by_role("button", name="Compact rows").click()
    assert rows_in_view(page) >= 18
    page.goto(f"{many.address}/products")
    assert rows_in_view(page) >= 18
    expect(page.get_by_role("button", name="Compact rows", pressed=True)).to_be_visible()


def rows_in_view(page):
    """How many rows of the list can be seen whole."""
    return page.evaluate(
        """() => {
            const frame = document.querySelector(".list-frame").getBoundingClientRect();
            const rows = [...document.querySelectorAll(".list-table tbody tr")];
            const bottoms = rows.map((row) => row.getBoundingClientRect().bottom);
            return bottoms.filter((one) => one <= Math.min(frame.bottom, innerHeight) + 1).length;
        }"""
    )


def test_head_and_first_column_stay_in_view_when_the_list_scrolls(many):
    page = many.enter("viewer")
    page.set_viewport_size({"width": 1000, "height": 700})
    page.goto(f"{many.address}/products")
    page.locator(".list-frame").evaluate("one => one.scrollTo(400, 600)")
    frame = page.locator(".list-frame").bounding_box()
    head = page.get_by_role("columnheader", name="Product").bounding_box()
    row = page.get_by_role("rowheader").filter(has_text="R-20").bounding_box()
    assert (head["x"], head["y"]) == (frame["x"], frame["y"])
    assert row["x"] == frame["x"]


def test_a_first_visit_is_light_and_nothing_moves_once_it_is_drawn(shop):
    page = shop.enter("editor")
    for path in ("/", "/products", "/products/C-1"):
        cold = page.context.browser.new_context(storage_state=page.context.storage_state())
        first = cold.new_page()
        first.goto(shop.address + path, wait_until="networkidle")
        sent = first.evaluate(
            """["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
                .reduce((sum, one) => sum + one.transferSize, 0)"""
        )
        moved = first.evaluate(
            """new Promise((done) => {
                let sum = 0;
                const add = (list) => list.getEntries().forEach((one) => (sum += one.value));
                new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
                setTimeout(() => done(sum), 300);
            })"""
        )
        cold.close()
        assert sent <= 300_000, (path, sent)
        assert moved <= 0.02, (path, moved)
