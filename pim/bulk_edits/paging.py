"""One page of something long: which one is asked for, and what is on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from pim.products.models import Product
from pim.products.workspace import key_of

SIZE = 100


@dataclass(frozen=True)
class PageRequest:
    """``number``: of the page, from 1. ``sku``: only products that have this in their SKU, whatever
    its case; "" for all.
    """

    number: int = 1
    sku: str = ""
    size: int = SIZE

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        return self.start + self.size

    def first(self) -> "PageRequest":
        """The first page of the same."""
        return replace(self, number=1)

    def has_sku(self) -> ColumnElement[bool]:
        """Condition: the product is one of those that are looked for."""
        return Product.key.contains(key_of(self.sku), autoescape=True)


EVERYTHING = PageRequest()
"""Looks for no product."""


@dataclass(frozen=True)
class FoundPage:
    """``rows`` of the page that was asked for; ``total``: how many there are on all pages."""

    rows: Sequence[Any]
    total: int
    asked: PageRequest

    @property
    def has_next(self) -> bool:
        return self.total > self.asked.stop

    @property
    def is_lost(self) -> bool:
        """Whether there is no such page: what it asks for ends before it."""
        return not self.rows and self.asked.number > 1


def with_more(found: FoundPage, more: Sequence[Any]) -> FoundPage:
    """The page of the same with ``more`` behind all that was found."""
    first, last = (max(0, place - found.total) for place in (found.asked.start, found.asked.stop))
    return replace(found, rows=[*found.rows, *more[first:last]], total=found.total + len(more))


def found_page(session: Session, wanted: Select[Any], asked: PageRequest) -> FoundPage:
    """``wanted``: all of them, in their order; one thing in each row."""
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery()))
    rows = session.scalars(wanted.offset(asked.start).limit(asked.size)).all()
    return FoundPage(rows, total or 0, asked)
