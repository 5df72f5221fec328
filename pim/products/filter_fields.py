"""What a list can be filtered by: the filterable attributes, and fields beside them, whose codes
begin with ``_`` so that no attribute is called like one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, String, column, select, table
from sqlalchemy.orm import Session, aliased

from pim import quality_kinds
from pim.attributes.base import InvalidValue
from pim.attributes.operators import (
    OF_AMOUNTS,
    OF_OPTIONS,
    Operator,
    Sought,
)
from pim.errors import Named, Text, text
from pim.i18n import locale_among
from pim.labels import Labels, label
from pim.products import change_names, feed_index, index_parts
from pim.products.id_lists import IdList, of_changes, of_column, of_terms
from pim.products.models import Product
from pim.products.workspace import key_of
from pim.structure.objects import PRODUCT, Attribute, Structure
from pim.values import parse_address
from pim.workflow import NAMES, RETIRED

Values = tuple[str, ...]


@dataclass(frozen=True)
class FilterField:
    """``operators``: what it can be asked. ``looks_inside``: variants may differ in it, so that no
    model stands for its variants where it is asked for. ``is_own_gap``: it tells of what a record
    lacks, or may have wrong, on its own level, so that models are listed beside products.
    """

    code: str
    operators: tuple[Operator, ...]
    looks_inside: bool = False
    is_own_gap: bool = False

    def label(self, structure: Structure, language: str) -> Text:
        """What people call it."""
        raise NotImplementedError

    def why_not(self, structure: Structure, operator: Operator, values: Values) -> Text | None:
        """What is wrong with these values; their number is right."""
        raise NotImplementedError

    def shown(
        self, session: Session, structure: Structure, value: str, language: str
    ) -> str | Text | Named:
        """A value in words."""
        return value

    def id_list(
        self, session: Session, structure: Structure, operator: Operator, values: Values
    ) -> IdList:
        """Who fits."""
        raise NotImplementedError


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
                _moment(value)
        except ValueError:
            return text("“%(value)s” is neither a day nor a moment.", value=value)
        return None


def _moment(spelled: str, *, is_end: bool = False) -> datetime:
    """``2026-11-22``, or a moment with its zone."""
    if len(spelled) == len("2026-11-22"):
        day = date.fromisoformat(spelled)
        return datetime.combine(day, time.max if is_end else time.min, UTC)
    found = datetime.fromisoformat(spelled)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _identifiers(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return IdList(of_column("key", [key_of(value) for value in values]).found, None)


def _family(_s: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    return of_column("family", [None] if operator is Operator.EMPTY else values)


def _categories(
    session: Session, structure: Structure, operator: Operator, values: Values
) -> IdList:
    if operator is Operator.EMPTY:
        return of_terms(session, index_parts.CATEGORIES, Sought(is_without=True))
    codes = {code for value in values for code in structure.below(value)}
    return of_terms(session, index_parts.CATEGORIES, Sought(tuple(sorted(codes))))


def _status(session: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    """What stands below a retired model counts as retired."""
    if values == (RETIRED,):
        return of_terms(session, index_parts.STATUS, Sought((RETIRED,)))
    return of_column("status", values)


def _complete(session: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_terms(session, "complete", Sought(values))


def _incomplete(session: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_terms(session, index_parts.GAPS, Sought(values))


def _enabled(session: Session, _t: Structure, operator: Operator, _v: Values) -> IdList:
    """Only what is not enabled has an entry."""
    disabled = Sought((index_parts.YES,), is_without=operator is Operator.YES)
    return of_terms(session, index_parts.DISABLED, disabled)


def _changed(_s: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    product = aliased(Product)
    fits: list[ColumnElement[bool]] = []
    if operator is not Operator.AT_MOST:
        fits.append(product.updated >= _moment(values[0]))
    if operator is not Operator.AT_LEAST:
        fits.append(product.updated <= _moment(values[-1], is_end=True))
    found: Any = select(product.id).where(*fits)
    return IdList(found, None)


def _missing(session: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_terms(session, index_parts.MISSING, Sought(values))


def _pictured(session: Session, _t: Structure, operator: Operator, _v: Values) -> IdList:
    pictured = Sought((index_parts.YES,), is_without=operator is Operator.NO)
    return of_terms(session, index_parts.PICTURED, pictured)


def _changed_by(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_changes("actor", values)


def _written_by(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_changes("reference", values)


def _written_with(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_changes("reference", change_names.runs_with(values))


def _people(session: Session, _t: Structure, _l: str) -> Mapping[str, str]:
    return change_names.people(session)


def _runs(session: Session, _t: Structure, _l: str) -> Mapping[str, Text]:
    return change_names.latest_runs(session)


def _profiles(session: Session, _t: Structure, _l: str) -> Mapping[str, str]:
    return change_names.profiles(session)


def _outdated(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    """Translations know products, and not the other way: their table is named, and nothing else."""
    entry = table("outdated_text", column("target_locale", String), column("product_id")).alias()
    found: Any = select(entry.c.product_id).where(entry.c.target_locale.in_(values))
    return IdList(found, found if len(values) == 1 else None, repeats=True)


def _waiting(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    """As above."""
    entry = table("waiting_text", column("target_locale", String), column("product_id")).alias()
    found: Any = select(entry.c.product_id).where(entry.c.target_locale.in_(values))
    return IdList(found, None, repeats=True)


def _locales(_s: Session, structure: Structure, language: str) -> Mapping[str, str]:
    return {code: locale_among(code, structure.locales, language) for code in structure.locales}


def _in_feeds(session: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    if operator is Operator.NONE_OF:
        return feed_index.in_none_of(session, values)
    return feed_index.in_feeds(session, values)


def _left_out(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return feed_index.left_out(values)


def _feeds(session: Session, _t: Structure, _l: str) -> Mapping[str, str]:
    return feed_index.labels(session)


def _reasons(session: Session, structure: Structure, language: str) -> Mapping[str, Text]:
    def named(field: str) -> Text | str:
        is_ours = field in structure.attribute_at
        return address_in_words(structure, field, language) if is_ours else field

    return feed_index.reasons(session, named)


def _quality(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    """Warnings are worked out from products, and not the other way: their table is named, and
    nothing else.
    """
    kind, number = column("kind", String), column("product_id", BigInteger)
    found: Any = select(number).select_from(table("quality_warning", kind, number))
    if quality_kinds.ANY not in values:
        found = found.where(kind.in_(values))
    return IdList(found, None, repeats=True)


def _scopes(structure: Structure) -> Mapping[str, Labels | Text]:
    return {
        scope.code: Text(
            "%(channel)s, %(locale)s",
            {
                "channel": Named(scope.channel, structure.channels[scope.channel].labels),
                "locale": scope.locale,
            },
        )
        for scope in structure.scopes
    }


QUALITY: Final = "_quality"
"""Asks for warnings, of one kind or of any."""
_OWN: Final = (
    OwnField(
        "_identifier",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Identifier"),
        lists=_identifiers,
    ),
    OwnField(
        "_family",
        (*OF_OPTIONS, Operator.EMPTY),
        name=text("Family"),
        known=lambda structure: {
            code: one.labels for code, one in structure.families_of(PRODUCT).items()
        },
        lists=_family,
    ),
    OwnField(
        "_category",
        (*OF_OPTIONS, Operator.EMPTY),
        name=text("Category"),
        known=lambda structure: {code: one.labels for code, one in structure.categories.items()},
        lists=_categories,
    ),
    OwnField(
        "_status", OF_OPTIONS, name=text("Status"), known=lambda _structure: NAMES, lists=_status
    ),
    OwnField(
        "_complete",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Complete"),
        known=_scopes,
        lists=_complete,
    ),
    OwnField(
        "_incomplete",
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Something missing"),
        known=_scopes,
        lists=_incomplete,
    ),
    MissingField(
        "_missing",
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Missing value"),
        known=lambda structure: {
            address: attribute.labels for address, attribute in structure.attribute_at.items()
        },
        lists=_missing,
    ),
    NamedField(
        "_in_feed",
        OF_OPTIONS,
        looks_inside=True,
        name=text("In the published feed"),
        lists=_in_feeds,
        named=_feeds,
    ),
    NamedField(
        "_left_out",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Left out of a feed"),
        lists=_left_out,
        named=_reasons,
    ),
    OwnField(
        QUALITY,
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Quality"),
        known=lambda _structure: {quality_kinds.ANY: text("any warning"), **quality_kinds.NAMES},
        lists=_quality,
    ),
    NamedField(
        "_outdated",
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Outdated translation"),
        lists=_outdated,
        named=_locales,
    ),
    NamedField(
        "_translate",
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Text to translate"),
        lists=_waiting,
        named=_locales,
    ),
    OwnField("_picture", (Operator.YES, Operator.NO), name=text("Picture"), lists=_pictured),
    OwnField(
        "_enabled",
        (Operator.YES, Operator.NO),
        looks_inside=True,
        name=text("Enabled"),
        lists=_enabled,
    ),
    MomentField(
        "_changed",
        tuple(one for one in OF_AMOUNTS if one is not Operator.IS),
        looks_inside=True,
        name=text("Changed"),
        lists=_changed,
    ),
    NamedField(
        "_changed_by",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Changed by"),
        lists=_changed_by,
        named=_people,
    ),
    RunField(
        "_run",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Import run"),
        lists=_written_by,
        named=_runs,
    ),
    NamedField(
        "_profile",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Import profile"),
        lists=_written_with,
        named=_profiles,
    ),
)
OWN: Final = {field.code: field for field in _OWN}
"""The fields beside the attributes, in the order in which they are offered."""


def field_at(structure: Structure, code: str) -> FilterField | None:
    """What is filtered by under this code; None where there is no such field."""
    attribute = structure.filterable_at.get(code)
    if attribute is None:
        return OWN.get(code)
    return AttributeField(
        code,
        attribute.type.operators,
        looks_inside=attribute.code in structure.held_by_variants,
        attribute=attribute,
    )


def offered(structure: Structure) -> Iterator[FilterField]:
    """Everything that a list of products can be filtered by, in the order of the structure."""
    yield from OWN.values()
    held = {code for one in structure.families_of(PRODUCT).values() for code in one.attributes}
    for address, attribute in structure.filterable_at.items():
        field = field_at(structure, address)
        if attribute.code in held and field is not None:
            yield field
