"""Passwords by argon2; random tokens of 256 bits, of which the database keeps the SHA-256."""

import hashlib
import re
import secrets
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from zxcvbn import zxcvbn

_hasher = PasswordHasher()
# Checked when there is no such account, so that an answer's duration does not tell which addresses
# exist.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    return _hasher.hash(password)


MOST_GUESSES = 10**6
"""With ten wrong attempts in a quarter of an hour, what takes more lasts for years."""
JUDGED = 72
"""Characters that are looked at; what is longer is not judged by its end."""


def is_guessed_soon(password: str, about: Sequence[str]) -> bool:
    """Whether the password is among the first that anybody tries: it is on the lists of those that
    were stolen elsewhere, close to one of them, a walk over the keys, a date, or made of ``about``,
    what everybody knows of its owner.
    """
    known = [part for one in (*about, "etalage") for part in (one, *re.split(r"\W+", one)) if part]
    guesses: int = zxcvbn(password[:JUDGED], user_inputs=known)["guesses"]
    return guesses < MOST_GUESSES


def password_fits(password: str, password_hash: str | None) -> bool:
    """False for a wrong password, and, after the same work, where there is no password."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except VerificationError:
        return False
    return password_hash is not None


def new_token() -> tuple[str, str]:
    """A fresh token and the hash to store."""
    token = secrets.token_urlsafe(32)
    return token, hash_token(token)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
