"""The sheet of a product: rows that are low enough to see a product whole, a rail that follows, and
what the browser remembers of how somebody likes it.
"""

import threading
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from pim.jobs import service as jobs
from pim.products import service
from pim.products.change import Origin, ProductInput
from tests.support import coats
from tests.web.conftest import axe_findings

pytestmark = pytest.mark.browser
VISIBLE = """() => {
    const header = document.querySelector(".product-head").getBoundingClientRect().bottom;
    const isWhole = ({ top, bottom, width }) => width && top >= header && bottom <= innerHeight;
    return [...document.querySelectorAll(".value")]
        .filter((one) => one.checkVisibility() && isWhole(one.getBoundingClientRect())).length;
}"""


@pytest.fixture
def shop(browser):
    coats.fill(browser.database)
    return browser


@pytest.fixture
def demo_page(demo, chromium):
    """A laptop in the demo shop, where a worker runs."""
    app = demo.app()
    with demo.database.writing() as session:
        jobs.beat(session, "a worker", datetime.now(UTC))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.port}"
    context = chromium.new_context(
        base_url=address, viewport={"width": 1366, "height": 768}, reduced_motion="reduce"
    )
    client = demo.enter(app, "editor")
    for name in (app.config["SESSION_COOKIE_NAME"], "language"):
        if cookie := client.get_cookie(name):
            context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
    yield context.new_page()
    context.close()
    server.shutdown()
    server.server_close()


def test_a_laptop_shows_a_dozen_values_of_a_simple_product(demo_page):
    demo_page.goto("/products/AC-6010?in=webshop.nl_NL", wait_until="networkidle")
    assert demo_page.evaluate(VISIBLE) >= 12


def test_the_head_of_a_product_is_low_on_a_laptop(demo_page):
    demo_page.goto("/products/AC-6010?in=webshop.nl_NL", wait_until="networkidle")
    assert demo_page.locator(".product-head").bounding_box()["height"] <= 58


def test_the_rail_counts_what_is_missing_leads_to_groups_and_follows(demo_page):
    demo_page.goto("/products/AC-6010?in=webshop.de_DE")
    rail = demo_page.get_by_role("navigation", name="Groups of values")
    expect(rail.get_by_role("link").first).to_have_text("Texts 2 missing")
    expect(rail.get_by_role("link").first).to_have_attribute("aria-current", "true")
    last = rail.get_by_role("link").last
    last.click()
    expect(last).to_have_attribute("aria-current", "true")
    expect(demo_page.get_by_role("heading", name="Search engines")).to_be_in_viewport(ratio=1)
    demo_page.evaluate("scrollTo(0, 0)")
    expect(rail.get_by_role("link").first).to_have_attribute("aria-current", "true")


def test_what_the_erp_keeps_folds_away_and_stays_so_on_the_next_product(demo_page):
    demo_page.goto("/products/AC-6010?in=webshop.nl_NL")
    fold = demo_page.locator("#group-logistics ~ .fold")
    fold.locator("summary").click()
    expect(fold.locator(".value").first).to_be_hidden()
    demo_page.goto("/products/AC-6020?in=webshop.nl_NL#field-weight")
    expect(demo_page.locator("#group-commercial ~ .fold .value").first).to_be_visible()
    expect(demo_page.locator("#field-weight")).to_be_visible()  # a link to a value opens its table


def test_rows_are_low_and_lower_where_somebody_likes_it(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    row = page.locator("#field-name-en_GB")
    assert 35 <= row.bounding_box()["height"] <= 37
    page.get_by_role("button", name="Low rows").click()
    page.goto(f"{shop.address}/products/C-2?in=shop.en_GB")
    assert page.evaluate("document.querySelector('[data-density]').dataset.density") == "compact"
    assert row.bounding_box()["height"] <= 30
    page.set_viewport_size({"width": 390, "height": 844})
    label = row.get_by_text("Name", exact=True).bounding_box()
    assert label["y"] + label["height"] <= row.get_by_label("Name").bounding_box()["y"]


def test_the_panel_is_walked_through_by_arrows_and_remembers_its_tab(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    page.get_by_role("tab", name="Missing").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tabpanel", name="Feeds")).to_contain_text("There are no feeds yet.")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tabpanel", name="History")).to_contain_text("Approved and published")
    assert axe_findings(page) == []
    page.goto(f"{shop.address}/products/C-2?in=shop.en_GB")
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")
    page.locator(".scope-chip").click()
    expect(page.get_by_role("tabpanel", name="Missing")).to_be_visible()
    assert shop.errors == []


def test_a_long_text_of_another_language_takes_a_line_and_opens_to_all_of_it(shop):
    story = "<p>" + "A parka that keeps the rain out, whatever the weather. " * 9 + "The end.</p>"
    coats.write(shop.database, "C-2", {"story-nl_NL": story})
    page = shop.enter("editor")
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        page.goto(f"{shop.address}/products/C-2?in=shop.en_GB")
        borrowed = page.locator("#field-story-en_GB .borrowed")
        closed = borrowed.bounding_box()["height"]
        assert closed < 30
        borrowed.locator("summary").click()
        expect(borrowed).to_have_attribute("open", "")
        assert borrowed.bounding_box()["height"] > 2 * closed
        expect(page.locator("#field-story-en_GB .rich-tools")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == width
    borrowed.locator("summary").press("Enter")
    expect(borrowed).not_to_have_attribute("open", "")
    assert axe_findings(page) == []
    assert shop.errors == []


def test_a_note_beside_a_field_says_where_its_value_comes_from_and_gives_it_back(shop):
    with shop.database.writing() as session:
        now = datetime.now(UTC)
        row = ProductInput("C-1", {"name-en_GB": "Of the file"}, row=7)
        service.write(session, [row], Origin("import", "files@example.org", "hub", "run"), now)
        service.write(session, [ProductInput("C-1", {"name-en_GB": "Mine"})], coats.ANN, now)
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    name = page.get_by_label("Name", exact=True)
    expect(name).to_have_accessible_description("As asked for.")
    button = page.locator("#field-name-en_GB [data-about]")
    button.click()
    note = page.locator("#about-value")
    expect(note).to_contain_text("As asked for.")
    assert abs(note.bounding_box()["y"] - button.bounding_box()["y"]) < 60
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    name.press("Alt+i")
    note.get_by_role("button", name="Return to that value").click()
    expect(name).to_have_value("Of the file")
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")
    assert shop.errors == []
