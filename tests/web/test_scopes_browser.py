"""One form for all languages of a product: choosing another one keeps what was typed, and one Save
saves it all.
"""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.products import service
from pim.products.change import ProductInput
from tests.support import coats
from tests.web.conftest import press_save

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(browser):
    coats.fill(browser.database)
    return browser


@pytest.fixture
def typed(shop):
    """A page on which somebody typed English, went to Dutch and typed there too."""
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    page.get_by_label("Name", exact=True).fill("Raincoat")
    page.get_by_role("textbox", name="Story").fill("Drops run off it")
    page.locator("#value-materials + .ts-wrapper input").click()
    page.locator(".ts-dropdown").get_by_role("option", name="Wool").click()
    page.keyboard.press("Escape")
    page.get_by_label("Language", exact=True).select_option("shop.nl_NL")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    page.get_by_label("Name", exact=True).fill("Regenjas")
    return page


def value(shop, address):
    return coats.value(shop.database, "C-1", address)


def test_what_was_typed_in_two_languages_is_counted_and_saved_at_once(shop, typed):
    expect(typed).to_have_url(f"{shop.address}/products/C-1?in=shop.nl_NL")
    words = typed.locator("[data-change-words]")
    expect(words).to_have_text("4 unsaved changes, 2 of them in English")
    expect(typed.locator("[data-draft]")).to_be_hidden()
    expect(typed.locator("#value-materials + .ts-wrapper .item")).to_contain_text("Wool")
    press_save(typed)
    expect(typed.get_by_text("Saved. Shop (Dutch)")).to_be_visible()
    expect(words).to_have_text("")
    assert value(shop, "name-en_GB") == "Raincoat"
    assert value(shop, "name-nl_NL") == "Regenjas"
    assert value(shop, "story-en_GB") == "<p>Drops run off it</p>"
    assert value(shop, "materials") == ["wool"]
    assert shop.errors == []


def test_going_back_to_a_language_finds_what_was_typed_there(shop, typed):
    typed.get_by_label("Language", exact=True).select_option("shop.en_GB")
    expect(typed.get_by_label("Name", exact=True)).to_have_value("Raincoat")
    expect(typed.get_by_role("textbox", name="Story")).to_have_text("Drops run off it")
    words = typed.locator("[data-change-words]")
    expect(words).to_have_text("4 unsaved changes, 1 of them in Dutch")
    typed.get_by_label("Name", exact=True).fill("Coat")
    expect(words).to_have_text("3 unsaved changes, 1 of them in Dutch")
    assert shop.errors == []


def test_drafts_know_all_languages_and_a_crash_loses_none(shop, typed):
    again = typed.context.new_page()
    typed.close()
    again.goto(f"{shop.address}/products/C-1?in=shop.nl_NL")
    again.get_by_role("button", name="Put it back").click()
    expect(again.get_by_label("Name", exact=True)).to_have_value("Regenjas")
    again.get_by_label("Language", exact=True).select_option("shop.en_GB")
    again.get_by_role("button", name="Put it back").click()
    press_save(again)
    expect(again.get_by_text("Saved. Shop (English)")).to_be_visible()
    assert value(shop, "name-en_GB") == "Raincoat"
    assert value(shop, "name-nl_NL") == "Regenjas"


def test_a_refusal_in_another_language_says_so_and_keeps_all_that_was_typed(shop, typed):
    with shop.database.writing() as session:
        changed = ProductInput("C-1", {"name-en_GB": "Anorak"})
        service.write(session, [changed], coats.ANN, datetime.now(UTC))
    press_save(typed)
    expect(typed.locator(".values").get_by_role("alert")).to_contain_text("Name (English): ")
    expect(typed.get_by_label("Name", exact=True)).to_have_value("Regenjas")
    words = typed.locator("[data-change-words]")
    expect(words).to_have_text("4 unsaved changes, 2 of them in English")
    assert value(shop, "name-en_GB") == "Anorak"


def test_a_link_to_a_gap_in_another_language_keeps_what_was_typed(shop, typed):
    typed.locator(".standing", has_text="English").locator("summary").click()
    typed.get_by_role("link", name="Everything is there. Look at it.").click()
    expect(typed).to_have_url(f"{shop.address}/products/C-1?in=shop.en_GB")
    expect(typed.get_by_label("Name", exact=True)).to_have_value("Raincoat")
