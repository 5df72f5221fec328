"""The first page: figures that lead somewhere, what waits, and an empty hub that says how to
begin.
"""

import re

from pim.structure import service as catalog


def test_an_empty_hub_says_how_to_begin(enter):
    """Without a structure no file can come in, so no button leads there yet."""
    page = enter("editor").get("/").text
    assert "This hub is still empty." in page
    assert "pim structure apply" in page
    assert 'href="/imports/new"' not in page


def test_a_hub_with_a_structure_asks_for_a_file(database, enter):
    with database.writing() as session:
        channels = {"shop": {"locales": ["nl_NL"]}}
        catalog.apply(
            session,
            {
                "locales": ["nl_NL"],
                "channels": channels,
                "attributes": {"sku": {"type": "identifier"}},
            },
        )
    assert 'href="/imports/new"' in enter("editor").get("/").text


def test_figures_and_bars_lead_to_the_products_behind_them(shop, enter):
    client = enter("approver")
    page = client.get("/").text
    assert re.search(r'tile-figure">3<', page)
    bar = (
        re.search(r'href="(/products[^"]*in=[^"&]*nl_NL[^"]*)"', page)
        .group(1)
        .replace("&amp;", "&")
    )
    assert 'bar-value">66%<' in page  # never rounded up: 100 % means all
    listed = client.get(bar).text
    assert "/products/C" in listed
    assert "/products/A" not in listed


def test_what_waits_for_a_person_comes_with_the_page_where_it_is_done(shop, enter):
    page = enter("approver").get("/").text
    assert "Drafts: 1." in page
    assert "The feed “Till north” has never been built." in page


def test_a_feed_without_a_build_is_shown_as_such(shop, enter):
    assert "Not built yet" in enter("viewer").get("/").text
