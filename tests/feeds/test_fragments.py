"""The index of a build: what was written is found again, in order, and only while it is true."""

from array import array
from io import BytesIO
from pathlib import Path

from pim.feeds.fragments import Fragment, FragmentWriter, PreviousBuild
from pim.feeds.traces import Trace

FIRST = Fragment(
    root=3, seq=10, members=1, at=6, length=4, items=1, excluded=0, report_at=0, report_length=0
)
SECOND = Fragment(
    root=2**40,
    seq=2**50,
    members=2,
    at=10,
    length=3,
    items=0,
    excluded=1,
    report_at=0,
    report_length=5,
)


def previous(tmp_path: Path) -> PreviousBuild:
    writer = FragmentWriter()
    writer.add(FIRST)
    writer.add(SECOND)
    writer.save(tmp_path / "index")
    index = (tmp_path / "index").read_bytes()
    trace = Trace([], array("I"))
    return PreviousBuild(BytesIO(b"<head>abcdxyz"), BytesIO(b"why?\n"), index, trace)


def test_what_was_written_is_found(tmp_path: Path) -> None:
    found = previous(tmp_path)
    assert found.find(3, 10, 1) == FIRST
    assert found.find(2**40, 2**50, 2) == SECOND
    assert (found.text(FIRST), found.reasons(FIRST)) == (b"abcd", b"")
    assert (found.text(SECOND), found.reasons(SECOND)) == (b"xyz", b"why?\n")


def test_what_changed_came_or_went_is_not_copied(tmp_path: Path) -> None:
    assert previous(tmp_path).find(1, 10, 1) is None
    assert previous(tmp_path).find(3, 11, 1) is None
    assert previous(tmp_path).find(3, 10, 2) is None
    assert previous(tmp_path).find(2**41, 1, 1) is None


def test_products_that_went_are_passed_over(tmp_path: Path) -> None:
    found = previous(tmp_path)
    assert found.find(4, 1, 1) is None
    assert found.find(2**40, 2**50, 2) == SECOND
