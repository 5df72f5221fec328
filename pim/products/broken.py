"""Values that would break the rules of the structure once it is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    unique = after.unique_at.keys() - before.unique_at.keys()
    if not (checked or unique):
        return []
    found: dict[tuple[str, str], BrokenValues] = {}
    for store in STORES.values():
        seen: set[tuple[str, str]] = set()
        for identifier, values in _held(session, store):
            for address, rule, message in _breaking(checked, values):
                _count(found, address, rule, identifier, message)
            for address in unique & values.keys():
                for term in after.attribute_at[address].type.terms(values[address]):
                    if (address, term) in seen:
                        message = text("Another product has “%(value)s” too.", value=term)
                        _count(found, address, "unique", identifier, message)
                    seen.add((address, term))
    return list(found.values())


def _held(session: Session, store: RecordStore) -> Iterator[tuple[str, Document]]:
    columns = (store.column("identifier"), store.column("values"))
    held = select(*columns).where(*store.own).order_by(store.column("id"))
    for row in session.execute(held.execution_options(yield_per=1000)):
        yield row.identifier, row.values


def _breaking(
    checked: Mapping[str, Attribute], values: Document
) -> Iterator[tuple[str, str, Text]]:
    for address in checked.keys() & values.keys():
        for problem in checked[address].type.check(values[address]):
            yield address, problem.rule, problem.message


def _count(
    found: dict[tuple[str, str], BrokenValues],
    address: str,
    rule: str,
    identifier: str,
    message: Text,
) -> None:
    first = found.get((address, rule))
    if first is None:
        found[address, rule] = BrokenValues(address, rule, 1, identifier, message)
    else:
        found[address, rule] = BrokenValues(
            address, rule, first.count + 1, first.example, first.message
        )
