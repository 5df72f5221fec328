"""Rich text as people write it: links, tables, what was copied from a word processor, undo."""

import pytest
from playwright.sync_api import expect

from tests.support import coats
from tests.web.conftest import press_save

pytestmark = pytest.mark.browser
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.Mso{color:red}</style>
</head><body><!--StartFragment--><h2 style='mso-margin-top-alt:auto'>Care<o:p></o:p></h2>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Wash</b> it, see <a
href="https://example.org/care" onclick="x()">the guide</a>.<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>
</span></span>cold</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>by
hand</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>dark
</p>
<table class=MsoTableGrid border=1><tr><td width=20><p class=MsoNormal>S</p></td></tr></table>
<script>x()</script></body></html>"""


@pytest.fixture
def story(browser):
    coats.fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products/C-1?in=shop.en_GB")
    area = page.get_by_role("textbox", name="Story")
    area.click()
    page.keyboard.press("Control+a")
    return area


def stored(browser, page):
    with browser.saving():
        press_save(page)
    return coats.value(browser.database, "C-1", "story-en_GB")


def paste(area, html):
    area.evaluate(
        """(area, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", html);
            area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        html,
    )


def test_what_word_copies_keeps_its_meaning_and_loses_its_dress(browser, story):
    paste(story, WORD)
    html = stored(browser, story.page)
    assert "<h2>Care</h2>" in html
    assert '<b>Wash</b> it, see <a href="https://example.org/care"' in html
    assert "<ul><li>cold<ul><li>by hand</li></ul></li><li>dark</li></ul>" in html.replace(" <", "<")
    assert "<td><p>S</p></td>" in html
    assert "mso" not in html.lower()
    story.page.get_by_role("textbox", name="Story").click()
    assert browser.errors == []


def test_a_paste_is_undone_like_typing(browser, story):
    paste(story, "<p>Other</p>")
    expect(story).to_have_text("Other")
    story.page.keyboard.press("Control+z")
    expect(story).to_have_text("Warm")
    expect(story.page.locator("[data-change-words]")).to_have_text("")


def test_a_link_is_made_and_taken_away_by_keyboard(browser, story):
    page = story.page
    page.keyboard.press("Control+k")
    page.get_by_label("Address of the link").fill("example.org")
    page.keyboard.press("Enter")
    assert '<a href="https://example.org"' in stored(browser, page)
    story.click()
    page.get_by_role("button", name="Link").click()
    expect(page.get_by_label("Address of the link")).to_have_value("https://example.org")
    page.get_by_label("Address of the link").fill("")
    page.keyboard.press("Enter")
    assert "<a" not in stored(browser, page)
    assert browser.errors == []


def test_a_table_is_filled_by_tab_and_grows(browser, story):
    page = story.page
    page.get_by_role("button", name="Table").click()
    story.locator("td").first.click()
    for word in ("Size", "Chest", "S", "90", "M"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Add a column").click()
    expect(story.locator("tr")).to_have_count(3)
    expect(story.locator("td, th")).to_have_count(9)
    page.get_by_role("button", name="Remove the column").click()
    browser.check()
    html = stored(browser, page)
    assert "<td>Size</td>" in html
    assert "<td>M</td>" in html
