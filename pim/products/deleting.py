"""Taking a product out of the hub because somebody asks for it: what no channel ever saw is gone,
anything else is retired.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from pim.errors import NotFound, text
from pim.products import policy, publishing, removal
from pim.products.change import Origin, WriteResult
from pim.products.queries import ProductDetail
from pim.products.workspace import Workspace
from pim.structure import queries as catalog
from pim.workflow import RETIRED


def can_be_deleted(detail: ProductDetail) -> bool:
    """Whether deleting makes it as if it had never been; otherwise it would be retired."""
    return detail.product.published is None and not detail.children


def delete(session: Session, identifier: str, origin: Origin, now: datetime) -> WriteResult:
    """Remove it, or retire it where channels have seen it or something stands below it."""
    work = Workspace(session, catalog.structure(session), now)
    work.load([identifier])
    item = work.find(identifier)
    if item is None:
        raise NotFound(text("There is no product “%(code)s”.", code=identifier))
    if item.published is not None or any(True for _ in work.descendants(item)):
        [retired] = publishing.move(session, [identifier], RETIRED, origin, now)
        if retired.outcome == "updated":
            retired.outcome = "retired"
        return retired
    categories = policy.categories_of(work.merged(item))
    for problem in policy.check_step(work.structure, origin, RETIRED, categories):
        return WriteResult(identifier, "refused", item.id, problems=[problem])
    removal.remove(work, [item], origin)
    return WriteResult(identifier, "removed", item.id)
