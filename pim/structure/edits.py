"""Changing the structure beside others: what somebody saw, and what came meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from pim import versions
from pim.db import wait_for_turn
from pim.errors import Conflict, text
from pim.structure import queries, service
from pim.structure.combine import Combination, combine
from pim.structure.document import Entries, flatten, nest
from pim.structure.merge import merge, whole
from pim.structure.service import StructureChange
from pim.versions import SetupVersion

Preference = Literal["", "mine", "theirs"]
NAME: Literal["structure"] = "structure"
"""The kind and the code of its versions: there is one structure."""


@dataclass(frozen=True)
class StructureEdit:
    """What somebody wants to be changed. ``seen``: the fingerprint of the structure that they
    looked at, "" where they looked at none. ``prefers``: whose entries are taken where both changed
    one, said of the structure with the fingerprint ``over``.
    """

    document: Mapping[str, Any]
    prune: bool = False
    seen: str = ""
    prefers: Preference = ""
    over: str = ""


@dataclass(frozen=True)
class EntryConflict:
    """An entry that two people changed, each in another way. None: it is as both saw it, but stands
    in what the other one took away.
    """

    kind: str
    code: str
    theirs: StructureChange | None
    mine: StructureChange | None


@dataclass(frozen=True)
class Reconciled:
    """What has to be applied. ``meanwhile``: what others saved since the author looked;
    ``theirs``: what that changed. ``over``: the fingerprint of the structure as it is now.
    """

    document: Mapping[str, Any]
    prune: bool
    over: str
    meanwhile: Sequence[SetupVersion] = ()
    theirs: Sequence[StructureChange] = ()
    conflicts: Sequence[EntryConflict] = ()


def seen_now(session: Session) -> str:
    """The fingerprint of the structure as it is."""
    return versions.fingerprint(nest(queries.items(session)))


def reconcile_in_turn(session: Session, edit: StructureEdit) -> Reconciled:
    """:func:`reconcile` for who applies it in the same transaction: until its end nobody else
    changes the structure.
    """
    wait_for_turn(session, "structure")
    return reconcile(session, edit)


def reconcile(session: Session, edit: StructureEdit) -> Reconciled:
    """The edit over the structure as it is now, which others may have changed since.

    ``conflicts`` stay where both changed an entry and ``prefers`` says nothing of it.
    :class:`Conflict` where what the author saw is not known.
    """
    now = queries.items(session)
    over = versions.fingerprint(nest(now))
    if edit.seen in ("", over):
        return Reconciled(edit.document, edit.prune, over)
    base = versions.seen(session, NAME, NAME, edit.seen)
    if base is None:
        raise Conflict(
            text(
                "The structure was changed since you opened it, and what you saw is not known any"
                " more. Open it again; what you typed stays in this window until then."
            )
        )
    seen = flatten(base.content)
    wanted = service.entries_of(edit.document)
    mine = whole(wanted) if edit.prune else merge(seen, wanted)
    is_settled = edit.prefers and edit.over == over
    takes_theirs = is_settled and edit.prefers == "theirs"
    found = combine(seen, mine, now) if takes_theirs else combine(seen, now, mine)
    return Reconciled(
        nest(found.entries),
        prune=True,
        over=over,
        meanwhile=versions.since(session, base),
        theirs=service.differences(seen, now),
        conflicts=[] if is_settled else list(_conflicts(found, seen, now, mine)),
    )


def _conflicts(
    found: Combination, seen: Entries, theirs: Entries, mine: Entries
) -> Iterator[EntryConflict]:
    by_them = {(one.kind, one.code): one for one in service.differences(seen, theirs)}
    by_me = {(one.kind, one.code): one for one in service.differences(seen, mine)}
    for item in found.conflicts:
        yield EntryConflict(*item, by_them.get(item), by_me.get(item))


def version_entries(version: SetupVersion | None) -> Entries:
    """A kept version, flat; nothing where there is none."""
    return flatten(version.content) if version is not None and version.content else {}


def changes_between(earlier: SetupVersion | None, later: SetupVersion) -> Sequence[StructureChange]:
    """What a version changed of the one before it."""
    return service.differences(version_entries(earlier), version_entries(later))
