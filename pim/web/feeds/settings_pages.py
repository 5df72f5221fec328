"""The settings of a feed: what it is called, for whom it is made, what its exporter asks, and when
it is built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Conflict, Invalid, Text, text
from pim.feeds import editing, registry, service
from pim.feeds.models import Feed
from pim.imports import store
from pim.structure import queries as catalog
from pim.web.feeds.blueprint import pages
from pim.web.feeds.definition_form import (
    DefinitionChoices,
    DefinitionForm,
    choices,
    form_of,
    read_definition,
)
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.page import PageContent, go, needs, now, person, say, session, show_page


@dataclass(frozen=True)
class SettingsPage(PageContent):
    """``form``: the settings as they stand on the page; ``seen``: the fingerprint of those that it
    is based on; ``errors``: place -> what is wrong there; ``refused``: why nothing was saved,
    whatever was typed.
    """

    template = "feeds/settings.html"
    glance: FeedGlance
    form: DefinitionForm
    choices: DefinitionChoices
    seen: str
    errors: Mapping[str, Sequence[Text]]
    refused: Text | None


@pages.get("/feeds/<code>/settings")
@needs(Permission.FEEDS_VIEW)
def show_settings(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    stored = editing.settings_of(session(), feed)
    return show_page(_page(feed, form_of(stored), editing.print_of(stored)))


@pages.post("/feeds/<code>/settings")
@needs(Permission.FEEDS_CONFIGURE)
def save_settings(code: str) -> ResponseReturnValue:
    feed = service.get(session(), code)
    typed = read_definition(request.form, registry.get(feed.exporter))
    seen = request.form.get("seen", "")
    before = newest_version(code)
    try:
        feed = editing.change_settings(session(), code, typed, seen, now(), by=person().email)
    except Invalid as error:
        page = _page(feed, form_of(typed), seen, errors=error.messages)
        return show_page(page, 422, at=url_for("feeds.show_settings", code=code))
    except Conflict as error:
        page = _page(feed, form_of(typed), seen, refused=error.message)
        return show_page(page, 409, at=url_for("feeds.show_settings", code=code))
    done = text("The settings of “%(feed)s” are saved.", feed=feed.label)
    say(done, undo=way_back(code, before))
    return go("feeds.show_settings", code=code)


def _page(
    feed: Feed,
    form: DefinitionForm,
    seen: str,
    *,
    errors: Mapping[str, Sequence[Text]] | None = None,
    refused: Text | None = None,
) -> SettingsPage:
    structure = catalog.structure(session())
    profiles = store.profiles(session())
    offered = choices(structure, registry.get(feed.exporter), form, profiles)
    return SettingsPage(glance(structure, feed), form, offered, seen, errors or {}, refused)
