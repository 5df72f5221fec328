"""Views of the list under a name: tabs, saving, sharing, beginning with one."""

import re
from html import unescape

import pytest
from playwright.sync_api import expect

from tests.support import coats, sheets
from tests.web.conftest import Visitor

ASKED = "/products?status=draft&columns=price,.sku&in=shop.en_GB"


@pytest.fixture
def shop(database):
    coats.fill(database)
    return database


@pytest.fixture
def somebody(app, enter):
    """`somebody("viewer")` is a client of its own in which a new user is signed in."""

    def enter_as(role: str) -> Visitor:
        client = enter(role)
        other = app.test_client()
        name = app.config["SESSION_COOKIE_NAME"]
        other.set_cookie(name, client.get_cookie(name).value)
        return other

    return enter_as


def save(client: Visitor, name: str, asked: str = ASKED, **more: str) -> str:
    """The address of the list after it was saved under a name."""
    answer = client.send(asked.replace("/products?", "/product/views?"), name=name, **more)
    assert answer.status_code == 303
    return str(answer.location)


def tabs(html: str) -> dict[str, str]:
    """What the tabs say -> where they lead."""
    nav = html[html.index('<nav aria-label="Views">') :]
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', nav[: nav.index("</nav>")], re.DOTALL)
    plain = {re.sub(r"<[^>]*>|&nbsp;|\s*\*", "", words).strip(): url for url, words in found}
    return {words: unescape(url) for words, url in plain.items()}


def test_a_view_keeps_filters_columns_and_scope(shop, enter):
    client = enter("viewer")
    saved = save(client, " Without  a price ")
    html = client.get(saved).text
    assert sheets.heads(html) == ["Product", "Price", "SKU"]
    assert list(sheets.cells(html)) == ["M", "C-2"]
    elsewhere = client.get("/products?in=shop.nl_NL&view=0").text
    assert tabs(elsewhere)["Without a price"] == saved
    assert "Changed since it was saved" not in html


def test_a_view_that_is_asked_for_otherwise_says_so_and_can_be_kept_so(shop, enter):
    client = enter("viewer")
    saved = save(client, "Mine")
    other = saved.replace("status=draft", "status=approved")
    assert "Changed since it was saved" in client.get(other).text
    number = re.search(r"view=(\d+)", saved).group(1)
    kept = client.send(other.replace("/products?", f"/product/views/{number}/list?"))
    assert "status=approved" in kept.location
    assert "Changed since it was saved" not in client.get(kept.location).text


def test_names_are_asked_for_and_used_once(shop, enter):
    client = enter("viewer")
    save(client, "Mine")
    for wrong in ("", " ", "Mine", "m" * 61):
        assert client.send("/product/views?in=shop.en_GB", name=wrong).status_code == 422
    renamed = client.send("/product/views/1?in=shop.en_GB", name="Ours")
    assert set(tabs(client.get(renamed.location).text)) == {"All products", "Ours"}
    assert client.send("/product/views/1?in=shop.en_GB", name="Ours").status_code == 303


def test_a_private_view_is_nobody_elses(shop, somebody):
    save(somebody("viewer"), "Mine")
    editor = somebody("editor")
    assert "Mine" not in tabs(editor.get("/products").text)
    assert editor.get("/product/views/1").status_code == 404
    for action in ("", "/list", "/delete"):
        assert editor.send(f"/product/views/1{action}", name="Theirs").status_code == 404


def test_a_shared_view_is_everybodys_and_changed_by_who_may_share(shop, somebody):
    approver = somebody("approver")
    save(approver, "Ours")
    assert approver.send("/product/views/1/share").status_code == 303
    viewer = somebody("viewer")
    assert "Ours" in " ".join(tabs(viewer.get("/products").text))
    for action in ("", "/list", "/delete", "/share"):
        assert viewer.send(f"/product/views/1{action}", name="Mine").status_code == 403
    assert approver.send("/product/views/1/delete").status_code == 303
    assert set(tabs(viewer.get("/products").text)) == {"All products"}


def test_somebody_begins_with_the_view_that_they_chose(shop, enter):
    client = enter("viewer")
    saved = save(client, "Mine", start="1")
    assert client.get("/products").location == saved
    for asked in ("?view=0", "?status=draft", "?q=coat"):
        assert client.get(f"/products{asked}").status_code == 200
    client.send("/product/views/1", name="Mine")
    assert client.get("/products").status_code == 200


def test_a_deleted_view_begins_nothing(shop, enter):
    client = enter("viewer")
    saved = save(client, "Mine", start="1")
    client.send("/product/views/1/delete")
    assert client.get("/products").status_code == 200
    assert client.get(saved).status_code == 200  # a link to it still lists what it listed


@pytest.mark.browser
def test_a_list_is_saved_as_a_tab_and_saved_again(browser):
    coats.fill(browser.database)
    page = browser.enter("admin")
    page.goto(f"{browser.address}/products?status=draft&in=shop.en_GB")
    page.get_by_role("button", name="Save as a view").click()
    dialog = page.get_by_role("dialog", name="Save as a view")
    expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    browser.check()
    dialog.get_by_role("textbox", name="Name").fill("Drafts")
    dialog.get_by_role("button", name="Save").press("Enter")
    page.wait_for_url("**view=1*")
    page.get_by_role("combobox", name="Family").select_option("coats")
    page.wait_for_url("**family=coats*")
    expect(page.get_by_role("link", name="Drafts changed")).to_have_attribute(
        "title", "Changed since it was saved"
    )
    browser.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The view “Drafts” is saved.")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="Settings of this view").click()
    expect(page.get_by_role("dialog", name="Settings of this view")).to_be_visible()
    browser.check()
    page.get_by_role("button", name="Delete this view").click()
    question = page.get_by_text("Delete the view “Drafts”? Products stay as they are.")
    expect(question).to_be_visible()
    browser.check()
    page.get_by_role("button", name="Cancel").last.click()
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Delete this view").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("The view “Drafts” is deleted.")).to_be_visible()
