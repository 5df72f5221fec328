"""What was learnt from a channel's present file, kept until somebody has looked through it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from pim.clock import Clock
from pim.db import Database
from pim.errors import NotFound, text
from pim.feeds import service
from pim.structure import queries as catalog
from pim.todays_file import reading
from pim.todays_file.models import TodaysFile
from pim.todays_file.proposing import (
    ColumnProposal,
    FileDifference,
    FileProposal,
    ProposedRule,
    propose,
)


def find(session: Session, code: str) -> TodaysFile | None:
    """The file that was brought for a feed."""
    return session.get(TodaysFile, code)


def begin(session: Session, code: str, filename: str, by: str, now: datetime) -> None:
    """A file was brought for a feed, in the place of the one before; it is read afterwards."""
    service.get(session, code)
    forget(session, code)
    session.flush()
    session.add(TodaysFile(feed=code, filename=filename, at=now, by=by, proposal=None))


def forget(session: Session, code: str) -> None:
    """Drop what was learnt; rules that were taken over stay."""
    kept = find(session, code)
    if kept is not None:
        session.delete(kept)


def learn(
    database: Database,
    code: str,
    path: Path,
    base_url: str,
    clock: Clock,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Read the file of a feed and keep what it tells; how many columns have a rule.
    :class:`~pim.errors.Invalid` as in :func:`pim.todays_file.proposing.propose`.
    """
    with database.reading() as session:
        proposal = learnt(session, code, path.read_bytes(), base_url, clock(), progress)
    with database.writing() as session:
        kept = find(session, code)
        if kept is not None:
            kept.proposal = asdict(proposal)
    return sum(bool(one.rules) for one in proposal.columns)


def learnt(
    session: Session,
    code: str,
    content: bytes,
    base_url: str,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> FileProposal:
    """What a file tells; nothing is kept."""
    feed = service.get(session, code)
    file = reading.read(content)
    structure = catalog.structure(session)
    return propose(session, structure, feed, file, base_url, now.date(), progress)


def proposal_of(kept: Mapping[str, Any]) -> FileProposal:
    """What :func:`learn` has kept."""
    columns = [
        ColumnProposal(**{**one, "rules": [_rule_of(rule) for rule in one["rules"]]})
        for one in kept["columns"]
    ]
    return FileProposal(**{**kept, "columns": columns})


def _rule_of(kept: Mapping[str, Any]) -> ProposedRule:
    differences = [FileDifference(**one) for one in kept["differences"]]
    return ProposedRule(kept["rule"], kept["exact"], differences)


def rule_of(session: Session, code: str, column: str, number: int) -> tuple[str, dict[str, Any]]:
    """The field of a column and one of the rules that are proposed for it; :class:`NotFound`."""
    kept = find(session, code)
    proposal = proposal_of(kept.proposal) if kept and kept.proposal else None
    for one in proposal.columns if proposal else ():
        if one.column == column and number < len(one.rules):
            return one.field, one.rules[number].rule
    raise NotFound(text("This proposal is no longer there. Bring the file again."))


def certain_rules(proposal: FileProposal) -> dict[str, dict[str, Any]]:
    """Field -> rule, where the best rule makes all that the file has."""
    return {
        one.field: one.rules[0].rule
        for one in proposal.columns
        if one.rules and one.rules[0].exact == one.compared
    }
