"""The list as a file: what somebody wants of it; the file at once, or when a job has made it."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.bulk_edits import selection
from pim.errors import Invalid, NotFound, Text, text
from pim.jobs import queries as jobs
from pim.products import sorting
from pim.spreadsheets import export, row_order, service
from pim.spreadsheets.columns import (
    SheetStyle,
    columns_of_everything,
    columns_of_view,
)
from pim.spreadsheets.files import TYPES, FileFormat
from pim.spreadsheets.jobs import EXPORT_PRODUCTS, ExportArguments, export_subject
from pim.spreadsheets.models import SheetExport
from pim.spreadsheets.rows import SheetRequest, families_of
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.job_words import JobView, views
from pim.web.page import (
    PageContent,
    database,
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
from pim.web.products import listing, walk
from pim.web.products.blueprint import pages
from pim.web.products.column_pages import chosen_columns
from pim.web.products.heads import sort_in_words
from pim.web.products.scope import chosen_scope, spelled

AT_ONCE = 40_000
"""Cells of a file that is made while somebody waits; a job makes larger ones."""
CHUNK = 64 * 1024


@dataclass(frozen=True)
class ExportDialog(PageContent):
    """``asked``: what the list's address says; ``spelled``: its scope. ``order``: that of the rows,
    in words.
    """

    template = "products/export.html"
    asked: dict[str, str]
    spelled: str
    order: Text


@dataclass(frozen=True)
class ExportPage(PageContent):
    """A file that a job makes. ``download``: its address, "" while it is not there."""

    template = "products/exported.html"
    asked: SheetExport
    work: JobView | None
    download: str
    list_url: str


@pages.get("/products/export")
@needs(Permission.PRODUCTS_VIEW)
def export_dialog() -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    asked = listing.kept(request.args)
    order = sort_in_words(structure, listing.understood_sort(structure, asked))
    return show_page(ExportDialog(asked, spelled(scope), order))


@pages.post("/products/export")
@needs(Permission.PRODUCTS_VIEW, reading=True)
def export_products() -> ResponseReturnValue:
    """The rows of the list, or those that are ticked, as a file."""
    structure = catalog.structure(session())
    wanted = _wanted(structure, chosen_scope(structure))
    format_: FileFormat = "csv" if request.form.get("format") == "csv" else "xlsx"
    if _cells_of(wanted) > AT_ONCE:
        return _made_by_a_job(wanted, format_)
    path = service.new_path(settings().home, secrets.token_hex(16), format_)
    export.write(database(), wanted, path, format_)
    return _sent(path, format_)


def _made_by_a_job(wanted: SheetRequest, format_: FileFormat) -> ResponseReturnValue:
    with database().writing_page() as writing:
        asked = service.ask(writing, wanted, format_, person().email, now())
        arguments = ExportArguments(asked.id, asked.number)
        EXPORT_PRODUCTS.enqueue(writing, arguments, now(), by=person().email)
        return go("products.export_page", export_id=asked.id)


def _wanted(structure: Structure, scope: Scope) -> SheetRequest:
    """:class:`Invalid` where that is no product at all."""
    ids = _wanted_ids(structure, scope)
    if not ids:
        raise Invalid({"identifier": [text("Choose at least one product.")]})
    addresses = _wanted_columns(structure, scope, ids)
    wants_codes = request.form.get("names") == "codes"
    style = SheetStyle("" if wants_codes else language())
    return SheetRequest(ids, addresses, scope, style)


def _cells_of(wanted: SheetRequest) -> int:
    """How many there will be; the SKU and the version have a column too."""
    return len(wanted.ids) * (len(wanted.addresses) + 2)


def _wanted_ids(structure: Structure, scope: Scope) -> Sequence[int]:
    """As the list has them, be it those that are ticked or all."""
    form = request.form
    if form.get("rows") == "selected":
        ids = selection.named(session(), structure, principal(), form.getlist("identifier"))
    else:
        filters = listing.visible_filters(structure, form, scope)
        ids = selection.all_that_match(session(), structure, filters)
    sort = listing.understood_sort(structure, form)
    listed = sorting.in_order(session(), structure, ids, sort)
    return row_order.with_variants(session(), listed) if "below" in form else listed


def _wanted_columns(structure: Structure, scope: Scope, ids: Sequence[int]) -> list[str]:
    families = families_of(session(), ids)
    if request.form.get("columns_of") == "all":
        return columns_of_everything(structure, families)
    shown = [one.code for one in chosen_columns(session(), structure, request.form)]
    return columns_of_view(structure, shown, scope, families)


def _sent(path: Path, format_: FileFormat) -> Response:
    """The file, piece by piece."""

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece

    response = Response(pieces(), content_type=TYPES[format_])
    response.content_length = path.stat().st_size
    name = f"products-{now():%Y-%m-%d}.{format_}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _own_export(export_id: str) -> SheetExport:
    """Somebody else's may hold products that this person does not see."""
    asked = service.get(session(), export_id)
    if asked.actor != person().email:
        raise NotFound(text("There is no export “%(id)s”.", id=export_id))
    return asked


@pages.get("/products/exports/<export_id>")
@needs(Permission.PRODUCTS_VIEW)
def export_page(export_id: str) -> ResponseReturnValue:
    """How far a large file is; when it is there, where it is."""
    asked = _own_export(export_id)
    chosen_scope(catalog.structure(session()))
    job = jobs.last_of(session(), export_subject(asked.id))
    work = None if job is None else views([job], (), now())[0]
    is_there = asked.finished is not None and service.path_of(settings().home, asked).is_file()
    download = url_for("products.download_export", export_id=asked.id) if is_there else ""
    return show_page(ExportPage(asked, work, download, walk.back()))


@pages.get("/products/exports/<export_id>/file")
@needs(Permission.PRODUCTS_VIEW)
def download_export(export_id: str) -> ResponseReturnValue:
    asked = _own_export(export_id)
    path = service.path_of(settings().home, asked)
    if asked.finished is None or not path.is_file():
        raise NotFound(text("This file is not there, or not any more. Export the list again."))
    return _sent(path, asked.request["format"])
