"""Two administrators have the structure open at the same time, each in a browser."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.products import restructure
from pim.structure import queries

pytestmark = pytest.mark.browser
STRUCTURE = {
    "locales": ["nl_NL"],
    "attributes": {"sku": {"type": "identifier"}, "name": {"type": "text"}},
}


def change(database, document):
    with database.writing() as session:
        restructure.change(session, document, datetime.now(UTC), by="ann@example.org")


def attributes(database):
    with database.reading() as session:
        return queries.structure(session).attributes


def test_a_conflict_is_shown_solved_and_nothing_that_was_typed_is_lost(browser):
    change(browser.database, STRUCTURE)
    page = browser.enter("admin")
    page.goto(f"{browser.address}/settings")
    change(browser.database, {"attributes": {"name": {"max_length": 50}, "ean": {"type": "gtin"}}})
    typed = page.get_by_label("Structure (YAML)")
    typed.fill("attributes: {name: {max_length: 70}, brand: {type: text}}  # as I typed it")
    page.get_by_role("button", name="Change the structure").click()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("you both changed these entries")).to_be_visible()
    expect(page.get_by_text("ann@example.org")).to_be_visible()
    expect(typed).to_have_value(re.compile("# as I typed it"))
    browser.errors.clear()  # a browser writes an answer of 409 into its console
    browser.check()
    page.get_by_role("button", name="Take mine there").click()
    expect(page.get_by_text("2 changes")).to_be_visible()
    expect(typed).to_have_value(re.compile("# as I typed it"))
    browser.check()
    page.locator("section").get_by_role("button", name="Change the structure").click()
    expect(page.get_by_text("The structure was changed: 2 changes.")).to_be_visible()
    found = attributes(browser.database)
    assert set(found) == {"sku", "name", "ean", "brand"}
    assert found["name"].type.max_length == 70


def test_an_earlier_structure_is_returned_to(browser):
    change(browser.database, STRUCTURE)
    change(browser.database, {"attributes": {"name": {"max_length": 50}}})
    page = browser.enter("admin")
    page.goto(f"{browser.address}/settings")
    page.locator("#content").get_by_role("link", name="Versions").click()
    page.wait_for_url(f"{browser.address}/settings/versions")
    browser.check()
    page.get_by_role("link", name="Return to this version").first.click()
    page.wait_for_url(re.compile(r"/settings/versions/\d+"))
    browser.check()
    page.locator("section").get_by_role("button", name="Change the structure").click()
    page.wait_for_url(f"{browser.address}/settings")
    expect(page.get_by_text("The structure was changed: 1 change.")).to_be_visible()
    assert attributes(browser.database)["name"].type.max_length is None
