"""A value that another language or channel lends stands grey, with that one's name, and is never
taken for one's own.
"""

import re
from datetime import UTC, datetime

import pytest

from pim.listing import borrowed_locale, ghost_address
from pim.products import service
from pim.products.change import ProductInput
from pim.structure.document import flatten
from pim.structure.parse import build_structure
from pim.values import parse_address
from tests.support import coats

STRUCTURE = {
    "locales": ["nl_NL", "en_GB", "de_DE"],
    "currencies": ["EUR"],
    "channels": {
        "shop": {"locales": ["nl_NL", "en_GB"], "currencies": ["EUR"]},
        "folder": {"locales": ["nl_NL", "de_DE"], "currencies": ["EUR"]},
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True},
        "pitch": {"type": "text", "localizable": True, "scopable": True},
        "color": {"type": "text"},
    },
    "families": {"lamps": {"attributes": ["sku", "name", "pitch", "color"], "label": "name"}},
}

SHOP = build_structure(flatten(STRUCTURE), 1)


@pytest.mark.parametrize(
    ("held", "wanted", "ghost"),
    [
        (["name-nl_NL", "name-de_DE"], "name-en_GB", "name-nl_NL"),
        (["pitch-nl_NL-folder"], "pitch-nl_NL-shop", "pitch-nl_NL-folder"),
        (["pitch-nl_NL-folder", "pitch-en_GB-shop"], "pitch-nl_NL-shop", "pitch-en_GB-shop"),
        (["pitch-de_DE-folder", "pitch-nl_NL-folder"], "pitch-nl_NL-shop", "pitch-nl_NL-folder"),
        (["name-nl_NL"], "pitch-nl_NL-shop", None),
        ([], "color", None),
    ],
)
def test_the_nearest_lends(held, wanted, ghost):
    attribute = SHOP.attribute_at[wanted]
    found = ghost_address(SHOP, dict.fromkeys(held, "x"), attribute, parse_address(wanted))
    assert found == ghost


@pytest.mark.parametrize(
    ("held", "lender"),
    [(["name-en_GB"], None), (["name-nl_NL"], "nl_NL"), ([], None)],
)
def test_a_name_is_lent_only_where_there_is_none(held, lender):
    document = dict.fromkeys(held, "Lamp")
    assert borrowed_locale(SHOP, "lamps", document, "en_GB") == lender


@pytest.fixture
def shop(database, enter):
    coats.fill(database)
    with database.writing() as session:
        texts = {"name-nl_NL": "Jas", "name-en_GB": None, "story-nl_NL": "<p>Warm &amp; zacht</p>"}
        service.write(session, [ProductInput("C-2", texts)], coats.ANN, datetime.now(UTC))
    return enter("editor")


def ghosts(page):
    found = re.findall(r'<div class="ghost">(.*?)</div>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", one).split() for one in found]


def test_an_empty_field_shows_what_another_language_says(shop):
    english = shop.get("/products/C-2?in=shop.en_GB&beside=none").text
    assert '<h1 dir="auto" class="is-ghost">Jas</h1>' in english
    assert ghosts(english) == [["Dutch", "Jas"], ["Dutch", "Warm", "&amp;", "zacht"]]
    assert 'lang="nl-NL" dir="ltr">Jas' in english
    assert 'name="value-name-en_GB" value=""' in english
    assert ghosts(shop.get("/products/C-2?in=shop.nl_NL&beside=none").text) == []


def test_what_stands_beside_it_already_is_not_shown_twice(shop):
    assert ghosts(shop.get("/products/C-2?in=shop.en_GB&beside=nl_NL").text) == []
