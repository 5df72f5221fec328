"""``python -m pim.imports.workbook_process``: reads one workbook, within limits.

The first message is what is wanted as JSON (``path``, ``sheet``, ``decimal``, ``date``) and, where
there is no path, the workbook itself; the answer is ``{"sheet": name, "merged": [[range, last line,
first place, last place], …]}`` or ``{"refused": {place: [[sentence, parts], …]}}``. Every other one
asks for the next rows: ``{"rows": [[line, cells, [[place, [sentence, parts]], …]], …]}``, none at
the end.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from pim.errors import Invalid
from pim.imports.sheets import SheetRow, Spelling, open_sheet
from pim.processes.refusals import SpelledSentence, spell_refusal, spell_sentence
from pim.processes.worker import Limits, serve

MEMORY = 2 * 1024**3
CPU_SECONDS = 120
"""Of processor time for opening the sheet, and for each answer."""
ROWS = 500
"""Of one answer."""


class _Answers:
    def __init__(self) -> None:
        self._rows: Iterator[SheetRow] | None = None

    def answer(self, question: Sequence[bytes]) -> Sequence[bytes]:
        try:
            said = self._open(*question) if self._rows is None else self._next_rows()
        except Invalid as error:
            said = {"refused": spell_refusal(error)}
        return [orjson.dumps(said)]

    def _open(self, wanted: bytes, content: bytes) -> dict[str, Any]:
        asked = orjson.loads(wanted)
        spelling = Spelling(asked["decimal"], asked["date"])
        with Path(asked["path"]).open("rb") if asked["path"] else io.BytesIO(content) as data:
            sheet = open_sheet(data, asked["sheet"], spelling)
        self._rows = sheet.rows
        return {"sheet": sheet.name, "merged": [astuple(one) for one in sheet.merged]}

    def _next_rows(self) -> dict[str, Any]:
        assert self._rows is not None
        return {"rows": [_spelled(row) for row in islice(self._rows, ROWS)]}


def _spelled(row: SheetRow) -> tuple[int, Sequence[str], list[tuple[int, SpelledSentence]]]:
    faults = [(at, spell_sentence(rule)) for at, rule in row.faults.items()]
    return row.line, row.cells, faults


if __name__ == "__main__":
    serve(_Answers().answer, Limits(MEMORY, CPU_SECONDS, writes_files=False))
