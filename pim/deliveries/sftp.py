"""Deliveries over SFTP. The server's key is pinned: one that shows another gets no password."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from posixpath import join
from typing import TYPE_CHECKING

from pim.deliveries.answers import broken_off, no_folder, not_signed_in, refused_for_now
from pim.deliveries.egress import no_answer
from pim.deliveries.named_files import Refused, bring
from pim.deliveries.shipment import Shipment, WatchedFile, Way
from pim.errors import Conflict, Text, Unavailable, text

if TYPE_CHECKING:
    from paramiko import PKey, SFTPClient, Transport

MISSING = text(
    "Deliveries over SFTP need the extra “sftp”: pip install 'etalage[sftp]', then start again."
)
_RSA = ("rsa-sha2-512", "rsa-sha2-256")
"""How a server that has a key of the type ssh-rsa signs."""


@dataclass(frozen=True)
class SftpFiles:
    """The files of one folder on the server."""

    client: "SFTPClient"
    folder: str
    way: Way

    def store(self, name: str, file: WatchedFile) -> str:
        try:
            with self.client.open(join(self.folder, name), "wb") as written:
                written.set_pipelined(True)
                for piece in file.pieces():
                    written.write(piece)
        except FileNotFoundError as error:
            raise no_folder(self.way, str(error)) from None
        except (EOFError, ConnectionError, TimeoutError) as error:
            raise broken_off(self.way, error) from None
        except OSError as error:  # paramiko has what the server said in the place of a reason
            raise refused_for_now(self.way, str(error)) from None
        return ""

    def size(self, name: str) -> int | None:
        try:
            with _speaking(self.way):
                return self.client.stat(join(self.folder, name)).st_size
        except Refused:
            return None

    def rename(self, old: str, new: str) -> None:
        """OpenSSH's way replaces the file that is there; SFTP's own does not."""
        source, target = join(self.folder, old), join(self.folder, new)
        with _speaking(self.way):
            try:
                self.client.posix_rename(source, target)
            except OSError:
                self.client.rename(source, target)

    def remove(self, name: str) -> None:
        with _speaking(self.way):
            self.client.remove(join(self.folder, name))


def send(way: Way, shipment: Shipment) -> str:
    with _open(way) as client:
        return bring(SftpFiles(client, way.target.folder, way), shipment, way)


def test(way: Way) -> Text:
    with _open(way) as client:
        try:
            client.stat(way.target.folder or ".")
        except OSError as error:
            raise no_folder(way, str(error)) from None
    return text("“%(host)s” lets us in.", host=way.target.host)


def host_key(way: Way) -> str:
    """The key that the server shows, as OpenSSH writes it: for somebody to compare and pin."""
    try:
        return _shown_key(way, pinned_key(way))
    except Conflict:  # it has none of the type that is pinned any more
        return _shown_key(way, "")


def _shown_key(way: Way, pinned: str) -> str:
    with _transport(way, pinned) as transport:
        key = transport.get_remote_server_key()
    return f"{key.get_name()} {key.get_base64()}"


def pinned_key(way: Way) -> str:
    """Without the comment that may stand behind it."""
    return " ".join(way.target.host_key.split()[:2])


def fingerprint(key: str) -> str:
    """How OpenSSH shows a key to people: ``SHA256:…``."""
    digest = sha256(b64decode(key.split()[1])).digest()
    return "SHA256:" + b64encode(digest).decode().rstrip("=")


@contextmanager
def _open(way: Way) -> Iterator["SFTPClient"]:
    import paramiko

    pinned = pinned_key(way)
    if not pinned:
        sentence = text(
            "The key of “%(host)s” is not pinned yet. Test the connection, compare the key with the"
            " one of your partner, and pin it.",
            host=way.target.host,
        )
        raise Conflict(sentence)
    with _transport(way, pinned) as transport:
        shown = transport.get_remote_server_key()
        if f"{shown.get_name()} {shown.get_base64()}" != pinned:
            raise _another_key(way)
        _sign_in(transport, way)
        with _speaking_of_connection(way):
            client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        client.get_channel().settimeout(way.egress.patience)  # type: ignore[union-attr]
        yield client


@contextmanager
def _transport(way: Way, pinned: str) -> Iterator["Transport"]:
    """A connection whose other end has shown its key, and to which nothing was told yet."""
    try:
        import paramiko
    except ImportError:
        raise Conflict(MISSING) from None
    host = way.target.host
    transport = paramiko.Transport(way.egress.connect(host, way.target.port))
    try:
        transport.banner_timeout = transport.auth_timeout = way.egress.patience
        if pinned:
            # A server has keys of several types, and shows one of the type that is asked for.
            kind = pinned.split()[0]
            transport.get_security_options().key_types = _RSA if kind == "ssh-rsa" else (kind,)
        transport.start_client(timeout=way.egress.patience)
        yield transport
    except paramiko.ssh_exception.IncompatiblePeer:
        raise _another_key(way) from None
    except (paramiko.SSHException, EOFError, TimeoutError) as error:
        raise no_answer(host, error) from None
    finally:
        transport.close()


def _another_key(way: Way) -> Conflict:
    return Conflict(
        text(
            "“%(host)s” shows another key than the one that was pinned. Nothing was sent. Ask your"
            " partner whether they changed it; if so, test the connection and pin the new one.",
            host=way.target.host,
        )
    )


def _sign_in(transport: "Transport", way: Way) -> None:
    import paramiko

    try:
        if way.secret.startswith("-----BEGIN"):
            transport.auth_publickey(way.target.user, _private_key(way))
        else:
            transport.auth_password(way.target.user, way.secret)
    except paramiko.AuthenticationException as error:
        raise not_signed_in(way, str(error)) from None


def _private_key(way: Way) -> "PKey":
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(StringIO(way.secret))
        except (paramiko.SSHException, ValueError):
            continue
    raise Conflict(text("This private key cannot be read. It must be one without a passphrase."))


@contextmanager
def _speaking(way: Way) -> Iterator[None]:
    """A server that says no is :class:`Refused`, one that is gone is not."""
    try:
        with _speaking_of_connection(way):
            yield
    except Unavailable:
        raise
    except OSError as error:
        raise Refused(str(error)) from None


@contextmanager
def _speaking_of_connection(way: Way) -> Iterator[None]:
    import paramiko

    try:
        yield
    except (paramiko.SSHException, EOFError, ConnectionError, TimeoutError) as error:
        raise broken_off(way, error) from None
