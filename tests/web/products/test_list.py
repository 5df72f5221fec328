"""The product list: what it shows, finds and narrows, and where it leads on to."""

import re
from html import unescape
from itertools import pairwise

import pytest

from pim.products import service
from pim.products.change import ProductInput
from tests.web.products.conftest import HUB, listed


def test_an_empty_hub_says_what_to_do(enter, database):
    html = enter("editor").get("/products").get_data(as_text=True)
    assert "No products yet" in html
    assert "New product" in html


def test_the_list_shows_models_grouped_or_every_variant(shop, enter):
    client = enter("viewer")
    assert listed(client) == ["Parka", "A/3?x", "Muts", "Jas één"]
    assert listed(client, variants="1") == ["Parka", "Parka", "A/3?x", "Muts", "Jas één"]
    assert listed(client, **{"in": "shop.en_GB"})[2] == "Hat"


def test_search_ignores_accents_and_finds_names_numbers_and_codes(shop, enter):
    client = enter("viewer")
    assert listed(client, q="een") == ["Jas één"]
    assert listed(client, q="4006381") == ["Muts"]
    assert listed(client, q="m-s") == ["Parka"]
    assert "Nothing matches" in client.get("/products?q=zebra").get_data(as_text=True)


def test_filters_narrow_the_list(shop, enter):
    client = enter("viewer")
    assert listed(client, **{"in": "shop.nl_NL"}, completeness="complete") == [
        "Parka",
        "Parka",
        "Jas één",
    ]  # with the variant
    assert listed(client, **{"in": "till.nl_NL"}, completeness="complete", variants="1") == ["Muts"]
    assert "Jas één" not in listed(client, **{"in": "shop.nl_NL"}, completeness="missing")
    assert listed(client, category="all", completeness="", **{"in": "shop.nl_NL"}) == ["Muts"]
    assert listed(client, category="warm") == []
    assert listed(client, family="coats", status="draft") == ["Parka", "Muts", "Jas één"]
    assert listed(client, status="approved") == []


STRANGE = {
    "status": "nope",
    "completeness": "half",
    "family": "hats",
    "category": "wet",
    "variants": "yes",
    "in": "market.nl_NL",
}


@pytest.mark.parametrize("name", STRANGE)
def test_an_address_that_is_not_understood_lists_nothing_and_says_why(shop, enter, name):
    client = enter("editor")
    strange = {"in": "shop.nl_NL", "q": "a", name: STRANGE[name]}
    assert listed(client, **strange) == []
    html = unescape(client.get("/products", query_string=strange).text)
    said = f"{name}={STRANGE[name]}"
    (without,) = re.findall(rf'<a class="btn text-break" href="([^"]*)">Leave out {said}</a>', html)
    assert said not in without
    assert "q=a" in without
    assert "Leave out" not in client.get(without).text
    assert 'class="name"' in client.get(without).text


def test_what_is_not_understood_is_left_out_one_by_one(shop, enter):
    client = enter("editor")
    html = unescape(client.get("/products?status=nope&family=hats&in=shop.xx_XX").text)
    assert re.findall(r'<a class="btn text-break" href="([^"]*)">Leave out', html) == [
        "/products?status=nope&in=shop.xx_XX",
        "/products?family=hats&in=shop.xx_XX",
        "/products?family=hats&status=nope&in=shop.en_GB",
    ]


def test_a_list_that_is_not_understood_selects_nothing_and_leads_nowhere(shop, enter):
    client = enter("editor")
    assert client.send("/products/bulk", all="1", status="nope").status_code == 422
    html = client.get("/products/A-2?in=shop.nl_NL&from=status%3Dnope").text
    assert 'rel="next"' not in html
    assert 'rel="prev"' not in html


def test_pages_keep_the_filters(shop, enter, clock):
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput(f"Z-{number:03}", {"family": "coats"}) for number in range(60)],
            HUB,
            clock(),
        )
    client = enter("viewer")
    first = client.get("/products?family=coats&q=Z").get_data(as_text=True)
    older = re.search(r'rel="next" href="([^"]*)"', first).group(1).replace("&amp;", "&")
    assert "family=coats" in older
    second = client.get(older).get_data(as_text=True)
    assert len(re.findall('class="name"', second)) == 10
    newer = re.search(r'rel="prev" href="([^"]*)"', second).group(1).replace("&amp;", "&")
    assert "Z-059" in client.get(newer).get_data(as_text=True)


def test_the_chosen_scope_goes_along_from_list_to_form(shop, enter):
    client = enter("viewer")
    client.get("/products?in=shop.en_GB")
    assert "Hat</h1>" in client.get("/products/A-2").get_data(as_text=True)
    html = client.get("/products/A-2?in=till").get_data(as_text=True)
    assert (
        '<option value="till.nl_NL" selected>' in html
    )  # the till has no English: the channel wins
    assert client.get("/products/A-2?in=nowhere.xx").status_code == 200


def test_the_list_of_what_is_missing_names_who_lacks_it(shop, enter):
    """In English the model has no name; one of its variants has no price either."""
    client = enter("viewer")
    asked = "/products?completeness=missing&in=shop."
    assert skus(client, f"{asked}en_GB") == ["M-M", "M", "A-2", "A-1"]
    assert skus(client, f"{asked}en_GB&variants=1") == ["M-M", "M", "A-2", "A-1"]
    assert skus(client, f"{asked}nl_NL") == ["M-M", "A-2"]


def skus(client, path):
    html = client.get(path).get_data(as_text=True)
    return re.findall(r'<tr data-product="([^"]*)"', html)


def test_a_product_leads_on_in_the_list_somebody_came_from_and_back_to_it(shop, enter):
    client = enter("viewer")
    found = re.findall(
        r'class="name"[^>]* href="(/products/[^"]+)"',
        unescape(client.get("/products?in=shop.nl_NL&family=coats&variants=1").text),
    )
    html = unescape(client.get(found[1]).text)
    assert (f'rel="prev" href="{found[0]}"' in html, f'rel="next" href="{found[2]}"' in html) == (
        True,
        True,
    )
    assert '<a href="/products?family=coats&variants=1&in=shop.nl_NL">Products</a>' in html
    assert 'rel="prev"' not in client.get(found[0]).text
    assert 'rel="next"' not in client.get(found[-1]).text


def test_the_list_of_what_is_missing_leads_on_from_a_variant_to_a_model(shop, enter):
    client = enter("viewer")
    found = re.findall(
        r'class="name"[^>]* href="(/products/[^"]+)"',
        unescape(client.get("/products?in=shop.en_GB&completeness=missing").text),
    )
    assert len(found) == 4  # M-M, M, A-2 and A-1
    for here, following in pairwise(found):
        assert f'rel="next" href="{following}"' in unescape(client.get(here).text)
        assert f'rel="prev" href="{here}"' in unescape(client.get(following).text)
