"""Variants made from values on the axes, with undo; a product copied and taken away."""

import re

import pytest

from pim.errors import NotFound
from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductInput
from pim.structure import service as structures
from tests.web.conftest import csrf_token

ANN = Origin("user", "ann@example.org", "hub")
STRUCTURE = {
    "locales": ["en_GB"],
    "currencies": ["EUR"],
    "channels": {"shop": {"locales": ["en_GB"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "labels": {"en_GB": "Name"}},
        "ean": {"type": "gtin", "unique": True},
        "shade": {"type": "choice", "options": {"sand": {"labels": {"en_GB": "Sand"}}, "sea": {}}},
        "size": {"type": "choice", "options": {"s": {}, "m": {}}},
    },
    "families": {"socks": {"attributes": ["sku", "name", "ean", "shade", "size"], "label": "name"}},
    "variants": {
        "by_shade": {
            "family": "socks",
            "levels": [
                {"axes": ["shade"], "attributes": ["shade"]},
                {"axes": ["size"], "attributes": ["sku", "ean"]},
            ],
        }
    },
}
ALL = "axis-shade=sand&axis-shade=sea&axis-size=s&axis-size=m"


@pytest.fixture
def shop(database, clock):
    """A model with one variant, whose SKUs spell the shade in their own way."""
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        for one in (
            ProductInput("K", {"family_variant": "by_shade", "name": "Sock"}, "model"),
            ProductInput("K-ZND", {"parent": "K", "shade": "sand"}, "model"),
            ProductInput("K-ZND-S", {"parent": "K-ZND", "size": "s", "ean": "4006381333931"}),
            ProductInput("A", {"family": "socks", "name": "Cap", "ean": "9780306406157"}),
        ):
            service.write(session, [one], ANN, clock())
    return database


def get(shop, identifier):
    with shop.reading() as session:
        return queries.get(session, identifier)


def is_there(shop, identifier):
    try:
        get(shop, identifier)
    except NotFound:
        return False
    return True


def make(client, *ticked, **names):
    token = csrf_token(client)
    form = {
        "csrf_token": token,
        "axis-shade": ["sand", "sea"],
        "axis-size": ["s", "m"],
        "make": list(ticked),
        **names,
    }
    return client.post("/product/variants/K", data=form).headers["Location"]


def test_the_preview_says_what_would_come_and_what_is_there(shop, enter):
    page = enter("editor").get(f"/products/K?tab=variants&{ALL}").text
    assert re.findall(r'name="make" value="([^"]*)"', page) == ["K-ZND-M", "K-SEA-S", "K-SEA-M"]
    assert re.search(r'href="/products/K-ZND-S[^>]*>K-ZND-S</a> is there already', page)


def test_an_axis_without_a_value_leads_to_no_variants(shop, enter):
    page = enter("editor").get("/products/K?tab=variants&axis-shade=sand").text
    assert 'name="make"' not in page


def test_ticked_variants_come_with_the_models_they_need_and_go_by_one_undo(shop, enter):
    client = enter("admin")
    names = {"sku-K-SEA-M": "OCEAN-M"}
    address = make(client, "K-ZND-M", "K-SEA-M", **names)
    ocean = get(shop, "OCEAN-M").document
    assert (ocean["name"], ocean["shade"], ocean["size"]) == ("Sock", "sea", "m")
    assert [one.identifier for one in get(shop, "OCEAN-M").ancestors] == ["K", "K-SEA"]
    assert get(shop, "K-ZND-M").product.parent_id == get(shop, "K-ZND").product.id
    assert not is_there(shop, "K-SEA-S")
    page = client.get(address).text
    assert "2 variants were made." in page
    made = re.search(r'name="made" value="([^"]*)"', page).group(1)
    client.send("/product/variants/undo/K", made=made)
    found = [is_there(shop, one) for one in ("OCEAN-M", "K-SEA", "K-ZND-M", "K-ZND-S")]
    assert found == [False, False, False, True]


def test_a_sku_that_is_taken_makes_none_of_them(shop, enter):
    client = enter("editor")
    names = {"sku-K-SEA-M": "A"}
    make(client, "K-ZND-M", "K-SEA-M", **names)
    assert not is_there(shop, "K-ZND-M")
    assert get(shop, "A").document["name"] == "Cap"


def test_a_copy_has_all_but_what_only_one_product_may_have(shop, enter):
    client = enter("editor")
    answer = client.send("/product/duplicate/A", identifier="B")
    assert answer.headers["Location"].startswith("/products/B")
    assert get(shop, "B").document == {"sku": "B", "name": "Cap"}
    assert get(shop, "B").product.family == "socks"
    client.send("/product/duplicate/A", identifier="K")
    assert get(shop, "K").product.kind == "model"


def test_what_no_channel_saw_is_deleted_and_anything_else_retired(shop, enter, clock):
    client = enter("admin")
    client.send("/product/duplicate/A", identifier="B")
    with shop.writing() as session:
        publishing.approve(session, ["A"], ANN, clock())
    assert "/product/delete/A" not in client.get("/products/A").text
    assert "/product/delete/B" in client.get("/products/B").text
    for sku in ("A", "B", "K"):
        client.send(f"/product/delete/{sku}")
    assert not is_there(shop, "B")
    assert get(shop, "A").product.status == "retired"
    assert get(shop, "K").product.status == "retired"


def test_an_editor_who_may_not_retire_may_not_delete(shop, enter):
    assert enter("viewer").send("/product/delete/A").status_code == 403
    assert is_there(shop, "A")
