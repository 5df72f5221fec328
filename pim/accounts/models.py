"""Tables of the accounts. Secrets (passwords, links, tokens) are stored as hashes only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pim.db import Base, Json, RowId, Utc


class User(Base):
    """A person. ``role``: the code of a built-in role, or of one in :class:`StoredRole`.

    ``session_version`` is of before sessions had rows. Nothing reads it. ``jobs_seen``: when they
    last looked at what became of their jobs.
    """

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(10))
    zone: Mapped[str] = mapped_column(String(50))
    active: Mapped[bool]
    session_version: Mapped[int] = mapped_column(default=1)
    created: Mapped[datetime] = mapped_column(Utc)
    jobs_seen: Mapped[datetime | None] = mapped_column(Utc)


class UserSession(Base):
    """A browser in which somebody is signed in, until ``ends`` at the latest.

    ``agent``: what the browser calls itself. ``address``: from where it signed in.
    """

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    agent: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(Utc)
    ends: Mapped[datetime] = mapped_column(Utc)


class StoredPreference(Base):
    """How a person wants a page to be: its columns, say. ``value``: as that page spells it."""

    __tablename__ = "preference"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(2000))


class AccountLink(Base):
    """A one-time link. ``purpose``: setup (make the first administrator), sign_in, or invite
    (choose a password).
    """

    __tablename__ = "account_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    expires: Mapped[datetime] = mapped_column(Utc)


class ApiToken(Base):
    """A program's key to the API, with the role it acts in."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    created_by: Mapped[str] = mapped_column(String(254))
    created: Mapped[datetime] = mapped_column(Utc)
    last_used: Mapped[datetime | None] = mapped_column(Utc)


class StoredRole(Base):
    """A role that the shop made for itself. The built-in roles have no row."""

    __tablename__ = "role"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    label: Mapped[str] = mapped_column(String(100))


class StoredGrant(Base):
    """A grant of a role, or of one person beside their role: exactly one of the two is named.

    ``locales``, ``groups``, ``trees``: lists of codes; None is "everywhere".
    """

    __tablename__ = "access_grant"
    __table_args__ = (CheckConstraint("(role IS NULL) <> (user_id IS NULL)", name="holder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str | None] = mapped_column(
        ForeignKey("role.code", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    permission: Mapped[str] = mapped_column(String(40))
    locales: Mapped[list[str] | None] = mapped_column(Json)
    groups: Mapped[list[str] | None] = mapped_column(Json)
    trees: Mapped[list[str] | None] = mapped_column(Json)


class Attempt(Base):
    """An attempt that counts against a limit: a wrong password, a link that was tried. ``key``: a
    hash of which limit, and of the account or the place that it limits.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_key", "key", "at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc, index=True)
