"""Feeds in the browser: what they hold, what they leave out, holding, releasing, going back, their
address.
"""

import html
import re

import pytest
from lxml.html import fromstring
from sqlalchemy import select

from pim.clock import utc_now
from pim.feeds import queries
from pim.feeds import service as feeds
from pim.feeds.models import Feed, FeedBuild
from pim.jobs.models import Job
from pim.products import publishing, restructure, service
from pim.products.change import Origin, ProductInput
from tests.web.operations.conftest import with_sizes


def build(client, work):
    client.send("/feeds/till/run")
    work()


def feed_of(database):
    with database.reading() as session:
        return session.get(Feed, "till")


@pytest.fixture
def built(shop, work, enter):
    client = enter("approver")
    build(client, work)
    return client


def address(client):
    return re.search(
        r'id="address" readonly value="[^"]+?(/f/[^"]+)"', client.get("/feeds/till").text
    ).group(1)


def test_a_feed_is_built_published_and_fetched(built):
    page = built.get("/feeds/till").text
    assert "Live" in page
    assert "Every day at 06:00".lower() in page.lower()
    assert "Fiets A" in built.get(address(built), buffered=True).text


def test_building_twice_at_once_is_one_job(shop, enter):
    client = enter("editor")
    client.send("/feeds/till/run")
    client.send("/feeds/till/run", **{"from": "list"})
    with shop.reading() as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_what_is_left_out_is_listed_by_reason_and_leads_to_the_product(shop, built):
    published = feed_of(shop).published
    report = built.get(f"/feeds/till/builds/{published}/report").text
    assert "It has not been approved yet." in report
    assert 'href="/products/C?in=webshop.nl_NL"' in report
    assert (
        "Nothing here"
        in built.get(f"/feeds/till/builds/{published}/report?rule=retired&field=status").text
    )
    assert built.get(f"/feeds/other/builds/{published}/report").status_code == 404


def test_a_rotated_address_ends_the_old_one(built):
    before = address(built)
    built.send("/feeds/till/rotate")
    assert built.get(before).status_code == 404
    assert built.get(address(built), buffered=True).status_code == 200


def test_the_address_is_shown_to_those_who_may_hand_it_out(shop, work, enter):
    client = enter("editor")
    build(client, work)
    assert "/f/till/" not in client.get("/feeds/till").text
    assert client.send("/feeds/till/rotate").status_code == 403


@pytest.fixture
def held(shop, work, built, clock):
    """B lost its price: half of the items would go."""
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput("B", {"price-EUR": None})],
            Origin("import", "erp", "erp"),
            clock(),
        )
    build(built, work)
    return built


def test_a_suspicious_build_is_held_until_somebody_says_why(shop, held):
    page = held.get("/feeds/till").text
    assert "The newest build is held" in page
    assert "50 % fewer items than before (1 after 2)." in page
    assert "is held: 50 % fewer items" in held.get("/").text
    with shop.reading() as session:
        last = queries.last_build(session, "till")
    live = feed_of(shop).published
    assert held.send(f"/feeds/till/builds/{last.id}/release", reason=" ").status_code == 422
    assert feed_of(shop).published == live
    held.send(f"/feeds/till/builds/{last.id}/release", reason="B is sold out")
    assert feed_of(shop).published == last.id
    assert re.search("Approver, 22 Nov 2026, [0-9:]+: B is sold out", held.get("/feeds/till").text)


def test_a_held_build_says_what_it_would_change_and_why(held):
    page = fromstring(held.get("/feeds/till").text)
    [cause] = page.cssselect(".causes li")
    assert " ".join(cause.cssselect("summary")[0].text_content().split()) == "An import 1 vanishes"
    assert [one.text for one in cause.cssselect("a")] == ["B"]


def test_one_goes_back_to_an_earlier_build(shop, held):
    with shop.reading() as session:
        newest, first = (one.id for one in queries.builds(session, "till"))
    held.send(f"/feeds/till/builds/{newest}/release", reason="yes")
    assert "Fiets B" not in held.get(address(held), buffered=True).text
    held.send(f"/feeds/till/builds/{first}/release", reason="Gone back to")
    assert "Fiets B" in held.get(address(held), buffered=True).text
    assert "This feed is pinned to the build of" in held.get("/feeds/till").text
    assert "Pinned" in held.get("/feeds").text
    held.send("/feeds/till/unpin")
    assert "This feed is pinned" not in held.get("/feeds/till").text


def test_a_feed_is_paused_resumed_and_removed(shop, built):
    built.send("/feeds/till/pause")
    assert "This feed is paused" in built.get("/feeds/till").text
    built.send("/feeds/run")
    with shop.reading() as session:
        assert len(session.scalars(select(Job)).all()) == 1
    built.send("/feeds/till/pause", resume="1")
    assert "This feed is paused" not in built.get("/feeds/till").text
    known = address(built)
    built.send("/feeds/till/remove")
    assert built.get("/feeds/till").status_code == 404
    assert built.get(known).status_code == 404


def test_a_doubt_is_shown_until_somebody_says_that_it_is_right(shop, work, enter, clock):
    by = Origin("import", "erp", "erp")
    with shop.writing() as session:
        service.write(session, [ProductInput("B", {"price-EUR": None})], by, clock())
    client = enter("approver")
    build(client, work)
    assert "Live, with a doubt" in client.get("/feeds").text
    page = client.get("/feeds/till").text
    assert "Published with a doubt." in page
    assert "This first build leaves out 50 %" in page
    client.send(f"/feeds/till/builds/{feed_of(shop).published}/accept")
    assert "Live, with a doubt" not in client.get("/feeds").text
    assert "Published with a doubt." not in client.get("/feeds/till").text
    assert not feed_of(shop).pinned


def test_a_reason_on_the_page_of_a_product_shows_the_value(shop, built, clock):
    by = Origin("import", "erp", "erp")
    with shop.writing() as session:
        service.write(session, [ProductInput("A", {"price-EUR": "0.00"})], by, clock())
    panel = built.get("/product/channels/A").text
    assert "A price is more than zero." in panel
    assert "“0.00 EUR”" in panel


def test_the_page_of_a_product_names_what_the_channel_recommends(shop, built):
    """By the channel's field where none of ours fills it."""
    panel = built.get("/product/channels/A").text
    assert "ean: The channel recommends it, but this feed&#39;s mapping does not fill it." in panel
    with shop.writing() as session:
        feed = session.get(Feed, "till")
        feed.mapping = feed.mapping | {"ean": {"from": ["name-en_GB"]}}
    panel = built.get("/product/channels/A").text
    assert "It is empty; the channel recommends a GTIN of 8, 12, 13 or 14 digits." in panel
    assert '<span class="text-secondary">(ean)</span>' in panel


def test_reasons_that_are_not_shown_are_counted(shop, built):
    mapping = {"id": {"from": ["sku"]}, "title": {"from": ["name"]}}
    with shop.writing() as session:
        feed = session.get(Feed, "till")
        feed.exporter, feed.mapping, feed.options = "google_shopping", mapping, {}
    panel = built.get("/product/channels/A").text
    assert panel.count("is missing") == 5
    assert re.search(r"and \d+ more</li>", panel)


def test_a_feed_has_its_versions_and_returns_to_one(shop, built):
    with shop.writing() as session:
        feeds.ask_for_completeness(session, "till", utc_now(), only_complete=True)
    page = built.get("/feeds/till/versions").text
    assert "only_complete" in page
    crumbs = page[page.index('class="breadcrumb"') :].partition("</ol>")[0]
    assert '<a href="/feeds/till">till</a>' in crumbs
    assert crumbs.count('aria-current="page"') == 1
    (way_back,) = re.findall(r"/feeds/till/versions/\d+/return", page)
    assert built.send(way_back).status_code == 303
    assert feed_of(shop).only_complete is False
    assert built.get("/feeds/till/versions").text.count('class="event-head"') == 3


def test_a_feed_that_nobody_knows_returns_to_no_version(built):
    assert built.send("/feeds/nobody/versions/1/return").status_code == 404
    assert built.send("/feeds/till/versions/99/return").status_code == 404


def test_a_product_says_what_is_live_and_what_goes_with_the_next_build(shop, built, work, clock):
    by = Origin("user", "anna@example.org", None)
    clock.advance(minutes=1)
    with shop.writing() as session:
        named = ProductInput("C", {"name-nl_NL": "Fiets C"})
        service.write(session, [named], by, clock())
        publishing.approve(session, ["C"], by, clock())
    panel = built.get("/product/channels/C").text
    assert "Not in the live file, which is of" in panel
    assert "It goes with the next build, " in panel
    build(built, work)
    assert "In the live file since" in built.get("/product/channels/C").text
    assert "In the live file since" in built.get("/product/channels/A").text


def test_every_number_of_a_feed_leads_to_a_list_of_as_many(shop, work, enter, clock):
    """C is not approved, D has no price, E a doubtful one, and what is retired is no figure."""
    by = Origin("user", "anna@example.org", None)
    with shop.writing() as session:
        named = [
            ProductInput(one, {"family": "bikes", "name-nl_NL": f"Fiets {one}"}) for one in "DEFG"
        ]
        service.write(session, named, by, clock())
        priced = [ProductInput(one, {"price-EUR": "649.00"}) for one in "EFG"]
        service.write(session, priced, by, clock())
        long = ProductInput("E", {"name-nl_NL": "Een fiets met een naam " * 9})
        service.write(session, [long], by, clock())
        publishing.approve(session, "DEFG", by, clock(), "test")
        publishing.move(session, "FG", "retired", by, clock())
    client = enter("approver")
    build(client, work)
    clock.advance(minutes=1)
    with shop.writing() as session:
        service.write(session, [ProductInput("A", {"price-EUR": "9.00"})], by, clock())
    build(client, work)  # what did not change is copied from the one before, and counted again
    pages = [client.get(one).text for one in ("/", "/feeds", "/feeds/till")]
    report = client.get(f"/feeds/till/builds/{feed_of(shop).published}/report").text
    found = {pair for page in (*pages, report) for pair in linked_numbers(page)}
    assert len(found) >= 8
    for url, number in found:
        assert (url, rows(client.get(url).text)) == (url, number)
    assert "F</a>" not in report


def linked_numbers(page):
    """(the address of a report, the number that leads to it)."""
    links = re.findall(
        r'href="(/feeds/till/builds/\d+/report[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL
    )
    for url, inside in links:
        number = re.search(r"(?:^|reason-number\">|count\">)([0-9]+)", inside.strip())
        if number:
            yield html.unescape(url), int(number.group(1))


def rows(page):
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return body.count("<tr>")


def test_a_reason_leads_to_the_model_or_the_variant_that_can_be_mended(shop, enter, clock):
    """The model has no name, one of its variants no price."""
    by = Origin("import", "erp", None)
    with shop.writing() as session:
        restructure.apply(session, with_sizes())
        model = ProductInput("K", {"family_variant": "by_size"}, "model")
        small = ProductInput("K-S", {"parent": "K", "size": "S", "price-EUR": "50.00"})
        service.write(session, [model], by, clock())
        service.write(
            session, [small, ProductInput("K-M", {"parent": "K", "size": "M"})], by, clock()
        )
    client = enter("editor")
    name, price = "/products/K?in=webshop.nl_NL#field-name-nl_NL", "#field-price-EUR"
    assert f'href="{name}"' in client.get("/product/channels/K-S").text
    assert price not in client.get("/product/channels/K-S").text
    panel = client.get("/product/channels/K").text
    assert f'href="{name}"' in panel
    assert f'href="/products/K-M?in=webshop.nl_NL{price}"' in panel


def test_an_editor_does_not_release(shop, work, enter, clock):
    client = enter("editor")
    build(client, work)
    assert client.send("/feeds/till/builds/1/release", reason="x").status_code == 403


def test_a_build_is_downloaded_as_it_was(shop, built):
    with shop.reading() as session:
        first = session.scalar(select(FeedBuild))
    response = built.get(f"/feeds/till/builds/{first.id}/file", buffered=True)
    assert len(response.data) == first.size
    assert response.headers["Content-Disposition"].startswith("attachment; filename=till-2026")


def test_a_feed_that_fails_keeps_what_is_live(shop, built, work, clock):
    clock.advance(minutes=5)
    with shop.writing() as session:
        session.get(Feed, "till").mapping = {"nonsense": {"from": ["name"]}}
    build(built, work)
    page = built.get("/feeds/till").text
    assert "The last attempt failed" in page
    assert "Partners still receive the last good build." in page
    assert built.get(address(built), buffered=True).status_code == 200
    assert "could not be built" in built.get("/").text


def test_a_product_says_whether_a_missing_text_waits_for_a_writer_or_an_approver(
    shop, enter, clock
):
    by = Origin("user", "anna@example.org", None)
    with shop.writing() as session:
        publishing.approve(session, ["C"], by, clock(), "The till needs its price")
    client = enter("viewer")
    panel = client.get("/product/channels/C").text
    assert 'href="/products/C?in=webshop.nl_NL#field-name-nl_NL"' in panel
    assert "(name)" in panel
    assert "still empty" in panel
    with shop.writing() as session:
        service.write(session, [ProductInput("C", {"name-nl_NL": "Fiets C"})], by, clock())
    assert "filled in, but not approved yet" in client.get("/product/channels/C").text
