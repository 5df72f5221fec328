"""The pictures of a product: ordered by keys and by dragging, pasted, chosen from those there
are.
"""

import pytest
from PIL import Image
from playwright.sync_api import expect

from media import queries
from tests.support import coats

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, tmp_path):
    """A coat with two pictures that are saved."""
    coats.fill(browser.database)
    for name, shade in (("a.png", 10), ("b.png", 200)):
        Image.new("RGB", (30, 30), (shade, 0, 0)).save(tmp_path / name)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/C-2")
    files = [tmp_path / "a.png", tmp_path / "b.png"]
    page.locator("input[type=file]").set_input_files(files)
    expect(page.locator(".asset-name")).to_have_text(["a.png", "b.png"])
    with browser.saving():
        page.get_by_role("button", name="Save").click()
    return page


def saved_order(browser, page):
    """The files in the order that the hub keeps after saving, and that the page then shows."""
    with browser.saving():
        page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-change-words]")).to_have_text("")
    codes = coats.value(browser.database, "C-2", "pictures")
    with browser.database.reading() as session:
        known = queries.by_codes(session, codes)
    names = [known[code].filename for code in codes]
    expect(page.locator(".asset-name")).to_have_text(names)
    return names


def test_the_order_of_pictures_is_kept_after_keys_buttons_and_dragging(browser, page):
    page.get_by_role("button", name="Remove b.png").focus()
    page.keyboard.press("Alt+ArrowLeft")
    assert saved_order(browser, page) == ["b.png", "a.png"]
    page.get_by_role("button", name="Move a.png forward").click()
    assert saved_order(browser, page) == ["a.png", "b.png"]
    first, last = (page.locator(".asset", has_text=name) for name in ("a.png", "b.png"))
    first.drag_to(last, target_position={"x": last.bounding_box()["width"] - 4, "y": 20})
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")
    assert saved_order(browser, page) == ["b.png", "a.png"]
    page.get_by_role("button", name="Remove b.png").focus()
    page.keyboard.press("Delete")
    assert saved_order(browser, page) == ["a.png"]
    assert browser.errors == []


def test_a_drag_that_is_given_up_leaves_the_order_as_it_was(browser, page):
    dragged, over = (page.locator(".asset", has_text=name) for name in ("a.png", "b.png"))
    dragged.hover()
    page.mouse.down()
    box = over.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 6, box["y"] + 20, steps=5)
    expect(page.locator(".asset-name")).to_have_text(["b.png", "a.png"])
    page.keyboard.press("Escape")
    expect(page.locator(".asset-name")).to_have_text(["a.png", "b.png"])
    page.mouse.up()
    expect(page.locator("[data-change-words]")).to_have_text("")


def test_a_copied_picture_is_pasted_into_its_field(browser, page):
    page.locator(".asset-tools button").first.evaluate(
        """async (button) => {
            const canvas = Object.assign(document.createElement("canvas"), { width: 9, height: 9 });
            canvas.getContext("2d").fillRect(0, 0, 9, 5);
            const blob = await new Promise((done) => canvas.toBlob(done));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([blob], "pasted.png", { type: "image/png" }));
            button.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )
    expect(page.locator(".asset-name")).to_have_text(["a.png", "b.png", "pasted.png"])
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")


def test_a_picture_that_is_there_is_found_and_chosen(browser, page):
    page.goto(f"{browser.address}/products/C-1")
    page.get_by_role("button", name="Choose one that is there").click()
    dialog = page.get_by_role("dialog", name="Choose one that is there")
    expect(dialog.get_by_role("button", name="a.png")).to_be_visible()
    dialog.get_by_role("searchbox").fill("b.png")
    expect(dialog.get_by_role("button", name="a.png")).to_have_count(0)
    browser.check()
    dialog.get_by_role("button", name="b.png").click()
    expect(page.locator(".asset-name")).to_have_text(["b.png"])
    with browser.saving():
        page.get_by_role("button", name="Save").click()
    expect(page.locator(".asset-name")).to_have_text(["b.png"])
    assert browser.errors == []
