"""The list and the page of a product in a real browser: accessible, silent, quick to use by
keyboard.
"""

import re
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


def test_every_page_of_products_is_accessible(shop):
    page = shop.enter("admin")
    tabs = [f"/products/C-1?tab={tab}" for tab in ("categories", "links", "history")]
    for path in (
        "/products",
        "/products?q=zebra",
        "/products/C-1?in=shop.en_GB",
        "/products/C-2",
        "/products/M",
        "/products/M-1",
        "/product/new",
        *tabs,
    ):
        page.goto(shop.address + path)
        page.wait_for_load_state("networkidle")
        shop.check()


def test_a_value_is_changed_and_saved_by_keyboard(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    expect(page.locator("[data-change-words]")).to_have_text("")
    page.get_by_label("Name", exact=True).fill("Raincoat")
    expect(page.get_by_text("1 unsaved change")).to_be_visible()
    press_save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Raincoat")
    expect(page.get_by_text("Saved. Shop (English): 100 % complete.")).to_be_visible()
    expect(page.get_by_text("1 value changed since it was published")).to_be_visible()
    assert shop.errors == []


def test_rich_text_is_edited_as_it_reads(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    area = page.get_by_role("textbox", name="Story")
    area.click()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Bold").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator(".rich-area b")).to_have_text("Warm")
    assert shop.errors == []


def test_leaving_with_changes_asks_first(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    page.get_by_label("Name", exact=True).fill("Raincoat")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(f"{shop.address}/products/C-1?tab=history&in=shop.en_GB")
    assert asked == ["beforeunload"]


def test_a_complaint_stands_beside_its_field_and_gets_the_focus(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    page.get_by_label("EAN", exact=True).fill("4006381333932")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("EAN", exact=True)).to_be_focused()
    expect(page.get_by_label("EAN", exact=True)).to_have_accessible_description(
        "“4006381333932” has check digit 2 where 1 is due."
    )
    shop.errors.clear()  # the browser itself reports the 422
    shop.check()


@pytest.mark.parametrize("sku", ["/A", "..", "a/./b"])
def test_a_product_whose_sku_looks_like_a_path_is_opened_and_saved(shop, sku):
    with shop.database.writing() as session:
        sock = ProductInput(sku, {"family": "coats", "name-en_GB": "Sock"})
        service.write(session, [sock], coats.ANN, datetime.now(UTC))
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products?q=sock&in=shop.en_GB")
    page.get_by_role("link", name="Sock", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sock")
    page.get_by_label("Name", exact=True).fill("Stocking")
    press_save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Stocking")
    assert shop.errors == []


def test_a_selection_counts_itself(shop):
    page = shop.enter("approver")
    page.goto(f"{shop.address}/products")
    tray = page.locator("[data-selection-bar]")
    expect(tray).to_be_hidden()
    page.get_by_label("Select C-1").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    shop.check()
    page.get_by_label("Select all on this page").check()
    expect(page.get_by_text("3 selected")).to_be_visible()
    tray.get_by_role("button", name="Status", exact=True).click()
    page.get_by_label("Status", exact=True).select_option("submit")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url(re.compile("/preview"))
    confirm = page.get_by_role("button", name="Change 4 products")  # the model's variant too
    expect(confirm).to_be_visible()
    shop.check()
    confirm.click()
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}([?]|$)"))
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    shop.check()


def test_choosing_a_filter_or_a_language_loads_the_list(shop):
    page = shop.enter("viewer")
    page.goto(f"{shop.address}/products?in=shop.en_GB")
    page.get_by_label("Status", exact=True).select_option(label="Approved")
    expect(page.get_by_text("1 product", exact=True)).to_be_visible()
    page.get_by_label("Language", exact=True).select_option("shop.nl_NL")
    expect(page).to_have_url(f"{shop.address}/products?status=approved&in=shop.nl_NL")


def test_pictures_are_added_moved_and_removed(shop, tmp_path):
    from PIL import Image

    for name, shade in (("a.png", 10), ("b.png", 200)):
        Image.new("RGB", (30, 30), (shade, 0, 0)).save(tmp_path / name)
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-2")
    page.locator("input[type=file]").set_input_files([tmp_path / "a.png", tmp_path / "b.png"])
    expect(page.get_by_text("1 unsaved change")).to_be_visible()
    expect(page.locator(".asset-name")).to_have_text(["a.png", "b.png"])
    page.locator("input[type=file]").set_input_files(
        {"name": "c.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(page.locator("[data-refused]")).to_contain_text("c.png:")
    with shop.saving():
        page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Move a.png back").click()
    with shop.saving():
        page.get_by_role("button", name="Save").click()
    expect(page.locator(".asset-name").first).to_have_text("b.png")
    page.get_by_role("button", name="Remove b.png").click()
    with shop.saving():
        page.get_by_role("button", name="Save").click()
    expect(page.locator(".asset-name")).to_have_text(["a.png"])


def test_only_what_is_missing_can_be_shown(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.nl_NL")
    page.get_by_label("Only what is missing").check()
    expect(page.get_by_label("Name", exact=True)).to_be_visible()
    expect(page.get_by_label("EAN", exact=True)).to_be_hidden()


def test_the_list_is_walked_through_by_keyboard(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products?variants=1")
    page.get_by_role("link", name="Parka").first.click()
    page.wait_for_url("**/products/M-1?*")
    page.keyboard.press("Alt+PageDown")
    page.wait_for_url("**/products/C-2?*")
    page.keyboard.press("Alt+PageUp")
    page.wait_for_url("**/products/M-1?*")
    assert shop.errors == []


def test_ticked_categories_are_not_lost_without_a_question(shop):
    page = shop.enter("editor")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{shop.address}/products/C-1?tab=categories&in=shop.en_GB")
    page.get_by_label("Dry").check()
    page.get_by_role("button", name="Save the categories").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Dry")).to_be_checked()
    assert asked == []
    page.get_by_label("Dry").uncheck()
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(f"{shop.address}/products/C-1?tab=history&in=shop.en_GB")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("width", [390, 1024])
def test_nothing_is_wider_than_the_window(shop, width):
    page = shop.enter("admin")
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/",
        "/products",
        "/products/C-1",
        "/product/new",
        "/settings",
        "/settings/people",
        "/imports/new",
    ):
        page.goto(shop.address + path)
        assert (
            page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            == 0
        ), path


def test_a_link_is_found_in_any_language_by_sku_by_ean_and_by_a_slip_and_only_to_a_product(shop):
    with shop.database.writing() as session:
        changed = {"name-nl_NL": "Hangmat", "ean": "4006381333931"}
        service.write(session, [ProductInput("C-1", changed)], coats.ANN, datetime.now(UTC))
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-2?tab=links&in=shop.en_GB")
    box = page.get_by_role("combobox", name="Better")
    offers = page.locator("[data-link-found] [role=option]")
    for words in ("hangmat", "hangmta", "c-1", "4006381333931"):
        box.fill(words)
        expect(offers).to_have_text(["Coat C-1"])
    box.fill("hangslot")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    expect(offers).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("[data-linked]")).to_have_count(0)


def test_a_link_to_a_missing_text_leads_to_its_whole_field(shop):
    page = shop.enter("editor")
    page.set_viewport_size({"width": 1000, "height": 500})
    page.goto(f"{shop.address}/products/C-2?in=shop.en_GB")
    page.locator(".gaps").get_by_role("link", name="Story (English)").click()
    expect(page.get_by_role("textbox", name="Story")).to_be_focused()
    label = page.locator("#field-story-en_GB").get_by_text("Story", exact=True)
    expect(label).to_be_in_viewport(ratio=1)
    header = page.locator(".product-head").bounding_box()
    assert label.bounding_box()["y"] >= header["y"] + header["height"]


def test_a_link_is_found_by_name(shop):
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-2?tab=links&in=shop.en_GB")
    page.get_by_role("combobox", name="Better").fill("coat")
    page.get_by_role("option", name="Coat C-1").click()
    shop.check()
    press_save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("link", name="Coat")).to_be_visible()
    page.goto(f"{shop.address}/products/C-2")
    page.get_by_role("combobox", name="Parts").fill("park")
    page.get_by_role("option", name="Parka M", exact=True).click()
    expect(page.get_by_text("1 unsaved change")).to_be_visible()
    press_save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("[data-change-words]")).to_have_text("")
    expect(page.locator("#field-parts [data-linked]", has_text="Parka")).to_be_visible()
    assert shop.errors == []


def test_a_link_to_a_sku_with_a_comma_stays_one_link(shop):
    screw = ProductInput("7,5x60", {"family": "coats", "name-en_GB": "Screw"})
    nut = ProductInput("8x80", {"upsell-products": ["7,5x60", "C-1"], "parts": ["7,5x60"]})
    with shop.database.writing() as session:
        service.write(session, [screw, nut], coats.ANN, datetime.now(UTC))
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/8x80?tab=links&in=shop.en_GB")
    expect(page.locator("[data-linked]")).to_have_text([re.compile("Screw"), re.compile("Coat")])
    page.get_by_role("combobox", name="Better").fill("park")
    page.get_by_role("option", name="Parka M", exact=True).click()
    press_save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert coats.value(shop.database, "8x80", "upsell-products") == ["7,5x60", "C-1", "M"]
    page.goto(f"{shop.address}/products/C-2?in=shop.en_GB")
    page.get_by_role("combobox", name="Parts").fill("scre")
    page.get_by_role("option", name="Screw 7,5x60", exact=True).click()
    press_save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert coats.value(shop.database, "C-2", "parts") == ["7,5x60"]
    assert shop.errors == []


def test_two_tabs_of_one_browser_do_not_mix(shop):
    """Each walks through its own list in its own language, whatever the other does meanwhile."""
    english = shop.enter("editor")
    dutch = english.context.new_page()
    english.goto(f"{shop.address}/products?in=shop.en_GB&variants=1")
    dutch.goto(f"{shop.address}/products?in=shop.nl_NL&status=approved")
    english.get_by_role("link", name="Parka").first.click()
    english.wait_for_url("**/products/M-1?*")
    dutch.reload()
    english.get_by_role("link", name="Next in the list").click()
    english.wait_for_url("**/products/C-2?*")
    expect(english.get_by_label("Language", exact=True)).to_have_value("shop.en_GB")
    english.get_by_role("navigation", name="You are here").get_by_role("link").first.click()
    expect(english).to_have_url(f"{shop.address}/products?variants=1&in=shop.en_GB")
    dutch.get_by_role("link", name="Today").click()
    dutch.wait_for_url("**/?*")
    dutch.get_by_role("link", name="Products", exact=True).click()
    expect(dutch).to_have_url(f"{shop.address}/products?in=shop.nl_NL")


def test_who_stays_has_the_page_as_it_was(shop):
    """Where the fields of another language cannot be had, the page would be left for them."""
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products/C-1?in=shop.en_GB")
    page.get_by_label("Name", exact=True).fill("Raincoat")
    page.route("**/products/C-1?in=shop.nl_NL", lambda route: route.abort())
    page.once("dialog", lambda dialog: dialog.dismiss())
    language = page.get_by_label("Language", exact=True)
    language.select_option("shop.nl_NL")
    expect(language).to_have_value("shop.en_GB")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Raincoat")
