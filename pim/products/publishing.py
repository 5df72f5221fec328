"""The workflow's verbs: submit, approve (which publishes), send back, retire."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from pim import completeness
from pim.errors import text
from pim.problems import Problem
from pim.products import indexing, service
from pim.products.change import Origin, WriteResult
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure import queries as catalog
from pim.workflow import APPROVED, RETIRED, STEPS


def approve(
    session: Session, identifiers: Iterable[str], source: Origin, now: datetime, force: str = ""
) -> list[WriteResult]:
    """Publish the working values of these products, and of the models they inherit from.

    Refused for a product that is complete in no channel and locale, unless ``force`` gives a reason
    (kept in the history), and for one that is retired or whose model is: it becomes a draft first.
    """
    return _each(session, identifiers, partial(_approve, force=force), source, now)


def _each(
    session: Session,
    identifiers: Iterable[str],
    step: Callable[[Workspace, LoadedProduct], WriteResult],
    source: Origin,
    now: datetime,
) -> list[WriteResult]:
    """Take every product that is there one step, and write what came of it."""
    work = Workspace(session, catalog.structure(session), now)
    wanted = list(identifiers)
    work.load(wanted)
    found = [(identifier, work.find(identifier)) for identifier in wanted]
    results = [
        step(work, item) if item else _refused(identifier, _unknown(identifier))
        for identifier, item in found
    ]
    service.finish(session, work, source)
    return results


def _unknown(identifier: str) -> Problem:
    return Problem(
        "identifier",
        "unknown",
        text("There is no product “%(code)s”.", code=identifier),
        identifier,
    )


def _approve(work: Workspace, item: LoadedProduct, force: str) -> WriteResult:
    chain = (*work.ancestors(item), item)
    retired = next((one for one in chain if one.status == RETIRED), None)
    if retired is not None:
        return _refused(item.identifier, _no_step(retired, APPROVED))
    if not force and not is_complete_somewhere(work, item):
        sentence = text(
            "No channel and locale is complete yet; approve it anyway with a reason, or fill in"
            " what is missing."
        )
        return _refused(item.identifier, Problem("status", "incomplete", sentence))
    changed = [_publish(work, one, force) for one in chain]
    return WriteResult(
        item.identifier,
        "updated" if any(changed) else "unchanged",
        item.id,
        item.version + changed[-1],
    )


def _refused(identifier: str, problem: Problem) -> WriteResult:
    return WriteResult(identifier, "refused", problems=[problem])


def _no_step(item: LoadedProduct, status: str) -> Problem:
    sentence = text(
        "“%(code)s” is “%(now)s” and cannot become “%(then)s”.",
        code=item.identifier,
        now=item.status,
        then=status,
    )
    return Problem("status", "workflow", sentence, status)


def is_complete_somewhere(work: Workspace, item: LoadedProduct) -> bool:
    """Whether some channel and locale has all it requires; a model is measured by what it holds
    itself.
    """
    is_model = item.kind == "model"
    depth = len(work.ancestors(item)) if is_model else None
    top = work.by_id[item.root_id]
    required = work.structure.required(item.family, top.family_variant if is_model else None, depth)
    return any(completeness.complete_scopes(required, work.merged(item)))


def _publish(work: Workspace, item: LoadedProduct, force: str) -> bool:
    if item.status == APPROVED and item.published == item.values:
        return False
    indexing.remember(work, item)
    work.touch(item)
    item.remember("status", item.status)
    item.remember("published", _differences(item))
    if force:
        item.remember("reason", force)
    item.status, item.published, item.published_at = APPROVED, dict(item.values), work.now
    return True


def _differences(item: LoadedProduct) -> dict[str, object] | None:
    """What the published document held where it will now hold something else; None where nothing
    was published.
    """
    if item.published is None:
        return None
    addresses = item.published.keys() | item.values.keys()
    return {
        one: item.published.get(one)
        for one in sorted(addresses)
        if item.published.get(one) != item.values.get(one)
    }


def move(
    session: Session, identifiers: Iterable[str], status: str, source: Origin, now: datetime
) -> list[WriteResult]:
    """Take products to another status without publishing: draft, review or retired. A retired
    product leaves every feed.
    """
    return _each(session, identifiers, partial(_move, status=status), source, now)


def _move(work: Workspace, item: LoadedProduct, status: str) -> WriteResult:
    if item.status == status:
        return WriteResult(item.identifier, "unchanged", item.id, item.version)
    if status not in STEPS[item.status]:
        return _refused(item.identifier, _no_step(item, status))
    indexing.remember(work, item)
    work.touch(item)
    item.remember("status", item.status)
    if (
        item.status == RETIRED and item.published is not None
    ):  # what channels saw before may be years old: somebody approves it anew
        item.remember("published", item.published)
        item.published, item.published_at = None, None
    item.status = status
    return WriteResult(item.identifier, "updated", item.id, item.version + 1)
