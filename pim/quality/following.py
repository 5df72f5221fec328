"""The warnings follow the change log: what an import, a form or a bulk edit wrote is looked at
afterwards, in batches, so that writing is not slowed down by it.

After a change of the rules, or of what they use of the structure, all products are looked at.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.db import Database
from pim.products.models import Change, Product
from pim.quality import dictionaries, groups
from pim.quality.checking import check_between, check_products
from pim.quality.models import ChangedGroup, QualityProgress
from pim.quality.untranslated import is_text_in_a_language
from pim.quality_kinds import OUTLIER
from pim.structure import queries as catalog
from pim.structure.objects import PRODUCT, Structure

CHANGES = 1000
"""Changes that are followed in one transaction."""
PRODUCTS = 500
"""Top products that are looked at in one transaction, where all of them are."""
GROUPS = 2000
"""Groups of facts that are settled in one transaction."""
MEASUREMENTS = 20
"""Groups of measurements that are: each has as many facts as a family has products."""
RULES = 2
"""Goes up when a rule says something else: then all products are looked at again."""
_ONLY = 1
"""The id of the only row that says how far this is."""


def is_behind(session: Session) -> bool:
    """Whether something changed that the warnings do not know yet; quick."""
    progress = session.get(QualityProgress, _ONLY)
    if progress is None or progress.cursor is not None:
        return True
    if progress.fingerprint != fingerprint(catalog.structure(session)):
        return True
    if progress.change_id < _last_change(session):
        return True
    return session.scalar(select(ChangedGroup.id).limit(1)) is not None


def follow(
    database: Database,
    progress: Callable[[int, int], object] = lambda done, total: None,
    guard: Callable[[Session], object] = lambda session: None,
) -> None:
    """Bring the warnings in step with all that was written. Killed or stopped, it goes on where it
    was.

    ``progress`` is told how many of how many steps are done; ``guard`` is called in every
    transaction, and may raise to stop.
    """
    done, total = 0, 0
    while True:
        with database.writing_batch() as session:
            guard(session)
            left = _step(session)
        if left is None:
            return
        done += 1
        total = max(total, done + left)
        progress(done, total)


def recount(session: Session) -> None:
    """Have all products looked at again by :func:`follow`."""
    progress = session.get(QualityProgress, _ONLY)
    if progress is not None:
        progress.fingerprint = ""


def _step(session: Session) -> int | None:
    """One batch, in the caller's transaction; about how many are left, None where there was none.

    Products come before groups, so that a group is settled once, whatever of it has changed.
    """
    structure = catalog.structure(session)
    progress = _progress(session, structure)
    if progress.cursor is not None:
        return _look_at_some(session, structure, progress)
    if progress.change_id < _last_change(session):
        return _follow_some(session, structure, progress)
    return _settle_some(session)


def _progress(session: Session, structure: Structure) -> QualityProgress:
    """How far this is; at the beginning of all products where the rules are others than before."""
    progress = session.get(QualityProgress, _ONLY)
    wanted = fingerprint(structure)
    if progress is None:
        progress = QualityProgress(id=_ONLY, change_id=0, fingerprint="", cursor=None)
        session.add(progress)
    if progress.fingerprint != wanted:
        progress.change_id, progress.cursor = _last_change(session), 0
        progress.fingerprint = wanted
    return progress


def fingerprint(structure: Structure) -> str:
    """Of the rules and of what they use of the structure."""
    addresses = watched(structure)
    used = {
        "rules": RULES,
        "locales": structure.locales,
        "dictionaries": dictionaries.signature(structure.locales),
        "families": {
            code: [family.label, family.picture]
            for code, family in structure.families_of(PRODUCT).items()
        },
        "watched": sorted(
            f"{address} {attribute.type.code} {attribute.localizable}"
            for address, attribute in structure.attribute_at.items()
            if address in addresses
        ),
    }
    spelled = orjson.dumps(used, option=orjson.OPT_SORT_KEYS)
    return blake2b(spelled, digest_size=16).hexdigest()


def watched(structure: Structure) -> frozenset[str]:
    """The addresses of which some rule says something; the prices of a night cost nothing."""
    shown = {
        code
        for family in structure.families_of(PRODUCT).values()
        for code in (family.label, family.picture)
    }
    return frozenset(
        address
        for address, attribute in structure.attribute_at.items()
        if attribute.code in shown or is_text_in_a_language(attribute) or attribute.type.has_sizes
    )


def _look_at_some(session: Session, structure: Structure, progress: QualityProgress) -> int:
    above = progress.cursor or 0
    after = select(Product.id).where(Product.parent_id.is_(None), Product.id > above)
    ids = session.scalars(after.order_by(Product.id).limit(PRODUCTS)).all()
    last = ids[-1] if ids else _END
    check_between(session, structure, above, last)
    progress.cursor = last if ids else None
    left = select(func.count()).where(Product.parent_id.is_(None), Product.id > last)
    return (session.scalar(left) or 0) // PRODUCTS + 1


_END = 1 << 62
"""Above every id."""


def _follow_some(session: Session, structure: Structure, progress: QualityProgress) -> int:
    columns = (Change.id, Change.product_id, Change.version, Change.old, Change.status_before)
    behind = select(*columns, Change.record_kind).where(Change.id > progress.change_id)
    changes = session.execute(behind.order_by(Change.id).limit(CHANGES)).all()
    ids = dict.fromkeys(_touched(structure, changes))
    if ids:
        check_products(session, structure, ids)
    progress.change_id = changes[-1].id if changes else _last_change(session)
    return (_last_change(session) - progress.change_id) // CHANGES + 1


def _touched(structure: Structure, changes: Iterable[Any]) -> Iterator[int]:
    """The products of which a change may make another judgement. A change of the status counts: of
    what is retired nothing is said.
    """
    addresses = watched(structure) | {"family", "parent", "identifier"}
    for one in changes:
        if one.record_kind == PRODUCT:
            is_step = one.version == 1 or one.status_before is not None
            if is_step or not addresses.isdisjoint(one.old):
                yield one.product_id


def _settle_some(session: Session) -> int | None:
    """Measurements come last, each group once: it is as large as a family, and every batch of
    products changes it.
    """
    is_other = ChangedGroup.kind != OUTLIER
    some = select(ChangedGroup).where(is_other).order_by(ChangedGroup.id).limit(GROUPS)
    changed = session.scalars(some).all()
    if not changed:
        return _settle_measurements(session)
    groups.settle(session, [(one.kind, one.group_key) for one in changed])
    ids = [one.id for one in changed]
    session.execute(delete(ChangedGroup).where(in_values(session, ChangedGroup.id, ids)))
    left = select(func.count()).select_from(ChangedGroup).where(is_other)
    return (session.scalar(left) or 0) // GROUPS + 1


def _settle_measurements(session: Session) -> int | None:
    is_measurement = ChangedGroup.kind == OUTLIER
    last = session.scalar(select(func.max(ChangedGroup.id)).where(is_measurement))
    some = select(ChangedGroup.group_key).where(is_measurement).distinct().limit(MEASUREMENTS)
    keys = session.scalars(some).all()
    if not keys:
        return None
    groups.settle(session, [(OUTLIER, key) for key in keys])
    settled = (is_measurement, ChangedGroup.id <= last)
    is_one = in_values(session, ChangedGroup.group_key, keys)
    session.execute(delete(ChangedGroup).where(*settled, is_one))
    return 0


def _last_change(session: Session) -> int:
    return session.scalar(select(func.max(Change.id))) or 0
