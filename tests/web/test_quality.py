"""Quality warnings on the page of a product, in the list and on the first page."""

import re
from html import unescape

import pytest
from playwright.sync_api import expect

from pim.quality.checking import check_products
from pim.quality_kinds import REPEATED_NAME, UNTRANSLATED
from tests.support import sheets
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


def test_a_page_is_shown_while_nobody_knows_any_more_what_is_usual(lamps, enter):
    for number in range(9):
        grams = "90000" if number == 0 else "300"
        lamps.add(f"W{number}", weight={"amount": grams, "unit": "GRAM"})
    lamps.follow()
    client = enter("editor")
    assert "About 300× what is usual in its family" in notes(client, "W0")
    few = [lamps.get(f"W{number}").id for number in range(1, 9)]
    for number in range(1, 9):
        lamps.edit(f"W{number}", {"weight": None})
    with lamps.database.writing() as session:  # the job has come no further
        check_products(session, lamps.structure(), few)
    assert "Far from what is usual in its family" in notes(client, "W0")


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


def warned_in_list(client, **asked):
    """Identifier -> what the column of the quality says."""
    page = client.get("/products", query_string={"columns": ".quality", **asked})
    rows = sheets.cells(page.get_data(as_text=True))
    return {identifier: " ".join(row["Quality"].split()) for identifier, row in rows.items()}


def test_the_list_says_how_many_warnings_there_are_and_of_which_kinds(lamps, enter):
    lamps.add("C", **{"name-nl_NL": "Hanglamp"})
    lamps.model("M", {"family": "lamps", "family_variant": "by_color", "name-nl_NL": "Leeslamp"})
    lamps.edit("M-red", {"parent": "M", "color": "red"})
    lamps.follow()
    client = enter("viewer")
    assert warned_in_list(client) == {
        "A": "2 warningsRepeated name · Text not translated",
        "B": "1 warningRepeated name",
        "C": "",
        "M": "1 warningRepeated name",
    }
    assert warned_in_list(client, variants="1")["M-red"] == ""  # it stands on its model


MARKS = re.compile(
    r'<div class="field-marks" id="value-([^"]+)-marks">(.*?)</div>\n</div>', re.DOTALL
)


def marks(client, identifier, scope="web.nl_NL"):
    """Address -> what stands beside the field."""
    page = client.get(f"/products/{identifier}?in={scope}").get_data(as_text=True)
    return {
        address: " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
        for address, html in MARKS.findall(page)
    }


def test_a_warning_stands_at_its_field_and_is_called_right_there(lamps, enter):
    client = enter("editor")
    assert marks(client, "A") == {"name-nl_NL": "The same name as B"}
    english = marks(client, "A", "web.en_GB")
    assert english == {"blurb-en_GB-web": "The same text as in Dutch (Netherlands)"}
    page = client.get("/products/A?in=web.nl_NL").get_data(as_text=True)
    button = re.search(r'<button [^>]*form="(right-repeated_name-name-nl_NL)"', page)
    assert f'<form id="{button[1]}" method="post" action="/product/quality/dismiss/A' in page
    assert "right-" not in enter("viewer").get("/products/A?in=web.nl_NL").get_data(as_text=True)


def test_an_option_that_hardly_anybody_has_names_the_one_that_is_meant(lamps, enter):
    options = {"grey": {}, "Grey_": {}, "red": {}}
    color = {"type": "choice", "filterable": True, "options": options}
    lamps.restructure({**STRUCTURE, "attributes": {**STRUCTURE["attributes"], "color": color}})
    for name in ("C", "D"):
        lamps.add(name, color="Grey_")
    lamps.add("E", color="grey")
    lamps.add("F", color="red")
    client = enter("editor")
    said = "“[grey]” is hardly another option than “[Grey_]”. Did you mean [Grey_]"
    assert marks(client, "E") == {"color": said}
    assert marks(client, "D") == marks(client, "F") == {}


def test_an_option_is_called_right_until_the_value_changes(lamps, enter):
    color = {"type": "choice", "options": {"grey": {}, "Grey_": {}, "red": {}}}
    lamps.restructure({**STRUCTURE, "attributes": {**STRUCTURE["attributes"], "color": color}})
    lamps.add("C", color="Grey_")
    client = enter("editor")
    page = client.get("/products/C?in=web.en_GB").text
    assert re.search(r'form="right-near_option-color" title="It is right so"', page)
    about = {"kind": "near_option", "address": "color", "next": "/products/C"}
    client.send("/product/quality/dismiss/C", **about)
    assert marks(client, "C") == {}
    assert "Hardly another option. Right, says Editor" in notes(client, "C")
    assert client.send("/product/quality/dismiss/C", **about).status_code == 409
    client.send("/product/quality/restore/C", **about)
    assert "color" in marks(client, "C")
    client.send("/product/quality/dismiss/C", **about)
    lamps.add("C", color="red")
    lamps.follow()
    lamps.add("C", color="Grey_")
    assert "color" in marks(client, "C")


def test_an_option_beside_which_there_is_no_near_one_cannot_be_called_right(lamps, enter):
    lamps.add("C", color="red")
    about = {"kind": "near_option", "address": "color"}
    assert enter("editor").send("/product/quality/dismiss/C", **about).status_code == 409


def test_of_options_that_are_not_counted_the_first_is_meant(lamps, enter):
    color = {"type": "choices", "options": {"grey": {}, "red": {}, "Grey_": {}}}
    lamps.restructure(
        {**STRUCTURE, "attributes": {**STRUCTURE["attributes"], "color": color}, "variants": {}}
    )
    lamps.add("C", color=["Grey_", "red"])
    lamps.add("D", color=["grey"])
    client = enter("editor")
    assert marks(client, "C")["color"].endswith("Did you mean [grey]")
    assert marks(client, "D") == {}


def test_words_that_are_near_are_proposed_for_one_that_nobody_knows(lamps, enter):
    pytest.importorskip("hunspell", reason="the extra “spelling” is not installed")
    asked = {"word": "raeding", "locale": "en_GB"}
    client = enter("editor")
    part = client.get("/product/quality/meant", query_string=asked).get_data(as_text=True)
    assert 'data-take="reading" data-instead="raeding"' in part
    assert 1 <= part.count("data-take=") <= 3
    for strange in ({"locale": "xx_XX"}, {"word": "x" * 61}, {"word": "日本"}, {"word": ""}):
        answer = client.get("/product/quality/meant", query_string={**asked, **strange})
        assert (answer.status_code, "data-take" in answer.text) == (200, False)
    assert enter("viewer").get("/product/quality/meant", query_string=asked).status_code == 403


def test_the_dialog_of_filters_says_how_many_each_kind_lists(lamps, enter):
    page = enter("viewer").get("/product/filter/field?field=_quality").get_data(as_text=True)
    options = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', page)
    counted = {code: said for code, said in options if said.endswith(")")}
    assert counted == {
        "any": "any warning (2)",
        "misspelled": "Unknown word (0)",
        "outlier": "Measurement out of line (0)",
        "repeated_name": "Repeated name (2)",
        "shared_picture": "Same main picture (0)",
        "untranslated": "Text not translated (1)",
    }


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
def test_a_meant_word_is_taken_over_and_not_saved_yet(browser, clock):
    pytest.importorskip("hunspell", reason="the extra “spelling” is not installed")
    lamps = fill(browser.database, clock)
    lamps.add("Z", **{"name-en_GB": "A raeding lamp", "blurb-en_GB-web": "<p>For raeding</p>"})
    lamps.follow()
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/Z?in=web.en_GB")
    name = page.get_by_role("textbox", name="Name")
    meant = page.locator("#field-name-en_GB").get_by_role("button", name="reading", exact=True)
    expect(meant).to_be_visible()
    browser.check()
    meant.press("Enter")
    expect(name).to_have_value("A reading lamp")
    expect(meant).to_have_attribute("aria-pressed", "true")
    meant.click()
    expect(name).to_have_value("A raeding lamp")
    meant.click()
    blurb = page.locator("#field-blurb-en_GB-web")
    blurb.get_by_role("button", name="reading", exact=True).click()
    expect(blurb.locator(".rich-area")).to_have_text("For reading")
    browser.check()
    assert lamps.get("Z").values["name-en_GB"] == "A raeding lamp"
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert lamps.get("Z").values["name-en_GB"] == "A reading lamp"
    assert lamps.get("Z").values["blurb-en_GB-web"] == "<p>For reading</p>"
    expect(page.locator(".field-mark")).to_have_count(0)


@pytest.mark.browser
def test_a_meant_option_is_taken_over(browser, clock):
    lamps = fill(browser.database, clock)
    color = {"type": "choice", "options": {"grey": {}, "Grey_": {}, "red": {}}}
    lamps.restructure({**STRUCTURE, "attributes": {**STRUCTURE["attributes"], "color": color}})
    lamps.add("E", color="Grey_")
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/E?in=web.en_GB")
    page.get_by_role("button", name="[grey]").click()
    expect(page.locator("select[name=value-color]")).to_have_value("grey")
    assert lamps.get("E").values["color"] == "Grey_"
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert lamps.get("E").values["color"] == "grey"


@pytest.mark.browser
def test_the_kinds_in_the_list_are_seen_by_who_comes_there_by_keys(browser, clock):
    fill(browser.database, clock)
    page = browser.enter("viewer")
    page.goto(f"{browser.address}/products?columns=.sku,.quality")
    kinds = page.get_by_role("row", name="A 2 warnings").locator(".quality-kinds")
    expect(kinds).to_be_hidden()
    kinds.locator("xpath=..").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(kinds).to_be_visible()
    expect(kinds).to_have_text("Repeated name · Text not translated")
    browser.check()


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
