"""The step in which each product gets its own values: those that somebody changed in a spreadsheet.

A value is written only over what was exported, or over what somebody has seen there and decided
against: whatever else stands there now was changed meanwhile, and stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.bulk_edits.changes import StepChange, attempt, family_of_model, loaded
from pim.bulk_edits.models import OwnCells
from pim.bulk_edits.working import Places, WorkedProduct
from pim.errors import text
from pim.problems import Problem
from pim.structure.objects import Structure
from pim.values import Value

FACTS = ("family", "enabled")
CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class OwnCell:
    """``base``: what was exported; ``wanted``: what it is to be. ``over``: what somebody decided to
    overwrite, where that ``is_decided``.
    """

    address: str
    base: Value
    wanted: Value
    over: Value = None
    is_decided: bool = False

    def may_overwrite(self, now: Value) -> bool:
        return bool(now == self.base or (self.is_decided and now == self.over))

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def read_cells(stored: Iterable[Mapping[str, Any]]) -> list[OwnCell]:
    """What :meth:`OwnCell.stored` gave."""
    return [OwnCell(**one) for one in stored]


class TakeOwnCells(StepChange):
    """``edit``: the bulk edit whose cells they are."""

    def __init__(self, structure: Structure, edit: str, addresses: Sequence[str]) -> None:
        super().__init__(addresses)
        self._edit = edit
        self._types = {
            address: one.type
            for address in addresses
            if (one := structure.attribute_at.get(address)) is not None
        }

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        items = [one.item for one in products]
        ids = {number for one in items for number in (one.id, one.parent_id, one.root_id) if number}
        wanted = select(OwnCells.product_id, OwnCells.cells).where(
            OwnCells.edit_id == self._edit, in_values(session, OwnCells.product_id, ids)
        )
        cells = {row.product_id: read_cells(row.cells) for row in session.execute(wanted)}
        for product in products:
            models = {product.item.parent_id, product.item.root_id} - {product.id}
            above = [cell for number in models for cell in cells.get(number or 0, ())]
            for cell in cells.get(product.id, ()):
                if not _is_lent(product, cell, above):
                    self._take(product, cell, places)

    def _take(self, product: WorkedProduct, cell: OwnCell, places: Places) -> None:
        now = _now(product, cell.address)
        if now == cell.wanted:
            return
        if not cell.may_overwrite(now):
            product.left(_changed_meanwhile(cell))
        elif cell.address in FACTS:
            _put_fact(product, cell)
        elif places.holds(product, cell.address, fills=cell.wanted is not None):
            attempt(product, cell.address, partial(self._value, cell))

    def _value(self, cell: OwnCell) -> Value:
        """As the structure of today has it: an option may have gone since."""
        type_ = self._types.get(cell.address)
        return cell.wanted if type_ is None else loaded(type_, cell.wanted)


def _is_lent(product: WorkedProduct, cell: OwnCell, above: Sequence[OwnCell]) -> bool:
    """Whether a model lends the value, and its own row of the file says the same: somebody filled
    the column down.
    """
    return cell.address not in product.item.values and any(
        (one.address, one.wanted) == (cell.address, cell.wanted) for one in above
    )


def _now(product: WorkedProduct, address: str) -> Value:
    if address in FACTS:
        return getattr(product.item, address)
    return product.document.get(address)


def _put_fact(product: WorkedProduct, cell: OwnCell) -> None:
    if cell.address == "family" and product.model is not None:
        product.left(family_of_model(product.model))
    else:
        product.new[cell.address] = cell.wanted


def _changed_meanwhile(cell: OwnCell) -> Problem:
    sentence = text("Left as it is: somebody changed it after the file was exported.")
    shown = "" if cell.wanted is None else str(cell.wanted)
    return Problem(cell.address, CONFLICT, sentence, shown, "kept")
