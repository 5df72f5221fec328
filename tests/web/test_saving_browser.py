"""Nothing that somebody typed is lost: saving where one is, drafts in the browser, signing in again
in a layer.
"""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.accounts import queries
from pim.accounts.secrets import hash_password
from pim.products import service
from pim.products.change import ProductInput
from tests.support import coats
from tests.web.conftest import press_save

pytestmark = pytest.mark.browser
PASSWORD = "a long walk in the rain"


@pytest.fixture
def shop(browser):
    coats.fill(browser.database)
    return browser


def open_coat(shop, page):
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    return page.get_by_label("Name", exact=True)


def end_session(page):
    """As signing out in another tab does; a request on its way would bring the cookie back."""
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()


def name_of(shop):
    return coats.value(shop.database, "C-1", "name-en_GB")


def test_saving_keeps_the_place_the_focus_and_only_what_is_missing(shop):
    page = shop.enter("editor")
    page.set_viewport_size({"width": 1000, "height": 500})
    page.goto(f"{shop.address}/products/C-2?in=shop.en_GB")
    page.get_by_label("Only what is missing").check()
    story = page.get_by_role("textbox", name="Story")
    story.fill("Dry and warm")
    page.evaluate("scrollTo(0, 60)")
    where = page.evaluate("scrollY")
    assert where > 0
    press_save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Only what is missing")).to_be_checked()
    assert page.evaluate("scrollY") == where
    page.get_by_label("Only what is missing").uncheck()
    page.get_by_label("EAN", exact=True).fill("4006381333931")
    press_save(page)
    expect(page.locator("[data-change-words]")).to_have_text("")
    expect(page.get_by_label("EAN", exact=True)).to_be_focused()
    assert shop.errors == []


def test_a_session_that_ended_is_renewed_in_a_layer_and_the_same_save_goes_through(shop):
    page = shop.enter("editor")
    with shop.database.writing() as session:
        user = queries.user_by_email(session, "editor@example.org")
        user.password_hash = hash_password(PASSWORD)
    open_coat(shop, page).fill("Raincoat")
    end_session(page)
    press_save(page)
    layer = page.get_by_role("dialog", name="Sign in again")
    layer.get_by_label("Password").fill("a guess that is wrong")
    layer.get_by_role("button", name="Sign in and save").click()
    expect(layer.get_by_text("do not go together")).to_be_visible()
    layer.get_by_label("Password").fill(PASSWORD)
    layer.get_by_role("button", name="Sign in and save").click()
    expect(page.get_by_text("Saved. Shop (English)")).to_be_visible()
    assert name_of(shop) == "Raincoat"


def test_who_does_not_sign_in_again_keeps_what_was_typed(shop):
    page = shop.enter("editor")
    name = open_coat(shop, page)
    name.fill("Raincoat")
    end_session(page)
    press_save(page)
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Not saved: you are not signed in.")).to_be_visible()
    expect(name).to_have_value("Raincoat")


@pytest.mark.parametrize("failure", ["no network", "a proxy without a hub"])
def test_a_hub_that_does_not_answer_loses_nothing(shop, failure):
    page = shop.enter("editor")
    name = open_coat(shop, page)
    name.fill("Raincoat")
    if failure == "no network":
        page.context.set_offline(True)
    else:
        page.route(
            re.compile("/products/C-1"), lambda route: route.fulfill(status=503, body="busy")
        )
    press_save(page)
    expect(page.get_by_text("Not saved: the hub does not answer.")).to_be_visible()
    expect(name).to_have_value("Raincoat")
    page.context.set_offline(False)
    page.unroute_all()
    press_save(page)
    expect(page.get_by_text("Saved. Shop (English)")).to_be_visible()
    assert name_of(shop) == "Raincoat"


def test_what_was_typed_before_a_crash_is_offered_and_put_back(shop):
    page = shop.enter("editor")
    open_coat(shop, page).fill("Raincoat")
    page.get_by_role("textbox", name="Story").fill("Drops run off it")
    page.locator("#value-materials + .ts-wrapper input").click()
    page.locator(".ts-dropdown").get_by_role("option", name="Wool").click()
    again = page.context.new_page()
    page.close()  # as a crash does: without a question, without an event
    name = open_coat(shop, again)
    expect(name).to_have_value("Coat")
    expect(again.locator("[data-draft]")).to_contain_text("and not saved: Name, Story, Materials.")
    again.get_by_role("button", name="Put it back").click()
    expect(name).to_have_value("Raincoat")
    expect(again.get_by_role("textbox", name="Story")).to_have_text("Drops run off it")
    expect(again.locator("#value-materials + .ts-wrapper .item")).to_contain_text("Wool")
    press_save(again)
    expect(again.get_by_text("Saved. Shop (English)")).to_be_visible()
    again.reload()
    expect(again.locator("[data-draft]")).to_be_hidden()
    assert coats.value(shop.database, "C-1", "materials") == ["wool"]


def test_a_draft_does_not_overwrite_what_somebody_else_saved_since(shop):
    page = shop.enter("editor")
    open_coat(shop, page).fill("Raincoat")
    again = page.context.new_page()
    page.close()
    with shop.database.writing() as session:
        changed = ProductInput("C-1", {"name-en_GB": "Anorak"})
        service.write(session, [changed], coats.ANN, datetime.now(UTC))
    name = open_coat(shop, again)
    again.get_by_role("button", name="Put it back").click()
    press_save(again)
    expect(again.get_by_text("Not saved yet: look at the fields marked below.")).to_be_visible()
    expect(name).to_have_value("Raincoat")
    assert name_of(shop) == "Anorak"


def test_a_draft_of_another_language_says_where_it_is_and_one_thrown_away_is_gone(shop):
    page = shop.enter("editor")
    open_coat(shop, page).fill("Raincoat")
    again = page.context.new_page()
    page.close()
    again.goto(f"{shop.address}/products/C-1?in=shop.nl_NL")
    again.get_by_role("link", name="Go there").click()
    again.wait_for_url("**/products/C-1?in=shop.en_GB")
    again.get_by_role("button", name="Throw it away").click()
    again.reload()
    expect(again.locator("[data-draft]")).to_be_hidden()


def test_ticked_categories_survive_the_end_of_a_session_too(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?tab=categories")
    page.get_by_label("Dry").check()
    end_session(page)
    page.get_by_role("button", name="Save the categories").click()
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    expect(page.get_by_label("Dry")).to_be_checked()
