"""The review desk: what it shows, both decisions, and twenty products by keys."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from playwright.sync_api import expect

from pim.accounts import service
from pim.products import publishing, queries
from pim.products.change import Origin
from tests.support import coats
from tests.web.conftest import csrf_token

DESK = "/product/review?in=shop.en_GB"
ANN = Origin("user", "ann@example.org", "hub")


def submit(database, clock, *identifiers: str) -> None:
    with database.writing() as session:
        publishing.move(session, identifiers, "review", ANN, clock())


@pytest.fixture
def desk(database, enter, clock):
    coats.fill(database)
    coats.write(
        database, "C-1", {"name-en_GB": "Warm coat", "story-nl_NL": "<p>Warm</p>", "color": None}
    )
    submit(database, clock, "C-1")
    return enter("approver")


def seen(client, url: str = DESK) -> str:
    page = client.get(url).get_data(as_text=True)
    found = re.search(r'name="plan" value="([^"]+)"', page)
    assert found
    return unescape(found.group(1))


def product(database, identifier: str):
    with database.reading() as session:
        return queries.get(session, identifier).product


def test_old_and_new_stand_word_by_word_under_their_language(desk):
    page = re.sub(r"\s+", " ", desk.get(DESK).get_data(as_text=True))
    english = page.index(">English</h3>")
    dutch = page.index(">Dutch</h3>")
    assert "<ins>Warm coat</ins>" in page[english:]
    assert "<ins>Warm</ins>" in page[dutch:english]
    assert "<del>Red</del>" in page[: min(english, dutch)]


def test_what_is_complete_nowhere_takes_a_reason(desk, database):
    answer = desk.send("/product/review/C-1?in=shop.en_GB", plan=seen(desk))
    assert answer.status_code == 303
    assert product(database, "C-1").status == "review"
    desk.send("/product/review/C-1?in=shop.en_GB", plan=seen(desk), reason="Colour follows")
    assert product(database, "C-1").status == "approved"
    assert product(database, "C-1").published["name-en_GB"] == "Warm coat"


def test_what_changed_since_it_was_shown_is_not_decided_on(desk, database):
    plan = seen(desk)
    coats.write(database, "C-1", {"name-en_GB": "Warmest coat"})
    answer = desk.post(
        "/product/review/C-1?in=shop.en_GB",
        data={"csrf_token": csrf_token(desk), "plan": plan, "reason": "x"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.get_data(as_text=True)
    assert product(database, "C-1").status == "review"


def test_what_is_sent_back_says_why_on_its_page_and_in_its_history(desk, database):
    desk.send("/product/review/C-1?in=shop.en_GB", plan=seen(desk), comment="Shorter, please")
    assert product(database, "C-1").status == "draft"
    page = desk.get("/products/C-1?in=shop.en_GB").get_data(as_text=True)
    assert "Sent back by Approver" in page
    assert "<q>Shorter, please</q>" in page
    history = desk.get("/products/C-1?in=shop.en_GB&tab=history").get_data(as_text=True)
    assert "Sent back: Shorter, please" in history


def test_the_first_page_of_its_author_names_it(database, enter, clock):
    coats.fill(database)
    approver = enter("approver")
    submit(database, clock, "C-2")
    approver.send("/product/review/C-2?in=shop.en_GB", plan=seen(approver), comment="No name yet")
    assert "sent back to you" not in approver.get("/").get_data(as_text=True)
    with database.writing() as session:
        ann = service.add_user(session, ANN.actor, "Ann", "editor", clock())
        token = service.sign_in_link(session, ann, clock())
    approver.send(f"/login/{token}")
    assert "“C-2” was sent back to you: No name yet" in approver.get("/").get_data(as_text=True)


def test_nothing_waits(enter, database):
    coats.fill(database)
    page = enter("approver").get(DESK).get_data(as_text=True)
    assert "Nothing waits for review" in page


def test_who_may_not_approve_has_no_desk(enter, database):
    coats.fill(database)
    assert enter("editor").get(DESK).status_code == 403


@pytest.mark.browser
def test_twenty_are_decided_by_keys_and_one_is_sent_back(browser):
    coats.fill(browser.database)
    names = [f"H-{number:02}" for number in range(20)]
    for name in names:
        values = {"family": "coats", "name-en_GB": f"Hat {name}", "story-en_GB": "<p>Warm</p>"}
        coats.write(browser.database, name, {**values, "color": "red"})
    submit(browser.database, lambda: datetime.now(UTC), *names)
    page = browser.enter("approver")
    page.goto(f"{browser.address}{DESK}")
    browser.check()
    for name in names:
        expect(page.locator(f'[data-product="{name}"]')).to_be_visible()
        if name == "H-07":
            page.keyboard.press("r")
            page.keyboard.insert_text("Which hat?")
            page.keyboard.press("Control+Enter")
        else:
            page.keyboard.press("a")
        expect(page.locator(f'[data-queued="{name}"][data-decided]')).to_be_visible()
    expect(page.locator("[data-reviewed]")).to_have_text("20 of 20 decided")
    browser.check()
    with browser.database.reading() as session:
        found = {name: queries.get(session, name).product.status for name in names}
    assert found == {name: "draft" if name == "H-07" else "approved" for name in names}
