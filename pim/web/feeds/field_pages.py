"""The fields of a channel: what fills each, with the values of a real product beside it, and the
page on which that is changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Conflict, EtalageError, Invalid, NotFound, Text, text
from pim.feeds import editing, registry, samples, service
from pim.feeds.combining import sources_named
from pim.feeds.contract import Field
from pim.feeds.feed_fields import fields_of
from pim.feeds.models import Feed
from pim.feeds.options import has_own_columns
from pim.feeds.samples import ChangedValue, FieldSample, RuleComparison
from pim.feeds.suggestions import suggested_mapping
from pim.products.labels import labels
from pim.products.published_products import Published
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.feeds.blueprint import pages
from pim.web.feeds.column_pages import columns_page
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.rule_form import (
    ChoiceGroup,
    NamedChoice,
    RuleForm,
    offered_calculations,
    offered_kinds,
    offered_operations,
    offered_sources,
    read_rule,
    rule_form,
)
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.feeds.words import MappingLine, mapping_line, rule_in_words, rules_in_words
from pim.web.page import (
    PageContent,
    go,
    is_htmx,
    needs,
    now,
    person,
    say,
    session,
    settings,
    show_page,
    tell,
)

SAMPLES = 5
"""Products that a rule is shown with."""
COMPARED = 2000
"""Top products that a changed rule is compared for."""
EXAMPLES = 10


@dataclass(frozen=True)
class FieldRow:
    """A field of the channel. ``line``: what fills it, None for nothing; ``suggestion``: what
    could; ``example``: what the product that the page shows has there.
    """

    field: Field
    line: MappingLine | None
    suggestion: MappingLine | None
    example: Any


@dataclass(frozen=True)
class FieldsPage(PageContent):
    """``lacking``: required fields that nothing fills; ``filled``; ``recommended`` and ``optional``
    that nothing fills. ``unknown``: targets that the channel does not know any more. ``shown``: the
    product of the examples, ``label`` its name; ``wrong``: why there are none.
    """

    template = "feeds/fields.html"
    glance: FeedGlance
    lacking: Sequence[FieldRow]
    filled: Sequence[FieldRow]
    recommended: Sequence[FieldRow]
    optional: Sequence[FieldRow]
    unknown: Sequence[str]
    shown: str
    label: str
    wrong: Sequence[Text]


@pages.get("/feeds/<code>/fields")
@needs(Permission.FEEDS_VIEW)
def show_fields(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    exporter = registry.get(feed.exporter)
    if has_own_columns(exporter):
        return show_page(columns_page(feed))
    structure = catalog.structure(session())
    window = samples.sample_products(session(), _wanted(), 1)
    examples, wrong = _examples(structure, feed, window)
    fields = fields_of(feed)
    suggested = suggested_mapping(structure, exporter)
    rows = [
        FieldRow(
            one,
            mapping_line(structure, feed, one),
            rule_in_words(structure, one, suggested[one.name]) if one.name in suggested else None,
            examples.get(one.name),
        )
        for one in fields
    ]
    names = {one.name for one in fields}
    identifier = window[0].identifier if window else ""
    return show_page(
        FieldsPage(
            glance(structure, feed),
            _unfilled(rows, "required"),
            [one for one in rows if one.line is not None],
            _unfilled(rows, "recommended"),
            _unfilled(rows, "optional"),
            [target for target in feed.mapping if target not in names],
            identifier,
            labels(session(), structure, [identifier], feed.locale).get(identifier, identifier),
            wrong,
        )
    )


def _unfilled(rows: Sequence[FieldRow], need: str) -> list[FieldRow]:
    return [one for one in rows if one.line is None and one.field.need == need]


def _wanted() -> list[str]:
    """The product that the address asks to see."""
    asked = request.values.get("sku", "").strip()
    return [asked] if asked else []


def _examples(
    structure: Structure, feed: Feed, window: Sequence[Published]
) -> tuple[Mapping[str, Any], Sequence[Text]]:
    try:
        found = samples.listings_of(
            session(), structure, feed, window, settings().base_url, now().date()
        )
    except Invalid as error:
        return {}, error.sentences
    return (found[0] if found else {}), ()


@dataclass(frozen=True)
class FieldPage(PageContent):
    """What fills one field, in a form.

    ``rules``: what the channel asks of a value, short. ``form``: as it stands on the page;
    ``seen``: the fingerprint of the rule that it is based on. ``samples``: products through the
    rule in the form, ``labels`` their names and ``source_labels`` those of its sources;
    ``comparison``: what it would change, None where it is the rule that the feed has; ``errors``:
    what is wrong with it. ``suggestion``: a rule to begin with. ``sku``: the product that somebody
    asked to see.
    """

    template = "feeds/field.html"
    glance: FeedGlance
    field: Field
    rules: Sequence[Text]
    form: RuleForm
    seen: str
    kinds: Sequence[NamedChoice]
    sources: Sequence[ChoiceGroup]
    calculations: Sequence[NamedChoice]
    operations: Sequence[NamedChoice]
    samples: Sequence[FieldSample]
    source_labels: Mapping[str, str]
    labels: Mapping[str, str]
    comparison: RuleComparison | None
    suggestion: MappingLine | None
    errors: Sequence[Text]
    sku: str


@dataclass(frozen=True)
class FieldPart(FieldPage):
    """The form with its samples alone, drawn again while somebody changes it."""

    template = "feeds/field_editor.html"


@pages.get("/feeds/<code>/fields/<path:name>")
@needs(Permission.FEEDS_VIEW)
def show_field(code: str, name: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    target = _field(feed, name)
    rule = feed.mapping.get(name)
    if "suggested" in request.args:
        suggested = suggested_mapping(catalog.structure(session()), registry.get(feed.exporter))
        rule = suggested.get(name, rule)
    return show_page(_field_page(feed, target, rule, editing.print_of(feed.mapping.get(name))))


@pages.post("/feeds/<code>/fields/<path:name>/try")
@needs(Permission.FEEDS_VIEW, reading=True)
def try_field(code: str, name: str) -> ResponseReturnValue:
    """The form drawn again as it stands, with what its rule makes of real products."""
    feed = service.get(session(), code)
    target = _field(feed, name)
    page = _field_page(feed, target, read_rule(request.form, target), request.form.get("seen", ""))
    return show_page(page, at=_address(feed, target))


@pages.post("/feeds/<code>/fields/<path:name>")
@needs(Permission.FEEDS_CONFIGURE)
def save_field(code: str, name: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    target = _field(feed, name)
    rule, seen = read_rule(request.form, target), request.form.get("seen", "")
    try:
        before = newest_version(code)
        editing.change_rule(session(), code, name, rule, seen, now(), by=person().email)
    except (Conflict, Invalid) as error:
        page = _field_page(feed, target, rule, seen, _said(error, name))
        status = 409 if isinstance(error, Conflict) else 422
        return show_page(page, status, at=_address(feed, target))
    done = text("“%(field)s” is changed; the next build has it.", field=name)
    say(done, undo=way_back(code, before))
    return go("feeds.show_fields", code=code, _anchor=f"field-{name}")


def _said(error: EtalageError, name: str) -> list[Text]:
    """What is wrong with the rule; what else of the feed is wrong is said with its place."""
    if not isinstance(error, Invalid):
        return [error.message]
    return [
        one
        if place == f"{editing.MAPPING}.{name}"
        else text("%(place)s: %(why)s", place=place, why=one)
        for place, texts in error.messages.items()
        for one in texts
    ]


def _field(feed: Feed, name: str) -> Field:
    for one in fields_of(feed):
        if one.name == name:
            return one
    raise NotFound(text("The channel has no field “%(field)s”.", field=name))


def _address(feed: Feed, target: Field) -> str:
    return url_for("feeds.show_field", code=feed.code, name=target.name)


def _field_page(
    feed: Feed,
    target: Field,
    rule: Mapping[str, Any] | None,
    seen: str,
    errors: Sequence[Text] = (),
) -> FieldPage:
    structure = catalog.structure(session())
    trial = _tried(structure, feed, target, rule)
    identifiers = [one.identifier for one in trial.samples]
    identifiers += [one.identifier for one in trial.examples]
    suggested = suggested_mapping(structure, registry.get(feed.exporter)).get(target.name)
    content = FieldPart if is_htmx() else FieldPage
    return content(
        glance(structure, feed),
        target,
        rules_in_words(target),
        rule_form(rule),
        seen,
        offered_kinds(),
        offered_sources(structure, sources_named(rule or {}), target),
        offered_calculations(),
        offered_operations(),
        trial.samples,
        _source_labels(structure, target, rule),
        labels(session(), structure, identifiers, feed.locale),
        trial.comparison,
        None if suggested is None else rule_in_words(structure, target, suggested),
        errors or trial.errors,
        " ".join(_wanted()),
    )


def _source_labels(
    structure: Structure, target: Field, rule: Mapping[str, Any] | None
) -> Mapping[str, str]:
    """Source -> what people call it."""
    if rule is None:
        return {}
    return {one.code: tell(one.label) for one in rule_in_words(structure, target, rule).sources}


@dataclass(frozen=True)
class _Tried:
    """A rule tried on real products, or why it cannot be."""

    samples: Sequence[FieldSample] = ()
    comparison: RuleComparison | None = None
    errors: Sequence[Text] = field(default=())

    @property
    def examples(self) -> Sequence[ChangedValue]:
        return self.comparison.examples if self.comparison else ()


def _tried(
    structure: Structure, feed: Feed, target: Field, rule: Mapping[str, Any] | None
) -> _Tried:
    base_url, name = settings().base_url, target.name
    try:
        window = samples.sample_products(session(), _wanted(), SAMPLES)
        found: list[FieldSample] = []
        if rule is not None:
            found = samples.sample_field(
                session(), structure, feed, name, rule, window, base_url, now().date()
            )
        comparison = None
        if rule != feed.mapping.get(name):
            comparison = samples.compare_rules(
                session(),
                structure,
                feed,
                name,
                rule,
                base_url,
                most=COMPARED,
                examples=EXAMPLES,
            )
    except EtalageError as error:
        return _Tried(errors=_said(error, name))
    return _Tried(found, comparison)
