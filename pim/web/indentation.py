"""Templates are indented for people who read them; browsers are sent a single space for it.

A long sheet has a row for each value, and the blanks of its lines were a tenth of the page.
"""

import re

from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]{2,}", re.MULTILINE)


class Unindented(Extension):
    """What stands inside the lines, values above all, stays as it is.

    One space stays: Jinja takes away the line end behind a block, and words would grow together.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENTATION.sub(" ", source)
