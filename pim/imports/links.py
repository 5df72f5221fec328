"""Rows that name other products: associations and links. Whether those are there is asked behind
the last row of the run, for they may stand further down, or in the next file.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.errors import Text, text
from pim.imports.batch_reader import RowComplaint, SentRow
from pim.problems import Problem
from pim.products.change import ProductPlan, WriteResult
from pim.products.models import Product
from pim.products.new_products import unpacked
from pim.products.references import identifiers_in, naming_addresses
from pim.products.workspace import PlannedFile, key_of
from pim.structure.objects import Structure


class NamedProduct(NamedTuple):
    """A product that a row names at an address."""

    row: SentRow
    address: str
    identifier: str


@dataclass(slots=True)
class LinkWatch:
    """What the rows of one file name that is not there yet. ``columns``: address -> column.
    ``waiting``: the keys of the products whose rows those are.
    """

    columns: Mapping[str, str]
    waiting: set[str] = field(default_factory=set)
    _missing: list[NamedProduct] = field(default_factory=list)

    def meet(
        self,
        session: Session,
        structure: Structure,
        rows: Sequence[SentRow],
        results: Sequence[WriteResult | ProductPlan],
    ) -> list[RowComplaint]:
        """Take note of what these rows name. What is odd whatever comes behind them is told at
        once: a product that names itself, or another one twice.
        """
        addresses = self.columns.keys() & naming_addresses(structure)
        if not addresses:
            return []
        named = [
            one
            for row, result in zip(rows, results, strict=True)
            if not result.is_refused
            for one in _named_by(row, addresses, result.problems)
        ]
        there = _there(session, {key_of(one.identifier) for one in named})
        missing = [one for one in named if key_of(one.identifier) not in there]
        self._missing += missing
        self.waiting.update(one.row.key for one in missing)
        return [self._complaint(one, rule) for one, rule in _odd(named)]

    def lost(self, session: Session, planned: PlannedFile | None) -> list[RowComplaint]:
        """Behind the last row: what is still not there. ``planned``: what a trial would make."""
        there = _there(session, {key_of(one.identifier) for one in self._missing})
        return [
            self._complaint(one, "unknown product")
            for one in self._missing
            if key_of(one.identifier) not in there
            and not (planned and planned.makes(key_of(one.identifier)))
        ]

    def _complaint(self, one: NamedProduct, rule: str) -> RowComplaint:
        problem = Problem(one.address, rule, _sentence(one, rule), one.identifier, "warning")
        column, edit = self.columns.get(one.address, ""), one.row.edit
        return RowComplaint(one.row.file, edit.row or 0, edit.identifier, column, problem)


def _named_by(
    row: SentRow, addresses: Iterable[str], problems: Iterable[Problem]
) -> Iterator[NamedProduct]:
    left = {problem.address for problem in problems if problem.severity in ("skipped", "kept")}
    values = unpacked(row.edit).values
    for address in sorted(addresses):
        if address not in left:
            for identifier in identifiers_in(values.get(address)):
                yield NamedProduct(row, address, identifier)


def _odd(named: Iterable[NamedProduct]) -> Iterator[tuple[NamedProduct, str]]:
    seen: set[tuple[str, str, str]] = set()
    for one in named:
        key = key_of(one.identifier)
        if key == one.row.key:
            yield one, "itself"
        elif (one.row.key, one.address, key) in seen:
            yield one, "twice"
        seen.add((one.row.key, one.address, key))


def _sentence(one: NamedProduct, rule: str) -> Text:
    if rule == "itself":
        return text("The product names itself here.")
    if rule == "twice":
        return text("“%(code)s” stands here twice.", code=one.identifier)
    return text("There is no product “%(code)s”.", code=one.identifier)


def _there(session: Session, keys: Collection[str]) -> frozenset[str]:
    if not keys:
        return frozenset()
    return frozenset(
        session.scalars(select(Product.key).where(in_values(session, Product.key, keys)))
    )
