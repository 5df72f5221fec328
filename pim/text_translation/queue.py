"""What there is to translate: the texts of a list of products that have no translation, or one
that is outdated. Equal texts are one task, however many products have them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.bulk import in_values
from pim.products import matching, policy
from pim.products.index_parts import STATUS
from pim.products.matching import END, Filters
from pim.products.models import Product
from pim.search.query import with_term
from pim.structure.objects import Attribute, Structure
from pim.text_translation.outdated import FormerSources
from pim.text_translation.outdated_index import outdated
from pim.text_translation.texts import Direction, TextPair, text_pairs
from pim.workflow import RETIRED

TASKS = 40
"""Texts that a page shows."""
AT_ONCE = 200
"""Products of the list that are looked through in one go."""
MOST_LOOKED_AT = 4000
"""Products that one page looks through before it says how far it came."""

TaskState = Literal["missing", "outdated"]
TaskKey = tuple[str, str, str]
"""(address of the translation, source text, translation)"""


@dataclass(frozen=True)
class TextHolder:
    """A product or model that has the text on its own level. ``version``: as it was read."""

    product_id: int
    identifier: str
    version: int


@dataclass
class TranslationTask:
    """A text that somebody is asked to translate.

    ``target``: the translation that stands there, "" for none. ``former_source``: the text that
    this translation was made from, "" where none is there. ``holders``: those who have this text
    with this translation.
    """

    attribute: Attribute
    source_address: str
    target_address: str
    source: str
    target: str
    former_source: str
    holders: list[TextHolder] = field(default_factory=list)

    @property
    def state(self) -> TaskState:
        return "outdated" if self.target else "missing"


@dataclass(frozen=True)
class TaskPage:
    """``after``: the product behind which the next page begins, None where this is the last one."""

    tasks: list[TranslationTask]
    after: int | None


def find_tasks(
    session: Session,
    structure: Structure,
    principal: Principal,
    filters: Filters,
    direction: Direction,
    *,
    state: TaskState | None = None,
    attributes: Collection[str] | None = None,
    product: int | None = None,
    below: int = END,
) -> TaskPage:
    """The next tasks of the products that match, as far as the principal may translate them.

    A model's texts are asked for once, a variant's own ones beside them. ``state``, ``attributes``:
    only tasks of this sort. ``product``: only this product with what it inherits and what is below
    it, whatever the filters say. ``below``: where the page before this one ended.
    """
    tasks: dict[TaskKey, TranslationTask] = {}
    texts = _Texts(session, structure, principal, direction, attributes)
    seen: set[int] = set()
    looked_at = 0
    while looked_at < MOST_LOOKED_AT:
        ids = (
            matching.newest(session, structure, filters, AT_ONCE, below=below)
            if product is None
            else [product]
        )
        for one, found in texts.by_product(ids, seen):
            for task in found:
                if state is None or task.state == state:
                    _add(tasks, task)
            below = one
            if len(tasks) >= TASKS:
                return TaskPage(list(tasks.values()), below if product is None else None)
        looked_at += len(ids)
        if len(ids) < AT_ONCE:
            return TaskPage(list(tasks.values()), None)
    return TaskPage(list(tasks.values()), below)


@dataclass(frozen=True)
class TaskCount:
    """How many texts wait in a direction; equal ones count once."""

    missing: int
    outdated: int


def count_tasks(
    session: Session,
    structure: Structure,
    principal: Principal,
    filters: Filters,
    direction: Direction,
) -> TaskCount:
    """All tasks of the products that match. It looks through every one of them."""
    states: dict[TaskKey, TaskState] = {}
    below: int | None = END
    while below is not None:
        page = find_tasks(session, structure, principal, filters, direction, below=below)
        states |= {(one.target_address, one.source, one.target): one.state for one in page.tasks}
        below = page.after
    outdated = sum(state == "outdated" for state in states.values())
    return TaskCount(len(states) - outdated, outdated)


def _add(tasks: dict[TaskKey, TranslationTask], task: TranslationTask) -> None:
    """Equal texts with equal translations are one task."""
    key = (task.target_address, task.source, task.target)
    if key in tasks:
        tasks[key].holders += task.holders
    else:
        tasks[key] = task


class _Texts:
    """Looks for tasks, a page of the list at a time."""

    def __init__(
        self,
        session: Session,
        structure: Structure,
        principal: Principal,
        direction: Direction,
        attributes: Collection[str] | None,
    ) -> None:
        self.session, self.structure, self.principal = session, structure, principal
        self.direction = direction
        self.pairs = text_pairs(structure, direction, attributes)

    def by_product(
        self, ids: Sequence[int], seen: set[int]
    ) -> Iterator[tuple[int, list[TranslationTask]]]:
        """Each of these products with its tasks, and those of the models above it and of what is
        below these: it is one text to translate, on whose page ever it is seen.

        ``seen``: the top models whose tasks were told before; added to.
        """
        roots = self._roots(ids)
        groups = self._groups(set(roots.values()) - seen)
        outdated = self._outdated([one for group in groups.values() for one in group])
        for product_id in ids:
            root = roots[product_id]
            group = [] if root in seen else groups.get(root, [])
            seen.add(root)
            yield product_id, [task for one in group for task in self._tasks(one, group, outdated)]

    def _roots(self, ids: Sequence[int]) -> dict[int, int]:
        listed = select(Product.id, Product.root_id).where(in_values(self.session, Product.id, ids))
        return {row.id: row.root_id for row in self.session.execute(listed)}

    def _groups(self, roots: set[int]) -> dict[int, list[Product]]:
        """Root -> it and everything below it, but for what is retired or below what is."""
        is_retired = Product.id.in_(with_term(STATUS, [RETIRED]))
        wanted = (
            select(Product)
            .where(in_values(self.session, Product.root_id, roots), ~is_retired)
            .order_by(Product.id)
        )
        groups: dict[int, list[Product]] = {}
        for one in self.session.scalars(wanted):
            groups.setdefault(one.root_id, []).append(one)
        return groups

    def _outdated(self, products: Sequence[Product]) -> FormerSources:
        locales = (self.direction.source, self.direction.target)
        return outdated(self.session, locales, products, self.pairs)

    def _tasks(
        self, product: Product, group: Sequence[Product], outdated: FormerSources
    ) -> Iterator[TranslationTask]:
        categories = _categories(product, {one.id: one for one in group})
        for pair, attribute in self.pairs.items():
            task = _task(product, pair, attribute, outdated)
            if task is not None and policy.may_write(
                self.principal, self.structure, pair.target, categories
            ):
                yield task


def _categories(product: Product, group: Mapping[int, Product]) -> Iterable[str]:
    """Where a product stands: what says nothing of its own stands where its model does. ``group``:
    its top model with all below, by id.
    """
    level: Product | None = product
    while level is not None:
        if policy.CATEGORIES in level.values:
            return policy.categories_of(level.values)
        level = group.get(level.parent_id) if level.parent_id is not None else None
    return ()


def _task(
    product: Product, pair: TextPair, attribute: Attribute, outdated: FormerSources
) -> TranslationTask | None:
    source, target = product.values.get(pair.source), product.values.get(pair.target)
    if source is None:
        return None
    former = outdated.get((product.id, pair.target), "")
    if target is not None and not former:
        return None
    holder = TextHolder(product.id, product.identifier, product.version)
    return TranslationTask(
        attribute, pair.source, pair.target, source, target or "", former, [holder]
    )
