"""Which characters a text may hold: all but those that a database, XML or a terminal cannot
carry.
"""

import re
import unicodedata

from pim.attributes.base import InvalidValue
from pim.errors import text

# Tab and newline are the only control characters that mean something in a text. C1 controls are
# what Windows-1252 looks like when read as Latin-1; lone surrogates and the two non-characters
# cannot be written as UTF-8 or XML.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile("[\t\n\x0b-\x0d\x1c-\x1e\u0085\u2028\u2029]")

# What nobody can see: soft hyphen, zero-width signs, byte order mark, marks of direction, fillers,
# variation selectors. These are Unicode's Default_Ignorable_Code_Point, the signs of annotations
# and Braille's empty cell. Within a word they may be right, alone they say nothing.
INVISIBLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
_INVISIBLE = "".join(f"{chr(first)}-{chr(last)}" for first, last in INVISIBLE)
SEEN = re.compile(rf"[^\s{_INVISIBLE}]")
HIDDEN = re.compile(rf"[{_INVISIBLE}]|[^\S ]|{FORBIDDEN.pattern}")
PRINTABLE_BLANKS = frozenset(
    sign
    for first, last in INVISIBLE
    for sign in map(chr, range(first, last + 1))
    if sign.isprintable()
) | {" "}
"""What Python takes for printable, and nobody sees."""


def is_blank(raw: str) -> bool:
    """Whether there is nothing to read or to see."""
    return SEEN.search(raw) is None


def tidy(raw: str) -> str | None:
    """``raw`` with newlines as ``\\n``, None where it is blank. :class:`InvalidValue` (rule
    ``characters``).
    """
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not raw.isprintable():
        found = FORBIDDEN.search(raw)
        if found:
            raise _refused(found)
    return None if is_blank(raw) else raw


def one_line(raw: str) -> str | None:
    """``raw`` without blanks at its ends, None where nothing is left. :class:`InvalidValue` for
    tabs and line breaks too.
    """
    line = raw.strip()
    if not line.isprintable():
        found = FORBIDDEN.search(line) or BREAKS.search(line)
        if found:
            raise _refused(found)
    return None if is_blank(line) else line


def hidden_sign(line: str) -> re.Match[str] | None:
    """The first sign of a line that nobody sees, or that is a blank other than the plain one."""
    return None if line.isascii() and line.isprintable() else HIDDEN.search(line)


def sign_name(sign: str) -> str:
    """``U+200B ZERO WIDTH SPACE``."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()


def _refused(found: re.Match[str]) -> InvalidValue:
    message = text(
        "The character U+%(code)s at position %(position)s cannot be stored; is the file's encoding"
        " right?",
        code=f"{ord(found[0]):04X}",
        position=found.start() + 1,
    )
    return InvalidValue("characters", message)
