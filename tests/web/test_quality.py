"""Quality warnings on the page of a product, in the list and on the first page."""

import re
from html import unescape

import pytest
from playwright.sync_api import expect

from pim.quality_kinds import REPEATED_NAME, UNTRANSLATED
from tests.support.lamp_shop import STRUCTURE, LampShop

SENTENCE = "A lamp that turns with the light of the day"


@pytest.fixture
def lamps(database, clock):
    return fill(database, clock)


def fill(database, clock) -> LampShop:
    """Two lamps of one name, of which one has a text that nobody translated."""
    found = LampShop(database, clock)
    found.restructure(STRUCTURE)
    found.add("A", **{"name-nl_NL": "Leeslamp", "blurb-nl_NL-web": f"<p>{SENTENCE}</p>"})
    found.add("B", **{"name-nl_NL": "Leeslamp", "blurb-en_GB-web": f"<p>{SENTENCE}</p>"})
    found.edit("A", {"blurb-en_GB-web": f"<p>{SENTENCE}</p>"})
    found.follow()
    return found


def notes(client, identifier: str) -> str:
    page = client.get(f"/products/{identifier}").get_data(as_text=True)
    found = re.search(r'<div class="quality">.*?</section>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def test_the_page_says_what_may_be_wrong_and_leads_to_the_field(lamps, enter):
    client = enter("editor")
    assert "Name (Dutch (Netherlands)) The same name as B" in notes(client, "A")
    assert "The same text as in Dutch (Netherlands)" in notes(client, "A")
    page = client.get("/products/A").get_data(as_text=True)
    link = re.search(r'href="([^"]+#field-blurb-en_GB-web)"', page)
    assert link
    shown = client.get(unescape(link[1])).get_data(as_text=True)
    assert 'id="field-blurb-en_GB-web"' in shown


def test_saving_a_mended_value_takes_the_warnings_along_at_once(lamps, enter, database):
    client = enter("editor")
    name = {"was-name-nl_NL": "Leeslamp", "value-name-nl_NL": "Bureaulamp"}
    client.send("/products/B", version=str(lamps.get("B").version), **name)
    assert "same name" not in notes(client, "A")
    assert lamps.stored_warnings() == [("A", UNTRANSLATED, "blurb-en_GB-web")]


def test_a_value_is_called_right_and_looked_at_again(lamps, enter):
    client = enter("editor")
    about = {"kind": REPEATED_NAME, "address": "name-nl_NL", "next": "/products/A"}
    client.send("/product/quality/dismiss/A", **about)
    assert ("A", REPEATED_NAME, "name-nl_NL") not in lamps.stored_warnings()
    assert "1 value called right" in notes(client, "A")
    assert client.send("/product/quality/dismiss/A", **about).status_code == 409
    client.send("/product/quality/restore/A", **about)
    assert ("A", REPEATED_NAME, "name-nl_NL") in lamps.stored_warnings()
    assert "called right" not in notes(client, "A")


def test_who_may_not_change_values_has_no_say(lamps, enter):
    about = {"kind": REPEATED_NAME, "address": "name-nl_NL"}
    viewer = enter("viewer")
    assert "It is right so" not in viewer.get("/products/A").get_data(as_text=True)
    assert viewer.send("/product/quality/dismiss/A", **about).status_code == 403
    strange = {"kind": REPEATED_NAME, "address": "nothing"}
    assert enter("editor").send("/product/quality/dismiss/A", **strange).status_code == 403


def test_a_variant_shows_what_is_wrong_on_its_model(lamps, enter):
    lamps.model("M", {"family": "lamps", "family_variant": "by_color", "name-nl_NL": "Leeslamp"})
    lamps.edit("M-red", {"parent": "M", "color": "red"})
    lamps.follow()
    client = enter("editor")
    assert "M The same name as A , B" in notes(client, "M-red")
    assert 'action="/product/quality' not in client.get("/products/M-red").text


def test_the_first_page_counts_what_the_list_shows(lamps, enter):
    client = enter("viewer")
    page = client.get("/").get_data(as_text=True)
    figures = re.findall(
        r'class="quality-figure" href="([^"]+)"><span>([^<]+)</span>.*?>(\d+)<', page
    )
    assert [(name, number) for _, name, number in figures] == [
        ("All warnings", "2"),
        ("Repeated name", "2"),
        ("Text not translated", "1"),
    ]
    for url, _, number in figures:
        listed = client.get(unescape(url)).get_data(as_text=True)
        assert listed.count('<a class="name"') == int(number)
    assert "Quality: Text not translated" in listed


def test_words_of_the_shop_are_added_seen_and_removed(lamps, enter):
    client = enter("editor")
    client.send("/settings/words", word="Zwurbl", next="/settings/words")
    page = client.get("/settings/words").get_data(as_text=True)
    assert "<td>Zwurbl</td>" in page
    refused = client.send("/settings/words", word="two words", next="/settings/words")
    assert refused.status_code == 422
    assert "“two words” is not one word." in refused.get_data(as_text=True)
    assert client.send("/settings/words/remove", word="Zwurbl").status_code == 303
    assert "<td>Zwurbl</td>" not in client.get("/settings/words").get_data(as_text=True)
    assert client.send("/settings/words/remove", word="Zwurbl").status_code == 404


def test_who_may_not_change_products_adds_no_words(lamps, enter):
    viewer = enter("viewer")
    assert 'name="word"' not in viewer.get("/settings/words").get_data(as_text=True)
    assert viewer.send("/settings/words", word="Zwurbl").status_code == 403


def test_the_settings_name_options_that_are_perhaps_one(lamps, enter):
    client = enter("admin")
    assert "perhaps meant as one" not in client.get("/settings").get_data(as_text=True)
    color = {"type": "choice", "options": {"grey": {}, "Grey_": {}, "red": {}, "blue": {}}}
    lamps.restructure({**STRUCTURE, "attributes": {**STRUCTURE["attributes"], "color": color}})
    page = client.get("/settings").get_data(as_text=True)
    assert "1 pair of options is perhaps meant as one" in page
    assert "<code>Grey_</code>" in page


@pytest.mark.browser
def test_a_warning_goes_when_it_is_called_right(browser, clock):
    fill(browser.database, clock)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/A")
    browser.check()
    page.get_by_role("button", name="Name (Dutch (Netherlands)) is right so").click()
    expect(page.get_by_text("1 value called right")).to_be_visible()
    expect(page.locator(".quality").get_by_text("The same name as")).to_have_count(0)
    page.get_by_text("1 value called right").click()
    browser.check()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".quality").get_by_text("The same name as")).to_be_visible()


@pytest.mark.browser
def test_a_word_of_ours_is_added_beside_the_warning(browser, clock):
    pytest.importorskip("hunspell", reason="the extra “spelling” is not installed")
    lamps = fill(browser.database, clock)
    lamps.add("Z", **{"name-en_GB": "A zwurbling lamp"})
    lamps.follow()
    assert lamps.warned("misspelled") == ["Z"]
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/Z")
    browser.check()
    page.get_by_role("button", name="A word of ours zwurbling").click()
    expect(page.get_by_text("“zwurbling” is a word of the shop now.")).to_be_visible()
    expect(page.locator(".quality")).to_have_count(0)
    page.goto(f"{browser.address}/settings/words")
    browser.check()
    page.get_by_role("button", name="Remove zwurbling").click()
    expect(page.get_by_text("No words yet")).to_be_visible()
