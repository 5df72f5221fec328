"""A feed shows what was approved, and nothing else: promises P5, P6 and P9 on both engines."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pim import audit
from pim.errors import Invalid, NotFound
from pim.feeds import gate, queries, service
from pim.feeds.files import keys_of
from pim.feeds.formats import FileCheck, Xml
from pim.feeds.run import KEEP, summary
from pim.jobs import schedules
from pim.products.change import Origin
from tests.feeds.conftest import COLORS, STRUCTURE

ERP = Origin("import", "erp", "erp")
UNNAMED = [("description", "missing"), ("title", "missing")]
"""What the German feed says of a product without a German name, which describes it too."""


def test_approved_with_german_missing(shop: Any, full: dict[str, Any]) -> None:
    """It is in the Dutch feed and not in the German one, which says why."""
    shop.define("google_nl", "google_de", only_complete=True)
    shop.edit("OTHER", full)
    shop.edit("A", full | {"name-de_DE": None})
    shop.approve("OTHER", "A")
    for code in ("google_nl", "google_de"):
        assert shop.run(code).state == "published"
    assert "<g:id>A</g:id>" in shop.world("google_nl")
    assert shop.left_out("google_nl") == {}
    assert "<g:id>A</g:id>" not in shop.world("google_de")
    assert shop.left_out("google_de") == {"A": [("name-de_DE", "missing")]}


def test_the_reasons_are_those_of_today_though_the_file_stays_the_same(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_de")
    shop.edit("OTHER", full)
    shop.edit("A", full | {"name-de_DE": None})
    shop.approve("OTHER")
    shop.run("google_de")
    assert shop.left_out("google_de") == {"A": [("status", "not_approved"), *UNNAMED]}
    shop.approve("A")
    assert shop.run("google_de").state == "unchanged"
    assert shop.left_out("google_de") == {"A": UNNAMED}


def test_editing_changes_no_feed_until_it_is_approved_again(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl", "till")
    shop.edit("A", full)
    shop.approve("A")
    before = {code: (shop.run(code).state, shop.world(code)) for code in ("google_nl", "till")}
    shop.edit(
        "A", {"name-nl_NL": "Half geschreven", "categories": ["attic"], "description-nl_NL": None}
    )
    for code in before:
        assert (shop.run(code).state, shop.world(code)) == ("unchanged", before[code][1])
    shop.edit("A", {"categories": ["bikes"]})
    shop.approve("A")
    for code in before:
        assert shop.run(code).state == "published"
        assert "Half geschreven" in shop.world(code)


def test_a_new_price_changes_every_feed_at_the_next_build(shop: Any, full: dict[str, Any]) -> None:
    codes = ("google_nl", "google_de", "shopify", "till", "wholesale")
    shop.define(*codes)
    shop.edit("A", full)
    shop.approve("A")
    for code in codes:
        assert (shop.run(code).state, "749.00" in shop.world(code)) == ("published", True)
    shop.edit("A", {"name-nl_NL": "Half geschreven"})
    shop.edit("A", {"price-EUR": "699.00"}, ERP)
    for code in codes:
        build = shop.run(code)
        assert (build.state, build.rendered) == ("published", 1)
        assert (
            "699.00" in shop.world(code),
            "749.00" in shop.world(code),
            "Half" in shop.world(code),
        ) == (True, False, False)


@pytest.mark.parametrize("way", ["disabled", "retired"])
def test_what_is_switched_off_or_retired_leaves_at_the_next_build(
    shop: Any, full: dict[str, Any], way: str
) -> None:
    shop.define("google_nl")
    for number in range(20):
        shop.edit(f"P{number}", full)
    shop.edit("A", full)
    shop.approve("A", *(f"P{number}" for number in range(20)))
    shop.run("google_nl")
    if way == "disabled":
        shop.edit("A", {"enabled": False})
    else:
        shop.move("A", "retired")
    assert shop.run("google_nl").state == "published"
    assert shop.left_out("google_nl") == {"A": [("status", way)]}


def test_a_variant_that_moves_to_another_model_is_in_the_feed_once(
    shop: Any, full: dict[str, Any]
) -> None:
    """Its previous model changes in nothing but the number of its variants."""
    shop.define("shopify")
    model = {
        key: full[key] for key in ("family", "categories", "name-nl_NL", "description-nl_NL")
    } | {"family_variant": "by_color"}
    shop.edit("M1", model, kind="model")
    shop.edit("M2", model, kind="model")
    shop.edit("RED", {"parent": "M1", "color": "red", "price-EUR": "1.00"})
    shop.edit("BLUE", {"parent": "M1", "color": "blue", "price-EUR": "2.00"})
    shop.edit("RED2", {"parent": "M2", "color": "red", "price-EUR": "3.00"})
    shop.approve("RED", "RED2", "BLUE")
    shop.run("shopify")
    shop.edit("BLUE", {"stock": "1"}, ERP)
    shop.edit("RED", {"stock": "1"}, ERP)
    shop.run("shopify")
    shop.edit("BLUE", {"parent": "M2"})
    shop.approve("BLUE")
    shop.run("shopify")
    copied = shop.world("shopify")
    assert copied.count("BLUE") == 1
    assert shop.run("shopify", full=True).state == "unchanged"
    assert shop.world("shopify") == copied


def test_nothing_is_dressed_anew_where_nothing_changed(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    for name in "ABCDE":
        shop.edit(name, full)
    shop.approve(*"ABCDE")
    first = shop.run("google_nl")
    assert (first.rendered, first.items, first.excluded) == (5, 5, 0)
    assert shop.run("google_nl").rendered == 0
    shop.edit("C", {"stock": "0"}, ERP)
    second = shop.run("google_nl")
    assert (second.state, second.rendered) == ("published", 1)
    assert shop.run("google_nl", full=True).rendered == 5


def test_what_changed_without_showing_is_dressed_anew_once(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    for name in "AB":
        shop.edit(name, full)
    shop.approve(*"AB")
    shop.run("till")
    shop.edit("A", {"stock": "7"}, ERP)
    assert [(build.state, build.rendered) for build in (shop.run("till"), shop.run("till"))] == [
        ("unchanged", 1),
        ("unchanged", 0),
    ]


def test_another_link_renders_everything_anew(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    shop.run("google_nl")
    shop.define("google_nl", link="https://elsewhere.example/{identifier}")
    assert shop.run("google_nl").rendered == 1
    assert "elsewhere" in shop.world("google_nl")


LABELS = {
    "an attribute's label": {
        "attributes": {"brand": {"type": "text", "labels": {"nl_NL": "Merk"}}}
    },
    "a help text": {"attributes": {"brand": {"type": "text", "help": {"nl_NL": "Wie maakt het"}}}},
    "a family's label": {
        "families": {"goods": {**STRUCTURE["families"]["goods"], "labels": {"nl_NL": "Spullen"}}}
    },
    "a category's label": {
        "categories": {"shop": {"children": {"bikes": {"labels": {"nl_NL": "Rijwielen"}}}}}
    },
    "an option's label": {
        "attributes": {
            "color": {"type": "choice", "options": {"red": {"labels": {"nl_NL": "Vuurrood"}}}}
        }
    },
    "an option's label in another language": {
        "attributes": {
            "color": {
                "type": "choice",
                "options": {"red": {"labels": {**COLORS["red"]["labels"], "en_GB": "Scarlet"}}},
            }
        }
    },
}


@pytest.mark.parametrize(
    ("changed", "showing"),
    [
        ("an attribute's label", []),
        ("a help text", []),
        ("a family's label", []),
        ("a category's label", ["google_nl"]),
        ("an option's label", ["google_nl"]),
        ("an option's label in another language", []),
    ],
)
def test_a_corrected_label_renders_only_the_feeds_that_show_it_anew(
    shop: Any, full: dict[str, Any], changed: str, showing: list[str]
) -> None:
    """The Google feed lists category and colour by their labels; the till lists neither."""
    shop.define("google_nl", "till")
    shop.edit("A", full | {"color": "red"})
    shop.approve("A")
    for code in ("google_nl", "till"):
        shop.run(code)
    shop.apply(LABELS[changed])
    assert [code for code in ("google_nl", "till") if shop.run(code).rendered] == showing


def test_what_a_family_must_fill_decides_who_is_in_the_feed(
    shop: Any, full: dict[str, Any]
) -> None:
    """Where a feed takes only complete products; another one is not even rendered again."""
    shop.define("till", only_complete=True)
    shop.define("google_nl")
    shop.edit("A", full | {"brand": None})
    shop.edit("B", full)
    shop.approve("A", "B")
    for code in ("till", "google_nl"):
        shop.run(code)
    goods = {**STRUCTURE["families"]["goods"], "requirements": {"webshop": ["name", "brand"]}}
    shop.apply({"families": {"goods": goods}})
    for code, excluded, rendered in (("till", 1, 2), ("google_nl", 0, 0)):
        build = shop.run(code)
        assert (build.excluded, build.rendered) == (excluded, rendered)


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


def test_a_paused_feed_keeps_its_file_and_has_no_slots(shop: Any, full: dict[str, Any]) -> None:
    schedule = {"cron": "0 6 * * *", "zone": "Europe/Amsterdam"}
    shop.define("till", schedule=schedule)
    shop.edit("A", full)
    shop.approve("A")
    shop.run("till")
    with shop.database.writing() as session:
        service.pause(session, "till", shop.clock())
    shop.define("till", schedule=schedule)  # applying its definition does not start it again
    shop.clock.advance(days=2)
    with shop.database.writing() as session:
        assert schedules.tick(session, shop.clock()) == []
    assert "A" in shop.world("till")
    with shop.database.writing() as session:
        service.pause(session, "till", shop.clock(), paused=False)
    shop.clock.advance(days=1)
    with shop.database.writing() as session:
        assert len(schedules.tick(session, shop.clock())) == 1


def test_a_removed_feed_is_gone_with_its_builds_and_schedule(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till", "google_nl", schedule={"cron": "0 6 * * *", "zone": "UTC"})
    shop.edit("A", full)
    shop.approve("A")
    shop.run("till")
    with shop.database.writing() as session:
        service.remove(session, "till", shop.clock())
        assert [feed.code for feed in queries.feeds(session)] == ["google_nl"]
        assert queries.builds(session, "till") == []
        assert [one.code for one in schedules.every(session)] == ["feed:google_nl"]
    with pytest.raises(NotFound):
        shop.run("till")


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


def test_a_feed_that_is_not_there(shop: Any) -> None:
    with pytest.raises(NotFound):
        shop.run("bing")


def test_a_feed_whose_channel_went(shop: Any, full: dict[str, Any]) -> None:
    shop.define("wholesale")
    with shop.database.writing() as session:
        service.get(session, "wholesale").channel = "gone"
    with pytest.raises(Invalid, match="channel"):
        shop.run("wholesale")


def test_who_lost_the_lease_publishes_nothing(shop: Any, full: dict[str, Any]) -> None:
    class Lost(Exception):
        pass

    def guard(session: Session) -> None:
        raise Lost

    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    with pytest.raises(Lost):
        shop.run("google_nl", guard=guard)
    assert (shop.builds("google_nl"), shop.world("google_nl")) == ([], "")
    assert list(shop.folder.iterdir()) == []


def test_a_build_that_a_later_one_overtook_is_not_published(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")

    def meanwhile(done: int, total: int) -> None:
        shop.edit("A", {"price-EUR": "5.00"}, ERP)
        assert shop.run("google_nl").state == "published"

    assert shop.run("google_nl", step=meanwhile).state == "overtaken"
    assert "5.00" in shop.world("google_nl")
    with shop.database.reading() as session:
        assert queries.last_build(session, "google_nl").state == "overtaken"


def test_builds_are_forgotten_after_thirty_and_no_file_that_is_still_named(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("till")
    for number in range(KEEP):
        shop.edit("A", {"price-EUR": f"{number}.50"}, ERP)
        shop.run("till")
    builds = shop.builds("till")
    assert len(builds) == KEEP
    assert first.id not in {one.id for one in builds}
    assert not any(shop.storage.exists(key) for key in keys_of(first))
    shop.edit("A", {"price-EUR": "3.50"}, ERP)
    again = shop.run("till")
    fourth = builds[-4]
    assert (again.path, again.state) == (fourth.path, "published")
    for number in range(10):
        shop.edit("A", {"price-EUR": f"{number + 100}.50"}, ERP)
        shop.run("till")
    kept = shop.builds("till")
    assert fourth.id not in {one.id for one in kept}
    assert again.id in {one.id for one in kept}
    named = {key for one in kept for key in keys_of(one) if not key.endswith(".gz")}
    assert {one.key for one in shop.storage.list("feeds/")} == named


def test_runs_that_change_nothing_push_no_build_out(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    first = shop.run("till")
    shop.edit("A", {"price-EUR": "3.50"}, ERP)
    for _ in range(KEEP + 2):
        shop.run("till")
    builds = shop.builds("till")
    assert (len(builds), builds[-1].id) == (KEEP + 2, first.id)


def test_a_file_that_was_lost_is_written_again(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    build = shop.run("till")
    for key in keys_of(build):
        shop.storage.delete(key)
    assert shop.run("till").state == "unchanged"
    assert "749.00" in shop.world("till")


def test_a_file_that_was_damaged_is_not_copied_on(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    for name in ("A", "B"):
        shop.edit(name, full)
        shop.approve(name)
    build = shop.run("till")
    shop.storage.put(build.path, shop.storage.get(build.path).replace(b"749.00", b"149.00"))
    shop.edit("B", {"price-EUR": "99.00"})
    shop.run("till")
    assert "749.00" in shop.world("till")
    assert "149.00" not in shop.world("till")


def test_the_summary_has_the_promised_shape(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    build = shop.run("till")
    said = summary(build, shop.storage)
    assert {"feed", "state", "items", "excluded", "seconds", "path", "sha256"} <= said.keys()
    assert Path(said["path"]).read_bytes() == shop.storage.get(build.path)


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from media.storage import Storage
from pim.db import Database
from pim.feeds.run import run_feed

url, storage, folder, code = sys.argv[1:]
run_feed(Database(url), Storage(storage), Path(folder), code, "https://hub.example",
         lambda: datetime.now(UTC),
         guard=lambda session: os.kill(os.getpid(), 9))
"""


def test_killed_between_build_and_publication_the_old_one_stays(
    shop: Any, full: dict[str, Any]
) -> None:
    shop.define("till")
    shop.edit("A", full)
    shop.approve("A")
    shop.run("till")
    old = shop.world("till")
    shop.edit("A", {"price-EUR": "1.00"}, ERP)
    url = shop.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, Path(shop.storage.folder).as_uri(), str(shop.folder), "till"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], check=False, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert shop.world("till") == old
    assert [one.state for one in shop.builds("till")] == ["published"]
    assert shop.run("till").state == "published"
    assert "1.00" in shop.world("till")
