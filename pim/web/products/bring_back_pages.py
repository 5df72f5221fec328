"""A file that comes back from a spreadsheet: dropped on the list, read, looked at cell by cell, and
then a bulk edit like others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from flask import request
from flask.typing import ResponseReturnValue

from pim.accounts import queries as accounts
from pim.accounts.permissions import Permission
from pim.bulk_edits import queries
from pim.bulk_edits.forecast import PlannedRefusal
from pim.bulk_edits.models import BulkEdit, BulkEditProblem
from pim.bulk_edits.paging import FoundPage, PageRequest, with_more
from pim.errors import Invalid, Text, text
from pim.http.numbers import number_from
from pim.jobs import queries as jobs
from pim.spreadsheets import bring_back, conflicts
from pim.spreadsheets.conflicts import CellConflict
from pim.spreadsheets.jobs import READ_SHEET, ReadArguments, reading_subject
from pim.structure.objects import Structure
from pim.web.job_words import JobView, views
from pim.web.page import (
    PageContent,
    database,
    go,
    needs,
    now,
    person,
    principal,
    say,
    session,
    settings,
    show_page,
)
from pim.web.products import walk
from pim.web.products.around import address_label
from pim.web.products.blueprint import LIST, pages
from pim.web.products.bulk_access import own_draft, to_preview
from pim.web.products.history import record_names, shown_in_words
from pim.web.products.preview_parts import CONFLICTS, REFUSED, AskedParts
from pim.web.uploads import keep, stored_path

AT_ONCE = 1_000_000
"""Bytes of a file that is read while somebody waits; a job reads larger ones."""


@dataclass(frozen=True)
class ShownConflict:
    """A conflict in words. ``who``, ``when``: of the change meanwhile."""

    conflict: CellConflict
    label: str
    base: Text | str
    mine: Text | str
    theirs: Text | str
    who: str


@dataclass(frozen=True)
class UntakenCell:
    """Something of a file that is not taken: it cannot be read, or may not be written. ``line``:
    None for a whole column.
    """

    line: int | None
    identifier: str
    column: str
    value: str
    message: Text


@dataclass(frozen=True)
class ReturnedSheet:
    """What a preview says of a file beside what it would change: a page of its ``conflicts``, which
    were ``number`` when it was read, of the products that are looked for, and one of what of it is
    ``refused`` (:class:`UntakenCell`). ``telling``: the columns that are never read back.
    """

    filename: str
    conflicts: Sequence[ShownConflict]
    number: int
    conflict_page: FoundPage
    refused: FoundPage
    telling: Sequence[str]


@dataclass(frozen=True)
class ReadingPage(PageContent):
    """A file that is being read, or could not be."""

    template = "bulk/reading.html"
    filename: str
    work: JobView | None
    list_url: str


def filename_of(edit: BulkEdit) -> str:
    """The file that became this bulk edit, "" for others."""
    return str(edit.selection.get("file") or "")


def returned_sheet(
    structure: Structure, edit: BulkEdit, planned: Sequence[PlannedRefusal], asked: AskedParts
) -> ReturnedSheet | None:
    """None for a bulk edit that does not come from a file. ``planned``: what of it would be left as
    it is when it is carried out.
    """
    if not filename_of(edit):
        return None
    in_conflict = asked.find(CONFLICTS, partial(conflicts.page, session(), edit.id))
    refused = partial(_untaken, structure, edit, planned)
    return ReturnedSheet(
        filename_of(edit),
        _in_words(structure, in_conflict.rows),
        conflicts.number_of(session(), edit.id, in_conflict.asked),
        in_conflict,
        asked.find(REFUSED, refused),
        queries.columns_told(session(), edit.id, bring_back.TELLING),
    )


def _untaken(
    structure: Structure, edit: BulkEdit, planned: Sequence[PlannedRefusal], asked: PageRequest
) -> FoundPage:
    """A page of what cannot be read, and behind it what may not be written."""
    unread = queries.refusals(session(), edit.id, bring_back.TELLING, asked)
    wanted = asked.sku.casefold()
    unwritten = [one for one in planned if wanted in one.identifier.casefold()]
    found = with_more(unread, unwritten)
    names = {one.identifier for one in found.rows if isinstance(one, PlannedRefusal)}
    lines = bring_back.rows_of(session(), edit.id, names)

    def cell(one: BulkEditProblem | PlannedRefusal) -> UntakenCell:
        if isinstance(one, BulkEditProblem):
            column = one.column or ""
            return UntakenCell(one.line, one.identifier, column, one.value, one.message)
        column, line = address_label(structure, one.address), lines.get(one.identifier)
        return UntakenCell(line, one.identifier, column, one.value, one.message)

    return replace(found, rows=[cell(one) for one in found.rows])


def _in_words(structure: Structure, found: Sequence[CellConflict]) -> list[ShownConflict]:
    values = [{one.address: value} for one in found for value in (one.base, one.mine, one.theirs)]
    names = record_names(session(), structure, values)
    people = accounts.names_of(session(), {one.change.actor for one in found if one.change})

    def shown(address: str, value: object) -> Text | str:
        return "" if value is None else shown_in_words(structure, names, address, value)

    return [
        ShownConflict(
            one,
            address_label(structure, one.address),
            shown(one.address, one.base),
            shown(one.address, one.mine),
            shown(one.address, one.theirs),
            people.get(one.change.actor, one.change.actor) if one.change else "",
        )
        for one in found
    ]


@pages.post("/products/bring-back")
@needs(Permission.PRODUCTS_EDIT, reading=True)
def bring_back_file() -> ResponseReturnValue:
    """What was changed in a file is found out; nothing is written but that."""
    file = request.files.get("file")
    if not file or not file.filename:
        return _refused([text("Choose the file that comes back.")])
    path, name = keep(settings().home, file), file.filename
    with database().writing_page() as writing:
        edit = bring_back.begin(writing, name, person().email, now())
        if path.stat().st_size > AT_ONCE:
            arguments = ReadArguments(edit.id, stored_path(path), name, person().email)
            READ_SHEET.enqueue(writing, arguments, now(), by=person().email)
            return go("products.preview_bulk_edit", edit_id=edit.id)
    return _read(edit.id, path)


def _read(edit_id: str, path: Path) -> ResponseReturnValue:
    try:
        bring_back.read_file(database(), edit_id, path, principal())
    except Invalid as error:
        with database().writing_page() as writing:
            writing.delete(queries.get(writing, edit_id))
        return _refused(error.sentences)
    with database().writing_page() as writing:
        return to_preview(writing, queries.get(writing, edit_id))


def _refused(sentences: Sequence[Text]) -> ResponseReturnValue:
    for one in sentences:
        say(one, "danger")
    return go(LIST, **walk.said_list())


@pages.post("/products/bulk/<edit_id>/conflicts")
@needs(Permission.PRODUCTS_EDIT)
def decide_conflicts(edit_id: str) -> ResponseReturnValue:
    """Which of two values stays, cell by cell, or all of them at once."""
    edit, form, asked = own_draft(edit_id), request.form, AskedParts.said(edit_id)
    moment = form.get("moment", 0, type=number_from)
    if form.get("all"):
        wanted, is_mine = PageRequest(sku=asked.sku), form["all"] == "mine"
        conflicts.decide_all(session(), edit, moment, is_mine=is_mine, asked=wanted)
    else:
        shown = form.getlist("shown")
        mine = [key for key in shown if form.get(key) == "mine"]
        conflicts.decide(session(), edit, mine, shown, moment)
    return to_preview(session(), edit, asked.said_again())


def reading_page(edit: BulkEdit) -> ResponseReturnValue:
    """How far the file is read, or why it cannot be."""
    job = jobs.last_of(session(), reading_subject(edit.id))
    work = None if job is None else views([job], (), now())[0]
    return show_page(ReadingPage(filename_of(edit), work, walk.back()))
