"""Reads of the accounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from pim.accounts.models import (
    AccountLink,
    ApiToken,
    StoredGrant,
    StoredPreference,
    StoredRole,
    User,
    UserSession,
)
from pim.accounts.permissions import Permission
from pim.accounts.principals import (
    BUILT_IN_ROLES,
    COMMAND_LINE,
    Grant,
    Place,
    Principal,
    Role,
)
from pim.accounts.secrets import hash_token
from pim.errors import NotFound, Text, text


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking, for the length of a request, and what they may do.

    ``language`` is None when the browser's is to be used. ``session_id``: of the browser in which
    they are signed in.
    """

    id: int
    session_id: int
    email: str
    name: str
    role: str
    language: str | None
    zone: str
    principal: Principal

    def may(self, permission: str) -> bool:
        """Whether the permission was granted, for however little. ValueError: no such permission,
        which is a bug and not a refusal.
        """
        return self.principal.may(Permission(permission))

    @property
    def may_create_products(self) -> bool:
        """Whether a new product, which stands in no tree yet, would not be refused: whoever edits
        only some locales, groups or trees makes none.
        """
        return self.principal.may_at(Permission.PRODUCTS_EDIT, Place())


def signed_in(session: Session, token: str, now: datetime) -> Person | None:
    """The active user whose browser holds this token; None when their session has ended."""
    found = session.execute(
        select(User, UserSession.id)
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.token_hash == hash_token(token), UserSession.ends > now, User.active)
    ).one_or_none()
    if found is None:
        return None
    user, session_id = found
    return Person(
        id=user.id,
        session_id=session_id,
        email=user.email,
        name=user.name,
        role=user.role,
        language=user.language,
        zone=user.zone,
        principal=_principal_of(session, user),
    )


def jobs_seen(session: Session, user_id: int) -> datetime | None:
    """When somebody last looked at what became of their jobs."""
    return session.scalar(select(User.jobs_seen).where(User.id == user_id))


def sessions_of(session: Session, user_id: int, now: datetime) -> Sequence[UserSession]:
    """The browsers in which somebody is signed in, the latest first."""
    wanted = select(UserSession).where(UserSession.user_id == user_id, UserSession.ends > now)
    return session.scalars(wanted.order_by(UserSession.id.desc())).all()


def person_named(session: Session, email: str) -> Principal | None:
    """The active user with this address, with the grants they have now; None where there is none.

    For work that somebody asked for and that runs later: who was blocked meanwhile may do nothing.
    """
    user = user_by_email(session, email)
    return _principal_of(session, user) if user is not None and user.active else None


def actor_named(session: Session, name: str) -> Principal:
    """Who asked for a job, by the name that the job keeps. Somebody who is no longer there, or was
    blocked, may do nothing.
    """
    if name == COMMAND_LINE.name:
        return COMMAND_LINE
    return person_named(session, name) or Principal("person", name, "hub", ())


# Every request asks for these, so the statement is made once and reads columns, not objects.
_HELD_GRANTS = select(
    StoredGrant.permission, StoredGrant.locales, StoredGrant.groups, StoredGrant.trees
).where(or_(StoredGrant.user_id == bindparam("user"), StoredGrant.role == bindparam("role")))


def _principal_of(session: Session, user: User) -> Principal:
    """A user with the grants of their role and those beside it."""
    held = session.connection().execute(_HELD_GRANTS, {"user": user.id, "role": user.role})
    own = [
        Grant(Permission(permission), _limit(locales), _limit(groups), _limit(trees))
        for permission, locales, groups, trees in held
    ]
    return Principal("person", user.email, "hub", (*_built_in_grants(user.role), *own))


def _built_in_grants(role: str) -> tuple[Grant, ...]:
    return BUILT_IN_ROLES[role].grants if role in BUILT_IN_ROLES else ()


def _grant(stored: StoredGrant) -> Grant:
    return Grant(
        Permission(stored.permission),
        _limit(stored.locales),
        _limit(stored.groups),
        _limit(stored.trees),
    )


def _limit(codes: Iterable[str] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(codes)


def grants_of_user(session: Session, user: User) -> list[Grant]:
    """What this user was granted beside their role."""
    wanted = select(StoredGrant).where(StoredGrant.user_id == user.id).order_by(StoredGrant.id)
    return [_grant(stored) for stored in session.scalars(wanted)]


def grants_of_users(session: Session) -> dict[int, list[Grant]]:
    """Whoever was granted something beside their role, by the number of the user."""
    grants: dict[int, list[Grant]] = {}
    for stored in session.scalars(select(StoredGrant).order_by(StoredGrant.id)):
        if stored.user_id is not None:
            grants.setdefault(stored.user_id, []).append(_grant(stored))
    return grants


def roles(session: Session) -> dict[str, Role]:
    """Code -> role: the built-in ones, then the shop's own by code."""
    grants: dict[str, list[Grant]] = {}
    for stored in session.scalars(select(StoredGrant).order_by(StoredGrant.id)):
        if stored.role is not None:
            grants.setdefault(stored.role, []).append(_grant(stored))
    own = {
        one.code: Role(one.code, _as_written(one.label), tuple(grants.get(one.code, ())))
        for one in session.scalars(select(StoredRole).order_by(StoredRole.code))
    }
    return {**BUILT_IN_ROLES, **own}


def _as_written(label: str) -> Text:
    """A label that the shop gave: it is not translated."""
    return Text(label.replace("%", "%%"))


def has_users(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(User.id.is_not(None)))))


def users(session: Session) -> Sequence[User]:
    """All, active ones first, by name."""
    return session.scalars(select(User).order_by(User.active.desc(), User.name, User.id)).all()


def get_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(text("There is no such user."))
    return user


def names_of(session: Session, emails: Iterable[str]) -> dict[str, str]:
    """E-mail address -> name, of those of them who are users."""
    known = select(User.email, User.name).where(User.email.in_(emails))
    return dict(session.execute(known).all())


def preference(session: Session, user_id: int, name: str) -> str:
    """How a person wants a page to be; empty where they have not said."""
    found = session.get(StoredPreference, (user_id, name))
    return found.value if found else ""


def user_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email_key(email)))


def email_key(email: str) -> str:
    """How an address is kept and compared: small letters, accents stored in one way (NFC)."""
    return normalize("NFC", email.strip()).lower()


def open_link(session: Session, token: str, purpose: str, now: datetime) -> AccountLink:
    """The link of this token. NotFound when it was used, has expired or never was."""
    link = session.scalar(
        select(AccountLink).where(
            AccountLink.token_hash == hash_token(token), AccountLink.purpose == purpose
        )
    )
    if link is None or link.expires <= now:
        raise no_link()
    return link


def no_link() -> NotFound:
    """What somebody is told whose link does not count, whatever the reason."""
    return NotFound(text("This link has been used already, has expired, or a newer one was made."))


def find_token(session: Session, token: str) -> ApiToken | None:
    """The API token that a program presented, or None."""
    return session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(token)))


def token_principal(session: Session, token: ApiToken) -> Principal:
    """The program that holds this token, with the grants of the token's role."""
    role = roles(session).get(token.role)
    return Principal("token", token.name, "hub", role.grants if role else ())


def tokens(session: Session) -> Sequence[ApiToken]:
    return session.scalars(select(ApiToken).order_by(ApiToken.name)).all()
