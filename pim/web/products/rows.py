"""The rows of the list: products as people read them, with the cells of the chosen columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from media.presets import path_for
from pim import completeness
from pim.errors import Text
from pim.labels import label
from pim.listing import borrowed_locale, label_of, value_in
from pim.products import queries, relatives
from pim.products.relatives import VariantProgress
from pim.quality import queries as quality
from pim.quality_kinds import NAMES
from pim.structure.objects import Scope, Structure
from pim.values import Document
from pim.web.page import language
from pim.web.products import feed_dots
from pim.web.products.cells import ListCellReader, ShownCell
from pim.web.products.columns import ListColumn
from pim.web.products.feed_dots import FeedDot
from pim.web.products.form import shown_value
from pim.web.products.scope import locale_label


@dataclass(frozen=True)
class LocalePill:
    """How complete a product is in one language of the channel; of a model, how many of its
    variants are. ``share``: per cent.
    """

    label: str
    locale: str
    share: int
    said: str
    is_chosen: bool


@dataclass(frozen=True)
class WarningCount:
    """How many quality warnings of a kind a product has; ``name``: of the kind."""

    name: Text
    number: int


@dataclass(frozen=True)
class ListRow:
    """A product in the list. ``axes``: what tells a variant from its siblings, in words. ``ghost``:
    the language that its name is borrowed from. ``below``: the model under which it is opened, and
    ``depth`` how far in it stands there. ``picture``: the address of a small one; ``card``: of one
    that fills a card.

    ``percent``: of what the scope requires; None for a model, whose variants are counted instead,
    and for a product without a family, of which nothing is required: it is never complete.
    ``missing``: what it lacks on its own level, and ``warnings`` what may be wrong there.
    ``cells``: by the codes of their columns.
    """

    identifier: str
    version: int
    label: str
    ghost: str
    axes: str
    below: str
    depth: int
    is_model: bool
    is_enabled: bool
    picture: str
    card: str
    family: str
    status: str
    percent: int | None
    variants: VariantProgress | None
    updated: datetime
    actor: str
    missing: Sequence[str]
    warnings: Sequence[WarningCount]
    categories: Sequence[str]
    locales: Sequence[LocalePill]
    feeds: Sequence[FeedDot]
    cells: Mapping[str, ShownCell]


def make_rows(
    session: Session,
    structure: Structure,
    scope: Scope,
    columns: Sequence[ListColumn],
    found: Sequence[Any],
    below: str = "",
) -> list[ListRow]:
    """What a page of the list shows of these products (:data:`pim.products.queries.LISTED`).
    ``below``: the model under which they are opened.
    """
    page = _Page.of(session, structure, scope, columns, found)
    return [page.row(one, below) for one in found]


def picture_in(structure: Structure, family: str | None, document: Document, scope: Scope) -> str:
    """The code of a product's first picture, or nothing."""
    own = structure.families.get(family or "")
    found = (
        value_in(structure, document, own.picture, scope.channel, scope.locale)
        if own and own.picture
        else None
    )
    if isinstance(found, list):
        found = found[0]
    return found or ""


def borrowed_label(
    structure: Structure, family: str | None, document: Document, locale: str
) -> str:
    """The name of the language that lends the product its name; empty where it has its own."""
    lender = borrowed_locale(structure, family, document, locale)
    return locale_label(structure, lender) if lender else ""


@dataclass(frozen=True)
class _Page:
    """What the rows of a page have in common, read once. ``actors``: product id -> who changed it
    last. ``progress``: locale -> model id -> its variants. ``variants_by``: top model -> its family
    variant.
    """

    structure: Structure
    scope: Scope
    readers: Mapping[str, ListCellReader]
    documents: Mapping[int, Document]
    pictures: Mapping[int, str]
    progress: Mapping[str, Mapping[int, VariantProgress]]
    actors: Mapping[int, str]
    variants_by: Mapping[int, str | None]
    feeds: Mapping[int, Sequence[FeedDot]]
    warnings: Mapping[int, Mapping[str, int]]
    wanted: frozenset[str]
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        session: Session,
        structure: Structure,
        scope: Scope,
        columns: Sequence[ListColumn],
        rows: Sequence[Any],
    ) -> "_Page":
        """Reads only what the columns need."""
        wanted = frozenset(one.code for one in columns)
        documents = relatives.documents(session, rows)
        roots = sorted({row.root_id for row in rows if row.kind == "model"})
        below = relatives.below(session, roots)
        locales = _locales(structure, scope) if ".locales" in wanted else (scope.locale,)
        progress = {
            locale: relatives.progress(
                below,
                relatives.complete_among(session, roots, str(Scope(scope.channel, locale))),
            )
            for locale in locales
        }
        pictures = {
            row.id: picture_in(structure, row.family, documents[row.id], scope) for row in rows
        }
        _lend_pictures(structure, rows, below, pictures, scope)
        return cls(
            structure,
            scope,
            {
                one.code: ListCellReader(structure, one, scope)
                for one in columns
                if one.attribute is not None
            },
            documents,
            pictures,
            progress,
            queries.last_actors(session, [row.id for row in rows]) if ".actor" in wanted else {},
            queries.family_variants(session, {row.root_id for row in rows})
            if ".missing" in wanted
            else {},
            feed_dots.read(session, structure, rows) if ".feeds" in wanted else {},
            quality.kinds_of(session, [row.id for row in rows]) if ".quality" in wanted else {},
            wanted,
        )

    def row(self, row: Row[Any], below: str) -> ListRow:
        """One product."""
        structure, document = self.structure, self.documents[row.id]
        is_model = row.kind == "model"
        name, ghost = self._name(row, document)
        picture = self.pictures[row.id]
        return ListRow(
            identifier=row.identifier,
            version=row.version,
            label=name,
            ghost=ghost,
            axes=_axes(structure, row.family, document) if row.parent_id is not None else "",
            below=below,
            depth=_depth(row) if below else 0,
            is_model=is_model,
            is_enabled=row.enabled,
            picture=path_for(picture, "thumb") if picture else "",
            card=path_for(picture, "small") if picture else "",
            family=self._family(row.family),
            status=row.status,
            percent=None if is_model else self._percent(row.family, document, self.scope),
            variants=self.progress[self.scope.locale].get(row.id) if is_model else None,
            updated=row.updated,
            actor=self.actors.get(row.id, ""),
            missing=self._missing(row, document) if ".missing" in self.wanted else (),
            warnings=[
                WarningCount(NAMES[kind], number)
                for kind, number in self.warnings.get(row.id, {}).items()
            ],
            categories=self._categories(document) if ".categories" in self.wanted else (),
            locales=self._pills(row, document) if ".locales" in self.wanted else (),
            feeds=self.feeds.get(row.id, ()),
            cells={code: reader.cell(document) for code, reader in self.readers.items()},
        )

    def _name(self, row: Row[Any], document: Document) -> tuple[str, str]:
        """What the product is called, and the language that this is borrowed from."""
        locale = self.scope.locale
        found = label_of(self.structure, row.identifier, row.family, document, locale)
        return found, borrowed_label(self.structure, row.family, document, locale)

    def _family(self, code: str | None) -> str:
        family = self.structure.families.get(code or "")
        return label(family.labels, language(), family.code) if family else ""

    def _percent(self, family: str | None, document: Document, scope: Scope) -> int | None:
        if family not in self.structure.families:
            return None
        required = self.structure.required(family).get(scope, frozenset())
        return completeness.ratio(required, document)

    def _missing(self, row: Row[Any], document: Document) -> list[str]:
        required = self.structure.required_of_itself(
            row.family,
            self.variants_by.get(row.root_id),
            _depth(row),
            is_model=row.kind == "model",
        ).get(self.scope, frozenset())
        lacking = required.difference(document)
        codes = dict.fromkeys(
            attribute.code
            for address, attribute in self.structure.attribute_at.items()
            if address in lacking
        )
        return [self._attribute(code) for code in codes] if lacking else []

    def _attribute(self, code: str) -> str:
        if code not in self.names:
            attribute = self.structure.attributes[code]
            self.names[code] = label(attribute.labels, language(), code)
        return self.names[code]

    def _categories(self, document: Document) -> list[str]:
        known = self.structure.categories
        return [
            label(known[code].labels, language(), code)
            for code in document.get("categories", ())
            if code in known
        ]

    def _pills(self, row: Row[Any], document: Document) -> list[LocalePill]:
        return [
            pill
            for locale in _locales(self.structure, self.scope)
            if (pill := self._pill(row, document, locale)) is not None
        ]

    def _pill(self, row: Row[Any], document: Document, locale: str) -> LocalePill | None:
        if row.kind == "model":
            counted = self.progress[locale].get(row.id)
            if counted is None:
                return None
            share = 100 * counted.complete // counted.variants
            said = f"{counted.complete}/{counted.variants}"
        else:
            percent = self._percent(row.family, document, Scope(self.scope.channel, locale))
            if percent is None:
                return None
            share, said = percent, f"{percent}%"
        name = locale_label(self.structure, locale)
        return LocalePill(name, locale, share, said, locale == self.scope.locale)


def _locales(structure: Structure, scope: Scope) -> Sequence[str]:
    channel = structure.channels.get(scope.channel)
    return channel.locales if channel else ()


def _depth(row: Row[Any]) -> int:
    if row.parent_id is None:
        return 0
    return 1 if row.parent_id == row.root_id else 2


def _lend_pictures(
    structure: Structure, rows: Any, below: Any, pictures: dict[int, str], scope: Scope
) -> None:
    """A model without a picture shows that of its first variant that has one."""
    family = {row.id: row.family for row in rows if row.kind == "model"}
    for one in below:
        for model in (one.parent_id, one.root_id):
            if model in family and not pictures[model]:
                pictures[model] = picture_in(structure, family[model], one.values, scope)


def _axes(structure: Structure, family: str | None, document: Document) -> str:
    levels = (
        level
        for variant in structure.variants.values()
        if variant.family == family
        for level in variant.levels
    )
    axes = dict.fromkeys(axis for level in levels for axis in level.axes)
    return " · ".join(
        shown_value(structure, axis, document[axis]) for axis in axes if axis in document
    )
