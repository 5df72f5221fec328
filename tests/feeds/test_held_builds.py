"""What is suspicious is held until somebody looked at it; and going back to an earlier build."""

from typing import Any

import pytest

from pim import audit
from pim.errors import NotFound
from pim.feeds import gate, queries, service
from pim.feeds.files import trace_key
from pim.feeds.formats import FileCheck, Xml
from pim.feeds.traces import read_trace
from tests.feeds.conftest import ERP


def test_a_first_build_that_leaves_out_most_is_held_until_somebody_releases_it(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till")
    for name in ("A", "B", "C"):
        shop.edit(name, full | {"price-EUR": "1.00" if name == "A" else None})
        shop.approve(name, force="The price comes later.")
    held = shop.run("till")
    assert (held.state, held.items) == ("held", 1)
    (finding,) = held.said
    assert str(finding).startswith("This first build leaves out 67 % of the products")
    with shop.database.reading() as session:
        totals = queries.report_totals(shop.storage, held)
    assert [(one.field, one.rule, one.products) for one in totals] == [
        ("ean", "recommended", 3),
        ("gross_price", "missing", 2),
    ]
    with shop.database.writing() as session:
        service.release(session, held.id, "We begin with one.", shop.clock())
    assert shop.run("till").state == "unchanged"


def test_products_that_nobody_approved_do_not_hold_a_first_build(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till")
    for name in ("A", "B", "C", "D"):
        shop.edit(name, full | {"categories": ["attic"] if name == "B" else ["bikes"]})
    shop.approve("A", "B")
    build = shop.run("till")
    assert (build.state, build.items, build.excluded, build.said) == ("published", 1, 3, [])


def test_an_empty_feed_is_held_and_the_last_good_one_stays(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    assert shop.run("google_nl").state == "held"
    assert shop.world("google_nl") == ""
    shop.edit("A", full)
    shop.approve("A")
    shop.run("google_nl")
    good = shop.world("google_nl")
    shop.edit("A", {"enabled": False})
    held = shop.run("google_nl")
    assert (held.state, held.items, list(map(str, held.said))) == (
        "held",
        0,
        ["The feed would be empty."],
    )
    assert shop.world("google_nl") == good


def test_a_big_drop_is_held_until_somebody_releases_it(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    names = [f"P{number}" for number in range(10)]
    for name in names:
        shop.edit(name, full)
    shop.approve(*names)
    shop.run("google_nl")
    for name in names[:4]:
        shop.edit(name, {"enabled": False})
    held = shop.run("google_nl")
    assert (held.state, held.items) == ("held", 6)
    assert "40 % fewer items than before (6 after 10)." in map(str, held.said)
    assert shop.world("google_nl").count("<item>") == 10
    with shop.database.writing() as session:
        service.release(session, held.id, "They are sold out.", shop.clock())
    assert shop.world("google_nl").count("<item>") == 6
    assert shop.run("google_nl").state == "unchanged"


def test_going_back_to_an_earlier_build(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("google_nl")
    shop.edit("A", {"price-EUR": "1.00"}, ERP)
    shop.run("google_nl")
    with shop.database.writing() as session:
        service.release(session, first.id, "wrong price", shop.clock(), by="ann@example.org")
        session.flush()
        (entry,) = audit.entries(session, kind="feed", limit=1)
        assert (entry.by, entry.new) == ("ann@example.org", {"published": first.id})
        with pytest.raises(NotFound):
            service.release(session, 10**9, "", shop.clock())
    assert "749.00" in shop.world("google_nl")


def test_a_feed_stays_at_the_build_that_somebody_went_back_to_until_it_is_unpinned(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("google_nl")
    shop.edit("A", {"price-EUR": "1.00"}, ERP)
    second = shop.run("google_nl")
    with shop.database.writing() as session:
        service.release(session, first.id, "wrong price", shop.clock())
    held = shop.run("google_nl")
    assert (held.state, shop.world("google_nl").count("749.00")) == ("held", 1)
    assert [str(one) for one in held.said][-1].startswith("The feed stays at the build of ")
    with shop.database.writing() as session:
        service.unpin(session, "google_nl", shop.clock())
    assert shop.run("google_nl").state == "published"
    assert "1.00" in shop.world("google_nl")
    with shop.database.writing() as session:
        service.release(session, first.id, "again", shop.clock())
        service.release(session, held.id, "It is right after all.", shop.clock())
    assert shop.run("google_nl").state == "unchanged"
    assert second.sha256 == held.sha256


def test_a_doubt_of_the_gate_stays_until_somebody_looks_at_it(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    names = [f"P{number}" for number in range(20)]
    for name in names:
        shop.edit(name, full)
    shop.approve(*names)
    shop.run("google_nl")
    for name in names[:3]:
        shop.edit(name, {"enabled": False})
    warned = shop.run("google_nl")
    assert (warned.state, warned.items) == ("published", 17)
    assert shop.run("google_nl").state == "unchanged"
    with shop.database.reading() as session:
        found = queries.warned_build(session, service.get(session, "google_nl"))
        assert found is not None
        assert found.id == warned.id
    with shop.database.writing() as session:
        service.accept(session, warned.id, shop.clock())
    with shop.database.reading() as session:
        feed = service.get(session, "google_nl")
        assert queries.warned_build(session, feed) is None
        assert not feed.pinned


def test_a_reader_that_counts_other_items_holds_the_build(
    shop: Any, full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    monkeypatch.setattr(Xml, "check", lambda self, path: FileCheck(2))
    held = shop.run("google_nl")
    assert (held.state, list(held.said)) == ("held", [gate.miscounted(2, 1)])
    assert shop.world("google_nl") == ""


def test_a_file_that_cannot_be_read_back_is_held(
    shop: Any, full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    monkeypatch.setattr(Xml, "record", lambda self, item: b"<item><g:id>A</g:id>\n")
    assert shop.run("google_nl").state == "held"


def test_prices_that_are_ten_times_as_high_are_held(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    names = [f"P{number}" for number in range(10)]
    for name in names:
        shop.edit(name, full)
    shop.approve(*names)
    shop.run("google_nl")
    for name in names[:2]:
        shop.edit(name, {"price-EUR": "7490.00"}, ERP)
    assert shop.run("google_nl").state == "published"
    for name in names[2:6]:
        shop.edit(name, {"price-EUR": "7490.00"}, ERP)
    held = shop.run("google_nl")
    assert (
        held.state,
        "The prices of 4 products changed by more than half." in map(str, held.said),
    ) == (
        "held",
        True,
    )
    assert shop.world("google_nl").count("7490.00") == 2


def test_a_slow_leak_is_held_though_no_build_lost_many(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    names = [f"P{number:02}" for number in range(20)]
    for name in names:
        shop.edit(name, full)
    shop.approve(*names)
    states = []
    for day in range(5):
        for name in names[2 * day : 2 * day + 2]:
            shop.edit(name, {"enabled": False})
        states.append(shop.run("till").state)
        shop.clock.advance(days=1)
    assert states == ["published", "published", "published", "published", "held"]
    assert "44 % fewer items than seven days ago (10 after 18)." in map(
        str, shop.builds("till")[0].said
    )


def test_what_is_copied_has_the_trace_of_what_is_rendered(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    for name in ("A", "B", "C"):
        shop.edit(name, full)
    shop.edit("M", full | {"family_variant": "by_color"}, kind="model")
    shop.edit("M-red", {"parent": "M", "color": "red", "price-EUR": "5.00"})
    shop.approve("A", "B", "C", "M", "M-red")
    shop.run("google_nl")
    shop.edit("B", {"price-EUR": "700.00"}, ERP)
    copied = shop.run("google_nl")
    whole = shop.run("google_nl", full=True)
    assert (copied.rendered, whole.rendered) == (1, 4)
    traces = [shop.storage.get(trace_key(one)) for one in (copied, whole)]
    assert traces[0] == traces[1]
    assert len(read_trace(traces[0])) == 4
