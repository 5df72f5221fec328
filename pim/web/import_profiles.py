"""Import profiles: how one system's file is read, as YAML with its complaints beside it."""

import re
from pathlib import Path

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, text
from pim.imports import proposal, store
from pim.imports.profiles import FileSettings
from pim.imports.readers import open_rows
from pim.structure import queries as catalog
from pim.web.page import go, needs, now, page, say, session, settings, tell
from pim.web.uploads import keep

pages = Blueprint("profiles", __name__)
EXAMPLE = """\
# Columns of the file, and where each goes. A column named nowhere is an error; null ignores one.
code: erp
label: ERP articles
source: erp
key: Artikelnummer
file: {delimiter: ";", decimal: ","}
columns:
  Artikelnummer: sku
  Omschrijving: name-nl_NL
  Prijs: price-EUR
  Memo: null
"""


@pages.get("/imports/profiles")
@needs(Permission.IMPORTS_VIEW)
def index() -> ResponseReturnValue:
    return page("imports/profiles.html", profiles=store.profiles(session()))


@pages.get("/imports/profiles/new")
@needs(Permission.IMPORTS_CONFIGURE)
def new() -> ResponseReturnValue:
    return page("imports/profile.html", profile=None, document=EXAMPLE, errors={})


@pages.post("/imports/profiles/new")
@needs(Permission.IMPORTS_CONFIGURE, reading=True)
def propose() -> ResponseReturnValue:
    """A profile guessed from a file's header, to be corrected and saved. The file is an upload like
    any other and goes in a month.
    """
    file = request.files.get("sample")
    try:
        if not file or not file.filename:
            raise Invalid({"sample": [text("Choose a file whose columns are to be guessed.")]})
        path = keep(settings().home, file)
        structure = catalog.structure(session())
        table = open_rows(path, FileSettings(), structure.locales)
        name = Path(file.filename).stem
        code = re.sub(r"[^a-z0-9_]+", "_", name.casefold()).strip("_0123456789")[:60] or "profile"
        guessed = proposal.propose(structure, table, code, name)
    except Invalid as error:
        return page(
            "imports/profile.html", 422, profile=None, document=EXAMPLE, errors=error.messages
        )
    note = tell(
        text(
            "Guessed from the header of %(name)s. Look it through; columns with null are ignored.",
            name=file.filename,
        )
    )
    return page("imports/profile.html", profile=None, document=f"# {note}\n{guessed}", errors={})


@pages.get("/imports/profiles/<code>")
@needs(Permission.IMPORTS_VIEW)
def show(code: str) -> ResponseReturnValue:
    profile = store.get(session(), code)
    return page("imports/profile.html", profile=profile, document=profile.document, errors={})


@pages.post("/imports/profiles")
@needs(Permission.IMPORTS_CONFIGURE)
def save() -> ResponseReturnValue:
    document, edited = request.form.get("document", ""), request.form.get("edited")
    try:
        profile = store.save(session(), document, now())
    except Invalid as error:
        former = store.get(session(), edited) if edited else None
        return page(
            "imports/profile.html", 422, profile=former, document=document, errors=error.messages
        )
    say(text("The profile “%(label)s” was saved.", label=profile.label))
    return go("imports.profiles.show", code=profile.code)


@pages.post("/imports/profiles/<code>/remove")
@needs(Permission.IMPORTS_CONFIGURE)
def remove(code: str) -> ResponseReturnValue:
    store.remove(session(), code)
    say(text("The profile was removed. What it imported stays."))
    return go("imports.profiles.index")
