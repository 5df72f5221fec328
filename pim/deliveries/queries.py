"""What pages, commands and jobs ask about deliveries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.deliveries.models import DELIVERED, FAILED, Delivery


def last_delivery(session: Session, feed: str, target: str) -> Delivery | None:
    """The newest, whatever its state."""
    return next(iter(deliveries(session, feed, target, 1)), None)


def last_receipt(session: Session, feed: str, target: str) -> Delivery | None:
    """The newest that arrived."""
    arrived = select(Delivery).where(
        Delivery.feed == feed, Delivery.target == target, Delivery.state == DELIVERED
    )
    return session.scalar(arrived.order_by(Delivery.finished.desc(), Delivery.id.desc()).limit(1))


def is_failing(session: Session, feed: str, target: str) -> bool:
    """Whether the target failed, and nothing arrived there since."""
    last = last_delivery(session, feed, target)
    if last is None or last.state == DELIVERED:
        return False
    return last.state == FAILED or last.after_failure


def deliveries(
    session: Session, feed: str, target: str = "", limit: int = 50
) -> Sequence[Delivery]:
    """The newest first."""
    wanted = select(Delivery).where(Delivery.feed == feed)
    if target:
        wanted = wanted.where(Delivery.target == target)
    return session.scalars(wanted.order_by(Delivery.id.desc()).limit(limit)).all()


def failing(session: Session, feed: str, targets: Sequence[str]) -> list[Delivery]:
    """The last delivery of each target whose last one to end failed."""
    last = (
        last_delivery(session, feed, code) for code in targets if is_failing(session, feed, code)
    )
    return [one for one in last if one is not None]
