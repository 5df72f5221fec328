"""A selection in the list: what a step would do is shown, then done."""

import re
from html import unescape

import orjson
import pytest

from pim.products import publishing
from pim.products.change import ProductInput
from tests.web.products.conftest import HUB, NOW, TEXTS, plans_in, product, write


def identifiers_in(shown):
    return [orjson.loads(one)["identifier"] for one in plans_in(shown)]


def confirm(client, step, identifiers):
    """Selects products, looks at what would happen, and agrees."""
    shown = client.send("/product/selected", step=step, identifier=identifiers)
    return client.send(f"/product/{step}-selected", plan=plans_in(shown))


def test_a_selection_is_submitted_and_approved(shop, enter):
    client = enter("approver")
    assert confirm(client, "submit", ["A-1", "A-2"]).status_code == 303
    assert {product(shop, one).product.status for one in ("A-1", "A-2")} == {"review"}
    client.get("/products?q=a")
    answer = confirm(client, "approve", ["A-1", "A-2"])
    assert answer.location == "/products?q=a"
    html = client.get("/products").get_data(as_text=True)
    assert "Approved and published: 2." in html


def test_nothing_is_approved_that_nobody_has_seen(shop, enter):
    client = enter("approver")
    shown = client.send("/product/selected", step="approve", identifier=["A-1", "A-2"])
    write(shop, ProductInput("A-1", {"name-nl_NL": "Half a se"}))
    answer = client.send("/product/approve-selected", plan=plans_in(shown))
    assert answer.status_code == 303
    html = client.get("/products").get_data(as_text=True)
    assert "Approved and published: 1." in html
    assert "Not done for 1: A-1." in html
    assert "was changed meanwhile" in html
    assert product(shop, "A-1").product.published is None
    assert product(shop, "A-2").product.published is not None


def test_a_variant_is_not_approved_when_its_model_was_changed_meanwhile(shop, enter):
    client = enter("approver")
    with shop.writing() as session:
        publishing.approve(session, ["M"], HUB, NOW, "to begin with")
    write(shop, ProductInput("M", {"name-nl_NL": "Jas"}, "model"))
    plans = [orjson.dumps({"identifier": "M-S", "version": 1, "models": {"M": 2}}).decode()]
    client.send("/product/approve-selected", plan=plans)
    assert product(shop, "M-S").product.status == "draft"
    assert "“M” was changed meanwhile" in client.get("/products").get_data(as_text=True)


@pytest.mark.parametrize("plan", ["", "A-1", "[]", '{"identifier": "A-1"}', '{"version": "x"}'])
def test_a_confirmation_that_no_preview_made_is_refused(shop, enter, plan):
    client = enter("approver")
    assert client.send("/product/approve-selected", plan=plan).status_code == 422
    assert product(shop, "A-1").product.status == "draft"


def test_what_would_happen_to_a_selection_is_shown_and_nothing_is_done(shop, enter):
    client = enter("approver")
    shown = client.send("/product/selected", step="approve", identifier=["A-1", "M-M"])
    assert shown.status_code == 200
    assert "1 product goes on" in shown.text
    assert "1 product stays as it is" in shown.text
    assert "No channel and locale is complete yet" in shown.text
    assert identifiers_in(shown) == ["A-1"]
    found = product(shop, "A-1").product
    assert (found.status, found.published, found.version) == ("draft", None, 1)
    assert (
        enter("editor").send("/product/selected", step="approve", identifier=["A-1"]).status_code
        == 403
    )


def test_all_that_match_are_selected_and_a_model_brings_its_variants(shop, enter):
    client = enter("editor")
    shown = client.send("/product/selected", step="submit", all="1", family="coats", status="draft")
    assert sorted(identifiers_in(shown)) == [
        "A-1",
        "A-2",
        "M",
        "M-M",
        "M-S",
    ]
    shown = client.send("/product/selected", step="submit", all="1", q="muts")
    assert identifiers_in(shown) == ["A-2"]


def test_retired_products_of_a_selection_come_back_as_drafts(shop, enter, clock):
    client = enter("editor")
    with shop.writing() as session:
        publishing.move(session, ["A-1", "A-2"], "retired", TEXTS, clock())
    shown = client.send("/product/selected", step="draft", all="1", status="retired")
    assert "2 products go on" in shown.text
    assert ">Retired<" in shown.text
    assert sorted(identifiers_in(shown)) == ["A-1", "A-2"]
    plans = [unescape(one) for one in re.findall(r'name="plan" value="(.*?)"', shown.text)]
    client.send("/product/draft-selected", plan=plans)
    assert [product(shop, one).product.status for one in ("A-1", "A-2")] == ["draft", "draft"]
    assert client.send("/product/selected", step="burn", all="1").status_code == 422


def test_a_model_brings_no_variant_along_that_was_retired_before_it(shop, enter, clock):
    client = enter("editor")
    with shop.writing() as session:
        publishing.move(session, ["M-S"], "retired", TEXTS, clock())
    shown = client.send("/product/selected", step="submit", identifier="M")
    assert sorted(identifiers_in(shown)) == ["M", "M-M"]
    assert "M-S" not in shown.text
    with shop.writing() as session:
        publishing.move(session, ["M"], "retired", TEXTS, clock())
    shown = client.send("/product/selected", step="draft", identifier="M")
    assert "M-S" in identifiers_in(shown)
