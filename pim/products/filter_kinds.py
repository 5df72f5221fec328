"""Kinds of fields that a list can be filtered by: an attribute at one of its addresses, and those
beside the attributes.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

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


@dataclass(frozen=True)
class FilterField(ABC):
    """``operators``: what it can be asked. ``looks_inside``: variants may differ in it, so that no
    model stands for its variants where it is asked for. ``is_own_gap``: it tells of what a record
    lacks, or may have wrong, on its own level, so that models are listed beside products.
    """

    code: str
    operators: tuple[Operator, ...]
    looks_inside: bool = False
    is_own_gap: bool = False

    @abstractmethod
    def label(self, structure: Structure, language: str) -> Text:
        """What people call it."""

    @abstractmethod
    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        """What is wrong with these values; their number is right."""

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
        """A value in words."""
        return value

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

    def label(self, structure: Structure, language: str) -> Text:
        return address_in_words(structure, self.code, language)

    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        try:
            self.attribute.type.sought(operator, values)
        except InvalidValue as error:
            return error.message
        return None

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
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

    def label(self, structure: Structure, language: str) -> Text:
        return self.name

    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        known = self.known(structure) if self.known else None
        strange = [value for value in values if known is not None and value not in known]
        if strange:
            return text("There is nothing called “%(code)s” here.", code=strange[0])
        return None

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
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

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
        return address_in_words(structure, value, language)


@dataclass(frozen=True, kw_only=True)
class ScopeField(OwnField):
    """A channel in one of its locales: its values are the codes of scopes."""

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
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

    named: Callable[[Session, Structure, str], Mapping[str, str | Text]]

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
        return self.named(session, structure, language).get(value, value)

    def id_list(
        self, session: Session, structure: Structure, operator: Operator, values: Values
    ) -> IdList:
        return self.lists(session, structure, operator, values)


@dataclass(frozen=True, kw_only=True)
class RunField(NamedField):
    """Import runs: the latest are offered, and any may be asked for."""

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
        return change_names.runs(session, [value]).get(value, value)


@dataclass(frozen=True, kw_only=True)
class MomentField(OwnField):
    """A moment; a day stands for its first moment, and after "up to" for its last one, in UTC."""

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
