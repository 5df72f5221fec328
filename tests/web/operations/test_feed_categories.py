"""Taxonomies in the browser, and our categories beside the channel's: searched, mapped, inherited,
suggested, taken back.
"""

from io import BytesIO

import pytest
from lxml import html

from pim.feeds.models import Feed
from pim.structure import service as catalog
from pim.taxonomies import queries
from tests.web.operations.conftest import STRUCTURE
from tests.web.operations.test_feed_fields import send
from tests.web.operations.test_feed_making import read, texts

PAGE = "/feeds/till/categories"
FILE = "10 - Sport\n11 - Sport > Fietsen\n12 - Sport > Bellen\n13 - Bonnen\n"
NEWER = "10 - Sporten\n11 - Sporten > Fietsen\n"
BIKES = {
    "labels": {"nl_NL": "Fietsen"},
    "children": {"bells": {"labels": {"nl_NL": "Bellen"}}},
}


@pytest.fixture
def client(shop, enter):
    with shop.writing() as session:
        catalog.apply(
            session, {**STRUCTURE, "categories": {"shop": {"children": {"bikes": BIKES}}}}
        )
    return enter("admin")


def upload(client, content, **fields):
    file = (BytesIO(content.encode()), "tree.nl-NL.txt")
    token = read(client, "/login").cssselect("meta[name=csrf-token]")[0].get("content")
    usual = {"csrf_token": token, "code": "google", "label": "Google", "what": "keep"}
    sent = client.post("/taxonomies", data={**usual, **fields, "file": file})
    return sent, html.fromstring(sent.text)


def change(client, url, *fields):
    seen = read(client, PAGE).cssselect("[name=seen]")[0].get("value")
    return send(client, url, [("seen", seen), *fields])


def mapped(database):
    with database.reading() as session:
        return session.get(Feed, "till").categories


@pytest.fixture
def chosen(client):
    """The feed has a taxonomy and maps nothing yet."""
    upload(client, FILE)
    change(client, f"{PAGE}/taxonomy", ("taxonomy", "google"))
    return client


def lines(page):
    return [
        " | ".join(texts(row.cssselect("td"))) for row in page.cssselect(".category-table tbody tr")
    ]


def test_a_file_is_uploaded_and_a_newer_one_says_what_it_takes_away(client, shop):
    sent, page = upload(client, FILE)
    assert sent.status_code == 200
    assert "google, version 1: 4 categories." in " ".join(texts(page.cssselect("p")))
    _, page = upload(client, NEWER, what="try")
    assert "2 categories are gone" in texts(page.cssselect("summary"))
    assert texts(page.cssselect(".path-list li"))[:2] == ["Sport > Bellen", "Bonnen"]
    with shop.reading() as session:
        assert queries.get(session, "google").newest == 1


def test_a_broken_file_is_refused_beside_its_field(client):
    sent, page = upload(client, "10 - A\nnonsense\n")
    assert sent.status_code == 422
    [said] = texts(page.cssselect("#file-error"))
    assert said == "Line 2, code: It is not a number, a hyphen and a path: “nonsense”."
    assert upload(client, FILE, code="Not a code")[0].status_code == 422


def test_a_category_is_mapped_inherited_and_left_out_on_purpose(chosen, shop):
    assert lines(read(chosen, PAGE)) == [
        "[shop] | – | Not mapped",
        "Fietsen | – | Not mapped",
        "Bellen | – | Not mapped",
    ]
    sent = change(chosen, PAGE, ("at", "bikes"), ("node", "11"))
    assert sent.status_code == 303
    _, bikes, bells = lines(read(chosen, PAGE))
    assert bikes == "Fietsen | – | Sport > Fietsen 11"
    assert bells.endswith("as Fietsen")
    change(chosen, PAGE, ("at", "bells"), ("do", "none"))
    assert lines(read(chosen, PAGE))[2] == "Bellen | – | None, on purpose"
    assert [line.split(" ")[0] for line in lines(read(chosen, f"{PAGE}?show=unmapped"))] == [
        "[shop]"
    ]
    change(chosen, PAGE, ("at", "bells"), ("do", "inherit"))
    assert mapped(shop)["nodes"] == {"bikes": "11"}


def test_a_save_has_its_way_back_and_is_refused_over_another_one(chosen, shop):
    old = read(chosen, PAGE).cssselect("[name=seen]")[0].get("value")
    change(chosen, PAGE, ("at", "bikes"), ("node", "11"))
    [undo] = read(chosen, PAGE).cssselect("form.note-undo")
    late = send(chosen, PAGE, [("seen", old), ("at", "bikes"), ("node", "12")])
    assert late.status_code == 409
    assert mapped(shop)["nodes"] == {"bikes": "11"}
    fields = [(one.get("name"), one.get("value")) for one in undo.cssselect("input[name]")]
    send(chosen, undo.get("action"), [one for one in fields if one[0] != "csrf_token"])
    assert mapped(shop)["nodes"] == {}


def test_the_search_finds_while_one_types(chosen):
    page = read(chosen, f"{PAGE}/found?at=bikes&q=sport+bel")
    assert texts(page.cssselect(".found-node")) == ["Sport > Bellen 12"]
    page = read(chosen, f"{PAGE}?at=bikes")
    assert texts(page.cssselect(".found-node")) == ["Sport > Fietsen 11"]


def test_suggestions_are_shown_and_taken_at_once(chosen, shop):
    page = read(chosen, f"{PAGE}?suggest=1")
    pairs = [one.get("value") for one in page.cssselect("[name=pair]")]
    assert pairs == ["bikes=11", "bells=12"]
    change(chosen, f"{PAGE}/suggested", *[("pair", one) for one in pairs])
    assert mapped(shop)["nodes"] == {"bikes": "11", "bells": "12"}
    assert "No label of the channel" in read(chosen, f"{PAGE}?suggest=1").text_content()


def test_a_feed_goes_over_to_a_newer_version_without_what_is_gone(chosen, shop):
    change(chosen, PAGE, ("at", "bikes"), ("node", "11"))
    change(chosen, PAGE, ("at", "bells"), ("node", "12"))
    _, page = upload(chosen, NEWER)
    assert "Till north" in " ".join(texts(page.cssselect(".note-warning")))
    assert mapped(shop)["version"] == 1
    said = " ".join(texts(read(chosen, PAGE).cssselect(".note-info")))
    assert "It no longer has what these stand for" in said
    assert "Bellen" in said
    change(chosen, f"{PAGE}/taxonomy", ("taxonomy", "google"), ("version", "2"))
    assert mapped(shop) == {"taxonomy": "google", "version": 2, "nodes": {"bikes": "11"}}


def test_a_taxonomy_that_is_used_stays(chosen, shop):
    send(chosen, "/taxonomies/google/remove", [])
    assert "A feed is mapped to it: Till north." in read(chosen, "/taxonomies").text_content()
    change(chosen, f"{PAGE}/taxonomy", ("taxonomy", ""))
    assert mapped(shop) == {}
    send(chosen, "/taxonomies/google/remove", [])
    with shop.reading() as session:
        assert queries.taxonomies(session) == []


def test_who_may_only_look_changes_nothing(chosen, enter):
    page = read(enter("viewer"), PAGE)
    assert not page.cssselect("main form, .category-table td:first-child a")
