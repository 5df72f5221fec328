"""The rules of a feed, in order, and which products it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Conflict, EtalageError, Invalid, NotFound, Text, text
from pim.feeds import editing, queries, samples, service
from pim.feeds.contract import Field
from pim.feeds.feed_fields import fields_of
from pim.feeds.models import Feed
from pim.feeds.rules import CHANGE, IF, LABEL, LEAVE_OUT, PAUSED, SET
from pim.feeds.selection import ONLY, WITH, WITHOUT
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.feeds.blueprint import pages
from pim.web.feeds.condition_form import conditions_in_words
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.feeds.words import MappingLine, rule_in_words
from pim.web.page import (
    PageContent,
    go,
    needs,
    now,
    person,
    say,
    session,
    settings,
    show_page,
)

COUNTED = 2000
"""Top products among which it is counted for how many a rule's conditions hold."""
RULES, SELECTION = "rules", "selection"


@dataclass(frozen=True)
class FilledByRule:
    """A field of the channel and what a rule does with it, in words."""

    name: str
    line: MappingLine
    is_changed: bool


@dataclass(frozen=True)
class RuleLine:
    """A rule in words. ``held``: for how many of the products that were looked at its conditions
    hold.
    """

    number: int
    label: str
    conditions: Sequence[Text]
    filled: Sequence[FilledByRule]
    leaves_out: bool
    is_paused: bool
    held: int


@dataclass(frozen=True)
class ShownName:
    """A product that the selection names."""

    identifier: str
    reason: str
    until: str


@dataclass(frozen=True)
class RulesPage(PageContent):
    """``looked_at``: products among which it was counted. ``selected``: for how many of them the
    conditions of the selection hold. ``taken`` and ``left_out``: those that it names. ``others``:
    feeds of the same exporter, whose rules can be taken over. ``wrong``: why nothing was counted or
    saved.
    """

    template = "feeds/rules.html"
    glance: FeedGlance
    rules: Sequence[RuleLine]
    seen: str
    looked_at: int
    only: Sequence[Text]
    selected: int
    taken: Sequence[ShownName]
    left_out: Sequence[ShownName]
    seen_selection: str
    others: Sequence[Feed]
    wrong: Sequence[Text]


@pages.get("/feeds/<code>/rules")
@needs(Permission.FEEDS_VIEW)
def show_rules(code: str) -> ResponseReturnValue:
    return show_page(_page(service.get(session(), code)))


def _page(feed: Feed, wrong: Sequence[Text] = ()) -> RulesPage:
    structure = catalog.structure(session())
    only = feed.selection.get(ONLY, [])
    asked = [only, *(rule.get(IF, []) for rule in feed.rules)]
    looked_at, held = 0, [0] * len(asked)
    try:
        looked_at, held = samples.count_held(
            session(), structure, feed, asked, settings().base_url, most=COUNTED
        )
    except EtalageError as error:
        wrong = [*wrong, error.message]
    return RulesPage(
        glance(structure, feed),
        [
            _line(structure, feed, number, rule, held[number + 1])
            for number, rule in enumerate(feed.rules)
        ],
        editing.print_of(feed.rules),
        looked_at,
        conditions_in_words(structure, only),
        held[0],
        _named(feed.selection.get(WITH, {})),
        _named(feed.selection.get(WITHOUT, {})),
        editing.print_of(feed.selection),
        _others(feed),
        wrong,
    )


def _line(
    structure: Structure, feed: Feed, number: int, rule: Mapping[str, Any], held: int
) -> RuleLine:
    fields = {one.name: one for one in fields_of(feed)}
    filled = [
        FilledByRule(name, rule_in_words(structure, fields.get(name, Field(name)), said), False)
        for name, said in rule.get(SET, {}).items()
    ]
    filled += [
        FilledByRule(
            name, rule_in_words(structure, fields.get(name, Field(name)), {"do": said}), True
        )
        for name, said in rule.get(CHANGE, {}).items()
    ]
    return RuleLine(
        number,
        str(rule.get(LABEL, "")),
        conditions_in_words(structure, rule.get(IF, [])),
        filled,
        bool(rule.get(LEAVE_OUT)),
        bool(rule.get(PAUSED)),
        held,
    )


def _named(said: Mapping[str, Any]) -> list[ShownName]:
    return [
        ShownName(identifier, str((one or {}).get("reason", "")), str((one or {}).get("until", "")))
        for identifier, one in said.items()
    ]


def _others(feed: Feed) -> list[Feed]:
    return [
        one
        for one in queries.feeds(session())
        if one.code != feed.code and one.exporter == feed.exporter and one.rules
    ]


@pages.post("/feeds/<code>/rules")
@needs(Permission.FEEDS_CONFIGURE)
def steer_rules(code: str) -> ResponseReturnValue:
    """What a button beside a rule does: ``up``, ``down``, ``pause``, ``resume`` or ``remove``."""
    feed = service.get(session(), code)
    number = request.form.get("number", type=int, default=-1)
    if not 0 <= number < len(feed.rules):
        raise NotFound(text("There is no rule %(number)s.", number=number + 1))
    return save_part(code, RULES, _steered(feed.rules, number, request.form.get("do", "")))


def _steered(rules: Sequence[Any], number: int, do: str) -> list[Any]:
    changed = list(rules)
    rule = changed.pop(number)
    if do == "remove":
        return changed
    if do in ("pause", "resume"):
        kept = {name: one for name, one in rule.items() if name != PAUSED}
        rule = {**kept, PAUSED: True} if do == "pause" else kept
    place = {"up": max(0, number - 1), "down": number + 1}.get(do, number)
    changed.insert(place, rule)
    return changed


@pages.post("/feeds/<code>/rules/take-over")
@needs(Permission.FEEDS_CONFIGURE)
def take_over_rules(code: str) -> ResponseReturnValue:
    """Adds the rules of another feed of the same exporter behind the feed's own."""
    feed = service.get(session(), code)
    other = service.get(session(), request.form.get("from", ""))
    return save_part(code, RULES, [*feed.rules, *other.rules])


@pages.post("/feeds/<code>/selection")
@needs(Permission.FEEDS_CONFIGURE)
def name_product(code: str) -> ResponseReturnValue:
    """Takes or leaves out a single product (``which``), or forgets that it was named."""
    feed = service.get(session(), code)
    which = WITH if request.form.get("which") == WITH else WITHOUT
    identifier = request.form.get("sku", "").strip()
    changed = {name: dict(feed.selection.get(name, {})) for name in (WITH, WITHOUT)}
    if "forget" in request.form:
        changed[which].pop(identifier, None)
    else:
        if not identifier:
            page = _page(feed, [text("Say which product by its SKU.")])
            return show_page(page, 422, at=url_for("feeds.show_rules", code=code))
        said = {name: request.form.get(name, "").strip() for name in ("reason", "until")}
        changed[which][identifier] = {name: one for name, one in said.items() if one}
    selection = {ONLY: feed.selection.get(ONLY, []), **changed}
    return save_part(code, SELECTION, {name: one for name, one in selection.items() if one})


def save_part(code: str, name: str, part: Any) -> ResponseReturnValue:
    """Save the rules or the selection that a form made, and go back to their page."""
    before = newest_version(code)
    seen = request.form.get("seen", "")
    try:
        editing.change_part(session(), code, name, part, seen, now(), by=person().email)
    except (Conflict, Invalid) as error:
        said = error.sentences if isinstance(error, Invalid) else [error.message]
        status = 422 if isinstance(error, Invalid) else 409
        page = _page(service.get(session(), code), said)
        return show_page(page, status, at=url_for("feeds.show_rules", code=code))
    say(text("Saved. The next build goes by it."), undo=way_back(code, before))
    return go("feeds.show_rules", code=code)
