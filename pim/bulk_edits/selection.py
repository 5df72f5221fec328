"""Which products a bulk edit is about: found once, when it begins, and kept by id."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.bulk import in_values
from pim.bulk_edits.models import SelectedBatch
from pim.bulk_edits.paging import FoundPage, PageRequest
from pim.products import matching, policy, queries, relatives
from pim.products.matching import Filters
from pim.products.models import Product
from pim.products.workspace import key_of
from pim.structure.objects import PRODUCT, Structure

STORED = 1000
"""Products in one row."""


@dataclass(frozen=True)
class Selection:
    """How the products were chosen. ``chosen``: how many were ticked, or matched; models bring
    their variants along. ``matching``: what the list was asked for; None where products were
    ticked. ``file``: the spreadsheet that names them.
    """

    chosen: int
    matching: Mapping[str, Any] | None = None
    file: str | None = None


@dataclass(frozen=True)
class SelectedProducts:
    """Products by id, ascending. ``along``: those of them that came with a model."""

    ids: Sequence[int]
    along: Collection[int] = field(default_factory=frozenset)


def all_that_match(session: Session, structure: Structure, filters: Filters) -> Sequence[int]:
    """The ids of everything that a list with these filters has, on whatever page."""
    return matching.newest(session, structure, filters, matching.END)


def named(
    session: Session, structure: Structure, principal: Principal, identifiers: Collection[str]
) -> Sequence[int]:
    """The ids of the products with these identifiers that this principal may see."""
    keys = {key_of(one) for one in identifiers}
    wanted = select(*relatives.COLUMNS).where(in_values(session, Product.key, keys))
    rows: Any = session.execute(wanted).all()
    if policy.visible(principal, structure) is None:
        return [row.id for row in rows]  # every product is visible
    documents = relatives.documents(session, rows)
    return [row.id for row in rows if policy.may_see(principal, structure, documents[row.id])]


def with_variants(session: Session, ids: Sequence[int]) -> SelectedProducts:
    """These products, and what stands below the models among them."""
    chosen = frozenset(ids)
    along = relatives.below_models(session, chosen)
    return SelectedProducts(sorted(chosen | along), along)


@dataclass(frozen=True)
class ModelsAbove:
    """The models that hold values for some variants, and how many variants they have in all."""

    ids: frozenset[int]
    variants: int


def models_above(
    session: Session, structure: Structure, ids: Collection[int], addresses: Collection[str]
) -> ModelsAbove:
    """Those that hold what stands at these addresses for the variants among these products."""
    columns = (Product.id, Product.parent_id, Product.root_id)
    is_below = (in_values(session, Product.id, ids), Product.parent_id.is_not(None))
    variants = session.execute(select(*columns).where(*is_below)).all()
    family_variants = queries.family_variants(session, {one.root_id for one in variants})
    attributes = [structure.attribute_at.get(address) for address in addresses]
    codes = {one.code for one in attributes if one is not None}
    found: set[int] = set()
    for one in variants:
        # From the top: the model of level 0, and that of level 1 where there are two above it.
        models = list(dict.fromkeys((one.root_id, one.parent_id)))
        for code in codes:
            level = structure.level_number(family_variants.get(one.root_id), code)
            if level < len(models):  # otherwise the variant holds it itself
                found.add(models[level])
    return ModelsAbove(frozenset(found), _number_of_variants(session, found))


def _number_of_variants(session: Session, models: Collection[int]) -> int:
    below = relatives.below_models(session, models)
    is_variant = (in_values(session, Product.id, below), Product.kind == PRODUCT)
    return session.scalar(select(func.count()).where(*is_variant)) or 0


def replace(session: Session, edit_id: str, selected: SelectedProducts) -> None:
    """These are the products of a bulk edit from now on."""
    session.execute(delete(SelectedBatch).where(SelectedBatch.edit_id == edit_id))
    keep(session, edit_id, selected)


def keep(session: Session, edit_id: str, selected: SelectedProducts) -> None:
    """Store the products of a bulk edit."""
    starts = range(0, len(selected.ids), STORED)
    for number, start in enumerate(starts):
        ids = list(selected.ids[start : start + STORED])
        along = [one for one in ids if one in selected.along]
        session.add(SelectedBatch(edit_id=edit_id, number=number, ids=ids, along=along))


def kept(session: Session, edit_id: str, most: int | None = None) -> SelectedProducts:
    """The products of a bulk edit, the first ``most`` of them."""
    batches = (
        select(SelectedBatch.ids, SelectedBatch.along)
        .where(SelectedBatch.edit_id == edit_id)
        .order_by(SelectedBatch.number)
    )
    if most is not None:
        batches = batches.limit(ceil(most / STORED))
    rows = session.execute(batches).all()
    ids = [number for row in rows for number in row.ids]
    along = frozenset(number for row in rows for number in row.along)
    return SelectedProducts(ids[:most], along)


def found(session: Session, edit_id: str, asked: PageRequest) -> FoundPage:
    """A page of the ids of a bulk edit's products."""
    ids = kept(session, edit_id).ids
    if asked.sku:
        wanted = select(Product.id).where(in_values(session, Product.id, ids), asked.has_sku())
        ids = session.scalars(wanted.order_by(Product.id)).all()
    return FoundPage(ids[asked.start : asked.stop], len(ids), asked)


def named_by(
    session: Session, selected: SelectedProducts, start: int, number: int
) -> Mapping[str, bool]:
    """Identifier -> whether it came with a model, of so many products from one place on; without
    those that are there no more.
    """
    wanted = in_values(session, Product.id, selected.ids[start : start + number])
    rows = session.execute(
        select(Product.id, Product.identifier).where(wanted).order_by(Product.id)
    )
    return {row.identifier: row.id in selected.along for row in rows}
