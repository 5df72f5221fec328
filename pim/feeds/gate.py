"""A build that looks wrong is held, and the last good one stays. Pure. Promise P9 names the
limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pim.errors import Text, ngettext, text
from pim.problems import Problem, Severity


@dataclass(frozen=True)
class Figures:
    """What the gate knows of a build: records in its file, and products left out. ``decided``: of
    these the ones that people keep out (not approved, switched off, outside the channel's tree).
    """

    items: int
    excluded: int
    decided: int = 0


DROP = (10, 30)  # per cent fewer items than the last published build: warn, hold
LEAK = (15, 40)  # per cent fewer items than seven days ago
EXCLUDED = (5, 25)  # percentage points more products left out
FIRST_EXCLUDED = (25, 50)  # per cent left out of a first build, of what people want in the channel
FAILED = 5  # per cent of the products that an exporter or an operation broke on: hold


def assess_failures(failed: int, new: Figures) -> list[Problem]:
    """Whether code broke on so many products that something is wrong with it, or with the feed."""
    seen = new.items + new.excluded
    if not failed or not seen:
        return []
    share = 100 * failed / seen
    message = ngettext(
        "The exporter or the mapping broke on %(num)s product.",
        "The exporter or the mapping broke on %(num)s products.",
        failed,
    )
    return [Problem("", "failed", message, severity="error" if share > FAILED else "warning")]


def assess(new: Figures, last: Figures | None) -> list[Problem]:
    """What speaks against publishing; one error is enough to keep the last good build in its
    place.
    """
    if new.items == 0:
        return [Problem("", "empty", text("The feed would be empty."))]
    if last is None:
        return _assess_first(new)
    return [] if last.items == 0 else [*_compare(new, last)]


def _assess_first(new: Figures) -> list[Problem]:
    """There is nothing to compare a first build with: what it leaves out speaks for itself."""
    faulty = new.excluded - new.decided
    percent = 100 * faulty / (new.items + faulty)
    weight = weigh(percent, FIRST_EXCLUDED)
    if weight is None:
        return []
    message = ngettext(
        "This first build leaves out %(percent)s %% of the products that are approved for the"
        " channel (%(num)s product).",
        "This first build leaves out %(percent)s %% of the products that are approved for the"
        " channel (%(num)s products).",
        faulty,
        percent=round(percent),
    )
    return [Problem("", "first_left_out", message, severity=weight)]


def _compare(new: Figures, last: Figures) -> Iterator[Problem]:
    drop = 100 * (last.items - new.items) / last.items
    if (weight := weigh(drop, DROP)) is not None:
        yield Problem(
            "",
            "item_drop",
            text(
                "%(percent)s %% fewer items than before (%(new)s after %(old)s).",
                percent=round(drop),
                new=new.items,
                old=last.items,
            ),
            severity=weight,
        )
    worse = _share(new) - _share(last)
    if (weight := weigh(worse, EXCLUDED)) is not None:
        message = ngettext(
            "%(num)s percentage point more products are left out than before.",
            "%(num)s percentage points more products are left out than before.",
            round(worse),
        )
        yield Problem("", "left_out", message, severity=weight)


def assess_leak(new: Figures, week_ago: Figures) -> list[Problem]:
    """Whether the feed lost, a few at a time, more than it may lose in seven days."""
    if not week_ago.items or not new.items:
        return []
    drop = 100 * (week_ago.items - new.items) / week_ago.items
    if (weight := weigh(drop, LEAK)) is None:
        return []
    message = text(
        "%(percent)s %% fewer items than seven days ago (%(new)s after %(old)s).",
        percent=round(drop),
        new=new.items,
        old=week_ago.items,
    )
    return [Problem("", "leak", message, severity=weight)]


def _share(figures: Figures) -> float:
    seen = figures.items + figures.excluded
    return 100 * figures.excluded / seen if seen else 0.0


def weigh(amount: float, limits: tuple[int, int]) -> Severity | None:
    """How bad an amount is beside two limits: above which it is warned of, and held."""
    warn, hold = limits
    amount = round(amount, 6)  # 20 % of a whole number is not above 20 for a fraction's sake
    if amount > hold:
        return "error"
    return "warning" if amount > warn else None


def pinned_to(when: datetime) -> Text:
    """Why a sound build is not published: somebody went back to another one."""
    return text("The feed stays at the build of %(when)s until somebody unpins it.", when=when)


def miscounted(counted: int, written: int) -> Text:
    """The finding where an independent reader sees another number of items than were written."""
    return ngettext(
        "%(num)s item can be read back, but %(written)s were written.",
        "%(num)s items can be read back, but %(written)s were written.",
        counted,
        written=written,
    )
