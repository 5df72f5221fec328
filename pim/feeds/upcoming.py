"""What a channel will ask from a day on, and a product does not have today: told before it is too
late, and never in the way.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pim.errors import text
from pim.feeds.contract import Exporter, Field, Listing, Problem
from pim.feeds.field_tests import FieldTest, make_test

RULE = "upcoming"


@dataclass(frozen=True)
class UpcomingRule:
    """A field as it will be from ``day`` on. ``test``: of one value, None where it has no rule;
    ``asked``: whether a product needs a value then. ``blocks``: whether a wrong one keeps it out.
    """

    name: str
    day: date
    test: FieldTest | None
    asked: bool
    blocks: bool


class UpcomingRules:
    """The rules of a feed's fields that begin after the day of its build."""

    def __init__(self, exporter: Exporter, mapping: Container[str], blocks: Container[str]) -> None:
        """``mapping``: the fields that the feed fills. ``blocks``: those of which a wrong value
        keeps the product out.
        """
        today = exporter.context.issued
        fields = exporter.fields_for(exporter.context.options)
        self._rules = [
            _rule(then, day, exporter, blocks)
            for field in fields
            for day in sorted({day for day in field.days() if day > today})
            if (then := field.on(day)) is not None
            and (then.name in mapping or then.need == "required")
        ]

    def __bool__(self) -> bool:
        return bool(self._rules)

    def of(self, listing: Listing, reasons: Sequence[Problem]) -> list[Problem]:
        """What will be wrong with it; nothing about fields that ``reasons`` speak of already."""
        found: dict[str, Problem] = {}
        for rule in self._rules:
            if rule.name not in found and (problem := _broken(rule, listing)) is not None:
                found[rule.name] = problem
        if not found:
            return []
        named = {reason.address for reason in reasons if reason.severity != "warning"}
        return [problem for name, problem in found.items() if name not in named]


def _rule(then: Field, day: date, exporter: Exporter, blocks: Container[str]) -> UpcomingRule:
    test = make_test(then, exporter)
    is_needed = then.need == "required"
    return UpcomingRule(then.name, day, test, is_needed, is_needed or then.name in blocks)


def _broken(rule: UpcomingRule, listing: Listing) -> Problem | None:
    value, test = listing.get(rule.name), rule.test
    if value is None and not rule.asked:
        return None
    if value is not None and (test is None or test(value) is None):
        return None
    day = rule.day.isoformat()
    if value is None or test is None:
        message = text("From %(day)s on the channel needs it, and the item stays out.", day=day)
        return Problem(rule.name, RULE, message, severity="warning")
    if rule.blocks:
        message = text("From %(day)s on it breaks a rule, and the item stays out.", day=day)
    else:
        message = text("From %(day)s on it breaks a rule, and the value is left out.", day=day)
    return Problem(rule.name, RULE, message, _first_wrong(value, test), "warning")


def _first_wrong(value: Any, test: FieldTest) -> str:
    """The value, of a list the first one that breaks the rule; with the size of a picture, which
    its address does not show.
    """
    of_one = getattr(test, "of_one", test)
    values = value if type(value) is list else [value]
    wrong = next((one for one in values if of_one(one) is not None), value)
    width, height = getattr(wrong, "width", 0), getattr(wrong, "height", 0)
    return f"{wrong} ({width} × {height})" if width else str(wrong)
