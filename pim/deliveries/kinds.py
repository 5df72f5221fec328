"""The kinds of targets: how a file is brought to each, and how its connection is tested."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

from pim.deliveries import folder, ftp, http, s3, sftp
from pim.deliveries.shipment import Shipment, Way
from pim.errors import Text, text


@dataclass(frozen=True)
class TargetKind:
    """``secret``: what a target of this kind is opened with, None where nothing is needed.
    ``send``: bring a file there, what the server said. ``test``: look whether it can be reached.
    """

    label: Text
    secret: Text | None
    send: Callable[[Way, Shipment], str]
    test: Callable[[Way], Text]


def _kind(label: Text, secret: Text | None, module: ModuleType) -> TargetKind:
    return TargetKind(label, secret, module.send, module.test)


_PASSWORD = text("Password")
TARGET_KINDS: Mapping[str, TargetKind] = {
    "sftp": _kind(text("SFTP server"), text("Password or private key"), sftp),
    "ftps": _kind(text("FTPS server"), _PASSWORD, ftp),
    "ftp": _kind(text("FTP server, unencrypted"), _PASSWORD, ftp),
    "s3": _kind(text("S3 bucket"), text("Secret access key"), s3),
    "http": _kind(text("HTTP request"), text("Key that requests are signed with"), http),
    "folder": _kind(text("Folder on this machine"), None, folder),
}


@dataclass(frozen=True)
class ConnectionTest:
    """``host_key``: what an SFTP server shows that is not pinned: for somebody to compare."""

    works: bool
    said: Text
    host_key: str = ""


def try_connection(way: Way) -> ConnectionTest:
    """Look whether a target can be reached and lets us in; raises as a delivery does."""
    if way.target.kind == "sftp":
        shown = sftp.host_key(way)
        if shown != sftp.pinned_key(way):
            sentence = text(
                "“%(host)s” shows the key %(fingerprint)s. Compare it with the one that your"
                " partner gave you; if they are the same, pin it.",
                host=way.target.host,
                fingerprint=sftp.fingerprint(shown),
            )
            return ConnectionTest(False, sentence, shown)
    return ConnectionTest(True, TARGET_KINDS[way.target.kind].test(way))
