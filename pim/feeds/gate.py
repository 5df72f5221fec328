"""A build that looks wrong is held, and the last good one stays. Pure. Promise P9 names the limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pim.errors import Text, text


@dataclass(frozen=True)
class Figures:
    """What the gate knows of a build: records in its file, products left out."""

    items: int
    excluded: int


@dataclass(frozen=True)
class Finding:
    weight: Literal["warn", "hold"]
    message: Text


DROP = (10, 30)  # per cent fewer items than the last published build: warn, hold
EXCLUDED = (5, 25)  # percentage points more products left out


def judge(new: Figures, last: Figures | None) -> list[Finding]:
    """What speaks against publishing; one "hold" is enough to keep the last good build in its place."""
    if new.items == 0:
        return [Finding("hold", text("The feed would be empty."))]
    return [] if last is None or last.items == 0 else [*_compare(new, last)]


def _compare(new: Figures, last: Figures) -> Iterator[Finding]:
    drop = 100 * (last.items - new.items) / last.items
    if (weight := _weigh(drop, DROP)) is not None:
        yield Finding(
            weight,
            text("%(percent)s %% fewer items than before (%(new)s after %(old)s).", percent=round(drop), new=new.items, old=last.items),
        )
    worse = _share(new) - _share(last)
    if (weight := _weigh(worse, EXCLUDED)) is not None:
        yield Finding(weight, text("%(points)s percentage points more products are left out than before.", points=round(worse)))


def _share(figures: Figures) -> float:
    seen = figures.items + figures.excluded
    return 100 * figures.excluded / seen if seen else 0.0


def _weigh(amount: float, limits: tuple[int, int]) -> Literal["warn", "hold"] | None:
    warn, hold = limits
    if amount > hold:
        return "hold"
    return "warn" if amount > warn else None


def miscounted(counted: int, written: int) -> Text:
    """The finding where an independent reader sees another number of items than were written."""
    return text("%(counted)s items can be read back, but %(written)s were written.", counted=counted, written=written)
