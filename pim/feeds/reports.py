"""The report of a build: a line for each product that was left out or let in with a warning, and
the totals of it, which are counted once and kept with the build.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from pim.errors import Text
from pim.problems import Problem, Severity

RETIRED_LINE = b',true,[["status","retired",'
"""What stands in the line of a retired product, and within no text: there quotes are escaped."""


class ReportLine(NamedTuple):
    """One product of a report. ``excluded``: it is left out; otherwise the reasons are warnings.
    ``worth``: of the product, see :mod:`pim.feeds.worth`.
    """

    identifier: str
    excluded: bool
    reasons: list[Problem]
    worth: int = 0

    @property
    def is_retired(self) -> bool:
        """Such a product is told to who asks for it, and counted nowhere."""
        return self.excluded and any(
            (one.address, one.rule) == ("status", "retired") for one in self.reasons
        )


@dataclass(frozen=True)
class ReportTotal:
    """How many products have a problem of this rule in this field, and what they are worth;
    ``sentence`` is that of one of them.
    """

    field: str
    rule: str
    products: int
    sentence: Text
    worth: int = 0


@dataclass(frozen=True)
class ReportCount:
    """``worth_excluded``: of what is left out and not retired."""

    totals: list[ReportTotal]
    worth_excluded: int


def write_line(line: ReportLine) -> bytes:
    """A line of JSON: identifier, whether it is left out, and per reason field, rule, value,
    sentence, its parts, and how far it reaches; at the end what the product is worth.
    """
    reasons = [
        [one.address, one.rule, one.value, one.message.msgid, dict(one.message.parts), one.severity]
        for one in line.reasons
    ]
    spelled = [line.identifier, line.excluded, reasons, line.worth]
    return orjson.dumps(spelled, default=str, option=orjson.OPT_APPEND_NEWLINE)


def count_lines(lines: bytes) -> int:
    """Of how many products these lines tell, without those that are retired."""
    return lines.count(b"\n") - lines.count(RETIRED_LINE)


def read_line(line: bytes) -> ReportLine:
    """What :func:`write_line` wrote."""
    identifier, excluded, reasons, *more = orjson.loads(line)  # earlier reports have no worth
    return ReportLine(identifier, excluded, [_reason(*one) for one in reasons], *more)


def _reason(
    address: str, rule: str, value: str, msgid: str, parts: dict[str, Any], reaches: Severity | bool
) -> Problem:
    """``reaches``: earlier reports say True for an error, False for all else."""
    if isinstance(reaches, bool):
        reaches = "error" if reaches else "warning"
    return Problem(address, rule, Text(msgid, parts), value, reaches)


def count_totals(lines: Iterable[bytes]) -> list[ReportTotal]:
    """Per field and rule, the most frequent first."""
    return count_report(lines).totals


def count_report(lines: Iterable[bytes]) -> ReportCount:
    """The totals, and what is left out, in one reading."""
    counts: dict[tuple[str, str], int] = {}
    worths: dict[tuple[str, str], int] = {}
    sentences: dict[tuple[str, str], Text] = {}
    worth_excluded = 0
    for tail, (times, worth) in _tails(lines).items():
        excluded, reasons, *_ = orjson.loads(b"[" + tail + b"]")
        of_line: dict[tuple[str, str], Text] = {}
        for address, rule, _, msgid, parts, _ in reasons:
            of_line.setdefault((address, rule), Text(msgid, parts))
        for key, sentence in of_line.items():  # a product counts once, however often it breaks it
            sentences.setdefault(key, sentence)
            counts[key] = counts.get(key, 0) + times
            worths[key] = worths.get(key, 0) + worth
        if excluded and ("status", "retired") not in of_line:
            worth_excluded += worth
    totals = [
        ReportTotal(*key, count, sentences[key], worths[key]) for key, count in counts.items()
    ]
    totals.sort(key=lambda total: -total.products)
    return ReportCount(totals, worth_excluded)


def _tails(lines: Iterable[bytes]) -> dict[bytes, tuple[int, int]]:
    """What stands in a line between the identifier and the worth -> in how many lines it stands,
    and what these are worth together.

    Most products are left out for the same few reasons, so that few of these need be read: a feed
    that leaves everything out would spend a third of its time on it otherwise.
    """
    found: dict[bytes, tuple[int, int]] = {}
    for line in lines:
        tail, worth = _tail(line)
        times, before = found.get(tail, (0, 0))
        found[tail] = times + 1, before + worth
    return found


def _tail(line: bytes) -> tuple[bytes, int]:
    identifier, _, tail = line.partition(b'",')
    if b"\\" in identifier:
        # A quote within the identifier may be taken for its end.
        _, excluded, reasons, *more = orjson.loads(line)
        return orjson.dumps([excluded, reasons])[1:-1], sum(more)
    tail = tail.rstrip()[:-1]
    if tail.endswith(b"]"):  # a report of before worth was kept
        return tail, 0
    reasons, _, worth = tail.rpartition(b",")
    return reasons, int(worth)


def store_totals(totals: Iterable[ReportTotal]) -> list[list[Any]]:
    """As the build's row keeps them."""
    return [
        [one.field, one.rule, one.products, one.sentence.msgid, dict(one.sentence.parts), one.worth]
        for one in totals
    ]


def load_totals(stored: Iterable[Iterable[Any]]) -> list[ReportTotal]:
    """What :func:`store_totals` made."""
    return [
        ReportTotal(field, rule, products, Text(msgid, parts), *worth)
        for field, rule, products, msgid, parts, *worth in stored
    ]
