"""Imports, feeds, jobs and the dashboard in a real browser with a working hub behind it: the
policy, axe, and a job followed to its end.
"""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from media.storage import Storage
from pim.job_kinds import handlers
from pim.jobs.runner import Runner
from pim.products import publishing
from pim.products.change import Origin
from pim.structure import service as catalog

pytestmark = pytest.mark.browser
FILE = {
    "name": "a.csv",
    "mimeType": "text/csv",
    "buffer": b"Nr;Groep;Prijs\nA;bikes;699,00\nE;boats;1\n",
}


@pytest.fixture
def database(sqlite_database):
    """The browser's hub and the shop's are the same."""
    return sqlite_database


@pytest.fixture
def page(browser, shop, settings):
    runner = Runner(
        browser.database, handlers(settings, Storage(settings.storage_url)), 1, poll_seconds=0.1
    )
    runner.start()
    yield browser.enter("admin")
    runner.stop()


@pytest.fixture
def clock():
    return lambda: datetime.now(UTC)


def test_a_file_is_tried_taken_and_undone(browser, page):
    page.goto(f"{browser.address}/imports/new")
    browser.check()
    page.get_by_label("Drop a file here").set_input_files(FILE)
    page.get_by_label("Profile", exact=True).select_option("erp")
    page.get_by_role("button", name="Try first").click()
    expect(page.get_by_text("This was a trial")).to_be_visible()
    browser.check()
    page.get_by_role("button", name="Import now").click()
    page.wait_for_url(re.compile("/imports/[0-9a-f]{32}"))
    expect(page.get_by_text("Done, with gaps")).to_be_visible()
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Undo it", exact=True).click()
    expect(page.get_by_text("Undone by")).to_be_visible()
    browser.check()


def test_a_feed_is_built_and_its_address_copied(browser, page):
    page.goto(f"{browser.address}/feeds")
    browser.check()
    page.get_by_role("button", name="Build Till north now").click()
    expect(page.get_by_text("Live")).to_be_visible()
    page.get_by_role("link", name="Till north").click()
    page.wait_for_url(f"{browser.address}/feeds/till")
    browser.check()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.get_by_role("link", name="All products with reasons").click()
    expect(page.get_by_role("link", name="C", exact=True)).to_be_visible()
    browser.check()


@pytest.mark.parametrize(
    "path", ["/", "/jobs", "/imports", "/imports/profiles", "/imports/profiles/erp"]
)
def test_the_other_pages(browser, page, path):
    page.goto(browser.address + path)
    browser.check()


def test_a_held_feed_is_compared_with_what_is_live(browser, page, clock):
    page.goto(f"{browser.address}/feeds/till")
    page.get_by_role("button", name="Build now").click()
    expect(page.get_by_text("What partners receive")).to_be_visible()
    expect(page.get_by_text("Live").first).to_be_visible()
    with browser.database.writing() as session:
        publishing.move(
            session, ["A"], "retired", Origin("user", "anna@example.org", None), clock()
        )
    page.get_by_role("button", name="Build now").click()
    expect(page.get_by_role("heading", name="The newest build is held")).to_be_visible()
    page.locator(".causes summary").first.click()
    expect(page.locator(".causes").get_by_role("link", name="A")).to_be_visible()
    browser.check()
    page.get_by_label("Why is this build right after all?").fill("Winter")
    page.get_by_role("button", name="Publish anyway").click()
    expect(page.get_by_role("heading", name="The newest build is held")).to_be_hidden()


def test_a_feed_is_made_changed_with_real_products_beside_it_and_built(browser, page):
    """Without YAML: chosen, made, a field filled, an operation added, saved, built."""
    page.goto(f"{browser.address}/feeds")
    page.get_by_role("link", name="New feed").click()
    page.get_by_role("link", name="Shopify").click()
    page.get_by_label("Name", exact=True).fill("Shop NL")
    page.get_by_role("button", name="Make the feed").click()
    page.wait_for_url("**/feeds/shop_nl/fields")
    browser.check()
    page.get_by_role("row", name="Title").get_by_role("link", name="Change Title").click()
    page.wait_for_url("**/feeds/shop_nl/fields/Title")
    browser.check()
    page.get_by_label("Add an operation").focus()
    page.get_by_label("Add an operation").select_option("upper")
    expect(page.locator(".sample-result").first).to_contain_text("FIETS A")
    expect(page.get_by_text("Of the first 2 products, 2 get another value.")).to_be_visible()
    expect(page.get_by_label("Add an operation")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/feeds/shop_nl/fields*")
    expect(page.get_by_text("“Title” is changed; the next build has it.")).to_be_visible()
    page.get_by_role("button", name="Build now").click()
    page.wait_for_url("**/feeds/shop_nl")
    expect(page.get_by_text("Live", exact=True).first).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Products", exact=True).last.click()
    page.wait_for_url("**/feeds/shop_nl/products")
    expect(page.locator(".file-part")).to_contain_text("FIETS A")
    browser.check()


def test_another_channel_draws_the_new_feed_with_what_it_has(browser, page):
    with browser.database.writing() as session:
        channel = {"abroad": {"locales": ["en_GB"], "currencies": ["EUR"]}}
        catalog.apply(session, {"channels": channel})
    page.goto(f"{browser.address}/feeds/new/google_shopping")
    page.get_by_label("Name", exact=True).fill("Abroad")
    page.get_by_label("Channel", exact=True).select_option("abroad")
    page.wait_for_url("**channel=abroad**")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Abroad")
    expect(page.get_by_label("Language", exact=True)).to_have_value("en_GB")
    expect(page.get_by_label("At what time")).to_be_hidden()
    page.get_by_label("How often").select_option("daily")
    expect(page.get_by_label("At what time")).to_be_visible()
    browser.check()
