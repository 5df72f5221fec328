"""Verbs of the accounts. Callers commit; time is an argument.

``by`` is who asks for it, as the audit log names them: an e-mail address, or a program.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pim import audit
from pim.accounts.models import AccountLink, ApiToken, StoredRole, User
from pim.accounts.principals import BUILT_IN_ROLES, THE_PROGRAM
from pim.accounts.queries import email_key, get_user, has_users, open_link, user_by_email
from pim.accounts.secrets import hash_password, new_token, password_fits
from pim.errors import Conflict, Invalid, NotFound, Text, text

SETUP_HOURS = 24
SIGN_IN_HOURS = 12
INVITE_HOURS = 7 * 24
PASSWORD_LENGTH = 10


def setup_link(session: Session, now: datetime) -> str | None:
    """A new token for making the first administrator (older ones lapse); None when there is a user
    already.
    """
    if has_users(session):
        return None
    session.execute(delete(AccountLink).where(AccountLink.purpose == "setup"))
    return _new_link(session, "setup", None, now + timedelta(hours=SETUP_HOURS))


def create_first_user(
    session: Session, token: str, email: str, name: str, password: str, now: datetime
) -> User:
    """The administrator who holds the set-up link. NotFound: no such link; Conflict: somebody was
    first; Invalid: per field.
    """
    link = open_link(session, token, "setup", now)
    if has_users(session):
        raise Conflict(text("This hub has been set up already. Sign in instead."))
    _demand_password(password)
    user = add_user(session, email, name, "admin", now, by=email.strip().casefold())
    user.password_hash = hash_password(password)
    session.delete(link)
    return user


def add_user(
    session: Session,
    email: str,
    name: str,
    role: str,
    now: datetime,
    *,
    zone: str = "Europe/Amsterdam",
    by: str = THE_PROGRAM.name,
) -> User:
    """A user without a password: give them ``invite_link`` or ``sign_in_link``. Invalid per
    field.
    """
    problems: dict[str, list[Text]] = {}
    email = email_key(email)
    if len(email) > 254 or not email.isprintable() or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        problems["email"] = [text("This is not an e-mail address.")]
    elif user_by_email(session, email):
        problems["email"] = [text("There is a user with this e-mail address already.")]
    if not 1 <= len(name.strip()) <= 100:
        problems["name"] = [text("Give a name of at most %(limit)s characters.", limit=100)]
    if not _is_role(session, role):
        problems["role"] = [_no_role(role)]
    if problems:
        raise Invalid(problems)
    user = User(
        email=email,
        name=name.strip(),
        role=role,
        zone=zone,
        active=True,
        session_version=1,
        created=now,
    )
    session.add(user)
    session.flush()
    audit.record(session, "person", user.email, None, _state(user), now, by)
    return user


def _state(user: User) -> Mapping[str, Any]:
    """What the audit log says of a person."""
    return {"name": user.name, "role": user.role, "active": user.active}


def authenticate(session: Session, email: str, password: str) -> User | None:
    """The active user with this password, or None; takes the same time either way."""
    user = user_by_email(session, email)
    usable = user if user is not None and user.active else None
    fits = password_fits(password, usable.password_hash if usable else None)
    return usable if fits else None


def sign_in_link(session: Session, user: User, now: datetime, *, by: str = THE_PROGRAM.name) -> str:
    """A token that signs this user in once."""
    audit.record(session, "person", user.email, {}, {"link": "sign_in"}, now, by)
    return _new_link(session, "sign_in", user.id, now + timedelta(hours=SIGN_IN_HOURS))


def invite_link(session: Session, user: User, now: datetime, *, by: str = THE_PROGRAM.name) -> str:
    """A token with which this user chooses a password once."""
    audit.record(session, "person", user.email, {}, {"link": "invite"}, now, by)
    return _new_link(session, "invite", user.id, now + timedelta(hours=INVITE_HOURS))


def redeem_sign_in(session: Session, token: str, now: datetime) -> User:
    """The user of a sign-in link, which is used up. NotFound when it no longer counts."""
    return _use(session, open_link(session, token, "sign_in", now))


def redeem_invite(session: Session, token: str, password: str, now: datetime) -> User:
    """Sets the password of an invited user and uses the link up."""
    link = open_link(session, token, "invite", now)
    _demand_password(password)
    user = _use(session, link)
    set_password(session, user, password, now)
    return user


def set_password(session: Session, user: User, password: str, now: datetime) -> None:
    """The password that the user has chosen; ends their sessions. Invalid when it is too short."""
    _demand_password(password)
    audit.record(session, "person", user.email, {}, {"password": "new"}, now, user.email)
    user.password_hash = hash_password(password)
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Signs the user out everywhere."""
    user.session_version += 1


def set_preferences(
    session: Session, user: User, *, name: str, language: str | None, zone: str, now: datetime
) -> None:
    """What users choose for themselves; ``language`` None follows the browser."""
    problems: dict[str, list[Text]] = {}
    if not 1 <= len(name.strip()) <= 100:
        problems["name"] = [text("Give a name of at most %(limit)s characters.", limit=100)]
    if zone not in available_timezones():
        problems["zone"] = [text("There is no time zone “%(zone)s”.", zone=zone)]
    if problems:
        raise Invalid(problems)
    before = _state(user)
    user.name, user.language, user.zone = name.strip(), language, zone
    audit.record(session, "person", user.email, before, _state(user), now, user.email)


def change_user(
    session: Session,
    user_id: int,
    *,
    role: str,
    active: bool,
    now: datetime,
    by: str = THE_PROGRAM.name,
) -> User:
    """Another role, or a blocked account. Conflict when no administrator would be left."""
    user = get_user(session, user_id)
    if not _is_role(session, role):
        raise Invalid({"role": [_no_role(role)]})
    is_administrator = user.role == "admin" and user.active
    stays_administrator = role == "admin" and active
    if is_administrator and not stays_administrator and _active_admins(session) == 1:
        raise Conflict(text("This is the only active administrator; make another one first."))
    if not active:
        end_sessions(user)
    before = _state(user)
    user.role, user.active = role, active
    audit.record(session, "person", user.email, before, _state(user), now, by)
    return user


def add_token(session: Session, name: str, role: str, by: str, now: datetime) -> str:
    """A new API token, shown this once. Invalid per field."""
    problems: dict[str, list[Text]] = {}
    if not 1 <= len(name.strip()) <= 100:
        problems["name"] = [text("Give a name of at most %(limit)s characters.", limit=100)]
    elif session.scalar(select(ApiToken.id).where(ApiToken.name == name.strip())):
        problems["name"] = [text("There is a token with this name already.")]
    if not _is_role(session, role):
        problems["role"] = [_no_role(role)]
    if problems:
        raise Invalid(problems)
    token, token_hash = new_token()
    session.add(
        ApiToken(name=name.strip(), token_hash=token_hash, role=role, created_by=by, created=now)
    )
    audit.record(session, "token", name.strip(), None, {"role": role}, now, by)
    return token


def revoke_token(session: Session, token_id: int, now: datetime, by: str) -> None:
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound(text("There is no such token."))
    session.delete(token)
    audit.record(session, "token", token.name, {"role": token.role}, None, now, by)


def _new_link(session: Session, purpose: str, user_id: int | None, expires: datetime) -> str:
    token, token_hash = new_token()
    session.add(
        AccountLink(token_hash=token_hash, purpose=purpose, user_id=user_id, expires=expires)
    )
    return token


def _use(session: Session, link: AccountLink) -> User:
    assert link.user_id is not None
    user = get_user(session, link.user_id)
    if not user.active:
        raise NotFound(text("This link has been used already or has expired."))
    session.delete(link)
    return user


def _demand_password(password: str) -> None:
    if len(password) < PASSWORD_LENGTH:
        sentence = text(
            "Use at least %(length)s characters; a short sentence is good.",
            length=PASSWORD_LENGTH,
        )
        raise Invalid({"password": [sentence]})
    if len(password) > 1000:
        raise Invalid({"password": [text("Use at most %(length)s characters.", length=1000)]})


def _is_role(session: Session, code: str) -> bool:
    return code in BUILT_IN_ROLES or session.get(StoredRole, code) is not None


def _no_role(code: str) -> Text:
    return text("There is no role “%(role)s”.", role=code)


def _active_admins(session: Session) -> int:
    return session.scalar(select(func.count()).where(User.role == "admin", User.active)) or 0
