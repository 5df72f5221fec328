"""Putting a backup back."""

from pathlib import Path

from pim.config import Settings
from pim.keeping.archive import Archive


def restore(settings: Settings, file: Path) -> None:
    """Replace database, files and secret key by those of the backup."""
    with Archive(file):
        raise NotImplementedError
