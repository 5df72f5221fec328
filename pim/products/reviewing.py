"""Review: which products wait for somebody to look at them, and sending one back with a comment to
whoever submitted it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.errors import Invalid, ngettext, text
from pim.products import service
from pim.products.change import Origin, ProductPlan, WriteResult
from pim.products.models import Change, Product, ReviewComment
from pim.workflow import DRAFT

LONGEST = 2000
"""Characters of a comment."""


@dataclass(frozen=True)
class SentBack:
    """A product that waits for its author, with what was asked for."""

    product: Product
    comment: ReviewComment


def send_back(
    session: Session, seen: ProductPlan, comment: str, origin: Origin, now: datetime
) -> WriteResult:
    """Make a product a draft again and tell whoever submitted it why. ``seen``: the step to draft,
    with the versions that were looked at. :class:`Invalid` without a comment.
    """
    wanted = comment.strip()
    if not wanted:
        raise Invalid({"comment": [text("Say what should be changed.")]})
    if len(wanted) > LONGEST:
        sentence = ngettext(
            "Longer than %(num)s character (%(length)s).",
            "Longer than %(num)s characters (%(length)s).",
            LONGEST,
            length=len(wanted),
        )
        raise Invalid({"comment": [sentence]})
    seen.reason = wanted
    submitter = submitted_by(session, seen.identifier)
    [result] = service.apply(session, [seen], origin, now)
    if result.outcome == "updated" and result.id is not None:
        session.add(
            ReviewComment(
                product_id=result.id,
                version=result.version,
                author=origin.actor,
                recipient=submitter,
                comment=wanted,
                at=now,
            )
        )
    return result


def submitted_by(session: Session, identifier: str) -> str | None:
    """Who took the product to the status that it has; None for one that has had no other.

    Who takes a later step back gives the product a status again and asks nothing of anybody: it is
    still the one who gave it that status first.
    """
    product = session.scalar(select(Product).where(Product.identifier == identifier))
    if product is None:
        return None
    steps = (
        select(Change.actor, Change.source, Change.status_before)
        .where(Change.product_id == product.id, Change.status_before.is_not(None))
        .order_by(Change.id.desc())
    )
    reached: str | None = product.status
    for actor, source, status_before in session.execute(steps):
        if reached == product.status and source != "revert":
            return str(actor)
        reached = status_before
    return None


def comment_on(session: Session, product: Product) -> ReviewComment | None:
    """What was asked for of a product that was sent back and not submitted again since."""
    if product.status != DRAFT:
        return None
    latest = (
        select(ReviewComment)
        .where(ReviewComment.product_id == product.id)
        .order_by(ReviewComment.id.desc())
        .limit(1)
    )
    found = session.scalar(latest)
    return found if found is not None and not _was_moved_since(session, found) else None


def sent_back_to(session: Session, recipient: str, limit: int = 50) -> Sequence[SentBack]:
    """The products that wait for this person with a comment, the latest first."""
    latest = select(func.max(ReviewComment.id)).group_by(ReviewComment.product_id)
    waiting = (
        select(Product, ReviewComment)
        .join(ReviewComment, ReviewComment.product_id == Product.id)
        .where(
            ReviewComment.recipient == recipient,
            ReviewComment.id.in_(latest),
            Product.status == DRAFT,
        )
        .order_by(ReviewComment.id.desc())
        .limit(limit)
    )
    found = [SentBack(product, comment) for product, comment in session.execute(waiting)]
    return [one for one in found if not _was_moved_since(session, one.comment)]


def _was_moved_since(session: Session, comment: ReviewComment) -> bool:
    """Whether the product took another step after it was sent back."""
    later = (
        select(Change.id)
        .where(
            Change.product_id == comment.product_id,
            Change.version > comment.version,
            Change.status_before.is_not(None),
        )
        .limit(1)
    )
    return session.scalar(later) is not None
