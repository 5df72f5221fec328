"""The fields beside the attributes that a list can be filtered by. Their codes begin with ``_``, so
that no attribute is called like one.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from pim import quality_kinds
from pim.attributes.operators import OF_AMOUNTS, OF_OPTIONS, Operator
from pim.errors import Text, text
from pim.i18n import locale_among
from pim.labels import Labels
from pim.products import change_names, feed_index, filter_lists
from pim.products.filter_kinds import (
    MissingField,
    MomentField,
    NamedField,
    OwnField,
    RunField,
    ScopeField,
    address_in_words,
)
from pim.structure.objects import PRODUCT, Structure
from pim.workflow import NAMES


def _people(session: Session, _t: Structure, _l: str) -> Mapping[str, str]:
    return change_names.people(session)


def _runs(session: Session, _t: Structure, _l: str) -> Mapping[str, Text]:
    return change_names.latest_runs(session)


def _profiles(session: Session, _t: Structure, _l: str) -> Mapping[str, str]:
    return change_names.profiles(session)


def _locales(_s: Session, structure: Structure, language: str) -> Mapping[str, str]:
    return {code: locale_among(code, structure.locales, language) for code in structure.locales}


def _feeds(session: Session, _t: Structure, _l: str) -> Mapping[str, str]:
    return feed_index.labels(session)


def _reasons(session: Session, structure: Structure, language: str) -> Mapping[str, Text]:
    def named(field: str) -> Text | str:
        is_ours = field in structure.attribute_at
        return address_in_words(structure, field, language) if is_ours else field

    return feed_index.reasons(session, named)


def _scopes(structure: Structure) -> Mapping[str, Labels | Text]:
    return {scope.code: {} for scope in structure.scopes}


QUALITY: Final = "_quality"
"""Asks for warnings, of one kind or of any."""
_OWN: Final = (
    OwnField(
        "_identifier",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Identifier"),
        lists=filter_lists.identifiers,
    ),
    OwnField(
        "_family",
        (*OF_OPTIONS, Operator.EMPTY),
        name=text("Family"),
        known=lambda structure: {
            code: one.labels for code, one in structure.families_of(PRODUCT).items()
        },
        lists=filter_lists.family,
    ),
    OwnField(
        "_category",
        (*OF_OPTIONS, Operator.EMPTY),
        name=text("Category"),
        known=lambda structure: {code: one.labels for code, one in structure.categories.items()},
        lists=filter_lists.categories,
    ),
    OwnField(
        "_status",
        OF_OPTIONS,
        name=text("Status"),
        known=lambda _structure: NAMES,
        lists=filter_lists.status,
    ),
    ScopeField(
        "_complete",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Complete"),
        known=_scopes,
        lists=filter_lists.complete,
    ),
    ScopeField(
        "_incomplete",
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Something missing"),
        known=_scopes,
        lists=filter_lists.incomplete,
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
        lists=filter_lists.missing,
    ),
    NamedField(
        "_in_feed",
        OF_OPTIONS,
        looks_inside=True,
        name=text("In the published feed"),
        lists=filter_lists.in_feeds,
        named=_feeds,
    ),
    NamedField(
        "_left_out",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Left out of a feed"),
        lists=filter_lists.left_out,
        named=_reasons,
    ),
    OwnField(
        QUALITY,
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Quality"),
        known=lambda _structure: {quality_kinds.ANY: text("any warning"), **quality_kinds.NAMES},
        lists=filter_lists.quality,
    ),
    NamedField(
        "_outdated",
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Outdated translation"),
        lists=filter_lists.outdated,
        named=_locales,
    ),
    NamedField(
        "_translate",
        (Operator.ONE_OF,),
        looks_inside=True,
        is_own_gap=True,
        name=text("Text to translate"),
        lists=filter_lists.waiting,
        named=_locales,
    ),
    OwnField(
        "_picture", (Operator.YES, Operator.NO), name=text("Picture"), lists=filter_lists.pictured
    ),
    OwnField(
        "_enabled",
        (Operator.YES, Operator.NO),
        looks_inside=True,
        name=text("Enabled"),
        lists=filter_lists.enabled,
    ),
    MomentField(
        "_changed",
        tuple(one for one in OF_AMOUNTS if one is not Operator.IS),
        looks_inside=True,
        name=text("Changed"),
        lists=filter_lists.changed,
    ),
    NamedField(
        "_changed_by",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Changed by"),
        lists=filter_lists.changed_by,
        named=_people,
    ),
    RunField(
        "_run",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Import run"),
        lists=filter_lists.changed_by_run,
        named=_runs,
    ),
    NamedField(
        "_profile",
        (Operator.ONE_OF,),
        looks_inside=True,
        name=text("Import profile"),
        lists=filter_lists.changed_with_profile,
        named=_profiles,
    ),
)
OWN: Final = {field.code: field for field in _OWN}
"""The fields beside the attributes, in the order in which they are offered."""
