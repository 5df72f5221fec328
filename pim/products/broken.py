"""Values that would break the rules of the structure once it is changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.errors import Text, ngettext, text
from pim.products.stores import STORES, RecordStore
from pim.structure.objects import Attribute, Structure
from pim.values import Document


@dataclass(frozen=True)
class BrokenValues:
    """How many values at an address break a rule. ``example``: the first record that has one;
    ``message``: what is wrong with that.
    """

    address: str
    rule: str
    count: int
    example: str
    message: Text

    @property
    def sentence(self) -> Text:
        return ngettext(
            "%(num)s value of “%(address)s” would break its rules, that of “%(code)s”: %(message)s",
            "%(num)s values of “%(address)s” would break its rules, the first that of"
            " “%(code)s”: %(message)s",
            self.count,
            address=self.address,
            code=self.example,
            message=self.message,
        )


def newly_broken(session: Session, before: Structure, after: Structure) -> list[BrokenValues]:
    """What a change of the structure breaks, by address and rule."""
    checked = {
        address: attribute
        for address, attribute in after.attribute_at.items()
        if address in before.attribute_at and before.attribute_at[address].type != attribute.type
    }
    unique = {
        address: attribute
        for address, attribute in after.unique_at.items()
        if address not in before.unique_at
    }
    if not (checked or unique):
        return []
    found = _Findings()
    for store in STORES.values():
        holders: dict[tuple[str, str], str] = {}
        for identifier, values in _held(session, store):
            found.add(identifier, _breaking(checked, values))
            found.add(identifier, _repeating(unique, values, holders))
            for claim in _claims(unique, values):
                holders.setdefault(claim, identifier)
    return found.counted()


class _BrokenValue(NamedTuple):
    address: str
    rule: str
    message: Text


class _Findings:
    """How often a rule is broken at an address, and who breaks it first."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], tuple[str, Text]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, identifier: str, broken: Iterable[_BrokenValue]) -> None:
        for one in broken:
            place = one.address, one.rule
            self._first.setdefault(place, (identifier, one.message))
            self._counts[place] += 1

    def counted(self) -> list[BrokenValues]:
        return [
            BrokenValues(*place, self._counts[place], example, message)
            for place, (example, message) in self._first.items()
        ]


def _held(session: Session, store: RecordStore) -> Iterator[tuple[str, Document]]:
    columns = (store.column("identifier"), store.column("values"))
    held = select(*columns).where(*store.own).order_by(store.column("id"))
    for row in session.execute(held.execution_options(yield_per=1000)):
        yield row.identifier, row.values


def _breaking(checked: Mapping[str, Attribute], values: Document) -> Iterator[_BrokenValue]:
    for address in sorted(checked.keys() & values.keys()):
        for problem in checked[address].type.check(values[address]):
            yield _BrokenValue(address, problem.rule, problem.message)


def _repeating(
    unique: Mapping[str, Attribute], values: Document, holders: Mapping[tuple[str, str], str]
) -> Iterator[_BrokenValue]:
    """The values that a record before this one has. ``holders``: (address, term) -> that record."""
    for address, term in _claims(unique, values):
        holder = holders.get((address, term))
        if holder is not None:
            told = unique[address].type.dump(values[address])
            sentence = text("“%(code)s” has “%(value)s” too.", code=holder, value=told)
            yield _BrokenValue(address, "unique", sentence)


def _claims(unique: Mapping[str, Attribute], values: Document) -> Iterator[tuple[str, str]]:
    for address in sorted(unique.keys() & values.keys()):
        for term in unique[address].type.terms(values[address]):
            yield address, term
