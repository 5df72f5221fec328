"""Reading quality warnings: all of them, and those of a product."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.products.index_parts import STATUS
from pim.products.models import Product
from pim.quality import groups
from pim.quality.facts import STEPS
from pim.quality.models import QualityDismissal, QualityFact, QualityWarning
from pim.quality.near_options import near_to
from pim.quality.records import digest
from pim.quality_kinds import NAMES, NEAR_OPTION, OUTLIER
from pim.search.query import with_term
from pim.structure.objects import Structure
from pim.workflow import RETIRED

MOST_COUNTED = 1000
"""Products with an option are counted no further: as many others have one that is meant."""
EXAMPLES = 3
"""Products that are named among those that have the same."""


@dataclass(frozen=True)
class ListedWarning:
    """A warning as the command line lists it; ``detail``: as the table has it."""

    identifier: str
    kind: str
    address: str
    detail: Sequence[str]


def every(session: Session, kind: str | None = None) -> list[ListedWarning]:
    """All warnings, oldest products first; what is retired left out. ``kind``: only of this one."""
    warning = QualityWarning
    wanted = (
        select(Product.identifier, warning.kind, warning.address, warning.detail)
        .join(Product, Product.id == warning.product_id)
        .where(Product.id.not_in(with_term(STATUS, [RETIRED])))
        .order_by(Product.id, warning.kind, warning.address)
    )
    if kind:
        wanted = wanted.where(warning.kind == kind)
    return [ListedWarning(*row) for row in session.execute(wanted)]


@dataclass(frozen=True)
class WarningOfProduct:
    """A warning with what its sentence says. ``others``: identifiers of some that have the same,
    and ``more``: how many there are besides. ``times``: of a measurement out of line, how many
    times as large as the middle of its family it is; None where that is not known any more, until
    the job has looked at it again.
    """

    product_id: int
    kind: str
    address: str
    detail: Sequence[str] = ()
    others: Sequence[str] = ()
    more: int = 0
    times: float | None = None


def of_products(session: Session, ids: Sequence[int]) -> list[WarningOfProduct]:
    """The warnings of these products, by kind and address."""
    warning = QualityWarning
    wanted = select(warning).where(in_values(session, warning.product_id, ids))
    found = session.scalars(wanted.order_by(warning.kind, warning.address)).all()
    return [_told(session, one) for one in found]


def kinds_of(session: Session, ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """Product id -> kind -> how many warnings of it the product itself has, in the order in which
    kinds are shown; without those that have none.
    """
    warning = QualityWarning
    counted = (
        select(warning.product_id, warning.kind, func.count())
        .where(in_values(session, warning.product_id, ids))
        .group_by(warning.product_id, warning.kind)
    )
    found: dict[int, dict[str, int]] = {}
    for product_id, kind, number in session.execute(counted):
        found.setdefault(product_id, {})[kind] = number
    return {
        product_id: {kind: kinds[kind] for kind in NAMES if kind in kinds}
        for product_id, kinds in found.items()
    }


@dataclass(frozen=True)
class MeantOption:
    """An option of a product at an address, and the one that is hardly another and probably
    meant.
    """

    address: str
    held: str
    meant: str


def meant_options(
    session: Session, structure: Structure, product: Product
) -> Iterator[MeantOption]:
    """The options of a product beside which there is a near one that more products have; of those
    that are not counted, the first in the structure is meant. Without the values that somebody
    called right.
    """
    values = product.values
    right = {
        one.address: one.digest
        for one in dismissals(session, [product.id])
        if one.kind == NEAR_OPTION
    }
    for address, attribute in structure.attribute_at.items():
        if address not in values or not attribute.type.has_options:
            continue
        if right.get(address) == digest(values[address]):
            continue
        value = values[address]
        for held in value if isinstance(value, list) else [value]:
            near = near_to(structure, attribute, held)
            if near:
                ranked = _ranked(session, structure, address, [held, *near])
                if ranked[0] != held:
                    yield MeantOption(address, held, ranked[0])


def _ranked(
    session: Session, structure: Structure, address: str, codes: Sequence[str]
) -> Sequence[str]:
    """Options of an attribute: what most products have first, counted as far as matters."""
    order = structure.attribute_at[address].type.ranked_terms() or ()

    def has(code: str) -> int:
        some = with_term(address, [code]).limit(MOST_COUNTED).subquery()
        return session.scalar(select(func.count()).select_from(some)) or 0

    return sorted(codes, key=lambda code: (-has(code), order.index(code)))


def dismissals(session: Session, ids: Sequence[int]) -> Sequence[QualityDismissal]:
    """What people said of the values of these products."""
    said = QualityDismissal
    wanted = select(said).where(in_values(session, said.product_id, ids))
    return session.scalars(wanted.order_by(said.kind, said.address)).all()


def _told(session: Session, one: QualityWarning) -> WarningOfProduct:
    place = (one.product_id, one.kind, one.address)
    fact = session.get(QualityFact, place) if one.group_key else None
    if fact is None:
        return WarningOfProduct(*place, detail=one.detail)
    if one.kind == OUTLIER:
        return WarningOfProduct(*place, times=_times_usual(session, fact))
    others, number = _others(session, fact)
    return WarningOfProduct(*place, others=others, more=number - len(others))


def _times_usual(session: Session, fact: QualityFact) -> float | None:
    """How many times the middle of its family a measurement is; None where too few are left."""
    usual = groups.usual_sizes_of(session, fact.group_key)
    if usual is None:
        return None
    return float(2 ** ((fact.number - usual.middle) / STEPS))


def _others(session: Session, fact: QualityFact) -> tuple[Sequence[str], int]:
    """Some that have the same, outside the model of this one, and how many there are."""
    other = QualityFact
    same = (other.group_key == fact.group_key, other.root_id != fact.root_id)
    number = session.scalar(select(func.count(other.product_id.distinct())).where(*same)) or 0
    ids = select(other.product_id).where(*same).distinct()
    named = select(Product.identifier).where(Product.id.in_(ids)).order_by(Product.id)
    return session.scalars(named.limit(EXAMPLES)).all(), number
