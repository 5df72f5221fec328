"""Real servers to deliver to, on this machine, with faults that a test switches on."""

import asyncio
import os
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it stands on modules that Python deprecates
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.filesystems import AbstractedFS
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import FTPServer

USER, PASSWORD = "fietsen", "s3cret-canary-pw"
HOST = "127.0.0.1"


@dataclass
class Faults:
    """``drops_after``: bytes of a file after which the connection is cut, once. ``room``: bytes
    that a file may have. ``lies``: by how much sizes are told too large. ``renames``: whether files
    may be renamed; ``replaces``: whether onto one that is there.
    """

    drops_after: int | None = None
    room: int | None = None
    lies: int = 0
    renames: bool = True
    replaces: bool = True


@dataclass
class RunningServer:
    """``folder``: where its files lie. ``public``: its key or certificate, for a target."""

    folder: Path
    port: int = 0
    public: str = ""
    faults: Faults = field(default_factory=Faults)

    def file(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def names(self) -> list[str]:
        return sorted(os.listdir(self.folder))


def _sftp_files(server: RunningServer) -> type[asyncssh.SFTPServer]:
    class Files(asyncssh.SFTPServer):
        def __init__(self, chan: Any) -> None:
            super().__init__(chan, chroot=os.fsencode(server.folder))

        def write(self, file_obj: Any, offset: int, data: bytes) -> int:
            faults = server.faults
            end = offset + len(data)
            if faults.room is not None and end > faults.room:
                raise asyncssh.SFTPFailure("no space left on device")
            if faults.drops_after is not None and end > faults.drops_after:
                faults.drops_after = None
                self.channel.get_connection().abort()
                raise asyncssh.SFTPConnectionLost("gone")
            return super().write(file_obj, offset, data)

        def stat(self, path: bytes) -> Any:
            found = asyncssh.SFTPAttrs.from_local(super().stat(path))
            found.size = (found.size or 0) + server.faults.lies
            return found

        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            self._demand_renaming(newpath)
            super().posix_rename(oldpath, newpath)

        def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
            self._demand_renaming(newpath)
            super().posix_rename(oldpath, newpath)

        def _demand_renaming(self, newpath: bytes) -> None:
            there = os.path.exists(self.map_path(newpath))
            if not server.faults.renames or (there and not server.faults.replaces):
                raise asyncssh.SFTPPermissionDenied("renaming is not allowed")

    return Files


class _Doorkeeper(asyncssh.SSHServer):
    """``known``: a key that is let in beside the password. ``guests``: who came in so far."""

    known = ""
    guests: ClassVar[list[Any]]

    def connection_made(self, conn: Any) -> None:
        self.guests.append(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.export_public_key().decode().split()[1] == self.known


@contextmanager
def sftp_server(
    folder: Path, port: int = 0, key_type: str = "ssh-ed25519", known: str = ""
) -> Iterator[RunningServer]:
    folder.mkdir(parents=True, exist_ok=True)
    key = asyncssh.generate_private_key(key_type)
    running = RunningServer(folder, public=key.export_public_key().decode().strip())
    door = type("Door", (_Doorkeeper,), {"known": known, "guests": []})
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncssh.SSHAcceptor:
        files = _sftp_files(running)
        return await asyncssh.create_server(
            door, HOST, port, server_host_keys=[key], sftp_factory=files
        )

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    running.port = acceptor.get_port()
    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(_close(acceptor, door.guests), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _close(acceptor: Any, guests: list[Any]) -> None:
    """All of it, so that nothing is left for the garbage collector to complain of."""
    acceptor.close()
    for guest in guests:
        guest.abort()
        await guest.wait_closed()
    others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.02)


class _Counted:
    """A file that is written until a fault comes."""

    def __init__(self, file: Any, server: RunningServer, channel: Any) -> None:
        self._file, self._server, self._channel = file, server, channel
        self._written = 0

    def write(self, data: bytes) -> int:
        faults = self._server.faults
        self._written += len(data)
        if faults.room is not None and self._written > faults.room:
            raise OSError(28, "No space left on device")
        if faults.drops_after is not None and self._written > faults.drops_after:
            faults.drops_after = None
            self._channel.close()
            return len(data)
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _ftp_files(server: RunningServer) -> type[Any]:
    class Files(AbstractedFS):  # type: ignore[misc]
        def open(self, filename: str, mode: str) -> Any:
            return _Counted(super().open(filename, mode), server, self.cmd_channel)

        def getsize(self, path: str) -> int:
            return int(super().getsize(path)) + server.faults.lies

        def rename(self, src: str, dst: str) -> None:
            faults = server.faults
            if not faults.renames or (os.path.exists(dst) and not faults.replaces):
                raise PermissionError(1, "Renaming is not allowed")
            super().rename(src, dst)

    return Files


@contextmanager
def ftp_server(folder: Path, *, tls: bool = False) -> Iterator[RunningServer]:
    folder.mkdir(parents=True, exist_ok=True)
    running = RunningServer(folder)
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder), perm="elradfmwMT")
    settings: dict[str, Any] = {
        "authorizer": authorizer,
        "abstracted_fs": _ftp_files(running),
        "auth_failed_timeout": 0.05,
    }
    if tls:
        pem = folder.parent / "ftps.pem"
        running.public = certificate(pem)
        settings |= {
            "certfile": str(pem),
            "tls_control_required": True,
            "tls_data_required": True,
        }
    handler = type("Handler", (TLS_FTPHandler if tls else FTPHandler,), settings)
    server = FTPServer((HOST, 0), handler)
    running.port = server.address[1]
    ending = threading.Event()

    def serve() -> None:
        while not ending.is_set():
            server.serve_forever(timeout=0.01, blocking=False)
        server.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        ending.set()
        thread.join(30)


def certificate(pem: Path) -> str:
    """A certificate that this machine signed itself, with its key in the file; what it is checked
    against.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "deliveries")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    pem.write_text(private + public)
    return public


def https_context(pem: Path) -> tuple[ssl.SSLContext, str]:
    public = certificate(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, public
