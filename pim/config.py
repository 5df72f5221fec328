"""Settings, frozen, read from the environment once. Every variable here is documented in
docs/configuration.md.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from tempfile import mkstemp

from pim.errors import Conflict, ngettext, text

UPLOADS = "uploads"
"""In the data folder: files that people sent to be imported."""
EXPORTS = "exports"
"""In the data folder: files of products that people asked for."""
SHORTEST_KEY = 32
"""Characters of a secret key: a shorter one can be guessed, and with it everybody's session."""

PRIVATE_FILES = ("secret.key", "delivery.key", "etalage.db", "etalage.db-wal", "etalage.db-shm")
"""Of the data folder: those that an earlier version left readable. New ones are closed anyway."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days things are kept; 0: for ever."""

    jobs: int = 365
    reports: int = 365
    uploads: int = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how the process runs.

    home: the data folder. database_url: SQLAlchemy URL. storage_url: obstore URL of originals,
    renditions and feeds. broker_url: empty, or where Celery carries job ids. base_url: how the
    outside reaches this hub (links in feeds). secret_key: at least 32 characters. workers: job
    threads in the serving process. host, port: where `pim serve` listens. trusted_proxy: whose word
    counts about where a request comes from; empty where no proxy is in front. retention: what is
    kept for how long. allowed_networks: private ones that deliveries may reach. delivery_folder:
    where targets that are folders lie. delivery_key: what credentials are encrypted with; empty
    where the key is a file of the data folder.
    """

    home: Path
    database_url: str
    storage_url: str
    broker_url: str
    base_url: str
    secret_key: str
    workers: int
    host: str
    port: int
    trusted_proxy: str = ""
    retention: Retention = Retention()
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    delivery_folder: str = "delivered"
    delivery_key: str = field(default="", repr=False)


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ``PIM_*`` variables; creates the data folder and, on first use, a secret key.

    :class:`Conflict` where a value cannot be right, or where others can read the data folder.
    """
    home = Path(environ.get("PIM_HOME", "data")).expanduser().resolve()
    _keep_to_oneself(home)
    host = environ.get("PIM_HOST", "127.0.0.1")
    port = _number(environ, "PIM_PORT", 8000)
    if port > 65535:
        raise Conflict(
            text(
                "%(name)s is at most %(limit)s, not %(value)s.",
                name="PIM_PORT",
                limit=65535,
                value=port,
            )
        )
    return Settings(
        home=home,
        database_url=environ.get("PIM_DATABASE_URL", f"sqlite:///{home / 'etalage.db'}"),
        storage_url=environ.get("PIM_STORAGE_URL", (home / "storage").as_uri()),
        broker_url=environ.get("PIM_BROKER_URL", ""),
        base_url=environ.get("PIM_BASE_URL", f"http://{host}:{port}").rstrip("/"),
        secret_key=_given_secret(environ)
        or kept_secret(home / "secret.key", lambda: secrets.token_urlsafe(48)),
        workers=_number(environ, "PIM_WORKERS", 2),
        host=host,
        port=port,
        trusted_proxy=_trusted_proxy(environ),
        retention=Retention(
            jobs=_number(environ, "PIM_KEEP_JOBS", 365),
            reports=_number(environ, "PIM_KEEP_REPORTS", 365),
            uploads=_number(environ, "PIM_KEEP_UPLOADS", 30),
        ),
        allowed_networks=_networks(environ),
        delivery_folder=environ.get("PIM_DELIVERY_FOLDER", str(home / "delivered")),
        delivery_key=_delivery_key(environ),
    )


def _trusted_proxy(environ: Mapping[str, str]) -> str:
    given = environ.get("PIM_TRUSTED_PROXY", "").strip()
    if given in ("", "*"):
        return given
    try:
        return str(ip_address(given))
    except ValueError:
        raise Conflict(
            text("PIM_TRUSTED_PROXY is an IP address, or *, not “%(value)s”.", value=given)
        ) from None


def _networks(environ: Mapping[str, str]) -> tuple[IPv4Network | IPv6Network, ...]:
    given = environ.get("PIM_ALLOWED_NETWORKS", "").replace(",", " ").split()
    try:
        return tuple(ip_network(one) for one in given)
    except ValueError:
        sentence = text(
            "PIM_ALLOWED_NETWORKS is a list of networks such as 10.1.0.0/16 192.168.7.20, not"
            " “%(value)s”.",
            value=" ".join(given),
        )
        raise Conflict(sentence) from None


def _delivery_key(environ: Mapping[str, str]) -> str:
    """32 bytes in the letters of a web address's base64, as Fernet has its keys."""
    key = environ.get("PIM_DELIVERY_KEY", "")
    if key and not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key):
        raise Conflict(
            text(
                'PIM_DELIVERY_KEY is no key. This makes one: python -c "from cryptography.fernet'
                ' import Fernet; print(Fernet.generate_key().decode())"'
            )
        )
    return key


def _keep_to_oneself(home: Path) -> None:
    """Make the data folder, and close it to the other users of the machine: it holds everything
    there is, and the key that signs everybody in.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _close(home, 0o700)
    for name in PRIVATE_FILES:
        with suppress(FileNotFoundError):
            _close(home / name, 0o600)


def _close(path: Path, mode: int) -> None:
    if not path.stat().st_mode & 0o077:
        return
    try:
        path.chmod(mode)
    except PermissionError:
        sentence = text(
            "Other users of this machine can read “%(path)s”, and it cannot be closed to them. It"
            " must belong to the user that Etalage runs as, with mode %(mode)s.",
            path=path,
            mode=f"{mode:o}",
        )
        raise Conflict(sentence) from None


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    raw = environ.get(name, str(default))
    if not raw.isdecimal():
        raise Conflict(
            text("%(name)s must be a whole number, not “%(value)s”.", name=name, value=raw)
        )
    return int(raw)


def _given_secret(environ: Mapping[str, str]) -> str:
    key = environ.get("PIM_SECRET_KEY", "")
    if 0 < len(key) < SHORTEST_KEY:
        sentence = ngettext(
            "PIM_SECRET_KEY has %(num)s character; it needs at least %(limit)s.",
            "PIM_SECRET_KEY has %(num)s characters; it needs at least %(limit)s.",
            len(key),
            limit=SHORTEST_KEY,
        )
        raise Conflict(sentence)
    return key


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The key in this file. Made at first use, whole or not at all: of two processes that begin at
    once, both take the same one.
    """
    if not path.exists():
        handle, name = mkstemp(prefix=f"{path.name}.", dir=path.parent)  # with mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text().strip()
