"""What marks a cell as text for a spreadsheet, and is no part of what it says. Pure."""

import re

_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_MARKED = re.compile(r"'([=+\-@\t\r].*|[+-]?\d(?:[\d.,/ -]|['’](?=\d))*)", re.DOTALL)
MAY_BE_MARKED = re.compile(r"""(?:^|[^\w])(?:="|'[=+\-@\t\r\d])""")
"""What a line has in which a cell could be marked as text."""


def without_markers(cells: list[str]) -> list[str]:
    """Cells without what marks them as text for a spreadsheet: ``="0017"`` and ``'0017`` are 0017,
    ``'=1+1`` is =1+1. The apostrophe of ``'t Hofje`` is a letter.
    """
    return [unmarked(cell) if cell[:1] in ("=", "'") else cell for cell in cells]


def unmarked(cell: str) -> str:
    if formula := _FORMULA.fullmatch(cell.strip()):
        return formula[1].replace('""', '"')
    marked = _MARKED.fullmatch(cell)
    return marked[1] if marked else cell
