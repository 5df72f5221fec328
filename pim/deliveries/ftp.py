"""Deliveries over FTP, and over FTPS: the same with TLS around both connections."""

import ftplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from pim.deliveries.answers import (
    broken_off,
    no_folder,
    not_signed_in,
    not_trusted,
    refused,
    refused_for_now,
)
from pim.deliveries.named_files import Refused, bring
from pim.deliveries.shipment import PIECE, Shipment, WatchedFile, Way
from pim.deliveries.tls import trusting
from pim.errors import Text, text

FULL = ("552", "452")
"""Of codes of FTP (RFC 959): no room for the file."""


class PlainFtp(ftplib.FTP):
    """Connects by way of the hub's one way out. Files go to the address that the connection has:
    what the server says about that is not believed.
    """

    def __init__(self, way: Way) -> None:
        super().__init__(timeout=way.egress.patience)
        self._way = way

    def connect(self, *_: Any, **__: Any) -> str:
        target = self._way.target
        self.host, self.port = target.host, target.port
        self.sock = self._way.egress.connect(target.host, target.port)
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome


class TlsFtp(PlainFtp, ftplib.FTP_TLS):
    """Both connections are encrypted; the second goes on with the session of the first, as servers
    demand that want to know that both are ours.
    """

    def __init__(self, way: Way) -> None:
        ftplib.FTP_TLS.__init__(  # noqa: S321
            self, context=trusting(way.target.certificate), timeout=way.egress.patience
        )
        self._way = way

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[Any, int | None]:
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321
        assert isinstance(self.sock, ssl.SSLSocket)
        wrapped = self.context.wrap_socket(
            connection, server_hostname=self.host, session=self.sock.session
        )
        return wrapped, size


@dataclass(frozen=True)
class FtpFiles:
    """The files of the folder that the connection stands in."""

    ftp: ftplib.FTP
    way: Way

    def store(self, name: str, file: WatchedFile) -> str:
        with _speaking_of_connection(self.way):
            try:
                return self._stored(name, file)
            except ftplib.error_perm as error:
                said = str(error)
                verb = refused_for_now if said.startswith(FULL) else refused
                raise verb(self.way, said) from None

    def _stored(self, name: str, file: WatchedFile) -> str:
        """A server that stops taking the file says why on the other connection."""
        try:
            return self.ftp.storbinary(f"STOR {name}", file, PIECE)
        except OSError as error:
            with suppress(OSError, EOFError):
                self.ftp.voidresp()
            raise error

    def size(self, name: str) -> int | None:
        try:
            with _speaking(self.way):
                return self.ftp.size(name)
        except Refused:
            return None

    def rename(self, old: str, new: str) -> None:
        with _speaking(self.way):
            self.ftp.rename(old, new)

    def remove(self, name: str) -> None:
        with _speaking(self.way):
            self.ftp.delete(name)


def send(way: Way, shipment: Shipment) -> str:
    with _open(way) as ftp:
        return bring(FtpFiles(ftp, way), shipment, way)


def test(way: Way) -> Text:
    with _open(way):
        return text("“%(host)s” lets us in.", host=way.target.host)


@contextmanager
def _open(way: Way) -> Iterator[ftplib.FTP]:
    """Signed in, standing in the target's folder, in binary mode: in the other one servers tell no
    sizes.
    """
    ftp = TlsFtp(way) if way.target.kind == "ftps" else PlainFtp(way)
    try:
        with _speaking_of_connection(way):
            ftp.connect()
            _sign_in(ftp, way)
            if isinstance(ftp, TlsFtp):
                ftp.prot_p()
            ftp.voidcmd("TYPE I")
            _stand_in_folder(ftp, way)
        yield ftp
        with suppress(ftplib.Error, OSError, EOFError):
            ftp.quit()
    finally:
        ftp.close()


def _sign_in(ftp: ftplib.FTP, way: Way) -> None:
    try:
        ftp.login(way.target.user, way.secret)
    except ftplib.error_perm as error:
        raise not_signed_in(way, str(error)) from None


def _stand_in_folder(ftp: ftplib.FTP, way: Way) -> None:
    if not way.target.folder:
        return
    try:
        ftp.cwd(way.target.folder)
    except ftplib.error_perm as error:
        raise no_folder(way, str(error)) from None


@contextmanager
def _speaking(way: Way) -> Iterator[None]:
    """A server that says no is :class:`Refused`, one that is gone is not."""
    with _speaking_of_connection(way):
        try:
            yield
        except (ftplib.error_perm, ftplib.error_temp) as error:
            raise Refused(str(error)) from None


@contextmanager
def _speaking_of_connection(way: Way) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise not_trusted(way, error.verify_message) from None
    except ftplib.error_temp as error:
        raise refused_for_now(way, str(error)) from None
    except ftplib.Error as error:
        raise refused(way, str(error)) from None
    except (EOFError, OSError) as error:
        raise broken_off(way, error) from None
