"""Imports: a file goes in, is tried or taken, is followed while it runs, and says line by line what
was not taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from pim.accounts.permissions import Permission
from pim.errors import Conflict, Invalid, NotFound, Text, text
from pim.feeds.queries import feeds
from pim.imports import queries, store
from pim.imports.jobs import (
    IMPORT_FILE,
    REVERT_RUN,
    ImportArguments,
    RevertArguments,
    file_subject,
    run_subject,
)
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.profile_reader import compile_reader, known_columns
from pim.imports.profiles import profile_from
from pim.imports.readers import open_rows
from pim.imports.report import as_csv, get_run, problems
from pim.imports.undo import why_nothing_to_undo
from pim.jobs import queries as jobs
from pim.jobs import service as queue
from pim.jobs.models import ACTIVE, Job
from pim.structure import queries as catalog
from pim.web import import_profiles
from pim.web.import_changes import Changed, changed_by
from pim.web.job_words import JobView, views
from pim.web.jobs import stop
from pim.web.list_places import number_at
from pim.web.look import with_names
from pim.web.page import (
    PageContent,
    database,
    demand,
    go,
    needs,
    now,
    person,
    say,
    session,
    settings,
    show_page,
)
from pim.web.products.scope import chosen_scope
from pim.web.uploads import keep, path_of, stored_path

pages = Blueprint("imports", __name__)
pages.register_blueprint(import_profiles.pages)
PAGE = 100
SEVERITIES = ("error", "skipped", "kept", "warning")


@dataclass(frozen=True)
class ImportListPage(PageContent):
    """``labels``: code of a profile -> label. ``active``: the imports that run or wait."""

    template = "imports/index.html"
    runs: Sequence[ImportRun]
    labels: Mapping[str, str]
    active: Sequence[JobView]


@dataclass(frozen=True)
class NewImportPage(PageContent):
    """``choices``: (code, label) of the profiles. ``form``: what was typed; ``errors``: what is
    wrong with it, by field.
    """

    template = "imports/new.html"
    choices: Sequence[tuple[str, str]]
    form: Mapping[str, str]
    errors: Mapping[str, Sequence[Text]]


@dataclass(frozen=True)
class FollowPage(PageContent):
    """An import that waits, runs or failed."""

    template = "imports/follow.html"
    view: JobView


@dataclass(frozen=True)
class RunPage(PageContent):
    """What became of a run. ``undoing``: the last attempt to take it back. ``causes``: what is
    wrong, with counts; ``totals``: severity -> how many lines. ``lines``: a page of the report,
    those that were ``chosen``. ``first``, ``next``: addresses, "" where there is none.
    """

    template = "imports/show.html"
    run: ImportRun
    undoing: JobView | None
    can_undo: bool
    can_repeat: bool
    causes: Sequence[queries.ProblemCause]
    totals: Mapping[str, int]
    lines: Sequence[ImportProblem]
    chosen: Mapping[str, str]
    first: str
    next: str


@dataclass(frozen=True)
class RunChangesPage(PageContent):
    """What a run changed, a page of it."""

    template = "imports/changes.html"
    run: ImportRun
    changed: Sequence[Changed]
    first: str
    next: str


@pages.get("/imports")
@needs(Permission.IMPORTS_VIEW)
def index() -> ResponseReturnValue:
    active = [job for job in jobs.running(session()) if job.kind == IMPORT_FILE.name]
    labels = {profile.code: profile.label for profile in store.profiles(session())}
    shown = views(active, feeds(session()), now())
    return show_page(ImportListPage(queries.runs(session()), labels, shown))


@pages.get("/imports/new")
@needs(Permission.IMPORTS_RUN)
def choose() -> ResponseReturnValue:
    return _form(200, request.args, {})


def _form(status: int, form: Any, errors: dict[str, list[Text]]) -> ResponseReturnValue:
    choices = [(profile.code, profile.label) for profile in store.profiles(session())]
    return show_page(NewImportPage(choices, form, errors), status)


@pages.post("/imports/new")
@needs(
    Permission.IMPORTS_RUN, reading=True
)  # writing down a large file takes longer than the database should be locked
def start() -> ResponseReturnValue:
    """What can be known at once is said at once: a file that is no table, a column nobody knows.
    Then a job takes over.
    """
    form, files = request.form, request.files
    errors: dict[str, list[Text]] = {}
    definition: Mapping[str, Any] = {}
    try:
        definition = _definition(form.get("profile", ""), files.get("own_profile"))
    except Invalid as error:
        errors.update(error.messages)
    file = files.get("file")
    if not file or not file.filename:
        errors["file"] = [text("Choose the file to import.")]
    if errors or file is None:
        return _form(422, form, errors)
    path = keep(settings().home, file)
    errors = _unreadable(path, definition)
    if errors:
        return _form(422, form, errors)
    is_trial = form.get("what") != "import"
    job_id = _enqueue(path, dict(definition), file.filename or "", dry_run=is_trial)
    return go("imports.follow", job_id=job_id)


def _definition(chosen: str, own: FileStorage | None) -> Mapping[str, Any]:
    """The chosen or the uploaded profile; :class:`Invalid` under the field that it came from."""
    if own and own.filename:
        return _uploaded(own)
    if not chosen:
        raise Invalid({"profile": [text("Choose how the file is to be read.")]})
    return store.get(session(), chosen).definition


def _uploaded(own: FileStorage) -> Mapping[str, Any]:
    try:
        return store.read_text(str(own.read(), "utf-8")).definition
    except UnicodeDecodeError as error:
        sentence = text("A profile is a text file in UTF-8.")
        raise Invalid({"own_profile": [sentence]}) from error
    except Invalid as error:
        raise Invalid({"own_profile": _with_places(error)}) from error


def _with_places(error: Invalid) -> list[Text]:
    """``columns.Kleur: …``: where in the file each sentence belongs."""
    return [
        text("%(place)s: %(sentence)s", place=place, sentence=one)
        for place, texts in error.messages.items()
        for one in texts
    ]


def _unreadable(path: Path, definition: Mapping[str, Any]) -> dict[str, list[Text]]:
    """Why this file cannot be read by this profile, told before a job is made of it."""
    profile = profile_from(definition)
    structure = catalog.structure(session())
    try:
        table = open_rows(path, profile.file, structure.locales, known_columns(profile))
    except Invalid as error:
        return {"file": error.sentences}
    try:
        compile_reader(structure, profile, table.header, lambda name: None)
    except Invalid as error:
        return {"columns": _with_places(error)}
    return {}


def _enqueue(path: Path, definition: dict[str, Any], filename: str, *, dry_run: bool) -> int:
    actor = person().email
    arguments = ImportArguments(stored_path(path), definition, filename, actor, dry_run)
    with database().writing_page() as writing:
        return IMPORT_FILE.enqueue(writing, arguments, now(), by=actor).id


@pages.get("/imports/jobs/<int:job_id>")
@needs(Permission.IMPORTS_VIEW)
def follow(job_id: int) -> ResponseReturnValue:
    """The page of an import that waits, runs or failed; where it has ended well, its result."""
    job = jobs.get(session(), job_id)
    if job.kind != IMPORT_FILE.name:
        raise NotFound(text("There is no job %(id)s.", id=job_id))
    if job.state == "done" and job.result:
        return go("imports.show", run_id=job.result["run"])
    return show_page(FollowPage(views([job], feeds(session()), now())[0]))


@pages.post("/imports/jobs/<int:job_id>/stop")
@needs(Permission.IMPORTS_RUN)
def halt(job_id: int) -> ResponseReturnValue:
    if jobs.get(session(), job_id).kind != IMPORT_FILE.name:
        raise NotFound(text("There is no job %(id)s.", id=job_id))
    stop(job_id, now())
    return go("imports.follow", job_id=job_id)


@pages.post("/imports/jobs/<int:job_id>/resume")
@needs(Permission.JOBS_RETRY)
def resume(job_id: int) -> ResponseReturnValue:
    """The import begins again: what is in already costs a hash a row."""
    if jobs.get(session(), job_id).kind != IMPORT_FILE.name:
        raise NotFound(text("There is no job %(id)s.", id=job_id))
    demand(IMPORT_FILE.permission)
    queue.restart(session(), job_id, now())
    return go("imports.follow", job_id=job_id)


@pages.get("/imports/<run_id>")
@needs(Permission.IMPORTS_VIEW)
def show(run_id: str) -> ResponseReturnValue:
    run = get_run(session(), run_id)
    arguments: dict[str, Any] = {
        name: request.args[name] for name in ("severity", "rule", "column") if name in request.args
    }
    after = number_at("after")
    lines = queries.problems_page(session(), run_id, after, PAGE + 1, **arguments)
    causes = queries.causes(session(), run_id)
    undoing = _undo_of(run)
    content = RunPage(
        run=run,
        undoing=views([undoing], (), now())[0] if undoing else None,
        can_undo=_why_no_undo(run, undoing) is None,
        can_repeat=run.dry_run and run.state == "done" and _job_of(run) is not None,
        causes=causes,
        totals={
            severity: sum(cause.number for cause in causes if cause.severity == severity)
            for severity in SEVERITIES
        },
        lines=lines[:PAGE],
        chosen=arguments,
        first=url_for("imports.show", run_id=run_id, **arguments) if after else "",
        next=(
            url_for("imports.show", run_id=run_id, **arguments, after=lines[PAGE - 1].number)
            if len(lines) > PAGE
            else ""
        ),
    )
    return show_page(content)


@pages.get("/imports/<run_id>/changes")
@needs(Permission.IMPORTS_VIEW)
def changes(run_id: str) -> ResponseReturnValue:
    """Every product that the run made or changed, with its values before and after; ``only`` the
    new or the changed ones, where the address says so.
    """
    run = get_run(session(), run_id)
    structure = catalog.structure(session())
    after = number_at("after")
    only = request.args.get("only", "")
    locale, is_new = chosen_scope(structure).locale, {"new": True, "changed": False}.get(only)
    found = changed_by(session(), structure, run.id, locale, after, PAGE + 1, is_new=is_new)
    address = partial(url_for, "imports.changes", run_id=run.id, only=only or None)
    following = address(after=found[PAGE - 1].number) if len(found) > PAGE else ""
    first = address() if after else ""
    return show_page(RunChangesPage(run, found[:PAGE], first, following))


def _undo_of(run: ImportRun) -> Job | None:
    """The last attempt to take this run back."""
    return jobs.last_of(session(), run_subject(run.id))


def _why_no_undo(run: ImportRun, undoing: Job | None) -> Text | None:
    """What speaks against taking this run back now, in words."""
    if run.state == "running":
        return text("This import is still running.")
    if undoing is not None and undoing.state in ACTIVE:
        return text("This import is being undone already.")
    return why_nothing_to_undo(run)


@pages.post("/imports/<run_id>/undo")
@needs(Permission.IMPORTS_REVERT)
def undo(run_id: str) -> ResponseReturnValue:
    """Takes back what a run changed; what somebody changed since stays."""
    run = get_run(session(), run_id)
    reason = _why_no_undo(run, _undo_of(run))
    if reason is not None:
        raise Conflict(with_names(reason))
    actor = person().email
    arguments = RevertArguments(run.id, run.filename, actor)
    REVERT_RUN.enqueue(session(), arguments, now(), by=actor)
    return go("imports.show", run_id=run_id)


def _job_of(run: ImportRun) -> Job | None:
    """The job that made this run, while its file is still there."""
    if not path_of(settings().home, run.sha256).is_file():
        return None
    for job in jobs.of_subject(session(), file_subject(run.sha256), IMPORT_FILE.name):
        if job.result and job.result.get("run") == run.id:
            return job
    return None


@pages.post("/imports/<run_id>/repeat")
@needs(Permission.IMPORTS_RUN, reading=True)
def repeat(run_id: str) -> ResponseReturnValue:
    """What was tried is now done, with the same file and profile."""
    run = get_run(session(), run_id)
    job = _job_of(run)
    if job is None:
        say(text("The file is no longer here; upload it again."), "warning")
        return go("imports.choose", profile=run.profile)
    path = path_of(settings().home, run.sha256)
    return go(
        "imports.follow", job_id=_enqueue(path, job.args["profile"], run.filename, dry_run=False)
    )


@pages.get("/imports/<run_id>/report.csv")
@needs(Permission.IMPORTS_VIEW)
def report(run_id: str) -> ResponseReturnValue:
    run, hub = get_run(session(), run_id), database()

    def lines() -> Iterator[str]:
        yield "\ufeff"  # spreadsheets take it for a code page otherwise
        with hub.reading() as reading:
            yield from as_csv(problems(reading, run.id))

    response = Response(lines(), content_type="text/csv; charset=utf-8")
    name = Path(run.filename).stem.encode("ascii", "ignore").decode() or "import"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-report.csv")
    return response
