"""Reading taxonomies. The tree of a version is kept in memory: it never changes."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.errors import NotFound, text
from pim.taxonomies.models import Taxonomy, TaxonomyVersion
from pim.taxonomies.tree import TaxonomyTree, load_nodes

KEPT = 4
"""Trees in memory; the largest takes some ten megabytes."""


def taxonomies(session: Session) -> Sequence[Taxonomy]:
    """All of them, by label."""
    return session.scalars(select(Taxonomy).order_by(Taxonomy.label, Taxonomy.code)).all()


def get(session: Session, code: str) -> Taxonomy:
    """:class:`NotFound`."""
    found = session.get(Taxonomy, code)
    if found is None:
        raise NotFound(text("There is no taxonomy “%(code)s”.", code=code))
    return found


def versions(session: Session, code: str) -> Sequence[TaxonomyVersion]:
    """The newest first."""
    of = select(TaxonomyVersion).where(TaxonomyVersion.taxonomy == code)
    return session.scalars(of.order_by(TaxonomyVersion.number.desc())).all()


def version(session: Session, code: str, number: int) -> TaxonomyVersion:
    """:class:`NotFound`."""
    found = session.get(TaxonomyVersion, (code, number))
    if found is None:
        message = text(
            "The taxonomy “%(code)s” has no version %(number)s.", code=code, number=number
        )
        raise NotFound(message)
    return found


def tree(session: Session, code: str, number: int) -> TaxonomyTree:
    """The nodes of a version; :class:`NotFound`."""
    found = version(session, code, number)
    kept = _trees.get(found.digest)
    if kept is None:
        kept = load_nodes(found.nodes)
        while len(_trees) >= KEPT:
            _trees.pop(next(iter(_trees)), None)
        _trees[found.digest] = kept
    return kept


_trees: dict[str, TaxonomyTree] = {}
