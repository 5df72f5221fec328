"""Lists of the ids of products that fit one filter, as an index gives them: what a list of products
is merged from.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, UnaryExpression, exists, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.operators import custom_op

from pim.attributes.operators import LAST, Sought
from pim.products.models import Change, Product
from pim.search import query
from pim.search.models import Term
from pim.structure.objects import PRODUCT


@dataclass(frozen=True)
class IdList:
    """Who fits a filter. ``found``: their ids, looked up by what is asked for. ``in_order``: the
    same ids in their order, of which one reads no more than one needs; None where no index has
    them so. ``is_without``: asked for is who is not in the list. ``is_words``: SQLite
    looks a single product up in it as slowly as it reads hundreds. ``repeats``: it may name a
    product twice. ``is_long``: nobody needs to count it to know that it is.
    ``condition``: the same as a condition on a product's row, where the row says it.
    """

    found: Select[int]
    in_order: Select[int] | None
    is_without: bool = False
    is_words: bool = False
    repeats: bool = False
    is_long: bool = False
    condition: ColumnElement[bool] | None = None

    def has(self, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Condition: the product of this id fits."""
        (own,) = self.found.selected_columns
        is_listed = exists(self.found.where(own == number))
        return ~is_listed if self.is_without else is_listed


def ordered(found: Select[int], *, is_without: bool = False, is_words: bool = False) -> IdList:
    """A list that is in the order of ids as it is found."""
    return IdList(found, found, is_without, is_words)


def everything() -> IdList:
    """All products and models."""
    product = aliased(Product)
    return IdList(select(product.id), select(product.id), is_long=True)


def of_column(column: str, values: Collection[str | bool | None]) -> IdList:
    """Products whose column has one of these values; None: no value."""
    product = aliased(Product)
    found: Any = select(product.id).where(_has_value(getattr(product, column), values))
    condition = _has_value(getattr(Product, column), values)
    return IdList(found, found if len(values) == 1 else None, condition=condition)


def _has_value(column: Any, values: Collection[str | bool | None]) -> ColumnElement[bool]:
    wanted = [value for value in values if value is not None]
    fits = []
    if wanted:
        fits.append(_is_one_of(column, wanted))
    if len(wanted) < len(values):
        fits.append(column.is_(None))
    return or_(*fits)


def _is_one_of(column: Any, values: Sequence[str | bool]) -> ColumnElement[bool]:
    """With a single value as an equation, whose rows an index gives in the order of ids."""
    found: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def of_terms(session: Session, address: str, sought: Sought) -> IdList:
    """Products by the terms, or the words, that the index has at an address."""
    if sought.words:
        words = query.with_words(session, sought.words, query.word_prefix(address))
        assert words is not None, "why_not() wants a value that is not blank"
        return ordered(words, is_without=sought.is_without, is_words=True)
    entry = aliased(Term)
    number: Any = entry.product_id
    found = select(number).where(entry.address == address, *_fits(entry.term, sought))
    if sought.terms is not None and len(sought.terms) == 1:
        return ordered(found, is_without=sought.is_without)
    term: Any = entry.term
    if session.connection().dialect.name == "sqlite":
        # A plus keeps SQLite from looking the terms up: it reads in the order of ids instead.
        term = UnaryExpression(term, operator=custom_op("+"))
    in_order = select(number).where(entry.address == address, *_fits(term, sought))
    return IdList(found, in_order, sought.is_without, repeats=True)


def of_changes(column: str, values: Collection[str] | Select[str]) -> IdList:
    """Products of whose changes one has one of these values."""
    change = aliased(Change)
    fits = getattr(change, column).in_(values)
    found: Any = select(change.product_id).where(change.record_kind == PRODUCT, fits)
    return IdList(found, None, repeats=True)


def _fits(term: Any, sought: Sought) -> list[ColumnElement[bool]]:
    if sought.terms is not None:
        return [_is_one_of(term, sought.terms)]
    found: list[ColumnElement[bool]] = []
    if sought.first:
        found.append(term >= sought.first)
    if sought.last != LAST:
        found.append(term <= sought.last)
    return found
