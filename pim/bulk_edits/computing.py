"""A value made of others by the operations that feeds' mappings have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from pim.attributes import lists
from pim.attributes.base import AttributeType
from pim.attributes.quantities import Measure, Money
from pim.bulk_edits.working import WorkedProduct
from pim.errors import Invalid, NotFound, text
from pim.feeds.fields import Field, FieldKind
from pim.feeds.lookup import FeedLookup
from pim.feeds.mapping import CompiledMapping, compile_mapping
from pim.feeds.models import Feed
from pim.feeds.operations import MappedValue
from pim.problems import Problem
from pim.structure.objects import Structure
from pim.values import parse_address

TARGET = "value"


@dataclass(frozen=True)
class Computation:
    """What gives one address its value, compiled."""

    address: str
    mapping: CompiledMapping

    @classmethod
    def compiled(
        cls, structure: Structure, address: str, sources: Sequence[str], do: Sequence[Any]
    ) -> "Computation":
        """Sources and operations as a mapping has them, seen from the address's own channel, locale
        and currency. :class:`~pim.errors.NotFound` says what is wrong with them.
        """
        type_ = structure.attribute_at[address].type
        rule = {"from": list(sources), "do": list(do)}
        # As a price, a value stays what the operations left: an amount, a measure, a code.
        kind: FieldKind = "text" if type_.is_free_text or type_.has_markup else "price"
        field = Field(TARGET, kind=kind, repeat=lists.LONGEST if type_.takes_many else 0)
        try:
            mapping = compile_mapping({TARGET: rule}, [field], _lookup(structure, address))
        except Invalid as error:
            raise NotFound(error.messages[TARGET][0]) from error
        return cls(address, mapping)

    def of(
        self, session: Session, products: Sequence[WorkedProduct]
    ) -> list[MappedValue | Problem]:
        """What each of these products is to hold, None for nothing; or what broke on it."""
        self.mapping.prepare(session, products)
        found: list[MappedValue | Problem] = []
        for listing in self.mapping.resolve(products):
            if listing.problems:
                sentence = listing.problems[0].message
                found.append(Problem(self.address, "operation", sentence, "", "skipped"))
            else:
                found.append(listing.get(TARGET))
        return found


def _lookup(structure: Structure, address: str) -> FeedLookup:
    """The address's own scope; what it does not say is that of the first channel."""
    at = parse_address(address)
    channel = structure.channels.get(at.channel or "") or next(
        (one for one in structure.channels.values() if at.locale in (None, *one.locales)), None
    )
    if channel is None:
        raise NotFound(text("There is no channel to compute this value in."))
    scope = Feed(
        channel=channel.code,
        locale=at.locale or next(iter(channel.locales), ""),
        currency=at.currency or next(iter(channel.currencies), ""),
        link="",
    )
    return FeedLookup(structure, scope, "")


def spelled(type_: AttributeType, value: MappedValue) -> str:
    """What operations left, as the text that a value of this type is read from."""
    if isinstance(value, list):
        return lists.join([spelled(type_, one) for one in value])
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Money):
        return str(value) if type_.is_free_text else value.amount
    if isinstance(value, Measure):
        if len(type_.columns("")) > 1:
            return type_.join((value.amount, value.unit))
        return str(value) if type_.is_free_text else value.amount
    return str(value)
