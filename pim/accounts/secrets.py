"""Passwords by argon2; random tokens of 256 bits, of which the database keeps the SHA-256."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_hasher = PasswordHasher()
# Checked when there is no such account, so that an answer's duration does not tell which addresses
# exist.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    return _hasher.hash(password)


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
