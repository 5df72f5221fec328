"""What somebody does for a piece of everyday work, counted: clicks, keys, texts, pages loaded."""

import re

import pytest
from playwright.sync_api import expect

from pim.accounts import queries as accounts
from pim.accounts.secrets import hash_password
from pim.products import queries
from pim.structure import service as structures
from tests.support import coats
from tests.support.journeys import Journey
from tests.web.conftest import press_save

pytestmark = pytest.mark.browser
PASSWORD = "a long walk in the rain"
SHADES, SIZES = ("ash", "ink", "sky"), ("s", "m", "l", "xl")
STRUCTURE = {
    "attributes": {
        "shade": {"type": "choice", "options": {one: {} for one in SHADES}},
        "size": {"type": "choice", "options": {one: {} for one in SIZES}},
    },
    "families": {"socks": {"attributes": ["sku", "name", "shade", "size"], "label": "name"}},
    "variants": {
        "by_shade": {
            "family": "socks",
            "levels": [
                {"axes": ["shade"], "attributes": ["shade"]},
                {"axes": ["size"], "attributes": ["sku", "size"]},
            ],
        }
    },
}


@pytest.fixture
def shop(browser):
    coats.fill(browser.database)
    return browser


def open_page(shop, page, path):
    page.goto(f"{shop.address}{path}")
    expect(page.locator("[data-find-open]")).to_have_attribute("data-ready", "yes")


def test_a_model_with_twelve_variants_is_made_from_nothing(shop):
    with shop.database.writing() as session:
        structures.apply(session, STRUCTURE)
    page = shop.enter("editor")
    open_page(shop, page, "/products?in=shop.en_GB")
    journey = Journey(page)
    journey.click(page.get_by_role("link", name="New product"))
    journey.click(page.get_by_label("SKU"))
    journey.type("K")
    journey.choose(page.get_by_label("Family"), "model:by_shade")
    journey.click(page.get_by_role("button", name="Make it"))
    page.wait_for_url("**/products/K?**")
    journey.click(page.get_by_role("link", name="Variants", exact=True))
    for axis, options in (("shade", SHADES), ("size", SIZES)):
        for one in options:
            journey.click(page.locator(f"[name=axis-{axis}][value={one}]"))
    journey.click(page.get_by_role("button", name="Show the variants that would come"))
    journey.click(page.get_by_role("button", name="Make these variants"))
    expect(page.get_by_text("12 variants were made.")).to_be_visible()
    page.wait_for_load_state("load")
    with shop.database.reading() as session:
        rows = queries.rows_of_model(session, queries.get(session, "K").product)
    assert sum(one.kind == "product" for one in rows) == 12
    assert (journey.actions, journey.loads) == (15, 5)


def test_two_people_on_one_field_see_both_values_and_one_more_save_decides(shop):
    page = shop.enter("editor")
    open_page(shop, page, "/products/C-1?in=shop.en_GB")
    coats.write(shop.database, "C-1", {"name-en_GB": "Cape"})
    journey = Journey(page)
    journey.click(page.get_by_label("Name", exact=True))
    journey.press("Control+a")
    journey.type("Cloak")
    journey.click(page.get_by_role("button", name="Save"))
    expect(page.locator("#field-name-en_GB .field-error")).to_contain_text("Cape")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Cloak")
    shop.errors.clear()  # the browser itself reports the conflict
    journey.click(page.get_by_role("button", name="Save"))
    expect(page.locator("[data-change-words]")).to_have_text("")
    assert coats.value(shop.database, "C-1", "name-en_GB") == "Cloak"
    assert (journey.actions, journey.loads) == (5, 0)


def test_two_tabs_in_two_languages_do_not_mix(shop):
    english = shop.enter("editor")
    dutch = english.context.new_page()
    open_page(shop, english, "/products/C-1?in=shop.en_GB")
    open_page(shop, dutch, "/products/C-1?in=shop.nl_NL")
    journeys = []
    for page, words in ((english, "Raincoat"), (dutch, "Regenjas")):
        journey = Journey(page)
        journey.click(page.get_by_label("Name", exact=True))
        journey.press("Control+a")
        journey.type(words)
        journey.click(page.get_by_role("button", name="Save"))
        expect(page.locator("[data-change-words]")).to_have_text("")
        journeys.append((journey.actions, journey.loads))
    assert coats.value(shop.database, "C-1", "name-en_GB") == "Raincoat"
    assert coats.value(shop.database, "C-1", "name-nl_NL") == "Regenjas"
    assert journeys == [(4, 0), (4, 0)]


def test_a_session_that_ends_while_somebody_edits_costs_a_password_and_nothing_typed(shop):
    page = shop.enter("editor")
    with shop.database.writing() as session:
        user = accounts.user_by_email(session, "editor@example.org")
        user.password_hash = hash_password(PASSWORD)
    open_page(shop, page, "/products/C-1?in=shop.en_GB")
    expect(page.locator("form[data-changes]")).to_be_attached()
    journey = Journey(page)
    journey.click(page.get_by_label("Name", exact=True))
    journey.press("Control+a")
    journey.type("Raincoat")
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    journey.press("Control+s")
    password = page.get_by_role("dialog", name="Sign in again").get_by_label("Password")
    expect(password).to_be_focused()
    journey.type(PASSWORD)
    journey.press("Enter")
    expect(page.locator("[data-change-words]")).to_have_text("")
    assert coats.value(shop.database, "C-1", "name-en_GB") == "Raincoat"
    assert (journey.actions, journey.loads) == (6, 0)


def test_with_the_keyboard_alone_the_first_product_and_its_first_field_are_near(shop):
    page = shop.enter("editor")
    open_page(shop, page, "/products?in=shop.en_GB")
    journey = Journey(page)
    journey.press("/")
    journey.type("coat")
    expect(page.locator("#find .find-offer").first).to_contain_text("Coat")
    journey.press("Enter")
    page.wait_for_url(re.compile("/products/C-1"))
    to_product = journey.actions
    assert to_product <= 8
    expect(page.locator("form[data-changes]")).to_be_attached()
    journey.press("Tab")  # the way to the content
    journey.press("Enter")
    for _ in range(20):
        if page.evaluate("document.activeElement.matches('.value :is(input, textarea)')"):
            break
        journey.press("Tab")
    assert page.evaluate("document.activeElement.matches('.value :is(input, textarea)')")
    assert (to_product, journey.actions - to_product) == (3, 5)
    press_save(page)
    assert shop.errors == []
