"""The first page: figures that lead somewhere, what waits, and an empty hub that says how to
begin.
"""

import re
from dataclasses import dataclass
from html import unescape

from pim.products import publishing, restructure, service
from pim.products.change import Origin, ProductInput
from pim.structure import service as catalog
from tests.web.operations.conftest import with_sizes


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


@dataclass(frozen=True)
class LinkedFigure:
    """A number on a page, and the list that it leads to."""

    number: int
    url: str


def linked_figures(page: str) -> list[LinkedFigure]:
    """The tiles, what is to go in each bar, and the tasks that count products."""
    patterns = [
        r'<a class="tile" href="([^"]+)">.*?tile-figure">([0-9,]+)<',
        r'<a class="bar" href="([^"]+)".*?bar-rest">([0-9,]+ to go|all)<',
        r'task-text">[^<]*: ([0-9,]+)\..*?href="([^"]+)"',
    ]
    found = [match for one in patterns for match in re.findall(one, page, re.DOTALL)]
    pairs = [pair if pair[0].startswith("/") else pair[::-1] for pair in found]
    return [
        LinkedFigure(
            0 if number == "all" else int(number.split()[0].replace(",", "")), unescape(url)
        )
        for url, number in pairs
    ]


def total_of(page: str) -> int:
    """How many products a list, or the review desk, says it has."""
    found = re.search(r"([0-9,]+) products?<|0 of ([0-9,]+) decided<", page)
    return int((found.group(1) or found.group(2)).replace(",", "")) if found else -1


def test_every_figure_leads_to_a_list_of_as_many(shop, enter, clock):
    """With models, their variants and what is retired."""
    fill(shop, clock)
    client = enter("approver")
    figures = linked_figures(client.get("/").text)
    assert len(figures) == 10
    for figure in figures:
        listed = client.get(figure.url).text
        assert (figure.url, total_of(listed)) == (figure.url, figure.number)
        assert listed.count('<a class="name"') + listed.count("data-queued=") == figure.number


def fill(database, clock):
    """Coats in sizes beside what is in the shop, and some of everything retired."""
    by = Origin("user", "anna@example.org", None)
    variants = [("K-S", "K", "S"), ("K-M", "K", "M"), ("L-S", "L", "S"), ("L-M", "L", "M")]
    with database.writing() as session:
        restructure.apply(session, with_sizes())
        models = [
            ProductInput(one, {"family_variant": "by_size", "name-nl_NL": name}, "model")
            for one, name in (("K", "Jas"), ("L", "Jas"), ("N", None))
        ]
        service.write(session, models, by, clock())
        made = [
            ProductInput(one, {"parent": model, "size": size, "price-EUR": "50.00"})
            for one, model, size in variants
        ]
        plain = [ProductInput(one, {"family": "bikes"}) for one in ("D", "E")]
        plain.append(ProductInput("F", {}))
        service.write(session, [*made, *plain], by, clock())
        publishing.move(session, ["L", "K-M", "E"], "retired", by, clock())
        publishing.move(session, ["D"], "review", by, clock())


def test_what_waits_for_a_person_comes_with_the_page_where_it_is_done(shop, enter):
    page = enter("approver").get("/").text
    assert "Drafts: 1." in page
    assert "The feed “Till north” has never been built." in page


def test_a_feed_without_a_build_is_shown_as_such(shop, enter):
    assert "Not built yet" in enter("viewer").get("/").text
