"""The pages in a real browser: nothing blocked by the policy, nothing inaccessible, in light and
dark.
"""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_frame_and_the_account_page(browser):
    page = browser.enter("admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    browser.check()
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    page.goto(f"{browser.address}/account")
    browser.check()


def test_pages_for_visitors(browser):
    browser.page.goto(f"{browser.address}/login")
    browser.check()
    browser.page.goto(f"{browser.address}/nowhere")
    browser.errors.clear()  # the browser itself reports the 404
    browser.check()


def test_the_theme_stays_chosen(browser):
    page = browser.enter("viewer")
    page.get_by_role("button", name="Light or dark").click()
    chosen = page.locator("html").get_attribute("data-bs-theme")
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == chosen


def test_signing_out_by_keyboard(browser):
    page = browser.enter("viewer")
    page.get_by_role("button", name="Viewer").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{browser.address}/login")


def test_a_violation_of_the_policy_is_noticed(browser):
    page = browser.enter("viewer")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    assert browser.errors


def test_an_inaccessible_part_is_noticed(browser):
    page = browser.enter("viewer")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')"
    )
    with pytest.raises(AssertionError):
        browser.check()


def test_the_menu_folds_to_a_rail_and_stays_so(browser):
    page = browser.enter("admin")
    sidebar = page.locator(".sidebar")
    wide = sidebar.bounding_box()["width"]
    page.get_by_role("button", name="Fold the menu").press("Enter")
    assert sidebar.bounding_box()["width"] == 56 < wide
    browser.check()
    page.reload()
    assert sidebar.bounding_box()["width"] == 56
    menu = page.get_by_role("navigation", name="Main navigation")
    menu.get_by_role("link", name="Settings").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Versions")).to_be_focused()
    browser.check()
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/versions*")
    browser.check()
    page.get_by_role("button", name="Fold the menu").click()
    assert sidebar.bounding_box()["width"] == wide
