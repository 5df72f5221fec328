"""Which characters a text may hold: all but those that a database, XML or a terminal cannot
carry.
"""

import re

from pim.attributes.base import InvalidValue
from pim.errors import text

# Tab and newline are the only control characters that mean something in a text. C1 controls are
# what Windows-1252
# looks like when read as Latin-1; lone surrogates and the two non-characters cannot be written as
# UTF-8 or XML.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile("[\t\n\x0b-\x0d\x1c-\x1e\u0085\u2028\u2029]")


def tidy(raw: str) -> str | None:
    """``raw`` with newlines as ``\\n``, None where there are only blanks. :class:`InvalidValue`
    (rule ``characters``).
    """
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not raw.isprintable():
        found = FORBIDDEN.search(raw)
        if found:
            raise _refused(found)
    return raw if raw and not raw.isspace() else None


def one_line(raw: str) -> str | None:
    """``raw`` without blanks at its ends, None where nothing is left. :class:`InvalidValue` for
    tabs and line breaks too.
    """
    line = raw.strip()
    if not line.isprintable():
        found = FORBIDDEN.search(line) or BREAKS.search(line)
        if found:
            raise _refused(found)
    return line or None


def _refused(found: re.Match[str]) -> InvalidValue:
    message = text(
        "The character U+%(code)s at position %(position)s cannot be stored; is the file's encoding"
        " right?",
        code=f"{ord(found[0]):04X}",
        position=found.start() + 1,
    )
    return InvalidValue("characters", message)
