"""Giving and taking rights: roles of one's own, and grants beside a role. Callers commit.

``by`` is who gives or takes, as the audit log names them.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pim import audit
from pim.accounts.models import ApiToken, StoredGrant, StoredRole, User
from pim.accounts.permissions import LIMITED_BY, Permission
from pim.accounts.principals import BUILT_IN_ROLES, THE_PROGRAM, Grant
from pim.errors import Conflict, Invalid, NotFound, Text, text
from pim.structure.objects import Structure

ROLE_CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
LABEL_LENGTH = 100

Holder = User | StoredRole
"""Who has a grant."""


def add_role(
    session: Session, code: str, label: str, now: datetime, *, by: str = THE_PROGRAM.name
) -> StoredRole:
    """A role without grants. Invalid per field; Conflict where there is one with this code."""
    problems: dict[str, list[Text]] = {}
    if not ROLE_CODE.fullmatch(code):
        problems["code"] = [
            text("A code has 1 to 20 small letters, digits and underscores, a letter first.")
        ]
    if not 1 <= len(label.strip()) <= LABEL_LENGTH:
        problems["label"] = [
            text("Give a name of at most %(limit)s characters.", limit=LABEL_LENGTH)
        ]
    if problems:
        raise Invalid(problems)
    taken = Conflict(text("There is a role “%(role)s” already.", role=code))
    if code in BUILT_IN_ROLES or session.get(StoredRole, code) is not None:
        raise taken
    role = StoredRole(code=code, label=label.strip())
    try:
        with session.begin_nested():
            session.add(role)
    except IntegrityError:  # PostgreSQL: another session added it a moment ago
        raise taken from None
    audit.record(session, "role", code, None, {"label": role.label}, now, by)
    return role


def remove_role(session: Session, code: str, now: datetime, *, by: str = THE_PROGRAM.name) -> None:
    """A role with its grants goes. Conflict while somebody has it, or where it is built in."""
    role = own_role(session, code)
    holder = session.scalar(select(User.email).where(User.role == code)) or session.scalar(
        select(ApiToken.name).where(ApiToken.role == code)
    )
    if holder is not None:
        raise Conflict(
            text("“%(who)s” has the role “%(role)s”; change that first.", who=holder, role=code)
        )
    session.delete(role)
    audit.record(session, "role", code, {"label": role.label}, None, now, by)


def own_role(session: Session, code: str) -> StoredRole:
    """A role that the shop made. Conflict for a built-in one, which nobody changes; NotFound."""
    if code in BUILT_IN_ROLES:
        raise Conflict(
            text("The role “%(role)s” is built in and stays as it is. Add one.", role=code)
        )
    role = session.get(StoredRole, code)
    if role is None:
        raise NotFound(text("There is no role “%(role)s”.", role=code))
    return role


def grant(
    session: Session,
    structure: Structure,
    holder: Holder,
    wanted: Grant,
    now: datetime,
    *,
    by: str = THE_PROGRAM.name,
) -> StoredGrant:
    """Gives a right to a person or a role; the one that is there where it was given already.

    Invalid where a limit names what the shop does not have, or the permission knows no such limit.
    """
    problems = _unusable(structure, wanted)
    if problems:
        raise Invalid(problems)
    for stored in _grants(session, holder, wanted.permission):
        if _is_same(stored, wanted):
            return stored
    stored = StoredGrant(
        role=holder.code if isinstance(holder, StoredRole) else None,
        user_id=holder.id if isinstance(holder, User) else None,
        permission=wanted.permission,
        locales=_codes(wanted.locales),
        groups=_codes(wanted.groups),
        trees=_codes(wanted.trees),
    )
    session.add(stored)
    session.flush()
    _write_down(session, holder, {}, {"grant": _state(stored)}, now, by)
    return stored


def revoke(
    session: Session,
    holder: Holder,
    unwanted: Grant,
    now: datetime,
    *,
    by: str = THE_PROGRAM.name,
) -> int:
    """Takes a right away; returns how many grants went.

    Without limits, all grants of the permission go; with limits, the one that has exactly these.
    Conflict where a person has the right by their role, so that taking it would change nothing.
    """
    gone = [
        stored
        for stored in _grants(session, holder, unwanted.permission)
        if unwanted.is_unlimited or _is_same(stored, unwanted)
    ]
    if not gone:
        raise _nothing_to_revoke(session, holder, unwanted.permission)
    for stored in gone:
        session.delete(stored)
        _write_down(session, holder, {"grant": _state(stored)}, {}, now, by)
    session.flush()
    return len(gone)


def _write_down(
    session: Session,
    holder: Holder,
    before: audit.State,
    after: audit.State,
    now: datetime,
    by: str,
) -> None:
    """In the audit log a grant is a property of who has it."""
    if isinstance(holder, User):
        audit.record(session, "person", holder.email, before, after, now, by)
    else:
        audit.record(session, "role", holder.code, before, after, now, by)


def _state(stored: StoredGrant) -> Mapping[str, Any]:
    limits = {"locales": stored.locales, "groups": stored.groups, "trees": stored.trees}
    return {
        "permission": stored.permission,
        **{name: codes for name, codes in limits.items() if codes is not None},
    }


def _nothing_to_revoke(session: Session, holder: Holder, permission: Permission) -> Conflict:
    if isinstance(holder, User) and _role_grants(session, holder.role, permission):
        return Conflict(
            text(
                "“%(permission)s” comes with the role “%(role)s”; give them another role.",
                permission=permission,
                role=holder.role,
            )
        )
    return Conflict(text("“%(permission)s” was not granted like this.", permission=permission))


def _role_grants(session: Session, role: str, permission: Permission) -> bool:
    if role in BUILT_IN_ROLES:
        return any(one.permission == permission for one in BUILT_IN_ROLES[role].grants)
    wanted = select(StoredGrant.id).where(
        StoredGrant.role == role, StoredGrant.permission == permission
    )
    return session.scalar(wanted) is not None


def _grants(session: Session, holder: Holder, permission: Permission) -> Iterable[StoredGrant]:
    if isinstance(holder, User):
        condition = StoredGrant.user_id == holder.id
    else:
        condition = StoredGrant.role == holder.code
    return session.scalars(
        select(StoredGrant).where(condition, StoredGrant.permission == permission)
    ).all()


def _is_same(stored: StoredGrant, other: Grant) -> bool:
    return (
        stored.locales == _codes(other.locales)
        and stored.groups == _codes(other.groups)
        and stored.trees == _codes(other.trees)
    )


def _codes(limit: frozenset[str] | None) -> list[str] | None:
    return None if limit is None else sorted(limit)


def _unusable(structure: Structure, wanted: Grant) -> dict[str, list[Text]]:
    """Limits that nobody would check, and codes that the shop does not have."""
    known = {
        "locales": frozenset(structure.locales),
        "groups": frozenset(structure.groups),
        "trees": frozenset(structure.children.get(None, ())),
    }
    problems: dict[str, list[Text]] = {}
    for name, there in known.items():
        limit: frozenset[str] | None = getattr(wanted, name)
        if limit is None:
            continue
        if name not in LIMITED_BY.get(wanted.permission, ()):
            problems[name] = [_no_limit(wanted.permission, name)]
        elif unknown := sorted(limit - there):
            problems[name] = [text("The shop has no “%(code)s”.", code=one) for one in unknown]
    return problems


def _no_limit(permission: Permission, name: str) -> Text:
    sentences = {
        "locales": text("“%(permission)s” cannot be limited to locales.", permission=permission),
        "groups": text(
            "“%(permission)s” cannot be limited to attribute groups.", permission=permission
        ),
        "trees": text(
            "“%(permission)s” cannot be limited to category trees.", permission=permission
        ),
    }
    return sentences[name]
