"""Attempts to get in, counted for all processes of the hub together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.accounts.models import Attempt
from pim.db import wait_for_turn


@dataclass(frozen=True)
class AttemptWindow:
    """``first``: when the oldest of them was, None where there is none."""

    first: datetime | None
    count: int


def attempts_since(session: Session, key: str, since: datetime) -> AttemptWindow:
    """The attempts of one key after a moment."""
    wanted = select(func.min(Attempt.at), func.count()).where(
        Attempt.key == key, Attempt.at > since
    )
    first, count = session.execute(wanted).one()
    return AttemptWindow(first, count)


def admit(session: Session, key: str, most: int, since: datetime, now: datetime) -> bool:
    """Counts an attempt, unless there were so many since then. Two at once wait for each other."""
    wait_for_turn(session, "attempt")
    if attempts_since(session, key, since).count >= most:
        return False
    session.add(Attempt(key=key, at=now))
    return True
