"""Where the limiter keeps its counts: in the hub's database, which all its processes share.

In the memory of each process, three workers would let somebody guess three times as often.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from limits.storage import MovingWindowSupport, Storage
from sqlalchemy.exc import SQLAlchemyError

from pim.accounts.attempts import admit, attempts_since
from pim.http.session import database, now

SCHEME = "etalage"


class AttemptStorage(Storage, MovingWindowSupport):
    """What Flask-Limiter asks of a storage for limits over a moving window, and nothing else.

    A key names a limit and whom it limits; only its hash is stored.
    """

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - as its base class declares it

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether one more is within the limit; it is counted then. ``expiry``: seconds."""
        if amount != 1:
            raise NotImplementedError
        with database().writing_page() as session:
            return admit(session, _hashed(key), limit, _begin(expiry), now())

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the window begins, as a timestamp, and how many were counted in it."""
        with database().reading() as session:
            window = attempts_since(session, _hashed(key), _begin(expiry))
        return (window.first or now()).timestamp(), window.count

    def check(self) -> bool:
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError

    def get(self, key: str) -> int:
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError

    def reset(self) -> int | None:
        raise NotImplementedError

    def clear(self, key: str) -> None:
        raise NotImplementedError


def _begin(seconds: int) -> datetime:
    return now() - timedelta(seconds=seconds)


def _hashed(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()
