"""Which products a feed takes, beyond what may be listed at all: its selection. It is data::

    {
        "only": [{"price": {"at_least": 100}}],
        "with": {"FI-1010-49": {"reason": "Asked for by Anna", "until": "2026-12-31"}},
        "without": {"FI-1020-49": {"reason": "Recalled"}},
    }

``only``: conditions that all must hold. ``with`` and ``without`` name single products, or models
with all their variants, each with a reason and, where it ends, its last day; they have the last
word over conditions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pim.errors import Text, text
from pim.feeds.conditions import ProductTest, compile_conditions
from pim.feeds.mapping import Decide
from pim.feeds.pipeline import InvalidOperation
from pim.feeds.sources import FindSource
from pim.problems import Problem
from pim.products.workspace import key_of
from pim.providers.base import ListedProduct
from pim.structure.objects import Structure

ONLY, WITH, WITHOUT = "only", "with", "without"
NOT_SELECTED, LEFT_OUT_BY_NAME = "not_selected", "left_out_by_name"
_NOT_SELECTED = Problem("", NOT_SELECTED, text("This feed's selection does not take it."))


@dataclass(frozen=True)
class SelectedName:
    """A product that a selection names. ``until``: the last day on which that holds, None for
    always.
    """

    identifier: str
    reason: str
    until: date | None

    def holds(self, day: date) -> bool:
        return self.until is None or day <= self.until


@dataclass(frozen=True)
class CompiledSelection:
    """``decide``: what it keeps out. ``on_the_day``: the names that hold on the day of the build;
    the feed's fingerprint has them.
    """

    decide: Decide
    on_the_day: Sequence[str]


def read_named(given: Any) -> list[SelectedName]:
    """The products under ``with`` or ``without``. Raises
    :class:`~pim.feeds.pipeline.InvalidOperation`.
    """
    if not isinstance(given, Mapping):
        raise InvalidOperation(text("Products are named with a reason each."))
    return [_named(str(identifier), said) for identifier, said in given.items()]


def _named(identifier: str, said: Any) -> SelectedName:
    said = said or {}
    if not isinstance(said, Mapping) or not said.keys() <= {"reason", "until"}:
        raise InvalidOperation(
            text("“%(sku)s” has a reason, and until when that holds.", sku=identifier)
        )
    until = said.get("until")
    if until in (None, ""):
        return SelectedName(identifier, str(said.get("reason", "")), None)
    try:
        day = until if isinstance(until, date) else date.fromisoformat(str(until))
    except ValueError:
        raise InvalidOperation(
            text(
                "“%(until)s” is no day, such as 2026-12-31 (of “%(sku)s”).",
                until=str(until),
                sku=identifier,
            )
        ) from None
    return SelectedName(identifier, str(said.get("reason", "")), day)


def compile_selection(
    given: Any, structure: Structure, find: FindSource, day: date
) -> CompiledSelection | None:
    """None where the feed takes every product. Raises
    :class:`~pim.feeds.pipeline.InvalidOperation`.
    """
    if not given:
        return None
    if not isinstance(given, Mapping) or not given.keys() <= {ONLY, WITH, WITHOUT}:
        raise InvalidOperation(text("A selection has “only”, “with” and “without”."))
    conditions = compile_conditions(given.get(ONLY, []), structure, find)
    taken = _on(day, given.get(WITH, {}))
    left_out = _on(day, given.get(WITHOUT, {}))
    names = [f"+{one}" for one in sorted(taken)] + [f"-{one}" for one in sorted(left_out)]
    return CompiledSelection(_decision(conditions, taken, left_out), names)


def _on(day: date, given: Any) -> dict[str, SelectedName]:
    """Those that hold on a day, by the key of their identifier."""
    return {key_of(one.identifier): one for one in read_named(given) if one.holds(day)}


def _decision(
    conditions: ProductTest, taken: Mapping[str, SelectedName], left_out: Mapping[str, SelectedName]
) -> Decide:
    def decide(window: Sequence[ListedProduct]) -> Sequence[Problem | None]:
        held = conditions(window)
        return [
            _of(product, is_selected, taken, left_out)
            for product, is_selected in zip(window, held, strict=True)
        ]

    return decide


def _of(
    product: ListedProduct,
    is_selected: bool,
    taken: Mapping[str, SelectedName],
    left_out: Mapping[str, SelectedName],
) -> Problem | None:
    """What is said of the product itself counts before what is said of its models."""
    for identifier in filter(None, (product.identifier, product.model, product.root)):
        key = key_of(identifier)
        if key in left_out:
            return Problem("", LEFT_OUT_BY_NAME, _said(left_out[key]))
        if key in taken:
            return None
    return None if is_selected else _NOT_SELECTED


def _said(named: SelectedName) -> Text:
    if named.until is not None:
        return text(
            "Left out of this feed by name until %(until)s: %(reason)s",
            until=named.until.isoformat(),
            reason=named.reason or "–",
        )
    return text("Left out of this feed by name: %(reason)s", reason=named.reason or "–")
