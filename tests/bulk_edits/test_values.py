"""What each step makes of values."""

from typing import Any

import pytest

from pim.bulk_edits import queries, selection, service
from pim.bulk_edits.steps import read_steps
from pim.structure import queries as catalog
from tests.bulk_edits.conftest import Bulk, counts


def step(kind: str, *addresses: str, **rest: Any) -> dict[str, Any]:
    return {"step": kind, "addresses": list(addresses), **rest}


def test_one_value_for_all_and_back(bulk: Bulk) -> None:
    bulk.lamp("A", brand="Sun")
    bulk.lamp("B")
    bulk.lamp("C", brand="Moon")
    edit = bulk.bulk(["A", "B", "C"], step("set", "brand", text="Moon"))
    assert counts(edit) == (2, 1, 0)
    assert [bulk.values(one, "brand") for one in "ABC"] == ["Moon"] * 3
    assert [one.outcome for one in bulk.undo(edit)] == ["updated", "updated"]
    assert [bulk.values(one, "brand") for one in "ABC"] == ["Sun", None, "Moon"]


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ({"brand": "Sun"}, step("clear", "brand"), {"brand": None}),
        ({}, step("set", "price-EUR", text="12.50"), {"price-EUR": "12.50"}),
        (
            {"brand": "Sun"},
            step("set", "brand", "maker", text="Moon", only_empty=True),
            {"brand": "Sun", "maker": "Moon"},
        ),
        ({"colors": ["red"]}, step("append", "colors", text="Blue"), {"colors": ["red", "blue"]}),
        ({"colors": ["red"]}, step("remove", "colors", text="red"), {"colors": None}),
        (
            {"brand": "Sun Sun", "maker": "sun"},
            step("replace", "brand", "maker", find="Sun", by="Moon"),
            {"brand": "Moon Moon", "maker": "sun"},
        ),
        (
            {"brand": "SUN \\1"},
            step("replace", "brand", find="sun", by=r"\1", ignore_case=True),
            {"brand": r"\1 \1"},
        ),
        (
            {"name-en_GB": "Lamp", "name-nl_NL": "Oud"},
            step("copy", "name-nl_NL", source="name-en_GB"),
            {"name-nl_NL": "Lamp"},
        ),
        (
            {"name-nl_NL": "Oud"},
            step("copy", "name-nl_NL", source="name-en_GB"),
            {"name-nl_NL": "Oud"},
        ),
        ({"brand": "sun"}, step("convert", "brand", do=["upper"]), {"brand": "SUN"}),
        (
            {"weight": {"amount": "1500", "unit": "GRAM"}},
            step("convert", "weight", do=[{"convert_unit": "KILOGRAM"}]),
            {"weight": {"amount": "1.5", "unit": "KILOGRAM"}},
        ),
        (
            {"cost-EUR": "10.00"},
            step("compute", "price-EUR", sources=["cost"], do=[{"multiply": "1.21"}, {"round": 2}]),
            {"price-EUR": "12.10"},
        ),
        (
            {"brand": "Sun", "maker": "Moon"},
            step(
                "compute",
                "name-en_GB",
                sources=["brand", "maker"],
                do=[{"join": " "}],
            ),
            {"name-en_GB": "Sun Moon"},
        ),
        (
            {"colors": ["red", "blue"]},
            step("compute", "brand", sources=["colors"], do=["first_of"]),
            {"brand": "Red"},
        ),
    ],
)
def test_what_a_step_makes_of_a_product(
    bulk: Bulk, before: dict[str, Any], change: dict[str, Any], after: dict[str, Any]
) -> None:
    bulk.edit("A", {"family": "lamps", **before})
    edit = bulk.bulk(["A"], change)
    assert not bulk.report(edit)
    assert {address: bulk.values("A", address) for address in after} == after


def test_steps_follow_each_other(bulk: Bulk) -> None:
    bulk.lamp("A", brand="sun")
    bulk.bulk(
        ["A"],
        step("copy", "maker", source="brand"),
        step("convert", "maker", do=["upper"]),
        step("clear", "brand"),
    )
    assert (bulk.values("A", "maker"), bulk.values("A", "brand")) == ("SUN", None)
    assert len([one for one in [bulk.get("A").version] if one == 2]) == 1


def test_what_is_no_value_costs_that_value_alone_and_is_told(bulk: Bulk) -> None:
    bulk.edit("A", {"family": "lamps", "name-en_GB": "Lamp", "brand": "Lamp"})
    edit = bulk.bulk(["A"], step("replace", "name-en_GB", "brand", find="Lamp", by="x" * 30))
    assert bulk.values("A", "name-en_GB") == "Lamp"
    assert bulk.values("A", "brand") == "x" * 30
    assert bulk.report(edit) == [("A", "name-en_GB", "max_length")]
    assert (edit.changed, edit.left_out) == (1, 1)


def test_a_value_of_another_system_and_a_unique_one_are_refused(bulk: Bulk) -> None:
    bulk.edit("A", {"family": "lamps", "stock": "4"})
    bulk.lamp("B")
    owner = bulk.bulk(["A"], step("set", "stock", text="5"), principal=bulk_person())
    assert counts(owner) == (0, 0, 1)
    assert bulk.report(owner) == [("A", "stock", "owner")]
    unique = bulk.bulk(["A", "B"], step("set", "serial", text="X1"))
    assert counts(unique) == (1, 0, 1)
    assert bulk.report(unique) == [("B", "serial", "unique")]


def bulk_person() -> Any:
    from pim.accounts.permissions import Permission
    from pim.accounts.principals import Grant, Principal

    grants = tuple(Grant(one) for one in Permission)
    return Principal("person", "ann@example.org", "hub", grants)


def test_a_family_that_has_no_such_attribute_is_left(bulk: Bulk) -> None:
    bulk.sock()
    edit = bulk.bulk(["sock"], step("set", "maker", text="Moon"))
    assert counts(edit) == (0, 2, 1)
    assert bulk.report(edit) == [("sock", "maker", "family")]


def test_a_value_is_set_where_it_has_its_place(bulk: Bulk) -> None:
    bulk.sock()
    edit = bulk.bulk(
        ["sock"], step("set", "brand", text="Heel"), step("set", "price-EUR", text="5")
    )
    assert counts(edit) == (3, 0, 0)
    assert bulk.values("sock", "brand") == "Heel"
    assert bulk.values("sock", "price-EUR") is None
    assert bulk.values("sock-s", "price-EUR") == bulk.values("sock-m", "price-EUR") == "5.00"
    assert bulk.values("sock-s", "brand") is None


def test_a_variant_alone_does_not_take_what_belongs_to_its_model(bulk: Bulk) -> None:
    bulk.sock()
    edit = bulk.bulk(["sock-s"], step("set", "brand", text="Heel"))
    assert counts(edit) == (0, 0, 1)
    assert bulk.report(edit) == [("sock-s", "brand", "model")]


def test_what_belongs_to_models_is_changed_there_when_somebody_says_so(bulk: Bulk) -> None:
    bulk.sock()
    bulk.lamp("A", brand="Sun")
    steps = (step("set", "brand", text="Heel"), step("set", "price-EUR", text="5"))
    categories = {"step": "add_categories", "codes": ["sale"]}
    edit_id = bulk.begin(["sock-s", "A"], *steps, categories)
    with bulk.database.writing() as session:
        edit, structure = queries.get(session, edit_id), catalog.structure(session)
        chosen = selection.kept(session, edit_id).ids
        above = selection.models_above(session, structure, chosen, ["brand", "price-EUR"])
        assert (above.ids, above.variants) == ({bulk.get("sock").id}, 2)
        assert not selection.models_above(session, structure, chosen, ["price-EUR"]).ids
        before = service.seen(edit)
        service.raise_to_models(session, structure, edit)
        assert service.seen(edit) != before
        assert edit.number == 3
    edit = bulk.run(edit_id)
    assert bulk.report(edit) == []
    assert counts(edit) == (3, 0, 0)
    assert [bulk.values(one, "brand") for one in ("sock", "sock-s", "A")] == ["Heel", None, "Heel"]
    assert [bulk.values(one, "price-EUR") for one in ("sock-s", "sock-m")] == ["5.00", "3.00"]
    assert bulk.values("sock", "categories") is None
    bulk.undo(edit)
    assert bulk.values("sock", "brand") == "Toe"


def test_another_step_raises_again(bulk: Bulk) -> None:
    bulk.sock()
    edit_id = bulk.begin(["sock-s"], step("set", "price-EUR", text="5"))
    with bulk.database.writing() as session:
        edit = queries.get(session, edit_id)
        service.raise_to_models(session, catalog.structure(session), edit)
        assert edit.number == 1
        both = [step("set", "price-EUR", text="5"), step("set", "brand", text="Heel")]
        service.set_steps(session, edit, read_steps(both))
        assert edit.number == 2
    bulk.run(edit_id)
    assert bulk.values("sock", "brand") == "Heel"
