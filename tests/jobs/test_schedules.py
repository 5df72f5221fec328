"""When the slots are, through both changes of the clocks, and that each is queued once."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from pim.db import Database
from pim.errors import Invalid
from pim.jobs import schedules
from pim.jobs.models import Job

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def slots(cron, start, count, zone="Europe/Amsterdam"):
    """The next slots as the clocks of the zone show them, with the offset that tells the two hours
    of autumn apart.
    """
    moment, found = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)), []
    for _ in range(count):
        moment = schedules.next_slot(cron, zone, moment)
        assert moment.tzinfo is UTC
        found.append(moment.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M %z"))
    return found


@pytest.mark.parametrize(
    ("cron", "start", "expected"),
    [
        # ordinary days
        ("0 6 * * 1-5", "2026-11-20 06:00", ["11-23 06:00 +0100", "11-24 06:00 +0100"]),
        ("*/30 * * * *", "2026-11-22 11:59:59", ["11-22 12:00 +0100", "11-22 12:30 +0100"]),
        ("15 8,20 1 * *", "2026-11-22 00:00", ["12-01 08:15 +0100", "12-01 20:15 +0100"]),
        # 29 March 2026, 02:00 -> 03:00: what the clocks skip comes at the end of the gap, once
        ("30 2 * * *", "2026-03-28 02:30", ["03-29 03:00 +0200", "03-30 02:30 +0200"]),
        ("*/30 2 * * *", "2026-03-28 02:30", ["03-29 03:00 +0200", "03-30 02:00 +0200"]),
        (
            "*/30 1-3 * * *",
            "2026-03-29 01:00",
            ["03-29 01:30 +0100", "03-29 03:00 +0200", "03-29 03:30 +0200", "03-30 01:00 +0200"],
        ),
        ("0 */2 * * *", "2026-03-29 00:00", ["03-29 03:00 +0200", "03-29 04:00 +0200"]),
        (
            "*/30 * * * *",
            "2026-03-29 01:00",
            ["03-29 01:30 +0100", "03-29 03:00 +0200", "03-29 03:30 +0200"],
        ),
        # 25 October 2026, 03:00 -> 02:00: what the clocks show twice comes the first time only
        ("30 2 * * *", "2026-10-24 02:30", ["10-25 02:30 +0200", "10-26 02:30 +0100"]),
        (
            "*/30 2 * * *",
            "2026-10-25 00:00",
            ["10-25 02:00 +0200", "10-25 02:30 +0200", "10-26 02:00 +0100"],
        ),
        # ... but every half hour is every half hour
        (
            "*/30 * * * *",
            "2026-10-25 02:00",
            ["10-25 02:30 +0200", "10-25 02:00 +0100", "10-25 02:30 +0100", "10-25 03:00 +0100"],
        ),
        (
            "5 * * * *",
            "2026-10-25 02:00",
            ["10-25 02:05 +0200", "10-25 02:05 +0100", "10-25 03:05 +0100"],
        ),
    ],
)
def test_slots_follow_the_clocks_of_the_zone(cron, start, expected):
    assert slots(cron, start, len(expected)) == expected


def test_a_slot_is_always_later_even_in_the_second_hour_of_autumn():
    second_time = datetime(2026, 10, 25, 2, 15, tzinfo=AMSTERDAM, fold=1)
    upcoming = schedules.next_slot("30 2 * * *", "Europe/Amsterdam", second_time)
    assert upcoming == datetime(2026, 10, 26, 2, 30, tzinfo=AMSTERDAM)


def test_two_years_of_a_nightly_slot_have_one_run_a_day():
    moment, days = datetime(2026, 1, 1, tzinfo=AMSTERDAM).astimezone(UTC), []
    for _ in range(730):
        moment = schedules.next_slot("30 2 * * *", "Europe/Amsterdam", moment)
        days.append(moment.astimezone(AMSTERDAM).date())
    assert days == [days[0] + timedelta(days=number) for number in range(730)]


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "often",
        "* * * *",
        "0 0 6 * * *",
        "60 * * * *",
        "0 0 30 2 *",
        "0 0 31 2,4 *",
        "* * * * * *",
        "*/0 * * * *",
        "5-1 * * * *",
    ],
)
def test_a_schedule_that_cannot_be_read_is_refused(cron):
    with pytest.raises(Invalid) as refusal:
        schedules.next_slot(cron, "Europe/Amsterdam", datetime(2026, 1, 1, tzinfo=UTC))
    assert list(refusal.value.messages) == ["cron"]


@pytest.mark.parametrize(
    "zone", ["", "Amsterdam", "/etc/passwd", "../../etc/passwd", "Europe/Nowhere", "x" * 300]
)
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(Invalid) as refusal:
        schedules.next_slot("0 6 * * *", zone, datetime(2026, 1, 1, tzinfo=UTC))
    assert list(refusal.value.messages) == ["zone"]


def plan(database, clock, code="google_nl", cron="*/30 * * * *", **more):
    with database.writing() as session:
        return schedules.plan(
            session, code, "feed", {"feed": code}, cron, "Europe/Amsterdam", clock(), **more
        ).next_at


def tick(database, now):
    with database.writing() as session:
        return [job.slot for job in schedules.tick(session, now)]


def test_a_due_slot_becomes_one_job(database: Database, clock):
    plan(database, clock)
    assert tick(database, clock()) == []
    clock.advance(minutes=30)
    assert tick(database, clock()) == ["google_nl@2026-11-22T12:30:00+00:00"]
    assert tick(database, clock()) == []
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
        assert (job.kind, job.args, job.requested_by) == (
            "feed",
            {"feed": "google_nl"},
            "schedule google_nl",
        )


def test_after_a_downtime_one_job_catches_up(database: Database, clock):
    plan(database, clock)
    clock.advance(days=3, minutes=7)
    assert tick(database, clock()) == ["google_nl@2026-11-22T12:30:00+00:00"]
    assert tick(database, clock()) == []
    clock.advance(minutes=23)
    assert tick(database, clock()) == ["google_nl@2026-11-25T12:30:00+00:00"]


def test_a_clock_that_goes_back_queues_nothing_twice(database: Database, clock):
    plan(database, clock)
    clock.advance(minutes=31)
    assert len(tick(database, clock())) == 1
    clock.advance(minutes=-20)
    plan(
        database, clock, cron="0,30 * * * *"
    )  # the times are written differently: the next slot is 12:30 again
    clock.advance(minutes=20)
    tick(database, clock())
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_planning_the_same_again_skips_nothing_and_other_times_take_over(database: Database, clock):
    first = plan(database, clock)
    clock.advance(minutes=45)
    assert plan(database, clock) == first
    assert plan(database, clock, cron="0 6 * * *") == datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_a_schedule_that_is_off_queues_nothing_and_does_not_catch_up_later(
    database: Database, clock
):
    plan(database, clock, enabled=False)
    clock.advance(hours=2)
    assert tick(database, clock()) == []
    assert plan(database, clock) == clock() + timedelta(minutes=30)
    with database.writing() as session:
        schedules.unplan(session, "google_nl")
        schedules.unplan(session, "never_was")
    clock.advance(hours=2)
    assert tick(database, clock()) == []


def test_two_schedulers_and_two_hundred_slots_make_two_hundred_jobs(database: Database, clock):
    codes = [f"feed_{number}" for number in range(10)]
    for code in codes:
        plan(database, clock, code, "* * * * *")
    moments = [clock() + timedelta(minutes=number) for number in range(1, 21)]
    barrier = threading.Barrier(2)

    def schedule():
        for moment in moments:
            barrier.wait()
            tick(database, moment)

    threads = [threading.Thread(target=schedule) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # What one scheduler skipped because the other one looked at it is caught up by the next tick.
    for moment in moments:
        tick(database, moment)
    with database.reading() as session:
        found = session.scalars(select(Job.slot)).all()
    assert len(found) == 200
    assert set(found) == {f"{code}@{moment.isoformat()}" for code in codes for moment in moments}
