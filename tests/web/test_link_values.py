"""Attributes whose value is a product, or a list of them: shown by name and chosen with the picker
that kinds of links have.
"""

from datetime import UTC, datetime

import pytest
from lxml import html
from playwright.sync_api import expect

from pim.products import queries, service
from pim.products.change import ProductInput
from pim.structure import service as structures
from tests.support import coats
from tests.web.conftest import press_save

ATTRIBUTES = {
    "sku": {"type": "identifier"},
    "name": {"type": "text", "labels": {"en_GB": "Name"}},
    "bulb": {"type": "link", "labels": {"en_GB": "Bulb"}},
    "spares": {"type": "link", "multiple": True, "labels": {"en_GB": "Spares"}},
}
STRUCTURE = {
    "locales": ["en_GB"],
    "currencies": ["EUR"],
    "channels": {"shop": {"locales": ["en_GB"], "currencies": ["EUR"]}},
    "attributes": ATTRIBUTES,
    "families": {"lamps": {"attributes": list(ATTRIBUTES), "label": "name"}},
}
NAMES = {"LAMP": "Lamp", "B-1": "Dim bulb", "B-2": "Bright bulb", "B,3": "Odd bulb"}


def fill(database):
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        given = [
            ProductInput(sku, {"family": "lamps", "name": name}) for sku, name in NAMES.items()
        ]
        lamp = ProductInput("LAMP", {"bulb": "B,3", "spares": ["B-1", "LATER"]})
        service.write(session, given, coats.ANN, datetime.now(UTC))
        service.write(session, [lamp], coats.ANN, datetime.now(UTC))


def value(database, code):
    with database.reading() as session:
        return queries.get(session, "LAMP").document.get(code)


def lines(field):
    """The products that a field shows, in words."""
    return [" ".join(one.text_content().split()) for one in field.cssselect("[data-linked]")]


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_a_value_names_its_products(database, enter, role):
    fill(database)
    page = html.fromstring(enter(role).get("/products/LAMP").text)
    [bulb], [spares] = (page.cssselect(f"#field-{code}") for code in ("bulb", "spares"))
    assert lines(bulb) == ["Odd bulb B,3"]
    assert lines(spares) == ["Dim bulb B-1", "Not there yet LATER"]
    assert len(spares.cssselect("[data-link-picker]")) == (1 if role == "editor" else 0)


@pytest.mark.browser
def test_the_one_product_of_a_value_is_taken_away_and_another_is_chosen(browser):
    fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/LAMP")
    bulb = page.locator("#field-bulb")
    box = bulb.get_by_role("combobox", name="Bulb")
    expect(box).to_be_hidden()
    bulb.get_by_role("button", name="Remove B,3").click()
    expect(box).to_be_focused()
    box.press_sequentially("bright")
    expect(bulb.get_by_role("option")).to_contain_text(["Bright bulb"])
    browser.check()
    box.press("Enter")
    expect(bulb.locator("[data-linked]")).to_contain_text(["Bright bulb"])
    expect(box).to_be_hidden()
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")
    spares = page.locator("#field-spares")
    spares.get_by_role("combobox", name="Spares").press_sequentially("odd")
    expect(spares.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    with browser.saving():
        press_save(page)
    assert value(browser.database, "bulb") == "B-2"
    assert value(browser.database, "spares") == ["B-1", "LATER", "B,3"]
    expect(bulb.locator("[data-linked]")).to_contain_text(["Bright bulb"])
    browser.check()


@pytest.mark.browser
def test_what_was_chosen_and_not_saved_comes_back(browser):
    fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/LAMP")
    bulb = page.locator("#field-bulb")
    bulb.get_by_role("button", name="Remove B,3").click()
    bulb.get_by_role("combobox").press_sequentially("dim")
    expect(bulb.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(bulb.locator("[data-linked]")).to_contain_text(["Dim bulb"])
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    expect(bulb.locator("[data-linked]")).to_contain_text(["Dim bulb"])
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")


@pytest.mark.browser
def test_a_product_is_chosen_in_a_cell_of_the_list(browser):
    fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?columns=bulb")
    page.locator('tr[data-product="LAMP"] [data-cell="bulb"]').dblclick()
    editor = page.locator("[data-cell-form]")
    expect(editor.locator("[data-linked]")).to_be_focused()
    page.keyboard.press("Delete")
    expect(editor.get_by_role("combobox")).to_be_focused()
    editor.get_by_role("combobox").press_sequentially("bright")
    expect(editor.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(editor.locator("[data-linked]")).to_contain_text(["Bright bulb"])
    browser.check()
    page.keyboard.press("Enter")
    expect(editor).to_have_count(0)
    assert value(browser.database, "bulb") == "B-2"
