"""What the pages of bulk edits share: whose they are, what they say, and the jobs that try them."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from media import queries as media
from pim.accounts.permissions import Permission
from pim.bulk_edits import queries, service
from pim.bulk_edits import steps as kinds
from pim.bulk_edits.forecast import EXACT
from pim.bulk_edits.jobs import (
    TRY_BULK_EDIT,
    BulkEditArguments,
    trial_subject,
)
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.steps import Step, TakeStep, read_steps
from pim.errors import Denied, NotFound, Text, text
from pim.jobs import queries as jobs
from pim.jobs.models import ACTIVE, Job
from pim.products.policy import STEP_PERMISSIONS
from pim.structure.objects import Structure
from pim.web.job_words import JobView, views
from pim.web.page import (
    demand,
    go,
    now,
    person,
    principal,
    session,
)
from pim.web.products.bulk_words import pictures_named, said
from pim.workflow import APPROVED, RETIRED

STATUS_PERMISSIONS = {
    kinds.APPROVE: STEP_PERMISSIONS[APPROVED],
    kinds.RETIRE: STEP_PERMISSIONS[RETIRED],
}


def bulk_edit_of(edit_id: str) -> BulkEdit:
    """One's own, or that of somebody else for those who may see every product."""
    edit = queries.get(session(), edit_id)
    if edit.actor != person().email and not sees_all():
        raise NotFound(text("There is no bulk edit “%(id)s”.", id=edit_id))
    return edit


def own_draft(edit_id: str) -> BulkEdit:
    """One that is still being set up, by who began it."""
    edit = bulk_edit_of(edit_id)
    if edit.actor != person().email:
        raise Denied(text("Somebody else is setting this bulk edit up."))
    service.refuse_begun(edit)
    return edit


def sees_all() -> bool:
    """Whether the reader may see every product, and so what others did to them."""
    return principal().may_everywhere(Permission.PRODUCTS_VIEW)


def sentences(structure: Structure, edit: BulkEdit) -> list[Text]:
    """The steps in words."""
    steps = read_steps(edit.steps)
    known = media.by_codes(session(), pictures_named(structure, steps))
    pictures = {code: row.filename for code, row in known.items()}
    return [said(structure, pictures, one) for one in steps]


def demand_status(step: Step) -> None:
    """Asks for the permission that a step of the workflow wants."""
    if isinstance(step, TakeStep) and step.to in STATUS_PERMISSIONS:
        demand(STATUS_PERMISSIONS[step.to])


def to_preview(
    writing: Session, edit: BulkEdit, part: Mapping[str, Any] | None = None
) -> ResponseReturnValue:
    """What does not fit into a page is planned by a job meanwhile. ``part``: what the address says
    of the part of the preview that is shown.
    """
    if edit.number > EXACT and edit.forecast is None and not is_active(trial_of(writing, edit)):
        TRY_BULK_EDIT.enqueue(writing, job_arguments(edit), now(), by=person().email)
    return go("products.preview_bulk_edit", edit_id=edit.id, **(part or {}))


def job_arguments(edit: BulkEdit) -> BulkEditArguments:
    """What the jobs of a bulk edit are given."""
    return BulkEditArguments(edit.id, person().email, edit.number, service.seen(edit))


def trial_of(asking: Session, edit: BulkEdit) -> Job | None:
    """The last trial of the steps as they are."""
    return jobs.last_of(asking, trial_subject(edit.id, service.seen(edit)))


def is_active(job: Job | None) -> bool:
    """Whether it waits or runs."""
    return job is not None and job.state in ACTIVE


def job_view(job: Job | None) -> JobView | None:
    """A job as pages show it."""
    return None if job is None else views([job], (), now())[0]
