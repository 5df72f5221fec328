"""Pictures and documents: the list of them, and what is known of one: texts, rights, history."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from media.presets import path_for
from pim import completeness
from pim import row_reader as edits
from pim.accounts.permissions import Permission
from pim.assets import queries
from pim.assets.files import has_families, write_csv
from pim.assets.queries import AssetDetail, AssetFilters
from pim.errors import Invalid, text
from pim.http.numbers import number_from
from pim.imports.asset_files import asset_profile
from pim.imports.jobs import IMPORT_FILE, ImportArguments
from pim.labels import label
from pim.products import policy, service
from pim.products.change import Origin, ProductInput
from pim.products.history import present
from pim.products.revert import revert_change
from pim.products.stores import ASSETS
from pim.structure import queries as catalog
from pim.structure.objects import ASSET, Scope, Structure
from pim.values import ReadValues
from pim.web.controls import control_of
from pim.web.list_places import say_lost
from pim.web.page import (
    PageContent,
    Undo,
    database,
    demand,
    go,
    language,
    needs,
    now,
    person,
    principal,
    session,
    settings,
    show_page,
)
from pim.web.products.around import Gap, ScopeStanding, address_label
from pim.web.products.form import (
    FieldErrors,
    Form,
    UnsavedForm,
    changed_texts,
    complaints,
    grouped,
    lost_fields,
    tags_of,
)
from pim.web.products.history import Event, events_of
from pim.web.products.linked import LinkedProduct, linked_in
from pim.web.products.outcome import say_saved, say_undone
from pim.web.products.scope import channel_label, chosen_scope, locale_label
from pim.web.uploads import keep, stored_path

pages = Blueprint("assets", __name__)
SHOWN = 200
"""Changes that the history shows."""


@dataclass(frozen=True)
class AssetLine:
    """An asset in the list. ``complete``: label of a scope -> whether nothing is missing there."""

    code: str
    label: str
    filename: str
    thumb: str
    family: str
    size: str
    complete: list[tuple[str, bool]]


@dataclass(frozen=True)
class AssetListPage(PageContent):
    """``asked``: what the address says. ``next_url``: "" on the last page. ``scopes``: (code,
    label) of those in which something can be missing. ``may_import``: by the person who looks.
    """

    template = "assets/index.html"
    lines: list[AssetLine]
    total: int
    asked: Mapping[str, str]
    next_url: str
    families: list[tuple[str, str]]
    scopes: list[tuple[str, str]]
    is_filtered: bool
    may_import: bool
    errors: FieldErrors


@dataclass(frozen=True)
class AssetPage(PageContent):
    """``detail``: the asset and its record. ``picture``: the address of a rendition, "" for a
    document. ``form``: None where the shop has no family of assets. ``linked``: identifier -> the
    product that a value names.
    """

    template = "assets/show.html"
    parts = ("widgets/link.html",)
    detail: AssetDetail
    label: str
    picture: str
    size: str
    form: Form | None
    linked: Mapping[str, LinkedProduct]
    families: list[tuple[str, str]]
    standings: list[ScopeStanding]
    events: list[Event]
    may_edit: bool


@pages.get("/assets")
@needs(Permission.MEDIA_VIEW)
def index() -> ResponseReturnValue:
    return _list({})


def _list(errors: FieldErrors, status: int = 200) -> ResponseReturnValue:
    structure = catalog.structure(session())
    filters = _filters()
    after = request.args.get("after", "")
    if after and not queries.details(session(), [after]):
        say_lost()
    found = queries.page(session(), filters, after)
    asked = {"q": filters.words, "family": filters.family, "missing": filters.incomplete_in}
    next_page: dict[str, Any] = {**asked, "after": found.after}
    content = AssetListPage(
        lines=[_line(structure, one) for one in found.rows],
        total=found.total,
        asked=asked,
        next_url=url_for("assets.index", **next_page) if found.after else "",
        families=_families(structure),
        scopes=_scopes(structure),
        is_filtered=filters != AssetFilters(),
        may_import=has_families(structure) and _may_import(),
        errors=errors,
    )
    return show_page(content, status, at=url_for("assets.index"))


def _filters() -> AssetFilters:
    asked = request.args
    return AssetFilters(asked.get("q", ""), asked.get("family", ""), asked.get("missing", ""))


def _may_import() -> bool:
    return person().may(Permission.IMPORTS_RUN) and person().may(Permission.MEDIA_EDIT)


def _families(structure: Structure) -> list[tuple[str, str]]:
    families = structure.families_of(ASSET)
    return [(code, label(one.labels, language(), code)) for code, one in families.items()]


def _scopes(structure: Structure) -> list[tuple[str, str]]:
    """(code, label) of the scopes for which some family of assets requires something."""
    required = {
        scope.code: scope
        for family in structure.families_of(ASSET)
        for scope, addresses in structure.required(family).items()
        if addresses
    }
    return [(code, _scope_label(structure, scope)) for code, scope in required.items()]


def _scope_label(structure: Structure, scope: Scope) -> str:
    channel = channel_label(structure, scope.channel)
    return f"{channel} · {locale_label(structure, scope.locale)}"


def _line(structure: Structure, detail: AssetDetail) -> AssetLine:
    required = structure.required(detail.family)
    complete = set(completeness.complete_scopes(required, detail.document))
    families = dict(_families(structure))
    return AssetLine(
        code=detail.code,
        label=detail.label(structure, language()),
        filename=detail.asset.filename,
        thumb=path_for(detail.code, "thumb") if detail.asset.width else "",
        family=families.get(detail.family or "", detail.family or ""),
        size=_size(detail),
        complete=[
            (_scope_label(structure, scope), scope in complete)
            for scope, addresses in required.items()
            if addresses
        ],
    )


def _size(detail: AssetDetail) -> str:
    """Width and height in pixels, or the kind of file where it has none."""
    asset = detail.asset
    return f"{asset.width} × {asset.height}" if asset.width else str(asset.content_type)


@pages.get("/assets/export.csv")
@needs(Permission.MEDIA_VIEW)
def export() -> ResponseReturnValue:
    """What the list shows, all pages of it, as a file that :func:`bring_in` takes."""
    out = StringIO()
    write_csv(session(), catalog.structure(session()), _filters(), out)
    body = out.getvalue().encode("utf-8-sig")
    headers = {"Content-Disposition": 'attachment; filename="assets.csv"'}
    return Response(body, mimetype="text/csv", headers=headers)


@pages.post("/assets/import")
@needs(Permission.IMPORTS_RUN, reading=True)  # the file is written down before anything is locked
def bring_in() -> ResponseReturnValue:
    """A file with the values of assets, tried or taken in a job."""
    demand(Permission.MEDIA_EDIT)
    file = request.files.get("file")
    if not file or not file.filename:
        return _list({"file": [text("Choose the file to import.")]}, 422)
    path = keep(settings().home, file)
    try:
        profile = asset_profile(catalog.structure(session()), path)
    except Invalid as error:
        sentences = error.sentences
        return _list({"file": sentences}, 422)
    arguments = ImportArguments(
        path=stored_path(path),
        profile=dict(profile),
        filename=file.filename,
        actor=person().email,
        dry_run=request.form.get("what") != "import",
    )
    with database().writing_page() as writing:
        job = IMPORT_FILE.enqueue(writing, arguments, now(), by=person().email)
        job_id = job.id
    return go("imports.follow", job_id=job_id)


@pages.get("/assets/<code>")
@needs(Permission.MEDIA_VIEW)
def show(code: str) -> ResponseReturnValue:
    return _show(queries.get(session(), code))


@pages.post("/assets/<code>")
@needs(Permission.MEDIA_EDIT)
def save(code: str) -> ResponseReturnValue:
    """Only what differs from what the form was drawn with is sent on, together with the version it
    was drawn from.
    """
    structure = catalog.structure(session())
    detail = queries.get(session(), code)
    typed = changed_texts(structure, request.form)
    values, problems = edits.read_form(structure, typed)
    errors = {**edits.refusals(problems), **lost_fields(structure, request.form)}
    origin = Origin.by(principal(), "user")
    given = _edit(detail, values, request.form.get("version", type=number_from))
    if errors:
        # What can be read may be refused as well, and is told in the same round.
        [planned] = service.plan(session(), [given], origin, now(), store=ASSETS)
        left = UnsavedForm(typed, {**complaints(planned.problems), **errors})
        return _show(detail, 422, left)
    [result] = service.write(session(), [given], origin, now(), ASSETS)
    if result.is_refused:
        is_conflict = any(problem.rule == "conflict" for problem in result.problems)
        left = UnsavedForm(typed, complaints(result.problems))
        return _show(detail, 409 if is_conflict else 422, left)
    say_saved(structure, result, text("Saved."), _undo_last(detail.code))
    return go("assets.show", code=detail.code)


@pages.post("/assets/<code>/undo")
@needs(Permission.MEDIA_REVERT)
def undo(code: str) -> ResponseReturnValue:
    """Takes one change back, whoever owns its values."""
    detail = queries.get(session(), code)
    if detail.record is None:
        return go("assets.show", code=detail.code)
    change = request.form.get("change", 0, type=number_from)
    origin = Origin.by(principal().for_owner(None), "revert")
    undone = revert_change(session(), ASSETS, detail.record.id, change, origin, now())
    say_undone(catalog.structure(session()), undone)
    return go("assets.show", code=detail.code)


def _undo_last(code: str) -> Undo | None:
    """For who may take a change of it back: what the newest one changed."""
    if not person().may(Permission.MEDIA_REVERT):
        return None
    session().expire_all()  # the write path does not go through the objects of this session
    changes = queries.history(session(), queries.get(session(), code), 1)
    if not changes:
        return None
    return Undo(url_for("assets.undo", code=code), {"change": str(changes[0].id)})


def _edit(detail: AssetDetail, values: ReadValues, base: int | None = None) -> ProductInput:
    return ProductInput(detail.code, values, "asset", base=base if detail.record else None)


def _show(
    detail: AssetDetail, status: int = 200, left: UnsavedForm | None = None
) -> ResponseReturnValue:
    structure = catalog.structure(session())
    form = _form(structure, detail, left or UnsavedForm()) if has_families(structure) else None
    fields = [one for group in form.groups for one in group.fields] if form else []
    content = AssetPage(
        detail=detail,
        label=detail.label(structure, language()),
        picture=path_for(detail.code, "small") if detail.asset.width else "",
        size=_size(detail),
        form=form,
        linked=linked_in(session(), structure, chosen_scope(structure), fields),
        families=_families(structure),
        standings=_standings(structure, detail),
        events=_events(structure, detail),
        may_edit=person().may(Permission.MEDIA_EDIT),
    )
    return show_page(content, status, at=url_for("assets.show", code=detail.code))


def _events(structure: Structure, detail: AssetDetail) -> list[Event]:
    if detail.record is None:
        return []
    changes = queries.history(session(), detail, SHOWN)
    return events_of(session(), structure, present(detail.record), changes)


def _form(structure: Structure, detail: AssetDetail, left: UnsavedForm) -> Form:
    """All that its family holds, in every locale, and whatever else it has a value for."""
    family = structure.families.get(detail.family or "")
    codes = family.attributes if family else ()
    required = {
        address for addresses in structure.required(detail.family).values() for address in addresses
    }
    fields = []
    for address, attribute in structure.attribute_at.items():
        if attribute.code not in codes and address not in detail.document:
            continue
        value = detail.document.get(address)
        was = "" if value is None else attribute.type.dump(value)
        control = control_of(attribute.type)(
            address=address,
            attribute=attribute,
            text=left.typed.get(address, was),
            was=was,
            value=value,
            lock=_lock(structure, detail, address),
            is_required=address in required,
            tags=tags_of(structure, address),
            errors=list(left.errors.get(address, ())),
        )
        fields.append(control)
    shown = {one.address for one in fields}
    general = [one for at, texts in left.errors.items() if at not in shown for one in texts]
    return Form(grouped(structure, fields), [], general)


def _lock(structure: Structure, detail: AssetDetail, address: str) -> str:
    """Why the person may not change a value: see :class:`pim.web.controls.base.Control`."""
    attribute = structure.attribute_at[address]
    if attribute.owner != "hub" and address in detail.document:
        return "owner"
    may = policy.may_write(principal(), structure, address, (), Permission.MEDIA_EDIT)
    return "" if may else "reader"


def _standings(structure: Structure, detail: AssetDetail) -> list[ScopeStanding]:
    """How complete it is in each scope in which its family requires something."""
    required = structure.required(detail.family)
    missing = completeness.missing(required, detail.document)
    return [
        ScopeStanding(
            scope=scope,
            channel=channel_label(structure, scope.channel),
            locale=locale_label(structure, scope.locale),
            percent=completeness.ratio(addresses, detail.document),
            gaps=[
                Gap(address, address_label(structure, address), detail.code)
                for address in missing[scope]
            ],
            is_chosen=False,
        )
        for scope, addresses in required.items()
        if addresses
    ]
