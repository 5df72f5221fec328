"""Making a feed: choose who gets it, say for which channel, and begin with the mapping that fits
the shop. Or begin with a copy of another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, Text, text
from pim.feeds import editing, registry, service
from pim.feeds.contract import Exporter
from pim.feeds.models import Feed
from pim.feeds.suggestions import suggested_mapping
from pim.imports import store
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.feeds.blueprint import pages
from pim.web.feeds.definition_form import (
    DefinitionChoices,
    DefinitionForm,
    choices,
    form_of,
    read_definition,
)
from pim.web.page import PageContent, go, needs, now, person, say, session, show_page, tell


@dataclass(frozen=True)
class ChooseExporterPage(PageContent):
    """``purposes``: what exporters are for -> those that are."""

    template = "feeds/choose_exporter.html"
    purposes: Mapping[str, Sequence[type[Exporter]]]


@dataclass(frozen=True)
class NewFeedPage(PageContent):
    """``form``: the settings as they stand on the page; ``errors``: place -> what is wrong."""

    template = "feeds/new.html"
    exporter: type[Exporter]
    form: DefinitionForm
    choices: DefinitionChoices
    errors: Mapping[str, Sequence[Text]]


@dataclass(frozen=True)
class CopyFeedPage(PageContent):
    """``label``: what the copy is to be called, as it stands on the page."""

    template = "feeds/copy.html"
    feed: Feed
    label: str
    errors: Mapping[str, Sequence[Text]]


@pages.get("/feeds/new")
@needs(Permission.FEEDS_CONFIGURE)
def choose_exporter() -> ResponseReturnValue:
    purposes: dict[str, list[type[Exporter]]] = {}
    for one in registry.all_exporters().values():
        purposes.setdefault(tell(one.purpose), []).append(one)
    return show_page(ChooseExporterPage(dict(sorted(purposes.items()))))


@pages.get("/feeds/new/<exporter>")
@needs(Permission.FEEDS_CONFIGURE)
def new(exporter: str) -> ResponseReturnValue:
    kind = registry.get(exporter)
    structure = catalog.structure(session())
    return show_page(_new_page(structure, kind, _beginning(structure, kind)))


@pages.post("/feeds/new/<exporter>")
@needs(Permission.FEEDS_CONFIGURE)
def create(exporter: str) -> ResponseReturnValue:
    kind = registry.get(exporter)
    structure = catalog.structure(session())
    definition = read_definition(request.form, kind)
    code = editing.free_code(session(), definition["label"])
    whole = {**definition, editing.MAPPING: suggested_mapping(structure, kind)}
    try:
        feed = service.define(session(), code, whole, now(), by=person().email)
    except Invalid as error:
        page = _new_page(structure, kind, definition, error.messages)
        return show_page(page, 422, at=url_for("feeds.new", exporter=exporter))
    say(
        text(
            "“%(feed)s” is made. Look through what fills its fields, then build it.",
            feed=feed.label,
        )
    )
    return go("feeds.show_fields", code=code)


def _beginning(structure: Structure, kind: type[Exporter]) -> dict[str, Any]:
    """What a new feed begins with: the channel that was chosen, or the first, and what it has
    first.
    """
    chosen = request.args.get("channel", "")
    channel = structure.channels.get(chosen) or next(iter(structure.channels.values()), None)
    if channel is None:
        return {"label": tell(kind.label)}
    return {
        "label": request.args.get("label") or tell(kind.label),
        "channel": channel.code,
        "locale": next(iter(channel.locales), ""),
        "currency": next(iter(channel.currencies), ""),
        "options": {one.name: one.default for one in kind.options if one.kind != "columns"},
    }


def _new_page(
    structure: Structure,
    kind: type[Exporter],
    definition: Mapping[str, Any],
    errors: Mapping[str, Sequence[Text]] | None = None,
) -> NewFeedPage:
    form = form_of(definition)
    return NewFeedPage(
        kind, form, choices(structure, kind, form, store.profiles(session())), errors or {}
    )


@pages.get("/feeds/<code>/copy")
@needs(Permission.FEEDS_CONFIGURE)
def copy_form(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    label = tell(text("%(feed)s, copy", feed=feed.label))
    return show_page(CopyFeedPage(feed, label, {}))


@pages.post("/feeds/<code>/copy")
@needs(Permission.FEEDS_CONFIGURE)
def copy(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    label = request.form.get("label", "").strip()
    try:
        made = editing.copy(session(), code, label, now(), by=person().email)
    except Invalid as error:
        page = CopyFeedPage(feed, label, error.messages)
        return show_page(page, 422, at=url_for("feeds.copy_form", code=code))
    say(
        text(
            "“%(feed)s” is made. It has no schedule yet, and nothing is published.",
            feed=made.label,
        )
    )
    return go("feeds.show_settings", code=made.code)
