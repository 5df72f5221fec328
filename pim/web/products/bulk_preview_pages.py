"""What a bulk edit would do, and saying that it shall."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.bulk_edits import forecast, selection, service
from pim.bulk_edits.forecast import EXACT, Forecast, ForecastCause, PlannedProduct
from pim.bulk_edits.jobs import (
    CARRY_OUT,
)
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.own_cells import CONFLICT
from pim.bulk_edits.paging import FoundPage
from pim.bulk_edits.selection import ModelsAbove
from pim.bulk_edits.steps import read_steps
from pim.errors import Invalid, Text
from pim.feeds.queries import feeds
from pim.http.numbers import number_from
from pim.problems import Problem
from pim.products.history import latest_change
from pim.products.labels import labels
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.job_words import JobView
from pim.web.page import (
    PageContent,
    go,
    needs,
    now,
    person,
    principal,
    session,
    settings,
    show_page,
)
from pim.web.products import walk
from pim.web.products.blueprint import pages
from pim.web.products.bring_back_pages import ReturnedSheet, reading_page, returned_sheet
from pim.web.products.bulk_access import (
    bulk_edit_of,
    demand_status,
    job_arguments,
    job_view,
    own_draft,
    sentences,
    to_preview,
    trial_of,
)
from pim.web.products.bulk_setup_pages import configure
from pim.web.products.history import Difference, between, record_names
from pim.web.products.preview_parts import (
    CONFLICTS,
    OVERVIEW,
    PRODUCTS,
    REFUSED,
    AskedParts,
    PartTab,
)
from pim.web.products.scope import channel_label, chosen_scope, locale_label, spelled


@dataclass(frozen=True)
class PreviewLine:
    """One product of a preview: what would change, and what would be left as it is and why."""

    identifier: str
    label: str
    differences: Sequence[Difference]
    problems: Sequence[Problem]


@dataclass(frozen=True)
class NamedEffect:
    """What a scope or a feed would gain and lose, under its name."""

    label: str
    gained: int
    lost: int


@dataclass(frozen=True)
class PreviewPage(PageContent):
    """What a bulk edit would do. ``found``: its figures, of the first products alone while
    ``trial``, the job that plans all of them, is at work. ``seen``, ``moment``: what a confirmation
    says of the steps, and of the products as they were. ``above``: the models that hold what was
    to be changed on variants, where there are any. ``sheet``: the file it comes from. ``asked``:
    which part of it is shown, of those that have ``tabs``; ``products``: the page of products whose
    ``lines`` these are, of which ``unchanged`` stay as they are. ``spelled``: the scope as
    addresses say it.
    """

    template = "bulk/preview.html"
    edit: BulkEdit
    steps: Sequence[Text]
    found: Forecast
    is_whole: bool
    trial: JobView | None
    lines: Sequence[PreviewLine]
    unchanged: int
    scopes: Sequence[NamedEffect]
    feeds: Sequence[NamedEffect]
    causes: Sequence[ForecastCause]
    seen: str
    moment: int
    list_url: str
    above: ModelsAbove | None
    sheet: ReturnedSheet | None
    asked: AskedParts
    tabs: Sequence[PartTab]
    products: FoundPage
    spelled: str


@pages.get("/products/bulk/<edit_id>/preview")
@needs(Permission.PRODUCTS_EDIT)
def preview_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """Planned as it would be written, and nothing of it is."""
    edit = bulk_edit_of(edit_id)
    if edit.state == "reading":
        return reading_page(edit)
    if edit.state != "draft" or not edit.steps:
        return go("products.bulk_edit", edit_id=edit.id)
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    asked = AskedParts.said(edit.id)
    page = asked.find(PRODUCTS, partial(selection.found, session(), edit.id))
    try:
        found = _forecast(edit)
        planned = _planned(edit, page) if asked.shows(PRODUCTS) else []
    except Invalid as error:  # the structure was changed since
        wrong = error.sentences
        return configure(edit, request.args, None, wrong)
    is_whole = edit.number <= EXACT or edit.forecast is not None
    trial = None if is_whole else trial_of(session(), edit)
    sheet = returned_sheet(structure, edit, found.refusals, asked)
    shown = [one for one in planned if one.product.outcome != "unchanged"]
    lines = _preview_lines(structure, shown, scope.locale)
    content = PreviewPage(
        edit=edit,
        steps=sentences(structure, edit),
        found=found,
        is_whole=is_whole,
        trial=job_view(trial),
        lines=_without_conflicts(lines) if sheet else lines,
        unchanged=len(planned) - len(shown),
        scopes=[
            NamedEffect(_scope_name(structure, one.scope), one.gained, one.lost)
            for one in found.scopes
        ],
        feeds=_named_feeds(found),
        causes=[one for one in found.causes if not sheet or one.rule != CONFLICT],
        seen=service.seen(edit),
        moment=latest_change(session()),
        list_url=walk.back(),
        above=None if sheet else _above(structure, edit, found),
        sheet=sheet,
        asked=asked,
        tabs=_tabs(edit, asked, page, sheet),
        products=page,
        spelled=spelled(scope),
    )
    return show_page(content)


def _forecast(edit: BulkEdit) -> Forecast:
    """That of all products; of the first ones while nobody has planned the others."""
    if edit.forecast is not None:
        return Forecast.read(edit.forecast)
    url = settings().base_url
    return forecast.of_first(session(), edit, principal(), url, now()).forecast()


def _planned(edit: BulkEdit, page: FoundPage) -> Sequence[PlannedProduct]:
    """The products of a page, planned."""
    if not page.rows:
        return []
    url = settings().base_url
    return forecast.of_some(session(), edit, principal(), url, now(), page.rows).shown


def _tabs(
    edit: BulkEdit, asked: AskedParts, page: FoundPage, sheet: ReturnedSheet | None
) -> Sequence[PartTab]:
    """None where everything is on one page."""
    numbers: dict[str, int | None] = {OVERVIEW: None, PRODUCTS: page.total}
    if sheet is not None:
        numbers |= {CONFLICTS: sheet.conflict_page.total, REFUSED: sheet.refused.total}
    elif edit.number <= page.asked.size:
        return []
    return asked.tabs(numbers)


def _above(structure: Structure, edit: BulkEdit, found: Forecast) -> ModelsAbove | None:
    addresses = {one.address for one in found.causes if one.rule == "model"}
    if not addresses or edit.is_raised:
        return None
    ids = selection.kept(session(), edit.id).ids
    above = selection.models_above(session(), structure, ids, addresses)
    return above if above.ids else None


@pages.post("/products/bulk/<edit_id>/models")
@needs(Permission.PRODUCTS_EDIT)
def raise_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """What belongs to models is changed there, for all of their variants."""
    edit = own_draft(edit_id)
    service.raise_to_models(session(), catalog.structure(session()), edit)
    return to_preview(session(), edit)


def _without_conflicts(lines: Sequence[PreviewLine]) -> list[PreviewLine]:
    """Those of a file are shown by themselves, to be decided."""
    others = [
        replace(one, problems=[each for each in one.problems if each.rule != CONFLICT])
        for one in lines
    ]
    return [one for one in others if one.differences or one.problems]


def _scope_name(structure: Structure, code: str) -> str:
    scope = next(one for one in structure.scopes if one.code == code)
    return f"{channel_label(structure, scope.channel)} · {locale_label(structure, scope.locale)}"


def _named_feeds(found: Forecast) -> list[NamedEffect]:
    names = {feed.code: feed.label for feed in feeds(session())}
    return [
        NamedEffect(names.get(one.feed, one.feed), one.entering, one.leaving) for one in found.feeds
    ]


def _preview_lines(
    structure: Structure, shown: Sequence[PlannedProduct], locale: str
) -> list[PreviewLine]:
    names = labels(session(), structure, [one.product.identifier for one in shown], locale)
    documents = [
        values for one in shown if one.edit is not None for values in (one.edit.old, one.edit.new)
    ]
    records = record_names(session(), structure, documents)
    found = []
    for one in shown:
        old, new = _old_and_new(one)
        found.append(
            PreviewLine(
                one.product.identifier,
                names.get(one.product.identifier, one.product.identifier),
                between(structure, records, old, new),
                one.product.problems,
            )
        )
    return found


def _old_and_new(one: PlannedProduct) -> tuple[dict[str, object], dict[str, object]]:
    """The values that would change, and the status."""
    old: dict[str, object] = {}
    new: dict[str, object] = {}
    if one.edit is not None:
        old, new = dict(one.edit.old), dict(one.edit.new)
    plans = [plan for plan in (one.edit, one.step) if plan is not None]
    if plans and plans[0].status_before != plans[-1].status_after:
        old["status"], new["status"] = plans[0].status_before, plans[-1].status_after
    return old, new


@pages.post("/products/bulk/<edit_id>/apply")
@needs(Permission.PRODUCTS_EDIT)
def apply_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """What the preview showed is done now, by a job."""
    edit = own_draft(edit_id)
    for step in read_steps(edit.steps):
        demand_status(step)
    moment = request.form.get("moment", 0, type=number_from)
    service.confirm(edit, request.form.get("seen", ""), moment)
    job = CARRY_OUT.enqueue(session(), job_arguments(edit), now(), by=person().email)
    edit.job_id = job.id
    return go("products.bulk_edit", edit_id=edit.id)
