"""What a model holds is changed from the page of a variant, and how many variants that changes is
said before it is saved.
"""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.products import queries, service
from pim.products.change import ProductInput
from pim.structure import service as structures
from tests.support import coats

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser):
    coats.fill(browser.database)
    with browser.database.writing() as session:
        options = {"attributes": {"color": {"options": {"red": {}, "blue": {}}}}}
        structures.apply(session, options)
        twin = ProductInput("M-2", {"parent": "M", "color": "blue"})
        service.write(session, [twin], coats.ANN, datetime.now(UTC))
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/M-1?in=shop.en_GB")
    return page


def own(browser, identifier):
    with browser.database.reading() as session:
        return queries.get(session, identifier).product.values


def test_a_value_of_the_model_is_changed_for_all_its_variants(browser, page):
    page.get_by_label("EAN", exact=True).fill("4006381333931")
    page.locator("#field-name-en_GB").get_by_role("link").click()
    dialog = page.get_by_role("dialog", name="This changes all 2 variants of Parka.")
    name = dialog.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    name.fill("x" * 41)
    dialog.get_by_role("button", name="Change all 2 variants").click()
    expect(dialog.get_by_text("Longer than 40 characters")).to_be_visible()
    browser.errors.clear()  # the browser itself reports the 422
    name.fill("Anorak")
    dialog.get_by_role("button", name="Change all 2 variants").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anorak")
    expect(page.get_by_label("EAN", exact=True)).to_have_value("4006381333931")
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")
    assert own(browser, "M")["name-en_GB"] == "Anorak"
    assert "name-en_GB" not in own(browser, "M-1")
    assert browser.errors == []


def test_values_of_the_model_stand_together_and_what_is_missing_stays_in_the_sheet(browser, page):
    fold = page.locator(".fold", has_text="from Parka")
    expect(fold.locator("summary")).to_have_text(re.compile("1 value from Parka"))
    expect(page.locator(".fold #field-story-en_GB")).to_have_count(0)
    expect(page.locator("#field-story-en_GB")).to_be_visible()
    browser.check()
