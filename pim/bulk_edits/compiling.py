"""Steps as functions: compiled once for a structure, then run over one batch after the other."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from pim.attributes import lists
from pim.attributes.base import AttributeType, InvalidValue, Reading
from pim.bulk_edits import steps as kinds
from pim.bulk_edits.computing import Computation, spelled
from pim.bulk_edits.steps import Step, TakeStep, ValueStep
from pim.bulk_edits.working import Places, WorkedProduct, worked
from pim.errors import EtalageError, Invalid, NotFound, Text, text
from pim.problems import Problem
from pim.products.change import ProductInput
from pim.products.history import changed_since
from pim.products.rework import Rework
from pim.products.workspace import LoadedProduct, Workspace
from pim.row_reader import read_form, read_lists, refusals
from pim.structure.objects import PRODUCT, Attribute, Structure, why_no_address
from pim.values import Value, parse_address, replaced
from pim.workflow import APPROVED, DRAFT, RETIRED, REVIEW

ValueReader = Callable[[str], Value]
"""The one way from a text to a value of an address."""
MARKUP_BREAKS = frozenset({"upper", "lower", "title", "truncate", "slug", "only_digits"})
"""Operations that would change the tags of a rich text."""
_STATUS = {
    kinds.SUBMIT: REVIEW,
    kinds.APPROVE: APPROVED,
    kinds.DRAFT: DRAFT,
    kinds.RETIRE: RETIRED,
    kinds.RETURN: DRAFT,
}


class StepChange:
    """A compiled step. ``addresses``: where it may change something; ``fills``: it may put
    something where nothing was.
    """

    fills = True

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        """Change these products."""
        for address in self.addresses:
            held = [one for one in products if places.holds(one, address, fills=self.fills)]
            for product in held:
                _attempt(product, address, partial(self.value, product, address))

    def value(self, product: WorkedProduct, address: str) -> Value:
        """What the address is to hold; what it holds already, where nothing is to be done."""
        raise NotImplementedError


def _attempt(product: WorkedProduct, address: str, make: Callable[[], Value]) -> None:
    """Give a product the value that is made, unless it is none."""
    now = product.document.get(address)
    try:
        value = make()
    except InvalidValue as error:
        shown = "" if now is None else str(now)
        product.left(Problem(address, error.rule, error.message, shown, "skipped"))
        return
    if value != now:
        product.put(address, value)


@dataclass(frozen=True)
class CompiledSteps:
    """All steps of a bulk edit, ready for its batches."""

    structure: Structure
    changes: Sequence[StepChange]
    status: TakeStep | None

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(address for change in self.changes for address in change.addresses)

    def rework(
        self, session: Session, products: Mapping[str, bool], seen: "SeenMoment | None" = None
    ) -> "BatchRework":
        """``products``: identifier -> whether it stands here because of its model. ``seen``: what
        was changed since is not approved.
        """
        return BatchRework(self, session, products, seen)


@dataclass(frozen=True)
class SeenMoment:
    """``change``: the latest one when somebody looked; ``reference``: of the edit's own."""

    change: int
    reference: str


class BatchRework:
    """The steps at work on one batch. ``problems``: identifier -> what the steps themselves left as
    it was, known once the edits are worked out.
    """

    def __init__(
        self,
        steps: CompiledSteps,
        session: Session,
        products: Mapping[str, bool],
        seen: SeenMoment | None,
    ) -> None:
        self._steps, self._session, self._products = steps, session, products
        self._seen = seen
        self._unseen: frozenset[int] = frozenset()
        self.problems: dict[str, list[Problem]] = {}

    def as_rework(self) -> Rework:
        status = self._steps.status
        return Rework(
            self._work_out,
            self._steps.addresses,
            _STATUS[status.to] if status else "",
            status.reason if status else "",
            self._takes_step,
        )

    def _work_out(self, work: Workspace) -> list[ProductInput]:
        there = [
            worked(work, item, along=along)
            for identifier, along in self._products.items()
            if (item := work.find(identifier)) is not None
        ]
        places = Places(self._steps.structure)
        for change in self._steps.changes:
            change.run(self._session, there, places)
        self._keep_unseen(work, there)
        self.problems = {one.identifier: one.problems for one in there if one.problems}
        return [_input(one) for one in there if one.new]

    def _keep_unseen(self, work: Workspace, there: Sequence[WorkedProduct]) -> None:
        """Nothing is approved that nobody has seen: neither a product nor a model above it."""
        status, seen = self._steps.status, self._seen
        if status is None or status.to != kinds.APPROVE or seen is None:
            return
        chains = {one.id: [*work.ancestors(one.item), one.item] for one in there}
        ids = {item.id for chain in chains.values() for item in chain}
        changed = changed_since(self._session, ids, seen.change, seen.reference)
        for one in there:
            late = next((item for item in chains[one.id] if item.id in changed), None)
            if late is not None:
                one.left(_changed_meanwhile(late.identifier))
                self._unseen |= {one.id}

    def _takes_step(self, item: LoadedProduct) -> bool:
        status = self._steps.status
        if status is None or item.id in self._unseen:
            return False
        if status.to == kinds.DRAFT:
            return item.status != RETIRED
        return status.to != kinds.RETURN or item.status == RETIRED


def _changed_meanwhile(identifier: str) -> Problem:
    sentence = text("“%(code)s” was changed meanwhile. Look at it again.", code=identifier)
    return Problem("status", "conflict", sentence, identifier)


def _input(one: WorkedProduct) -> ProductInput:
    kind: Any = one.item.kind
    return ProductInput(one.identifier, replaced(one.new), kind, cell_by_cell=True)


def compile_steps(structure: Structure, steps: Sequence[Step]) -> CompiledSteps:
    """:class:`Invalid` (``steps.0`` and so on -> complaints), all at once."""
    if not steps:
        raise Invalid({"steps": [text("Say what to change.")]})
    wrong: dict[str, list[Text]] = {}
    changes: list[StepChange] = []
    status: TakeStep | None = None
    for place, step in enumerate(steps):
        try:
            if isinstance(step, TakeStep):
                _check_status(step, is_last=place == len(steps) - 1)
                status = step
            else:
                changes.append(_COMPILERS[step.name](structure, step))
        except Invalid as error:
            wrong[f"steps.{place}"] = [one for texts in error.messages.values() for one in texts]
        except EtalageError as error:
            wrong[f"steps.{place}"] = [error.message]
    if wrong:
        raise Invalid(wrong)
    return CompiledSteps(structure, changes, status)


def _check_status(step: TakeStep, *, is_last: bool) -> None:
    if step.to not in _STATUS:
        raise NotFound(text("There is no status “%(code)s”.", code=step.to))
    if not is_last:
        raise NotFound(text("A step of the workflow comes last, and there is only one."))


class _Set(StepChange):
    """The same value for all. ``values``: address -> value."""

    def __init__(self, values: Mapping[str, Value], *, only_empty: bool = False) -> None:
        super().__init__(list(values))
        self._values, self._only_empty = values, only_empty

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address)
        return now if self._only_empty and now is not None else self._values[address]


class _Clear(StepChange):
    fills = False

    def value(self, product: WorkedProduct, address: str) -> Value:
        return None


class _Items(StepChange):
    """Items of a list. ``items``: address -> those that come, or go (``is_adding``)."""

    def __init__(self, items: Mapping[str, Sequence[str]], *, is_adding: bool) -> None:
        super().__init__(list(items))
        self._items, self.fills = items, is_adding

    def value(self, product: WorkedProduct, address: str) -> Value:
        now, items = product.document.get(address) or [], self._items[address]
        if self.fills:
            return lists.distinct([*now, *items])
        return [one for one in now if one not in items] or None


class _Move(StepChange):
    """From one category to another, in its place."""

    fills = False

    def __init__(self, source: str, target: str) -> None:
        super().__init__(["categories"])
        self._source, self._target = source, target

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address)
        if now is None or self._source not in now:
            return now
        return lists.distinct(self._target if one == self._source else one for one in now)


class _Fact(StepChange):
    """Family, or whether it is enabled."""

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        (address,) = self.addresses
        for product in products:
            if product.along:
                continue
            if address == "family" and product.model is not None:
                product.left(_family_of_model(product.model))
            else:
                product.new[address] = self._fact

    def __init__(self, address: str, value: Value) -> None:
        super().__init__([address])
        self._fact = value


def _family_of_model(model: str) -> Problem:
    sentence = text("Left as it is: it has the family of its model “%(model)s”.", model=model)
    return Problem("family", "model", sentence, "", "kept")


class _Reread(StepChange):
    """A value that is spelled, changed as text and read again."""

    fills = False

    def __init__(self, attributes: Mapping[str, Attribute], change: Callable[[str], str]) -> None:
        super().__init__(list(attributes))
        self._change = change
        self._types = {address: one.type for address, one in attributes.items()}
        self._readers = {address: _reader(one, address) for address, one in attributes.items()}

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address)
        if now is None:
            return None
        if isinstance(now, list):
            items = [self._change(str(one)) for one in now]
            return now if items == now else self._readers[address](lists.join(items))
        before = self._types[address].dump(now)
        after = self._change(before)
        return now if after == before else self._readers[address](after)


class _Copy(StepChange):
    """The value of another address."""

    def __init__(
        self, source: str, attributes: Mapping[str, Attribute], *, only_empty: bool
    ) -> None:
        super().__init__([address for address in attributes if address != source])
        self._source, self._only_empty = source, only_empty
        self._types = {address: one.type for address, one in attributes.items()}

    def value(self, product: WorkedProduct, address: str) -> Value:
        now, found = product.document.get(address), product.document.get(self._source)
        if found is None or (self._only_empty and now is not None):
            return now
        return _loaded(self._types[address], found)


def _loaded(type_: AttributeType, value: Value) -> Value:
    """A value of another address as one of this type."""
    made = type_.load(value)
    if made is not None and (wrong := [one for one in type_.check(made) if one.is_error]):
        raise InvalidValue(wrong[0].rule, wrong[0].message)
    return made


class _Operate(StepChange):
    """What the operations of a mapping make of values. ``by_address``: address -> how."""

    def __init__(
        self,
        structure: Structure,
        computations: Mapping[str, Computation],
        *,
        only_empty: bool,
        fills: bool,
    ) -> None:
        super().__init__(list(computations))
        self.fills, self._only_empty = fills, only_empty
        self._computations = computations
        attributes = {address: structure.attribute_at[address] for address in computations}
        self._types = {address: one.type for address, one in attributes.items()}
        self._readers = {address: _reader(one, address) for address, one in attributes.items()}

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        for address, computation in self._computations.items():
            held = [
                one
                for one in products
                if not (self._only_empty and address in one.document)
                and places.holds(one, address, fills=self.fills)
            ]
            for product, found in zip(held, computation.of(session, held), strict=True):
                if isinstance(found, Problem):
                    product.left(found)
                elif found is not None:
                    spelling = spelled(self._types[address], found)
                    _attempt(product, address, partial(self._readers[address], spelling))


def _reader(attribute: Attribute, address: str) -> ValueReader:
    """As a form reads it."""
    return attribute.type.reader(replace(Reading(), currency=parse_address(address).currency))


def _attributes(structure: Structure, addresses: Iterable[str]) -> dict[str, Attribute]:
    """Address -> attribute; what cannot be changed for many products is refused."""
    found: dict[str, Attribute] = {}
    for address in addresses:
        attribute = structure.attribute_at.get(address)
        if attribute is None:
            raise NotFound(why_no_address(structure, address))
        if attribute.type.is_identifier:
            raise NotFound(
                text("“%(address)s” names a product and stays as it is.", address=address)
            )
        found[address] = attribute
    if not found:
        raise NotFound(text("Choose at least one value to change."))
    return found


def _is_list(structure: Structure, address: str) -> bool:
    attribute = structure.attribute_at.get(address)
    return attribute is not None and attribute.type.takes_many


def _set(structure: Structure, step: kinds.SetValue) -> StepChange:
    values = _typed(structure, step, step.text)
    if any(value is None for value in values.values()):
        raise NotFound(text("Say which value to set. “Empty” takes it away."))
    return _Set(values, only_empty=step.only_empty)


def _typed(structure: Structure, step: ValueStep, raw: str) -> dict[str, Value]:
    """Address -> what somebody typed, as a value."""
    attributes = _attributes(structure, step.addresses)
    values, problems = read_form(structure, dict.fromkeys(attributes, raw))
    if wrong := refusals(problems):
        raise Invalid(wrong)
    return dict(values)


def _clear(structure: Structure, step: kinds.ClearValue) -> StepChange:
    return _Clear(list(_attributes(structure, step.addresses)))


def _items(structure: Structure, step: kinds.AppendItems | kinds.RemoveItems) -> StepChange:
    attributes = _attributes(structure, step.addresses)
    for address in attributes:
        if not _is_list(structure, address):
            raise NotFound(text("“%(address)s” holds one value, and no list.", address=address))
    values = _typed(structure, step, step.text)
    if not all(values.values()):
        raise NotFound(text("Say which items."))
    return _Items(values, is_adding=isinstance(step, kinds.AppendItems))


def _replace(structure: Structure, step: kinds.ReplaceText) -> StepChange:
    if not step.find:
        raise NotFound(text("Say what to look for."))
    pattern = re.compile(re.escape(step.find), re.IGNORECASE if step.ignore_case else 0)
    return _Reread(
        _attributes(structure, step.addresses), lambda found: pattern.sub(lambda _: step.by, found)
    )


def _copy(structure: Structure, step: kinds.CopyValue) -> StepChange:
    _attributes(structure, [step.source])
    return _Copy(step.source, _attributes(structure, step.addresses), only_empty=step.only_empty)


def _convert(structure: Structure, step: kinds.ConvertValue) -> StepChange:
    if not step.do:
        raise NotFound(text("Choose what to do with the value."))
    attributes = _attributes(structure, step.addresses)
    for address, attribute in attributes.items():
        broken = MARKUP_BREAKS & _names(step.do)
        if attribute.type.has_markup and broken:
            raise NotFound(
                text(
                    "“%(address)s” holds a rich text, which “%(name)s” would damage.",
                    address=address,
                    name=min(broken),
                )
            )
    computations = {
        address: Computation.compiled(structure, address, [address], step.do)
        for address in attributes
    }
    return _Operate(structure, computations, only_empty=False, fills=False)


def _names(do: Iterable[Any]) -> set[str]:
    return {next(iter(one), "") if isinstance(one, Mapping) else str(one) for one in do}


def _compute(structure: Structure, step: kinds.ComputeValue) -> StepChange:
    computations = {
        address: Computation.compiled(structure, address, step.sources, step.do)
        for address in _attributes(structure, step.addresses)
    }
    return _Operate(structure, computations, only_empty=step.only_empty, fills=True)


def _categories(
    structure: Structure, step: kinds.AddCategories | kinds.RemoveCategories
) -> StepChange:
    codes = _known_categories(structure, step.codes)
    return _Items({"categories": codes}, is_adding=isinstance(step, kinds.AddCategories))


def _known_categories(structure: Structure, codes: Sequence[str]) -> Sequence[str]:
    if not codes:
        raise NotFound(text("Choose a category."))
    for code in codes:
        if code not in structure.categories:
            raise NotFound(text("There is no category “%(code)s”.", code=code))
    return codes


def _move(structure: Structure, step: kinds.MoveCategory) -> StepChange:
    _known_categories(structure, [step.source, step.target])
    return _Move(step.source, step.target)


def _family(structure: Structure, step: kinds.SetFamily) -> StepChange:
    if step.family and step.family not in structure.families_of(PRODUCT):
        raise NotFound(text("There is no family “%(code)s”.", code=step.family))
    return _Fact("family", step.family or None)


def _enabled(structure: Structure, step: kinds.SetEnabled) -> StepChange:
    return _Fact("enabled", step.enabled)


def _associations(
    structure: Structure, step: kinds.AddAssociations | kinds.RemoveAssociations
) -> StepChange:
    if step.address not in structure.association_addresses:
        raise NotFound(why_no_address(structure, step.address))
    items = read_lists(structure, {step.address: step.identifiers})[step.address]
    if not items:
        raise NotFound(text("Name the products to associate."))
    is_adding = isinstance(step, kinds.AddAssociations)
    return _Items({step.address: items}, is_adding=is_adding)


_COMPILERS: Mapping[str, Callable[[Structure, Any], StepChange]] = {
    kinds.SetValue.name: _set,
    kinds.ClearValue.name: _clear,
    kinds.AppendItems.name: _items,
    kinds.RemoveItems.name: _items,
    kinds.ReplaceText.name: _replace,
    kinds.CopyValue.name: _copy,
    kinds.ConvertValue.name: _convert,
    kinds.ComputeValue.name: _compute,
    kinds.AddCategories.name: _categories,
    kinds.RemoveCategories.name: _categories,
    kinds.MoveCategory.name: _move,
    kinds.SetFamily.name: _family,
    kinds.SetEnabled.name: _enabled,
    kinds.AddAssociations.name: _associations,
    kinds.RemoveAssociations.name: _associations,
}
