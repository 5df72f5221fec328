"""What people say they have seen when they approve, and a selection that goes on to its preview."""

import orjson
import pytest

from pim.products import publishing
from pim.products.change import ProductInput
from tests.web.products.conftest import HUB, NOW, product, write


def test_a_variant_is_not_approved_when_its_model_was_changed_meanwhile(shop, enter):
    client = enter("approver")
    with shop.writing() as session:
        publishing.approve(session, ["M"], HUB, NOW, "to begin with")
    write(shop, ProductInput("M", {"name-nl_NL": "Jas"}, "model"))
    plans = [orjson.dumps({"identifier": "M-S", "version": 1, "models": {"M": 2}}).decode()]
    assert client.send("/product/approve/M-S", plan=plans).status_code == 409
    assert product(shop, "M-S").product.status == "draft"


@pytest.mark.parametrize("plan", ["", "A-1", "[]", '{"identifier": "A-1"}', '{"version": "x"}'])
def test_a_confirmation_that_no_page_made_is_refused(shop, enter, plan):
    client = enter("approver")
    assert client.send("/product/approve/A-1", plan=plan).status_code == 422
    assert product(shop, "A-1").product.status == "draft"


def test_what_would_happen_to_a_selection_is_shown_and_nothing_is_done(shop, enter):
    client = enter("approver")
    begun = client.send("/products/bulk", to="approve", identifier=["A-1", "M-M"])
    shown = client.get(begun.location).text
    assert "Change 1 product<" in shown
    assert "No channel and locale is complete yet" in shown
    found = product(shop, "A-1").product
    assert (found.status, found.published, found.version) == ("draft", None, 1)


def test_a_step_of_the_workflow_takes_its_permission(shop, enter):
    client = enter("editor")
    begun = client.send("/products/bulk", to="approve", identifier=["A-1"])
    assert begun.status_code == 403
    assert client.send("/products/bulk", to="submit", identifier=["A-1"]).status_code == 303
    assert client.send("/products/bulk", to="burn", identifier=["A-1"]).status_code == 422
