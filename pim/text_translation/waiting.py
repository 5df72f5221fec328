"""Which texts wait for a translation, because it is missing or outdated: kept so that a figure and
a list of them cost little.

It is brought up to date with the memory (:mod:`pim.text_translation.following`), for what changed,
and at once for what somebody translates or calls right all the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.bulk import in_values, insert_rows
from pim.db import allocate, current
from pim.kept_figures import KeptFigures
from pim.products import policy
from pim.products.index_parts import CATEGORIES, STATUS
from pim.products.models import Product
from pim.search.query import with_term
from pim.structure.objects import Attribute, Structure
from pim.text_translation.memory import digest
from pim.text_translation.models import WaitingText
from pim.text_translation.outdated import FormerSources
from pim.text_translation.texts import Direction, TextPair, text_pairs
from pim.workflow import RETIRED

_TIMES_MARKED = "waiting_texts"
"""The counter that says whether the table may be another one than before."""


def mark(
    session: Session,
    locales: tuple[str, str],
    ids: Collection[int],
    products: Sequence[Product],
    pairs: Mapping[TextPair, Attribute],
    former: FormerSources,
) -> None:
    """Note which texts of these products wait. ``ids``: of the products, and of those that are gone
    by now; ``former``: of the outdated translations.
    """
    source, target = locales
    session.execute(
        delete(WaitingText).where(
            WaitingText.target_locale == target,
            WaitingText.source_locale == source,
            in_values(session, WaitingText.product_id, ids),
        )
    )
    found = [
        (product.id, address, text_digest)
        for product in products
        for address, text_digest in _waiting(product, pairs, former)
    ]
    rows: dict[str, Sequence[str | int]] = {
        "product_id": [product_id for product_id, _, _ in found],
        "address": [address for _, address, _ in found],
        "digest": [text_digest for _, _, text_digest in found],
    }
    insert_rows(session, WaitingText, rows, {"source_locale": source, "target_locale": target})
    allocate(session, _TIMES_MARKED, 1)


def _waiting(
    product: Product, pairs: Mapping[TextPair, Attribute], former: FormerSources
) -> Iterator[tuple[str, str]]:
    """(address of the translation, digest of both texts)"""
    for pair in pairs:
        source, target = product.values.get(pair.source), product.values.get(pair.target)
        if source is None:
            continue
        if target is None or (product.id, pair.target) in former:
            yield pair.target, digest(f"{source}\0{target or ''}")


_Counted = tuple[Direction, Principal, frozenset[str] | None, frozenset[str] | None]
_figures: KeptFigures[_Counted, int] = KeptFigures()


def count(
    session: Session,
    structure: Structure,
    principal: Principal,
    direction: Direction,
    within: frozenset[str] | None = None,
    attributes: frozenset[str] | None = None,
) -> int:
    """How many texts wait for this principal, equal ones counted once: as many as
    :func:`pim.text_translation.queue.find_tasks` finds. Counted again only after something changed.

    ``within``: only those of products in one of these categories, None for all. ``attributes``:
    only texts of these, None for all.
    """
    state = (current(session, "seq"), current(session, _TIMES_MARKED), structure.version)
    asked = (direction, principal, within, attributes)
    return _figures.get(session, state, asked, lambda: _count(session, structure, *asked))


def _count(
    session: Session,
    structure: Structure,
    direction: Direction,
    principal: Principal,
    within: frozenset[str] | None,
    attributes: frozenset[str] | None,
) -> int:
    addresses: dict[frozenset[str] | None, list[str]] = defaultdict(list)
    for pair in text_pairs(structure, direction, attributes):
        addresses[policy.writable(principal, structure, pair.target)].append(pair.target)
    entry = WaitingText
    seen: list[ColumnElement[bool]] = [
        entry.target_locale == direction.target,
        entry.source_locale == direction.source,
        entry.product_id.not_in(with_term(STATUS, [RETIRED])),
    ]
    if within is not None:
        seen.append(entry.product_id.in_(with_term(CATEGORIES, sorted(within))))
    total = 0
    for categories, some in addresses.items():
        wanted = select(entry.address, entry.digest).where(*seen, entry.address.in_(some))
        if categories is not None:
            wanted = wanted.where(entry.product_id.in_(with_term(CATEGORIES, sorted(categories))))
        tasks = wanted.distinct().subquery()
        total += session.scalar(select(func.count()).select_from(tasks)) or 0
    return total
