"""Settings: the shop's structure as one file: to read, to take along, and to change after seeing
what would change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim import impact, versions
from pim.accounts.permissions import Permission
from pim.definitions import write_yaml
from pim.errors import Conflict, Invalid, Text, ngettext, text
from pim.foreign_yaml import read_foreign_yaml
from pim.impact import Impact
from pim.products.jobs import REINDEX, ReindexArguments
from pim.products.maintenance import outdated
from pim.quality.near_options import NearOptions, near_options
from pim.structure import edits
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.document import nest
from pim.structure.edits import Preference, Reconciled, StructureEdit
from pim.structure.objects import PRODUCT
from pim.structure.service import StructureChange
from pim.web.meanwhile import stayed_meanwhile
from pim.web.page import (
    PageContent,
    Undo,
    database,
    go,
    needs,
    now,
    person,
    say,
    session,
    show_page,
)
from pim.web.setup_versions import Crumb, SetupHistory, show_versions
from pim.web.setup_words import VERBS

pages = Blueprint("settings", __name__)

MOST = 200
"""Changes that are shown; the rest is counted."""

START = """\
# A structure to begin with: a channel, what is known of a product, and a family of products.
# docs/files.md has all keys.
locales: [nl_NL, en_GB]
currencies: [EUR]
channels:
  webshop: {labels: {en_GB: Webshop, nl_NL: Webwinkel}, locales: [nl_NL, en_GB], currencies: [EUR]}
attributes:
  sku: {type: identifier, labels: {en_GB: SKU, nl_NL: Artikelnummer}}
  name: {type: text, localizable: true, max_length: 150, labels: {en_GB: Name, nl_NL: Naam}}
  price: {type: price, fact: true, decimals: 2, labels: {en_GB: Price, nl_NL: Prijs}}
  ean: {type: gtin, labels: {en_GB: EAN, nl_NL: EAN}}
  pictures: {type: asset, multiple: true, labels: {en_GB: Pictures, nl_NL: Foto's}}
families:
  articles:
    labels: {en_GB: Articles, nl_NL: Artikelen}
    attributes: [sku, name, price, ean, pictures]
    label: name
    picture: pictures
    requirements: {webshop: [name, price]}
"""


@dataclass(frozen=True)
class StructurePage(PageContent):
    """``spelled``: the structure as a file. ``changes``: what it would change, None where nothing
    was tried; ``broken``: the values that would break its rules then; ``most``: how many changes
    are shown; ``errors``: what is wrong with it. ``numbers``: (of what, how many). ``verbs``: verb
    of a change -> in words. ``prune``: whether what the file leaves out goes; ``left_out``: what it
    leaves out that stays. ``seen``: the fingerprint of the structure on which the text is based;
    ``settled``: what others changed since, None where nothing was tried; ``prefers``: whose entries
    are taken where both changed one, where somebody said so. ``near``: options that are hardly
    meant as two.
    """

    template = "settings/index.html"
    spelled: str
    changes: Sequence[StructureChange] | None
    broken: Sequence[Text]
    errors: Sequence[Text]
    numbers: Sequence[tuple[Text, int]]
    verbs: Mapping[str, Text]
    most: int
    prune: bool
    left_out: Sequence[StructureChange]
    seen: str
    settled: Reconciled | None
    prefers: str
    near: Sequence[NearOptions]


@pages.get("/settings")
@needs(Permission.CATALOG_VIEW)
def index() -> ResponseReturnValue:
    document = nest(catalog.items(session()))
    return _show(write_yaml(document) if document else START)


@pages.get("/settings/structure.yaml")
@needs(Permission.CATALOG_VIEW)
def export() -> ResponseReturnValue:
    """The file that ``pim structure export`` writes."""
    headers = {"Content-Disposition": "attachment; filename=structure.yaml"}
    return Response(
        write_yaml(nest(catalog.items(session()))), mimetype="application/yaml", headers=headers
    )


@pages.get("/settings/versions")
@needs(Permission.CATALOG_VIEW)
def history() -> ResponseReturnValue:
    return show_versions(
        SetupHistory(
            kind=edits.NAME,
            code=edits.NAME,
            title=text("Versions of the structure"),
            above=[Crumb(text("Settings"), url_for("settings.index"))],
            changes_between=edits.changes_between,
            change_part="change_of_structure.html",
            older=lambda number: url_for("settings.history", before=number),
            way_back=lambda number: url_for("settings.version", number=number),
            permission=Permission.CATALOG_EDIT,
        )
    )


@pages.get("/settings/versions/<int:number>")
@needs(Permission.CATALOG_EDIT)
def version(number: int) -> ResponseReturnValue:
    """An earlier version in the form, with what it would change: to apply it is to return to it."""
    kept = versions.get(session(), edits.NAME, edits.NAME, number)
    spelled = write_yaml(kept.content)
    try:
        found = impact.assess(session(), kept.content, prune=True)
    except Conflict as error:
        return _show(spelled, 409, errors=[error.message], prune=True)
    return _show(spelled, found=found, prune=True)


@pages.post("/settings/try")
@needs(Permission.CATALOG_EDIT, reading=True)
def attempt() -> ResponseReturnValue:
    """Shows what the file would change: an uploaded file goes before what stands in the text."""
    return _answered(_given(), _attempt)


@pages.post("/settings")
@needs(Permission.CATALOG_EDIT, reading=True)
def change() -> ResponseReturnValue:
    """Changes the structure. The file is read before the session that writes is opened: reading a
    long one takes its time, in which nobody else could save.
    """
    return _answered(_given(), _change)


def _answered(
    spelled: str, then: Callable[[str, StructureEdit], ResponseReturnValue]
) -> ResponseReturnValue:
    """What ``then`` makes of the form, or the form again with what is wrong with it."""
    try:
        return then(spelled, _edit(spelled))
    except Invalid as error:
        sentences = [
            text("%(where)s: %(what)s", where=key, what=one)
            for key, all in error.messages.items()
            for one in all
        ]
        return _show(spelled, 422, errors=sentences)
    except Conflict as error:
        return _show(spelled, 409, errors=[error.message])


def _attempt(spelled: str, edit: StructureEdit) -> ResponseReturnValue:
    settled = edits.reconcile(session(), edit)
    if settled.conflicts:
        return _show(spelled, 409, settled=settled)
    found = impact.assess(session(), settled.document, settled.prune)
    return _show(spelled, settled=settled, found=found, left_out=_left_out(session(), settled))


def _change(spelled: str, edit: StructureEdit) -> ResponseReturnValue:
    with database().writing_page() as writing:
        settled = edits.reconcile_in_turn(writing, edit)
        if settled.conflicts:
            return _show(spelled, 409, settled=settled)
        left_out = _left_out(writing, settled)
        found = impact.apply(
            writing,
            settled.document,
            now(),
            by=person().email,
            prune=settled.prune,
            keeps_broken="keeps_broken" in request.form,
        )
        follows = outdated(writing)
        if follows:
            REINDEX.enqueue(writing, ReindexArguments(), now(), by=person().email)
        undo = _way_back(writing) if found.changes else None
    changed = ngettext(
        "The structure was changed: %(num)s change.",
        "The structure was changed: %(num)s changes.",
        len(found.changes),
    )
    say(changed, undo=undo)
    if left_out:
        stayed = ngettext(
            "%(num)s entry holds what the file leaves out; it stayed.",
            "%(num)s entries hold what the file leaves out; it stayed.",
            len(left_out),
        )
        say(stayed, "info")
    if settled.meanwhile:
        say(stayed_meanwhile(settled.meanwhile), "info")
    if follows:
        say(text("Lists and filters follow in a moment; the job is running."), "info")
    return go("settings.index")


def _way_back(writing: Session) -> Undo | None:
    """To the version before the newest: its page shows first what returning to it would change."""
    kept = versions.versions(writing, edits.NAME, edits.NAME, limit=2)
    if len(kept) < 2:
        return None
    return Undo(url_for("settings.version", number=kept[1].id), asks_first=True)


def _left_out(opened: Session, settled: Reconciled) -> Sequence[StructureChange]:
    return [] if settled.prune else structures.left_out(opened, settled.document)


def _edit(spelled: str) -> StructureEdit:
    form = request.form
    prefers: Preference = "theirs" if form.get("prefers") == "theirs" else "mine"
    return StructureEdit(
        document=_mapping(spelled),
        prune="prune" in form,
        seen=form.get("seen", ""),
        prefers=prefers if "prefers" in form else "",
        over=form.get("over", ""),
    )


def _given() -> str:
    file = request.files.get("file")
    return (
        file.read().decode("utf-8", "replace")
        if file and file.filename
        else request.form.get("document", "")
    )


def _mapping(spelled: str) -> Mapping[str, Any]:
    content = read_foreign_yaml(spelled, "YAML")
    if not isinstance(content, Mapping):
        raise Invalid({"YAML": [text("The file is empty or holds no mapping.")]})
    return content


def _show(
    spelled: str,
    status: int = 200,
    *,
    settled: Reconciled | None = None,
    found: Impact | None = None,
    left_out: Sequence[StructureChange] = (),
    errors: Sequence[Text] = (),
    prune: bool | None = None,
) -> ResponseReturnValue:
    """``settled`` and ``found`` are None where nothing was tried; ``prune`` where it is as the form
    says.
    """
    structure = catalog.structure(session())
    numbers = [
        (text("Channels"), len(structure.channels)),
        (text("Languages"), len(structure.locales)),
        (text("Attributes"), len(structure.attributes)),
        (text("Families"), len(structure.families_of(PRODUCT))),
        (text("Categories"), len(structure.categories)),
    ]
    form = request.form
    content = StructurePage(
        spelled=spelled,
        changes=None if found is None else found.changes,
        broken=[] if found is None else [one.sentence for one in found.broken],
        errors=errors,
        numbers=numbers,
        verbs=VERBS,
        most=MOST,
        prune="prune" in form if prune is None else prune,
        left_out=left_out,
        seen=form.get("seen") or edits.seen_now(session()),
        settled=settled,
        prefers="" if settled is None or settled.conflicts else form.get("prefers", ""),
        near=list(near_options(structure)),
    )
    return show_page(content, status, at=url_for("settings.index"))
