"""A file about assets needs no profile: its columns are named by the addresses they fill."""

from collections.abc import Sequence
from pathlib import Path

from pim.errors import Invalid, text
from pim.imports.profiles import FileSettings, Profile
from pim.imports.readers import open_rows
from pim.row_reader import Column
from pim.structure.objects import Structure

PROFILE = "assets"
"""The name under which the rows of such files are remembered."""
KEYS = ("asset", "filename")
"""The columns that may name the asset: by its code, or by its file. The first there is counts."""


def asset_profile(
    structure: Structure, path: Path, *, owner: str = "hub", clear: str | None = None
) -> Profile:
    """How a file about assets is read: CSV or XLSX as :mod:`pim.assets.files` writes it.

    ``owner``: the system for which it speaks. ``clear``: the cell that empties a value.
    :class:`Invalid` where no column names the asset.
    """
    header = open_rows(path, FileSettings(), structure.locales, ()).header
    key = next((name for name in KEYS if name in header), None)
    if key is None:
        sentence = text("The file needs a column “asset” (codes) or “filename” (names of files).")
        raise Invalid({"asset": [sentence]})
    columns = tuple(_columns(header, key))
    return Profile(PROFILE, "Assets", owner, "asset", key, columns, FileSettings(), clear)


def _columns(header: Sequence[str], key: str) -> list[Column]:
    """Every column fills the address that it is called by, but for those that name the asset."""
    return [Column(name, None if name in KEYS and name != key else name) for name in header]
