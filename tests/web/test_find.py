"""The command field leads to what the person who asks may open, see and do, and to nothing else."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from pim.accounts import granting
from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant
from pim.accounts.queries import user_by_email
from pim.feeds import service as feeds
from pim.products import service
from pim.products.change import ProductInput
from pim.products.finding import MOST_NAMED
from pim.structure.queries import structure
from tests.support import coats

OFFER = re.compile(
    r'<(?:a|button) class="find-offer"[^>]*?(?:href|formaction)="([^"]+)".*?'
    r'<span class="find-label">(.*?)</span>(?:<span class="find-hint">(.*?)</span>)?',
    re.DOTALL,
)

FEED = {
    "label": "Folder for Ghent",
    "exporter": "tryton_pos",
    "channel": "shop",
    "locale": "nl_NL",
    "currency": "EUR",
    "options": {"unit": "Unit", "type": "goods"},
    "mapping": {"name": {"from": ["name"]}, "suffix_code": {"from": ["$identifier"]}},
}


@pytest.fixture
def shop(database, enter):
    coats.fill(database)
    with database.writing() as session:
        changed = ProductInput("C-1", {"ean": "4006381333931"})
        service.write(session, [changed], coats.ANN, datetime.now(UTC))
        feeds.define(session, "folder", FEED, datetime.now(UTC))
    return enter


def offers(client, typed):
    """(label, hint, address) of what is offered, in order."""
    part = client.send("/find?in=shop.en_GB", q=typed)
    assert part.status_code == 200
    return [
        (unescape(label), unescape(hint), unescape(url))
        for url, label, hint in OFFER.findall(part.text)
    ]


def labels(client, typed):
    return [label for label, _, _ in offers(client, typed)]


def test_a_sku_or_the_end_of_an_ean_leads_to_its_product_first(shop):
    client = shop("viewer")
    for typed in ("c-1", "3931", "4006381333931"):
        assert offers(client, typed)[0] == ("Coat", "C-1", "/products/C-1?in=shop.en_GB"), typed


def test_a_name_with_a_slip_leads_to_its_product_and_says_what_was_looked_for(shop):
    client = shop("viewer")
    assert ("Parka", "M", "/products/M?in=shop.en_GB") in offers(client, "parak")
    assert "Products, for “parka”" in client.send("/find?in=shop.en_GB", q="parak").text


def test_a_pasted_column_is_one_list_and_says_what_is_unknown(shop):
    client = shop("viewer")
    label, hint, url = offers(client, "C-1\r\nM-1\r\nNO-1\r\n")[0]
    assert (label, hint) == ("Show these 2 products", "Unknown: NO-1.")
    page = client.get(url).text
    listed = re.findall(r'<span class="sku">([^<]+)<', page)
    assert listed == ["M-1", "C-1"]
    assert "2 products of a list of SKUs." in page
    assert "Nobody here has: NO-1" in page


def test_a_list_with_a_comma_in_a_sku_leads_to_exactly_that(shop, database):
    with database.writing() as session:
        screw = ProductInput("7,5x60", {"family": "coats"})
        service.write(session, [screw], coats.ANN, datetime.now(UTC))
    client = shop("viewer")
    label, _, url = offers(client, "7,5x60\tC-2")[0]
    assert label == "Show these 2 products"
    assert re.findall(r'<span class="sku">([^<]+)<', client.get(url).text) == ["7,5x60", "C-2"]


def test_a_list_that_is_too_long_says_how_much_of_it_is_left_out(shop):
    pasted = "\n".join(["C-1", "C-2", *(f"X-{number}" for number in range(MOST_NAMED))])
    label, hint, _ = offers(shop("viewer"), pasted)[0]
    assert label == "Show these 2 products"
    assert hint.endswith(f"A list has at most {MOST_NAMED}; 2 more were left out.")


def test_a_list_in_an_address_that_nobody_can_read_lists_nothing(shop):
    page = shop("viewer").get('/products?sku="').text
    assert '<span class="sku">' not in page
    assert "sku=&#34;" in page


def test_an_address_with_too_many_says_so(shop):
    skus = ",".join(["C-1", *(f"X-{number}" for number in range(MOST_NAMED))])
    page = shop("viewer").get(f"/products?sku={skus}").text
    assert f"A list has at most {MOST_NAMED}; 1 more were left out." in page


@pytest.mark.parametrize(
    ("role", "typed", "wanted"),
    [
        ("admin", "peop", ["People"]),
        ("viewer", "peop", []),
        ("editor", "new pro", ["New product"]),
        ("viewer", "new pro", []),
        ("admin", "upload", ["Import a file"]),
        ("admin", "ghent", ["Folder for Ghent", "Build “Folder for Ghent” now"]),
        ("admin", "run ghent", ["Folder for Ghent", "Build “Folder for Ghent” now"]),
        ("viewer", "ghent", ["Folder for Ghent"]),
        ("admin", "nothing at all", []),
    ],
)
def test_pages_feeds_and_actions_by_their_words_for_whom_they_are(shop, role, typed, wanted):
    assert labels(shop(role), typed) == wanted


def test_who_edits_one_language_is_not_offered_a_new_product(shop, database, clock):
    client = shop("viewer")
    with database.writing() as session:
        viewer = user_by_email(session, "viewer@example.org")
        dutch = Grant(Permission.PRODUCTS_EDIT, locales=frozenset({"nl_NL"}))
        granting.grant(session, structure(session), viewer, dutch, clock())
    assert labels(client, "new pro") == []
    assert "New product" not in client.get("/products").text
    assert client.get("/product/new").status_code == 403


def test_a_feed_is_built_from_the_field(shop):
    client = shop("admin")
    url = offers(client, "build ghent")[-1][2]
    assert client.send(url).location.startswith("/feeds/folder")


def test_without_scripts_it_is_a_page_of_links(shop):
    client = shop("viewer")
    page = client.get("/find?q=c-1&in=shop.en_GB").text
    assert 'href="/products/C-1?in=shop.en_GB"' in page
    assert 'role="option"' not in page
    assert "Nothing found for “zebra”." in client.get("/find?q=zebra").text
