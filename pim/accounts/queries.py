"""Reads of the accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pim.accounts.models import AccountLink, ApiToken, User
from pim.accounts.permissions import may
from pim.accounts.secrets import hash_token
from pim.errors import NotFound, text


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking, for the length of a request. ``language`` is None when the browser's is to be
    used.
    """

    id: int
    email: str
    name: str
    role: str
    language: str | None
    zone: str

    def may(self, permission: str) -> bool:
        return may(self.role, permission)


def signed_in(session: Session, user_id: int, session_version: int) -> Person | None:
    """The active user whose session this is; None when it was ended meanwhile."""
    user = session.get(User, user_id)
    if user is None or not user.active or user.session_version != session_version:
        return None
    return Person(user.id, user.email, user.name, user.role, user.language, user.zone)


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


def user_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.strip().casefold()))


def open_link(session: Session, token: str, purpose: str, now: datetime) -> AccountLink:
    """The link of this token. NotFound when it was used, has expired or never was."""
    link = session.scalar(
        select(AccountLink).where(
            AccountLink.token_hash == hash_token(token), AccountLink.purpose == purpose
        )
    )
    if link is None or link.expires <= now:
        raise NotFound(
            text("This link has been used already, has expired, or a newer one was made.")
        )
    return link


def find_token(session: Session, token: str) -> ApiToken | None:
    """The API token that a program presented, or None."""
    return session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(token)))


def tokens(session: Session) -> Sequence[ApiToken]:
    return session.scalars(select(ApiToken).order_by(ApiToken.name)).all()
