"""An address that names a place which a list does not have is answered in words, with the first
page.
"""

import pytest

from pim.products import queries
from tests.support import coats, sheets

LOST = "This address names a place that the list does not have."
NONSENSE = ("abc", "-1", "1.5", "9" * 30, "0x10", "%00", "1 OR 1=1", "١٢x")


@pytest.fixture
def shop(database):
    coats.fill(database)
    return database


def first_rows(client, **asked):
    page = client.get("/products", query_string={"in": "shop.en_GB"} | asked)
    assert page.status_code == 200
    return list(sheets.cells(page.text)), LOST in page.text


@pytest.mark.parametrize("asked", [{}, {"sort": "name-en_GB"}])
def test_the_list_of_products_begins_anew_and_says_so(shop, enter, asked):
    client = enter("viewer")
    first = first_rows(client, **asked)[0]
    for place in (*NONSENSE, "987654321"):
        for name in ("after", "before"):
            assert first_rows(client, **asked | {name: place}) == (first, True), (name, place)


def test_two_places_at_once_are_none(shop, enter):
    client = enter("viewer")
    assert first_rows(client, after="1", before="2") == (first_rows(client)[0], True)


def test_a_place_that_is_there_is_where_the_page_begins(shop, enter):
    client = enter("viewer")
    every = first_rows(client)[0]
    with shop.reading() as session:
        edge = queries.get(session, every[0]).product.id
    assert first_rows(client, after=str(edge)) == (every[1:], False)


def test_other_lists_say_so_too(shop, enter):
    client = enter("admin")
    lists = {"/settings/log": "before", "/assets": "after", "/product/translate": "after"}
    for path, name in lists.items():
        assert LOST not in client.get(path).text
        for place in NONSENSE:
            page = client.get(path, query_string={name: place})
            assert page.status_code == 200
            assert LOST in page.text, (path, place)


def test_what_a_list_cannot_be_asked_is_named(shop, enter):
    client = enter("admin")
    for path, name in {"/jobs": "state", "/settings/log": "kind"}.items():
        page = client.get(path, query_string={name: "nonsense"})
        assert page.status_code == 200
        assert "There is nothing called “nonsense” here" in page.text
