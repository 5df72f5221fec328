"""Conditions on products: what a feed's selection and its rules ask. They are data::

    [{"price": {"at_least": 100}}, {"brand": {"one_of": ["duinrak", "veerpad"]}}]

Each names a source, as a mapping spells it, and asks it with one of the operators that filters of
lists have. All of them must hold. An option is asked by its code, a category with all that is below
it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pim.attributes.operators import Operator, why_not
from pim.attributes.quantities import Measure, Money
from pim.errors import text
from pim.feeds.operations import NUMBER, MappedValue
from pim.feeds.pipeline import InvalidOperation
from pim.feeds.sources import ColumnReader, FindSource, MappingSource
from pim.folding import fold
from pim.providers.base import ListedProduct
from pim.structure.objects import Structure

CATEGORIES = "categories"
FAMILY = "family"
ValueTest = Callable[[MappedValue], bool]
ProductTest = Callable[[Sequence[ListedProduct]], Sequence[bool]]
"""A window of products -> whether the conditions hold for each."""


@dataclass(frozen=True)
class _CategoriesSource(MappingSource):
    """The codes of a product's categories with all above them."""

    structure: Structure

    @property
    def key(self) -> str:
        return "categories:all_above"

    def made_by(self) -> object:
        return {code: one.parent for code, one in self.structure.categories.items()}

    def reader(self) -> ColumnReader:
        path = self.structure.path

        def of(product: ListedProduct) -> MappedValue:
            return [one for code in product.categories for one in path(code)] or None

        return lambda window: [of(product) for product in window]


@dataclass(frozen=True)
class _FamilySource(MappingSource):
    """The code of a product's family."""

    @property
    def key(self) -> str:
        return "family:code"

    def made_by(self) -> object:
        return None

    def reader(self) -> ColumnReader:
        return lambda window: [product.family for product in window]


@dataclass(frozen=True)
class _Condition:
    """A question to one source."""

    read: ColumnReader
    test: ValueTest


def compile_conditions(given: Any, structure: Structure, find: FindSource) -> ProductTest:
    """One test of all conditions. ``find``: the source with a spelling. Raises
    :class:`~pim.feeds.pipeline.InvalidOperation`.
    """
    if not isinstance(given, list):
        raise InvalidOperation(text("Conditions are a list."))
    compiled = [_compile(one, structure, find) for one in given]

    def test(window: Sequence[ListedProduct]) -> Sequence[bool]:
        holds = [True] * len(window)
        for condition in compiled:
            values = condition.read(window)
            holds = [
                held and condition.test(value) for held, value in zip(holds, values, strict=True)
            ]
        return holds

    return test


def _compile(given: Any, structure: Structure, find: FindSource) -> _Condition:
    spelling, operator, values = read_condition(given)
    source = source_of(spelling, structure, find)
    return _Condition(source.reader(), _TESTS[operator](values))


def source_of(spelling: str, structure: Structure, find: FindSource) -> MappingSource:
    """What a condition asks: the categories, the family, or a source of mappings."""
    if spelling == CATEGORIES:
        return _CategoriesSource(structure)
    if spelling == FAMILY:
        return _FamilySource()
    return find(spelling)


def read_condition(given: Any) -> tuple[str, Operator, tuple[str, ...]]:
    """Source, operator and values of ``{"price": {"at_least": 100}}``; raises
    :class:`~pim.feeds.pipeline.InvalidOperation`.
    """
    if not isinstance(given, Mapping) or len(given) != 1:
        raise InvalidOperation(
            text("A condition names one source, such as {price: {at_least: 100}}.")
        )
    ((spelling, asked),) = given.items()
    if not isinstance(asked, Mapping) or len(asked) != 1:
        raise InvalidOperation(
            text("“%(source)s” is asked with one operator.", source=str(spelling))
        )
    ((name, said),) = asked.items()
    if name not in set(Operator):
        raise InvalidOperation(
            text(
                "There is no operator “%(name)s”; there are: %(known)s.",
                name=str(name),
                known=", ".join(Operator),
            )
        )
    operator = Operator(name)
    values = () if operator.arity == 0 else _values(said)
    wrong = why_not(operator, values)
    if wrong is not None:
        raise InvalidOperation(wrong)
    return str(spelling), operator, values


def _values(said: Any) -> tuple[str, ...]:
    many = said if isinstance(said, list) else [said]
    return tuple("true" if one is True else "false" if one is False else str(one) for one in many)


def _each(value: MappedValue) -> Sequence[MappedValue]:
    if value is None:
        return ()
    return value if type(value) is list else (value,)


def _spelled(value: MappedValue) -> str:
    if type(value) is bool:
        return "true" if value else "false"
    return value.amount if type(value) in (Money, Measure) else str(value)


def _contains(values: tuple[str, ...]) -> ValueTest:
    sought = fold(values[0])
    return lambda value: any(sought in fold(str(one)) for one in _each(value))


def _is(values: tuple[str, ...]) -> ValueTest:
    wanted = values[0]
    return lambda value: any(_is_equal(_spelled(one), wanted) for one in _each(value))


def _is_equal(spelled: str, wanted: str) -> bool:
    if spelled == wanted:
        return True
    return _are_numbers(spelled, wanted) and Decimal(spelled) == Decimal(wanted)


def _are_numbers(*spelled: str) -> bool:
    return all(NUMBER.fullmatch(one) for one in spelled)


def _one_of(values: tuple[str, ...]) -> ValueTest:
    wanted = frozenset(values)
    return lambda value: any(_spelled(one) in wanted for one in _each(value))


def _none_of(values: tuple[str, ...]) -> ValueTest:
    is_one = _one_of(values)
    return lambda value: not is_one(value)


def _at_least(values: tuple[str, ...]) -> ValueTest:
    least = values[0]
    return lambda value: any(not _is_below(_spelled(one), least) for one in _each(value))


def _at_most(values: tuple[str, ...]) -> ValueTest:
    most = values[0]
    return lambda value: any(not _is_below(most, _spelled(one)) for one in _each(value))


def _is_below(one: str, other: str) -> bool:
    """By amount; what is no number, such as a date, by its spelling."""
    if _are_numbers(one, other):
        return Decimal(one) < Decimal(other)
    return one < other


def _between(values: tuple[str, ...]) -> ValueTest:
    from_there, up_to_here = _at_least(values[:1]), _at_most(values[1:])
    return lambda value: from_there(value) and up_to_here(value)


def _yes(values: tuple[str, ...]) -> ValueTest:
    return lambda value: value is True or value == "true"


def _no(values: tuple[str, ...]) -> ValueTest:
    """What nobody has said is not yes."""
    is_yes = _yes(values)
    return lambda value: not is_yes(value)


def _filled(values: tuple[str, ...]) -> ValueTest:
    return lambda value: value is not None and value != [] and value != ""


def _empty(values: tuple[str, ...]) -> ValueTest:
    is_filled = _filled(values)
    return lambda value: not is_filled(value)


_TESTS: Mapping[Operator, Callable[[tuple[str, ...]], ValueTest]] = {
    Operator.CONTAINS: _contains,
    Operator.IS: _is,
    Operator.ONE_OF: _one_of,
    Operator.NONE_OF: _none_of,
    Operator.AT_LEAST: _at_least,
    Operator.AT_MOST: _at_most,
    Operator.BETWEEN: _between,
    Operator.YES: _yes,
    Operator.NO: _no,
    Operator.EMPTY: _empty,
    Operator.FILLED: _filled,
}
