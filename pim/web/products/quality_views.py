"""Quality warnings in words, each with the way to its field."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from pim import quality_kinds
from pim.accounts import queries as accounts
from pim.errors import Text, text
from pim.products.models import Product
from pim.products.queries import ProductDetail
from pim.quality import queries as quality
from pim.quality.models import QualityDismissal
from pim.quality.queries import WarningOfProduct
from pim.quality_kinds import DISMISSED_AS, NAMES
from pim.structure.objects import Attribute, Scope, Structure
from pim.values import parse_address
from pim.web.page import language
from pim.web.products.around import address_label
from pim.web.products.scope import locale_label


@dataclass(frozen=True)
class QualityNote:
    """A warning of the product, or of a model above it. ``holder``: on whose page the field is, and
    ``scope``: in which one it is shown there. ``others``: identifiers of products that the sentence
    ends with, and ``more``: how many there are besides; or it ends with ``words``.
    """

    kind: str
    address: str
    label: str
    sentence: Text
    holder: str
    scope: Scope
    others: Sequence[str] = ()
    more: int = 0
    words: Sequence[str] = ()


@dataclass(frozen=True)
class NearOptionNote:
    """An option beside which there is one that is hardly another. ``meant``: its code."""

    held: str
    held_label: str
    meant: str
    meant_label: str


@dataclass(frozen=True)
class FieldMarks:
    """What may be wrong with the value of one field, said beside it."""

    notes: list[QualityNote] = field(default_factory=list)
    near_options: list[NearOptionNote] = field(default_factory=list)


@dataclass(frozen=True)
class DismissedNote:
    """Something that somebody called right. ``name``: of the kind; ``who``: in words."""

    kind: str
    address: str
    label: str
    name: Text
    who: str
    at: datetime


def notes(
    session: Session, structure: Structure, detail: ProductDetail, scope: Scope
) -> list[QualityNote]:
    """What is warned of at a product and the models that it inherits from."""
    levels = {one.id: one for one in (*detail.ancestors, detail.product)}
    order = list(NAMES)
    found = sorted(
        quality.of_products(session, list(levels)), key=lambda one: order.index(one.kind)
    )
    return [
        _note(structure, levels, one, scope)
        for one in found
        if one.address in structure.attribute_at
    ]


def field_marks(
    session: Session, structure: Structure, detail: ProductDetail, found: Sequence[QualityNote]
) -> dict[str, FieldMarks]:
    """Address -> what may be wrong there, of the product's own values. ``found``: its notes."""
    marks: dict[str, FieldMarks] = defaultdict(FieldMarks)
    for note in found:
        if note.holder == detail.product.identifier:
            marks[note.address].notes.append(note)
    for one in quality.meant_options(session, structure, detail.product):
        attribute = structure.attribute_at[one.address]
        near = NearOptionNote(
            one.held, _option(attribute, one.held), one.meant, _option(attribute, one.meant)
        )
        marks[one.address].near_options.append(near)
    return marks


def dismissed(session: Session, structure: Structure, detail: ProductDetail) -> list[DismissedNote]:
    """What somebody called right of the product itself."""
    found = quality.dismissals(session, [detail.product.id])
    names = accounts.names_of(session, [one.by for one in found])
    return [_dismissed(structure, one, names) for one in found]


def _option(attribute: Attribute, code: str) -> str:
    """Its label as it stands, so that one sees what tells it from another one."""
    value = [code] if attribute.type.takes_many else code
    return attribute.type.show(value, language())


def _dismissed(
    structure: Structure, one: QualityDismissal, names: Mapping[str, str]
) -> DismissedNote:
    said = address_label(structure, one.address)
    who = names.get(one.by, one.by)
    return DismissedNote(one.kind, one.address, said, DISMISSED_AS[one.kind], who, one.at)


def _note(
    structure: Structure,
    levels: Mapping[int, Product],
    one: WarningOfProduct,
    scope: Scope,
) -> QualityNote:
    return QualityNote(
        one.kind,
        one.address,
        address_label(structure, one.address),
        _sentence(structure, one),
        levels[one.product_id].identifier,
        _where_seen(structure, one.address, scope),
        one.others,
        one.more,
        one.detail if one.kind == quality_kinds.MISSPELLED else (),
    )


def _sentence(structure: Structure, one: WarningOfProduct) -> Text:
    match one.kind:
        case quality_kinds.REPEATED_NAME:
            return text("The same name as")
        case quality_kinds.SHARED_PICTURE:
            return text("The same main picture as")
        case quality_kinds.MISSPELLED:
            return text("No dictionary knows")
        case quality_kinds.UNTRANSLATED:
            source = parse_address(one.detail[0]).locale or ""
            language = locale_label(structure, source)
            return text("The same text as in %(language)s", language=language)
    return _out_of_line(one.times)


def _out_of_line(times: float | None) -> Text:
    if times is None:
        return text("Far from what is usual in its family")
    if times >= 1:
        return text("About %(times)s× what is usual in its family", times=_round(times))
    return text("About 1/%(times)s of what is usual in its family", times=_round(1 / times))


def _round(times: float) -> str:
    """Two digits say enough."""
    return f"{float(f'{times:.2g}'):,.0f}"


def _where_seen(structure: Structure, address: str, scope: Scope) -> Scope:
    """The scope nearest to the one that is shown in which the field stands."""
    at = parse_address(address)
    wanted = Scope(at.channel or scope.channel, at.locale or scope.locale)
    if wanted in structure.scopes:
        return wanted
    fits = (
        one
        for one in structure.scopes
        if at.locale in (None, one.locale) and at.channel in (None, one.channel)
    )
    return next(fits, scope)
