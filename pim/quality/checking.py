"""Looking at products: their own warnings are written, and what they say for the comparison with
others is noted.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_
from sqlalchemy.orm import Session

from pim.bulk import in_values, insert_rows
from pim.products.models import Product
from pim.quality.facts import Fact, facts_of
from pim.quality.figures import warnings_changed
from pim.quality.known_words import known_words
from pim.quality.models import ChangedGroup, QualityDismissal, QualityFact, QualityWarning
from pim.quality.records import JudgedRecord, digest, records
from pim.quality.spelling import misspelled_texts
from pim.quality.untranslated import copied_texts
from pim.quality_kinds import MISSPELLED, UNTRANSLATED
from pim.structure.objects import Structure

_Place = tuple[int, str, str]
"""Product id, kind, address."""


@dataclass(frozen=True)
class OwnWarning:
    """A warning of a kind that compares a record with nothing else."""

    kind: str
    address: str
    digest: str
    detail: tuple[str, ...]


def check_products(session: Session, structure: Structure, ids: Iterable[int]) -> None:
    """Look at products and models that were changed, or removed, and at all below them.

    What is compared with others is not settled yet: its groups are among the changed ones then.
    """
    wanted = list(ids)
    roots = select(Product.root_id).where(in_values(session, Product.id, wanted)).distinct()
    whole = in_values(session, Product.root_id, session.scalars(roots).all())
    _check(session, structure, whole, in_values(session, QualityFact.product_id, wanted))


def check_between(session: Session, structure: Structure, above: int, last: int) -> None:
    """Look at all top products with ``above < id <= last``, with all below them."""
    whole = and_(Product.root_id > above, Product.root_id <= last)
    facts = and_(QualityFact.root_id > above, QualityFact.root_id <= last)
    _check(session, structure, whole, facts)


def _check(
    session: Session,
    structure: Structure,
    wanted: ColumnElement[bool],
    noted: ColumnElement[bool],
) -> None:
    """``noted``: facts of what was meant, which may not be there any more."""
    found = list(records(session, wanted))
    ids = [one.id for one in found]
    _forget_outdated_dismissals(session, found)
    _write_findings(session, structure, found)
    known = or_(in_values(session, QualityFact.product_id, ids), noted)
    _write_facts(session, structure, found, known)


def _findings(
    structure: Structure, own_words: Collection[str], record: JudgedRecord
) -> Iterator[OwnWarning]:
    if record.is_retired:
        return
    for text in misspelled_texts(structure, own_words, record.values):
        said = digest(record.values[text.address])
        yield OwnWarning(MISSPELLED, text.address, said, text.words)
    for one in copied_texts(structure, record.values):
        said = digest(record.values[one.address])
        yield OwnWarning(UNTRANSLATED, one.address, said, (one.source,))


def _write_findings(session: Session, structure: Structure, found: Sequence[JudgedRecord]) -> None:
    """Only what differs is written: most products that change have the warnings of before."""
    ids = [one.id for one in found]
    warning, own_words = QualityWarning, known_words(session, structure)
    columns = (warning.product_id, warning.kind, warning.address, warning.digest, warning.detail)
    own = select(*columns).where(
        in_values(session, warning.product_id, ids), warning.group_key == ""
    )
    before = {
        (one.product_id, OwnWarning(one.kind, one.address, one.digest, tuple(one.detail)))
        for one in session.execute(own)
    }
    dismissed = _dismissed(session, ids)
    now = {
        (record.id, finding)
        for record in found
        for finding in _findings(structure, own_words, record)
        if (record.id, finding.kind, finding.address) not in dismissed
    }
    _delete(session, warning, [(number, one.kind, one.address) for number, one in before - now])
    new = sorted(now - before, key=lambda one: (one[0], one[1].kind, one[1].address))
    rows: dict[str, Sequence[Any]] = {
        "product_id": [number for number, _ in new],
        "kind": [one.kind for _, one in new],
        "address": [one.address for _, one in new],
        "digest": [one.digest for _, one in new],
        "detail": [list(one.detail) for _, one in new],
    }
    insert_rows(session, warning, rows, {"group_key": ""})
    if before != now:
        warnings_changed(session)


def _dismissed(session: Session, ids: Sequence[int]) -> set[_Place]:
    """Those that are left are of the values as they stand."""
    said = QualityDismissal
    found = select(said.product_id, said.kind, said.address).where(
        in_values(session, said.product_id, ids)
    )
    return {(row.product_id, row.kind, row.address) for row in session.execute(found)}


def _forget_outdated_dismissals(session: Session, found: Sequence[JudgedRecord]) -> None:
    values = {one.id: one.values for one in found}
    said = QualityDismissal
    known = session.execute(
        select(said.product_id, said.kind, said.address, said.digest).where(
            in_values(session, said.product_id, values)
        )
    )
    outdated = [
        (one.product_id, one.kind, one.address)
        for one in known
        if digest(values[one.product_id].get(one.address)) != one.digest
    ]
    _delete(session, said, outdated)


def _write_facts(
    session: Session,
    structure: Structure,
    found: Sequence[JudgedRecord],
    known: ColumnElement[bool],
) -> None:
    before = {
        (
            row.product_id,
            row.root_id,
            Fact(row.kind, row.address, row.group_key, row.number, row.digest),
        )
        for row in session.execute(select(*QualityFact.__table__.columns).where(known))
    }
    now = {
        (record.id, record.root_id, fact)
        for record in found
        for fact in facts_of(structure, record)
    }
    gone, new = before - now, now - before
    places = [(number, fact.kind, fact.address) for number, _, fact in gone]
    _delete(session, QualityFact, places)
    _delete(session, QualityWarning, places)
    if places:
        warnings_changed(session)
    rows: dict[str, Sequence[Any]] = {
        "product_id": [number for number, _, _ in new],
        "root_id": [root for _, root, _ in new],
        "kind": [fact.kind for _, _, fact in new],
        "address": [fact.address for _, _, fact in new],
        "group_key": [fact.group for _, _, fact in new],
        "number": [fact.number for _, _, fact in new],
        "digest": [fact.digest for _, _, fact in new],
    }
    insert_rows(session, QualityFact, rows)
    groups = sorted({(fact.kind, fact.group) for _, _, fact in gone | new})
    note_changed(session, groups)


def note_changed(session: Session, groups: Sequence[tuple[str, str]]) -> None:
    """Groups, by kind and key, whose warnings are to be worked out again."""
    keys = {"kind": [kind for kind, _ in groups], "group_key": [key for _, key in groups]}
    insert_rows(session, ChangedGroup, keys)


def _delete(
    session: Session,
    table: type[QualityWarning | QualityFact | QualityDismissal],
    places: Sequence[_Place],
) -> None:
    """Delete the rows at these places, some at a time: each is named in the statement."""
    for start in range(0, len(places), 500):
        some = places[start : start + 500]
        key = tuple_(table.product_id, table.kind, table.address)
        gone = delete(table).where(key.in_(some))
        session.execute(gone, execution_options={"synchronize_session": False})
