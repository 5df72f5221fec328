"""The report of a build: a line for each product that was left out or let in with a warning, and
the totals of it, which are counted once and kept with the build.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import orjson

from pim.errors import Text
from pim.problems import Problem, Severity

RETIRED_LINE = b',true,[["status","retired",'
"""What stands in the line of a retired product, and within no text: there quotes are escaped."""


class ReportLine(NamedTuple):
    """One product of a report. ``excluded``: it is left out; otherwise the reasons are warnings."""

    identifier: str
    excluded: bool
    reasons: list[Problem]

    @property
    def is_retired(self) -> bool:
        """Such a product is told to who asks for it, and counted nowhere."""
        return self.excluded and any(
            (one.address, one.rule) == ("status", "retired") for one in self.reasons
        )


@dataclass(frozen=True)
class ReportTotal:
    """How many products have a problem of this rule in this field; ``sentence`` is that of one of
    them.
    """

    field: str
    rule: str
    products: int
    sentence: Text


def write_line(line: ReportLine) -> bytes:
    """A line of JSON: identifier, whether it is left out, and per reason field, rule, value,
    sentence, its parts, and how far it reaches.
    """
    reasons = [
        [one.address, one.rule, one.value, one.message.msgid, dict(one.message.parts), one.severity]
        for one in line.reasons
    ]
    spelled = [line.identifier, line.excluded, reasons]
    return orjson.dumps(spelled, default=str, option=orjson.OPT_APPEND_NEWLINE)


def count_lines(lines: bytes) -> int:
    """Of how many products these lines tell, without those that are retired."""
    return lines.count(b"\n") - lines.count(RETIRED_LINE)


def read_line(line: bytes) -> ReportLine:
    """What :func:`write_line` wrote."""
    identifier, excluded, reasons = orjson.loads(line)
    return ReportLine(identifier, excluded, [_reason(*one) for one in reasons])


def _reason(
    address: str, rule: str, value: str, msgid: str, parts: dict[str, Any], reaches: Severity | bool
) -> Problem:
    """``reaches``: earlier reports say True for an error, False for all else."""
    if isinstance(reaches, bool):
        reaches = "error" if reaches else "warning"
    return Problem(address, rule, Text(msgid, parts), value, reaches)


def count_totals(lines: Iterable[bytes]) -> list[ReportTotal]:
    """Per field and rule, the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    sentences: dict[tuple[str, str], Text] = {}
    for tail, times in _tails(lines):
        _, reasons = orjson.loads(b"[" + tail)
        of_line: dict[tuple[str, str], Text] = {}
        for address, rule, _, msgid, parts, _ in reasons:
            of_line.setdefault((address, rule), Text(msgid, parts))
        for key, sentence in of_line.items():  # a product counts once, however often it breaks it
            sentences.setdefault(key, sentence)
            counts[key] = counts.get(key, 0) + times
    totals = [ReportTotal(*key, count, sentences[key]) for key, count in counts.items()]
    return sorted(totals, key=lambda total: -total.products)


def _tails(lines: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """What stands in a line behind the identifier, and in how many lines that stands there.

    Most products are left out for the same few reasons, so that few of these need be read: a feed
    that leaves everything out would spend a third of its time on it otherwise.
    """
    remaining = iter(lines)
    while some := list(islice(remaining, 10_000)):
        yield from Counter(map(_tail, some)).items()


def _tail(line: bytes) -> bytes:
    identifier, _, tail = line.partition(b'",')
    if b"\\" not in identifier:
        return tail
    # A quote within the identifier may be taken for its end.
    _, excluded, reasons = orjson.loads(line)
    return orjson.dumps([excluded, reasons])[1:]


def store_totals(totals: Iterable[ReportTotal]) -> list[list[Any]]:
    """As the build's row keeps them."""
    return [
        [one.field, one.rule, one.products, one.sentence.msgid, dict(one.sentence.parts)]
        for one in totals
    ]


def load_totals(stored: Iterable[Iterable[Any]]) -> list[ReportTotal]:
    """What :func:`store_totals` made."""
    return [
        ReportTotal(field, rule, products, Text(msgid, parts))
        for field, rule, products, msgid, parts in stored
    ]
