"""What moves one product through the workflow: approval, the other steps, and undoing a change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, ngettext, text
from pim.http.numbers import number_from
from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductPlan, WriteResult
from pim.products.history import unpublished_addresses
from pim.products.policy import STEP_PERMISSIONS
from pim.products.queries import ProductDetail
from pim.products.revert import made_by, products_of, revert, revert_change, was_approval
from pim.products.stores import PRODUCTS
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.page import (
    PageContent,
    demand,
    go,
    go_back,
    needs,
    now,
    person,
    principal,
    say,
    session,
    show_page,
)
from pim.web.products import around, confirmation, walk
from pim.web.products.blueprint import pages
from pim.web.products.history import Event, events
from pim.web.products.outcome import say_undone
from pim.web.products.scope import chosen_scope
from pim.web.products.shared import STEP, new_step, source, undo_of, visible_product
from pim.web.products.unlocked import FeedsBefore, say_entering
from pim.workflow import APPROVED, DRAFT, RETIRED, REVIEW, STATUSES

MOVED = {
    DRAFT: text("Back to draft."),
    REVIEW: text("Submitted for review."),
    RETIRED: text("Retired: it leaves every feed at its next build."),
}


@dataclass(frozen=True)
class ChangesSince:
    """What was changed of a product, or of a model above it, since somebody looked."""

    identifier: str
    label: str
    events: list[Event]


@dataclass(frozen=True)
class ChangedMeanwhilePage(PageContent):
    """An approval that was not done yet. ``plan``: what approving from here says was seen.
    ``reason``: the one that was given.
    """

    template = "products/changed_meanwhile.html"
    identifier: str
    label: str
    list_url: str
    changed: list[ChangesSince]
    plan: str
    reason: str


@pages.post("/product/approve/<identifier:identifier>")
@needs(Permission.PRODUCTS_APPROVE)
def approve(identifier: str) -> ResponseReturnValue:
    """Publishes what the page showed that the form stands on; what was changed since is shown
    first.
    """
    structure = catalog.structure(session())
    product = visible_product(identifier).product
    before = None if product.published is None else unpublished_addresses(product)
    seen = confirmation.confirmed(request.form, APPROVED)[0]
    seen.reason = request.form.get("reason", "").strip()
    feeds_before = FeedsBefore(session(), product.identifier)
    step = new_step()
    result = service.apply(session(), [seen], source(step), now())[0]
    if any(problem.rule == "conflict" for problem in result.problems):
        page = _changed_meanwhile(structure, visible_product(identifier), seen)
        return show_page(page, 409, at=url_for("products.show", identifier=identifier))
    if result.is_refused:
        say(result.problems[0].message, "warning")
    else:
        session().expire_all()
        published = around.published_sentence(structure, before, visible_product(identifier))
        say(published, undo=undo_of(step) if result.outcome == "updated" else None)
        say_entering(feeds_before)
    return go("products.show", identifier=identifier)


def _changed_meanwhile(
    structure: Structure, detail: ProductDetail, seen: ProductPlan
) -> ChangedMeanwhilePage:
    scope = chosen_scope(structure)
    versions = {seen.identifier: seen.version, **seen.models}
    chain = [queries.get(session(), one.identifier) for one in detail.ancestors]
    changed = [
        _changes_since(structure, one, scope, versions.get(one.product.identifier, 0))
        for one in (*chain, detail)
    ]
    return ChangedMeanwhilePage(
        identifier=detail.product.identifier,
        label=around.head(session(), structure, detail, scope).label,
        list_url=walk.back(),
        changed=[one for one in changed if one.events],
        plan=confirmation.seen_on_page(detail),
        reason=seen.reason,
    )


def _changes_since(
    structure: Structure, detail: ProductDetail, scope: Scope, version: int
) -> ChangesSince:
    found = events(session(), structure, detail)
    return ChangesSince(
        detail.product.identifier,
        around.head(session(), structure, detail, scope).label,
        [one for one in found if one.version > version],
    )


@pages.post("/product/move/<identifier:identifier>")
@needs(Permission.PRODUCTS_EDIT)
def move(identifier: str) -> ResponseReturnValue:
    """To draft, review or retired; retiring takes more than editing."""
    status = request.form.get("status", "")
    if status not in STATUSES:
        raise Invalid({"status": [text("There is no such status.")]})
    demand(STEP_PERMISSIONS[status])
    step = new_step()
    result = publishing.move(session(), [identifier], status, source(step), now())[0]
    if result.is_refused:
        say(result.problems[0].message, "warning")
    elif result.outcome == "updated":
        say(MOVED[status], undo=undo_of(step))
    return go("products.show", identifier=identifier)


@pages.post("/product/take-back")
@needs(Permission.PRODUCTS_VIEW)
def take_back() -> ResponseReturnValue:
    """Takes back what one click changed. One's own needs no more than the click did; what others
    did needs the right to undo.
    """
    step = request.form.get("step", "")
    if not step.startswith(STEP):
        raise Invalid({"step": [text("There is no such step.")]})
    is_approval = was_approval(session(), step)
    demand(Permission.PRODUCTS_APPROVE if is_approval else Permission.PRODUCTS_EDIT)
    if set(made_by(session(), step)) - {principal().name}:
        demand(Permission.PRODUCTS_REVERT)
    origin = Origin.by(principal().for_owner(None), "revert")
    if not person().may(Permission.PRODUCTS_REVERT):
        origin = replace(origin, undoes_own=True)
    results = revert(session(), step, products_of(session(), step), origin, now())
    _say_taken_back(list(results.values()))
    return go_back()


def _say_taken_back(results: Sequence[WriteResult]) -> None:
    left = [problem for one in results for problem in one.problems if not problem.is_error]
    refused = [one for one in results if one.is_refused]
    done = sum(one.outcome in ("updated", "removed", "retired") for one in results)
    if done:
        say(ngettext("Undone: %(num)s product.", "Undone: %(num)s products.", done))
    if refused:
        say(refused[0].problems[0].message, "warning")
    elif left:
        say(left[0].message, "warning")
    elif not done:
        say(text("There is nothing to undo any more: somebody changed it since."), "info")


@pages.post("/product/undo/<identifier:identifier>")
@needs(Permission.PRODUCTS_REVERT)
def undo(identifier: str) -> ResponseReturnValue:
    """Takes one change back, whoever owns its values."""
    detail = visible_product(identifier)
    undone = revert_change(
        session(),
        PRODUCTS,
        detail.product.id,
        request.form.get("change", 0, type=number_from),
        Origin.by(principal().for_owner(None), "revert"),
        now(),
    )
    say_undone(catalog.structure(session()), undone)
    return go("products.show", identifier=identifier, tab="history")
