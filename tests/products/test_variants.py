"""Models and their variants: inheritance, who may stand below whom, axes, and what moves when a
model changes.
"""

import pytest
from sqlalchemy import select

from pim.products.change import ProductInput
from pim.products.consistency import unlike_model
from pim.products.models import Product
from pim.values import ReadValues


@pytest.fixture
def shirts(shop):
    shop.model(
        "m",
        {
            "family": "shirts",
            "family_variant": "by_color_size",
            "name-nl_NL": "Hemd",
            "material": "cotton",
        },
    )
    shop.model("m-red", {"parent": "m", "color": "red", "notes": "warm red"})
    shop.edit("m-red-s", {"parent": "m-red", "size": "s", "price-EUR": "5.00"})
    shop.edit("m-red-l", {"parent": "m-red", "size": "l", "price-EUR": "6.00"})
    return shop


def rule_of(result):
    return result.outcome, [problem.rule for problem in result.problems]


def test_a_variant_stores_its_own_and_inherits_the_rest(shirts):
    detail = shirts.detail("m-red-s")
    assert detail.product.values == {"sku": "m-red-s", "size": "s", "price-EUR": "5.00"}
    assert detail.document == {
        "sku": "m-red-s",
        "name-nl_NL": "Hemd",
        "material": "cotton",
        "color": "red",
        "notes": "warm red",
        "size": "s",
        "price-EUR": "5.00",
    }
    assert (detail.product.family, detail.family_variant) == ("shirts", "by_color_size")
    top = shirts.get("m")
    assert {shirts.get(one).root_id for one in ("m", "m-red", "m-red-s")} == {top.id}


def test_a_value_equal_to_the_inherited_one_is_not_stored(shirts):
    assert (
        shirts.edit("m-red-s", {"material": "cotton", "name-nl_NL": "Hemd"}).outcome == "unchanged"
    )
    shirts.edit("m-red-s", {"material": "wool"})
    assert shirts.get("m-red-s").values["material"] == "wool"
    shirts.edit("m-red-s", {"material": "cotton"})
    assert "material" not in shirts.get("m-red-s").values
    assert [change.old for change in shirts.changes("m-red-s")] == [
        {},
        {"material": None},
        {"material": "wool"},
    ]


def test_another_system_does_not_write_over_what_is_inherited(shirts, erp):
    result = shirts.edit("m-red-s", {"material": "polyester", "notes": "warm red"}, erp)
    assert (result.outcome, [(one.address, one.rule) for one in result.problems]) == (
        "unchanged",
        [("material", "owner")],
    )


def test_a_new_variant_does_not_store_what_its_model_says(shirts):
    shirts.edit(
        "m-red-m", {"parent": "m-red", "size": "m", "material": "cotton", "name-nl_NL": "Hemd M"}
    )
    assert shirts.get("m-red-m").values == {"sku": "m-red-m", "size": "m", "name-nl_NL": "Hemd M"}


def test_the_family_is_the_models(shirts):
    shirts.edit("m-red-m", {"parent": "m-red", "size": "m", "family": "shirts"})
    assert shirts.get("m-red-m").family == "shirts"
    assert (
        rule_of(shirts.edit("x", {"parent": "m-red", "size": "x", "family": "bikes"}))[0]
        == "refused"
    )


def test_a_model_with_models_in_one_batch(shop):
    from pim.products.change import ProductInput

    results = shop.batch(
        [
            ProductInput(
                "m",
                {"family": "shirts", "family_variant": "by_color_size", "material": "cotton"},
                "model",
            ),
            ProductInput("m-red", {"parent": "M", "color": "red"}, "model"),
            ProductInput("v", {"parent": "m-red", "size": "s", "material": "cotton"}),
            ProductInput("w", {"parent": "m-red", "size": "s"}),
        ]
    )
    assert [one.outcome for one in results] == ["created", "created", "created", "refused"]
    assert shop.get("v").values == {"sku": "v", "size": "s"}
    assert shop.detail("v").document["material"] == "cotton"


@pytest.mark.parametrize(
    ("identifier", "kind", "values"),
    [
        ("v", "product", {"parent": "nobody"}),
        ("v", "product", {"parent": "m-red-s"}),
        ("m", "model", {"parent": "m"}),
        ("m", "model", {"parent": "m-red"}),
        ("m-red", "model", {"parent": "m-red"}),
        ("m-red", "model", {"parent": None}),
        ("m-red-s", "product", {"parent": "other"}),
    ],
)
def test_impossible_parents(shirts, identifier, kind, values):
    shirts.model("other", {"family": "bikes"})
    before = {
        one.identifier: (one.parent_id, one.root_id, one.version)
        for one in shirts.products().values()
    }
    values = {"family": "shirts", **values} if values["parent"] == "other" else values
    assert rule_of(shirts.edit(identifier, values, kind=kind)) == ("refused", ["parent"])
    assert {
        one.identifier: (one.parent_id, one.root_id, one.version)
        for one in shirts.products().values()
    } == before


def test_there_is_no_third_level(shirts):
    shirts.model("m-red-x", {"parent": "m-red", "size": "m"})
    assert rule_of(shirts.edit("deep", {"parent": "m-red-x", "size": "s"})) == (
        "refused",
        ["parent"],
    )


def test_two_variants_that_could_not_be_told_apart(shirts):
    assert rule_of(shirts.edit("copy", {"parent": "m-red", "size": "s"})) == ("refused", ["axes"])
    assert rule_of(shirts.edit("m-red-l", {"size": "s"})) == ("refused", ["axes"])
    assert rule_of(shirts.model("m-red-2", {"parent": "m", "color": "red"})) == (
        "refused",
        ["axes"],
    )
    assert shirts.edit("m-red-s", {"size": "s", "notes": "own"}).outcome == "updated"


def test_a_variant_moves_to_another_model(shirts):
    shirts.model("n", {"family": "shirts", "family_variant": "by_color", "name-nl_NL": "Trui"})
    shirts.edit("m-red-s", {"parent": "n", "color": "blue"})
    detail = shirts.detail("m-red-s")
    assert (detail.product.root_id, detail.product.parent_id) == (
        shirts.get("n").id,
        shirts.get("n").id,
    )
    assert (detail.document["name-nl_NL"], detail.document["color"]) == ("Trui", "blue")
    assert shirts.changes("m-red-s")[-1].old["parent"] == "m-red"
    assert shirts.edit("new", {"parent": "m-red", "size": "s"}).outcome == "created"


def test_a_variant_becomes_a_product_of_its_own(shirts):
    shirts.edit("m-red-s", {"parent": None})
    product = shirts.get("m-red-s")
    assert (product.parent_id, product.root_id, product.family) == (None, product.id, "shirts")


def test_heirs_move_forward_in_the_change_sequence_without_a_version(shirts):
    before = {one.identifier: (one.seq, one.version) for one in shirts.products().values()}
    shirts.model("m", {"material": "wool"})
    after = {one.identifier: (one.seq, one.version) for one in shirts.products().values()}
    newest = max(seq for seq, _ in before.values())
    assert all(after[name][0] > newest for name in ("m", "m-red", "m-red-s", "m-red-l"))
    assert len({seq for seq, _ in after.values()}) == 4
    assert {name: version for name, (_, version) in after.items()} == {
        "m": 2,
        "m-red": 1,
        "m-red-s": 1,
        "m-red-l": 1,
    }


def test_heirs_are_found_by_what_they_inherit(shirts):
    assert ("material", "cotton") in shirts.terms("m-red-s")
    assert ("material", "cotton") in shirts.terms("m-red")
    shirts.model("m", {"material": "wool", "name-nl_NL": "Overhemd"})
    for one in ("m", "m-red", "m-red-s", "m-red-l"):
        assert {term for address, term in shirts.terms(one) if address == "material"} == {"wool"}
        assert "overhemd" in shirts.words()[shirts.get(one).id]
        assert "hemd" not in shirts.words()[shirts.get(one).id]


def test_completeness_follows_the_model(shirts):
    assert ("complete", "webshop-nl_NL") in shirts.terms("m-red-s")
    assert ("complete", "webshop-nl_NL") in shirts.terms("m")  # all that it holds itself is there
    shirts.model("m", {"name-nl_NL": None, "name-en_GB": "Shirt"})
    complete = {term for address, term in shirts.terms("m-red-s") if address == "complete"}
    assert complete == {"webshop-en_GB", "till-nl_NL"}


@pytest.fixture
def caps(shop):
    """A model whose variants differ by color, and two of them."""
    shop.model("cap", {"family_variant": "by_color", "name-nl_NL": "Pet"})
    shop.edit("cap-red", {"parent": "cap", "color": "red", "price-EUR": "8.00"})
    shop.edit("cap-blue", {"parent": "cap", "color": "blue", "price-EUR": "8.00"})
    return shop


def families_of(shop, *identifiers):
    return [shop.get(one).family for one in identifiers]


def test_a_model_holds_no_value_by_which_its_variants_differ(caps):
    result = caps.model("cap", {"color": "green", "notes": "warm"})
    assert (result.outcome, [(one.address, one.severity) for one in result.problems]) == (
        "updated",
        [("color", "skipped")],
    )
    assert caps.get("cap").values == {"name-nl_NL": "Pet", "notes": "warm"}


def test_a_model_in_between_holds_its_own_axis_and_not_that_below(shirts):
    result = shirts.model("m-blue", {"parent": "m", "color": "blue", "size": "s"})
    assert [problem.address for problem in result.problems] == ["size"]
    assert shirts.get("m-blue").values == {"color": "blue"}


@pytest.mark.parametrize("values", [{"parent": "cap"}, {"parent": "cap", "color": None}])
def test_a_variant_without_the_value_by_which_it_differs_is_refused(caps, values):
    assert rule_of(caps.edit("cap-3", values)) == ("refused", ["no axis"])


def test_a_variant_keeps_the_value_by_which_it_differs(caps):
    assert rule_of(caps.edit("cap-red", {"color": None})) == ("refused", ["no axis"])


def test_a_migration_brings_in_a_variant_without_its_axis_but_nobody_approves_it(caps, migration):
    result = caps.edit("cap-3", {"parent": "cap", "price-EUR": "8.00"}, migration)
    assert [(one.rule, one.severity) for one in result.problems] == [("no axis", "warning")]
    assert caps.edit("cap-3", {"notes": "own"}).outcome == "updated"  # it can be worked on
    (refused,) = caps.approve("cap-3", force="urgent")
    assert rule_of(refused) == ("refused", ["no axis"])
    caps.edit("cap-3", {"color": "green"})
    assert caps.approve("cap-3", force="urgent")[0].outcome == "updated"


def test_what_a_model_held_before_is_no_value_of_its_variants(shop):
    shop.model("cap", {"family": "shirts", "color": "red", "name-nl_NL": "Pet"})
    shop.edit("cap-red", {"parent": "cap"})
    assert rule_of(shop.model("cap", {"family_variant": "by_color"})) == (
        "refused",
        ["family variant"],
    )
    shop.edit("cap-red", {"parent": None})
    shop.model("cap", {"family_variant": "by_color"})
    shop.edit("cap-red", {"parent": "cap", "color": "red"})
    assert shop.get("cap-red").values["color"] == "red"


def test_variants_go_along_when_their_models_family_changes(shop):
    shop.model("set", {"name-nl_NL": "Set"})
    shop.edit("set-1", {"parent": "set"})
    before = shop.get("set-1")
    shop.model("set", {"family": "bikes"})
    after = shop.get("set-1")
    assert families_of(shop, "set", "set-1") == ["bikes", "bikes"]
    assert after.version == before.version
    assert after.seq > before.seq
    shop.model("set", {"family": "shirts", "family_variant": None})
    assert families_of(shop, "set", "set-1") == ["shirts", "shirts"]


@pytest.mark.parametrize(
    "values",
    [
        {"family": "bikes"},
        {"family": None},
        {"family": "bikes", "family_variant": "by_color"},
        {"family_variant": None},
        {"family_variant": "by_color_size"},
    ],
    ids=lambda values: ",".join(f"{name}={value}" for name, value in values.items()),
)
def test_a_model_keeps_the_family_variant_that_its_variants_fit(shop, values):
    sizes = {"family": "shirts", "levels": [{"axes": ["size"], "attributes": []}]}
    shop.restructure({"variants": {"by_size": sizes}})
    shop.model("sock", {"family_variant": "by_size"})
    shop.edit("sock-s", {"parent": "sock", "size": "s"})
    assert rule_of(shop.model("sock", values)) == ("refused", ["family variant"])
    assert families_of(shop, "sock", "sock-s") == ["shirts", "shirts"]


def test_a_family_variant_is_given_later_where_all_variants_fit_it(shop):
    shop.model("cap", {"family": "shirts"})
    shop.edit("cap-red", {"parent": "cap", "color": "red"})
    shop.edit("cap-2", {"parent": "cap", "color": "red"})
    assert rule_of(shop.model("cap", {"family_variant": "by_color"})) == (
        "refused",
        ["family variant"],
    )
    shop.edit("cap-2", {"color": "blue"})
    assert shop.model("cap", {"family_variant": "by_color"}).outcome == "updated"


def test_a_family_variant_of_another_family_is_refused(shop):
    result = shop.model("cap", {"family": "bikes", "family_variant": "by_color"})
    assert rule_of(result) == ("refused", ["family variant"])
    shop.model("bell", {"family": "bikes"})
    assert rule_of(shop.model("bell", {"family_variant": "by_color"})) == (
        "refused",
        ["family variant"],
    )


def test_a_variant_says_when_the_family_it_is_given_is_not_its_models(caps):
    result = caps.edit("cap-red", {"family": "bikes", "notes": "own"})
    assert (result.outcome, [(one.address, one.severity) for one in result.problems]) == (
        "updated",
        [("family", "skipped")],
    )
    assert families_of(caps, "cap-red") == ["shirts"]


CONTRADICTION = "“color” is told by its model “m-red”, which is “red”."


def test_a_form_cannot_contradict_the_model_on_its_axis(shirts):
    for values in ({"color": "blue"}, {"color": "blue", "material": "wool"}):
        result = shirts.edit("m-red-s", values)
        assert rule_of(result) == ("refused", ["axis of model"])
        assert str(result.problems[0].message) == CONTRADICTION
    assert shirts.edit("m-red-s", {"color": "red"}).outcome == "unchanged"


def test_a_row_of_a_file_is_taken_without_what_contradicts_its_model(shirts):
    values = {"parent": "m-red", "size": "m", "color": "blue", "price-EUR": "7.00"}
    (result,) = shirts.batch([ProductInput("m-red-m", ReadValues(values), cell_by_cell=True)])
    (problem,) = result.problems
    assert (result.outcome, problem.address, problem.severity) == ("created", "color", "skipped")
    assert CONTRADICTION in str(problem.message)
    assert shirts.get("m-red-m").values == {"sku": "m-red-m", "size": "m", "price-EUR": "7.00"}


def test_a_variant_does_not_move_below_a_model_that_it_contradicts(shirts, caps):
    caps.edit("cap-blue", {"material": "wool"})
    result = caps.edit("cap-blue", {"parent": "m-red", "size": "m"})
    assert [(one.address, one.rule) for one in result.problems] == [("parent", "axis of model")]
    caps.edit("cap-blue", {"parent": "m-red", "size": "m", "color": None})
    assert caps.detail("cap-blue").document["color"] == "red"


def test_the_check_finds_a_variant_that_contradicts_its_model(shirts):
    with shirts.database.writing() as session:
        assert list(unlike_model(session)) == []
        stored = session.scalars(select(Product).where(Product.key == "m-red-s")).one()
        stored.values = {**stored.values, "color": "blue"}
        session.flush()
        (found,) = unlike_model(session)
    assert (found[0], str(found[1])) == ("m-red-s", CONTRADICTION)
