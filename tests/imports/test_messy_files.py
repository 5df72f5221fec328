"""A campaign: messy files whose encoding somebody annotated, and seeded mutants of a file of ours.
None ends in a traceback, and no letter comes out as another without a word about it.
"""

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pim.errors import Invalid
from pim.imports.headers import KnownColumns
from pim.imports.readers import open_rows
from pim.imports.rows import DamagedRow, Table
from tests.support.campaigns import times

MUTANTS = times(150)
BLOCKS = 15
ANNOTATED = (
    ("Dialect_annotations.txt", "pollock_and_others"),
    ("W3C-CSVW-Dialect_annotations.txt", "w3c_csvw"),
)
ENCODINGS = {"utf8": "utf-8-sig", "ascii": "ascii"}


def annotated(messy: Path) -> Iterator[tuple[Path, str]]:
    for annotations, folder in ANNOTATED:
        for line in (messy / annotations).read_text(encoding="utf-8-sig").splitlines():
            facts = line.split("|")
            if len(facts) == 6 and facts[1] in ENCODINGS:
                yield messy / folder / facts[0], ENCODINGS[facts[1]]


def accepted(table: Table) -> list[list[str]]:
    return [table.header, *(usable(cells) for _, cells in table.rows if isinstance(cells, list))]


def usable(cells: list[str]) -> list[str]:
    faults = cells.faults if isinstance(cells, DamagedRow) else {}
    return [cell for place, cell in enumerate(cells) if place not in faults]


def letters(text: str) -> set[str]:
    """What is beyond ASCII, and could come out as something else."""
    return {letter for letter in text if letter > "\x7f"}


def is_told(table: Table) -> bool:
    return any(one.rule == "encoding" for one in table.detected.doubts)


def test_no_letter_of_an_annotated_file_comes_out_as_another(shared: Path) -> None:
    compared = 0
    garbled = []
    for path, encoding in annotated(shared / "data" / "messy_csv"):
        data = path.read_bytes()
        try:
            right = letters(data.decode(encoding))
        except UnicodeDecodeError:
            continue  # the annotation is wrong
        try:
            table = open_rows(data)
        except Invalid:
            continue
        compared += 1
        read = {letter for row in accepted(table) for cell in row for letter in letters(cell)}
        if not read <= right:
            garbled.append((path.name, read - right))
    assert garbled == []
    assert compared > 150


HEADER = ["nr", "naam", "kleur", "prijs", "tekst"]
ROWS = [
    ["A-1", "Reünie, blauw", "café crème", "12,50", "één regel"],
    ["A-2", "'t Blauwe Huis", "", "1.234,00", "zegt “ja” – of niet"],
    ["A-3", 'Lade 3" diep', "rosé", "0,10", "twee\nregels; één komma"],
    ["A-4", "Größe L", "weiß", "7", "süß & schön"],
    ["A-5", "Crème brûlée", "ivoire", "5,95", "à la carte, €5"],
    ["A-6", "Coördinaat", "zwart|wit", "99", "geïsoleerd\tvat"],
    ["A-7", "Zoölogie", "grün", "18", "privé; 50° “warm”"],
    ["A-8", "Kääpä", "rood", "3,33", "naïef"],
]
KNOWN = KnownColumns(HEADER)
LOCALES = ["nl_NL", "de_DE", "fr_FR"]


@dataclass
class Mutant:
    """How the file is written, and whether it was damaged afterwards."""

    data: bytes
    encoding: str
    is_damaged: bool
    recipe: str


def mutant(chance: random.Random) -> Mutant:
    encoding = chance.choice(
        ["utf-8", "utf-8", "utf-8-sig", "utf-16", "windows-1252", "iso-8859-15", "mac-roman"]
    )
    delimiter = chance.choice(",;\t|")
    newline = chance.choice(["\n", "\r\n"])
    quote = chance.choice('""\'')
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    target = io.StringIO()
    writer = csv.writer(
        target, delimiter=delimiter, lineterminator=newline, quotechar=quote, quoting=quoting
    )
    writer.writerow(HEADER)
    writer.writerows([[f"{row[0]}-{turn}", *row[1:]] for turn in range(12) for row in ROWS])
    above = chance.choice(["", "", f"sep={delimiter}{newline}", f"Lijst van mei{newline}"])
    text = above + target.getvalue() + chance.choice(["", "", "\x1a"])
    data = text.encode(encoding, errors="replace")
    harm = chance.choice(HARMS)
    recipe = f"{encoding} {delimiter!r} {quote} {newline!r} {above!r} {harm.__name__}"
    return Mutant(harm(chance, data), encoding, harm is not unharmed, recipe)


def unharmed(chance: random.Random, data: bytes) -> bytes:
    return data


def strayed(chance: random.Random, data: bytes) -> bytes:
    """A few bytes of another encoding."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(200, len(broken))
        broken[place:place] = chance.choice([b"\xe9", b"\xfc", b"\xc3", b"\x80"])
    return bytes(broken)


def unquoted(chance: random.Random, data: bytes) -> bytes:
    """A sign of the table where none belongs, or one less."""
    broken = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(200, len(broken))
        broken[place : place + chance.randint(0, 2)] = chance.choice(
            [b'"', b"'", b";", b",", b"\n", b"\r", b"\t", b"\0", b""]
        )
    return bytes(broken)


def cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randint(300, len(data))]


HARMS: list[Callable[[random.Random, bytes], bytes]] = [
    unharmed,
    unharmed,
    strayed,
    unquoted,
    cut,
]


@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_mutant_is_read_rightly_refused_or_told(block: int) -> None:
    wrong = []
    for seed in range(block, MUTANTS, BLOCKS):
        made = mutant(random.Random(seed))
        try:
            table = open_rows(made.data, locales=LOCALES, known=KNOWN)
        except Invalid:
            if not made.is_damaged:
                wrong.append((seed, made.recipe, "refused"))
            continue
        rows = accepted(table)
        read = {letter for row in rows for cell in row for letter in letters(cell)}
        strange = read - letters(made.data.decode(made.encoding, errors="replace"))
        if strange and not is_told(table):
            wrong.append((seed, made.recipe, "".join(sorted(strange))))
        if not made.is_damaged and not strange and len(rows) != 1 + 12 * len(ROWS):
            wrong.append((seed, made.recipe, f"{len(rows)} rows"))
    assert wrong == []
