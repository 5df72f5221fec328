"""The files of an Akeneo export folder: where they are, their records, and what was odd in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pim.errors import Invalid, Text, text
from pim.imports.readers import open_rows
from pim.imports.rows import Table, UnreadableRow
from pim.problems import Severity

AkeneoRecord = Mapping[str, str]
Definition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of the folder that comes in otherwise (a warning) or not at all (skipped).

    ``line`` 0: the file as a whole.
    """

    file: str
    line: int
    text: Text
    severity: Severity = "skipped"


SHORT = text("The row has fewer cells than the header; the others count as empty.")

_NEEDED = {
    "channels": ("code", "locales", "currencies", "tree"),
    "currencies": ("code", "activated"),
    "attribute_groups": ("code",),
    "attributes": ("code", "type"),
    "attribute_options": ("attribute", "code"),
    "families": ("code", "attributes"),
    "family_variants": ("code", "family"),
    "categories": ("code",),
    "association_types": ("code",),
}
"""File -> columns without which it says nothing."""


def find_file(folder: Path, name: str) -> Path | None:
    """``name.csv``, ``.csv.gz`` or ``.xlsx`` in the folder."""
    return next(
        (
            path
            for ending in (".csv", ".csv.gz", ".xlsx")
            if (path := folder / (name + ending)).is_file()
        ),
        None,
    )


def open_file(path: Path, needed: Sequence[str] = ()) -> Table:
    """The table in one file of the folder, whose rows :func:`padded` completes.

    :class:`Invalid` names the file where it is none, or lacks a column that is needed.
    """
    try:
        table = open_rows(path)
    except Invalid as error:
        raise Invalid({path.name: error.sentences}) from None
    missing = [name for name in needed if name not in table.header]
    if missing:
        raise Invalid(
            {path.name: [text("The column “%(name)s” is missing.", name=name) for name in missing]}
        )
    return table


def padded(cells: list[str] | UnreadableRow, width: int) -> list[str] | UnreadableRow:
    """What a row that is too short lacks is empty; any other row as it is."""
    if not isinstance(cells, UnreadableRow) or not cells.short:
        return cells
    return [*cells.short, *[""] * (width - len(cells.short))]


def read_records(folder: Path, name: str) -> Iterator[tuple[int, AkeneoRecord] | Notice]:
    """(line, column -> cell) of a file, a notice for a row that cannot be read or is too short;
    nothing when the file is absent or empty, as Akeneo leaves them.
    """
    path = find_file(folder, name)
    if path is None or path.stat().st_size == 0:
        return
    table = open_file(path, _NEEDED.get(name, ()))
    for line, row in table.rows:
        cells = padded(row, len(table.header))
        if isinstance(cells, UnreadableRow):
            yield Notice(path.name, line, cells.rule)
            continue
        if cells is not row:
            yield Notice(path.name, line, SHORT, "warning")
        yield line, dict(zip(table.header, cells, strict=True))


def codes_in(cell: str) -> list[str]:
    """The codes of a list, each once, in their order."""
    return list(dict.fromkeys(code.strip() for code in cell.split(",") if code.strip()))


def labelled(record: AkeneoRecord) -> Definition:
    """The labels of a record in all its languages, as a definition has them."""
    labels = {
        column.removeprefix("label-"): cell
        for column, cell in record.items()
        if column.startswith("label-") and cell
    }
    return {"labels": labels} if labels else {}


class Spellings:
    """Codes by the way they are written where they are defined.

    Akeneo's codes differ in more than their case, and its files do not always keep to one.
    """

    def __init__(self) -> None:
        self._ours: dict[str, str] = {}

    def add(self, theirs: str, ours: str | None = None) -> None:
        """``ours``: what the code becomes here, where that is another one."""
        self._ours.setdefault(theirs.lower(), ours or theirs)

    def find(self, code: str) -> str | None:
        """The code as it is called here, None where it is not known."""
        return self._ours.get(code.strip().lower())

    def respell(self, cell: str) -> str:
        """A list of codes as they are called here; one that is not known stays as it is."""
        return ",".join(self.find(code) or code for code in codes_in(cell))
