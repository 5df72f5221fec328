"""The main navigation: sections by work, what is in them for whom, where the reader is, and the
rail.
"""

import re
from html import unescape

import pytest

from tests.support import coats


def sections(page):
    """(label, is active) of each section of a page."""
    found = re.findall(
        r'<li class="nav-item( active)?">.*?<span class="nav-link-title">(.*?)</span>',
        page,
        re.DOTALL,
    )
    return [(unescape(label), bool(active)) for active, label in found]


def below(page):
    """Label -> whether the reader is there, of the entries below the active section."""
    part = re.search(r'<li class="nav-item active">.*?</li>\s*</ul>', page, re.DOTALL)
    links = re.findall(r'<a href="[^"]*"( aria-current="page")?>(.*?)</a>', part.group(0))
    return {unescape(label): bool(is_here) for is_here, label in links}


def test_the_sections_are_the_work_that_people_do(enter):
    page = enter("admin").get("/").text
    assert [label for label, _ in sections(page)] == [
        "Today",
        "Products",
        "Pictures",
        "Sources",
        "Channels",
        "Settings",
    ]


@pytest.mark.parametrize(
    ("path", "section", "place"),
    [
        ("/products", "Products", "All products"),
        ("/products?status=review&variants=1", "Products", "In review"),
        ("/products?status=review", "Products", "All products"),
        ("/product/new", "Products", "All products"),
        ("/imports/new", "Sources", "Imports"),
        ("/imports/profiles", "Sources", "Import profiles"),
        ("/imports/profiles/new", "Sources", "Import profiles"),
        ("/settings/versions", "Settings", "Versions"),
        ("/settings/people", "Settings", "People"),
        ("/settings/log", "Settings", "Audit log"),
        ("/jobs", "Settings", "Jobs and schedules"),
    ],
)
def test_a_page_says_where_it_is(enter, database, path, section, place):
    coats.fill(database)
    page = enter("admin").get(path).text
    assert [label for label, is_active in sections(page) if is_active] == [section]
    assert [label for label, is_here in below(page).items() if is_here] == [place]


def test_what_somebody_may_not_open_is_not_there(enter):
    page = enter("editor").get("/settings").text
    assert "People" not in below(page)
    assert "Structure" in below(page)


def test_the_rail_is_drawn_by_the_server(enter):
    client = enter("viewer")
    assert 'class="page"' in client.get("/").text
    client.set_cookie("sidebar", "rail")
    page = client.get("/").text
    assert 'class="page has-rail"' in page
    assert re.search(r'data-rail-toggle aria-pressed="true"', page)
