"""Working and published: what an approval copies, what flows past it, and who leaves the feeds."""

import pytest

FULL = {"family": "bikes", "name-nl_NL": "Fiets", "price-EUR": "9.00"}


def step_of(change):
    return change.status_before, change.is_approval, change.published_before, change.reason


def test_approval_publishes_the_snapshot(shop, clock):
    shop.edit("a", FULL)
    seq = shop.get("a").seq
    (result,) = shop.approve("A")
    product = shop.get("a")
    assert (result.outcome, result.version, product.version) == ("updated", 2, 2)
    assert (product.status, product.published, product.published_at) == (
        "approved",
        product.values,
        clock(),
    )
    assert product.seq > seq
    assert step_of(shop.changes("a")[-1]) == ("draft", True, None, None)


def test_approving_twice_changes_nothing(shop):
    shop.edit("a", FULL)
    shop.approve("a")
    (result,) = shop.approve("a")
    assert (result.outcome, result.version, len(shop.changes())) == ("unchanged", 2, 2)


def test_refused_where_nothing_is_complete_unless_there_is_a_reason(shop):
    shop.edit("a", {"family": "bikes", "name-nl_NL": "Fiets"})
    (refused,) = shop.approve("a")
    assert (refused.outcome, refused.problems[0].rule, shop.get("a").published) == (
        "refused",
        "incomplete",
        None,
    )
    (forced,) = shop.approve("a", force="the fair is tomorrow")
    assert (forced.outcome, shop.get("a").status) == ("updated", "approved")
    assert shop.changes("a")[-1].reason == "the fair is tomorrow"


def test_an_unknown_product_is_refused(shop):
    assert [one.problems[0].rule for one in shop.approve("nobody")] == ["unknown"]


def test_a_text_edit_takes_an_approved_product_back_to_draft_and_the_world_sees_the_old_text(shop):
    shop.edit("a", FULL)
    shop.approve("a")
    shop.edit("a", {"name-nl_NL": "Half geschr"})
    product = shop.get("a")
    assert (product.status, product.values["name-nl_NL"], product.published["name-nl_NL"]) == (
        "draft",
        "Half geschr",
        "Fiets",
    )
    assert shop.changes("a")[-1].old == {"name-nl_NL": "Fiets"}
    assert step_of(shop.changes("a")[-1]) == ("approved", False, None, None)
    shop.approve("a")
    assert shop.get("a").published["name-nl_NL"] == "Half geschr"
    assert step_of(shop.changes("a")[-1]) == ("draft", True, {"name-nl_NL": "Fiets"}, None)
    assert shop.changes("a")[-1].old == {}


def test_a_fact_flows_into_what_is_published_and_leaves_the_status(shop, erp):
    shop.edit("a", FULL)
    shop.approve("a")
    shop.edit("a", {"price-EUR": "8.00", "stock": "0"}, erp)
    product = shop.get("a")
    assert (product.status, product.published["price-EUR"], product.published["stock"]) == (
        "approved",
        "8.00",
        "0",
    )
    shop.edit("a", {"stock": None}, erp)
    assert ("stock" in shop.get("a").published, shop.get("a").status) == (False, "approved")


def test_facts_of_a_product_that_was_never_approved_publish_nothing(shop, erp):
    shop.edit("a", {"family": "bikes"})
    shop.edit("a", {"price-EUR": "8.00"}, erp)
    assert shop.get("a").published is None


def test_facts_flow_while_a_text_is_being_worked_on(shop, erp):
    shop.edit("a", FULL)
    shop.approve("a")
    shop.edit("a", {"name-nl_NL": "Nieuw"})
    shop.edit("a", {"price-EUR": "7.00"}, erp)
    product = shop.get("a")
    assert (product.status, product.published) == (
        "draft",
        {"sku": "a", "name-nl_NL": "Fiets", "price-EUR": "7.00"},
    )


def test_a_text_in_the_same_edit_as_a_fact_stays_behind(shop, migration):
    shop.edit("a", FULL)
    shop.approve("a")
    shop.edit("a", {"price-EUR": "7.00", "name-nl_NL": "Nieuw"}, migration)
    product = shop.get("a")
    assert (product.status, product.published["price-EUR"], product.published["name-nl_NL"]) == (
        "draft",
        "7.00",
        "Fiets",
    )


def test_switching_off_is_a_fact(shop):
    shop.edit("a", FULL)
    shop.approve("a")
    shop.edit("a", {"enabled": False})
    assert (shop.get("a").status, shop.get("a").enabled) == ("approved", False)


def test_the_published_document_is_not_the_working_one(shop):
    shop.edit("a", {**FULL, "categories": ["city"]})
    shop.approve("a")
    shop.edit("a", {"categories": ["race"]})
    assert shop.get("a").published["categories"] == ["city"]


@pytest.mark.parametrize(
    ("status", "outcome"), [("review", "updated"), ("retired", "updated"), ("draft", "unchanged")]
)
def test_steps_of_the_workflow(shop, status, outcome):
    shop.edit("a", FULL)
    result = shop.move("a", status)
    assert (result.outcome, shop.get("a").status) == (outcome, status)


def test_a_retired_product_comes_back_as_a_draft_only(shop):
    shop.edit("a", FULL)
    shop.move("a", "retired")
    assert (shop.move("a", "review").outcome, shop.move("a", "draft").outcome) == (
        "refused",
        "updated",
    )


def test_a_product_back_from_retirement_is_in_no_feed_until_it_is_approved_again(shop):
    shop.edit("a", FULL)
    shop.approve("a")
    shop.move("a", "retired")
    shop.move("a", "draft")
    assert shop.get("a").published is None
    shop.approve("a")
    assert shop.get("a").published == shop.get("a").values


def test_approval_leaves_the_index_as_it_was(shop):
    shop.edit("a", {**FULL, "material": "steel", "categories": ["city"]})
    before, words = shop.terms("a"), shop.words()
    shop.approve("a")
    shop.move("a", "review")
    assert (shop.terms("a"), shop.words()) == (before, words)


def test_approving_a_variant_publishes_its_models(shop):
    shop.model("m", {"family": "shirts", "family_variant": "by_color", "name-nl_NL": "Hemd"})
    shop.edit("v", {"parent": "m", "color": "red", "price-EUR": "5.00"})
    shop.edit("w", {"parent": "m", "color": "blue", "price-EUR": "5.00"})
    (result,) = shop.approve("v")
    assert result.outcome == "updated"
    assert (shop.get("m").published, shop.get("w").published) == ({"name-nl_NL": "Hemd"}, None)
    assert shop.detail("v").published == {
        "sku": "v",
        "name-nl_NL": "Hemd",
        "color": "red",
        "price-EUR": "5.00",
    }


def test_a_fact_of_a_model_reaches_its_variants(shop, erp):
    shop.model(
        "m",
        {
            "family": "shirts",
            "family_variant": "by_color",
            "name-nl_NL": "Hemd",
            "price-EUR": "5.00",
        },
    )
    shop.edit("v", {"parent": "m", "color": "red"})
    shop.approve("v")
    shop.model("m", {"price-EUR": "6.00"}, erp)
    assert (shop.detail("v").published["price-EUR"], shop.get("v").status) == ("6.00", "approved")


def test_nothing_retired_is_approved_by_the_way(shop):
    shop.model("m", {"family": "shirts", "family_variant": "by_color", "name-nl_NL": "Hemd"})
    shop.edit("v", {"parent": "m", "color": "red", "price-EUR": "5.00"})
    shop.edit("a", FULL)
    shop.move("a", "retired")
    shop.move("m", "retired")
    assert [one.problems[0].rule for one in shop.approve("a", "v", force="really")] == [
        "workflow",
        "workflow",
    ]
    assert [shop.get(name).status for name in "amv"] == ["retired", "retired", "draft"]
    shop.move("m", "draft")
    assert shop.approve("v")[0].outcome == "updated"
