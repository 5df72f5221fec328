"""Time is an argument: who needs it is given a clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, aware of its time zone."""


def utc_now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)
