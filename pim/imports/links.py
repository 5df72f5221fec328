"""Rows that name other products: associations and links. Whether those are there is asked behind
the last row of the run, for they may stand further down, or in the next file.

What is not there yet waits in the database, so that a run that goes on after a kill tells it too. A
trial, which writes nothing, has it in memory.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.errors import Text, text
from pim.imports.batch_reader import RowComplaint, SentRow
from pim.imports.models import MissingLink
from pim.problems import Problem
from pim.products.change import ProductPlan, WriteResult
from pim.products.models import Product
from pim.products.new_products import unpacked
from pim.products.references import identifiers_in
from pim.products.workspace import PlannedFile, key_of
from pim.structure.objects import Structure


class NamedProduct(NamedTuple):
    """A product that a row names at an address. ``key``, ``identifier``: of the row's own."""

    file: str
    line: int
    key: str
    identifier: str
    column: str
    address: str
    named: str

    @property
    def named_key(self) -> str:
        return key_of(self.named)


@dataclass(frozen=True, slots=True)
class MetLinks:
    """What the rows of a batch name. ``odd``: what is odd whatever comes behind them, a product
    that names itself, or another one twice; ``missing``: what is not there yet.
    """

    odd: Sequence[RowComplaint]
    missing: Sequence[NamedProduct]

    @property
    def keys(self) -> Collection[str]:
        """The products about whose links something is, or may have to be, said."""
        odd = {key_of(one.identifier) for one in self.odd}
        return odd | {one.key for one in self.missing}


def meet(
    session: Session,
    structure: Structure,
    columns: Mapping[str, str],
    rows: Sequence[SentRow],
    results: Sequence[WriteResult | ProductPlan],
) -> MetLinks:
    """Take note of what these rows name. ``columns``: address -> column."""
    addresses = columns.keys() & structure.naming_addresses
    if not addresses:
        return MetLinks((), ())
    named = [
        one
        for row, result in zip(rows, results, strict=True)
        if not result.is_refused
        for one in _named_by(row, columns, addresses, result.problems)
    ]
    there = _there(session, {one.named_key for one in named})
    missing = [one for one in named if one.named_key not in there]
    return MetLinks([_complaint(one, rule) for one, rule in _odd(named)], missing)


def put_off(session: Session, run_id: str, missing: Iterable[NamedProduct]) -> None:
    """Keep what is missing until the end of the run."""
    once = {(one.key, one.address, one.named_key): one for one in missing}
    kept = [
        {"run_id": run_id, "named_key": one.named_key, **one._asdict()} for one in once.values()
    ]
    if kept:
        session.execute(insert(MissingLink), kept)


def taken_up(session: Session, run_id: str) -> list[RowComplaint]:
    """Behind the last row: what is still not there, in the order in which it was met. It waits no
    longer.
    """
    fields = [getattr(MissingLink, name) for name in NamedProduct._fields]
    is_there = exists().where(Product.key == MissingLink.named_key)
    lost = select(*fields).where(MissingLink.run_id == run_id, ~is_there)
    lost = lost.order_by(MissingLink.id)
    told = [_unknown(NamedProduct(*row)) for row in session.execute(lost)]
    session.execute(delete(MissingLink).where(MissingLink.run_id == run_id))
    return told


def still_missing(
    session: Session, missing: Sequence[NamedProduct], planned: PlannedFile
) -> list[RowComplaint]:
    """The same for a trial. ``planned``: what it would make."""
    there = _there(session, {one.named_key for one in missing})
    return [
        _unknown(one)
        for one in missing
        if one.named_key not in there and not planned.makes(one.named_key)
    ]


def _unknown(one: NamedProduct) -> RowComplaint:
    return _complaint(one, "unknown product")


def _complaint(one: NamedProduct, rule: str) -> RowComplaint:
    problem = Problem(one.address, rule, _sentence(one, rule), one.named, "warning")
    return RowComplaint(one.file, one.line, one.identifier, one.column, problem)


def _named_by(
    row: SentRow,
    columns: Mapping[str, str],
    addresses: Iterable[str],
    problems: Iterable[Problem],
) -> Iterator[NamedProduct]:
    left = {problem.address for problem in problems if problem.severity in ("skipped", "kept")}
    values, line, own = unpacked(row.edit).values, row.edit.row or 0, row.edit.identifier
    for address in sorted(addresses):
        if address in left:
            continue
        for named in identifiers_in(values.get(address)):
            yield NamedProduct(row.file, line, row.key, own, columns[address], address, named)


def _odd(named: Iterable[NamedProduct]) -> Iterator[tuple[NamedProduct, str]]:
    seen: set[tuple[str, str, str]] = set()
    for one in named:
        if one.named_key == one.key:
            yield one, "itself"
        elif (one.key, one.address, one.named_key) in seen:
            yield one, "twice"
        seen.add((one.key, one.address, one.named_key))


def _sentence(one: NamedProduct, rule: str) -> Text:
    if rule == "itself":
        return text("The product names itself here.")
    if rule == "twice":
        return text("“%(code)s” stands here twice.", code=one.named)
    return text("There is no product “%(code)s”.", code=one.named)


def _there(session: Session, keys: Collection[str]) -> frozenset[str]:
    if not keys:
        return frozenset()
    return frozenset(
        session.scalars(select(Product.key).where(in_values(session, Product.key, keys)))
    )
