"""What the steps of a bulk edit make of a product, one class for each way of changing a value. They
are compiled once for a structure (:mod:`pim.bulk_edits.compiling`) and run over every batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from pim.attributes import lists
from pim.attributes.base import AttributeType, InvalidValue, Reading
from pim.bulk_edits.computing import Computation, spelled
from pim.bulk_edits.working import Places, WorkedProduct
from pim.errors import text
from pim.problems import Problem
from pim.structure.objects import Attribute, Structure
from pim.values import Value, parse_address

ValueReader = Callable[[str], Value]
"""The one way from a text to a value of an address."""


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
                attempt(product, address, partial(self.value, product, address))

    def value(self, product: WorkedProduct, address: str) -> Value:
        """What the address is to hold; what it holds already, where nothing is to be done."""
        raise NotImplementedError


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


class SetChange(StepChange):
    """The same value for all. ``values``: address -> value."""

    def __init__(self, values: Mapping[str, Value], *, only_empty: bool = False) -> None:
        super().__init__(list(values))
        self._values, self._only_empty = values, only_empty

    def value(self, product: WorkedProduct, address: str) -> Value:
        now = product.document.get(address)
        return now if self._only_empty and now is not None else self._values[address]


class ClearChange(StepChange):
    fills = False

    def value(self, product: WorkedProduct, address: str) -> Value:
        return None


class ItemsChange(StepChange):
    """Items of a list. ``items``: address -> those that come, or go (``is_adding``)."""

    def __init__(self, items: Mapping[str, Sequence[str]], *, is_adding: bool) -> None:
        super().__init__(list(items))
        self._items, self.fills = items, is_adding

    def value(self, product: WorkedProduct, address: str) -> Value:
        now, items = product.document.get(address) or [], self._items[address]
        if self.fills:
            return lists.distinct([*now, *items])
        return [one for one in now if one not in items] or None


class MoveChange(StepChange):
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


class FactChange(StepChange):
    """Family, or whether it is enabled."""

    def __init__(self, address: str, value: Value) -> None:
        super().__init__([address])
        self._fact = value

    def run(self, session: Session, products: Sequence[WorkedProduct], places: Places) -> None:
        (address,) = self.addresses
        for product in products:
            if product.along:
                continue
            if address == "family" and product.model is not None:
                product.left(family_of_model(product.model))
            else:
                product.new[address] = self._fact


def family_of_model(model: str) -> Problem:
    sentence = text("Left as it is: it has the family of its model “%(model)s”.", model=model)
    return Problem("family", "model", sentence, "", "kept")


class RereadChange(StepChange):
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


class CopyChange(StepChange):
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
        return loaded(self._types[address], found)


def loaded(type_: AttributeType, value: Value) -> Value:
    """A value of another address as one of this type."""
    made = type_.load(value)
    if made is not None and (wrong := [one for one in type_.check(made) if one.is_error]):
        raise InvalidValue(wrong[0].rule, wrong[0].message)
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
                    attempt(product, address, partial(self._readers[address], spelling))


def _reader(attribute: Attribute, address: str) -> ValueReader:
    """As a form reads it."""
    return attribute.type.reader(replace(Reading(), currency=parse_address(address).currency))
