"""What is published is brought to the feed's targets: once, until it is there, under one id."""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pim import logs
from pim.config import Settings
from pim.deliveries import queries, secrets, service
from pim.deliveries.models import Delivery, DeliverySecret
from pim.deliveries.targets import read_target
from pim.errors import Conflict, Invalid, Text
from pim.feeds import editing
from pim.feeds import service as feeds
from pim.feeds.delivering import send_now, target_of, vault_of
from pim.feeds.delivery_jobs import TRY_TARGET, TargetArguments
from pim.feeds.models import FeedBuild
from pim.job_kinds import handlers, tidy
from pim.jobs.models import Job
from pim.jobs.runner import Runner
from pim.outbox import OutboxRow
from tests.deliveries.servers import HOST, PASSWORD, USER, RunningServer, sftp_server
from tests.feeds.conftest import ERP

FEED = "google_nl"
NAME = "google_nl.xml"


class Partner:
    """A shop whose feed is brought to an SFTP server, and the hub's worker."""

    def __init__(self, shop: Any, server: RunningServer, home: Path) -> None:
        self.shop, self.server = shop, server
        self.settings = Settings(
            home=home,
            database_url="",
            storage_url="",
            broker_url="",
            base_url="https://hub.example",
            secret_key="k" * 40,
            workers=0,
            host="",
            port=0,
            allowed_networks=(ip_network("127.0.0.0/8"),),
            delivery_folder=str(home / "delivered"),
        )
        self.target: dict[str, Any] = {
            "kind": "sftp",
            "host": HOST,
            "port": server.port,
            "user": USER,
            "host_key": server.public,
        }

    def define(self, password: str = PASSWORD, **changes: Any) -> None:
        """Define the feed with this target, and keep its password."""
        self.shop.define(FEED, deliveries={"noord": self.target | changes})
        self.keep(password)

    def keep(self, password: str) -> None:
        with self.shop.database.writing() as session:
            target = target_of(feeds.get(session, FEED), "noord")
            secrets.keep(session, vault_of(self.settings), FEED, target, password)

    def build(self, price: str) -> FeedBuild:
        self.shop.edit("A", {"price-EUR": price}, ERP)
        build: FeedBuild = self.shop.run(FEED)
        return build

    def work(self) -> None:
        """Run what is due."""
        database, clock = self.shop.database, self.shop.clock
        running = handlers(self.settings, self.shop.storage)
        Runner(database, running, clock=clock, tidy=tidy).run_until_idle()

    def log(self) -> list[Delivery]:
        """The newest first."""
        with self.shop.database.reading() as session:
            return list(queries.deliveries(session, FEED))

    def states(self) -> list[str]:
        return [one.state for one in self.log()]

    def told(self) -> list[str]:
        """What the outbox was told of deliveries."""
        with self.shop.database.reading() as session:
            rows = session.scalars(select(OutboxRow.kind).order_by(OutboxRow.id))
            return [kind for kind in rows if kind.startswith("delivery")]

    def arrived(self) -> str:
        return (self.server.file(NAME) or b"").decode()


@pytest.fixture
def partner(shop: Any, full: dict[str, Any], tmp_path: Path) -> Iterator[Partner]:
    shop.edit("A", full)
    shop.approve("A")
    with sftp_server(tmp_path / "sftp") as server:
        made = Partner(shop, server, tmp_path / "home")
        made.settings.home.mkdir()
        made.define()
        yield made


def test_a_published_build_is_delivered_with_a_receipt(partner: Partner) -> None:
    build = partner.build("10.00")
    assert partner.states() == ["waiting"]
    partner.work()
    (receipt,) = partner.log()
    assert partner.arrived() == partner.shop.world(FEED)
    assert (receipt.state, receipt.attempts, receipt.name) == ("delivered", 1, NAME)
    assert (receipt.sha256, receipt.size) == (build.sha256, build.size)
    assert receipt.finished == partner.shop.clock()
    partner.work()
    assert partner.states() == ["delivered"]


def test_the_same_file_is_not_delivered_twice(partner: Partner) -> None:
    partner.build("10.00")
    partner.work()
    assert partner.shop.run(FEED).state == "unchanged"
    partner.work()
    assert partner.states() == ["delivered"]


def test_a_held_build_is_delivered_when_somebody_releases_it(
    partner: Partner, full: dict[str, Any]
) -> None:
    for name in ("B", "C", "D"):
        partner.shop.edit(name, full)
    partner.shop.approve("B", "C", "D")
    partner.build("10.00")
    partner.work()
    before = partner.arrived()
    for name in ("B", "C"):
        partner.shop.edit(name, {"enabled": False})
    held = partner.shop.run(FEED)
    assert held.state == "held"
    partner.work()
    assert partner.arrived() == before
    with partner.shop.database.writing() as session:
        feeds.release(session, held.id, "Sold out.", partner.shop.clock())
    partner.work()
    assert partner.arrived() == partner.shop.world(FEED) != before


def test_what_somebody_goes_back_to_is_delivered_as_another_delivery(partner: Partner) -> None:
    first = partner.build("10.00")
    partner.work()
    partner.build("20.00")
    partner.work()
    assert "20.00" in partner.arrived()
    with partner.shop.database.writing() as session:
        feeds.release(session, first.id, "Wrong price.", partner.shop.clock())
    partner.work()
    assert "10.00" in partner.arrived()
    again, _, once = partner.log()
    assert again.sha256 == once.sha256
    assert again.key != once.key


def test_a_newer_file_takes_the_place_of_one_that_waits(partner: Partner) -> None:
    partner.build("10.00")
    partner.build("20.00")
    assert partner.states() == ["waiting", "replaced"]
    partner.work()
    assert partner.states() == ["delivered", "replaced"]
    assert "20.00" in partner.arrived()


def test_a_server_that_is_full_is_tried_again_under_the_same_id(partner: Partner) -> None:
    partner.server.faults.room = 100
    partner.build("10.00")
    partner.work()
    (waiting,) = partner.log()
    now = partner.shop.clock()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert "perhaps it is full" in str(waiting.error)
    assert waiting.next_at is not None
    assert 48 <= (waiting.next_at - now).total_seconds() <= 72
    partner.work()
    assert partner.log()[0].attempts == 1
    partner.server.faults.room = None
    partner.shop.clock.advance(minutes=2)
    partner.work()
    (receipt,) = partner.log()
    assert (receipt.state, receipt.attempts, receipt.key) == ("delivered", 2, waiting.key)
    assert receipt.error is None
    assert partner.told() == []


def test_after_the_last_attempt_it_is_told_once_and_again_when_it_works(partner: Partner) -> None:
    partner.server.faults.room = 100
    partner.build("10.00")
    for _ in range(service.MOST_ATTEMPTS):
        partner.work()
        partner.shop.clock.advance(hours=4)
    (failed,) = partner.log()
    assert (failed.state, failed.attempts) == ("failed", service.MOST_ATTEMPTS)
    assert partner.told() == [service.FAILING]
    partner.define("wrong")
    partner.build("20.00")
    partner.work()
    assert partner.states() == ["failed", "failed"]
    assert partner.told() == [service.FAILING]
    partner.server.faults.room = None
    partner.keep(PASSWORD)
    with partner.shop.database.writing() as session:
        last = queries.last_delivery(session, FEED, "noord")
        assert last is not None
        service.try_again(session, last, partner.shop.clock(), "anna@example.com")
    partner.work()
    assert partner.states() == ["delivered", "failed"]
    assert partner.told() == [service.FAILING, service.RECOVERED]
    partner.build("30.00")
    partner.work()
    assert partner.told() == [service.FAILING, service.RECOVERED]


def test_a_wrong_password_is_no_reason_to_knock_again(partner: Partner) -> None:
    partner.define("not-this-one")
    partner.build("10.00")
    partner.work()
    (failed,) = partner.log()
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert "type the password" in str(failed.error)
    partner.define()
    assert partner.shop.run(FEED).state == "unchanged"
    partner.work()
    assert partner.states() == ["failed"]  # partners lock who knocks at every build
    partner.shop.clock.advance(hours=1)
    assert partner.shop.run(FEED).state == "unchanged"
    partner.work()
    (receipt,) = partner.log()
    assert (receipt.state, receipt.key) == ("delivered", failed.key)


def test_a_password_is_not_sent_to_another_server(partner: Partner, tmp_path: Path) -> None:
    partner.build("10.00")
    partner.work()
    with sftp_server(tmp_path / "elsewhere") as other:
        changed = {"port": other.port, "host_key": other.public}
        partner.shop.define(FEED, deliveries={"noord": partner.target | changed})
        partner.build("20.00")
        partner.work()
        assert "No password" in str(partner.log()[0].error)
        assert other.names() == []


def test_a_target_that_is_removed_gets_nothing_and_its_password_is_forgotten(
    partner: Partner,
) -> None:
    partner.build("10.00")
    partner.shop.define(FEED, deliveries={})
    partner.work()
    assert partner.states() == ["replaced"]
    assert partner.server.names() == []
    with partner.shop.database.reading() as session:
        assert session.scalars(select(DeliverySecret)).all() == []


def test_a_paused_target_gets_nothing_by_itself_and_what_somebody_sends(partner: Partner) -> None:
    partner.define(paused=True)
    partner.build("10.00")
    assert partner.states() == []
    with partner.shop.database.writing() as session:
        feed = feeds.get(session, FEED)
        send_now(session, feed, "noord", partner.shop.clock(), "anna@example.com")
    partner.work()
    assert partner.arrived() == partner.shop.world(FEED)


def test_a_file_that_is_sent_once_more_is_another_delivery(partner: Partner) -> None:
    partner.build("10.00")
    partner.work()
    for path in partner.server.folder.iterdir():
        path.unlink()
    with partner.shop.database.writing() as session:
        feed = feeds.get(session, FEED)
        send_now(session, feed, "noord", partner.shop.clock(), "anna@example.com")
    partner.work()
    again, once = partner.log()
    assert partner.arrived() == partner.shop.world(FEED)
    assert again.key != once.key


def test_a_file_that_a_disk_damaged_is_not_delivered(partner: Partner) -> None:
    build = partner.build("10.00")
    partner.shop.storage.put(build.path, b"damaged")
    partner.work()
    assert "damaged" in str(partner.log()[0].error)
    assert partner.server.names() == []


def test_a_delivery_that_somebody_stops_has_failed_and_says_so(partner: Partner) -> None:
    partner.build("10.00")
    with partner.shop.database.writing() as session:
        job = session.scalars(select(Job).where(Job.kind == service.DELIVER)).one()
        service.jobs.cancel(session, job.id, partner.shop.clock())
    partner.work()
    assert partner.states() == ["failed"]
    assert "stopped" in str(partner.log()[0].error)


def test_a_feed_can_be_removed_with_all_that_was_delivered(partner: Partner) -> None:
    partner.build("10.00")
    partner.work()
    with partner.shop.database.writing() as session:
        feeds.remove(session, FEED, partner.shop.clock())
    assert partner.log() == []


def test_a_connection_is_tried_by_a_job(partner: Partner) -> None:
    partner.shop.define(FEED, deliveries={"noord": partner.target | {"host_key": ""}})
    partner.keep(PASSWORD)
    tried = _tried(partner)
    assert tried["works"] is False
    assert tried["host_key"] == " ".join(partner.server.public.split()[:2])
    partner.define(host_key=tried["host_key"])
    tried = _tried(partner)
    assert tried["works"] is True
    assert "lets us in" in str(Text.read(tried["said"]))
    assert partner.server.names() == []


def _tried(partner: Partner) -> dict[str, Any]:
    with partner.shop.database.writing() as session:
        arguments = TargetArguments(FEED, "noord")
        number = TRY_TARGET.enqueue(session, arguments, partner.shop.clock()).id
    partner.work()
    with partner.shop.database.reading() as session:
        job = session.get(Job, number)
        assert job is not None
        result: dict[str, Any] = job.result
        return result


def test_a_definition_names_all_that_is_wrong_with_its_targets(shop: Any) -> None:
    wrong = {
        "a": {"kind": "pigeon"},
        "b": {"kind": "sftp", "host": "not a host", "user": "x", "port": 0},
        "c": {"kind": "folder", "folder": "../up", "password": "p"},
        "d": {"kind": "ftp", "host": "ftp.example.com", "user": "x", "name": "../{feed}.xml"},
        "e": {"kind": "http", "url": "https://anna:pw@example.com/in"},
    }
    with pytest.raises(Invalid) as caught:
        shop.define(FEED, deliveries=wrong)
    assert set(caught.value.messages) == {
        "deliveries.a.kind",
        "deliveries.b.host",
        "deliveries.b.port",
        "deliveries.c.folder",
        "deliveries.c.password",
        "deliveries.d.name",
        "deliveries.e.url",
    }


def test_a_definition_comes_back_as_it_was_given_and_a_copy_has_no_targets(
    partner: Partner,
) -> None:
    with partner.shop.database.writing() as session:
        feed = feeds.get(session, FEED)
        assert feeds.definition_of(session, feed)["deliveries"] == {"noord": partner.target}
        copied = editing.copy(session, FEED, "Second", partner.shop.clock(), by="anna@example.com")
        assert copied.deliveries == {}


def test_names_of_files_are_filled_in(shop: Any) -> None:
    name = "{feed}-{date}-{time}-{hash}.{extension}"
    target = read_target("noord", {"kind": "folder", "name": name})
    digest = sha256(b"").hexdigest()
    named = target.file_name(FEED, "feeds/google_nl/abc.xml", shop.clock(), digest)
    assert named == "google_nl-2026-11-22-120000-e3b0c44298fc.xml"


@pytest.fixture
def log() -> StringIO:
    stream = StringIO()
    logs.configure(stream, 10)
    return stream


def test_a_password_stands_nowhere(partner: Partner, log: StringIO) -> None:
    """Not in the database, the log, a definition or the result of a job; and its key is closed."""
    partner.build("10.00")
    partner.work()
    partner.define("another-canary")
    partner.build("20.00")
    partner.work()
    shop = partner.shop
    with shop.database.reading() as session:
        rows = [
            str({column.name: getattr(row, column.key) for column in table.__table__.columns})
            for table in (Job, Delivery, DeliverySecret, OutboxRow)
            for row in session.scalars(select(table))
        ]
        definition = feeds.definition_of(session, feeds.get(session, FEED))
    said = "".join([*rows, str(definition), log.getvalue(), repr(partner.settings)])
    assert len(rows) > 4
    for canary in (PASSWORD, "another-canary"):
        assert canary not in said
    key = partner.settings.home / "delivery.key"
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
    assert key.read_text() not in said


def test_who_lost_the_key_is_asked_for_the_password_again(partner: Partner) -> None:
    (partner.settings.home / "delivery.key").unlink()
    partner.build("10.00")
    partner.work()
    assert "delivery.key" in str(partner.log()[0].error)
    with partner.shop.database.reading() as session:
        target = target_of(feeds.get(session, FEED), "noord")
        with pytest.raises(Conflict):
            secrets.use(session, vault_of(partner.settings), FEED, target)
