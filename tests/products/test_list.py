"""The product list: what a search finds, page by page in both directions, with other filters, counted and named."""

import pytest

from pim.products import queries
from pim.products.change import Edit
from pim.products.queries import Filters


@pytest.fixture
def filled(shop, migration):
    names = ["Snelle Fiets", "Fietsbel", "Bel", "Über-Fiets snel", "Trui"]
    families = ["shirts", "bikes", "bikes"]
    edits = [
        Edit(f"p{number:02}", {"family": families[number % 3], "name-nl_NL": names[number % 5], "material": f"m{number % 2}"})
        for number in range(30)
    ]
    shop.batch(edits, migration)
    return shop


def leaf(shop, filters, size=4):
    """Every page forwards, then back from the last one."""
    structure = shop.structure()
    forwards, backwards = [], []
    with shop.database.reading() as session:
        page = queries.page(session, structure, filters, size=size)
        forwards += [row.identifier for row in page.rows]
        while page.older is not None:
            page = queries.page(session, structure, filters, after=page.older, size=size)
            forwards += [row.identifier for row in page.rows]
        backwards = [row.identifier for row in page.rows]
        while page.newer is not None:
            page = queries.page(session, structure, filters, before=page.newer, size=size)
            backwards = [row.identifier for row in page.rows] + backwards
    return forwards, backwards


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(), lambda number: True),
        (Filters(words="fiets"), lambda number: number % 5 in (0, 1, 3)),
        (Filters(words="FIETS snel"), lambda number: number % 5 in (0, 3)),
        (Filters(words="uber"), lambda number: number % 5 == 3),
        (Filters(words="p07"), lambda number: number == 7),
        (Filters(words="fiets", family="shirts"), lambda number: number % 5 in (0, 1, 3) and number % 3 == 0),
        (Filters(words="fiets", terms=(("material", "m1"),)), lambda number: number % 5 in (0, 1, 3) and number % 2),
        (Filters(words="fiets", grouped=False, status="draft"), lambda number: number % 5 in (0, 1, 3)),
        (Filters(terms=(("material", "m0"),)), lambda number: number % 2 == 0),
        (Filters(words="nothing like it"), lambda number: False),
        (Filters(words="\"') OR 1 -- &|!:*"), lambda number: False),
    ],
)
def test_pages_show_what_was_asked_for_newest_first(filled, filters, wanted):
    expected = [f"p{number:02}" for number in reversed(range(30)) if wanted(number)]
    forwards, backwards = leaf(filled, filters)
    assert (forwards, backwards) == (expected, expected)
    structure = filled.structure()
    with filled.database.reading() as session:
        assert queries.count(session, structure, filters) == len(expected)
        assert list(queries.identifiers(session, structure, filters)) == expected[::-1]


def test_a_count_stops_at_its_limit(filled):
    with filled.database.reading() as session:
        assert queries.count(session, filled.structure(), Filters(words="fiets"), limit=5) == 5


def test_a_search_finds_variants_and_a_list_shows_their_model(shop):
    shop.model("m", {"family": "shirts", "family_variant": "by_color", "name-nl_NL": "Hemd"})
    shop.edit("v", {"parent": "m", "color": "red"})
    assert leaf(shop, Filters())[0] == ["m"]
    assert leaf(shop, Filters(words="hemd"))[0] == ["v", "m"]
    assert leaf(shop, Filters(words="hemd", grouped=False))[0] == ["v"]
