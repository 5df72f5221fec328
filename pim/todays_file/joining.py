"""Which product an item of a recorded feed is about: by the column that names products."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.attributes.base import AttributeType, InvalidValue
from pim.bulk import in_values
from pim.errors import Invalid, text
from pim.products import published_products
from pim.products.models import Product
from pim.products.published_products import Published
from pim.products.workspace import key_of
from pim.search.models import Term
from pim.structure.objects import Structure
from pim.todays_file.reading import RecordedFile, RecordedItem

IDENTIFIER = "$identifier"
TRIED = 200
"""Items by which it is found out which column names the products."""
LOOKED_AT = 300
"""Products on which rules are tried: as many as tell rules apart, spread over the whole file."""
_NAMES_SOME = 0.05
"""The share of tried items that a column must name for it to be the one."""


@dataclass(frozen=True)
class JoinedFile:
    """The products that a recorded feed has too. ``column`` names them, by ``source``: the
    identifier or the address of a unique attribute. ``found``: how many items of the file have a
    product here, of ``items`` that it has. ``pairs``: some of them, each with its item.
    """

    column: str
    source: str
    items: int
    found: int
    pairs: Sequence[tuple[Published, RecordedItem]]


def join(session: Session, structure: Structure, file: RecordedFile) -> JoinedFile:
    """:class:`Invalid` under ``file`` where no column names products of this hub."""
    column, source = _naming_column(session, structure, file)
    by_name = _look_up(session, structure, source, _names(file.items, column))
    named = [
        (by_name[name], item) for item in file.items if (name := _name(item, column)) in by_name
    ]
    step = max(1, len(named) // LOOKED_AT)
    chosen = dict(named[::step][:LOOKED_AT])
    return JoinedFile(column, source, len(file.items), len(named), _pairs(session, chosen))


def _naming_column(session: Session, structure: Structure, file: RecordedFile) -> tuple[str, str]:
    """The column that names most products, and by what."""
    step = max(1, len(file.items) // TRIED)
    tried = file.items[::step][:TRIED]
    best, most = ("", ""), _NAMES_SOME * len(tried)
    for source in (IDENTIFIER, *structure.unique_at):
        for column in file.columns:
            names = _names(tried, column)
            found = len(set(_look_up(session, structure, source, names).values())) if names else 0
            if found > most:
                best, most = (column, source), found
    if not best[0]:
        message = text(
            "No column of this file names products of this hub, by SKU or by a unique value such as"
            " the GTIN. Is it the file of this shop?"
        )
        raise Invalid({"file": [message]})
    return best


def _name(item: RecordedItem, column: str) -> str:
    return item.get(column, ("",))[0].strip()


def _names(items: Sequence[RecordedItem], column: str) -> list[str]:
    return list(dict.fromkeys(name for item in items if (name := _name(item, column))))


def _look_up(
    session: Session, structure: Structure, source: str, names: Sequence[str]
) -> dict[str, int]:
    """Name -> the id of the product that it names."""
    if source == IDENTIFIER:
        keys = {name: key_of(name) for name in names}
        known = (Product.key, Product.id)
        chosen = select(*known).where(
            in_values(session, Product.key, set(keys.values())), Product.kind == "product"
        )
    else:
        keys = _terms(structure.unique_at[source].type, names)
        chosen = select(Term.term, Term.product_id).where(
            Term.address == source, in_values(session, Term.term, set(keys.values()))
        )
    ids: dict[str, int] = dict(session.execute(chosen).all())
    return {name: ids[key] for name, key in keys.items() if key in ids}


def _terms(kind: AttributeType, names: Sequence[str]) -> dict[str, str]:
    """Name -> how the index spells this value; those that are none are left out."""
    found = {}
    for name in names:
        with suppress(InvalidValue):
            found[name] = kind.term_of(name)
    return found


def _pairs(
    session: Session, items: Mapping[int, RecordedItem]
) -> list[tuple[Published, RecordedItem]]:
    """The products with these ids, each with its item."""
    roots = sorted(
        session.scalars(
            select(Product.root_id).where(in_values(session, Product.id, items)).distinct()
        )
    )
    found = [
        one
        for root in roots
        for group in published_products.published(session, [root]).values()
        for one in group
    ]
    return [(one, items[one.id]) for one in found if one.id in items]
