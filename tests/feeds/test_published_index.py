"""What lists of products know of published feeds: held against the report of the same build."""

from collections.abc import Mapping
from typing import Any

import pytest

from pim.feeds import published_index, service
from pim.feeds.published_index import follow
from pim.products import conditions, feed_index, filter_kinds, matching, own_filters, queries
from pim.products.matching import Filters
from pim.structure import queries as catalog


def listed(shop: Any, *spelled: str, **filters: Any) -> set[str]:
    """Who a list shows that is asked this."""
    with shop.database.reading() as session:
        structure = catalog.structure(session)
        asked = tuple(conditions.read(structure, one) for one in spelled)
        wanted = Filters(conditions=asked, **filters)
        rows = queries.page(session, structure, wanted).rows
        assert matching.count(session, structure, wanted, 100) == len(rows)
        return {row.identifier for row in rows}


def reasons(shop: Any) -> Mapping[str, str]:
    """What a list can be asked of those left out, in English."""
    field = own_filters.OWN["_left_out"]
    assert isinstance(field, filter_kinds.NamedField)
    with shop.database.reading() as session:
        named = field.named(session, catalog.structure(session), "en")
    return {code: str(said) for code, said in named.items()}


def rows(shop: Any, code: str) -> set[tuple[int, str]]:
    with shop.database.reading() as session:
        return {
            (number, one)
            for number in feed_index.absent_ids(session, code)
            for one in feed_index.reason_codes(session, code)
        }


@pytest.fixture
def stocked(shop: Any, full: dict[str, Any]) -> Any:
    """A goes, B lacks its name, C is not approved, D is switched off."""
    for name in "ABCD":
        shop.edit(name, full | {"ean": None, "name-nl_NL": None if name == "B" else f"Naam {name}"})
    shop.approve("A", "B", "D", force="The name comes later.")
    shop.edit("D", {"enabled": False})
    return shop


def test_a_list_knows_who_is_in_a_feed_and_who_is_not(stocked: Any) -> None:
    stocked.define("google_nl", "google_de")
    assert listed(stocked, "_in_feed.one_of.google_nl") == set()
    stocked.run("google_nl")
    assert set(stocked.left_out("google_nl")) == {"B", "C", "D"}
    assert listed(stocked, "_in_feed.one_of.google_nl") == {"A"}
    assert listed(stocked, "_in_feed.none_of.google_nl") == {"B", "C", "D"}
    assert listed(stocked, "_left_out.one_of.google_nl") == {"B", "C", "D"}
    assert listed(stocked, "_in_feed.one_of.google_nl,google_de") == {"A"}
    assert listed(stocked, "_in_feed.one_of.gone") == set()


def test_a_list_knows_why(stocked: Any) -> None:
    stocked.define("google_nl")
    stocked.run("google_nl")
    said = reasons(stocked)
    assert said["google_nl"] == "Google NL: for whatever reason"
    assert said["google_nl:missing:title"] == "Google NL: “title” is missing."
    assert said["google_nl:not_approved:status"] == "Google NL: It has not been approved yet."
    for identifier, why in stocked.left_out("google_nl").items():
        for field, rule in why:
            assert identifier in listed(stocked, f"_left_out.one_of.google_nl:{rule}:{field}")
    assert listed(stocked, "_left_out.one_of.google_nl:missing:title") == {"B"}
    both = "_left_out.one_of.google_nl:missing:title,google_nl:disabled:status"
    assert listed(stocked, both) == {"B", "D"}


def test_who_was_made_after_the_build_is_in_no_feed(stocked: Any, full: dict[str, Any]) -> None:
    stocked.define("google_nl")
    stocked.run("google_nl")
    stocked.clock.advance(minutes=1)
    stocked.edit("E", full | {"ean": None})
    stocked.approve("E")
    assert listed(stocked, "_in_feed.one_of.google_nl") == {"A"}
    assert "E" in listed(stocked, "_in_feed.none_of.google_nl")
    assert "E" not in listed(stocked, "_left_out.one_of.google_nl")
    stocked.run("google_nl")
    assert listed(stocked, "_in_feed.one_of.google_nl") == {"A", "E"}


def test_variants_stand_for_themselves_and_models_are_in_no_feed(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    shop.edit("M", full | {"family_variant": "by_color"} | OF_VARIANTS, kind="model")
    for name, color in (("M-r", "red"), ("M-b", "blue")):
        shop.edit(name, {"parent": "M", "color": color, "price-EUR": "9.00", "stock": "3"})
    shop.approve("M", "M-r")
    shop.run("google_nl")
    assert listed(shop, "_in_feed.one_of.google_nl") == {"M-r"}
    assert listed(shop, "_in_feed.none_of.google_nl") == {"M-b"}


OF_VARIANTS = dict.fromkeys(("ean", "price-EUR", "stock", "color"))


def test_only_the_difference_to_the_build_before_is_written(
    stocked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.define("google_nl")
    stocked.run("google_nl")
    written: list[set[int]] = []

    def replace(session: Any, feed: str, ids: Any, absences: Any) -> None:
        written.append(set(ids))
        original(session, feed, ids, absences)

    original = feed_index.replace_absences
    monkeypatch.setattr(published_index.feed_index, "replace_absences", replace)
    stocked.run("google_nl")
    assert written == []
    stocked.edit("B", {"name-nl_NL": "Naam"})
    stocked.approve("B")
    stocked.run("google_nl")
    assert [len(one) for one in written] == [1]
    assert listed(stocked, "_in_feed.one_of.google_nl") == {"A", "B"}
    assert "google_nl:missing:title" not in reasons(stocked)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_whoever_is_killed_half_way_leaves_an_heir_who_makes_it_anew(
    stocked: Any, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(published_index, "BATCH", 1)
    stocked.define("google_nl")
    original, left = feed_index.replace_absences, [batches]

    def die(*arguments: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        original(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(published_index.feed_index, "replace_absences", die)
        with pytest.raises(KeyboardInterrupt):
            stocked.run("google_nl")
    # Meanwhile B has its name, and the heir writes what the next build says.
    stocked.edit("B", {"name-nl_NL": "Naam"})
    stocked.approve("B")
    stocked.run("google_nl")
    assert listed(stocked, "_left_out.one_of.google_nl") == {"C", "D"}
    assert listed(stocked, "_in_feed.one_of.google_nl") == {"A", "B"}


def test_going_back_to_an_earlier_build_goes_back_in_lists_too(stocked: Any) -> None:
    stocked.define("google_nl")
    stocked.run("google_nl")
    first = stocked.builds("google_nl")[0]
    stocked.edit("B", {"name-nl_NL": "Naam"})
    stocked.approve("B")
    stocked.run("google_nl")
    assert listed(stocked, "_in_feed.one_of.google_nl") == {"A", "B"}
    with stocked.database.writing() as session:
        service.release(session, first.id, "It was better.", stocked.clock())
    follow(stocked.database, stocked.storage, "google_nl")
    assert listed(stocked, "_in_feed.one_of.google_nl") == {"A"}


def test_a_feed_that_is_removed_leaves_nothing(stocked: Any) -> None:
    stocked.define("google_nl")
    stocked.run("google_nl")
    with stocked.database.writing() as session:
        service.remove(session, "google_nl", stocked.clock())
    assert rows(stocked, "google_nl") == set()
    assert listed(stocked, "_in_feed.one_of.google_nl") == set()
    assert reasons(stocked) == {}
