"""Credentials at rest: encrypted with a key that is kept beside the database, never in it. A copy
of the database, or a backup, opens no partner's server.
"""

from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from pim.config import kept_secret
from pim.errors import Conflict, text

KEY_FILE = "delivery.key"


class Vault:
    """``home``: the data folder, where the key is kept; it is made when first needed. ``key``: the
    key itself, where the settings give one.
    """

    def __init__(self, home: Path, key: str = "") -> None:
        self._home = home
        self._key = key

    def seal(self, secret: str) -> str:
        return self._fernet().encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """:class:`Conflict` where another key sealed it."""
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            sentence = text(
                "The password of this target cannot be read any more: the key file %(file)s is"
                " another one than it was written with. Type the password again.",
                file=KEY_FILE,
            )
            raise Conflict(sentence) from None

    def _fernet(self) -> Fernet:
        key = self._key or kept_secret(
            self._home / KEY_FILE, lambda: Fernet.generate_key().decode()
        )
        return Fernet(key)
