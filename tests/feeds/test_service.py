"""Feeds as definitions, and their secret addresses."""

import hmac
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from pim import audit
from pim.errors import Invalid, NotFound
from pim.feeds import queries, service
from pim.feeds.models import Feed
from pim.jobs.models import Schedule

KEY = "k" * 40
GOOD = {
    "label": "Till",
    "exporter": "tryton_pos",
    "channel": "webshop",
    "locale": "nl_NL",
    "currency": "EUR",
}


def define(shop: Any, **definition: Any) -> Feed:
    with shop.database.writing() as session:
        return service.define(session, "till", definition, shop.clock())


def feeds(shop: Any) -> list[Feed]:
    with shop.database.reading() as session:
        return list(queries.feeds(session))


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"channel": "shop"}, ["channel"]),
        ({"locale": "en_GB"}, ["locale"]),
        ({"locale": "fr_FR", "currency": "USD"}, ["currency", "locale"]),
        ({"exporter": "bing"}, ["exporter"]),
        ({"label": None}, ["label"]),
        ({"label": " \u200b"}, ["label"]),
        ({"label": "Kassa\n2"}, ["label"]),
        ({"label": "x" * 256}, ["label"]),
        ({"colour": "red"}, ["colour"]),
        ({"options": {"colour": "red", "unit": ""}}, ["options.colour"]),
        ({"options": {"type": "food"}}, ["options.type"]),
        ({"options": []}, ["options"]),
        ({"pictures": "huge"}, ["pictures"]),
        ({"link": "https://shop.example/{sku}"}, ["link"]),
        ({"link": "shop.example/{identifier}"}, ["link"]),
        ({"link": "https://shop.example/{identifier"}, ["link"]),
        (
            {"mapping": {"name": {"from": ["title"]}, "colour": {"from": ["name"]}}},
            ["mapping.colour", "mapping.name"],
        ),
        ({"mapping": {"name": {"from": ["name"], "do": [{"shout": 1}]}}}, ["mapping.name"]),
        ({"mapping": {"name": {"from": ["name-fr_FR"]}}}, ["mapping.name"]),
        ({"options": {"type": "food"}, "mapping": {"name": {}}}, ["mapping.name", "options.type"]),
        (
            {"channel": "shop", "mapping": {"colour": {"from": ["name"]}}},
            ["channel", "mapping.colour"],
        ),
        (
            {"locale": "fr_FR", "currency": "USD", "mapping": {"name": {"from": ["title"]}}},
            ["currency", "locale", "mapping.name"],
        ),
        (
            {"label": None, "link": "x", "schedule": {"cron": "* *"}, "mapping": {"name": {}}},
            ["cron", "label", "link", "mapping.name"],
        ),
        ({"label": "a\nb", "exporter": "bing", "hue": 1}, ["exporter", "hue", "label"]),
        ({"schedule": {"cron": "* * *"}}, ["cron"]),
        ({"schedule": {"zone": "UTC"}}, ["schedule.cron"]),
        ({"schedule": {"cron": "5 * * * *", "zone": "Europe/Utrecht"}}, ["zone"]),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(
    shop: Any, change: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        define(shop, **GOOD | change)
    assert sorted(refused.value.messages) == paths
    assert feeds(shop) == []


def test_a_refused_change_leaves_the_feed_as_it_was(shop: Any) -> None:
    define(shop, **GOOD)
    with shop.database.writing() as session, pytest.raises(Invalid):
        service.define(session, "till", GOOD | {"label": "Other", "channel": "shop"}, shop.clock())
    assert [(one.label, one.channel) for one in feeds(shop)] == [("Till", "webshop")]


def test_a_change_keeps_the_address(shop: Any) -> None:
    before = service.token_of(define(shop, **GOOD), KEY)
    assert service.token_of(define(shop, **GOOD | {"label": "Kasse"}), KEY) == before
    assert [one.label for one in feeds(shop)] == ["Kasse"]


def test_a_code_is_a_code(shop: Any) -> None:
    with shop.database.writing() as session, pytest.raises(Invalid, match="not a code"):
        service.define(session, "my/feed", GOOD, shop.clock())


def test_a_schedule_comes_and_goes_with_the_definition(shop: Any) -> None:
    def planned() -> list[tuple[str, str, str]]:
        with shop.database.reading() as session:
            return [(one.code, one.cron, one.zone) for one in session.scalars(select(Schedule))]

    define(shop, **GOOD, schedule={"cron": "5 * * * *", "zone": "Europe/Amsterdam"})
    assert planned() == [("feed:till", "5 * * * *", "Europe/Amsterdam")]
    define(shop, **GOOD)
    assert planned() == []


def test_only_the_feeds_own_token_opens_it(shop: Any) -> None:
    feed = define(shop, **GOOD)
    token = service.token_of(feed, KEY)
    assert len(token) * 4 == 128
    assert service.opens(feed, token, KEY)
    for wrong in (
        "",
        token[:-1],
        token.upper(),
        token + "0",
        "é" * 32,
        service.token_of(feed, "other key"),
    ):
        assert not service.opens(feed, wrong, KEY)
    with shop.database.writing() as session:
        other = service.define(session, "second", GOOD, shop.clock())
    assert not service.opens(other, token, KEY)


def test_tokens_are_compared_in_constant_time(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    feed, seen = define(shop, **GOOD), []
    monkeypatch.setattr(
        hmac, "compare_digest", lambda one, two: seen.append((one, two)) or one == two
    )
    assert service.opens(feed, service.token_of(feed, KEY), KEY)
    assert len(seen) == 1


def test_rotating_makes_the_old_address_worthless(shop: Any) -> None:
    old = service.token_of(define(shop, **GOOD), KEY)
    with shop.database.writing() as session:
        feed = service.rotate(session, "till", shop.clock())
    assert not service.opens(feed, old, KEY)
    assert service.opens(feed, service.token_of(feed, KEY), KEY)
    with shop.database.writing() as session, pytest.raises(NotFound):
        service.rotate(session, "bing", shop.clock())


def test_the_audit_log_says_who_changed_a_feed_and_how(shop: Any) -> None:
    define(shop, **GOOD, schedule={"cron": "0 6 * * *", "zone": "UTC"})
    define(shop, **GOOD)
    with shop.database.writing() as session:
        changed = GOOD | {"label": "Tills"}
        service.define(session, "till", changed, shop.clock(), by="ann@example.org")
        service.rotate(session, "till", shop.clock(), by="ann@example.org")
        session.flush()
        entries = audit.entries(session, kind="feed", code="till", limit=9)
        nonce = service.get(session, "till").nonce
    schedule = {"schedule": {"cron": "0 6 * * *", "zone": "UTC"}}
    assert [(one.verb, one.by, one.old, one.new) for one in entries] == [
        ("changed", "ann@example.org", {}, {"address": "new"}),
        ("changed", "ann@example.org", {"label": "Till"}, {"label": "Tills"}),
        ("changed", "Etalage", schedule, {}),
        ("added", "Etalage", {}, GOOD | schedule),
    ]
    assert nonce not in repr([one.new for one in entries])


def test_a_copy_of_the_database_opens_no_feed(shop: Any) -> None:
    feed = define(shop, **GOOD)
    token = service.token_of(feed, KEY)
    everything = MetaData()
    everything.reflect(shop.database.engine, only=["feed", "feed_build", "schedule", "job"])
    with shop.database.reading() as session:
        rows = [
            str(row)
            for table in everything.tables.values()
            for row in session.execute(select(table))
        ]
    assert any(feed.nonce in row for row in rows)
    assert not any(token in row or KEY in row for row in rows)


def test_the_address(shop: Any) -> None:
    feed = define(shop, **GOOD)
    assert (
        service.url_of(feed, "https://hub.example", KEY)
        == f"https://hub.example/f/till/{service.token_of(feed, KEY)}.csv"
    )


@pytest.mark.parametrize(
    "definition",
    [
        GOOD,
        GOOD
        | {
            "link": "https://shop.example/{identifier}",
            "options": {"unit": "Stuk"},
            "mapping": {"name": {"from": ["name"], "do": ["trim"]}},
            "schedule": {"cron": "5 * * * *", "zone": "Europe/Amsterdam"},
        },
    ],
)
def test_a_definition_goes_out_as_it_came_in(shop: Any, definition: dict[str, Any]) -> None:
    feed = define(shop, **definition)
    with shop.database.reading() as session:
        assert service.definition_of(session, feed) == definition
