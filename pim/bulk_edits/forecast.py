"""What a bulk edit would do: planned for every product, and nothing of it written."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.bulk_edits import selection
from pim.bulk_edits.batches import CompiledSteps
from pim.bulk_edits.compiling import compile_steps
from pim.bulk_edits.effects import FeedEffects
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.outcomes import BulkTally, ReworkedProduct, outcomes
from pim.bulk_edits.own_cells import CONFLICT
from pim.bulk_edits.selection import SelectedProducts
from pim.bulk_edits.steps import read_steps
from pim.db import Database
from pim.errors import Text
from pim.problems import Problem
from pim.products import rework
from pim.products.change import Origin, ProductPlan
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.workflow import APPROVED, DRAFT

EXACT = 200
"""Products that are planned while somebody waits for the page; a job plans the others."""
MOST_REFUSALS = 1000
"""What is kept one by one of all that would be left as it is; all of it is counted."""
BATCH = 500
"""Products that are planned at once."""


@dataclass(frozen=True)
class ForecastCause:
    """How many values or products would be left as they are for one reason. ``example``: one of its
    sentences.
    """

    severity: str
    rule: str
    address: str
    number: int
    example: Text


@dataclass(frozen=True)
class ScopeEffect:
    """How many products would become complete in a scope, and how many would cease to be."""

    scope: str
    gained: int
    lost: int


@dataclass(frozen=True)
class FeedEffect:
    """How many products a feed would win and lose, once what was edited is approved."""

    feed: str
    entering: int
    leaving: int


@dataclass(frozen=True)
class PlannedRefusal:
    """A value or a product that would be left as it is, and why."""

    identifier: str
    address: str
    value: str
    message: Text


@dataclass(frozen=True)
class Forecast:
    """What would become of all products. ``number``: how many were planned. ``drafts``: how many
    approved ones would become drafts by it. ``refusals``: the first that are not somebody's to
    decide, as conflicts are.
    """

    number: int
    tally: BulkTally
    drafts: int
    causes: Sequence[ForecastCause]
    scopes: Sequence[ScopeEffect]
    feeds: Sequence[FeedEffect]
    refusals: Sequence[PlannedRefusal] = ()

    def stored(self) -> dict[str, Any]:
        """As the bulk edit keeps it."""
        causes = [{**asdict(one), "example": one.example.stored()} for one in self.causes]
        return {
            "number": self.number,
            "tally": asdict(self.tally),
            "drafts": self.drafts,
            "causes": causes,
            "scopes": [asdict(one) for one in self.scopes],
            "feeds": [asdict(one) for one in self.feeds],
            "refusals": [{**asdict(one), "message": one.message.stored()} for one in self.refusals],
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Forecast":
        """What :meth:`stored` gave."""
        causes = [
            ForecastCause(**{**one, "example": Text.read(one["example"])})
            for one in stored["causes"]
        ]
        return cls(
            stored["number"],
            BulkTally(**stored["tally"]),
            stored["drafts"],
            causes,
            [ScopeEffect(**one) for one in stored["scopes"]],
            [FeedEffect(**one) for one in stored["feeds"]],
            [
                PlannedRefusal(**{**one, "message": Text.read(one["message"])})
                for one in stored.get("refusals", ())
            ],
        )


@dataclass(frozen=True)
class PlannedProduct:
    """One product of a preview. ``edit``: what would change of its values, ``step`` of its status;
    None where nothing would.
    """

    product: ReworkedProduct
    edit: ProductPlan | None
    step: ProductPlan | None


class _Cause(NamedTuple):
    """What is counted together: values or products that one rule leaves as they are."""

    severity: str
    rule: str
    address: str


class _Counts:
    """What the planned products come to. ``gained``, ``lost``: by the codes of scopes."""

    def __init__(self) -> None:
        self.tally = BulkTally()
        self.drafts = 0
        self.causes: Counter[_Cause] = Counter()
        self.examples: dict[_Cause, Text] = {}
        self.refusals: list[PlannedRefusal] = []
        self.gained: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()

    def add(self, one: ReworkedProduct) -> None:
        self.tally.count(one)
        for problem in one.problems:
            cause = _Cause(problem.severity, problem.rule, problem.address)
            self.causes[cause] += 1
            self.examples.setdefault(cause, problem.message)
            if problem.rule != CONFLICT and len(self.refusals) < MOST_REFUSALS:
                self.refusals.append(_refusal(one.identifier, problem))
        if one.outcome == "changed":
            self._compare(one.plans[0], one.plans[-1])

    def _compare(self, first: ProductPlan, last: ProductPlan) -> None:
        """A product that is edited and takes a step has a plan for each."""
        self.gained.update(last.complete_after - first.complete_before)
        self.lost.update(first.complete_before - last.complete_after)
        if first.status_before == APPROVED and last.status_after == DRAFT:
            self.drafts += 1


def _refusal(identifier: str, problem: Problem) -> PlannedRefusal:
    return PlannedRefusal(identifier, problem.address, str(problem.value or ""), problem.message)


class Forecaster:
    """Plans the products of a bulk edit, batch by batch. ``shown``: the first of them; ``done``:
    how many were planned.
    """

    def __init__(
        self,
        session: Session,
        edit: BulkEdit,
        principal: Principal,
        base_url: str,
        today: date,
        products: SelectedProducts,
    ) -> None:
        self.products = products
        self.shown: list[PlannedProduct] = []
        self.done = 0
        self._structure: Structure = catalog.structure(session)
        self._steps: CompiledSteps = compile_steps(
            self._structure, read_steps(edit.steps), is_raised=edit.is_raised
        )
        self._origin = Origin.by(principal, "user", edit.id)
        self._feeds = FeedEffects(session, self._structure, base_url, today)
        self._counts = _Counts()

    def plan(self, session: Session, now: datetime, number: int = BATCH) -> None:
        """Plan the next batch; only reads."""
        names = selection.named_by(session, self.products, self.done, number)
        steps = self._steps.rework(session, names)
        batch = rework.plan(session, list(names), steps.as_rework(), self._origin, now)
        for one in outcomes(names, steps, batch):
            self._counts.add(one)
            if len(self.shown) < EXACT:
                self.shown.append(_planned(one))
        self._feeds.add(session, batch)
        self.done = min(self.done + number, len(self.products.ids))

    def forecast(self) -> Forecast:
        """What it comes to so far."""
        counts = self._counts
        return Forecast(
            self.done,
            counts.tally,
            counts.drafts,
            self._causes(),
            self._scopes(),
            self._of_feeds(),
            counts.refusals,
        )

    def _causes(self) -> list[ForecastCause]:
        """The most frequent first."""
        examples = self._counts.examples
        return [
            ForecastCause(*cause, number, examples[cause])
            for cause, number in self._counts.causes.most_common()
        ]

    def _scopes(self) -> list[ScopeEffect]:
        """Those in which something becomes of it."""
        effects = (
            ScopeEffect(one.code, self._counts.gained[one.code], self._counts.lost[one.code])
            for one in self._structure.scopes
        )
        return [one for one in effects if one.gained or one.lost]

    def _of_feeds(self) -> list[FeedEffect]:
        """Those that win or lose something."""
        effects = (
            FeedEffect(feed, entering, self._feeds.leaving[feed])
            for feed, entering in self._feeds.entering.items()
        )
        return [one for one in effects if one.entering or one.leaving]


def _planned(one: ReworkedProduct) -> PlannedProduct:
    updates = [plan for plan in one.plans if plan.outcome == "updated"]
    edit = next((plan for plan in updates if not plan.step), None)
    step = next((plan for plan in updates if plan.step), None)
    return PlannedProduct(one, edit, step)


def of_first(
    session: Session,
    edit: BulkEdit,
    principal: Principal,
    base_url: str,
    now: datetime,
    most: int = EXACT,
) -> Forecaster:
    """The first products of a bulk edit, planned."""
    products = selection.kept(session, edit.id, most)
    found = Forecaster(session, edit, principal, base_url, now.date(), products)
    found.plan(session, now, most)
    return found


def of_some(
    session: Session,
    edit: BulkEdit,
    principal: Principal,
    base_url: str,
    now: datetime,
    ids: Sequence[int],
) -> Forecaster:
    """Some products of a bulk edit, planned."""
    products = SelectedProducts(ids, selection.kept(session, edit.id).along)
    found = Forecaster(session, edit, principal, base_url, now.date(), products)
    found.plan(session, now, len(ids))
    return found


def of_all(
    database: Database,
    edit: BulkEdit,
    principal: Principal,
    base_url: str,
    clock: Callable[[], datetime],
    progress: Callable[[int, int], None],
) -> Forecast:
    """All products of a bulk edit, planned in batches; nobody waits for it."""
    with database.reading() as session:
        products = selection.kept(session, edit.id)
        found = Forecaster(session, edit, principal, base_url, clock().date(), products)
    while found.done < len(products.ids):
        with database.reading() as session:
            found.plan(session, clock())
        progress(found.done, len(products.ids))
    return found.forecast()
