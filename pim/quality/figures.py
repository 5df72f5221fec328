"""How many products have a quality warning: counted once for each state of the warnings and of the
products, and not at each view.
"""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.db import allocate, current
from pim.kept_figures import KeptFigures
from pim.products import figures
from pim.products.index_parts import CATEGORIES, STATUS
from pim.quality.models import QualityWarning
from pim.quality_kinds import ANY
from pim.search.query import with_term
from pim.workflow import RETIRED

_TIMES_CHANGED = "quality_warnings"
"""The counter that says whether the warnings may be others than before."""
_Within = frozenset[str] | None
_kept: KeptFigures[_Within, Mapping[str, int]] = KeptFigures()


def warnings_changed(session: Session) -> None:
    """Have the warnings counted again: one of them is new, or gone."""
    allocate(session, _TIMES_CHANGED, 1)


def counts(session: Session, within: _Within = None) -> Mapping[str, int]:
    """Kind -> how many products and models have a warning of it, :data:`pim.quality_kinds.ANY` for
    those that have any: as many as the list of them has.

    ``within``: only products in one of these categories, None for all.
    """
    state = (figures.state(session), current(session, _TIMES_CHANGED))
    return _kept.get(session, state, within, lambda: _count(session, within))


def _count(session: Session, within: _Within) -> Mapping[str, int]:
    number = QualityWarning.product_id
    seen = [number.not_in(with_term(STATUS, [RETIRED]))]
    if within is not None:
        seen.append(number.in_(with_term(CATEGORIES, sorted(within))))
    per_kind = select(QualityWarning.kind, func.count(number.distinct())).where(*seen)
    found = dict(session.execute(per_kind.group_by(QualityWarning.kind)).all())
    total = session.scalar(select(func.count(number.distinct())).where(*seen))
    return {**found, ANY: total or 0}
