"""Finding products by whatever somebody types or pastes: a SKU, an EAN or its last digits, words of
a name, also misspelled, or a whole column of a spreadsheet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.products import queries
from pim.products.index_parts import ENDINGS
from pim.products.matching import Filters
from pim.products.models import Product
from pim.products.queries import AnyRow
from pim.products.workspace import key_of
from pim.search import query, vocabulary
from pim.search.models import Term
from pim.search.words import asked
from pim.structure.objects import Structure

FEWEST_DIGITS = 4
"""So many last digits tell an EAN from most others."""
DIGITS = 14
"""Of a GTIN as the index holds it."""
READINGS = 5
"""How many readings of what somebody typed are tried."""
MOST_NAMED = 500
"""Products that one list may name: the list stands in an address, and addresses have an end."""
_ITEMS = re.compile(r"[\t\r\n]+")
_LIST_MARKS = re.compile(r"[,;]")


@dataclass(frozen=True)
class FoundProducts:
    """``rows``: the best first. ``is_named``: the first has this SKU, or an EAN that ends so.
    ``meant``: the words that were looked for instead of those typed; empty where these found
    something.
    """

    rows: Sequence[AnyRow]
    is_named: bool = False
    meant: str = ""


@dataclass(frozen=True)
class NamedProducts:
    """What became of a list of SKUs and EANs: the identifiers of those there are, in the order of
    the list, and what nobody knows. ``left_out``: how many were not looked at.
    """

    identifiers: Sequence[str]
    unknown: Sequence[str]
    left_out: int = 0


def find(
    session: Session, structure: Structure, typed: str, within: frozenset[str] | None, limit: int
) -> FoundProducts:
    """Products for what somebody typed: first the one with this SKU, then those whose EAN ends so,
    then those with these words, and only where there is none of them those with words like these.

    ``within``: only products in one of these categories, None for all.
    """
    sku = typed.strip()
    if not sku:
        return FoundProducts(())
    filters = Filters(within=within)
    numbered = replace(filters, identifiers=(sku, *_ending_in(session, typed)))
    by_number = queries.some(session, structure, numbered, limit)
    by_words = queries.some(session, structure, replace(filters, words=typed), limit)
    exact = [row for row in by_number if key_of(row.identifier) == key_of(sku)]
    found = {row.id: row for row in (*exact, *by_number, *by_words)}
    if found:
        return FoundProducts(list(found.values())[:limit], is_named=bool(by_number))
    for reading in islice(_readings(session, typed), READINGS):
        alike = queries.some(session, structure, replace(filters, words=reading), limit)
        if alike:
            return FoundProducts(alike, meant=reading)
    return FoundProducts(())


def _ending_in(session: Session, typed: str) -> Sequence[str]:
    """Identifiers of products whose EAN ends in these digits."""
    digits = typed.replace(" ", "").strip()
    if not _may_be_code(digits) or len(digits) < FEWEST_DIGITS:
        return ()
    ids = query.with_ending(ENDINGS, digits).limit(queries.PAGE)
    return session.scalars(select(Product.identifier).where(Product.id.in_(ids))).all()


def _readings(session: Session, typed: str) -> Iterator[str]:
    """What somebody may have meant who typed this, the likeliest first."""
    words = asked(typed)
    as_typed = " ".join(words)
    for meant in product(*(_meanings(session, word) for word in words)):
        reading = " ".join(meant)
        if reading != as_typed:
            yield reading


def _meanings(session: Session, word: str) -> Sequence[str]:
    """Words of ours like this one. It stays as it is where it begins one of ours, for it may be
    typed no further yet, and where nothing is like it.
    """
    if vocabulary.has_beginning(session, word):
        return [word]
    return list(vocabulary.meant(session, word)) or [word]


def items_of(pasted: str) -> list[str]:
    """What stands in the cells of a column or row of a spreadsheet, or between commas or
    semicolons, each once. One item is no list.
    """
    cells = _ITEMS if _ITEMS.search(pasted.strip()) else _LIST_MARKS
    items = (one.strip().strip('"').strip() for one in cells.split(pasted.strip()))
    return list(dict.fromkeys(filter(None, items)))


def named(
    session: Session, structure: Structure, items: Sequence[str], within: frozenset[str] | None
) -> NamedProducts:
    """The products of a list of SKUs and EANs, at most :data:`MOST_NAMED` of them."""
    taken = items[:MOST_NAMED]
    meant = _spelled_as_we_do(session, taken)
    filters = Filters(within=within, identifiers=tuple(meant.values()))
    rows = queries.some(session, structure, filters, MOST_NAMED) if meant else ()
    visible = {row.identifier for row in rows}
    found = [meant[one] for one in taken if meant.get(one) in visible]
    unknown = [one for one in taken if meant.get(one) not in visible]
    return NamedProducts(list(dict.fromkeys(found)), unknown, len(items) - len(taken))


def _spelled_as_we_do(session: Session, items: Sequence[str]) -> Mapping[str, str]:
    """Item -> identifier of the product that has this SKU or EAN."""
    found = _with_key(session, items)
    others = [one for one in items if one not in found]
    return found | _with_code(session, others)


def _with_key(session: Session, items: Sequence[str]) -> dict[str, str]:
    """Item -> identifier of the product that has this SKU, in any case."""
    keys = {key_of(one) for one in items}
    known = select(Product.key, Product.identifier).where(in_values(session, Product.key, keys))
    identifiers = {one.key: one.identifier for one in session.execute(known)}
    return {one: identifiers[key_of(one)] for one in items if key_of(one) in identifiers}


def _with_code(session: Session, items: Sequence[str]) -> dict[str, str]:
    """Item -> identifier of the first product that has this EAN."""
    # The index holds codes from their last digit on: so it finds them by their ending.
    codes = {one.zfill(DIGITS)[::-1]: one for one in items if _may_be_code(one)}
    if not codes:
        return {}
    known = (
        select(Term.term, Product.identifier)
        .join(Product, Product.id == Term.product_id)
        .where(Term.address == ENDINGS, in_values(session, Term.term, codes.keys()))
    )
    found: dict[str, str] = {}
    for term, identifier in session.execute(known):
        found.setdefault(codes[term], identifier)
    return found


def _may_be_code(item: str) -> bool:
    return item.isascii() and item.isdecimal() and len(item) <= DIGITS
