"""The history of a product, and taking one of its changes back."""

import re

from pim.products import publishing, service
from pim.products.change import Origin, ProductInput
from tests.web.products.conftest import HUB, TEXTS, png, product


def test_the_history_names_categories_and_families_by_their_labels(shop, enter):
    client = enter("editor")
    client.send("/product/categories/A-1", category=["dry", "warm"], tab="categories")
    assert '<ins dir="auto">Dry, Warm</ins>' in client.get("/products/A-1?tab=history").text
    client.send("/products/A%2F3%3Fx", **{"was-family": "", "value-family": "coats"})
    assert '<ins dir="auto">Coats</ins>' in client.get("/products/A%2F3%3Fx?tab=history").text


def test_the_history_tells_who_changed_what_into_what(shop, enter, clock):
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput("A-1", {"name-nl_NL": "Two", "colors": ["red"]}, row=7)],
            TEXTS,
            clock(),
        )
        service.write(session, [ProductInput("A-1", {"name-nl_NL": "Three"})], HUB, clock())
        publishing.approve(session, ["A-1"], HUB, clock())
    html = enter("viewer").get("/products/A-1?tab=history").get_data(as_text=True)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "Name (Dutch) Two Three" in said
    assert "Name (Dutch) Jas één Two" in said
    assert "[colors] empty Red" in said
    assert "line 7" in said
    assert "Created" in said


def changes_of(client, path):
    return re.findall(r'name="change" value="(\d+)"', client.get(f"{path}?tab=history").text)


def test_one_change_is_undone_and_what_was_changed_since_stays(shop, enter, clock):
    with shop.writing() as session:
        wrong = ProductInput(
            "A-1", {"name-nl_NL": "Fout", "name-en_GB": "Wrong", "price-EUR": "99.00"}
        )
        service.write(session, [wrong], Origin("api", "erp@example.org", None), clock())
        service.write(session, [ProductInput("A-1", {"name-nl_NL": "Goed"})], HUB, clock())
    client = enter("approver")
    _latest, wrong = changes_of(client, "/products/A-1")[:2]
    client.send("/product/undo/A-1", change=wrong)
    assert "Undone: " in client.get("/products/A-1?tab=history").text
    after = product(shop, "A-1").product.values
    assert (after["name-nl_NL"], after.get("name-en_GB"), after["price-EUR"]) == (
        "Goed",
        None,
        "12.50",
    )
    client.send("/product/undo/A-1", change=wrong)
    assert "nothing to undo any more" in client.get("/products/A-1").text
    assert product(shop, "A-1").product.values == after


def test_what_an_undo_gives_back_of_the_approval_is_said(shop, enter, clock):
    with shop.writing() as session:
        publishing.approve(session, ["A-1"], HUB, clock(), force="for the season")
        service.write(session, [ProductInput("A-1", {"name-nl_NL": "Fout"})], HUB, clock())
    client = enter("approver")
    client.send("/product/undo/A-1", change=changes_of(client, "/products/A-1")[0])
    assert "It is “Approved” again." in client.get("/products/A-1").text
    assert product(shop, "A-1").product.status == "approved"


def test_undoing_takes_an_approver(shop, enter):
    client = enter("editor")
    assert changes_of(client, "/products/A-1") == []
    assert client.send("/product/undo/A-1", change="1").status_code == 403


def test_the_history_names_pictures_by_their_files(shop, enter):
    client = enter("editor")
    client.send("/products/A-1", **{"was-pictures": "", "file-pictures": png("front.png", 10)})
    assert '<ins dir="auto">front.png</ins>' in client.get("/products/A-1?tab=history").text
