"""The taxonomies that feeds are mapped to: what there is, a file that is uploaded, and what that
changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Conflict, Invalid, NotFound, Text, text
from pim.feeds import categories
from pim.feeds.models import Feed
from pim.taxonomies import queries, service
from pim.taxonomies.models import TaxonomyVersion
from pim.taxonomies.readers import ReadTaxonomy, read_taxonomy
from pim.taxonomies.service import TaxonomyUpload
from pim.web.page import PageContent, database, go, needs, now, person, say, session, show_page

pages = Blueprint("taxonomies", __name__)
SHOWN = 50
"""Categories that are listed of what a newer version changes."""


@dataclass(frozen=True)
class ShownTaxonomy:
    """A taxonomy with its newest version and the feeds that are mapped to it."""

    code: str
    label: str
    newest: TaxonomyVersion
    feeds: Sequence[Feed]


@dataclass(frozen=True)
class UploadedTaxonomy:
    """What an upload came to, or (``is_trial``) would come to. ``lost_in``: label of a feed ->
    paths that it uses and that are gone. ``doubts``: what is strange in the file.
    """

    done: TaxonomyUpload
    lost_in: Mapping[str, Sequence[str]]
    doubts: Sequence[Text]
    is_trial: bool


@dataclass(frozen=True)
class TaxonomiesPage(PageContent):
    """``form``: what was typed; ``errors``: field -> what is wrong there."""

    template = "taxonomies/index.html"
    taxonomies: Sequence[ShownTaxonomy]
    form: Mapping[str, str]
    errors: Mapping[str, Sequence[Text]]
    uploaded: UploadedTaxonomy | None
    most_shown: int


@pages.get("/taxonomies")
@needs(Permission.FEEDS_VIEW)
def index() -> ResponseReturnValue:
    return show_page(_page({}))


@pages.post("/taxonomies")
@needs(Permission.FEEDS_CONFIGURE, reading=True)  # the file is read before the database is locked
def upload() -> ResponseReturnValue:
    """Keeps the file as the newest version, or (``what`` is ``try``) only says what it would
    change.
    """
    form = {name: request.form.get(name, "").strip() for name in ("code", "label", "language")}
    form["adds_language"] = request.form.get("adds_language", "")
    file = request.files.get("file")
    here = url_for("taxonomies.index")
    if file is None or not file.filename:
        wrong = {"file": [text("Choose the file of the taxonomy.")]}
        return show_page(_page(form, wrong), 422, at=here)
    is_trial = request.form.get("what") == "try"
    try:
        read = read_taxonomy(file.read(), file.filename, form["language"])
        uploaded = _kept(read, file.filename, form, is_trial=is_trial)
    except Invalid as error:
        return show_page(_page(form, error.messages), 422, at=here)
    except NotFound as error:
        return show_page(_page(form, {"code": [error.message]}), 422, at=here)
    session().expire_all()
    return show_page(_page(form if is_trial else {}, uploaded=uploaded), at=here)


def _kept(
    read: ReadTaxonomy, filename: str, form: Mapping[str, str], *, is_trial: bool
) -> UploadedTaxonomy:
    with database().writing_page() as writing:
        done = service.upload(
            writing,
            form["code"],
            read.tree,
            filename,
            now(),
            label=form["label"],
            adds_language=bool(form["adds_language"]),
            by=person().email,
        )
        lost = categories.lost_in(writing, done)
        labels = {one.code: one.label for one in categories.feeds_of(writing, done.code)}
        if is_trial:
            writing.rollback()
    paths = {labels[feed]: [done.vanished[one] for one in nodes] for feed, nodes in lost.items()}
    return UploadedTaxonomy(done, paths, read.doubts, is_trial)


@pages.post("/taxonomies/<code>/remove")
@needs(Permission.FEEDS_CONFIGURE)
def remove(code: str) -> ResponseReturnValue:
    label = queries.get(session(), code).label
    try:
        categories.remove_taxonomy(session(), code, now(), by=person().email)
    except Conflict as error:
        say(error.message, "danger")
        return go("taxonomies.index")
    say(text("“%(label)s” is removed.", label=label))
    return go("taxonomies.index")


def _page(
    form: Mapping[str, str],
    errors: Mapping[str, Sequence[Text]] | None = None,
    uploaded: UploadedTaxonomy | None = None,
) -> TaxonomiesPage:
    shown = [
        ShownTaxonomy(
            one.code,
            one.label,
            queries.version(session(), one.code, one.newest),
            categories.feeds_of(session(), one.code),
        )
        for one in queries.taxonomies(session())
    ]
    return TaxonomiesPage(shown, form, errors or {}, uploaded, SHOWN)
