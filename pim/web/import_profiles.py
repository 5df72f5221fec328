"""Import profiles: how one system's file is read, as YAML with its complaints beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, Text, text
from pim.imports import proposal, store
from pim.imports.headers import KnownColumns
from pim.imports.models import ImportProfile
from pim.imports.profiles import FileSettings, read_profile
from pim.imports.readers import open_rows
from pim.structure import queries as catalog
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
    tell,
)
from pim.web.uploads import keep

pages = Blueprint("profiles", __name__)
EXAMPLE = """\
# Columns of the file, and where each goes. A column named nowhere is an error; null ignores one.
code: erp
label: ERP articles
owner: erp
key: Artikelnummer
file: {delimiter: ";", decimal: ","}
columns:
  Artikelnummer: sku
  Omschrijving: name-nl_NL
  Prijs: price-EUR
  Memo: null
"""


@dataclass(frozen=True)
class ProfileListPage(PageContent):
    template = "imports/profiles.html"
    profiles: Sequence[ImportProfile]


@dataclass(frozen=True)
class ProfilePage(PageContent):
    """``profile``: the one that is stored, None for a new one; ``document``: its YAML as it stands
    in the form; ``errors``: path -> what is wrong with it.
    """

    template = "imports/profile.html"
    profile: ImportProfile | None
    document: str
    errors: Mapping[str, Sequence[Text]] = field(default_factory=dict)


@pages.get("/imports/profiles")
@needs(Permission.IMPORTS_VIEW)
def index() -> ResponseReturnValue:
    return show_page(ProfileListPage(store.profiles(session())))


@pages.get("/imports/profiles/new")
@needs(Permission.IMPORTS_CONFIGURE)
def new() -> ResponseReturnValue:
    return show_page(ProfilePage(None, EXAMPLE))


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
        table = open_rows(path, FileSettings(), structure.locales, KnownColumns(()))
        name = Path(file.filename).stem
        code = re.sub(r"[^a-z0-9_]+", "_", name.casefold()).strip("_0123456789")[:60] or "profile"
        guessed = proposal.propose(structure, table, code, name)
    except Invalid as error:
        return show_page(ProfilePage(None, EXAMPLE, error.messages), 422)
    note = tell(
        text(
            "Guessed from the header of %(name)s. Look it through; columns with null are ignored.",
            name=file.filename,
        )
    )
    doubt = proposal.without_family(read_profile(guessed))
    doubts = [*table.detected.doubts, *([] if doubt is None else [doubt])]
    notes = [note, *(tell(one.message) for one in doubts)]
    lines = "".join(f"# {one}\n" for one in notes)
    return show_page(ProfilePage(None, f"{lines}{guessed}"))


@pages.get("/imports/profiles/<code>")
@needs(Permission.IMPORTS_VIEW)
def show(code: str) -> ResponseReturnValue:
    profile = store.get(session(), code)
    return show_page(ProfilePage(profile, profile.document))


@pages.post("/imports/profiles")
@needs(Permission.IMPORTS_CONFIGURE)
def save() -> ResponseReturnValue:
    document, edited = request.form.get("document", ""), request.form.get("edited")
    try:
        profile = store.save(session(), document, now(), by=person().email)
    except Invalid as error:
        former = store.get(session(), edited) if edited else None
        return show_page(ProfilePage(former, document, error.messages), 422)
    say(text("The profile “%(label)s” was saved.", label=profile.label))
    return go("imports.profiles.show", code=profile.code)


@pages.post("/imports/profiles/<code>/remove")
@needs(Permission.IMPORTS_CONFIGURE)
def remove(code: str) -> ResponseReturnValue:
    store.remove(session(), code, now(), by=person().email)
    say(text("The profile was removed. What it imported stays."))
    return go("imports.profiles.index")
