"""The columns of a feed whose layout is its own: added one by one or many at once, called
otherwise, moved, taken out, with the first rows of the file beside them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.attributes.base import InvalidValue
from pim.errors import Conflict, EtalageError, Invalid, Text, ngettext, text
from pim.feeds import column_proposals, editing, samples, service
from pim.feeds.column_editing import ColumnLayout, FilledColumn, columns_of
from pim.feeds.contract import Field
from pim.feeds.feed_fields import fields_of
from pim.feeds.models import Feed
from pim.feeds.own_columns import KINDS, OPTION, OwnColumn, read_columns
from pim.feeds.preview import preview
from pim.imports import store
from pim.imports.profiles import profile_from
from pim.labels import label
from pim.structure import queries as catalog
from pim.structure.objects import PRODUCT, Structure
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.rule_form import ChoiceGroup, NamedChoice, offered_sources
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.feeds.words import MappingLine, mapping_line
from pim.web.page import (
    PageContent,
    go,
    language,
    needs,
    now,
    person,
    say,
    session,
    settings,
    show_page,
    tell,
)

ROWS = 5
"""Top products that the preview of the file has."""
LONGEST = 6000
"""Characters of it that are shown."""


@dataclass(frozen=True)
class ColumnRow:
    """A column. ``line``: what fills it, None for nothing; ``example``: what the first product has
    there.
    """

    column: OwnColumn
    kind: str
    line: MappingLine | None
    example: Any


@dataclass(frozen=True)
class ColumnsPage(PageContent):
    """``changed``: the column whose form is open, None for none. ``groups``, ``families`` and
    ``profiles``: what columns can begin with; ``typed``: what stands in the forms; ``file``: its
    first rows; ``wrong``: why something was not saved or cannot be shown.
    """

    template = "feeds/columns.html"
    glance: FeedGlance
    rows: Sequence[ColumnRow]
    seen: str
    changed: OwnColumn | None
    kinds: Sequence[NamedChoice]
    sources: Sequence[ChoiceGroup]
    groups: Sequence[NamedChoice]
    families: Sequence[NamedChoice]
    profiles: Sequence[NamedChoice]
    typed: Mapping[str, str]
    file: str
    wrong: Sequence[Text]


def columns_page(feed: Feed, wrong: Sequence[Text] = ()) -> ColumnsPage:
    """The page as the address asks for it, and as a form that was refused had it."""
    structure = catalog.structure(session())
    columns = columns_of(feed)
    fields = {one.name: one for one in fields_of(feed)}
    file, example, unshown = _shown(structure, feed)
    asked = request.args.get("column", "")
    return ColumnsPage(
        glance(structure, feed),
        [
            ColumnRow(
                one,
                tell(KINDS[one.kind]),
                mapping_line(structure, feed, fields[one.name]),
                example.get(one.name),
            )
            for one in columns
            if one.name in fields
        ],
        editing.print_of(feed.options.get(OPTION, [])),
        next((one for one in columns if one.name == asked), None),
        [NamedChoice(code, tell(shown)) for code, shown in KINDS.items()],
        offered_sources(structure, (), Field("")),
        [_choice(code, one.labels) for code, one in structure.groups.items()],
        [_choice(code, one.labels) for code, one in structure.families_of(PRODUCT).items()],
        [NamedChoice(one.code, one.label) for one in store.profiles(session())],
        request.form.to_dict(),
        file,
        [*wrong, *unshown],
    )


def _choice(code: str, labels: Mapping[str, str]) -> NamedChoice:
    return NamedChoice(code, label(labels, language(), code))


def _shown(structure: Structure, feed: Feed) -> tuple[str, Mapping[str, Any], Sequence[Text]]:
    """The first rows of the file, what the first product has in the columns, and why they cannot be
    shown.
    """
    today = now().date()
    try:
        made = preview(session(), feed.code, settings().base_url, today, [], ROWS)
        window = samples.sample_products(session(), [], 1)
        found = samples.listings_of(session(), structure, feed, window, settings().base_url, today)
    except EtalageError as error:
        return "", {}, error.sentences if isinstance(error, Invalid) else [error.message]
    spelled = made.content.decode("utf-8", "replace")[:LONGEST]
    return spelled.lstrip("\ufeff"), (found[0] if found else {}), ()


@pages.post("/feeds/<code>/columns")
@needs(Permission.FEEDS_CONFIGURE)
def change_columns(code: str) -> ResponseReturnValue:
    """What a button of the page does: ``do`` is one of :data:`_CHANGES`."""
    change = _CHANGES.get(request.form.get("do", ""), _add)
    before = newest_version(code)
    try:
        layout = ColumnLayout(session(), code, request.form.get("seen", ""))
        done = change(layout, service.get(session(), code))
        layout.save(now(), by=person().email)
    except (Conflict, Invalid) as error:
        said = error.sentences if isinstance(error, Invalid) else [error.message]
        status = 422 if isinstance(error, Invalid) else 409
        page = columns_page(service.get(session(), code), said)
        return show_page(page, status, at=url_for("feeds.show_fields", code=code))
    say(done, undo=way_back(code, before))
    return go("feeds.show_fields", code=code, _anchor="columns")


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()


def _add(layout: ColumnLayout, feed: Feed) -> Text:
    structure = catalog.structure(session())
    found = column_proposals.filled_by(structure, _typed("name"), _typed("source"))
    checked = FilledColumn(_checked({**found.column.said(), "name": _typed("name")}), found.rule)
    if not layout.add([checked]):
        twice = text("Two columns are called “%(name)s”.", name=checked.column.name)
        raise Invalid({OPTION: [twice]})
    return text("The column “%(name)s” is added.", name=checked.column.name)


def _change(layout: ColumnLayout, feed: Feed) -> Text:
    said: dict[str, Any] = {"name": _typed("name"), "kind": request.form.get("kind", "text")}
    said |= {flag: flag in request.form for flag in ("required", "unique", "several")}
    column = _checked(said)
    layout.change(request.form.get("column", ""), column)
    return text("The column “%(name)s” is changed.", name=column.name)


def _checked(said: Mapping[str, Any]) -> OwnColumn:
    try:
        (column,) = read_columns([said])
    except InvalidValue as refused:
        raise Invalid({OPTION: [refused.message]}) from None
    return column


def _up(layout: ColumnLayout, feed: Feed) -> Text:
    return _moved(layout, -1)


def _down(layout: ColumnLayout, feed: Feed) -> Text:
    return _moved(layout, 1)


def _moved(layout: ColumnLayout, steps: int) -> Text:
    name = request.form.get("column", "")
    layout.move(name, steps)
    return text("The column “%(name)s” is moved.", name=name)


def _take_out(layout: ColumnLayout, feed: Feed) -> Text:
    name = request.form.get("column", "")
    layout.take_out(name)
    return text("The column “%(name)s” is taken out.", name=name)


def _add_group(layout: ColumnLayout, feed: Feed) -> Text:
    structure = catalog.structure(session())
    return _added(layout, column_proposals.of_group(structure, _typed("group"), feed.locale))


def _add_family(layout: ColumnLayout, feed: Feed) -> Text:
    structure = catalog.structure(session())
    return _added(layout, column_proposals.of_family(structure, _typed("family"), feed.locale))


def _add_header(layout: ColumnLayout, feed: Feed) -> Text:
    structure = catalog.structure(session())
    return _added(layout, column_proposals.of_header(structure, _typed("header"), feed.locale))


def _add_profile(layout: ColumnLayout, feed: Feed) -> Text:
    profile = profile_from(store.get(session(), _typed("profile")).definition)
    columns = [(one.name, one.to or "") for one in profile.columns]
    structure = catalog.structure(session())
    return _added(layout, column_proposals.of_profile(structure, columns, profile.key))


def _added(layout: ColumnLayout, columns: Sequence[FilledColumn]) -> Text:
    for one in columns:
        _checked(one.column.said())
    count = layout.add(columns)
    return ngettext("%(num)s column is added.", "%(num)s columns are added.", count)


_CHANGES: Mapping[str, Callable[[ColumnLayout, Feed], Text]] = {
    "add": _add,
    "change": _change,
    "up": _up,
    "down": _down,
    "take_out": _take_out,
    "group": _add_group,
    "family": _add_family,
    "header": _add_header,
    "profile": _add_profile,
}
