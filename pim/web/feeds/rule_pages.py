"""The page on which a rule of a feed is made or changed, and that of the selection's conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from pim.accounts.permissions import Permission
from pim.errors import EtalageError, NotFound, Text, text
from pim.feeds import editing, samples, service
from pim.feeds.combining import sources_named
from pim.feeds.contract import Field
from pim.feeds.feed_fields import fields_of
from pim.feeds.models import Feed
from pim.feeds.rules import CHANGE, IF, LABEL, LEAVE_OUT, PAUSED, SET
from pim.feeds.selection import ONLY
from pim.structure import queries as catalog
from pim.web.feeds.blueprint import pages
from pim.web.feeds.condition_form import (
    ConditionInput,
    condition_inputs,
    condition_sources,
    offered_operators,
    read_conditions,
)
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
from pim.web.feeds.rules_pages import COUNTED, RULES, SELECTION, save_part
from pim.web.page import PageContent, is_htmx, needs, session, settings, show_page

NEW = "new"
THEN = (SET, CHANGE, LEAVE_OUT)
_NO_FIELD = Field("")


@dataclass(frozen=True)
class RulePage(PageContent):
    """A rule in a form.

    ``number``: "new" for one that the feed has not got. ``then``: what it does, one of
    :data:`THEN`; ``field``: the field that it fills or changes, ``form`` how. ``held``: for how
    many of the products that were ``looked_at`` its conditions hold. ``errors``: what is wrong with
    it.
    """

    template = "feeds/rule.html"
    glance: FeedGlance
    number: str
    seen: str
    label: str
    is_paused: bool
    conditions: Sequence[ConditionInput]
    condition_sources: Sequence[ChoiceGroup]
    operators: Sequence[NamedChoice]
    then: str
    fields: Sequence[Field]
    field: Field
    form: RuleForm
    kinds: Sequence[NamedChoice]
    sources: Sequence[ChoiceGroup]
    calculations: Sequence[NamedChoice]
    operations: Sequence[NamedChoice]
    looked_at: int
    held: int
    errors: Sequence[Text]


@dataclass(frozen=True)
class RulePart(RulePage):
    """The form alone, drawn again while somebody changes it."""

    template = "feeds/rule_editor.html"


@pages.get("/feeds/<code>/rules/<number>")
@needs(Permission.FEEDS_VIEW)
def show_rule(code: str, number: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    return show_page(_page(feed, number, _rule(feed, number), editing.print_of(feed.rules)))


def _rule(feed: Feed, number: str) -> Mapping[str, Any]:
    if number == NEW:
        return {IF: [], SET: {}}
    if not (number.isascii() and number.isdecimal()) or int(number) >= len(feed.rules):
        raise NotFound(text("There is no rule %(number)s.", number=number))
    rule: Mapping[str, Any] = feed.rules[int(number)]
    return rule


@pages.post("/feeds/<code>/rules/<number>/try")
@needs(Permission.FEEDS_VIEW, reading=True)
def try_rule(code: str, number: str) -> ResponseReturnValue:
    """The form drawn again as it stands, with for how many products its conditions hold."""
    feed = service.get(session(), code)
    page = _page(feed, number, _typed(feed, request.form), request.form.get("seen", ""))
    return show_page(page, at=url_for("feeds.show_rule", code=code, number=number))


@pages.post("/feeds/<code>/rules/<number>")
@needs(Permission.FEEDS_CONFIGURE)
def save_rule(code: str, number: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    before, typed = _rule(feed, number), _typed(feed, request.form)
    rules = list(feed.rules)
    if number == NEW:
        rules.append(typed)
    else:
        # What the form does not show of a rule, fields beside the one in it, stays.
        rules[int(number)] = _with_the_rest(before, typed)
    return save_part(code, RULES, rules)


def _with_the_rest(before: Mapping[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    for name in (SET, CHANGE):
        others = list(before.get(name, {}).items())[1:]
        if typed.get(name) and others:
            typed[name] = {**typed[name], **dict(others)}
    return typed


def _typed(feed: Feed, form: MultiDict[str, str]) -> dict[str, Any]:
    """The rule that a form says."""
    rule: dict[str, Any] = {LABEL: form.get("label", "").strip(), IF: read_conditions(form)}
    if "paused" in form:
        rule[PAUSED] = True
    then = form.get("then", SET)
    field = _field(feed, form.get("field", ""))
    if then == LEAVE_OUT:
        rule[LEAVE_OUT] = True
    elif then == CHANGE:
        said = read_rule(form, _NO_FIELD) or {}
        rule[CHANGE] = {field.name: said.get("do", [])} if field.name else {}
    else:
        # A rule that fills a field with nothing empties it.
        said = read_rule(form, _NO_FIELD) or {"value": ""}
        rule[SET] = {field.name: said} if field.name else {}
    return rule


def _field(feed: Feed, name: str) -> Field:
    found = (one for one in fields_of(feed) if one.name == name)
    return next(found, _NO_FIELD)


def _page(
    feed: Feed, number: str, rule: Mapping[str, Any], seen: str, errors: Sequence[Text] = ()
) -> RulePage:
    structure = catalog.structure(session())
    then = next((one for one in THEN if rule.get(one)), _asked_for(rule))
    filled: Mapping[str, Any] = rule.get(then) or {} if then != LEAVE_OUT else {}
    name, said = next(iter(filled.items()), ("", None))
    as_rule = {"from": [], "do": said} if then == CHANGE else said
    looked_at = held = 0
    try:
        looked_at, (held,) = samples.count_held(
            session(), structure, feed, [rule.get(IF, [])], settings().base_url, most=COUNTED
        )
    except EtalageError as error:
        errors = [*errors, error.message]
    content = RulePart if is_htmx() else RulePage
    return content(
        glance(structure, feed),
        number,
        seen,
        str(rule.get(LABEL, "")),
        bool(rule.get(PAUSED)),
        condition_inputs(structure, rule.get(IF, [])),
        condition_sources(structure, rule.get(IF, [])),
        offered_operators(),
        then,
        fields_of(feed),
        _field(feed, name),
        rule_form(as_rule),
        offered_kinds(),
        offered_sources(structure, sources_named(as_rule or {}), _field(feed, name)),
        offered_calculations(),
        offered_operations(),
        looked_at,
        held,
        errors,
    )


def _asked_for(rule: Mapping[str, Any]) -> str:
    """What a rule that does nothing yet is to do."""
    return next((one for one in THEN if one in rule), SET)


@dataclass(frozen=True)
class SelectionPage(PageContent):
    """The conditions of the selection in a form; the rest as in :class:`RulePage`."""

    template = "feeds/selection.html"
    glance: FeedGlance
    seen: str
    conditions: Sequence[ConditionInput]
    condition_sources: Sequence[ChoiceGroup]
    operators: Sequence[NamedChoice]
    looked_at: int
    held: int
    errors: Sequence[Text]


@dataclass(frozen=True)
class SelectionPart(SelectionPage):
    """The form alone, drawn again while somebody changes it."""

    template = "feeds/selection_editor.html"


@pages.get("/feeds/<code>/selection")
@needs(Permission.FEEDS_VIEW)
def show_selection(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    only = feed.selection.get(ONLY, [])
    return show_page(_selection_page(feed, only, editing.print_of(feed.selection)))


@pages.post("/feeds/<code>/selection/try")
@needs(Permission.FEEDS_VIEW, reading=True)
def try_selection(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    page = _selection_page(feed, read_conditions(request.form), request.form.get("seen", ""))
    return show_page(page, at=url_for("feeds.show_selection", code=code))


@pages.post("/feeds/<code>/selection/save")
@needs(Permission.FEEDS_CONFIGURE)
def save_selection(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    selection = {**feed.selection, ONLY: read_conditions(request.form)}
    return save_part(code, SELECTION, {name: one for name, one in selection.items() if one})


def _selection_page(feed: Feed, only: Sequence[Any], seen: str) -> SelectionPage:
    structure = catalog.structure(session())
    looked_at = held = 0
    errors: Sequence[Text] = ()
    try:
        looked_at, (held,) = samples.count_held(
            session(), structure, feed, [list(only)], settings().base_url, most=COUNTED
        )
    except EtalageError as error:
        errors = [error.message]
    content = SelectionPart if is_htmx() else SelectionPage
    return content(
        glance(structure, feed),
        seen,
        condition_inputs(structure, list(only)),
        condition_sources(structure, only),
        offered_operators(),
        looked_at,
        held,
        errors,
    )
