"""Numbers that Excel shows with leading zeros: the zeros of ``000042`` are in the number format of
its cell, and of an article number they are a part. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PIECE = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<bare>[ +()-])|(?P<zero>0)')


@dataclass(frozen=True, slots=True)
class Padding:
    """A number format of zeros and literal characters. ``template``: with a field for each zero."""

    template: str
    zeros: int

    def show(self, number: int) -> str:
        """As Excel shows it: digits for which there is no zero stand before the first."""
        digits = str(number).zfill(self.zeros)
        beyond = len(digits) - self.zeros
        return self.template.format(digits[: beyond + 1], *digits[beyond + 1 :])


def read_padding(number_format: str) -> Padding | None:
    """None for a format of anything else, and for one of a single zero, which pads nothing: of
    ``0" pcs"`` the number is the value.
    """
    pieces = list(_PIECE.finditer(number_format))
    zeros = sum(piece["zero"] is not None for piece in pieces)
    if zeros < 2 or "".join(piece[0] for piece in pieces) != number_format:
        return None
    return Padding("".join(_fields(pieces)), zeros)


def _fields(pieces: list[re.Match[str]]) -> Iterator[str]:
    for piece in pieces:
        if piece["zero"]:
            yield "{}"
        else:
            literal = piece["quoted"] or piece["escaped"] or piece["bare"] or ""
            yield literal.replace("{", "{{").replace("}", "}}")
