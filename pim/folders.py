"""Where the data folders are: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``templates`` or ``migrations``, whichever way Etalage was installed."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
