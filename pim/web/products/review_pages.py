"""The review desk: what waits for approval, one product after the other, by keys."""

from dataclasses import dataclass, replace

from flask import request, url_for
from flask.typing import ResponseReturnValue

from media.presets import path_for
from pim.accounts.permissions import Permission
from pim.errors import NotFound, Text, text
from pim.products import matching, queries, relatives, reviewing, service
from pim.products.labels import labels
from pim.products.queries import ProductDetail
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.web.page import (
    PageContent,
    Undo,
    go,
    is_htmx,
    needs,
    now,
    say,
    session,
    show_page,
)
from pim.web.products import around, confirmation, walk
from pim.web.products.around import ScopeStanding
from pim.web.products.blueprint import pages
from pim.web.products.listing import visible_filters
from pim.web.products.review_views import ReviewedRecord, reviewed_records
from pim.web.products.rows import picture_in
from pim.web.products.scope import chosen_scope
from pim.web.products.shared import ScopedPage, in_scope, new_step, source, undo_of, visible_product
from pim.workflow import APPROVED, DRAFT, REVIEW

SHOWN = 200
"""Products in the queue at once; the next ones come behind these."""


@dataclass(frozen=True)
class QueueEntry:
    identifier: str
    label: str
    picture: str


@dataclass(frozen=True)
class ProductInReview:
    """What the desk shows of one product. ``complete``: the scopes in which nothing is missing.
    ``seen``: what a decision says it was given on. ``refusal``: why one was not carried out.
    """

    identifier: str
    label: str
    picture: str
    records: list[ReviewedRecord]
    complete: list[ScopeStanding]
    incomplete: list[ScopeStanding]
    seen: str
    refusal: Text | None = None


@dataclass(frozen=True)
class ReviewPage(ScopedPage):
    """``more``: the last product of the queue, behind which more wait; empty where none do."""

    template = "products/review.html"
    queue: list[QueueEntry]
    one: ProductInReview | None
    more: str
    list_url: str


@dataclass(frozen=True)
class ReviewPart(PageContent):
    """Another product of the queue."""

    template = "products/reviewed.html"
    one: ProductInReview


@dataclass(frozen=True)
class DecidedPart(PageContent):
    """What was decided, as a message with the way back, for the desk that stands open."""

    template = "products/decided.html"
    sentence: Text
    undo: Undo | None


@pages.get("/product/review")
@needs(Permission.PRODUCTS_APPROVE)
def review() -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    queue = _queue(structure, scope)
    wanted = request.args.get("product", "")
    first = wanted if wanted in {one.identifier for one in queue} else ""
    shown = first or (queue[0].identifier if queue else "")
    content = ReviewPage(
        **in_scope(structure, scope),
        queue=queue[:SHOWN],
        one=_in_review(structure, scope, visible_product(shown)) if shown else None,
        more=queue[SHOWN - 1].identifier if len(queue) > SHOWN else "",
        list_url=walk.back(),
    )
    return show_page(content)


@pages.get("/product/review/<identifier:identifier>")
@needs(Permission.PRODUCTS_APPROVE)
def reviewed(identifier: str) -> ResponseReturnValue:
    """One product of the queue, for the desk that stands open."""
    if not is_htmx():
        return go("products.review", product=identifier)
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    return show_page(ReviewPart(_in_review(structure, scope, visible_product(identifier))))


@pages.post("/product/review/<identifier:identifier>")
@needs(Permission.PRODUCTS_APPROVE)
def decide(identifier: str) -> ResponseReturnValue:
    """Approve a product as it was shown, or send it back with a comment. What was changed
    meanwhile is shown again instead.
    """
    visible_product(identifier)
    is_approval = "comment" not in request.form
    [seen] = confirmation.confirmed(request.form, APPROVED if is_approval else DRAFT)
    if seen.identifier != identifier:
        raise NotFound(text("There is no product “%(code)s”.", code=identifier))
    step = new_step()
    if is_approval:
        seen.reason = request.form.get("reason", "").strip()
        [result] = service.apply(session(), [seen], source(step), now())
    else:
        seen.models = {}  # what becomes of a model does not matter to who sends its variant back
        comment = request.form["comment"]
        result = reviewing.send_back(session(), seen, comment, source(step), now())
    if result.is_refused:
        return _refused(identifier, result.problems[0].message)
    undo = undo_of(step) if result.outcome == "updated" else None
    if is_htmx():
        at = url_for("products.review", product=identifier)
        return show_page(DecidedPart(_done(identifier, is_approval=is_approval), undo), at=at)
    say(_done(identifier, is_approval=is_approval), undo=undo)
    return go("products.review")


def _refused(identifier: str, why: Text) -> ResponseReturnValue:
    if not is_htmx():
        say(why, "warning")
        return go("products.review", product=identifier)
    structure = catalog.structure(session())
    one = _in_review(structure, chosen_scope(structure), visible_product(identifier))
    at = url_for("products.review", product=identifier)
    return show_page(ReviewPart(replace(one, refusal=why)), 409, at=at)


def _done(identifier: str, *, is_approval: bool) -> Text:
    if is_approval:
        return text("Approved: %(code)s.", code=identifier)
    return text("Sent back: %(code)s.", code=identifier)


def _queue(structure: Structure, scope: Scope) -> list[QueueEntry]:
    """What waits in the list that somebody came from, one by one, the oldest first."""
    asked = {**walk.said_list(), "status": REVIEW, "variants": "1"}
    filters = visible_filters(structure, asked, scope)
    ids = matching.next_above(session(), structure, filters, _last_seen(), SHOWN + 1)
    found = queries.by_ids(session(), ids)
    documents = relatives.documents(session(), found)
    names = labels(session(), structure, [one.identifier for one in found], scope.locale)
    return [
        QueueEntry(
            one.identifier,
            names.get(one.identifier, one.identifier),
            _thumb(picture_in(structure, one.family, documents[one.id], scope)),
        )
        for one in found
    ]


def _last_seen() -> int:
    """The id behind which the queue begins: that of the last product of the part before."""
    after = request.args.get("after", "")
    found = queries.by_identifiers(session(), [after]) if after else {}
    return found[after].id if after in found else 0


def _thumb(code: str) -> str:
    return path_for(code, "thumb") if code else ""


def _in_review(structure: Structure, scope: Scope, detail: ProductDetail) -> ProductInReview:
    head = around.head(session(), structure, detail, scope)
    standings = around.standings(structure, detail, scope)
    return ProductInReview(
        detail.product.identifier,
        head.label,
        head.picture,
        reviewed_records(session(), structure, detail),
        [one for one in standings if one.percent == 100],
        [one for one in standings if one.percent < 100],
        confirmation.seen_on_page(detail),
    )
