"""What a run's changes left behind, told from what later changes found."""

from pim.products.change import Origin
from pim.products.history import changes_of_run

FULL = {"family": "bikes", "name-nl_NL": "Fiets", "price-EUR": "9.00"}
RUN = Origin("import", "erp@example.org", "hub", "run-1")


def left_by_run(database):
    with database.reading() as session:
        return [one.after for one in changes_of_run(session, "run-1", 0, 10)]


def test_what_a_run_left_is_told_without_what_came_later(shop, database):
    shop.edit("a", FULL, RUN)
    shop.edit("a", {"name-nl_NL": "Rijwiel"})
    (left,) = left_by_run(database)
    assert left["name-nl_NL"] == "Fiets"


def test_an_approval_since_then_is_taken_back_as_well(shop, database):
    shop.edit("a", FULL)
    shop.approve("a")
    shop.edit("a", {"name-nl_NL": "Rijwiel"}, RUN)
    shop.approve("a")
    (left,) = left_by_run(database)
    assert left["status"] == "draft"


def test_a_page_goes_on_behind_a_change(shop, database):
    shop.edit("a", FULL, RUN)
    shop.edit("b", FULL, RUN)
    with database.reading() as session:
        first, second = changes_of_run(session, "run-1", 0, 10)
        behind = changes_of_run(session, "run-1", first.change.id, 10)
    assert [one.change.id for one in behind] == [second.change.id]
    assert [first.record.identifier, second.record.identifier] == ["a", "b"]
