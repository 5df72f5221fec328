"""Holding products against what must be true of them: their families and what the index says of
them. Reads only.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import orjson
from sqlalchemy import Text, and_, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from pim.products import indexing
from pim.products.maintenance import roots
from pim.products.models import Product
from pim.products.workspace import NAMES, LoadedProduct, Workspace
from pim.search import consistency as audit
from pim.structure import queries as catalog


def orphans(session: Session) -> Sequence[str]:
    """Identifiers of what has no model above it though it says so, or another top than that
    model.
    """
    parent = aliased(Product)
    wrong = or_(parent.id.is_(None), parent.kind != "model", parent.root_id != Product.root_id)
    is_astray = or_(
        and_(Product.parent_id.is_not(None), wrong),
        and_(Product.parent_id.is_(None), Product.root_id != Product.id),
    )
    joined = select(Product.identifier).outerjoin(parent, parent.id == Product.parent_id)
    return session.scalars(joined.where(is_astray).order_by(Product.id)).all()


def misfits(session: Session) -> Iterator[tuple[str, str]]:
    """(identifier, code or address) of what a product holds and the structure does not know; "" for
    values that cannot be read.
    """
    structure = catalog.structure(session)
    raw = [type_coerce(column, Text) for column in (Product.values, Product.published)]
    rows = select(Product.identifier, Product.family, Product.family_variant, *raw).order_by(
        Product.id
    )
    for identifier, family, variant, *documents in session.execute(
        rows.execution_options(yield_per=1000)
    ):
        try:
            held = {
                address
                for document in documents
                if document is not None
                for address in orjson.loads(document)
            }
        except orjson.JSONDecodeError:
            yield identifier, ""
            continue
        unknown = held - structure.known_addresses
        unknown |= {
            code
            for code, known in ((family, structure.families), (variant, structure.variants))
            if code and code not in known
        }
        yield from ((identifier, one) for one in sorted(unknown))


def out_of_step(session: Session) -> Iterator[str]:
    """Identifiers of products of which the index says something else than it should. Wants families
    without orphans.
    """
    structure, words = catalog.structure(session), audit.words(session)
    for chunk in roots(session):
        work = Workspace(session, structure, datetime.now(UTC))
        for row in session.execute(
            select(*_LOADED).where(Product.root_id.in_(chunk)).order_by(Product.id)
        ):
            work.add(LoadedProduct(*row))  # not by work.load, which locks the rows for a change
        yield from _out_of_step(session, work, words)


def _out_of_step(
    session: Session, work: Workspace, found_words: Mapping[int, int]
) -> Iterator[str]:
    expected = {item.id: indexing.expected(work, item) for item in work.by_id.values()}
    found = audit.entries(session, list(expected))
    for number, (entries, words) in expected.items():
        if found.get(number, set()) != entries or found_words.get(number, 0) != audit.fingerprint(
            words.split()
        ):
            yield work.by_id[number].identifier


_LOADED = [getattr(Product, name) for name in (*NAMES, "created", "updated")]
