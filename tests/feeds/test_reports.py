"""The report of a build and its totals."""

from collections import Counter
from dataclasses import replace

import pytest

from pim.errors import text
from pim.feeds.reports import (
    ReportLine,
    ReportTotal,
    count_report,
    count_totals,
    load_totals,
    read_line,
    store_totals,
    write_line,
)
from pim.problems import Problem

MISSING = Problem("name", "missing", text("“%(field)s” is missing.", field="name"))
LONG = Problem("title", "too_long", text("Too long."), "x" * 9, "warning")
NAMES = ["A", 'B"', 'C",true,[["x"]', "D\\", "É", 'E",']


def line(identifier: str, *reasons: Problem) -> ReportLine:
    return ReportLine(identifier, any(one.is_error for one in reasons), list(reasons))


@pytest.mark.parametrize("name", NAMES)
def test_a_line_is_read_as_it_was_written(name: str) -> None:
    written = line(name, MISSING, LONG)
    assert read_line(write_line(written)) == written


def test_the_most_frequent_comes_first() -> None:
    lines = [line("A", LONG), line("B", MISSING, LONG), line("C", MISSING), line("D", MISSING)]
    assert count_totals(map(write_line, lines)) == [
        ReportTotal("name", "missing", 3, MISSING.message),
        ReportTotal("title", "too_long", 2, LONG.message),
    ]


def test_counting_quickly_is_counting() -> None:
    """The quick way looks behind the identifier, whatever that is made of."""
    lines = [line(name, *reasons) for name in NAMES for reasons in ((MISSING,), (LONG, MISSING))]
    written = [write_line(one) for one in lines]
    expected = Counter(
        (reason.address, reason.rule) for one in map(read_line, written) for reason in one.reasons
    )
    assert {(one.field, one.rule): one.products for one in count_totals(written)} == expected


def test_the_worth_of_the_products_is_added_up() -> None:
    lines = [line(name, MISSING)._replace(worth=100) for name in NAMES]
    lines.append(line("doubtful", LONG, LONG)._replace(worth=7))
    written = [write_line(one) for one in lines]
    assert read_line(written[0]).worth == 100
    counted = count_report(written)
    worths = {one.field: one.worth for one in counted.totals}
    assert worths == {"name": 100 * len(NAMES), "title": 7}
    assert counted.worth_excluded == 100 * len(NAMES)


def test_a_report_of_before_worth_was_kept_is_counted() -> None:
    earlier = [write_line(line(name, MISSING)).replace(b",0]", b"]") for name in NAMES]
    (total,) = count_totals(earlier)
    assert (total.products, total.worth) == (len(NAMES), 0)
    stored = [row[:5] for row in store_totals([total])]
    assert load_totals(stored) == [total]


def test_totals_are_kept_with_the_build() -> None:
    totals = count_totals([write_line(line("A", MISSING, LONG))])
    assert load_totals(store_totals(totals)) == totals
    assert count_totals([]) == []


@pytest.mark.parametrize("severity", ["error", "skipped", "warning"])
def test_how_far_a_reason_reaches_comes_back(severity):
    written = line("A", replace(MISSING, severity=severity))
    assert read_line(write_line(written)) == written


def test_reports_of_earlier_versions_are_read():
    earlier = (
        b'["A",true,[["name","missing","","Gone.",{},true],["ean","wrong","1","Odd.",{},false]]]'
    )
    assert [reason.severity for reason in read_line(earlier).reasons] == ["error", "warning"]
