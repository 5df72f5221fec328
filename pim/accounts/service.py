"""Verbs of the accounts. Callers commit; time is an argument.

``by`` is who asks for it, as the audit log names them: an e-mail address, or a program.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import available_timezones

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pim import audit
from pim.accounts.models import (
    AccountLink,
    ApiToken,
    StoredPreference,
    StoredRole,
    User,
    UserSession,
)
from pim.accounts.principals import BUILT_IN_ROLES, THE_PROGRAM
from pim.accounts.queries import (
    email_key,
    get_user,
    has_users,
    no_link,
    open_link,
    user_by_email,
)
from pim.accounts.secrets import hash_password, is_guessed_soon, new_token, password_fits
from pim.bulk import upsert_rows
from pim.errors import Conflict, Invalid, NotFound, Text, text

SETUP_HOURS = 24
SIGN_IN_HOURS = 12
INVITE_HOURS = 7 * 24
PASSWORD_LENGTH = 10
SESSION_DAYS = 14
AGENT_LENGTH = 200

_EMAIL_TAKEN = text("There is a user with this e-mail address already.")
_TOKEN_TAKEN = text("There is a token with this name already.")


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
    _use(session, open_link(session, token, "setup", now))
    if has_users(session):
        raise Conflict(text("This hub has been set up already. Sign in instead."))
    _demand_password(password, email, name)
    user = add_user(session, email, name, "admin", now, by=email_key(email))
    user.password_hash = hash_password(password)
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
        problems["email"] = [_EMAIL_TAKEN]
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
        created=now,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # PostgreSQL: another session added them a moment ago
        raise Invalid({"email": [_EMAIL_TAKEN]}) from None
    audit.record(session, "person", user.email, None, _state(user), now, by)
    return user


def _state(user: User) -> Mapping[str, Any]:
    """What the audit log says of a person."""
    return {"name": user.name, "role": user.role, "active": user.active}


def prefer(session: Session, user_id: int, name: str, value: str) -> None:
    """A person wants a page to be so from now on."""
    upsert_rows(session, StoredPreference, {"user_id": [user_id], "name": [name], "value": [value]})


def authenticate(session: Session, email: str, password: str) -> User | None:
    """The active user with this password, or None; takes the same time either way."""
    user = user_by_email(session, email)
    usable = user if user is not None and user.active else None
    fits = password_fits(password, usable.password_hash if usable else None)
    return usable if fits else None


def sign_in_link(session: Session, user: User, now: datetime, *, by: str = THE_PROGRAM.name) -> str:
    """A token that signs this user in once; an older one lapses. Conflict for a blocked user."""
    audit.record(session, "person", user.email, {}, {"link": "sign_in"}, now, by)
    return _new_link_for(session, user, "sign_in", now + timedelta(hours=SIGN_IN_HOURS))


def invite_link(session: Session, user: User, now: datetime, *, by: str = THE_PROGRAM.name) -> str:
    """A token with which this user chooses a password once; an older one lapses. Conflict for a
    blocked user.
    """
    audit.record(session, "person", user.email, {}, {"link": "invite"}, now, by)
    return _new_link_for(session, user, "invite", now + timedelta(hours=INVITE_HOURS))


def redeem_sign_in(session: Session, token: str, now: datetime) -> User:
    """The user of a sign-in link, which is used up with every other link they have. NotFound when
    it no longer counts.
    """
    return _user_of(session, open_link(session, token, "sign_in", now))


def redeem_invite(session: Session, token: str, password: str, now: datetime) -> User:
    """Sets the password of an invited user and uses the link up, with every other one they have."""
    link = open_link(session, token, "invite", now)
    assert link.user_id is not None
    invited = get_user(session, link.user_id)
    _demand_password(password, invited.email, invited.name)
    user = _user_of(session, link)
    set_password(session, user, password, now)
    return user


def set_password(session: Session, user: User, password: str, now: datetime) -> None:
    """The password that the user has chosen; ends their sessions and links. Invalid when it is too
    short or easily guessed.
    """
    _demand_password(password, user.email, user.name)
    audit.record(session, "person", user.email, {}, {"password": "new"}, now, user.email)
    user.password_hash = hash_password(password)
    end_sessions(session, user.id)
    _end_links(session, user.id)


def start_session(
    session: Session, user: User, now: datetime, *, agent: str = "", address: str = ""
) -> str:
    """Signs the user in with a browser, which is to hold the token that comes back.

    It ends after :data:`SESSION_DAYS`, however busy it was: a stolen one does not last for ever.
    """
    session.execute(delete(UserSession).where(UserSession.ends <= now))
    token, token_hash = new_token()
    row = UserSession(
        token_hash=token_hash,
        user_id=user.id,
        agent=agent[:AGENT_LENGTH],
        address=address,
        created=now,
        ends=now + timedelta(days=SESSION_DAYS),
    )
    session.add(row)
    session.flush()
    return token


def end_session(session: Session, user_id: int, session_id: int) -> None:
    """Signs the user out of one browser. NotFound where the session is not theirs."""
    ended = session.scalar(
        delete(UserSession)
        .where(UserSession.id == session_id, UserSession.user_id == user_id)
        .returning(UserSession.id)
    )
    if ended is None:
        raise NotFound(text("There is no such session; it may have ended already."))


def end_sessions(session: Session, user_id: int, *, but: int | None = None) -> None:
    """Signs the user out everywhere; ``but``: the session that stays."""
    theirs = delete(UserSession).where(UserSession.user_id == user_id)
    session.execute(theirs if but is None else theirs.where(UserSession.id != but))


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


@dataclass(frozen=True)
class SeenUser:
    """What somebody saw of a person before they changed it."""

    role: str
    active: bool


Chosen = TypeVar("Chosen", str, bool)


def see_jobs(session: Session, user_id: int, now: datetime) -> None:
    """Somebody looks at what became of their jobs: what has ended by now is nothing new."""
    session.execute(update(User).where(User.id == user_id).values(jobs_seen=now))


def change_user(
    session: Session,
    user_id: int,
    *,
    role: str,
    active: bool,
    now: datetime,
    by: str = THE_PROGRAM.name,
    seen: SeenUser | None = None,
) -> User:
    """Another role, or a blocked account. Conflict when no administrator would be left, or when
    somebody else changed the same since it was ``seen``; what only they changed stays.
    """
    user = get_user(session, user_id)
    if not _is_role(session, role):
        raise Invalid({"role": [_no_role(role)]})
    if seen is not None:
        role = _over_newer(session, user, user.role, seen.role, role)
        active = _over_newer(session, user, user.active, seen.active, active)
    is_administrator = user.role == "admin" and user.active
    stays_administrator = role == "admin" and active
    if is_administrator and not stays_administrator and len(_active_admins(session)) == 1:
        raise Conflict(text("This is the only active administrator; make another one first."))
    if not active:
        end_sessions(session, user.id)
        _end_links(session, user.id)
    before = _state(user)
    user.role, user.active = role, active
    audit.record(session, "person", user.email, before, _state(user), now, by)
    return user


def _over_newer(session: Session, user: User, now: Chosen, seen: Chosen, wanted: Chosen) -> Chosen:
    """What is to be of something that may have been changed since it was seen."""
    if now in (seen, wanted):
        return wanted
    if wanted == seen:
        return now
    newest = audit.entries(session, kind="person", code=user.email, limit=1)
    raise Conflict(
        text(
            "%(name)s was changed meanwhile, by %(by)s. Nothing was saved; look at it again.",
            name=user.name,
            by=", ".join(one.by for one in newest),
        )
    )


def add_token(session: Session, name: str, role: str, by: str, now: datetime) -> str:
    """A new API token, shown this once. Invalid per field."""
    problems: dict[str, list[Text]] = {}
    if not 1 <= len(name.strip()) <= 100:
        problems["name"] = [text("Give a name of at most %(limit)s characters.", limit=100)]
    elif session.scalar(select(ApiToken.id).where(ApiToken.name == name.strip())):
        problems["name"] = [_TOKEN_TAKEN]
    if not _is_role(session, role):
        problems["role"] = [_no_role(role)]
    if problems:
        raise Invalid(problems)
    token, token_hash = new_token()
    row = ApiToken(name=name.strip(), token_hash=token_hash, role=role, created_by=by, created=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Invalid({"name": [_TOKEN_TAKEN]}) from None
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


def _new_link_for(session: Session, user: User, purpose: str, expires: datetime) -> str:
    """The one link of this person for this purpose."""
    if not user.active:
        raise Conflict(text("%(name)s may not sign in. Allow that first.", name=user.name))
    session.refresh(user, with_for_update=True)  # of two that are made at once, one stays
    former = delete(AccountLink).where(
        AccountLink.user_id == user.id, AccountLink.purpose == purpose
    )
    session.execute(former)
    return _new_link(session, purpose, user.id, expires)


def _end_links(session: Session, user_id: int) -> None:
    session.execute(delete(AccountLink).where(AccountLink.user_id == user_id))


def _user_of(session: Session, link: AccountLink) -> User:
    """Whose link it is; it is used up, with every other one they have."""
    assert link.user_id is not None
    user_id = link.user_id
    _use(session, link)
    _end_links(session, user_id)
    user = get_user(session, user_id)
    if not user.active:
        raise no_link()
    return user


def _use(session: Session, link: AccountLink) -> None:
    """Of two who use a link at the same moment, the second one is told that it has been used."""
    used = session.scalar(
        delete(AccountLink).where(AccountLink.id == link.id).returning(AccountLink.id)
    )
    if used is None:
        raise no_link()


def _demand_password(password: str, *about: str) -> None:
    """``about``: what everybody knows of its owner."""
    if len(password) < PASSWORD_LENGTH:
        sentence = text(
            "Use at least %(length)s characters; a short sentence is good.",
            length=PASSWORD_LENGTH,
        )
        raise Invalid({"password": [sentence]})
    if len(password) > 1000:
        raise Invalid({"password": [text("Use at most %(length)s characters.", length=1000)]})
    if is_guessed_soon(password, about):
        sentence = text(
            "This is among the first passwords that anybody tries. A short sentence is good."
        )
        raise Invalid({"password": [sentence]})


def _is_role(session: Session, code: str) -> bool:
    return code in BUILT_IN_ROLES or session.get(StoredRole, code) is not None


def _no_role(code: str) -> Text:
    return text("There is no role “%(role)s”.", role=code)


def _active_admins(session: Session) -> Sequence[int]:
    """Locked until the commit: of the last two, each could otherwise remove the other."""
    found = select(User.id).where(User.role == "admin", User.active).order_by(User.id)
    return session.scalars(found.with_for_update()).all()
