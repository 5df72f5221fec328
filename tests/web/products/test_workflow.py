"""Approving from the page of a product, and the other steps of its workflow."""

import re

from pim.products.change import ProductInput
from tests.web.products.conftest import plans_in, product, write


def approve(client, identifier, **fields):
    """Opens a product and approves what its page shows."""
    plan = plans_in(client.get(f"/products/{identifier}"))[0]
    return client.send(f"/product/approve/{identifier}", plan=plan, **fields)


def test_a_text_that_changed_after_the_page_was_drawn_is_shown_before_it_is_published(shop, enter):
    client = enter("approver")
    opened = plans_in(client.get("/products/A-1"))[0]
    write(shop, ProductInput("A-1", {"name-nl_NL": "Half a se"}))
    answer = client.send("/product/approve/A-1", plan=opened)
    assert answer.status_code == 409
    assert "Nothing has been published yet" in answer.text
    assert re.search("<del[^>]*>Jas één</del>.*<ins[^>]*>Half a se</ins>", answer.text)
    assert product(shop, "A-1").product.published is None
    client.send("/product/approve/A-1", plan=plans_in(answer)[0])
    assert product(shop, "A-1").product.published["name-nl_NL"] == "Half a se"


def test_a_change_of_the_model_is_shown_before_a_variant_is_published(shop, enter):
    client = enter("approver")
    opened = plans_in(client.get("/products/M-S"))[0]
    write(shop, ProductInput("M", {"name-nl_NL": "Anorak"}, "model"))
    answer = client.send("/product/approve/M-S", plan=opened, reason="Trade fair")
    assert answer.status_code == 409
    assert '<ins lang="nl-NL" dir="ltr">Anorak</ins>' in answer.text
    client.send("/product/approve/M-S", plan=plans_in(answer)[0], reason="Trade fair")
    assert product(shop, "M-S").product.status == "approved"


def test_an_approval_that_names_no_page_is_refused(shop, enter):
    client = enter("approver")
    assert client.send("/product/approve/A-1").status_code == 422
    assert product(shop, "A-1").product.published is None


def test_approving_publishes_and_says_what(shop, enter):
    client = enter("approver")
    assert approve(client, "A-1").status_code == 303
    html = client.get("/products/A-1").get_data(as_text=True)
    assert "published for the first time" in html
    assert "Shop (Dutch)" in html
    client.send("/products/A-1", **{"was-name-nl_NL": "Jas één", "value-name-nl_NL": "Jas twee"})
    assert "1 value changed since it was published" in client.get("/products/A-1").get_data(
        as_text=True
    )
    approve(client, "A-1")
    assert "Published: Name (Dutch)" in client.get("/products/A-1").get_data(as_text=True)
    assert product(shop, "A-1").product.published["name-nl_NL"] == "Jas twee"


def test_what_is_complete_nowhere_needs_a_reason(shop, enter):
    client = enter("approver")
    approve(client, "M-M")
    assert product(shop, "M-M").product.status == "draft"
    approve(client, "M-M", reason="Trade fair")
    assert product(shop, "M-M").product.status == "approved"
    assert "Trade fair" in client.get("/products/M-M?tab=history").get_data(as_text=True)


def test_the_steps_of_the_workflow_by_permission(shop, enter):
    client = enter("editor")
    assert client.send("/product/move/A-1", status="review").status_code == 303
    assert product(shop, "A-1").product.status == "review"
    assert client.send("/product/approve/A-1").status_code == 403
    assert client.send("/product/move/A-1", status="retired").status_code == 403
    assert client.send("/product/move/A-1", status="nonsense").status_code == 422
    assert product(shop, "A-1").product.status == "review"
