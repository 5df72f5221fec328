"""What stands around the form of a product: its head, how complete it is where, its variants, its
categories and links.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from media.presets import path_for
from pim import completeness
from pim.accounts import queries as accounts
from pim.errors import Text, text
from pim.labels import label
from pim.listing import label_of
from pim.products import relatives, reviewing
from pim.products.history import unpublished_addresses
from pim.products.models import ReviewComment
from pim.products.queries import ProductDetail
from pim.products.relatives import VariantProgress
from pim.structure.objects import Scope, Structure
from pim.values import parse_address
from pim.web.page import language, tell
from pim.web.products.model_names import axis_values, model_names
from pim.web.products.rows import borrowed_label, picture_in
from pim.web.products.scope import channel_label, locale_label
from pim.workflow import APPROVED


@dataclass(frozen=True)
class Gap:
    """A required value that is missing: where its field is, and what people call it. ``holder``:
    the product or model on whose page it is filled in.
    """

    address: str
    label: str
    holder: str


@dataclass(frozen=True)
class ScopeStanding:
    """How complete a product is in one scope."""

    scope: Scope
    channel: str
    locale: str
    percent: int
    gaps: list[Gap]
    is_chosen: bool


def standings(structure: Structure, detail: ProductDetail, chosen: Scope) -> list[ScopeStanding]:
    """One per channel and locale, and in each what is missing, in the structure's order."""
    required = structure.required(detail.product.family, detail.family_variant, detail.depth())
    document = detail.document
    missing = completeness.missing(required, document)
    place = {address: number for number, address in enumerate(structure.attribute_at)}
    return [
        ScopeStanding(
            scope,
            channel_label(structure, scope.channel),
            locale_label(structure, scope.locale),
            completeness.ratio(required[scope], document),
            [
                Gap(
                    address,
                    address_label(structure, address),
                    detail.holder(structure, address),
                )
                for address in sorted(missing[scope], key=place.__getitem__)
            ],
            scope == chosen,
        )
        for scope in required
    ]


def address_label(structure: Structure, address: str) -> str:
    """An address in words: the attribute's name, with the locale, channel or currency where it has
    one.
    """
    if address in FACTS:
        return tell(FACTS[address])
    if address in structure.association_addresses:
        code = address.removesuffix("-products")
        return label(structure.associations[code].labels, language(), code)
    attribute = structure.attribute_at.get(address)
    if attribute is None:
        return address
    at = parse_address(address)
    channel = channel_label(structure, at.channel) if at.channel else None
    locale = locale_label(structure, at.locale) if at.locale else None
    where = ", ".join(part for part in (locale, channel, at.currency) if part)
    name = label(attribute.labels, language(), attribute.code)
    return f"{name} ({where})" if where else name


FACTS = {
    "family": text("Family"),
    "family_variant": text("Variants by"),
    "parent": text("Model"),
    "enabled": text("Switched on"),
    "status": text("Status"),
    "categories": text("Categories"),
    "published": text("Published values"),
    "reason": text("Reason"),
}
"""What a product has besides values, in words."""


@dataclass(frozen=True)
class ProductHeader:
    """The top of the page. ``borrowed``: the language of the label, where it is not the one that is
    shown. ``models``: identifier -> name of those above it, from the top down.
    ``waiting``: labels of what the next approval would publish; None where
    nothing is published yet. ``sent_back``: what was asked for of a product that came back from
    review; ``sent_back_by``: the name of who did.
    """

    label: str
    borrowed: str
    models: Mapping[str, str]
    family: str
    picture: str
    waiting: list[str] | None
    is_live: bool
    sent_back: ReviewComment | None
    sent_back_by: str


def head(
    session: Session, structure: Structure, detail: ProductDetail, scope: Scope
) -> ProductHeader:
    product = detail.product
    family = structure.families.get(product.family or "")
    picture = picture_in(structure, product.family, detail.document, scope)
    if not picture and product.kind == "model":
        below = relatives.below(session, [product.root_id])
        lent = (
            picture_in(structure, product.family, one.values, scope)
            for one in below
            if product.id in (one.parent_id, one.root_id)
        )
        picture = next(filter(None, lent), "")
    comment = reviewing.comment_on(session, product)
    return ProductHeader(
        label=label_of(
            structure, product.identifier, product.family, detail.document, scope.locale
        ),
        borrowed=borrowed_label(structure, product.family, detail.document, scope.locale),
        models=model_names(structure, detail, scope.locale),
        family=label(family.labels, language(), family.code) if family else "",
        picture=path_for(picture, "small") if picture else "",
        waiting=(
            None
            if product.published is None
            else [address_label(structure, one) for one in unpublished_addresses(product)]
        ),
        is_live=detail.published is not None,
        sent_back=comment,
        sent_back_by=_name_of(session, comment.author) if comment else "",
    )


def _name_of(session: Session, email: str) -> str:
    return accounts.names_of(session, [email]).get(email, email)


@dataclass(frozen=True)
class Tile:
    """A step of the variant bar. ``progress`` for a model, ``is_complete`` for a product."""

    identifier: str
    label: str
    picture: str
    is_here: bool
    progress: VariantProgress | None
    is_complete: bool


@dataclass(frozen=True)
class Rung:
    """One level of the variant bar: what it varies by, and the choices there."""

    axes: str
    tiles: list[Tile]

    @property
    def here(self) -> Tile | None:
        """The choice that the page is on or below."""
        return next((one for one in self.tiles if one.is_here), None)


def variant_bar(
    session: Session, structure: Structure, detail: ProductDetail, scope: Scope
) -> list[Rung]:
    """COMMON > first axis > second axis, from the top model down to the variants of this one; empty
    for a single product.
    """
    product = detail.product
    if product.kind == "product" and not detail.ancestors:
        return []
    top = detail.ancestors[0] if detail.ancestors else product
    below = relatives.below(session, [top.id])
    complete = relatives.complete_among(session, [top.id], str(scope))
    bar = _Bar(structure, detail, scope, complete, relatives.progress(below, complete))
    rungs = [Rung("", [bar.tile(top, 0)])]
    for depth, parent in enumerate([*detail.ancestors, product], start=1):
        tiles = [bar.tile(one, depth) for one in below if one.parent_id == parent.id]
        if tiles:
            rungs.append(Rung(bar.axes(depth), tiles))
    return rungs


class _Bar:
    def __init__(
        self,
        structure: Structure,
        detail: ProductDetail,
        scope: Scope,
        complete: frozenset[int],
        progress: dict[int, VariantProgress],
    ) -> None:
        self.structure, self.detail, self.scope, self.complete, self.progress = (
            structure,
            detail,
            scope,
            complete,
            progress,
        )
        self.chain = {one.id for one in (*detail.ancestors, detail.product)}

    def axes(self, depth: int) -> str:
        level = self.structure.level_of(self.detail.family_variant, depth)
        return (
            ", ".join(address_label(self.structure, axis) for axis in level.axes) if level else ""
        )

    def tile(self, one: Any, depth: int) -> Tile:
        picture = picture_in(self.structure, self.detail.product.family, one.values, self.scope)
        return Tile(
            identifier=one.identifier,
            label=self._label(one, depth),
            picture=path_for(picture, "thumb") if picture else "",
            is_here=one.id in self.chain,
            progress=(
                self.progress.get(one.id, VariantProgress(0, 0)) if one.kind == "model" else None
            ),
            is_complete=one.id in self.complete,
        )

    def _label(self, one: Any, depth: int) -> str:
        if depth == 0:
            family = self.detail.product.family
            return label_of(self.structure, one.identifier, family, one.values, self.scope.locale)
        level = self.structure.level_of(self.detail.family_variant, depth)
        return axis_values(self.structure, level, one.values) or one.identifier


@dataclass(frozen=True)
class Box:
    """A category as a box to tick; ``inherited`` where a model has it already. ``is_open``:
    something below it is ticked.
    """

    code: str
    label: str
    is_ticked: bool
    is_open: bool
    children: list["Box"]


def category_boxes(
    structure: Structure, ticked: Sequence[str], parent: str | None = None
) -> list[Box]:
    """The category trees with the product's categories ticked."""
    found = []
    for code in structure.children.get(parent, ()):
        children = category_boxes(structure, ticked, code)
        is_open = any(one.is_ticked or one.is_open for one in children)
        found.append(
            Box(
                code,
                label(structure.categories[code].labels, language(), code),
                code in ticked,
                is_open,
                children,
            )
        )
    return found


def with_label(identifier: str, names: Mapping[str, str]) -> str:
    """A product as a link says it: its label and its SKU."""
    return f"{names[identifier]} ({identifier})" if identifier in names else identifier


def published_sentence(
    structure: Structure, before: Sequence[str] | None, detail: ProductDetail
) -> Text:
    """What an approval put online. ``before``: the addresses that differed, None where nothing was
    published.
    """
    places = ", ".join(
        f"{one.channel} ({one.locale})"
        for one in standings(structure, detail, Scope("", ""))
        if one.percent == 100
    )
    if before is None:
        return text(
            "Approved and published for the first time. Complete in: %(places)s.",
            places=places or "–",
        )
    if not before or detail.product.status != APPROVED:
        return text("Approved. Nothing that channels see has changed.")
    names = ", ".join(address_label(structure, one) for one in before)
    return text(
        "Approved. Published: %(names)s. Complete in: %(places)s.",
        names=names,
        places=places or "–",
    )
