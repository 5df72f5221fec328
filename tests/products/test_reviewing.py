"""Sending a product back from review, with a comment that reaches who submitted it."""

from typing import Any

import pytest

from pim.errors import Invalid
from pim.products import publishing, reviewing
from pim.products.change import Origin, ProductPlan, WriteResult
from pim.products.models import ReviewComment
from pim.workflow import DRAFT, REVIEW

ANNA = Origin("user", "anna@example.org", "hub")
BERT = Origin("user", "bert@example.org", "hub")


@pytest.fixture
def bike(shop: Any) -> Any:
    shop.edit("B-1", {"family": "bikes", "name-nl_NL": "Fiets"})
    submit(shop, ANNA)
    return shop


def submit(shop: Any, by: Origin) -> None:
    shop.clock.advance(minutes=1)
    with shop.database.writing() as session:
        [result] = publishing.move(session, ["B-1"], REVIEW, by, shop.clock())
    assert result.outcome == "updated"


def send_back(shop: Any, comment: str, version: int | None = None) -> WriteResult:
    shop.clock.advance(minutes=1)
    found = shop.get("B-1").version if version is None else version
    seen = ProductPlan("B-1", "product", "updated", version=found, step=DRAFT)
    with shop.database.writing() as session:
        return reviewing.send_back(session, seen, comment, BERT, shop.clock())


def waiting_for(shop: Any, email: str) -> list[tuple[str, str]]:
    with shop.database.reading() as session:
        found = reviewing.sent_back_to(session, email)
    return [(one.product.identifier, one.comment.comment) for one in found]


def comment_on(shop: Any) -> ReviewComment | None:
    with shop.database.reading() as session:
        return reviewing.comment_on(session, shop.get("B-1"))


def test_the_comment_reaches_whoever_submitted_the_product(bike):
    assert send_back(bike, " The name is too short. ").outcome == "updated"
    assert bike.get("B-1").status == DRAFT
    assert waiting_for(bike, "anna@example.org") == [("B-1", "The name is too short.")]
    assert waiting_for(bike, "bert@example.org") == []
    found = comment_on(bike)
    assert found is not None
    assert found.author == "bert@example.org"


def test_it_stands_in_the_history(bike):
    send_back(bike, "Too short.")
    assert [one.reason for one in bike.changes("B-1")] == [None, None, "Too short."]


def test_who_submits_it_again_has_answered_it(bike):
    send_back(bike, "Too short.")
    submit(bike, ANNA)
    assert waiting_for(bike, "anna@example.org") == []
    bike.clock.advance(minutes=1)
    with bike.database.writing() as session:
        publishing.move(session, ["B-1"], DRAFT, ANNA, bike.clock())
    assert waiting_for(bike, "anna@example.org") == []
    assert comment_on(bike) is None


def test_an_edit_in_between_leaves_the_comment(bike):
    send_back(bike, "Too short.")
    bike.clock.advance(minutes=1)
    bike.edit("B-1", {"name-nl_NL": "Stadsfiets"})
    assert waiting_for(bike, "anna@example.org") == [("B-1", "Too short.")]


def test_the_second_comment_counts(bike):
    send_back(bike, "Too short.")
    submit(bike, Origin("user", "cora@example.org", "hub"))
    send_back(bike, "Now too long.")
    assert waiting_for(bike, "anna@example.org") == []
    assert waiting_for(bike, "cora@example.org") == [("B-1", "Now too long.")]


def test_what_was_changed_since_it_was_looked_at_is_not_sent_back(bike):
    seen = bike.get("B-1").version
    bike.edit("B-1", {"notes": "x"})
    result = send_back(bike, "Too short.", seen)
    assert result.is_refused
    assert comment_on(bike) is None


@pytest.mark.parametrize("comment", ["", "  \n", "x" * 2001])
def test_a_comment_says_something_and_has_an_end(bike, comment):
    with pytest.raises(Invalid):
        send_back(bike, comment)
    assert bike.get("B-1").status == REVIEW
