"""Translating: what the page offers, what its forms do, and ten texts by keyboard."""

import json
import re
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import expect

from pim.products import queries
from pim.structure import service as structures
from pim.text_translation import following
from tests.support import coats

URL = "/product/translate?in=shop.nl_NL&beside=en_GB"


@pytest.fixture
def editor(database, enter):
    coats.fill(database)
    return enter("editor")


def form_of(client, identifier: str, address: str, url: str = URL) -> dict[str, Any]:
    """The hidden fields of a text's form as the page has them."""
    page = client.get(url).get_data(as_text=True)
    start = page.index(f'data-identifier="{identifier}" data-address="{address}"')
    part = page[start : page.index("</form>", start)]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', part)
    return {name: unescape(value) for name, value in found}


def save(client, form: dict[str, Any], url: str = URL, **more: Any):
    sent = {**form, **more}
    return client.post(url, data=sent, headers={"HX-Request": "true"})


def value(database, identifier: str, address: str) -> Any:
    return coats.value(database, identifier, address)


def test_what_is_missing_is_shown_beside_its_source(editor):
    page = editor.get(URL).get_data(as_text=True)
    assert "From English into Dutch, for Shop" in page
    assert page.count("data-translation>") or page.count("data-translation ") >= 3
    assert "Parka" in page
    assert "Coat" in page


def test_a_translation_is_saved_and_remembered(editor, database):
    form = form_of(editor, "C-1", "name-nl_NL")
    answer = save(editor, form, **{"value-name-nl_NL": "Jas"})
    assert answer.status_code == 200
    assert "data-done" in answer.get_data(as_text=True)
    assert value(database, "C-1", "name-nl_NL") == "Jas"


def test_what_it_replaced_can_be_brought_back(editor, database):
    form = form_of(editor, "C-1", "name-nl_NL")
    page = save(editor, form, **{"value-name-nl_NL": "Jas"}).get_data(as_text=True)
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    again = {name: unescape(one) for name, one in again.items()}
    answer = save(editor, again, undo="1", **{"value-name-nl_NL": "Jas"})
    assert answer.status_code == 200
    assert value(database, "C-1", "name-nl_NL") is None


def test_a_translation_that_breaks_a_rule_stays_in_its_field(editor, database):
    form = form_of(editor, "C-1", "name-nl_NL")
    answer = save(editor, form, **{"value-name-nl_NL": "x" * 41})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Longer than 40 characters" in page
    assert "x" * 41 in page
    assert value(database, "C-1", "name-nl_NL") is None


def test_a_source_that_changed_meanwhile_is_not_translated(editor, database):
    form = form_of(editor, "C-1", "name-nl_NL")
    coats.write(database, "C-1", {"name-en_GB": "Long coat"})
    answer = save(editor, form, **{"value-name-nl_NL": "Jas"})
    assert answer.status_code == 422
    assert "was changed meanwhile" in answer.get_data(as_text=True)
    assert value(database, "C-1", "name-nl_NL") is None


def test_a_translation_that_somebody_else_made_meanwhile_is_a_conflict(editor, database):
    form = form_of(editor, "C-1", "name-nl_NL")
    coats.write(database, "C-1", {"name-nl_NL": "Mantel"})
    answer = save(editor, form, **{"value-name-nl_NL": "Jas"})
    assert answer.status_code == 409
    assert value(database, "C-1", "name-nl_NL") == "Mantel"


def test_an_outdated_translation_shows_what_changed_and_can_be_kept(editor, database):
    coats.write(database, "C-1", {"name-nl_NL": "Jas"})
    coats.write(database, "C-1", {"name-en_GB": "Warm coat"})
    url = f"{URL}&state=outdated"
    page = editor.get(url).get_data(as_text=True)
    assert "<ins>Warm coat</ins>" in page
    assert "<del>Coat</del>" in page
    answer = save(editor, form_of(editor, "C-1", "name-nl_NL", url), keep="1")
    assert answer.status_code == 200
    assert "Everything is translated" in editor.get(url).get_data(as_text=True)
    assert value(database, "C-1", "name-nl_NL") == "Jas"


@pytest.mark.parametrize(
    "wrong",
    [
        {"held": "[]"},
        {"held": "nonsense"},
        {"held": json.dumps([[1, "C-1", -1]])},
        {"address": "price-EUR"},
        {"held": json.dumps([[1, "NOBODY", 1]])},
    ],
)
def test_a_form_that_nobody_was_given_changes_nothing(editor, database, wrong):
    form = form_of(editor, "C-1", "name-nl_NL") | wrong
    answer = save(editor, form, **{"value-name-nl_NL": "Jas"})
    assert answer.status_code == 422
    assert value(database, "C-1", "name-nl_NL") is None


def test_only_the_texts_of_the_list_it_was_opened_from(editor):
    page = editor.get(f"{URL}&from=q%3Dparka").get_data(as_text=True)
    assert 'data-identifier="M"' in page
    assert 'data-identifier="C-1"' not in page


def test_one_product_from_its_page(editor):
    shown = editor.get("/products/C-1?in=shop.nl_NL&beside=en_GB").get_data(as_text=True)
    assert "/product/translate?product=C-1" in unescape(shown)
    page = editor.get(f"{URL}&product=C-1").get_data(as_text=True)
    assert 'data-identifier="C-1"' in page
    assert 'data-identifier="M"' not in page


def test_a_similar_text_is_offered(editor, database):
    save(editor, form_of(editor, "C-1", "name-nl_NL"), **{"value-name-nl_NL": "Jas"})
    coats.write(database, "C-2", {"name-en_GB": "Coats"})
    answer = editor.get(
        "/product/translate/similar?in=shop.nl_NL&beside=en_GB&identifier=C-2&address=name-nl_NL"
    )
    assert re.search(r'data-take="Jas"[^>]*>[0-9]+%</button>', answer.get_data(as_text=True))


@pytest.mark.browser
def test_ten_texts_are_translated_by_keyboard_on_one_page(browser):
    """From the list: two clicks, and two actions for each text."""
    coats.fill(browser.database)
    for number in range(10):
        coats.write(
            browser.database, f"T-{number}", {"family": "coats", "name-en_GB": f"Hat {number}"}
        )
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?in=shop.nl_NL&q=hat")
    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    page.get_by_role("link", name="Translate").click()
    page.wait_for_url("**/product/translate*")
    page.get_by_label("Name").first.click()
    for number in range(9, -1, -1):
        expect(page.locator(f'[data-identifier="T-{number}"] input.form-control')).to_be_focused()
        page.keyboard.insert_text(f"Hoed {number}")
        page.keyboard.press("Control+Enter")
    expect(page.locator("[data-translated]")).to_have_text("10 of 10 translated")
    assert len(loads) == 1
    with browser.database.reading() as session:
        names = [queries.get(session, f"T-{number}").document["name-nl_NL"] for number in range(10)]
    assert names == [f"Hoed {number}" for number in range(10)]
    browser.check()


@pytest.mark.browser
def test_what_was_typed_is_there_again_after_a_reload(browser):
    coats.fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}{URL}")
    field = page.locator('[data-identifier="C-1"][data-address="name-nl_NL"] input.form-control')
    field.fill("Ja")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(field).to_have_value("Ja")
    field.press("Control+Enter")
    expect(page.locator('[data-identifier="C-1"][data-done]')).to_be_visible()
    page.reload()
    assert coats.value(browser.database, "C-1", "name-nl_NL") == "Ja"


def texts_to_translate(client):
    """What the first page says, and where it leads; None where it says nothing."""
    today = unescape(client.get("/").get_data(as_text=True))
    found = re.search(r'class="task-text">([^<]*to translate[^<]*)<.*?href="([^"]+)"', today)
    return None if found is None else (found[1], found[2])


def test_the_first_page_leads_to_exactly_the_texts_that_it_counts(editor, database, clock):
    coats.write(database, "C-1", {"name-nl_NL": "Jas"})
    coats.write(database, "C-1", {"name-en_GB": "Overcoat"})
    assert texts_to_translate(editor) is None  # nobody translates yet
    following.follow(database, "en_GB", "nl_NL", clock())
    said, url = texts_to_translate(editor)
    assert said == "Dutch: 3 texts to translate, or to look at again."
    page = editor.get(url).get_data(as_text=True)
    shown = re.findall(r'data-identifier="([^"]+)" data-address="([^"]+)"', page)
    assert sorted(shown) == [("C-1", "name-nl_NL"), ("C-1", "story-nl_NL"), ("M", "name-nl_NL")]
    assert "From English into Dutch" in page
    form = form_of(editor, "C-1", "name-nl_NL", url)
    assert save(editor, form, url, **{"value-name-nl_NL": "Overjas"}).status_code == 200
    assert texts_to_translate(editor)[0].startswith("Dutch: 2 texts")


def bodies_of_text(client):
    """What the first page says of texts to translate -> where each sentence leads."""
    today = unescape(client.get("/").get_data(as_text=True))
    pattern = r'class="task-text">([^<]*to translate[^<]*)<.*?href="([^"]+)"'
    return dict(re.findall(pattern, today))


def test_the_first_page_names_each_text_once_whatever_channels_have_it(editor, database, clock):
    channel = {"locales": ["nl_NL", "en_GB"], "currencies": ["EUR"]}
    own_words = {"type": "text", "localizable": True, "scopable": True}
    family = coats.STRUCTURE["families"]["coats"]
    document = {
        "channels": {"fair": {**channel, "labels": {"en_GB": "Fair"}}},
        "attributes": {"slogan": own_words, "hook": own_words},
        "families": {"coats": {"attributes": [*family["attributes"], "slogan", "hook"]}},
    }
    with database.writing() as session:
        structures.apply(session, document)
    following.follow(database, "en_GB", "nl_NL", clock())
    here = "Dutch: 3 texts to translate, or to look at again."
    assert list(bodies_of_text(editor)) == [here]  # the fair has the same ones
    coats.write(database, "C-1", {"slogan-en_GB-fair": "Dry", "hook-en_GB-fair": "New"})
    following.follow(database, "en_GB", "nl_NL", clock())
    found = bodies_of_text(editor)
    there = "Dutch, Fair: 2 texts to translate, or to look at again."
    assert list(found) == [here, there]
    page = editor.get(found[there]).get_data(as_text=True)
    shown = re.findall(r'data-identifier="([^"]+)" data-address="([^"]+)"', page)
    assert sorted(shown) == [("C-1", "hook-nl_NL-fair"), ("C-1", "slogan-nl_NL-fair")]
    options = re.findall(r'<option value="([^"]*)" selected>([^<]+)<', page)
    assert ("hook,slogan", "[hook], [slogan]") in options


def test_who_may_not_write_texts_is_asked_for_none(editor, database, clock, enter):
    following.follow(database, "en_GB", "nl_NL", clock())
    assert texts_to_translate(editor) is not None
    assert texts_to_translate(enter("viewer")) is None
