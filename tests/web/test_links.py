"""Links to other products: found, put in order, saved with the values; and who has links to one."""

import re
from datetime import UTC, datetime

import pytest
from lxml import html
from playwright.sync_api import expect

from pim.products import service
from pim.products.change import ProductInput
from pim.structure import service as structures
from tests.support import coats
from tests.web.conftest import press_save

KINDS = {"associations": {"with": {"labels": {"en_GB": "Goes with"}}}}
HATS = ("H-1", "H-2", "H-3")


def fill(database):
    coats.fill(database)
    with database.writing() as session:
        structures.apply(session, KINDS)
        hats = [
            ProductInput(one, {"family": "coats", "name-en_GB": f"Bonnet {one}"}) for one in HATS
        ]
        linked = ProductInput(
            "C-2", {"upsell-products": ["H-2", "C-1"], "with-products": ["c-1", "LATER"]}
        )
        service.write(session, [*hats, linked], coats.ANN, datetime.now(UTC))


@pytest.fixture
def shop(database):
    fill(database)
    return database


def lines(page, anchor):
    """The products of a kind of link, in words."""
    found = html.fromstring(page).cssselect(f"{anchor} [data-linked]")
    return [" ".join(one.text_content().split()) for one in found]


def save(client, version, **fields):
    return client.send("/products/C-2?in=shop.en_GB", tab="links", version=version, **fields)


def test_each_kind_shows_its_products_in_order_and_says_which_are_not_there(shop, enter):
    page = enter("editor").get("/products/C-2?tab=links&in=shop.en_GB").text
    assert lines(page, "#field-upsell-products") == ["Bonnet H-2 H-2", "Coat C-1"]
    assert lines(page, "#field-with-products") == ["Coat C-1", "Not there yet LATER"]


def test_the_other_direction_is_told_by_kind_and_only_read(shop, enter):
    page = enter("editor").get("/products/C-1?tab=links&in=shop.en_GB").text
    assert lines(page, ".named-by") == ["C-2 C-2", "C-2 C-2"]
    named = html.fromstring(page).cssselect(".named-by")[0]
    assert [one.text for one in named.cssselect("h3")] == ["Better", "Goes with"]
    assert not named.cssselect("button, input, [draggable]")


def test_links_are_saved_with_values_of_the_same_form(shop, enter):
    answer = save(
        enter("editor"),
        2,
        **{
            "was-upsell-products": "H-2,C-1",
            "value-upsell-products": "H-3,H-2",
            "was-name-en_GB": "",
            "value-name-en_GB": "Cape",
        },
    )
    assert answer.headers["Location"].endswith("tab=links&in=shop.en_GB")
    assert coats.value(shop, "C-2", "upsell-products") == ["H-3", "H-2"]
    assert coats.value(shop, "C-2", "name-en_GB") == "Cape"
    assert coats.value(shop, "C-2", "with-products") == ["c-1", "LATER"]


def test_what_is_refused_is_said_at_its_kind_and_what_was_typed_stays(shop, enter):
    typed = {"was-upsell-products": "H-2,C-1", "value-upsell-products": 'H-3,"H-2'}
    answer = save(enter("editor"), 2, **typed)
    assert answer.status_code == 422
    [field] = html.fromstring(answer.text).cssselect("#field-upsell-products")
    assert field.cssselect("[name=value-upsell-products]")[0].get("value") == 'H-3,"H-2'
    assert field.cssselect(".field-error")


def test_links_that_somebody_else_changed_are_a_conflict(shop, enter):
    client = enter("editor")
    page = client.get("/products/C-2?tab=links").text
    [version] = html.fromstring(page).cssselect("#values [name=version]")
    coats.write(shop, "C-2", {"upsell-products": ["H-1"]})
    typed = {"was-upsell-products": "H-2,C-1", "value-upsell-products": "C-1,H-2"}
    answer = save(client, version.get("value"), **typed)
    assert answer.status_code == 409
    assert coats.value(shop, "C-2", "upsell-products") == ["H-1"]


def test_who_may_not_edit_reads_the_links(shop, enter):
    page = enter("viewer").get("/products/C-2?tab=links&in=shop.en_GB").text
    assert lines(page, "#field-upsell-products") == ["Bonnet H-2 H-2", "Coat C-1"]
    assert not html.fromstring(page).cssselect(".link-kind :is(button, input)")


def test_a_kind_that_there_is_no_more_is_not_dropped_without_a_word(shop, enter):
    typed = {"was-gone-products": "", "value-gone-products": "H-1"}
    answer = save(enter("editor"), 2, **typed)
    assert answer.status_code == 422
    [said] = html.fromstring(answer.text).cssselect("#values .note-danger")
    assert "gone" in said.text_content()


def test_offers_have_a_picture_and_are_found_with_a_slip(shop, enter):
    client = enter("viewer")
    found = html.fromstring(client.get("/product/link-offers?q=bonent&in=shop.en_GB").text)
    offers = found.cssselect("[role=option] > .linked-name .sku")
    assert sorted(one.text for one in offers) == list(HATS)
    named = html.fromstring(client.get("/product/link-offers?sku=h-1&sku=NOBODY").text)
    assert len(named.cssselect("[role=option]")) == 2


@pytest.mark.browser
def test_links_are_put_in_order_by_keys_buttons_and_dragging_and_stay_so(browser):
    fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/C-2?tab=links&in=shop.en_GB")
    kind = page.locator("#field-upsell-products")
    box = kind.get_by_role("combobox", name="Better")
    box.press_sequentially("bonnet h-3")
    expect(kind.get_by_role("option")).to_have_count(1)
    browser.check()
    box.press("Enter")
    skus = kind.locator("[data-linked] .sku")
    expect(skus).to_have_text(["H-2", "C-1", "H-3"])
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")
    kind.get_by_role("button", name="Remove H-3").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(skus).to_have_text(["H-2", "H-3", "C-1"])
    kind.get_by_role("button", name="Move H-2 back").click()
    expect(skus).to_have_text(["H-3", "H-2", "C-1"])
    kind.locator("[data-linked=C-1]").drag_to(
        kind.locator("[data-linked=H-3]"), target_position={"x": 20, "y": 4}
    )
    expect(skus).to_have_text(["C-1", "H-3", "H-2"])
    with browser.saving():
        press_save(page)
    assert coats.value(browser.database, "C-2", "upsell-products") == ["C-1", "H-3", "H-2"]
    expect(skus).to_have_text(["C-1", "H-3", "H-2"])
    kind.get_by_role("button", name="Remove H-3").focus()
    page.keyboard.press("Delete")
    expect(skus).to_have_text(["C-1", "H-2"])
    browser.check()
    assert browser.errors == []


@pytest.mark.browser
def test_values_and_links_are_saved_by_one_save(browser):
    fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/C-2?in=shop.en_GB")
    page.get_by_label("Name", exact=True).fill("Cape")
    page.get_by_role("link", name="Links").click()
    page.locator("#field-with-products").get_by_role("button", name="Remove LATER").click()
    expect(page.locator("[data-change-words]")).to_have_text(re.compile("2 unsaved changes"))
    page.get_by_role("link", name="Values").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Cape")
    page.get_by_role("link", name="Links").click()
    expect(page.locator("#field-with-products [data-linked]")).to_have_count(1)
    with browser.saving():
        press_save(page)
    assert coats.value(browser.database, "C-2", "name-en_GB") == "Cape"
    assert coats.value(browser.database, "C-2", "with-products") == ["C-1"]
    expect(page.locator("[data-change-words]")).to_have_text("")
    assert browser.errors == []
