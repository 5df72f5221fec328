"""Import profiles: how one system's file is read, as YAML with its complaints beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import partial
from pathlib import Path
from types import MappingProxyType

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim import versions
from pim.accounts.permissions import Permission
from pim.errors import Conflict, Invalid, Text, text
from pim.imports import proposal, store
from pim.imports.headers import KnownColumns
from pim.imports.models import ImportProfile
from pim.imports.profiles import FileSettings, read_profile
from pim.imports.readers import open_rows
from pim.imports.store import ProfileEdit, ProfileText, SettledProfile
from pim.structure import queries as catalog
from pim.versions import SetupVersion
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
    settings,
    show_page,
    tell,
)
from pim.web.setup_versions import Crumb, SetupHistory, show_versions
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
class ChangedLine:
    """A line that went, or one that came."""

    came: bool
    line: str


@dataclass(frozen=True)
class ProfileListPage(PageContent):
    template = "imports/profiles.html"
    profiles: Sequence[ImportProfile]


@dataclass(frozen=True)
class ProfilePage(PageContent):
    """``profile``: the one that is stored, None for a new one; ``document``: its YAML as it stands
    in the form; ``seen``: the fingerprint of the one that it is based on; ``errors``: path -> what
    is wrong with it. ``meanwhile``: what others saved since it was opened, where they changed the
    same lines; ``theirs``: the lines. ``returns_to``: the earlier version that stands in the form.
    """

    template = "imports/profile.html"
    profile: ImportProfile | None
    document: str
    seen: str = ""
    errors: Mapping[str, Sequence[Text]] = field(default_factory=dict)
    meanwhile: Sequence[SetupVersion] = ()
    theirs: Sequence[ChangedLine] = ()
    returns_to: SetupVersion | None = None


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
        name = file.filename
        guessed = proposal.propose(structure, table, proposal.code_for(name), Path(name).stem)
    except Invalid as error:
        return show_page(ProfilePage(None, EXAMPLE, errors=error.messages), 422)
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
    return show_page(ProfilePage(profile, profile.document, store.seen_now(profile)))


@pages.get("/imports/profiles/<code>/versions")
@needs(Permission.IMPORTS_VIEW)
def history(code: str) -> ResponseReturnValue:
    """Every version that was saved, and of one that is removed too."""
    address = partial(url_for, code=code)
    above = [
        Crumb(text("Imports"), url_for("imports.index")),
        Crumb(text("Profiles"), url_for("imports.profiles.index")),
    ]
    if session().get(ImportProfile, code) is not None:
        above.append(Crumb(text("%(name)s", name=code), address("imports.profiles.show")))
    return show_versions(
        SetupHistory(
            kind=store.KIND,
            code=code,
            title=text("Versions of %(code)s", code=code),
            above=above,
            changes_between=lambda earlier, later: _lines(_text_of(earlier), _text_of(later)),
            change_part="change_of_text.html",
            older=lambda number: address("imports.profiles.history", before=number),
            way_back=lambda number: address("imports.profiles.version", number=number),
            permission=Permission.IMPORTS_CONFIGURE,
        )
    )


@pages.get("/imports/profiles/<code>/versions/<int:number>")
@needs(Permission.IMPORTS_CONFIGURE)
def version(code: str, number: int) -> ResponseReturnValue:
    """An earlier version in the form: to save it is to return to it."""
    kept = versions.get(session(), store.KIND, code, number)
    stored = session().get(ImportProfile, code)
    return show_page(ProfilePage(stored, _text_of(kept), store.seen_now(stored), returns_to=kept))


@pages.post("/imports/profiles")
@needs(Permission.IMPORTS_CONFIGURE, reading=True)
def save() -> ResponseReturnValue:
    document = request.form.get("document", "")
    try:
        # Before a session writes: a long text takes its time, in which others can still save.
        return _save(store.read_text(document))
    except Invalid as error:
        return _again(document, 422, errors=error.messages)
    except Conflict as error:
        return _again(document, 409, errors={"code": [error.message]})


def _save(read: ProfileText) -> ResponseReturnValue:
    edit = ProfileEdit(read, request.form.get("edited", ""), request.form.get("seen", ""))
    with database().writing_page() as writing:
        settled = store.settle(writing, edit)
        if settled.is_conflict:
            return _again(read.document, 409, settled=settled)
        profile = store.save_text(writing, settled.read, now(), by=person().email)
        undo = _way_back(writing, profile.code)
    say(text("The profile “%(label)s” was saved.", label=profile.label), undo=undo)
    if settled.meanwhile:
        say(stayed_meanwhile(settled.meanwhile), "info")
    return go("imports.profiles.show", code=profile.code)


def _way_back(writing: Session, code: str) -> Undo | None:
    """To the version before the newest: its page shows it in the form, to be saved again."""
    kept = versions.versions(writing, store.KIND, code, limit=2)
    if len(kept) < 2:
        return None
    before = url_for("imports.profiles.version", code=code, number=kept[1].id)
    return Undo(before, asks_first=True)


def _again(
    document: str,
    status: int,
    *,
    errors: Mapping[str, Sequence[Text]] = MappingProxyType({}),
    settled: SettledProfile | None = None,
) -> ResponseReturnValue:
    """The form as it was typed. Where others changed the same lines their lines stand beside it,
    and the next save is one over theirs.
    """
    code, seen = request.form.get("edited", ""), request.form.get("seen", "")
    stored = session().get(ImportProfile, code) if code else None
    at = url_for("imports.profiles.new")
    if stored is not None:
        at = url_for("imports.profiles.show", code=stored.code)
    if settled is None:
        return show_page(ProfilePage(stored, document, seen, errors), status, at=at)
    theirs = _lines_since(code, seen, settled)
    page = ProfilePage(stored, document, settled.over, errors, settled.meanwhile, theirs)
    return show_page(page, status, at=at)


@pages.post("/imports/profiles/<code>/remove")
@needs(Permission.IMPORTS_CONFIGURE)
def remove(code: str) -> ResponseReturnValue:
    store.remove(session(), code, now(), by=person().email)
    say(text("The profile was removed. What it imported stays."))
    return go("imports.profiles.index")


def _text_of(version: SetupVersion | None) -> str:
    """The YAML of a version; "" where there is none."""
    return "" if version is None or version.content is None else str(version.content["yaml"])


def _lines_since(code: str, seen: str, settled: SettledProfile) -> Sequence[ChangedLine]:
    """What others changed of the text that somebody opened."""
    if not settled.meanwhile:
        return []
    base = versions.seen(session(), store.KIND, code, seen)
    return _lines(_text_of(base), _text_of(settled.meanwhile[-1]))


def _lines(before: str, after: str) -> list[ChangedLine]:
    """What differs, line by line."""
    compared = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    changed = [one for one in compared if not one.startswith(("---", "+++", "@@"))]
    return [ChangedLine(one.startswith("+"), one[1:]) for one in changed]
