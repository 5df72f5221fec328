"""The verbs of a bulk edit: begun with a selection, given steps, tried, carried out."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pim.bulk_edits import selection
from pim.bulk_edits.compiling import compile_steps
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.selection import SelectedProducts, Selection
from pim.bulk_edits.steps import Step, ValueStep, read_steps, stored
from pim.errors import Conflict, Invalid, text
from pim.jobs.models import ACTIVE, Job
from pim.structure import queries as catalog
from pim.structure.objects import Structure

STOPPED = text("It was stopped before it had come to the end.")


def begin(
    session: Session, chosen: Selection, products: SelectedProducts, actor: str, now: datetime
) -> BulkEdit:
    """A bulk edit of these products, which has no steps yet."""
    if not products.ids:
        raise Invalid({"identifier": [text("Choose at least one product.")]})
    edit = open_edit(session, chosen, actor, now)
    edit.number = len(products.ids)
    selection.keep(session, edit.id, products)
    return edit


def open_edit(
    session: Session, chosen: Selection, actor: str, now: datetime, state: str = "draft"
) -> BulkEdit:
    """A bulk edit of which nobody knows the products yet."""
    edit = BulkEdit(
        id=uuid.uuid4().hex,
        actor=actor,
        selection=asdict(chosen),
        number=0,
        steps=[],
        state=state,
        cursor=0,
        changed=0,
        unchanged=0,
        refused=0,
        left_out=0,
        milliseconds=0,
        token="",
        created=now,
    )
    session.add(edit)
    session.flush()
    return edit


def set_steps(session: Session, edit: BulkEdit, steps: Sequence[Step]) -> None:
    """Say what is to be done; :class:`Invalid` where a step makes no sense in this shop."""
    refuse_begun(edit)
    if steps:
        compile_steps(catalog.structure(session), steps)
    edit.steps, edit.forecast = stored(steps), None
    if edit.is_raised:  # another step may want other models
        raise_to_models(session, catalog.structure(session), edit)


def refuse_begun(edit: BulkEdit) -> None:
    """:class:`Conflict` where it is carried out already."""
    if edit.state != "draft":
        raise Conflict(text("This bulk edit has begun already and stays as it is."))


def raise_to_models(session: Session, structure: Structure, edit: BulkEdit) -> None:
    """Change values on the models that hold them for the variants that were chosen: for all of
    their variants. Nothing else is done to those models.
    """
    refuse_begun(edit)
    chosen = selection.kept(session, edit.id)
    addresses = addresses_of(edit)
    models = selection.models_above(session, structure, chosen.ids, addresses).ids
    ids = {*chosen.ids, *models}
    along = {*chosen.along, *models.difference(chosen.ids)}
    selection.replace(session, edit.id, SelectedProducts(sorted(ids), along))
    edit.selection = {**edit.selection, "raised": True}
    edit.number, edit.forecast = len(ids), None


def addresses_of(edit: BulkEdit) -> frozenset[str]:
    """Where its steps change values."""
    return frozenset(
        address
        for step in read_steps(edit.steps)
        if isinstance(step, ValueStep)
        for address in step.addresses
    )


def seen(edit: BulkEdit) -> str:
    """What a confirmation says, so that nothing is done that its preview did not show."""
    return sha256(orjson.dumps([edit.steps, edit.is_raised])).hexdigest()[:32]


def confirm(edit: BulkEdit, said: str, moment: int | None = None) -> None:
    """From here on it is to be carried out. :class:`Conflict` where the steps are others than those
    that were seen, or somebody has said so before. ``moment``: the latest change when the preview
    was made; what is changed later is approved by somebody who has seen it.
    """
    refuse_begun(edit)
    if said != seen(edit) or not edit.steps:
        raise Conflict(text("The steps were changed meanwhile. Look at the preview again."))
    edit.state, edit.seen_change = "running", moment


def close_dead(session: Session) -> None:
    """End the edits whose jobs have ended without them."""
    active = select(Job.id).where(Job.state.in_(ACTIVE))
    orphaned = select(BulkEdit).where(
        BulkEdit.state == "running",
        BulkEdit.job_id.is_not(None),
        BulkEdit.job_id.not_in(active),
    )
    for edit in session.scalars(orphaned):
        job = session.get(Job, edit.job_id)
        failed = job is not None and job.state == "failed"
        reason = job.error if job is not None and job.error is not None else STOPPED
        values: dict[str, Any] = {
            "state": "failed" if failed else "stopped",
            "error": str(reason) if failed else None,
            "finished": job.finished if job is not None else None,
        }
        session.execute(update(BulkEdit).where(BulkEdit.id == edit.id).values(**values))
