"""The life of an import run: how it begins, goes on after a kill, and ends."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from pim.errors import text
from pim.imports.models import ImportRun
from pim.imports.report import Tally


@dataclass(frozen=True)
class RunRequest:
    """What is to be taken in. ``profile``: its code; ``definition``: as the run keeps it;
    ``detected``: what was found out about the file.

    ``sha256``: of the file; ``fingerprint``: of the profile and of what it uses of the structure,
    "" where the run will never go on after a kill.
    """

    profile: str
    definition: Mapping[str, Any]
    filename: str
    sha256: str
    fingerprint: str
    actor: str
    dry_run: bool
    detected: Mapping[str, Any] = field(default_factory=dict)

    def unfinished(self) -> Sequence[ColumnElement[bool]]:
        """The runs of this file that have not come to their end."""
        return (
            ImportRun.profile == self.profile,
            ImportRun.sha256 == self.sha256,
            ImportRun.dry_run == self.dry_run,
            ImportRun.state == "running",
        )


def begin(session: Session, wanted: RunRequest, now: datetime) -> ImportRun:
    """The run that a killed attempt left behind, to go on where it stopped, or else a new one.

    It goes on only where its rows would be written as they were: the same file, read by the same
    profile with the same structure, and nothing else taken in by that profile since. A trial
    begins again, because what it had planned is gone.
    """
    killed = _to_go_on(session, wanted)
    if killed is not None:
        return killed
    _close_killed(session, wanted, now)
    if not wanted.dry_run:
        _let_none_go_on(session, wanted)
    return _new_run(session, wanted, now)


def _to_go_on(session: Session, wanted: RunRequest) -> ImportRun | None:
    if wanted.dry_run or not wanted.fingerprint:
        return None
    same = ImportRun.fingerprint == wanted.fingerprint
    return session.scalars(select(ImportRun).where(*wanted.unfinished(), same)).first()


def _close_killed(session: Session, wanted: RunRequest, now: datetime) -> None:
    """Runs that were killed, and that a new one takes the place of."""
    sentence = text("It ended in the middle and was begun again.")
    ending = {"state": "failed", "error": str(sentence), "finished": now}
    session.execute(update(ImportRun).where(*wanted.unfinished()).values(ending))


def _let_none_go_on(session: Session, wanted: RunRequest) -> None:
    """The rows that the unfinished runs of this profile have written may be written over now."""
    unfinished = (
        ImportRun.profile == wanted.profile,
        ImportRun.dry_run.is_(False),
        ImportRun.state == "running",
    )
    session.execute(update(ImportRun).where(*unfinished).values(fingerprint=""))


def _new_run(session: Session, wanted: RunRequest, now: datetime) -> ImportRun:
    """A run that has not read a row yet."""
    run = ImportRun(
        **asdict(wanted) | {"filename": wanted.filename[:255]},
        **asdict(Tally()),
        id=uuid.uuid4().hex,
        state="running",
        cursor=0,
        milliseconds=0,
        started=now,
    )
    session.add(run)
    session.flush()
    return run


def tally_of(run: ImportRun) -> Tally:
    """What an earlier attempt at this run came to."""
    return Tally(**{name: getattr(run, name) for name in Tally.__slots__})
