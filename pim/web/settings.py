"""Settings: the shop's structure as one file: to read, to take along, and to change after seeing
what would change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from pim import impact
from pim.accounts.permissions import Permission
from pim.definitions import read_yaml, write_yaml
from pim.errors import Conflict, Invalid, Text, ngettext, text
from pim.impact import Impact
from pim.products.jobs import REINDEX, ReindexArguments
from pim.products.maintenance import outdated
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.document import nest
from pim.structure.objects import PRODUCT
from pim.structure.service import StructureChange
from pim.web.page import PageContent, go, needs, now, person, say, session, show_page

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

VERBS = {
    "add": text("new"),
    "change": text("changed"),
    "move": text("other order"),
    "remove": text("removed"),
}


@dataclass(frozen=True)
class StructurePage(PageContent):
    """``spelled``: the structure as a file. ``changes``: what it would change, None where nothing
    was tried; ``broken``: the values that would break its rules then; ``most``: how many changes
    are shown; ``errors``: what is wrong with it. ``numbers``: (of what, how many). ``verbs``: verb
    of a change -> in words. ``prune``: whether what the file leaves out goes; ``left_out``: what it
    leaves out that stays.
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


@pages.post("/settings")
@needs(Permission.CATALOG_EDIT)
def change() -> ResponseReturnValue:
    """Shows what the file would change, or changes it: an uploaded file goes before what stands in
    the text.
    """
    spelled = _given()
    is_trial, prune = request.form.get("what") != "apply", "prune" in request.form
    try:
        document = _mapping(spelled)
        left_out = [] if prune else structures.left_out(session(), document)
        if is_trial:
            found = impact.assess(session(), document, prune)
        else:
            found = impact.apply(
                session(),
                document,
                now(),
                by=person().email,
                prune=prune,
                keeps_broken="keeps_broken" in request.form,
            )
    except Invalid as error:
        return _show(
            spelled,
            422,
            errors=[
                text("%(where)s: %(what)s", where=key, what=one)
                for key, all in error.messages.items()
                for one in all
            ],
        )
    except Conflict as error:
        return _show(spelled, 409, errors=[error.message])
    if is_trial:
        return _show(spelled, found=found, left_out=left_out)
    say(
        ngettext(
            "The structure was changed: %(num)s change.",
            "The structure was changed: %(num)s changes.",
            len(found.changes),
        )
    )
    if left_out:
        say(
            ngettext(
                "%(num)s entry holds what the file leaves out; it stayed.",
                "%(num)s entries hold what the file leaves out; it stayed.",
                len(left_out),
            ),
            "info",
        )
    if outdated(session()):
        REINDEX.enqueue(session(), ReindexArguments(), now(), by=person().email)
        say(text("Lists and filters follow in a moment; the job is running."), "info")
    return go("settings.index")


def _given() -> str:
    file = request.files.get("file")
    return (
        file.read().decode("utf-8", "replace")
        if file and file.filename
        else request.form.get("document", "")
    )


def _mapping(spelled: str) -> Mapping[str, Any]:
    content = read_yaml(spelled, "YAML")
    if not isinstance(content, Mapping):
        raise Invalid({"YAML": [text("The file is empty or holds no mapping.")]})
    return content


def _show(
    spelled: str,
    status: int = 200,
    *,
    found: Impact | None = None,
    left_out: Sequence[StructureChange] = (),
    errors: list[Text] | None = None,
) -> ResponseReturnValue:
    """``found`` is None where nothing was tried."""
    structure = catalog.structure(session())
    numbers = [
        (text("Channels"), len(structure.channels)),
        (text("Languages"), len(structure.locales)),
        (text("Attributes"), len(structure.attributes)),
        (text("Families"), len(structure.families_of(PRODUCT))),
        (text("Categories"), len(structure.categories)),
    ]
    content = StructurePage(
        spelled=spelled,
        changes=None if found is None else found.changes,
        broken=[] if found is None else [one.sentence for one in found.broken],
        errors=errors or [],
        numbers=numbers,
        verbs=VERBS,
        most=MOST,
        prune="prune" in request.form,
        left_out=left_out,
    )
    return show_page(content, status)
