"""Explains a cell of a feed: from what the channel gets of a product in one field back through the
feed's rules, its operations and sources to the value, and to the person or the row of a file that
wrote it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from media.storage import Storage
from pim.errors import Invalid, NotFound, Text, text
from pim.feeds import queries, samples, service
from pim.feeds.conditions import compile_conditions
from pim.feeds.contract import Problem
from pim.feeds.feed_fields import fields_of
from pim.feeds.files import trace_key
from pim.feeds.lookup import FeedLookup
from pim.feeds.mapping_compiler import MappingCompiler
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.pipeline import InvalidOperation
from pim.feeds.rules import CHANGE, IF, LABEL, PAUSED, SET
from pim.feeds.samples import FieldSample, StepSample
from pim.feeds.sources import (
    AssociationSource,
    AttributeSource,
    MappingSource,
    ModelSource,
    compile_source,
)
from pim.feeds.traces import Trace, checksum_of, read_trace, value_checksum
from pim.products import change_names
from pim.products import queries as products
from pim.products.models import Change
from pim.products.published_products import Published
from pim.products.queries import ProductDetail
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.versions import SetupVersion


@dataclass(frozen=True)
class ValueOrigin:
    """Who wrote a value. ``holder``: the product or model that has it. ``run``: the import's file
    and when it began, with its ``row``; None and no row for what a person wrote.
    """

    address: str
    holder: str
    is_inherited: bool
    who: str
    at: datetime
    run: Text | None
    row: int | None


@dataclass(frozen=True)
class ExplainedSource:
    """A source of the field's mapping and what it gave. ``origin``: None where it gave nothing, or
    where it is no value of the product.
    """

    source: str
    value: Any
    origin: ValueOrigin | None


@dataclass(frozen=True)
class SavedBy:
    """Who saved what fills the field, and when."""

    who: str
    at: datetime


@dataclass(frozen=True)
class CellInBuild:
    """The cell in a build. ``is_in``: the product is in its file. ``is_same``: it has there what
    the next build would give; None where the build does not tell.
    """

    build: int
    finished: datetime
    is_in: bool
    is_same: bool | None


@dataclass(frozen=True)
class ExplainedCell:
    """What the next build gives the channel, and why. ``fixed``: what the mapping gives to every
    product, None where it reads sources. ``rules``: the feed's rules that touch the field of this
    product. ``mapped``: who last saved what fills the field, None where nobody is known. ``build``:
    how the cell stands in the build that was asked for, None where there is none.
    """

    feed: str
    identifier: str
    field: str
    value: Any
    fixed: str | None
    sources: Sequence[ExplainedSource]
    steps: Sequence[StepSample]
    rules: Sequence[str]
    problems: Sequence[Problem]
    mapped: SavedBy | None
    build: CellInBuild | None


def explain(
    session: Session,
    storage: Storage,
    code: str,
    identifier: str,
    field: str,
    base_url: str,
    today: date,
    build: int | None = None,
) -> ExplainedCell:
    """Of the product's cell in one field. ``build``: which build it is compared with, the one that
    partners have where none is named. :class:`~pim.errors.NotFound`, or
    :class:`~pim.errors.Invalid` where the feed does not hold together.
    """
    feed, structure = service.get(session, code), catalog.structure(session)
    if field not in {one.name for one in fields_of(feed)}:
        raise NotFound(text("The channel has no field “%(field)s”.", field=field))
    detail = products.get(session, identifier)
    name = detail.product.identifier
    window = [
        one
        for one in samples.sample_products(session, [name], samples.WINDOW)
        if one.identifier == name
    ]
    if not window:
        raise NotFound(text("“%(sku)s” is a model: name one of its variants.", sku=name))
    rule = feed.mapping.get(field, {})
    sample = _sample(session, structure, feed, field, window[0], base_url, today)
    origins = _Origins(session, structure, detail, window[0])
    lookup = FeedLookup(structure, feed, base_url)
    return ExplainedCell(
        code,
        name,
        field,
        sample.value,
        str(rule["value"]) if "value" in rule else None,
        [
            ExplainedSource(one.source, one.value, origins.of(one.source, one.value, lookup))
            for one in sample.sources
        ],
        sample.steps,
        _rules_on(feed, field, structure, lookup, window),
        sample.problems,
        _saved_by(session, feed, field),
        _in_build(session, storage, feed, build, window[0], field, sample.value),
    )


def _sample(
    session: Session,
    structure: Structure,
    feed: Feed,
    field: str,
    product: Published,
    base_url: str,
    today: date,
) -> FieldSample:
    rule = feed.mapping.get(field)
    if rule is not None:
        (sample,) = samples.sample_field(
            session, structure, feed, field, rule, [product], base_url, today
        )
        return sample
    # Only a rule of the feed fills it, if anything does.
    (listing,) = samples.listings_of(session, structure, feed, [product], base_url, today)
    return FieldSample(product.identifier, (), (), listing.get(field), ())


@dataclass(frozen=True)
class _Origins:
    """Where the values of a product came from."""

    session: Session
    structure: Structure
    detail: ProductDetail
    product: Published

    def of(self, spelling: str, value: Any, lookup: FeedLookup) -> ValueOrigin | None:
        if value is None:
            return None
        try:
            source = compile_source(spelling, False, lookup)
        except InvalidOperation:
            return None
        address = _address_of(source, self.product)
        return self._origin(address) if address else None

    def _origin(self, address: str) -> ValueOrigin | None:
        own = self.detail.product
        for holder in (own, *reversed(self.detail.ancestors)):
            seen = holder.published if holder.published is not None else holder.values
            if address in seen or address in holder.values:
                written = self._written(holder.id, address)
                if written is None:
                    return None
                return self._told(address, holder.identifier, holder.id != own.id, written)
        return None

    def _written(self, holder: int, address: str) -> Change | None:
        """The change that wrote what channels see there: the last one, and where it takes an
        approval the last one before that. What made the product names no addresses.
        """
        changes = self.session.scalars(
            select(Change).where(Change.product_id == holder).order_by(Change.id.desc())
        ).all()
        attribute = self.structure.attribute_at.get(address)
        is_fact = attribute is not None and attribute.fact
        approved = next((one.id for one in changes if one.is_approval), None)
        writing = [one for one in changes if address in one.old or one.version == 1]
        if not is_fact and approved is not None:
            writing = [one for one in writing if one.id <= approved] or writing
        return next(iter(writing), None)

    def _told(self, address: str, holder: str, is_inherited: bool, change: Change) -> ValueOrigin:
        runs = change_names.runs(self.session, [change.reference] if change.reference else [])
        people = change_names.people(self.session)
        return ValueOrigin(
            address,
            holder,
            is_inherited,
            people.get(change.actor, change.actor),
            change.at,
            runs.get(change.reference or ""),
            change.row,
        )


def _address_of(source: MappingSource, product: Published) -> str:
    """Where the product holds what a source reads; "" for what it does not hold itself."""
    if isinstance(source, ModelSource):
        return _address_of(source.source, product)
    if isinstance(source, AttributeSource | AssociationSource):
        return source.address
    return source.address_of_assets(product)


def _rules_on(
    feed: Feed, field: str, structure: Structure, lookup: FeedLookup, window: Sequence[Published]
) -> list[str]:
    """The labels of the rules that fill or change the field of the product."""
    compiler = MappingCompiler(lookup)
    found = []
    for number, rule in enumerate(feed.rules, start=1):
        touches = field in rule.get(SET, {}) or field in rule.get(CHANGE, {})
        if not touches or rule.get(PAUSED):
            continue
        try:
            holds = compile_conditions(rule.get(IF, []), structure, compiler.source_of_code)
        except InvalidOperation as refused:
            raise Invalid({f"rules.{number}": [refused.message]}) from None
        if all(holds(window)):
            found.append(str(rule.get(LABEL) or number))
    return found


def _saved_by(session: Session, feed: Feed, field: str) -> SavedBy | None:
    """Who saved the version of the feed from which on this field is filled as it is."""
    wanted = select(SetupVersion).where(
        SetupVersion.kind == service.KIND, SetupVersion.code == feed.code
    )
    found: SetupVersion | None = None
    for version in session.scalars(wanted.order_by(SetupVersion.id.desc())):
        mapping: Mapping[str, Any] = (version.content or {}).get("mapping", {})
        if mapping.get(field) != feed.mapping.get(field):
            break
        found = version
    if found is None or not found.by:
        return None
    return SavedBy(change_names.people(session).get(found.by, found.by), found.at)


def _in_build(
    session: Session,
    storage: Storage,
    feed: Feed,
    number: int | None,
    product: Published,
    field: str,
    value: Any,
) -> CellInBuild | None:
    if number is None:
        build = queries.published_build(session, feed)
    else:
        build = session.get(FeedBuild, number)
        if build is None or build.feed != feed.code:
            raise NotFound(text("There is no build %(id)s.", id=number))
    if build is None or not storage.exists(trace_key(build)):
        return None
    trace = read_trace(storage.get(trace_key(build)))
    place = _place(trace, product)
    if place is None:
        return CellInBuild(build.id, build.finished, False, None)
    is_same = None
    if field in trace.fields:
        is_same = trace.value("=" + field, place) == value_checksum(value)
    return CellInBuild(build.id, build.finished, True, is_same)


def _place(trace: Trace, product: Published) -> int | None:
    checksum = checksum_of(product.identifier)
    named = (place for place, one in enumerate(trace.part("product")) if one == checksum)
    return next(iter(named), None)
