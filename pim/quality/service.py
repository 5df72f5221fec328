"""What people do about a warning: mend the value, or say that it is right."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.errors import Conflict, text
from pim.products.models import Product
from pim.quality import groups, queries
from pim.quality.checking import check_products, note_changed
from pim.quality.figures import warnings_changed
from pim.quality.models import ChangedGroup, QualityDismissal, QualityFact, QualityWarning
from pim.quality.records import digest
from pim.quality_kinds import NEAR_OPTION
from pim.structure.objects import Structure


def check_now(session: Session, structure: Structure, ids: Iterable[int]) -> None:
    """Look at products right after somebody saved them, so that a warning goes with what it was
    of.

    The job looks at them once more: what others write at the same moment is not seen here.
    """
    last = select(ChangedGroup.id).order_by(ChangedGroup.id.desc()).limit(1)
    above = session.scalar(last) or 0
    check_products(session, structure, ids)
    changed = select(ChangedGroup.kind, ChangedGroup.group_key).where(ChangedGroup.id > above)
    groups.settle(session, session.execute(changed).all())


def dismiss(
    session: Session,
    structure: Structure,
    product_id: int,
    kind: str,
    address: str,
    by: str,
    now: datetime,
) -> None:
    """A value is right as it is: it is not warned of until it changes. :class:`Conflict` where
    there is no such warning (any more).
    """
    if kind == NEAR_OPTION:
        said = _value_with_near_option(session, structure, product_id, address)
    else:
        said = _value_no_longer_warned_of(session, product_id, kind, address)
    if said is None:
        raise Conflict(text("This warning is gone: the value has changed. Look at it again."))
    session.merge(
        QualityDismissal(
            product_id=product_id, kind=kind, address=address, digest=said, by=by, at=now
        )
    )


def _value_no_longer_warned_of(
    session: Session, product_id: int, kind: str, address: str
) -> str | None:
    """Takes the warning away; the digest of the value that it was of, None where there is none."""
    found = session.get(QualityWarning, (product_id, kind, address))
    if found is None:
        return None
    session.delete(found)
    warnings_changed(session)
    return found.digest


def _value_with_near_option(
    session: Session, structure: Structure, product_id: int, address: str
) -> str | None:
    """The digest of the value in which an option is hardly another one; None where none is."""
    product = session.get(Product, product_id)
    if product is None:
        return None
    marked = queries.meant_options(session, structure, product)
    is_marked = any(one.address == address for one in marked)
    return digest(product.values[address]) if is_marked else None


def restore(
    session: Session, structure: Structure, product_id: int, kind: str, address: str
) -> None:
    """Take back what was said of a value; it is looked at again."""
    place = (product_id, kind, address)
    said = session.get(QualityDismissal, place)
    if said is not None:
        session.delete(said)
        session.flush()
    fact = session.get(QualityFact, place)
    if fact is not None:
        note_changed(session, [(fact.kind, fact.group_key)])
        groups.settle(session, [(fact.kind, fact.group_key)])
    check_now(session, structure, [product_id])
