"""What the steps of a bulk edit make of a product, one class for each way of changing a value. They
are compiled once for a structure (:mod:`pim.bulk_edits.compiling`) and run over every batch.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from pim.attributes import lists
from pim.attributes.base import AttributeType, InvalidValue, Reading
from pim.bulk_edits.computing import Computation, spelled
from pim.bulk_edits.working import Places, WorkedProduct
from pim.errors import text
from pim.feeds.operations import MappedValue
from pim.problems import Problem
from pim.structure.objects import Attribute, Structure
from pim.values import Value, parse_address

ValueReader = Callable[[str], Value]
"""The one way from a text to a value of an address."""


class StepChange(ABC):
    """A compiled step. ``addresses``: where it may change something."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses

    @abstractmethod
    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        """Change these products."""


class ValueChange(StepChange):
    """A step that looks at each value by itself. ``fills``: it may put something where nothing was,
    which is asked of the product's family then.
    """

    fills = True

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        for address in self.addresses:
            for product in products:
                if places.holds(product, address, fills=self.fills):
                    attempt(product, address, partial(self.value, product, address))

    @abstractmethod
    def value(self, product: WorkedProduct, address: str) -> Value:
        """What the address is to hold; what it holds already, where nothing is to be done."""


def attempt(product: WorkedProduct, address: str, make: Callable[[], Value]) -> None:
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


class SetChange(ValueChange):
    """The same value for all. ``values``: address -> value."""

    def __init__(self, values: Mapping[str, Value], *, only_empty: bool = False) -> None:
        super().__init__(list(values))
        self._values, self._only_empty = values, only_empty

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address)
        if self._only_empty and now is not None:
            return now
        return self._values[address]


class ClearChange(ValueChange):
    """Nothing, wherever something is."""

    fills = False

    def value(self, product: WorkedProduct, address: str) -> Value:
        return None


class ItemsChange(ValueChange):
    """Items of a list. ``items``: address -> those that come, or go (``is_adding``)."""

    def __init__(self, items: Mapping[str, Sequence[str]], *, is_adding: bool) -> None:
        super().__init__(list(items))
        self._items, self.fills = items, is_adding

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address) or []
        items = self._items[address]
        if self.fills:
            return lists.distinct([*now, *items])
        left = [one for one in now if one not in items]
        return left or None  # an empty list is no value


class MoveChange(ValueChange):
    """From one category to another, in its place."""

    fills = False

    def __init__(self, source: str, target: str) -> None:
        super().__init__(["categories"])
        self._source, self._target = source, target

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address)
        if now is None or self._source not in now:
            return now
        moved = (self._target if one == self._source else one for one in now)
        return lists.distinct(moved)  # it may stand in the other one already


class FactChange(StepChange):
    """Family, or whether it is enabled: what a product is, beside its values."""

    def __init__(self, address: str, value: Value) -> None:
        super().__init__([address])
        self._fact = value

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        (address,) = self.addresses
        for product in products:
            if product.along:
                continue  # it is not itself that was chosen, and its model lends it the family
            if address == "family" and product.model is not None:
                product.left(family_of_model(product.model))
            else:
                product.new[address] = self._fact


def family_of_model(model: str) -> Problem:
    sentence = text("Left as it is: it has the family of its model “%(model)s”.", model=model)
    return Problem("family", "model", sentence, "", "kept")


class RereadChange(ValueChange):
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
        before = self._spelled(address, now)
        after = [self._change(one) for one in before]
        if after == before:
            return now  # reading it again might complain of a value that nobody touches
        read = self._readers[address]
        return read(lists.join(after) if isinstance(now, list) else after[0])

    def _spelled(self, address: str, value: Value) -> list[str]:
        """The texts of a value: each of a list by itself, so that none is found across two."""
        if isinstance(value, list):
            return [str(one) for one in value]
        return [self._types[address].dump(value)]


class CopyChange(ValueChange):
    """The value of another address."""

    def __init__(
        self, source: str, attributes: Mapping[str, Attribute], *, only_empty: bool
    ) -> None:
        super().__init__([address for address in attributes if address != source])
        self._source, self._only_empty = source, only_empty
        self._types = {address: one.type for address, one in attributes.items()}

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address)
        found = product.document.get(self._source)
        is_kept = self._only_empty and now is not None
        if found is None or is_kept:
            return now
        return loaded(self._types[address], found)


def loaded(type_: AttributeType, value: Value) -> Value:
    """A value of another address as one of this type."""
    made = type_.load(value)
    if made is None:
        return None
    for problem in type_.check(made):
        if problem.is_error:
            raise InvalidValue(problem.rule, problem.message)
    return made


class OperateChange(StepChange):
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
        self._fills, self._only_empty = fills, only_empty
        self._computations = computations
        attributes = {address: structure.attribute_at[address] for address in computations}
        self._types = {address: one.type for address, one in attributes.items()}
        self._readers = {address: _reader(one, address) for address, one in attributes.items()}

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        for address, computation in self._computations.items():
            held = [one for one in products if self._is_computed(one, address, places)]
            for product, found in zip(held, computation.of(session, held), strict=True):
                self._put(product, address, found)

    def _is_computed(self, product: WorkedProduct, address: str, places: Places) -> bool:
        if self._only_empty and address in product.document:
            return False
        return places.holds(product, address, fills=self._fills)

    def _put(self, product: WorkedProduct, address: str, found: MappedValue | Problem) -> None:
        """What operations leave as nothing changes nothing."""
        if isinstance(found, Problem):
            product.left(found)
        elif found is not None:
            spelling = spelled(self._types[address], found)
            attempt(product, address, partial(self._readers[address], spelling))


def _reader(attribute: Attribute, address: str) -> ValueReader:
    """As a form reads it."""
    return attribute.type.reader(replace(Reading(), currency=parse_address(address).currency))
