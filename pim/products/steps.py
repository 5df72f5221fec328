"""A step of the workflow that publishes nothing, carried out in memory."""

from pim.products import indexing
from pim.products.workspace import LoadedProduct, WorkflowStep, Workspace
from pim.values import Document
from pim.workflow import RETIRED


def take_step(work: Workspace, item: LoadedProduct, status: str, reason: str = "") -> None:
    """Take a product to another status. ``reason``: why, as its history says."""
    indexing.remember(work, item)
    work.touch(item)
    item.step = WorkflowStep(item.status, reason=reason or None)
    if item.status == RETIRED and item.published is not None:
        # What channels saw before may be years old: somebody approves it again.
        item.step.published_before = item.published
        item.published, item.published_at = None, None
    item.status = status


def return_to(
    work: Workspace, item: LoadedProduct, status: str, published: Document | None
) -> None:
    """Take a step of the workflow back: the former status, and what channels saw then."""
    indexing.remember(work, item)
    work.touch(item)
    item.step = WorkflowStep(item.status)
    if item.published != published:
        item.step.published_before = dict(item.published or {})
        item.published = published
        item.published_at = item.published_at if published is not None else None
    item.status = status
