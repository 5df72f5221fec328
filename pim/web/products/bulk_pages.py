"""Bulk edits: where one is, what it did, and the list of all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.bulk_edits import queries
from pim.bulk_edits.jobs import (
    UNDO_BULK_EDIT,
    edit_subject,
    undo_subject,
)
from pim.bulk_edits.models import BulkEdit, BulkEditProblem
from pim.bulk_edits.queries import LeftCause
from pim.errors import Conflict, Text, text
from pim.jobs import queries as jobs
from pim.jobs import service as queue
from pim.jobs.models import Job
from pim.structure import queries as catalog
from pim.web.import_changes import Changed, changed_by
from pim.web.job_words import JobView
from pim.web.jobs import stop
from pim.web.list_places import number_at
from pim.web.page import (
    PageContent,
    database,
    go,
    needs,
    now,
    person,
    session,
    show_page,
)
from pim.web.products import walk
from pim.web.products.blueprint import pages
from pim.web.products.bring_back_pages import filename_of
from pim.web.products.bulk_access import (
    bulk_edit_of,
    is_active,
    job_arguments,
    job_view,
    sees_all,
    sentences,
)
from pim.web.products.bulk_setup_pages import configure
from pim.web.products.scope import chosen_scope

PAGE = 100
SHOWN_LINES = 50


@dataclass(frozen=True)
class BulkEditPage(PageContent):
    """A bulk edit that was confirmed: how far it is, or what it did. ``work``: its job;
    ``undoing``: the last attempt to take it back. ``lines``: the first of its report, ``causes``:
    all of it.
    """

    template = "bulk/show.html"
    edit: BulkEdit
    steps: Sequence[Text]
    work: JobView | None
    undoing: JobView | None
    can_undo: bool
    causes: Sequence[LeftCause]
    lines: Sequence[BulkEditProblem]
    list_url: str


@dataclass(frozen=True)
class BulkChangesPage(PageContent):
    """What a bulk edit changed, a page of it."""

    template = "bulk/changes.html"
    edit: BulkEdit
    changed: Sequence[Changed]
    first: str
    next: str


@dataclass(frozen=True)
class EditedBefore:
    """A bulk edit in the list of them."""

    edit: BulkEdit
    steps: Sequence[Text]


@dataclass(frozen=True)
class BulkEditsPage(PageContent):
    """The bulk edits that there were."""

    template = "bulk/index.html"
    edits: Sequence[EditedBefore]
    list_url: str


@pages.get("/products/bulk")
@needs(Permission.PRODUCTS_EDIT)
def bulk_edits() -> ResponseReturnValue:
    structure = catalog.structure(session())
    chosen_scope(structure)
    mine = None if sees_all() else person().email
    found = [EditedBefore(one, sentences(structure, one)) for one in queries.edits(session(), mine)]
    return show_page(BulkEditsPage(found, walk.back()))


@pages.get("/products/bulk/<edit_id>")
@needs(Permission.PRODUCTS_EDIT)
def bulk_edit(edit_id: str) -> ResponseReturnValue:
    """Where it is set up; once it was confirmed, how far it is and what it did."""
    edit = bulk_edit_of(edit_id)
    if edit.state in ("reading", "draft") and filename_of(edit):
        return go("products.preview_bulk_edit", edit_id=edit.id)
    if edit.state == "draft":
        return configure(edit, request.args, None, ())
    return show_bulk_edit(edit)


def show_bulk_edit(edit: BulkEdit) -> ResponseReturnValue:
    structure = catalog.structure(session())
    chosen_scope(structure)
    undoing = jobs.last_of(session(), undo_subject(edit.id))
    content = BulkEditPage(
        edit=edit,
        steps=sentences(structure, edit),
        work=job_view(jobs.last_of(session(), edit_subject(edit.id))),
        undoing=job_view(undoing),
        can_undo=_can_undo(edit, undoing),
        causes=queries.causes(session(), edit.id),
        lines=list(queries.problems(session(), edit.id, SHOWN_LINES)),
        list_url=walk.back(),
    )
    return show_page(content)


@pages.post("/products/bulk/<edit_id>/stop")
@needs(Permission.PRODUCTS_EDIT)
def stop_bulk_edit(edit_id: str) -> ResponseReturnValue:
    edit = bulk_edit_of(edit_id)
    if edit.state != "running" or edit.job_id is None:
        raise Conflict(text("This bulk edit does not run."))
    stop(edit.job_id, now())
    return go("products.bulk_edit", edit_id=edit.id)


@pages.post("/products/bulk/<edit_id>/resume")
@needs(Permission.PRODUCTS_EDIT)
def resume_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """It goes on where it was stopped."""
    edit = bulk_edit_of(edit_id)
    if edit.state not in ("stopped", "failed") or edit.job_id is None:
        raise Conflict(text("This bulk edit was not stopped."))
    queue.restart(session(), edit.job_id, now())
    edit.state = "running"
    return go("products.bulk_edit", edit_id=edit.id)


def _can_undo(edit: BulkEdit, undoing: Job | None) -> bool:
    is_over = edit.state not in ("draft", "running") and edit.undone is None
    return is_over and edit.changed > 0 and not is_active(undoing)


@pages.post("/products/bulk/<edit_id>/undo")
@needs(Permission.PRODUCTS_REVERT)
def undo_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """Values return to what they were; what somebody changed since stays."""
    edit = bulk_edit_of(edit_id)
    if not _can_undo(edit, jobs.last_of(session(), undo_subject(edit.id))):
        raise Conflict(text("There is nothing to undo in this bulk edit."))
    UNDO_BULK_EDIT.enqueue(session(), job_arguments(edit), now(), by=person().email)
    return go("products.bulk_edit", edit_id=edit.id)


@pages.get("/products/bulk/<edit_id>/changes")
@needs(Permission.PRODUCTS_EDIT)
def bulk_changes(edit_id: str) -> ResponseReturnValue:
    """Every product that it changed, with its values before and after."""
    edit = bulk_edit_of(edit_id)
    structure = catalog.structure(session())
    locale = chosen_scope(structure).locale
    after = number_at("after")
    found = changed_by(session(), structure, edit.id, locale, after, PAGE + 1)
    address = partial(url_for, "products.bulk_changes", edit_id=edit.id)
    following = address(after=found[PAGE - 1].number) if len(found) > PAGE else ""
    return show_page(BulkChangesPage(edit, found[:PAGE], address() if after else "", following))


@pages.get("/products/bulk/<edit_id>/report.csv")
@needs(Permission.PRODUCTS_EDIT)
def bulk_report(edit_id: str) -> ResponseReturnValue:
    edit, hub = bulk_edit_of(edit_id), database()

    def lines() -> Iterator[str]:
        yield "\ufeff"  # spreadsheets take it for a code page otherwise
        with hub.reading() as reading:
            yield from queries.as_csv(queries.problems(reading, edit.id))

    response = Response(lines(), content_type="text/csv; charset=utf-8")
    name = f"bulk-edit-{edit.id[:8]}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
