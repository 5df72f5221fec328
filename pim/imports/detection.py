"""What was found out about a file before its first row was taken, how sure it is, and what may as
well be otherwise. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pim.errors import Text
from pim.problems import Problem

Sureness = Literal["declared", "certain", "likely", "doubtful"]
"""``declared``: by the profile or by the file itself."""

FIRST_ROWS = 3
SHOWN_FROM = 20
"""Rows among which the first are looked for that can be read."""
_COLUMNS = 100
_CELL = 80


@dataclass(frozen=True, slots=True)
class Finding:
    value: str
    sure: Sureness


@dataclass(frozen=True, slots=True)
class Detected:
    """``findings``: by the profile's setting that decides it (``encoding``, ``delimiter``,
    ``quote``, ``sheet``, ``header``). ``rows``: the first ones as they will be read. ``doubts``: a
    sentence for every finding that may be wrong.
    """

    findings: Mapping[str, Finding]
    doubts: Sequence[Problem] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)

    def with_table(
        self, header: Finding, columns: Sequence[str], rows: Sequence[object]
    ) -> "Detected":
        """And where its table begins."""
        read = [_shown(cells) for cells in rows if isinstance(cells, list)]
        findings = {**self.findings, "header": header}
        return replace(self, findings=findings, columns=_shown(columns), rows=read[:FIRST_ROWS])

    def document(self) -> dict[str, Any]:
        """As a run keeps it."""
        found = {
            name: {"value": one.value, "sure": one.sure} for name, one in self.findings.items()
        }
        return {**found, "columns": list(self.columns), "rows": [list(row) for row in self.rows]}


NOTHING = Detected({})


def _shown(cells: Sequence[str]) -> list[str]:
    return [_printable(cell[:_CELL]) for cell in cells[:_COLUMNS]]


def _printable(raw: str) -> str:
    return "".join(one if one.isprintable() or one in "\n\t" else "�" for one in raw)


def doubt(setting: str, sentence: Text) -> Problem:
    """A warning about a finding; its sentence names the setting of the profile that decides it."""
    return Problem("", setting, sentence, "", "warning")
