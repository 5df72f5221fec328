"""Where a value comes from: who, from which file and row, what a file last said, what channels
see.
"""

import re

import pytest

from pim.products import publishing, service
from pim.products.change import Origin, ProductInput
from tests.support import coats

FILE = Origin("import", "files@example.org", "hub", "run-1")


@pytest.fixture
def shop(database, clock):
    """A coat that was published; a file named it, and a person changed the name since."""
    coats.fill(database)
    with database.writing() as session:
        row = ProductInput("C-1", {"name-en_GB": "Coat of the file", "since": None}, row=7)
        service.write(session, [row], FILE, clock())
        service.write(session, [ProductInput("C-1", {"name-en_GB": "Mine"})], coats.ANN, clock())
    return database


def said(client, sku, address):
    answer = client.get(f"/product/value/{sku}?address={address}&in=shop.en_GB")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", answer.text)).strip()


def test_a_value_says_who_made_it_what_the_file_said_and_what_channels_see(shop, enter):
    client = enter("editor")
    about = said(client, "C-1", "name-en_GB")
    assert about.startswith("As asked for.")
    assert "Channels still see: Coat The next approval changes that." in about
    assert "ann@example.org, " in about
    assert "The file last said: Coat of the file (–, line 7, " in about
    html = client.get("/product/value/C-1?address=name-en_GB").text
    assert 'data-return="name-en_GB"' in html


def test_who_may_not_edit_is_offered_no_return(shop, enter):
    assert "data-return" not in enter("viewer").get("/product/value/C-1?address=name-en_GB").text


def test_a_value_of_the_model_leads_to_the_model(shop, enter):
    client = enter("viewer")
    assert "/products/M?tab=history" in client.get("/product/value/M-1?address=name-en_GB").text
    assert "Nobody has filled this in yet." in said(client, "C-2", "color")


def test_a_field_says_when_an_approval_would_change_it(shop, enter, clock):
    client = enter("editor")
    waiting = re.compile(r'id="field-([^"]*)"(?:(?!id="field-).)*?is-waiting', re.S)
    assert waiting.findall(client.get("/products/C-1?in=shop.en_GB").text) == ["name-en_GB"]
    with shop.writing() as session:
        publishing.approve(session, ["C-1"], coats.ANN, clock())
    assert waiting.findall(client.get("/products/C-1?in=shop.en_GB").text) == []


def test_an_address_that_there_is_not_is_not_found(shop, enter):
    assert enter("viewer").get("/product/value/C-1?address=nothing").status_code == 404
