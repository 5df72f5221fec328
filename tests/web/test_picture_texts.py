"""The texts of a product's pictures in the language of its page, edited where they stand."""

import re

import pytest
from lxml import html
from playwright.sync_api import expect

from media import service as media
from media.storage import Storage
from pim.accounts import granting
from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant
from pim.accounts.queries import user_by_email
from pim.assets import queries
from pim.products import service
from pim.products.change import Origin, ProductInput
from pim.structure import queries as catalog
from pim.structure import service as structures
from tests.support.asset_shop import NOW, STRUCTURE, edit
from tests.web.test_assets import picture

ANN = Origin("user", "ann@example.org", "hub")


def fill(database, storage_url):
    """A bag with a photo that has a Dutch text, and a picture without a family; their codes."""
    storage = Storage(storage_url)
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        codes = [
            media.take_in(session, storage, f"{name}.png", picture(colour), NOW).code
            for name, colour in (("front", "red"), ("plain", "blue"))
        ]
        bag = ProductInput("BAG", {"family": "bags", "pictures": codes})
        service.write(session, [bag], ANN, NOW)
    values = {"family": "photo", "title": "Front", "alt_text-nl_NL": "Rode tas"}
    assert edit(database, codes[0], values).outcome == "created"
    return codes


@pytest.fixture
def codes(database, settings):
    return fill(database, settings.storage_url)


def texts(page):
    """Address -> the line of a text."""
    found = html.fromstring(page).cssselect("[data-picture-text]")
    return {one.get("data-address"): one for one in found}


def stored(database, code):
    with database.reading() as session:
        return queries.get(session, code).document


def save(client, code, typed, version, address="alt_text-de_DE"):
    answer = client.send(
        f"/product/picture-text/{code}", address=address, text=typed, version=version
    )
    assert answer.status_code == 200
    [line] = html.fragments_fromstring(answer.text.split("#}")[-1].strip())
    return line


def test_each_picture_shows_its_texts_in_the_language_of_the_page(codes, enter):
    client = enter("editor")
    dutch = texts(client.get("/products/BAG?in=webshop.nl_NL").text)
    assert list(dutch) == ["alt_text-nl_NL"]
    assert dutch["alt_text-nl_NL"].cssselect("input")[0].get("value") == "Rode tas"
    german = texts(client.get("/products/BAG?in=webshop.de_DE").text)["alt_text-de_DE"]
    assert german.cssselect("input")[0].get("value") == ""
    assert german.cssselect(".ghost")[0].text_content() == "DutchRode tas"


def test_a_text_is_saved_on_its_picture_and_taken_back(codes, database, enter):
    client = enter("admin")
    line = save(client, codes[0], "Rote Tasche", 1)
    assert stored(database, codes[0])["alt_text-de_DE"] == "Rote Tasche"
    assert not line.cssselect(".ghost")
    [undo] = line.cssselect("[data-picture-text-undo]")
    given = {"address": "alt_text-de_DE", "change": undo.get("data-change")}
    answer = client.send(undo.get("data-picture-text-undo"), **given)
    assert "Undone." in answer.text
    assert "alt_text-de_DE" not in stored(database, codes[0])


def test_what_is_refused_stays_in_the_field_with_the_reason(codes, database, enter):
    client = enter("editor")
    line = save(client, codes[0], "x" * 101, 1)
    assert line.cssselect("input")[0].get("value") == "x" * 101
    assert "Longer than 100 characters" in line.text_content()
    edit(database, codes[0], {"alt_text-de_DE": "Beutel"})
    conflict = save(client, codes[0], "Tasche", 1)
    assert "Beutel" in conflict.text_content()
    assert stored(database, codes[0])["alt_text-de_DE"] == "Beutel"
    save(client, codes[0], "Tasche", conflict.get("data-version"))
    assert stored(database, codes[0])["alt_text-de_DE"] == "Tasche"


def test_who_may_edit_one_language_reads_the_others(codes, database, enter):
    client = enter("viewer")
    with database.writing() as session:
        user = user_by_email(session, "viewer@example.org")
        grant = Grant(Permission.MEDIA_EDIT, locales=frozenset({"de_DE"}))
        granting.grant(session, catalog.structure(session), user, grant, NOW)
    assert not texts(client.get("/products/BAG?in=webshop.nl_NL").text)["alt_text-nl_NL"].cssselect(
        "input"
    )
    assert texts(client.get("/products/BAG?in=webshop.de_DE").text)["alt_text-de_DE"].cssselect(
        "input"
    )
    refused = save(client, codes[0], "Zak", 1, "alt_text-nl_NL")
    assert refused.cssselect(".field-error")
    assert stored(database, codes[0])["alt_text-nl_NL"] == "Rode tas"


def test_a_viewer_writes_no_text(codes, enter):
    client = enter("viewer")
    assert not html.fromstring(client.get("/products/BAG").text).cssselect(".picture-text input")
    assert client.send(f"/product/picture-text/{codes[0]}", text="x").status_code == 403


def test_a_text_that_there_is_not_is_not_found(codes, enter):
    client = enter("editor")
    answer = client.send(f"/product/picture-text/{codes[0]}", address="nothing", text="x")
    assert answer.status_code == 404


@pytest.mark.browser
def test_keys_and_the_mouse_in_a_text_are_about_its_letters(browser, settings):
    """Delete, and dragging, mean the picture everywhere else in its tile."""
    fill(browser.database, settings.storage_url)
    page = browser.enter("admin")
    page.goto(f"{browser.address}/products/BAG?in=webshop.nl_NL")
    field = page.get_by_role("textbox", name=re.compile("front.png"))
    box = field.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 3, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert page.evaluate("getSelection().toString()") == "Rode tas"
    field.press("Delete")
    expect(field).to_have_value("")
    expect(page.locator(".asset-name")).to_have_text(["front.png", "plain.png"])
    expect(page.locator("[data-change-words]")).to_have_text("")


@pytest.mark.browser
def test_unsaved_pictures_come_back_with_the_texts_of_the_language_that_is_shown(browser, settings):
    fill(browser.database, settings.storage_url)
    page = browser.enter("admin")
    page.goto(f"{browser.address}/products/BAG?in=webshop.nl_NL")
    page.get_by_role("button", name="Move plain.png forward").click()
    expect(page.locator(".asset-name")).to_have_text(["plain.png", "front.png"])
    page.get_by_label("Language", exact=True).select_option("webshop.de_DE")
    page.wait_for_url("**webshop.de_DE**")
    expect(page.locator(".asset-name")).to_have_text(["plain.png", "front.png"])
    text = page.locator("[data-picture-text]")
    expect(text).to_have_count(1)
    expect(text).to_have_attribute("data-address", "alt_text-de_DE")


@pytest.mark.browser
def test_a_text_is_edited_beside_the_picture_and_unsaved_values_stay(browser, settings):
    fill(browser.database, settings.storage_url)
    page = browser.enter("admin")
    page.goto(f"{browser.address}/products/BAG?in=webshop.de_DE")
    name = page.locator("#value-name-de_DE")
    name.fill("Tasche")
    field = page.get_by_role("textbox", name=re.compile("front.png"))
    field.fill("Rote Tasche")
    field.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("Rote Tasche")
    browser.check()
    page.get_by_role("button", name="Undo").click()
    expect(field).to_have_value("")
    expect(name).to_have_value("Tasche")
    expect(page.locator("[data-change-words]")).to_have_text("1 unsaved change")
    assert browser.errors == []
