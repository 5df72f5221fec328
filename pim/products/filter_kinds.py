"""Kinds of fields that a list can be filtered by: an attribute at one of its addresses, and those
beside the attributes.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import ClassVar, Literal

from sqlalchemy.orm import Session

from pim.attributes.base import InvalidValue
from pim.attributes.operators import Operator
from pim.errors import Named, Text, text
from pim.i18n import locale_among
from pim.labels import Labels, label
from pim.products import change_names
from pim.products.id_lists import IdList, of_terms
from pim.structure.objects import Attribute, Structure
from pim.values import parse_address

Values = tuple[str, ...]
FilterControl = Literal["options", "date", "figure", "text"]
"""How somebody gives the values of a filter."""
InWords = str | Text | Named


@dataclass(frozen=True)
class FilterField(ABC):
    """``operators``: what it can be asked. ``looks_inside``: variants may differ in it, so that no
    model stands for its variants where it is asked for. ``is_own_gap``: it tells of what a record
    lacks, or may have wrong, on its own level, so that models are listed beside products.
    ``keeps_order``: its choices stand in an order of their own.
    """

    keeps_order: ClassVar[bool] = False

    code: str
    operators: tuple[Operator, ...]
    looks_inside: bool = False
    is_own_gap: bool = False

    @property
    @abstractmethod
    def control(self) -> FilterControl:
        """How its values are given."""

    @abstractmethod
    def label(self, structure: Structure, language: str) -> Text:
        """What people call it."""

    @abstractmethod
    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        """What is wrong with these values; their number is right."""

    def shown(self, session: Session, structure: Structure, value: str, language: str) -> InWords:
        """A value in words."""
        return value

    def choices(
        self, session: Session, structure: Structure, language: str
    ) -> Mapping[str, InWords]:
        """The values to choose from, in words; none where they are typed."""
        codes = self._codes(structure)
        return {code: self.shown(session, structure, code, language) for code in codes}

    def _codes(self, structure: Structure) -> Iterable[str]:
        return ()

    @abstractmethod
    def id_list(
        self, session: Session, structure: Structure, operator: Operator, values: Values
    ) -> IdList:
        """Who fits."""


def address_in_words(structure: Structure, address: str, language: str) -> Text:
    """The attribute's name, with the locale, channel and currency where it has one."""
    at, attribute = parse_address(address), structure.attribute_at[address]
    name = Named(attribute.code, attribute.labels)
    channel = structure.channels[at.channel].labels if at.channel else {}
    where = (
        locale_among(at.locale, structure.locales, language) if at.locale else "",
        label(channel, language, at.channel) if at.channel else "",
        at.currency or "",
    )
    told = ", ".join(part for part in where if part)
    return Text("%(name)s (%(where)s)" if told else "%(name)s", {"name": name, "where": told})


@dataclass(frozen=True, kw_only=True)
class AttributeField(FilterField):
    """A filterable attribute at one of its addresses, which is the code."""

    attribute: Attribute

    @property
    def control(self) -> FilterControl:
        type_ = self.attribute.type
        if type_.has_options:
            return "options"
        if type_.control == "date":
            return "date"
        return "figure" if Operator.BETWEEN in self.operators else "text"

    def _codes(self, structure: Structure) -> Iterable[str]:
        return sorted(self.attribute.type.option_codes()) if self.attribute.type.has_options else ()

    def label(self, structure: Structure, language: str) -> Text:
        return address_in_words(structure, self.code, language)

    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        try:
            self.attribute.type.sought(operator, values)
        except InvalidValue as error:
            return error.message
        return None

    def shown(self, session: Session, structure: Structure, value: str, language: str) -> InWords:
        return self.attribute.type.shown_sought(value, language)

    def id_list(
        self, session: Session, structure: Structure, operator: Operator, values: Values
    ) -> IdList:
        return of_terms(session, self.code, self.attribute.type.sought(operator, values))


@dataclass(frozen=True, kw_only=True)
class OwnField(FilterField):
    """A field beside the attributes. ``name``: what people call it; ``known``: the codes that there
    are, with their labels, or None where any may be asked for; ``lists``: who fits.
    """

    name: Text
    known: Callable[[Structure], Mapping[str, Labels | Text]] | None = None
    lists: Callable[[Session, Structure, Operator, Values], IdList]

    @property
    def control(self) -> FilterControl:
        return "text" if self.known is None else "options"

    def _codes(self, structure: Structure) -> Iterable[str]:
        return () if self.known is None else self.known(structure)

    def label(self, structure: Structure, language: str) -> Text:
        return self.name

    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        known = self.known(structure) if self.known else None
        strange = [value for value in values if known is not None and value not in known]
        if strange:
            return text("There is nothing called “%(code)s” here.", code=strange[0])
        return None

    def shown(self, session: Session, structure: Structure, value: str, language: str) -> InWords:
        labels = self.known(structure).get(value) if self.known else None
        if labels is None:
            return value
        return labels if isinstance(labels, Text) else Named(value, labels)

    def id_list(
        self, session: Session, structure: Structure, operator: Operator, values: Values
    ) -> IdList:
        found = self.lists(session, structure, operator, values)
        is_without = operator is Operator.NONE_OF
        return replace(found, is_without=found.is_without or is_without)


@dataclass(frozen=True, kw_only=True)
class MissingField(OwnField):
    """What is missing: its values are addresses."""

    def shown(self, session: Session, structure: Structure, value: str, language: str) -> InWords:
        return address_in_words(structure, value, language)


@dataclass(frozen=True, kw_only=True)
class ScopeField(OwnField):
    """A channel in one of its locales: its values are the codes of scopes."""

    def shown(self, session: Session, structure: Structure, value: str, language: str) -> InWords:
        scopes = {scope.code: scope for scope in structure.scopes}
        scope = scopes.get(value)
        if scope is None:
            return value
        channel = structure.channels[scope.channel]
        locale = locale_among(scope.locale, structure.locales, language)
        return f"{label(channel.labels, language, channel.code)}, {locale}"


@dataclass(frozen=True, kw_only=True)
class NamedField(OwnField):
    """``named``: what it can be asked -> in words, as the database and the reader's language have
    it. What is not there any more is no mistake, and nothing matches it.
    """

    keeps_order: ClassVar[bool] = True
    named: Callable[[Session, Structure, str], Mapping[str, str | Text]]

    @property
    def control(self) -> FilterControl:
        return "options"

    def choices(
        self, session: Session, structure: Structure, language: str
    ) -> Mapping[str, InWords]:
        return self.named(session, structure, language)

    def shown(self, session: Session, structure: Structure, value: str, language: str) -> InWords:
        return self.named(session, structure, language).get(value, value)

    def id_list(
        self, session: Session, structure: Structure, operator: Operator, values: Values
    ) -> IdList:
        return self.lists(session, structure, operator, values)


@dataclass(frozen=True, kw_only=True)
class RunField(NamedField):
    """Import runs: the latest are offered, and any may be asked for."""

    def shown(self, session: Session, structure: Structure, value: str, language: str) -> InWords:
        return change_names.runs(session, [value]).get(value, value)


@dataclass(frozen=True, kw_only=True)
class MomentField(OwnField):
    """A moment; a day stands for its first moment, and after "up to" for its last one, in UTC."""

    @property
    def control(self) -> FilterControl:
        return "date"

    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        try:
            for value in values:
                moment_of(value)
        except ValueError:
            return text("“%(value)s” is neither a day nor a moment.", value=value)
        return None


def moment_of(spelled: str, *, is_end: bool = False) -> datetime:
    """``2026-11-22``, or a moment with its zone."""
    if len(spelled) == len("2026-11-22"):
        day = date.fromisoformat(spelled)
        return datetime.combine(day, time.max if is_end else time.min, UTC)
    found = datetime.fromisoformat(spelled)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
