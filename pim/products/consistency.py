"""Holding products against what must be true of them: their families and what the index says of
them. Reads only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Select, Text, and_, exists, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from media.models import Asset
from pim import errors as sentences
from pim.attributes.base import InvalidValue
from pim.bulk import in_values
from pim.products import indexing, variants
from pim.products.maintenance import CHUNK, roots
from pim.products.models import Product
from pim.products.references import identifiers_in
from pim.products.stores import ASSETS, PRODUCTS, STORES, RecordStore
from pim.products.workspace import Workspace, key_of
from pim.search import consistency as audit
from pim.structure import queries as catalog
from pim.structure.objects import Structure


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


def unlike_model(session: Session) -> Iterator[tuple[str, sentences.Text]]:
    """(identifier, what is wrong) of what stands below a model and is of another family, says
    something else than its model on an axis of that, or cannot be told from its siblings; of a
    model, where its family variant is one of another family. Wants
    families without orphans, and what the structure knows.
    """
    structure = catalog.structure(session)
    child = aliased(Product)
    is_above = exists().where(child.parent_id == Product.id)
    for chunk in roots(session, is_above):
        work = _unlocked(session, structure, PRODUCTS, chunk)
        for item in work.by_id.values():
            problem = variants.why_unlike_model(work, item)
            if problem is not None:
                yield item.identifier, problem.message


def misfits(session: Session) -> Iterator[tuple[str, str]]:
    """(identifier, code or address) of what a product or another record holds and the structure
    does not know; "" for values that cannot be read.
    """
    structure = catalog.structure(session)
    for store in STORES.values():
        for identifier, *codes_and_documents in session.execute(_held_in(store)):
            family, variant, *documents = codes_and_documents
            try:
                held = _addresses(documents)
            except orjson.JSONDecodeError:
                yield identifier, ""
                continue
            unknown = held - store.addresses(structure)
            if family and family not in structure.families_of(store.code):
                unknown.add(family)
            if variant and variant not in structure.variants:
                unknown.add(variant)
            yield from ((identifier, one) for one in sorted(unknown))


def broken_values(session: Session) -> Iterator[tuple[str, str]]:
    """(identifier, address) of what a record holds and its attribute's type cannot read, or that
    breaks a rule of it; doubts break none.
    """
    structure = catalog.structure(session)
    for store in STORES.values():
        for identifier, _, _, *documents in session.execute(_held_in(store)):
            try:
                held = [orjson.loads(one) for one in documents if one is not None]
            except orjson.JSONDecodeError:
                continue  # a misfit
            broken = {
                address
                for document in held
                for address, value in document.items()
                if not _is_value(structure, address, value)
            }
            yield from ((identifier, address) for address in sorted(broken))


def _is_value(structure: Structure, address: str, value: Any) -> bool:
    attribute = structure.attribute_at.get(address)
    if attribute is None:
        return True  # a misfit, or no attribute
    try:
        loaded = attribute.type.load(value)
    except InvalidValue as error:
        return error.doubt
    if loaded is None:
        return False
    return not any(problem.is_error for problem in attribute.type.check(loaded))


def dangling(session: Session) -> Iterator[tuple[str, str, str]]:
    """(identifier, address, named) of what products name that is not there. Wants what the
    structure knows.
    """
    addresses = catalog.structure(session).naming_addresses
    if not addresses:
        return
    named = select(Product.identifier, Product.values).order_by(Product.id)
    for chunk in session.execute(named.execution_options(yield_per=CHUNK)).partitions():
        found = [
            (identifier, address, one)
            for identifier, values in chunk
            for address in sorted(addresses & values.keys())
            for one in identifiers_in(values[address])
        ]
        keys = {key_of(one) for _, _, one in found}
        there = set(
            session.scalars(select(Product.key).where(in_values(session, Product.key, keys)))
        )
        yield from (one for one in found if key_of(one[2]) not in there)


def _held_in(store: RecordStore) -> Select[Any]:
    """Identifier, family, family variant and the documents as text, of every record."""
    plain = [store.loaded_column(name) for name in ("identifier", "family", "family_variant")]
    documents = [type_coerce(store.loaded_column(name), Text) for name in ("values", "published")]
    held = select(*plain, *documents).where(*store.own).order_by(store.column("id"))
    return held.execution_options(yield_per=1000)


def _addresses(documents: Iterable[str | None]) -> set[str]:
    return {
        address
        for document in documents
        if document is not None
        for address in orjson.loads(document)
    }


def without_asset(session: Session) -> Sequence[str]:
    """Identifiers of records of assets that there are not."""
    code = ASSETS.column("identifier")
    is_there = exists().where(Asset.code == code)
    return session.scalars(select(code).where(*ASSETS.own, ~is_there).order_by(code)).all()


def out_of_step(session: Session) -> Iterator[str]:
    """Identifiers of products and other records of which the index says something else than it
    should. Wants families without orphans.
    """
    structure, words = catalog.structure(session), audit.words(session)
    for store in STORES.values():
        for chunk in _chunks(session, store):
            work = _unlocked(session, structure, store, chunk)
            yield from _out_of_step(session, work, words)


def _unlocked(
    session: Session, structure: Structure, store: RecordStore, chunk: Sequence[int]
) -> Workspace:
    """Top records with all below them."""
    work = Workspace(session, structure, datetime.now(UTC), store=store, is_locking=False)
    work.load_roots(chunk)
    return work


def _chunks(session: Session, store: RecordStore) -> Iterator[Sequence[int]]:
    """Ids of top records, a chunk at a time."""
    if store is PRODUCTS:
        yield from roots(session)
        return
    record_id, last = store.column("id"), -1
    ids = select(record_id).where(*store.own).order_by(record_id).limit(CHUNK)
    while chunk := session.scalars(ids.where(record_id > last)).all():
        yield chunk
        last = chunk[-1]


def strangers(session: Session) -> list[int]:
    """Ids that are in the index and of no record."""
    return audit.strangers(session, [store.column("id") for store in STORES.values()])


def _out_of_step(
    session: Session, work: Workspace, found_words: Mapping[int, int]
) -> Iterator[str]:
    expected = {item.id: indexing.expected(work, item) for item in work.by_id.values()}
    found = audit.entries(session, list(expected))
    for record_id, (entries, words) in expected.items():
        has_entries = found.get(record_id, set()) == entries
        has_words = found_words.get(record_id, 0) == audit.fingerprint(words.split())
        if not (has_entries and has_words):
            yield work.by_id[record_id].identifier
