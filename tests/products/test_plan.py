"""A plan says exactly what writing would do, without writing, and is checked again when applied."""

from typing import Any

import pytest
from sqlalchemy import select, text

from pim.outbox import OutboxRow
from pim.products import publishing, service
from pim.products.change import FieldChange, Origin, ProductInput
from pim.products.workspace import PlannedFile

ANNA = Origin("user", "anna", "hub")
BEN = Origin("user", "ben", "hub")
ERP = Origin("import", "erp import", "erp", "run-1")
BATCH = [
    ProductInput("m", {"family": "shirts", "family_variant": "by_color"}, "model"),
    ProductInput("a", {"parent": "m", "color": "red", "price-EUR": "5.00"}),
    ProductInput("b", {"family": "bikes", "name-nl_NL": "Fiets", "ean": "4006381333931"}),
    ProductInput("c", {"family": "bikes", "ean": "4006381333931"}),
    ProductInput("old", {"notes": "new", "price-EUR": "9.00"}),
    ProductInput("bad", {"family": "boats"}),
]


@pytest.fixture
def stocked(shop: Any) -> Any:
    shop.edit("old", {"family": "bikes", "name-nl_NL": "Oud", "notes": "x"})
    shop.edit("old", {"price-EUR": "7.00"}, ERP)
    return shop


def content(shop: Any) -> dict[str, list[Any]]:
    """Every row of every table that the write path writes to."""
    tables = ("product", "change", "term", "outbox", "counter")
    with shop.database.reading() as session:
        return {
            name: sorted(map(str, session.execute(text(f"SELECT * FROM {name}")).all()))
            for name in tables
        }


def plan(shop: Any, batch: Any, origin: Origin = ANNA) -> Any:
    """In a reading session, which refuses to write on PostgreSQL."""
    with shop.database.reading() as session:
        return service.plan(session, batch, origin, shop.clock())


def apply(shop: Any, plans: Any, origin: Origin = ANNA) -> Any:
    with shop.database.writing() as session:
        return service.apply(session, plans, origin, shop.clock())


def test_a_plan_writes_nothing_and_predicts_what_is_written(stocked: Any) -> None:
    before = content(stocked)
    plans = plan(stocked, BATCH)
    assert content(stocked) == before
    results = stocked.batch(BATCH)
    assert [(one.outcome, one.problems) for one in plans] == [
        (one.outcome, one.problems) for one in results
    ]
    assert [one.outcome for one in plans] == [
        "created", "created", "created", "refused", "updated", "refused",
    ]  # fmt: skip


def test_a_plan_tells_old_and_new_completeness_and_status(stocked: Any) -> None:
    stocked.approve("old")
    (one,) = plan(stocked, [ProductInput("old", {"notes": "new", "name-nl_NL": None})])
    assert one.changes == {
        "notes": FieldChange("x", "new"),
        "name-nl_NL": FieldChange("Oud", None),
    }
    assert (one.status_before, one.status_after) == ("approved", "draft")
    assert one.complete_before == {"webshop-nl_NL", "till-nl_NL"}
    assert one.complete_after == {"till-nl_NL"}
    assert (one.product_id, one.version) == (stocked.get("old").id, stocked.get("old").version)


def test_what_belongs_to_another_system_is_planned_as_kept(stocked: Any) -> None:
    (one,) = plan(stocked, [ProductInput("old", {"price-EUR": "1.00", "notes": "new"})])
    assert set(one.changes) == {"notes"}
    assert [(problem.address, problem.severity) for problem in one.problems] == [
        ("price-EUR", "kept")
    ]


def test_applied_plans_leave_what_writing_leaves(stocked: Any) -> None:
    results = apply(stocked, plan(stocked, BATCH))
    assert [one.outcome for one in results] == [
        "created", "created", "created", "refused", "updated", "refused",
    ]  # fmt: skip
    assert stocked.detail("a").document["color"] == "red"
    assert stocked.get("old").values["notes"] == "new"
    assert stocked.get("a").id > 0


def test_what_was_left_out_when_it_was_planned_is_told_when_it_is_applied(stocked: Any) -> None:
    stocked.edit("old", {"price-EUR": "1.00"})
    given = ProductInput("old", {"price-EUR": "9.00", "notes": "new"})
    erp_owned = plan(stocked, [given])
    assert [one.rule for one in erp_owned[0].problems] == ["owner"]
    (result,) = apply(stocked, erp_owned)
    assert result.outcome == "updated"
    assert [(one.rule, one.severity) for one in result.problems] == [("owner", "kept")]


def test_two_plans_of_one_product_have_a_result_each(stocked: Any) -> None:
    both = [ProductInput("old", {"notes": "mine"}), ProductInput("old", {"material": "oak"})]
    plans = plan(stocked, both)
    stocked.batch([ProductInput("old", {"notes": "theirs"})], BEN)
    results = apply(stocked, plans)
    assert [one.outcome for one in results] == ["refused", "updated"]
    assert stocked.get("old").values["notes"] == "theirs"
    assert stocked.get("old").values["material"] == "oak"


def test_an_approval_is_planned_with_its_models(stocked: Any) -> None:
    with stocked.database.writing() as session:
        service.write(session, BATCH, ANNA, stocked.clock())
    with stocked.database.reading() as session:
        found = publishing.plan_steps(session, ["a"], "approved", ANNA, stocked.clock(), "why not")
    chain = stocked.detail("a").ancestors
    assert found[0].models == {one.identifier: one.version for one in chain}
    for one in chain:
        assert one.values.items() <= found[0].new.items()


def test_a_variant_in_a_later_batch_finds_the_model_that_an_earlier_one_plans(
    stocked: Any,
) -> None:
    planned = PlannedFile()
    found = []
    with stocked.database.reading() as session:
        for one in BATCH:
            found += service.plan(session, [one], ANNA, stocked.clock(), planned)
    assert [one.outcome for one in found] == [one.outcome for one in plan(stocked, BATCH)]


def test_a_change_of_the_same_value_meanwhile_is_a_conflict_and_of_another_is_merged(
    stocked: Any,
) -> None:
    plans = plan(stocked, [ProductInput("old", {"notes": "mine"})])
    stocked.batch([ProductInput("old", {"notes": "theirs"})], BEN)
    (result,) = apply(stocked, plans)
    assert [problem.rule for problem in result.problems] == ["conflict"]
    assert stocked.get("old").values["notes"] == "theirs"
    plans = plan(stocked, [ProductInput("old", {"notes": "mine"})])
    stocked.batch([ProductInput("old", {"material": "oak"})], BEN)
    (result,) = apply(stocked, plans)
    assert result.outcome == "updated"
    assert stocked.get("old").values["notes"] == "mine"


def test_a_product_that_somebody_made_meanwhile_is_not_overwritten(stocked: Any) -> None:
    plans = plan(stocked, [ProductInput("new", {"family": "bikes", "notes": "mine"})])
    stocked.batch([ProductInput("new", {"family": "bikes", "notes": "theirs"})], BEN)
    (result,) = apply(stocked, plans)
    assert (result.outcome, result.problems[0].rule) == ("refused", "conflict")
    assert stocked.get("new").values["notes"] == "theirs"


def test_a_unique_value_that_was_taken_meanwhile_is_noticed(stocked: Any) -> None:
    plans = plan(stocked, [ProductInput("b", {"family": "bikes", "ean": "4006381333931"})])
    stocked.edit("c", {"family": "bikes", "ean": "4006381333931"})
    (result,) = apply(stocked, plans)
    assert [problem.rule for problem in result.problems] == ["unique"]


def test_an_approval_is_planned_with_what_channels_will_see_and_not_of_a_later_text(
    stocked: Any,
) -> None:
    stocked.approve("old")
    stocked.edit("old", {"notes": "new"})
    with stocked.database.reading() as session:
        plans = publishing.plan_steps(session, ["old", "nobody"], "approved", ANNA, stocked.clock())
    assert plans[0].changes == {"notes": FieldChange("x", "new")}
    assert (plans[0].status_before, plans[0].status_after) == ("draft", "approved")
    assert plans[1].is_refused
    assert stocked.get("old").status == "draft"
    stocked.edit("old", {"notes": "half a sentence"})
    refused, _ = apply(stocked, plans)
    assert refused.problems[0].rule == "conflict"
    with stocked.database.reading() as session:
        plans = publishing.plan_steps(session, ["old"], "approved", ANNA, stocked.clock())
    assert apply(stocked, plans)[0].outcome == "updated"
    assert stocked.get("old").published["notes"] == "half a sentence"


def test_every_change_leaves_a_row_in_the_outbox_in_its_transaction(stocked: Any) -> None:
    stocked.approve("old")
    stocked.edit("old", {"notes": "x"})
    with stocked.database.reading() as session:
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    number = str(stocked.get("old").id)
    assert [(row.kind, row.subject_id) for row in rows] == [
        ("product.created", number),
        ("product.changed", number),
        ("product.approved", number),
    ]
    assert [row.sequence for row in rows] == sorted(row.sequence for row in rows)
    assert len(rows) == len(stocked.changes())


def test_an_attribute_called_reason_has_its_history_and_can_be_taken_back(shop: Any) -> None:
    structure = {"attributes": {"reason": {"type": "text"}}}
    shop.restructure(structure)
    shop.edit("a", {"family": "bikes", "reason": "because"})
    shop.edit("a", {"reason": "why not"}, Origin("user", "anna", "hub", "bulk-1"))
    assert shop.changes("a")[-1].old == {"reason": "because"}
    shop.revert("bulk-1")
    assert shop.get("a").values["reason"] == "because"
