"""Deliveries to a folder of this machine, below the one that the settings name."""

import os
from dataclasses import dataclass
from pathlib import Path

from media.storage import sync_folder
from pim.deliveries.egress import reason_of
from pim.deliveries.named_files import Refused, bring
from pim.deliveries.shipment import Shipment, WatchedFile, Way
from pim.errors import DISK_FULL, Conflict, Text, Unavailable, is_disk_full, text


@dataclass(frozen=True)
class LocalFiles:
    """The files of one folder."""

    folder: Path

    def store(self, name: str, file: WatchedFile) -> str:
        try:
            with (self.folder / name).open("wb") as written:
                for piece in file.pieces():
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
        except OSError as error:
            raise _not_written(self.folder, error) from None
        return ""

    def size(self, name: str) -> int | None:
        path = self.folder / name
        return path.stat().st_size if path.exists() else None

    def rename(self, old: str, new: str) -> None:
        try:
            (self.folder / old).replace(self.folder / new)
            sync_folder(self.folder)
        except OSError as error:
            raise Refused(reason_of(error)) from None

    def remove(self, name: str) -> None:
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise Refused(reason_of(error)) from None


def send(way: Way, shipment: Shipment) -> str:
    return bring(LocalFiles(_folder(way)), shipment, way)


def test(way: Way) -> Text:
    folder = _folder(way)
    if not os.access(folder, os.W_OK):
        raise _not_written(folder, PermissionError())
    return text("Files will lie in %(folder)s.", folder=str(folder))


def _folder(way: Way) -> Path:
    """The folder, made where it is not there. A link in it that leads elsewhere is not followed."""
    root = Path(way.root).resolve()
    folder = root / way.target.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(folder, error) from None
    if not folder.resolve().is_relative_to(root):
        sentence = text(
            "“%(folder)s” leads out of %(root)s, the folder that deliveries go to.",
            folder=way.target.folder,
            root=str(root),
        )
        raise Conflict(sentence)
    return folder


def _not_written(folder: Path, error: OSError) -> Unavailable:
    if is_disk_full(error):
        return Unavailable(DISK_FULL)
    return Unavailable(
        text(
            "“%(folder)s” cannot be written (%(reason)s). See whether it belongs to the user that"
            " Etalage runs as.",
            folder=str(folder),
            reason=reason_of(error),
        )
    )
