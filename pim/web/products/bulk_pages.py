"""Bulk edits: a selection, what is to be done to it, what that would do, and what it did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pim.accounts.permissions import Permission
from pim.attributes.lists import join
from pim.bulk_edits import forecast, queries, selection, service
from pim.bulk_edits import steps as kinds
from pim.bulk_edits.forecast import EXACT, Forecast, ForecastCause, PlannedProduct
from pim.bulk_edits.jobs import (
    CARRY_OUT,
    TRY_BULK_EDIT,
    UNDO_BULK_EDIT,
    BulkEditArguments,
    edit_subject,
    trial_subject,
    undo_subject,
)
from pim.bulk_edits.models import BulkEdit, BulkEditProblem
from pim.bulk_edits.queries import LeftCause
from pim.bulk_edits.selection import Selection
from pim.bulk_edits.steps import Step, TakeStep, read_steps
from pim.errors import Conflict, Denied, Invalid, NotFound, Text, text
from pim.feeds.queries import feeds
from pim.http.numbers import number_from
from pim.jobs import queries as jobs
from pim.jobs import service as queue
from pim.jobs.models import ACTIVE, Job
from pim.problems import Problem
from pim.products.finding import MOST_NAMED
from pim.products.history import latest_change
from pim.products.labels import labels
from pim.products.policy import STEP_PERMISSIONS
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.web.import_changes import Changed, changed_by
from pim.web.job_words import JobView, views
from pim.web.jobs import stop
from pim.web.list_places import number_at
from pim.web.page import (
    PageContent,
    database,
    demand,
    go,
    needs,
    now,
    person,
    principal,
    session,
    settings,
    show_page,
)
from pim.web.products import bulk_form, listing, walk
from pim.web.products.blueprint import pages
from pim.web.products.bulk_form import StepForm, step_form
from pim.web.products.bulk_words import said
from pim.web.products.history import Difference, between, record_names
from pim.web.products.scope import channel_label, chosen_scope, locale_label, spelled
from pim.workflow import APPROVED, RETIRED

PAGE = 100
SHOWN_LINES = 50
STATUS_PERMISSIONS = {
    kinds.APPROVE: STEP_PERMISSIONS[APPROVED],
    kinds.RETIRE: STEP_PERMISSIONS[RETIRED],
}


@dataclass(frozen=True)
class ConfigurePage(PageContent):
    """Setting a bulk edit up. ``steps``: those it has, as sentences. ``form``: of the next one;
    ``errors``: what is wrong with it. ``spelled``: the scope as addresses say it.
    """

    template = "bulk/configure.html"
    edit: BulkEdit
    steps: Sequence[Text]
    form: StepForm
    errors: Sequence[Text]
    list_url: str
    spelled: str


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
    says of the steps, and of the products as they were.
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
    mine = None if _sees_all() else person().email
    found = [
        EditedBefore(one, _sentences(structure, one)) for one in queries.edits(session(), mine)
    ]
    return show_page(BulkEditsPage(found, walk.back()))


@pages.post("/products/bulk")
@needs(Permission.PRODUCTS_EDIT, reading=True)
def begin_bulk_edit() -> ResponseReturnValue:
    """With the ticked products, or with all that the list's filters match; finding those may take
    longer than others should wait.
    """
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    form = request.form
    if form.get("open") == "translate":
        return go("products.translate", **{"from": _spelled_selection(form)})
    matching = "all" in form
    if matching:
        filters = listing.visible_filters(structure, form, scope)
        ids = selection.all_that_match(session(), structure, filters)
    else:
        names = form.getlist("identifier")
        ids = selection.named(session(), structure, principal(), names)
    chosen = Selection(len(ids), listing.kept(form) if matching else None)
    products = selection.with_variants(session(), ids)
    step = TakeStep(form["to"]) if form.get("to") else None
    if step is not None:
        _demand_status(step)
    with database().writing_page() as writing:
        edit = service.begin(writing, chosen, products, person().email, now())
        if step is None:
            return go("products.bulk_edit", edit_id=edit.id, do=form.get("do") or None)
        service.set_steps(writing, edit, [step])
        return _to_preview(writing, edit)


def _spelled_selection(form: MultiDict[str, str]) -> str:
    """The selection as the list that an address says: what the filters match, or the ticked
    products by name.
    """
    names = form.getlist("identifier")
    if "all" in form:
        return urlencode(listing.kept(form))
    if not names:
        raise Invalid({"identifier": [text("Choose at least one product.")]})
    if len(names) > MOST_NAMED:
        raise Invalid({"identifier": [_too_many(len(names))]})
    return urlencode({"sku": join(names)})


def _too_many(number: int) -> Text:
    return text(
        "So many cannot be translated by name: %(count)s selected, %(most)s at most. Filter the"
        " list instead, and select all that match.",
        most=MOST_NAMED,
        count=number,
    )


def _bulk_edit(edit_id: str) -> BulkEdit:
    """One's own, or that of somebody else for those who may see every product."""
    edit = queries.get(session(), edit_id)
    if edit.actor != person().email and not _sees_all():
        raise NotFound(text("There is no bulk edit “%(id)s”.", id=edit_id))
    return edit


def _own_draft(edit_id: str) -> BulkEdit:
    """One that is still being set up, by who began it."""
    edit = _bulk_edit(edit_id)
    if edit.actor != person().email:
        raise Denied(text("Somebody else is setting this bulk edit up."))
    service.refuse_begun(edit)
    return edit


def _sees_all() -> bool:
    return principal().may_everywhere(Permission.PRODUCTS_VIEW)


def _sentences(structure: Structure, edit: BulkEdit) -> list[Text]:
    return [said(structure, one) for one in read_steps(edit.steps)]


@pages.get("/products/bulk/<edit_id>")
@needs(Permission.PRODUCTS_EDIT)
def bulk_edit(edit_id: str) -> ResponseReturnValue:
    """Where it is set up; once it was confirmed, how far it is and what it did."""
    edit = _bulk_edit(edit_id)
    if edit.state == "draft":
        return _configure(edit, request.args, None, ())
    return _show(edit)


def _configure(
    edit: BulkEdit,
    said_so_far: MultiDict[str, str],
    typed: MultiDict[str, str] | None,
    errors: Sequence[Text],
) -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    may_approve = person().may(Permission.PRODUCTS_APPROVE)
    form = step_form(structure, scope, said_so_far, may_approve, typed)
    content = ConfigurePage(
        edit=edit,
        steps=_sentences(structure, edit),
        form=form,
        errors=errors,
        list_url=walk.back(),
        spelled=spelled(scope),
    )
    at = url_for("products.bulk_edit", edit_id=edit.id, do=form.doing, attribute=form.attribute)
    return show_page(content, 422 if errors else 200, at=at)


@pages.post("/products/bulk/<edit_id>/steps")
@needs(Permission.PRODUCTS_EDIT)
def add_bulk_step(edit_id: str) -> ResponseReturnValue:
    """One more step; then another one, or the preview."""
    edit = _own_draft(edit_id)
    structure = catalog.structure(session())
    try:
        step = bulk_form.posted_step(structure, request.form)
        _demand_status(step)
        service.set_steps(session(), edit, (*read_steps(edit.steps), step))
    except Invalid as error:
        wrong = [one for texts in error.messages.values() for one in texts]
        return _configure(edit, request.form, request.form, wrong)
    if request.form.get("then") == "preview":
        return _to_preview(session(), edit)
    return go("products.bulk_edit", edit_id=edit.id)


def _demand_status(step: Step) -> None:
    if isinstance(step, TakeStep) and step.to in STATUS_PERMISSIONS:
        demand(STATUS_PERMISSIONS[step.to])


@pages.post("/products/bulk/<edit_id>/steps/remove")
@needs(Permission.PRODUCTS_EDIT)
def remove_bulk_step(edit_id: str) -> ResponseReturnValue:
    edit = _own_draft(edit_id)
    place = request.form.get("place", -1, type=number_from)
    steps = [one for number, one in enumerate(read_steps(edit.steps)) if number != place]
    service.set_steps(session(), edit, steps)
    return go("products.bulk_edit", edit_id=edit.id)


@pages.post("/products/bulk/<edit_id>/preview")
@needs(Permission.PRODUCTS_EDIT)
def try_bulk_edit(edit_id: str) -> ResponseReturnValue:
    return _to_preview(session(), _own_draft(edit_id))


def _to_preview(writing: Session, edit: BulkEdit) -> ResponseReturnValue:
    """What does not fit into a page is planned by a job meanwhile."""
    if edit.number > EXACT and edit.forecast is None and not _is_active(_trial_of(writing, edit)):
        TRY_BULK_EDIT.enqueue(writing, _arguments(edit), now(), by=person().email)
    return go("products.preview_bulk_edit", edit_id=edit.id)


def _arguments(edit: BulkEdit) -> BulkEditArguments:
    return BulkEditArguments(edit.id, person().email, edit.number, service.seen(edit))


def _trial_of(asking: Session, edit: BulkEdit) -> Job | None:
    """The last trial of the steps as they are."""
    return jobs.last_of(asking, trial_subject(edit.id, service.seen(edit)))


def _is_active(job: Job | None) -> bool:
    return job is not None and job.state in ACTIVE


@pages.get("/products/bulk/<edit_id>/preview")
@needs(Permission.PRODUCTS_EDIT)
def preview_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """Planned as it would be written, and nothing of it is."""
    edit = _bulk_edit(edit_id)
    if edit.state != "draft" or not edit.steps:
        return go("products.bulk_edit", edit_id=edit.id)
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    try:
        first = forecast.of_first(session(), edit, principal(), settings().base_url, now())
    except Invalid as error:  # the structure was changed since
        wrong = [one for texts in error.messages.values() for one in texts]
        return _configure(edit, request.args, None, wrong)
    is_whole = edit.number <= EXACT or edit.forecast is not None
    found = first.forecast() if edit.forecast is None else Forecast.read(edit.forecast)
    trial = None if is_whole else _trial_of(session(), edit)
    shown = [one for one in first.shown if one.product.outcome != "unchanged"]
    content = PreviewPage(
        edit=edit,
        steps=_sentences(structure, edit),
        found=found,
        is_whole=is_whole,
        trial=_view(trial),
        lines=_preview_lines(structure, shown, scope.locale),
        unchanged=len(first.shown) - len(shown),
        scopes=[
            NamedEffect(_scope_name(structure, one.scope), one.gained, one.lost)
            for one in found.scopes
        ],
        feeds=_named_feeds(found),
        causes=found.causes,
        seen=service.seen(edit),
        moment=latest_change(session()),
        list_url=walk.back(),
    )
    return show_page(content)


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


def _view(job: Job | None) -> JobView | None:
    return None if job is None else views([job], (), now())[0]


@pages.post("/products/bulk/<edit_id>/apply")
@needs(Permission.PRODUCTS_EDIT)
def apply_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """What the preview showed is done now, by a job."""
    edit = _own_draft(edit_id)
    for step in read_steps(edit.steps):
        _demand_status(step)
    moment = request.form.get("moment", 0, type=number_from)
    service.confirm(edit, request.form.get("seen", ""), moment)
    job = CARRY_OUT.enqueue(session(), _arguments(edit), now(), by=person().email)
    edit.job_id = job.id
    return go("products.bulk_edit", edit_id=edit.id)


def _show(edit: BulkEdit) -> ResponseReturnValue:
    structure = catalog.structure(session())
    chosen_scope(structure)
    undoing = jobs.last_of(session(), undo_subject(edit.id))
    content = BulkEditPage(
        edit=edit,
        steps=_sentences(structure, edit),
        work=_view(jobs.last_of(session(), edit_subject(edit.id))),
        undoing=_view(undoing),
        can_undo=_can_undo(edit, undoing),
        causes=queries.causes(session(), edit.id),
        lines=list(queries.problems(session(), edit.id, SHOWN_LINES)),
        list_url=walk.back(),
    )
    return show_page(content)


@pages.post("/products/bulk/<edit_id>/stop")
@needs(Permission.PRODUCTS_EDIT)
def stop_bulk_edit(edit_id: str) -> ResponseReturnValue:
    edit = _bulk_edit(edit_id)
    if edit.state != "running" or edit.job_id is None:
        raise Conflict(text("This bulk edit does not run."))
    stop(edit.job_id, now())
    return go("products.bulk_edit", edit_id=edit.id)


@pages.post("/products/bulk/<edit_id>/resume")
@needs(Permission.PRODUCTS_EDIT)
def resume_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """It goes on where it was stopped."""
    edit = _bulk_edit(edit_id)
    if edit.state not in ("stopped", "failed") or edit.job_id is None:
        raise Conflict(text("This bulk edit was not stopped."))
    queue.restart(session(), edit.job_id, now())
    edit.state = "running"
    return go("products.bulk_edit", edit_id=edit.id)


def _can_undo(edit: BulkEdit, undoing: Job | None) -> bool:
    is_over = edit.state not in ("draft", "running") and edit.undone is None
    return is_over and edit.changed > 0 and not _is_active(undoing)


@pages.post("/products/bulk/<edit_id>/undo")
@needs(Permission.PRODUCTS_REVERT)
def undo_bulk_edit(edit_id: str) -> ResponseReturnValue:
    """Values return to what they were; what somebody changed since stays."""
    edit = _bulk_edit(edit_id)
    if not _can_undo(edit, jobs.last_of(session(), undo_subject(edit.id))):
        raise Conflict(text("There is nothing to undo in this bulk edit."))
    UNDO_BULK_EDIT.enqueue(session(), _arguments(edit), now(), by=person().email)
    return go("products.bulk_edit", edit_id=edit.id)


@pages.get("/products/bulk/<edit_id>/changes")
@needs(Permission.PRODUCTS_EDIT)
def bulk_changes(edit_id: str) -> ResponseReturnValue:
    """Every product that it changed, with its values before and after."""
    edit = _bulk_edit(edit_id)
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
    edit, hub = _bulk_edit(edit_id), database()

    def lines() -> Iterator[str]:
        yield "\ufeff"  # spreadsheets take it for a code page otherwise
        with hub.reading() as reading:
            yield from queries.as_csv(queries.problems(reading, edit.id))

    response = Response(lines(), content_type="text/csv; charset=utf-8")
    name = f"bulk-edit-{edit.id[:8]}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
