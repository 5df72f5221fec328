"""The write path with single products: what is stored, what is left alone, what is refused, and
what the history says.
"""

import pytest

from pim.products.change import Origin, ProductInput
from pim.structure import service as structures


def rules(result):
    return [(problem.address, problem.rule, problem.severity) for problem in result.problems]


def test_a_new_product_holds_what_it_was_given_and_repeats_its_identifier(shop, clock):
    result = shop.edit(
        "Bike-1", {"family": "bikes", "name-nl_NL": "Stadsfiets", "price-EUR": "499.00"}
    )
    bike = shop.get("BIKE-1")
    assert (result.outcome, result.id, result.version, result.problems) == (
        "created",
        bike.id,
        1,
        [],
    )
    assert bike.values == {"sku": "Bike-1", "name-nl_NL": "Stadsfiets", "price-EUR": "499.00"}
    assert (bike.identifier, bike.key, bike.kind, bike.family, bike.status) == (
        "Bike-1",
        "bike-1",
        "product",
        "bikes",
        "draft",
    )
    assert (bike.enabled, bike.published, bike.published_at, bike.parent_id, bike.root_id) == (
        True,
        None,
        None,
        None,
        bike.id,
    )
    assert (bike.created, bike.updated) == (clock(), clock())


def test_creating_leaves_one_record_without_old_values(shop, erp):
    shop.batch([ProductInput("a", {"name-nl_NL": "A"}, row=7)], erp)
    (change,) = shop.changes("a")
    assert (
        change.version,
        change.old,
        change.source,
        change.actor,
        change.reference,
        change.row,
    ) == (
        1,
        {},
        "import",
        "erp import",
        "run-1",
        7,
    )


def test_an_update_writes_only_the_difference_and_keeps_the_old_values(shop, clock):
    shop.edit("a", {"family": "bikes", "name-nl_NL": "Een", "notes": "x", "stock": "0"})
    clock.advance(minutes=1)
    result = shop.edit(
        "A", {"name-nl_NL": "Twee", "notes": "x", "material": "steel", "family": "bikes"}
    )
    product, change = shop.get("a"), shop.changes("a")[-1]
    assert (result.outcome, result.version, product.version) == ("updated", 2, 2)
    assert product.values == {
        "sku": "a",
        "name-nl_NL": "Twee",
        "notes": "x",
        "stock": "0",
        "material": "steel",
    }
    assert (change.version, change.old) == (2, {"name-nl_NL": "Een", "material": None})
    assert (product.identifier, product.updated, change.at) == ("a", clock(), clock())
    assert product.created < product.updated


def test_an_edit_that_changes_nothing_writes_nothing(shop):
    shop.edit("a", {"family": "bikes", "name-nl_NL": "Een", "categories": ["city"]})
    before = shop.get("a")
    same = {
        "family": "bikes",
        "name-nl_NL": "Een",
        "categories": ["city"],
        "enabled": True,
        "notes": None,
        "material": "",
    }
    result = shop.edit("a", same)
    after = shop.get("a")
    assert (result.outcome, result.version, len(shop.changes())) == ("unchanged", 1, 1)
    assert (after.seq, after.version, after.updated) == (before.seq, before.version, before.updated)


def test_no_and_zero_are_values(shop):
    shop.edit("a", {"washable": False, "stock": "0", "notes": "", "colors": []})
    assert shop.get("a").values == {"sku": "a", "washable": False, "stock": "0"}


def test_none_clears_and_an_absent_address_stays(shop):
    shop.edit("a", {"name-nl_NL": "Een", "notes": "x"})
    shop.edit("a", {"notes": None})
    assert shop.get("a").values == {"sku": "a", "name-nl_NL": "Een"}
    assert shop.changes("a")[-1].old == {"notes": "x"}


def test_structural_facts_and_lists_are_part_of_the_history(shop):
    shop.edit("a", {"family": "bikes", "categories": ["city"]})
    shop.edit(
        "a",
        {
            "family": "shirts",
            "enabled": False,
            "categories": ["city", "race"],
            "upsell-products": ["b"],
        },
    )
    product = shop.get("a")
    assert (product.family, product.enabled) == ("shirts", False)
    assert product.values == {"sku": "a", "categories": ["city", "race"], "upsell-products": ["b"]}
    assert shop.changes("a")[-1].old == {
        "family": "bikes",
        "enabled": True,
        "categories": ["city"],
        "upsell-products": None,
    }


def test_a_new_product_may_begin_switched_off(shop):
    shop.edit("a", {"enabled": False})
    shop.edit("b", {"enabled": None})
    assert (shop.get("a").enabled, shop.get("b").enabled) == (False, True)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"colour": "red"}, ("colour", "unknown address", "error")),
        ({"name": "no locale"}, ("name", "unknown address", "error")),
        ({"name-de_DE": "no such locale"}, ("name-de_DE", "unknown address", "error")),
        ({"weight": None}, ("weight", "unknown address", "error")),
        ({"categories": ["city", "moon"]}, ("categories", "unknown category", "error")),
        ({"crosssell-products": ["b"]}, ("crosssell-products", "unknown address", "error")),
        ({"family": "planes"}, ("family", "family", "error")),
        ({"family_variant": "by_moon"}, ("family_variant", "family variant", "error")),
        ({"parent": "nobody"}, ("parent", "parent", "error")),
    ],
)
def test_one_refusal_keeps_the_whole_edit_out(shop, values, problem):
    shop.edit("old", {"notes": "x"})
    for identifier in ("new", "old"):
        result = shop.edit(identifier, {"notes": "y", **values})
        assert (result.outcome, rules(result)) == ("refused", [problem])
    assert [one.values for one in shop.products().values()] == [{"sku": "old", "notes": "x"}]
    assert len(shop.changes()) == 1


@pytest.mark.parametrize("identifier", ["", " a", "a ", "a\nb", "x" * 256])
def test_an_identifier_that_cannot_be_one(shop, identifier):
    assert rules(shop.edit(identifier, {"notes": "x"})) == [("identifier", "identifier", "error")]
    assert shop.products() == {}


@pytest.mark.parametrize(
    ("identifier", "said"),
    [
        ("SKU\u00a01", ["U+00A0 NO-BREAK SPACE", "position 4"]),
        ("SKU1\u200b", ["U+200B ZERO WIDTH SPACE", "position 5"]),
        ("SK\u3164U", ["U+3164 HANGUL FILLER", "position 3"]),
        ("S\tK", ["U+0009", "position 2"]),
        ("\u2060", ["can be seen"]),
        ("x" * 256, ["255"]),
    ],
)
def test_what_is_wrong_with_an_identifier_is_named_with_its_place(shop, identifier, said):
    problem = shop.edit(identifier, {"notes": "x"}).problems[0]
    assert [one for one in said if one not in str(problem.message)] == []


@pytest.mark.parametrize(
    ("first", "second"), [("CAFÉ-1", "CAFE\u0301-1"), ("cafe\u0301-1", "CAFÉ-1"), ("Ø-1", "ø-1")]
)
def test_an_identifier_is_one_however_its_letters_are_stored(shop, first, second):
    assert shop.edit(first, {"notes": "a"}).outcome == "created"
    assert shop.edit(second, {"notes": "b"}).outcome == "updated"
    assert [one.identifier for one in shop.products().values()] == [first]
    assert shop.get(second).values["notes"] == "b"


def test_sharp_s_and_double_s_are_two_letters(shop):
    shop.edit("Maß-1", {"notes": "a"})
    assert shop.edit("Mass-1", {"notes": "b"}).outcome == "created"
    assert shop.get("MASS-1").values["notes"] == "b"


def test_a_product_cannot_become_a_model(shop):
    shop.edit("a", {})
    assert rules(shop.model("A", {"notes": "x"})) == [("identifier", "kind", "error")]


def test_refused_and_accepted_edits_of_one_batch_do_not_mind_each_other(shop):
    results = shop.batch(
        [
            ProductInput("a", {"notes": "1"}),
            ProductInput("b", {"nonsense": "1"}),
            ProductInput("c", {"notes": "3"}),
        ]
    )
    assert [one.outcome for one in results] == ["created", "refused", "created"]
    assert [one.identifier for one in shop.products().values()] == ["a", "c"]
    assert [(one.id, one.version) for one in results] == [
        (shop.get("a").id, 1),
        (None, 0),
        (shop.get("c").id, 1),
    ]


def test_two_edits_of_one_product_in_one_batch_are_one_change(shop):
    shop.edit("a", {"notes": "0"})
    first, second, created, again = shop.batch(
        [
            ProductInput("a", {"notes": "1"}),
            ProductInput("A", {"notes": "2", "material": "oak"}),
            ProductInput("n", {"notes": "1"}),
            ProductInput("N", {"notes": "2"}),
        ]
    )
    assert [one.outcome for one in (first, second, created, again)] == [
        "updated",
        "updated",
        "created",
        "updated",
    ]
    assert shop.get("a").values == {"sku": "a", "notes": "2", "material": "oak"}
    assert [change.old for change in shop.changes("a")] == [{}, {"notes": "0", "material": None}]
    assert (shop.get("n").values, shop.get("n").version, len(shop.changes("n"))) == (
        {"sku": "n", "notes": "2"},
        1,
        1,
    )


def test_an_owner_overwrites_what_is_its_own_and_others_only_fill_what_is_empty(shop, erp):
    shop.edit("a", {"notes": "ours", "price-EUR": "1.00"})
    result = shop.edit("a", {"notes": "theirs", "material": "theirs", "price-EUR": "2.00"}, erp)
    assert (result.outcome, rules(result)) == ("updated", [("notes", "owner", "kept")])
    assert shop.get("a").values == {
        "sku": "a",
        "notes": "ours",
        "material": "theirs",
        "price-EUR": "2.00",
    }
    back = shop.edit("a", {"price-EUR": "3.00", "notes": "again"})
    assert (back.outcome, rules(back), shop.get("a").values["price-EUR"]) == (
        "updated",
        [("price-EUR", "owner", "kept")],
        "2.00",
    )


def test_nobody_clears_what_belongs_to_another_system(shop, erp):
    shop.edit("a", {"notes": "ours"})
    result = shop.edit("a", {"notes": None}, erp)
    assert (result.outcome, rules(result), shop.get("a").values["notes"]) == (
        "unchanged",
        [("notes", "owner", "kept")],
        "ours",
    )


def test_an_equal_value_is_no_quarrel_about_ownership(shop, erp):
    shop.edit("a", {"notes": "same"})
    result = shop.edit("a", {"notes": "same"}, erp)
    assert (result.outcome, result.problems) == ("unchanged", [])


def test_a_migration_owns_everything(shop, migration):
    shop.edit("a", {"notes": "old", "price-EUR": "1.00"})
    result = shop.edit("a", {"notes": "new", "price-EUR": "2.00"}, migration)
    assert (result.outcome, result.problems) == ("updated", [])
    assert shop.get("a").values == {"sku": "a", "notes": "new", "price-EUR": "2.00"}


def test_the_identifier_attribute_follows_the_product_not_the_edit(shop):
    shop.edit("a", {"sku": "other", "notes": "x"})
    assert shop.edit("a", {"sku": "third"}).outcome == "unchanged"
    assert shop.get("a").values == {"sku": "a", "notes": "x"}


def test_numbers_rise_in_the_order_of_the_batch(shop):
    shop.batch([ProductInput(name, {"notes": name}) for name in ("c", "a", "b")])
    shop.batch([ProductInput(name, {"notes": "!"}) for name in ("b", "c")])
    products = {one.identifier: one for one in shop.products().values()}
    assert products["c"].id < products["a"].id < products["b"].id
    assert products["a"].seq < products["b"].seq < products["c"].seq
    assert [change.id for change in shop.changes()] == [1, 2, 3, 4, 5]


def test_a_value_held_by_another_product_is_refused(shop, erp):
    shop.edit("a", {"ean": "8712345678906"}, erp)
    assert rules(shop.edit("b", {"ean": "8712345678906", "notes": "x"}, erp)) == [
        ("ean", "unique", "error")
    ]
    assert shop.edit("a", {"ean": "8712345678906", "notes": "x"}, erp).outcome == "updated"
    assert list(shop.products().values())[-1].identifier == "a"


@pytest.mark.parametrize("written", ["0042100005264", "00042100005264"])
def test_a_gtin_is_held_in_whatever_length_it_is_written(shop, erp, written):
    shop.edit("a", {"ean": "042100005264"}, erp)
    assert rules(shop.edit("b", {"ean": written}, erp)) == [("ean", "unique", "error")]
    assert shop.edit("a", {"ean": written}, erp).outcome == "updated"
    results = shop.batch(
        [ProductInput("c", {"ean": "036000291452"}), ProductInput("d", {"ean": "0036000291452"})],
        erp,
    )
    assert [one.outcome for one in results] == ["created", "refused"]


def test_unique_values_within_one_batch(shop, erp):
    eans = {"a": "8712345678906", "b": "8712345678906", "c": "4006381333931"}
    results = shop.batch(
        [ProductInput(identifier, {"ean": ean}) for identifier, ean in eans.items()], erp
    )
    assert [one.outcome for one in results] == ["created", "refused", "created"]


def test_the_refusal_names_the_product_that_has_the_value(shop, erp):
    shop.edit("A 1", {"ean": "8712345678906"}, erp)
    (problem,) = shop.edit("b", {"ean": "8712345678906"}, erp).problems
    assert str(problem.message) == "“A 1” has this value."


@pytest.mark.parametrize(
    ("values", "rule"),
    [({"categories": ["moon"]}, "unknown category"), ({"family": "planes"}, "family")],
)
def test_everything_that_speaks_against_an_edit_is_told_at_once(shop, erp, values, rule):
    shop.edit("a", {"ean": "8712345678906"}, erp)
    refused = shop.edit("b", {"ean": "8712345678906", **values}, erp)
    assert {one for _, one, _ in rules(refused)} == {rule, "unique"}
    assert [one.identifier for one in shop.products().values()] == ["a"]


def test_two_products_of_a_batch_change_their_unique_values(shop, erp):
    eans = {"a": "8712345678906", "b": "4006381333931"}
    shop.batch([ProductInput(code, {"ean": ean}) for code, ean in eans.items()], erp)
    swapped = zip(eans, reversed(eans.values()), strict=True)
    results = shop.batch([ProductInput(code, {"ean": ean}) for code, ean in swapped], erp)
    assert [one.outcome for one in results] == ["updated", "updated"]
    assert shop.get("a").values["ean"] == eans["b"]


def test_a_variant_that_inherits_a_unique_value_does_not_hold_it(shop, erp):
    shop.model("m", {"family": "shirts", "ean": "8712345678906"}, erp)
    shop.edit("v", {"parent": "m"}, erp)
    shop.model("m", {"ean": None}, erp)
    assert shop.edit("v", {"ean": "8712345678906"}, erp).outcome == "updated"
    assert rules(shop.model("m", {"ean": "8712345678906"}, erp)) == [("ean", "unique", "error")]


def test_a_migration_takes_a_double_value_with_a_doubt(shop, migration):
    shop.edit("a", {"ean": "8712345678906"}, migration)
    result = shop.edit("b", {"ean": "8712345678906"}, migration)
    assert (result.outcome, rules(result)) == ("created", [("ean", "unique", "warning")])


def test_a_value_that_was_given_up_is_free(shop, erp):
    shop.edit("a", {"ean": "8712345678906"}, erp)
    shop.edit("a", {"ean": None}, erp)
    assert shop.edit("b", {"ean": "8712345678906"}, erp).outcome == "created"


BERT = Origin("user", "bert", "hub")


def test_somebody_elses_change_of_the_same_field_is_a_conflict(shop):
    shop.edit("a", {"notes": "0", "material": "0"})
    shop.edit("a", {"notes": "theirs"}, BERT)
    result = shop.edit("a", {"notes": "mine", "material": "mine"}, base=1)
    assert (result.outcome, rules(result)) == ("refused", [("notes", "conflict", "error")])
    assert "bert" in str(result.problems[0].message)
    assert "theirs" in str(result.problems[0].message)
    assert shop.get("a").values["material"] == "0"


def test_disjoint_changes_merge(shop):
    shop.edit("a", {"notes": "0"})
    shop.edit("a", {"notes": "theirs"}, BERT)
    assert shop.edit("a", {"material": "mine"}, base=1).outcome == "updated"
    assert shop.get("a").values == {"sku": "a", "notes": "theirs", "material": "mine"}


def test_one_person_in_two_windows_never_conflicts(shop):
    shop.edit("a", {"notes": "0"})
    shop.edit("a", {"notes": "1"})
    assert shop.edit("a", {"notes": "2"}, base=1).outcome == "updated"


def test_both_wrote_the_same_so_there_is_nothing_to_decide(shop):
    shop.edit("a", {"notes": "0"})
    shop.edit("a", {"notes": "1"}, BERT)
    assert shop.edit("a", {"notes": "1"}, base=1).outcome == "unchanged"


def test_saving_again_on_the_new_version_replaces_it(shop):
    shop.edit("a", {"notes": "0"})
    shop.edit("a", {"notes": "1"}, BERT)
    assert shop.edit("a", {"notes": "2"}, base=2).outcome == "updated"


@pytest.mark.parametrize(
    "identifier", ["İ" * 200, "x" * 101]
)  # the first is one of 400 characters in small letters
def test_an_identifier_that_does_not_fit_the_index(shop, identifier):
    assert [problem.severity for problem in shop.edit(identifier, {"notes": "x"}).problems] == [
        "error"
    ]
    assert shop.products() == {}


def test_the_identifier_keeps_the_rules_of_its_attribute(shop):
    shop.edit("old 1", {"notes": "x"})
    with shop.database.writing() as session:
        structures.apply(
            session,
            {
                "attributes": {
                    "sku": {"type": "identifier", "pattern": "[A-Z]+-[0-9]+", "max_length": 8}
                }
            },
        )
    assert rules(shop.edit("b 1", {"notes": "x"})) == [("identifier", "pattern", "error")]
    assert rules(shop.edit("BIKE-00001", {"notes": "x"})) == [("identifier", "max_length", "error")]
    assert shop.edit("BIKE-1", {"notes": "x"}).outcome == "created"
    assert shop.edit("old 1", {"notes": "y"}).outcome == "updated"  # what is there stays editable
