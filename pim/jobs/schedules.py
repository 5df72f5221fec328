"""Jobs that come back: when the next slot is (pure), and putting due slots into the queue."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.errors import Invalid, text
from pim.jobs import service
from pim.jobs.models import Job, Schedule


def next_slot(cron: str, zone: str, after: datetime) -> datetime:
    """The first slot strictly after a moment, in UTC. :class:`Invalid` (keys ``cron``, ``zone``)
    for what can never be read.

    With ``*`` for the hour the slots follow real time. Otherwise they follow the clocks of the
    zone: a time that the clocks skip in spring is the next one that exists, a time that they show
    twice in autumn counts the first time.
    """
    place = _zone(zone)
    try:
        return next(slot for slot in _slots(cron, place, after) if slot > after)
    except (CronSimError, StopIteration):
        complaint = text(
            "“%(cron)s” is not a schedule: five cron fields are expected, such as 0 6 * * 1-5.",
            cron=cron,
        )
        raise Invalid({"cron": [complaint]}) from None


def _slots(cron: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    fields = cron.split()
    if len(fields) != 5:
        raise CronSimError
    local = after.astimezone(zone)
    if fields[1] == "*":
        return (slot.astimezone(UTC) for slot in CronSim(cron, local))
    return (_existing(naive, zone) for naive in CronSim(cron, local.replace(tzinfo=None)))


def _existing(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks of the zone first show this, or the end of the gap in which
    they never do.
    """
    while True:
        moment = naive.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == naive:
            return moment
        naive += timedelta(minutes=1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Invalid(
            {
                "zone": [
                    text(
                        "“%(zone)s” is not a time zone; an example is Europe/Amsterdam.", zone=name
                    )
                ]
            }
        ) from None


def get(session: Session, code: str) -> Schedule | None:
    return session.scalar(select(Schedule).where(Schedule.code == code))


def every(session: Session) -> Sequence[Schedule]:
    """All schedules, the next to come first."""
    return session.scalars(select(Schedule).order_by(Schedule.next_at, Schedule.code)).all()


def plan(
    session: Session,
    code: str,
    kind: str,
    args: Mapping[str, Any],
    cron: str,
    zone: str,
    now: datetime,
    enabled: bool = True,
) -> Schedule:
    """Create a schedule or change the one with this code; :class:`Invalid` (keys ``cron``,
    ``zone``).

    The next slot is kept unless the times change or the schedule is switched on again: planning the
    same twice skips nothing.
    """
    upcoming = next_slot(cron, zone, now)
    schedule = session.scalar(select(Schedule).where(Schedule.code == code).with_for_update())
    if schedule is None:
        schedule = Schedule(code=code, cron=cron, zone=zone, enabled=enabled, next_at=upcoming)
        session.add(schedule)
    elif (schedule.cron, schedule.zone) != (cron, zone) or (enabled and not schedule.enabled):
        schedule.next_at = upcoming
    schedule.kind, schedule.args, schedule.cron, schedule.zone, schedule.enabled = (
        kind,
        dict(args),
        cron,
        zone,
        enabled,
    )
    session.flush()
    return schedule


def unplan(session: Session, code: str) -> None:
    """Forget a schedule; jobs it queued stay. Nothing happens where there is none."""
    schedule = get(session, code)
    if schedule is not None:
        session.delete(schedule)


def is_due(session: Session, now: datetime) -> bool:
    """Is there a slot to queue? A read, so that an idle scheduler never takes the write lock."""
    return (
        session.scalar(
            select(Schedule.id).where(Schedule.enabled, Schedule.next_at <= now).limit(1)
        )
        is not None
    )


def tick(session: Session, now: datetime) -> list[Job]:
    """Queue every due slot once and move each schedule to its next slot after ``now``: after a
    downtime one job catches up, not a hundred.

    Any number of schedulers may do this at once: a schedule that another one looks at is skipped,
    and the slot is unique in the queue.
    """
    query = (
        select(Schedule).where(Schedule.enabled, Schedule.next_at <= now).order_by(Schedule.next_at)
    )
    return [
        _queue(session, schedule, now)
        for schedule in session.scalars(query.with_for_update(skip_locked=True))
    ]


def _queue(session: Session, schedule: Schedule, now: datetime) -> Job:
    slot = f"{schedule.code}@{schedule.next_at.isoformat()}"
    schedule.next_at = next_slot(schedule.cron, schedule.zone, now)
    return service.enqueue(
        session,
        schedule.kind,
        schedule.args,
        now,
        slot=slot,
        by=f"schedule {schedule.code}",
        subject=schedule.code,
    )
