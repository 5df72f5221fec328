"""Texts of a language that is written from the right: wherever they stand, they say which language
they are in and begin on the right, and all around them stays as it is.
"""

import copy
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from pim.i18n import direction
from pim.products import publishing
from pim.structure import service as structures
from tests.support import coats

ARABIC = 'lang="ar-AE" dir="rtl"'
COAT, WARM = "معطف", "معطف دافئ"
SCOPE = "in=shop.ar_AE"


def fill(database, clock) -> None:
    """The coats in English and Arabic; one has an Arabic name and story, which was approved and
    changed since.
    """
    structure = copy.deepcopy(coats.STRUCTURE)
    structure["locales"] = structure["channels"]["shop"]["locales"] = ["ar_AE", "en_GB", "nl_NL"]
    coats.fill(database)
    with database.writing() as session:
        structures.apply(session, structure)
    story = "<ul><li>دافئ</li></ul>"
    coats.write(database, "C-1", {"name-ar_AE": COAT, "story-ar_AE": story})
    with database.writing() as session:
        publishing.approve(session, ["C-1"], coats.ANN, clock())
    coats.write(database, "C-1", {"name-ar_AE": WARM})


@pytest.fixture
def approver(database, enter, clock) -> Iterator[FlaskClient]:
    fill(database, clock)
    return enter("approver")


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def said(html: str, words: str) -> str:
    """The tags in which these words stand."""
    return " ".join(re.findall(rf"<[a-z][^<>]*(?=>\s*{re.escape(words)}\s*<)", html))


@pytest.mark.parametrize(
    ("locale", "side"),
    [("ar_AE", "rtl"), ("he_IL", "rtl"), ("fa", "rtl"), ("ur_XX", "rtl"), ("nl_NL", "ltr")],
)
def test_a_language_says_from_which_side_it_is_written(locale, side):
    assert direction(locale) == side


def test_the_fields_of_a_product_are_written_from_the_side_of_their_language(approver):
    html = page(approver, f"/products/C-1?{SCOPE}")
    assert re.search(rf'<input[^>]*name="value-name-ar_AE"[^>]*{ARABIC}', html)
    assert re.search(rf'<textarea[^>]*name="value-story-ar_AE"[^>]*{ARABIC}', html)
    english = page(approver, "/products/C-1?in=shop.en_GB&beside=ar_AE")
    assert re.search(r'name="value-name-en_GB"[^>]*lang="en-GB" dir="ltr"', english)
    assert ARABIC in said(english, WARM)


def test_what_another_language_says_of_an_empty_field_is_written_from_its_side(approver):
    html = page(approver, "/products/C-1?in=shop.nl_NL")
    assert ARABIC in said(html, WARM)


def test_the_cells_of_the_list_are_in_the_language_of_their_value(approver):
    chosen = "&columns=name,story"
    assert 'dir="auto"' in said(page(approver, f"/products?{SCOPE}"), WARM)
    assert ARABIC in said(page(approver, f"/products?in=shop.nl_NL{chosen}"), "دافئ")


def test_history_tells_old_and_new_from_their_side(approver):
    html = page(approver, f"/products/C-1?{SCOPE}&tab=history")
    assert f"<del {ARABIC}" in said(html, COAT)
    assert f"<ins {ARABIC}" in said(html, WARM)


def test_translating_shows_the_source_from_its_side(approver):
    html = page(approver, "/product/translate?in=shop.nl_NL&beside=ar_AE")
    assert ARABIC in said(html, WARM)
    html = page(approver, f"/product/translate?{SCOPE}&beside=en_GB")
    assert re.search(rf'<input[^>]*name="value-name-ar_AE"[^>]*{ARABIC}', html)


def test_review_compares_each_language_from_its_side(approver, database, clock):
    with database.writing() as session:
        publishing.move(session, ["C-1"], "review", coats.ANN, clock())
    html = page(approver, f"/product/review?{SCOPE}")
    assert f"<dd {ARABIC}>{COAT}<ins> دافئ</ins>" in html


@pytest.mark.browser
def test_arabic_begins_on_the_right_and_the_rest_of_the_page_on_the_left(browser, clock):
    fill(browser.database, clock)
    shown = browser.enter("editor")
    shown.goto(f"{browser.address}/products/C-1?{SCOPE}")
    area = shown.locator('[id="field-story-ar_AE"] .rich-area')
    expect(area).to_have_attribute("dir", "rtl")
    field = shown.locator('[name="value-name-ar_AE"]')
    for one in (area, field):
        assert one.evaluate("one => getComputedStyle(one).direction") == "rtl"
    item = area.locator("li").bounding_box()
    inside = area.bounding_box()
    assert item["x"] + item["width"] < inside["x"] + inside["width"] - 20  # room for its sign
    assert item["x"] < inside["x"] + 20
    assert shown.evaluate("getComputedStyle(document.body).direction") == "ltr"
