"""Who counts says "1 picture" and "2 pictures": a sentence with a number before a plural has a form
for one as well.
"""

import re
from pathlib import Path

import pytest

from pim.translations.extract import messages

ROOT = Path(__file__).resolve().parents[2]
PART = r"%\(\w+\)[sd]"
PLURAL = re.compile(rf"{PART} (?:[a-z]+ )?(?P<noun>[a-z]+s)\b")
"""A part, perhaps one word more, and a word that ends as English plurals do."""
NO_NOUNS = {
    *("asks", "belongs", "comes", "contains", "does", "gives", "has", "holds", "is", "its"),
    *("names", "needs", "points", "runs", "stands", "takes", "this", "wants", "was", "as"),
}
"""Words that end in s and are counted by nobody."""
NEVER_ONE = {
    "Give a name of at most %(limit)s characters.",
    "Use at least %(length)s characters; a short sentence is good.",
    "Use at most %(length)s characters.",
    "“%(value)s” has more than %(limit)s digits.",
    "“%(value)s” has %(length)s digits: did a spreadsheet drop leading zeros?",
    "More than %(limit)s items (%(count)s).",
    "At most %(limit)s decimals can be stored.",
    "%(found)s of its %(items)s items are products of this hub, by the column “%(column)s”. Rules"
    " were tried on %(tried)s of them, and hold where they make exactly what the file has.",
    "At most %(limit)s characters can be stored.",
    "The HTML has more than %(limit)s tags.",
    "It is empty; the channel recommends a text of at most %(most)s characters.",
    "This GTIN cannot be written with %(digits)s digits.",
    "%(width)s × %(height)s pixels where %(least)s are asked.",
    "The row is longer than %(limit)s characters or %(lines)s lines.",
    "A cell is longer than %(limit)s characters; perhaps a quote is never closed.",
    "The column “%(name)s” is there %(count)s times.",
    "The header is one of the first %(number)s lines.",
    "The sheet goes from %(first)s to %(last)s, which are more than %(limit)s million cells. Delete"
    " the rows and columns outside the table, or save it as CSV.",
    "An identifier has at most %(limit)s characters.",
    "There are at most %(most)s decimals.",
    "Pictures of at least %(pixels)s pixels a side.",
    "A sitemap has at most %(most)s pages and 50 MB: make a feed for each part of the shop.",
    "every %(minutes)s minutes",
    "every %(hours)s hours at %(time)s",
    "%(format)s files are not taken. Save it as JPEG, PNG, WebP, GIF, TIFF or AVIF.",
    "The picture has more than %(limit)s million pixels. Make it smaller.",
}
"""Limits of the program, which are greater than one, and numbers that are one nowhere."""
SPOKEN = re.compile(r"""f["'][^"']*\{[^{}"']+\} (?P<noun>[a-z]+s)\b""")
"""A count in a sentence of the command line, which speaks English."""


def counts(sentence: str) -> bool:
    return any(found["noun"] not in NO_NOUNS for found in PLURAL.finditer(sentence))


@pytest.mark.parametrize("sentence", ["%(count)s rows fill it.", "%(num)s picture sizes"])
def test_a_count_is_recognised(sentence: str) -> None:
    assert counts(sentence)


def test_every_count_has_a_form_for_one() -> None:
    alone = {one.id for one in messages() if isinstance(one.id, str) and counts(one.id)}
    assert alone == NEVER_ONE


def test_the_command_line_counts_as_well() -> None:
    found = [
        (path.name, line.strip())
        for path in sorted((ROOT / "pim" / "cli").glob("*.py"))
        for line in path.read_text().splitlines()
        for spoken in SPOKEN.finditer(line)
        if spoken["noun"] not in NO_NOUNS
    ]
    assert found == []
