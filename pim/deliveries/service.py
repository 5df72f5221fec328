"""Ordering deliveries, and writing down what became of them. Every function works inside the
caller's transaction and never commits.

An attempt is a job; the next one is another job, later. So a delivery waits in the database, and
whoever dies on the way leaves it there for the next worker.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pim.accounts.principals import THE_PROGRAM
from pim.deliveries import queries
from pim.deliveries import secrets as secrets_of_targets
from pim.deliveries.models import (
    DELIVERED,
    FAILED,
    REPLACED,
    WAITING,
    Delivery,
    DeliverySecret,
)
from pim.deliveries.targets import DeliveryTarget
from pim.errors import Conflict, NotFound, Text, text
from pim.jobs import service as jobs
from pim.jobs.models import ACTIVE, Job
from pim.outbox import OutboxEvent, record

DELIVER = "deliver"
"""The kind of the jobs."""
PAUSES = (1, 5, 15, 60, 180)
"""Minutes between attempts; after the one behind the last pause a delivery has failed."""
MOST_ATTEMPTS = len(PAUSES) + 1
KNOCK_AGAIN = timedelta(hours=1)
"""How long nothing is tried after a failure that only somebody can mend."""
FAILING, RECOVERED = "delivery_failing", "delivery_recovered"
"""Told to the outbox when a target changes from one to the other, not at every delivery."""


@dataclass(frozen=True)
class PublishedFile:
    """What is to be delivered: the file of a build, which never changes."""

    feed: str
    build: int
    sha256: str
    path: str
    media_type: str
    size: int
    finished: datetime


def order(
    session: Session,
    file: PublishedFile,
    targets: Iterable[DeliveryTarget],
    now: datetime,
    by: str = THE_PROGRAM.name,
) -> None:
    """Have a file brought to each target that has another one, or failed to get this one. Where the
    last one failed for good, as by a wrong password, an hour passes before anything is tried again,
    however often the feed is built: partners lock who knocks too often.
    """
    for target in targets:
        if target.paused:
            continue
        last = queries.last_delivery(session, file.feed, target.code)
        at = now if last is None else max(now, _not_before(last))
        if last is None or last.sha256 != file.sha256 or last.state == REPLACED:
            send(session, file, target, now, by, at)
        elif last.state == FAILED and at == now:
            try_again(session, last, now, by)


def _not_before(last: Delivery) -> datetime:
    """When a target may be tried again after this one."""
    for_good = last.state == FAILED and last.attempts < MOST_ATTEMPTS
    return (last.finished or last.created) + (KNOCK_AGAIN if for_good else timedelta(0))


def send(
    session: Session,
    file: PublishedFile,
    target: DeliveryTarget,
    now: datetime,
    by: str,
    at: datetime | None = None,
) -> Delivery:
    """Have a file brought to a target now, or not before ``at``, whatever it has. What still waits
    for it is replaced.
    """
    last = queries.last_delivery(session, file.feed, target.code)
    was_failing = queries.is_failing(session, file.feed, target.code)
    if last is not None and last.state == WAITING:
        if last.sha256 == file.sha256:
            hurry(session, last, now)
            return last
        _end(last, REPLACED, now)
        _call_off(session, last, now)
    delivery = Delivery(
        key=_key(session, file, target),
        feed=file.feed,
        target=target.code,
        build=file.build,
        sha256=file.sha256,
        path=file.path,
        media_type=file.media_type,
        size=file.size,
        name=target.file_name(file.feed, file.path, file.finished, file.sha256),
        state=WAITING,
        after_failure=was_failing,
        by=by,
        created=now,
    )
    session.add(delivery)
    session.flush()
    _queue(session, delivery, now, at or now)
    return delivery


def _key(session: Session, file: PublishedFile, target: DeliveryTarget) -> str:
    """Of the file and the target. A file that is brought there a second time, after another one or
    because somebody asked, gets another key: to the receiver it is no repetition.
    """
    earlier = select(func.count()).where(
        Delivery.feed == file.feed, Delivery.target == target.code, Delivery.sha256 == file.sha256
    )
    turn = session.scalar(earlier) or 0
    return sha256(f"{file.sha256} {file.feed}/{target.code} {turn}".encode()).hexdigest()


def try_again(session: Session, delivery: Delivery, now: datetime, by: str) -> None:
    """Begin anew with one that failed, under the key that the receiver may know."""
    if delivery.state != FAILED:
        raise Conflict(text("Only a delivery that failed can be tried again."))
    delivery.state, delivery.attempts, delivery.finished = WAITING, 0, None
    delivery.after_failure, delivery.by = True, by
    _queue(session, delivery, now, now)


def repeat(session: Session, delivery: Delivery, now: datetime, by: str) -> None:
    """Try one again that failed, or at once one that waits for its next attempt."""
    if delivery.state == WAITING:
        hurry(session, delivery, now)
    else:
        try_again(session, delivery, now, by)


def hurry(session: Session, delivery: Delivery, now: datetime) -> None:
    """Make the next attempt of one that waits for it now."""
    _call_off(session, delivery, now)
    _queue(session, delivery, now, now)


def begin(session: Session, delivery_id: int) -> Delivery | None:
    """Count an attempt; None where there is nothing to bring any more."""
    delivery = find(session, delivery_id)
    if delivery is None or delivery.state != WAITING:
        return None
    delivery.attempts += 1
    delivery.next_at = None
    return delivery


def succeed(session: Session, delivery: Delivery, said: str, now: datetime) -> None:
    """The file is there; ``said``: the server's receipt."""
    _end(delivery, DELIVERED, now)
    delivery.said, delivery.error = said, None
    if delivery.after_failure:
        _tell(session, RECOVERED, delivery, now)


def put_off(session: Session, delivery: Delivery, reason: Text, now: datetime) -> None:
    """It did not work for a reason that may pass: try again after a pause, or give up."""
    if delivery.state != WAITING:
        return
    delivery.error = reason
    if delivery.attempts >= MOST_ATTEMPTS:
        fail(session, delivery, reason, now)
        return
    minutes = PAUSES[max(delivery.attempts, 1) - 1]
    # Not all at the same moment, where a server was down for many.
    seconds = minutes * 60 * (0.8 + 0.4 * secrets.randbelow(1000) / 1000)
    _queue(session, delivery, now, now + timedelta(seconds=seconds))


def fail(session: Session, delivery: Delivery, reason: Text, now: datetime) -> None:
    """Another attempt is of no use until somebody has done something."""
    if delivery.state != WAITING:
        return
    delivery.error = reason
    _end(delivery, FAILED, now)
    if not delivery.after_failure:
        _tell(session, FAILING, delivery, now)


def end_orphans(session: Session, now: datetime) -> None:
    """Fail those whose job ended without a word: a worker died three times, or somebody stopped
    it.
    """
    lost = (
        select(Delivery, Job)
        .join(Job, Job.id == Delivery.job)
        .where(Delivery.state == WAITING, Job.state.not_in(ACTIVE))
    )
    for delivery, job in session.execute(lost).all():
        reason = job.error or text("Somebody stopped this delivery. Send it again.")
        fail(session, delivery, reason, now)


def keep_only(session: Session, feed: str, targets: Collection[str], now: datetime) -> None:
    """The feed has only these targets any more: forget what opens others, and bring nothing
    there.
    """
    secrets_of_targets.forget_others(session, feed, targets)
    waiting = select(Delivery).where(
        Delivery.feed == feed, Delivery.state == WAITING, Delivery.target.not_in(list(targets))
    )
    for delivery in session.scalars(waiting).all():
        _end(delivery, REPLACED, now)
        _call_off(session, delivery, now)


def forget(session: Session, feed: str) -> None:
    """Forget everything about a feed that is removed."""
    for table in (Delivery, DeliverySecret):
        session.execute(delete(table).where(table.feed == feed))


def find(session: Session, delivery_id: int) -> Delivery | None:
    """The delivery, for whoever is about to change it."""
    return session.get(Delivery, delivery_id, with_for_update=True)


def get(session: Session, feed: str, delivery_id: int) -> Delivery:
    """:class:`NotFound`."""
    found = session.get(Delivery, delivery_id)
    if found is None or found.feed != feed:
        raise NotFound(text("There is no delivery %(id)s.", id=delivery_id))
    return found


def subject_of(feed: str, target: str) -> str:
    """The subject of a target's jobs, and the turn in which they run."""
    return f"delivery:{feed}/{target}"


def _queue(session: Session, delivery: Delivery, now: datetime, at: datetime) -> None:
    subject = subject_of(delivery.feed, delivery.target)
    job = jobs.enqueue(
        session,
        DELIVER,
        {"feed": delivery.feed, "target": delivery.target, "delivery": delivery.id},
        now,
        run_after=at,
        by=delivery.by,
        subject=subject,
        turn=subject,
    )
    delivery.job, delivery.next_at = job.id, at


def _call_off(session: Session, delivery: Delivery, now: datetime) -> None:
    """Of a job that runs already only the result is not waited for: it finds that it is not asked
    any more.
    """
    job = session.get(Job, delivery.job) if delivery.job is not None else None
    if job is not None and job.state == "queued":
        jobs.cancel(session, job.id, now)


def _end(delivery: Delivery, state: str, now: datetime) -> None:
    delivery.state, delivery.finished, delivery.next_at = state, now, None


def _tell(session: Session, kind: str, delivery: Delivery, now: datetime) -> None:
    subject = f"{delivery.feed}/{delivery.target}"[:64]
    record(session, [OutboxEvent(kind, "delivery", subject)], now)
