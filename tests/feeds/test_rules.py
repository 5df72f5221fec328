"""What a feed's selection and rules make of it: who is taken, and what is filled otherwise."""

from datetime import date
from typing import Any

import pytest

from pim.attributes.operators import Operator
from pim.errors import Invalid
from pim.feeds.contract import Field
from pim.feeds.mapping import compile_mapping
from pim.feeds.rules import with_rules
from tests.support.listing import ListableProduct, lookup_in

DAY = date(2026, 11, 28)
STRUCTURE: dict[str, Any] = {
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text"},
        "brand": {"type": "choice", "options": {"oak": {"labels": {"nl_NL": "Eik"}}, "elm": {}}},
        "tags": {"type": "choices", "options": {"new": {}, "sale": {}}},
        "price": {"type": "price"},
        "cost": {"type": "price"},
        "weight": {"type": "measurement", "dimension": "Weight", "unit": "KILOGRAM"},
        "stock": {"type": "number"},
        "launch": {"type": "date"},
        "secret": {"type": "boolean"},
    },
    "families": {"goods": {"attributes": ["sku"]}, "coats": {"attributes": ["sku"]}},
    "categories": {"shop": {"children": {"bikes": {"children": {"city": {}}}, "coats": {}}}},
}
FIELDS = (
    Field("title"),
    Field("price", kind="price"),
    Field("label"),
    Field("margin", kind="number"),
    Field("tags", repeat=5),
)
MAPPING: dict[str, Any] = {"title": {"from": ["name"]}, "price": {"from": ["price"]}}
BIKE = {
    "name": "Bike",
    "brand": "oak",
    "tags": ["new", "sale"],
    "price-EUR": "100.00",
    "cost-EUR": "60.50",
    "weight": {"amount": "12.5", "unit": "KILOGRAM"},
    "stock": "3",
    "launch": "2026-11-01",
    "secret": True,
}


def product(identifier: str = "B", **changes: Any) -> ListableProduct:
    document = {key: value for key, value in {**BIKE, **changes}.items() if value is not None}
    return ListableProduct(identifier, document, family="goods", categories=("city",), id=1)


def compiled(
    rules: Any = (), selection: Any = None, day: date = DAY, mapping: Any = MAPPING
) -> Any:
    made = compile_mapping(mapping, FIELDS, lookup_in(STRUCTURE))
    return with_rules(made, list(rules), selection or {}, FIELDS, day)


def listed(rules: Any, *products: ListableProduct, mapping: Any = MAPPING) -> list[dict[str, Any]]:
    return [dict(one) for one in compiled(rules, mapping=mapping).resolve(products or [product()])]


def kept_out(*products: ListableProduct, rules: Any = (), selection: Any = None) -> list[str]:
    """The rule that keeps each out, "" for those that are taken."""
    decide = compiled(rules, selection).decide
    return [one.rule if one else "" for one in decide(products)]


def takes(condition: dict[str, Any], one: ListableProduct | None = None) -> bool:
    return kept_out(one or product(), selection={"only": [condition]}) == [""]


@pytest.mark.parametrize(
    ("condition", "other"),
    [
        ({"name": {"contains": "BIK"}}, {"name": "Coat"}),
        ({"name": {"is": "Bike"}}, {"name": "Bikes"}),
        ({"brand": {"one_of": ["oak", "ash"]}}, {"brand": "elm"}),
        ({"brand": {"none_of": ["elm"]}}, {"brand": "elm"}),
        ({"tags": {"one_of": ["sale"]}}, {"tags": ["new"]}),
        ({"price": {"at_least": 100}}, {"price-EUR": "99.99"}),
        ({"price": {"at_most": "100"}}, {"price-EUR": "100.01"}),
        ({"price": {"is": "100"}}, {"price-EUR": "100.10"}),
        ({"weight": {"between": [12, 13]}}, {"weight": {"amount": "9", "unit": "KILOGRAM"}}),
        ({"stock": {"at_least": 3}}, {"stock": "-1"}),
        ({"stock": {"at_most": 20}}, {"stock": "100"}),
        ({"launch": {"at_most": "2026-11-28"}}, {"launch": "2026-12-01"}),
        ({"secret": {"yes": True}}, {"secret": False}),
        ({"secret": {"yes": True}}, {"secret": None}),
        ({"cost": {"filled": True}}, {"cost-EUR": None}),
    ],
)
def test_a_condition_takes_what_it_asks_for_and_nothing_else(
    condition: dict[str, Any], other: dict[str, Any]
) -> None:
    assert takes(condition)
    assert not takes(condition, product(**other))


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        ({"cost": {"empty": True}}, {"cost-EUR": None}),
        ({"secret": {"no": True}}, {"secret": None}),
        ({"secret": {"no": True}}, {"secret": False}),
    ],
)
def test_what_is_not_there_can_be_asked_for(
    condition: dict[str, Any], taken: dict[str, Any]
) -> None:
    assert not takes(condition)
    assert takes(condition, product(**taken))


@pytest.mark.parametrize(
    ("code", "is_taken"), [("city", True), ("bikes", True), ("shop", True), ("coats", False)]
)
def test_a_category_is_asked_with_all_below_it(code: str, is_taken: bool) -> None:
    assert takes({"categories": {"one_of": [code]}}) is is_taken
    assert takes({"categories": {"none_of": [code]}}) is not is_taken


def test_a_family_is_asked_by_its_code() -> None:
    assert takes({"family": {"one_of": ["goods"]}})
    assert not takes({"family": {"one_of": ["coats"]}})


def test_all_conditions_must_hold() -> None:
    both = [{"price": {"at_least": 50}}, {"brand": {"one_of": ["elm"]}}]
    assert kept_out(product(), product(brand="elm"), selection={"only": both}) == [
        "not_selected",
        "",
    ]


def test_every_operator_can_be_asked() -> None:
    values = {Operator.BETWEEN: [1, 2], Operator.ONE_OF: ["x"], Operator.NONE_OF: ["x"]}
    for operator in Operator:
        takes({"name": {operator.value: values.get(operator, "x" if operator.arity else True)}})


def test_single_products_have_the_last_word_with_their_models() -> None:
    variant = ListableProduct("V", BIKE, model="M", root="R", family="goods", id=2)
    only = [{"brand": {"one_of": ["elm"]}}]
    assert kept_out(variant, selection={"only": only}) == ["not_selected"]
    for name in ("v", "M", "R"):
        assert kept_out(variant, selection={"only": only, "with": {name: {}}}) == [""]
    without = {"R": {"reason": "Recalled"}}
    assert kept_out(variant, selection={"without": without}) == ["left_out_by_name"]
    both = {"without": without, "with": {"V": {}}}
    assert kept_out(variant, selection=both) == [""]


def test_a_name_holds_until_its_last_day() -> None:
    selection = {"without": {"B": {"reason": "Recalled", "until": "2026-11-28"}}}
    (problem,) = compiled(selection=selection).decide([product()])
    assert str(problem.message) == "Left out of this feed by name until 2026-11-28: Recalled"
    later = compiled(selection=selection, day=date(2026, 11, 29))
    assert later.decide([product()]) == [None]
    assert compiled(selection=selection).named != later.named


def test_a_rule_sets_changes_and_takes_away() -> None:
    rules = [
        {"if": [{"brand": {"one_of": ["oak"]}}], "set": {"label": {"value": "ours"}}},
        {"if": [], "change": {"title": ["upper"]}},
        {"if": [{"price": {"at_least": 50}}], "set": {"price": {"from": ["cost"]}}},
    ]
    first, second = listed(rules, product(), product(brand="elm", **{"cost-EUR": None}))
    assert first["label"] == "ours"
    assert first["title"] == "BIKE"
    assert str(first["price"]) == "60.50 EUR"
    assert "label" not in second
    assert "price" not in second


def test_rules_are_asked_in_order_and_paused_ones_not() -> None:
    one = {"if": [], "change": {"title": [{"suffix": "1"}]}}
    two = {"if": [], "change": {"title": [{"suffix": "2"}]}}
    assert listed([one, two])[0]["title"] == "Bike12"
    assert listed([two, one])[0]["title"] == "Bike21"
    assert listed([{**two, "paused": True}, one])[0]["title"] == "Bike1"


def test_conditions_look_at_the_product_not_at_what_a_rule_made_of_it() -> None:
    rules = [
        {"if": [], "set": {"title": {"value": "Coat"}}},
        {"if": [{"name": {"is": "Bike"}}], "set": {"label": {"value": "still a bike"}}},
    ]
    assert listed(rules)[0]["label"] == "still a bike"


def test_a_field_that_a_rule_fills_is_no_fixed_one_any_more() -> None:
    mapping = {**MAPPING, "label": {"value": "usual"}}
    rules = [{"if": [{"stock": {"at_most": 0}}], "set": {"label": {"value": "gone"}}}]
    made = compiled(rules, mapping=mapping)
    assert "label" not in made.fixed
    assert [one["label"] for one in made.resolve([product(), product(stock="0")])] == [
        "usual",
        "gone",
    ]


def test_a_rule_leaves_out_and_says_which_it_is() -> None:
    rules = [
        {"label": "No bulk", "if": [{"weight": {"at_least": 12}}], "leave_out": True},
        {"label": "No coats", "if": [{"name": {"is": "Coat"}}], "leave_out": True, "paused": True},
    ]
    light = product(weight={"amount": "1", "unit": "KILOGRAM"}, name="Coat")
    assert kept_out(product(), light, rules=rules) == ["left_out_by_rule", ""]
    (problem,) = compiled(rules).decide([product()])
    assert "No bulk" in str(problem.message)


def test_a_change_that_breaks_costs_that_value_alone() -> None:
    broken = "1" + "0" * 30_000
    mapping = {"margin": {"from": ["stock"]}}
    rules = [{"if": [], "change": {"margin": [{"round": 2}]}}]
    made = compiled(rules, mapping=mapping)
    good, bad = made.resolve([product(), product(stock=broken)])
    assert good["margin"] == "3.00"
    assert "margin" not in bad
    assert [one.rule for one in bad.problems] == ["failed"]


@pytest.mark.parametrize(
    ("template", "changes", "made"),
    [
        ("{name}, {brand}", {}, "Bike, Eik"),
        ("{name}, {brand}", {"brand": None}, "Bike"),
        ("{name}, {brand}", {"name": None}, "Eik"),
        ("{name}, {brand}", {"name": None, "brand": None}, None),
        ("The {name}: {tags}!", {}, "The Bike: new, sale!"),
        ("{$identifier} {price}", {}, "B 100.00 EUR"),
    ],
)
def test_a_template(template: str, changes: dict[str, Any], made: str | None) -> None:
    mapping = {"title": {"template": template}}
    assert listed([], product(**changes), mapping=mapping)[0].get("title") == made


@pytest.mark.parametrize(
    ("calculation", "made"),
    [
        ({"first": "price", "by": "minus", "second": "cost"}, "39.50 EUR"),
        ({"first": "price", "by": "times", "second": "1.21"}, "121.00 EUR"),
        ({"first": "price", "by": "divided_by", "second": "3"}, "33.33 EUR"),
        ({"first": "cost", "by": "times", "second": "0.1", "decimals": 3}, "6.050 EUR"),
        ({"first": "price", "by": "divided_by", "second": "0"}, None),
        ({"first": "price", "by": "plus", "second": "name"}, None),
    ],
)
def test_a_calculation(calculation: dict[str, Any], made: str | None) -> None:
    found = listed([], mapping={"price": {"calculate": calculation}})[0].get("price")
    assert (None if found is None else str(found)) == made


def test_a_calculation_of_numbers_says_no_more_decimals_than_it_has() -> None:
    for spec, made in (
        ({"first": "stock", "by": "divided_by", "second": "4"}, "0.75"),
        ({"first": "stock", "by": "divided_by", "second": "7"}, "0.428571"),
        ({"first": "stock", "by": "times", "second": "2", "decimals": 1}, "6.0"),
    ):
        assert listed([], mapping={"margin": {"calculate": spec}})[0]["margin"] == made


@pytest.mark.parametrize(
    ("rules", "selection", "place", "said"),
    [
        ([{"if": []}], {}, "rules.0", "does nothing"),
        ([{"when": []}], {}, "rules.0", "A rule has"),
        ([{"set": {"nope": {"value": "x"}}}], {}, "rules.0", "no field “nope”"),
        ([{"set": {"label": {"from": ["nope"]}}}], {}, "rules.0", "no attribute “nope”"),
        ([{"change": {"title": []}}], {}, "rules.0", "at least one operation"),
        ([{"leave_out": True, "if": [{"name": {"like": "x"}}]}], {}, "rules.0", "no operator"),
        ([], {"only": [{"price": {"between": [1]}}]}, "selection", "wants 2 values"),
        ([], {"only": [{"nope": {"is": "1"}}]}, "selection", "no attribute “nope”"),
        ([], {"except": []}, "selection", "A selection has"),
        ([], {"without": {"B": {"until": "soon"}}}, "selection", "is no day"),
        ([], {"without": ["B"]}, "selection", "with a reason each"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    rules: Any, selection: Any, place: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        compiled(rules, selection)
    assert said in str(refused.value.messages[place][0])


@pytest.mark.parametrize(
    "rule",
    [
        {"template": "no source"},
        {"template": ["{name}"]},
        {"calculate": {"first": "price"}},
        {"calculate": {"first": "price", "by": "power", "second": "2"}},
        {"calculate": {"first": "price", "by": "plus", "second": "1", "decimals": "few"}},
        {"calculate": {"first": "price", "by": "plus", "second": "1", "decimals": 99}},
        {"template": "{name}", "from": ["name"]},
    ],
)
def test_a_template_or_calculation_that_cannot_be_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        compiled(mapping={"title": rule})


def test_without_rules_a_mapping_stays_as_it_is() -> None:
    made = compile_mapping(MAPPING, FIELDS, lookup_in(STRUCTURE))
    assert with_rules(made, [], {}, FIELDS, DAY) is made
