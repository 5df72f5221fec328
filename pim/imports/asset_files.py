"""A file about assets needs no profile: its columns are named by the addresses they fill."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pim.errors import Invalid, text
from pim.imports.headers import KnownColumns
from pim.imports.profiles import FileSettings
from pim.imports.readers import open_rows
from pim.structure.objects import Structure

PROFILE = "assets"
"""The name under which the rows of such files are remembered."""
KEYS = ("asset", "filename")
"""The columns that may name the asset: by its code, or by its file. The first there is counts."""


def asset_profile(
    structure: Structure, path: Path, *, owner: str = "hub", clear: str | None = None
) -> Mapping[str, Any]:
    """How a file about assets is read: CSV or XLSX as :mod:`pim.assets.files` writes it. The
    definition of a profile, for :func:`pim.imports.profiles.profile_from`.

    ``owner``: the system for which it speaks. ``clear``: the cell that empties a value.
    :class:`Invalid` where no column names the asset.
    """
    known = KnownColumns((), KEYS)
    header = open_rows(path, FileSettings(), structure.locales, known).header
    key = next((name for name in KEYS if name in header), None)
    if key is None:
        sentence = text("The file needs a column “asset” (codes) or “filename” (names of files).")
        raise Invalid({"asset": [sentence]})
    columns: dict[str, str | None] = {name: name for name in header if name}
    columns.update(dict.fromkeys(set(KEYS) & set(header)))  # the names of assets are no values
    columns[key] = "asset"
    definition: dict[str, Any] = {
        "code": PROFILE,
        "label": "Assets",
        "owner": owner,
        "kind": "asset",
        "key": key,
        "columns": columns,
    }
    if clear:
        definition["clear"] = clear
    return definition
