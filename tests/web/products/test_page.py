"""The page of a product: what it shows besides its form, and who it is for."""

import re
from html import unescape

import pytest

from pim.products import service
from pim.products.change import ProductInput
from pim.structure import queries as catalog
from tests.web.products.conftest import HUB, listed, product


def test_a_variant_shows_what_it_inherits_and_where_from(shop, enter):
    html = enter("editor").get("/products/M-S?in=shop.nl_NL").get_data(as_text=True)
    assert "Parka</h1>" in html
    assert 'name="value-name-nl_NL"' not in html
    assert re.search(r'href="/products/M\?[^"]*#field-name-nl_NL"', html)
    assert 'name="value-size"' in html


def test_a_model_shows_its_variants_with_progress_and_not_their_values(shop, enter):
    html = enter("editor").get("/products/M?in=shop.nl_NL").get_data(as_text=True)
    assert "1/2<" in html
    assert 'href="/products/M-M?in=shop.nl_NL"' in html
    assert 'name="value-ean"' not in html
    assert "Its variants hold: " in html
    assert 'name="value-name-nl_NL"' in html


def test_missing_values_are_linked_where_they_are_filled_in(shop, enter):
    html = enter("viewer").get("/products/A-2").get_data(as_text=True)
    assert "/products/A-2?in=shop.nl_NL#field-price-EUR" in html


@pytest.mark.parametrize("identifier", ["A-1", "A-2", "M", "M-S", "M-M"])
def test_each_link_to_what_is_missing_leads_to_a_field_that_can_be_filled(shop, enter, identifier):
    client = enter("editor")
    html = unescape(client.get(f"/products/{identifier}").get_data(as_text=True))
    links = re.findall(r'href="(/products/[^"]*)#(field-[^"]*)"', gaps_of(html))
    assert links
    for url, field in links:
        assert re.search(rf'id="{field}" data-field', client.get(url).get_data(as_text=True))


def gaps_of(html):
    """The lists of what is missing, per channel and language."""
    return "".join(re.findall(r'<ul class="gaps">.*?</ul>', html, re.DOTALL))


def test_what_a_model_lacks_is_named_with_the_model_on_the_page_of_its_variant(shop, enter):
    html = unescape(enter("editor").get("/products/M-S").get_data(as_text=True))
    assert '/products/M?in=shop.en_GB#field-name-en_GB">Name (English)</a> <span' in gaps_of(html)
    assert '/products/M-S?in=till.nl_NL#field-ean">EAN</a></li>' in gaps_of(html)


def test_a_viewer_reads_and_a_strange_identifier_has_a_page(shop, enter):
    client = enter("viewer")
    html = client.get("/products/A%2F3%3Fx").get_data(as_text=True)
    assert "A/3?x</h1>" in html
    assert "data-save-bar" not in html
    assert client.get("/products/none").status_code == 404


@pytest.mark.parametrize("identifier", [".", "..", "a//b", "/7"])
def test_a_product_with_an_odd_sku_has_a_page(shop, enter, identifier):
    client = enter("editor")
    address = client.send("/product/new", identifier=identifier, family="coats").location
    assert client.get(address).status_code == 200
    assert client.send(address).status_code == 303
    assert product(shop, identifier).product.identifier == identifier


def test_a_new_product_is_made_once(shop, enter):
    client = enter("editor")
    assert client.send("/product/new", identifier="N-1", family="coats").location == "/products/N-1"
    assert product(shop, "N-1").product.family == "coats"
    again = client.send("/product/new", identifier="n-1", family="coats")
    assert again.status_code == 422
    assert "already" in again.get_data(as_text=True)
    assert client.send("/product/new", identifier=" ", family="coats").status_code == 422
    without = client.send("/product/new", identifier="N-2")
    assert (without.status_code, 'id="family-error"' in without.text) == (422, True)


def test_a_model_is_made_from_nothing(shop, enter):
    client = enter("editor")
    offered = client.get("/product/new").get_data(as_text=True)
    with shop.reading() as session:
        variant = next(iter(catalog.structure(session).variants.values()))
    assert f'value="model:{variant.code}"' in offered
    made = client.send("/product/new", identifier="MODEL-9", family=f"model:{variant.code}")
    assert made.location == "/products/MODEL-9"
    found = product(shop, "MODEL-9")
    assert (found.product.kind, found.family_variant) == ("model", variant.code)
    assert found.product.family == variant.family
    refused = client.send("/product/new", identifier="MODEL-10", family="model:nothing")
    assert (refused.status_code, 'id="family-error"' in refused.text) == (422, True)


def test_the_feeds_are_asked_on_the_page(shop, enter):
    client = enter("viewer")
    assert 'hx-get="/product/channels/A-1?in=shop.en_GB"' in client.get("/products/A-1").get_data(
        as_text=True
    )
    assert "There are no feeds yet." in client.get("/product/channels/A-1").get_data(as_text=True)


def test_a_page_without_any_structure_still_opens(database, enter, clock):
    with database.writing() as session:
        service.write(session, [ProductInput("A", {})], HUB, clock())
        assert catalog.structure(session).scopes == ()
    client = enter("admin")
    assert listed(client, **{"in": ""}) == ["A"]
    assert client.get("/products/A").status_code == 200
