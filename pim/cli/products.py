"""``pim products`` and ``pim why``."""

from collections.abc import Iterator, Sequence
from itertools import islice

import click

from pim.accounts.principals import COMMAND_LINE
from pim.cli import spreadsheets
from pim.cli.explained import show_explained
from pim.cli.frame import Hub, command
from pim.cli.product_list import list_products
from pim.errors import Invalid, text
from pim.feeds.why import FeedReadiness, why_not
from pim.products import publishing, queries
from pim.products.change import Origin, WriteResult
from pim.products.workspace import key_of
from pim.workflow import DRAFT, RETIRED, REVIEW

BATCH = 1000


@click.group()
def products() -> None:
    """The list of products, and their workflow; out into a spreadsheet, and in again."""


for one in spreadsheets.COMMANDS:
    products.add_command(one)


@products.command()
@click.argument("identifiers", nargs=-1)
@click.option(
    "--all-complete",
    is_flag=True,
    help="Every product and model that is complete in some channel and locale.",
)
@click.option(
    "--force",
    "reason",
    default="",
    help="Approve though nothing is complete; the reason is kept in the history.",
)
@command
def approve(hub: Hub, identifiers: Sequence[str], all_complete: bool, reason: str) -> None:
    """Approve products: what is there is published to every channel where it is complete."""
    if bool(identifiers) == all_complete:
        raise Invalid({"identifiers": [text("Name the products, or say --all-complete.")]})
    if all_complete:
        with hub.database.reading() as session:
            identifiers = list(queries.unpublished(session))
    source = Origin.by(COMMAND_LINE, "user")
    results: list[WriteResult] = []
    with hub.progress("approving") as report:
        for batch in _batches(iter(identifiers)):
            with hub.database.writing_batch() as session:
                results += publishing.approve(session, batch, source, hub.clock(), reason)
            report(len(results), len(identifiers))
    approved = {key_of(one.identifier) for one in results if one.outcome == "updated"}
    approved.update(key_of(model) for one in results for model in one.along)
    # A model that is complete in nothing by itself may have been approved with a variant since.
    others = [one for one in results if key_of(one.identifier) not in approved]
    refused = [one for one in others if one.is_refused]
    data = {
        "approved": len(approved),
        "unchanged": sum(one.outcome == "unchanged" for one in others),
        "refused": _sentences(refused),
    }
    hub.show(
        data,
        f"{data['approved']} approved, {data['unchanged']} were already, {len(refused)}"
        f" refused.{_lines(refused)}",
    )
    if refused:
        raise SystemExit(1)


@products.command()
@click.argument("identifiers", nargs=-1)
@click.option("--all-retired", is_flag=True, help="Every product and model that is retired.")
@command
def draft(hub: Hub, identifiers: Sequence[str], all_retired: bool) -> None:
    """Take products back to draft; retired ones come back so."""
    if bool(identifiers) == all_retired:
        raise Invalid({"identifiers": [text("Name the products, or say --all-retired.")]})
    if all_retired:
        with hub.database.reading() as session:
            identifiers = list(queries.with_status(session, RETIRED))
    _move(hub, identifiers, DRAFT, "are drafts again")


@products.command()
@click.argument("identifiers", nargs=-1, required=True)
@command
def submit(hub: Hub, identifiers: Sequence[str]) -> None:
    """Submit products for review."""
    _move(hub, identifiers, REVIEW, "are in review")


@products.command()
@click.argument("identifiers", nargs=-1, required=True)
@command
def retire(hub: Hub, identifiers: Sequence[str]) -> None:
    """Retire products: they leave every feed at its next build. `pim products draft` brings them
    back.
    """
    _move(hub, identifiers, RETIRED, "are retired")


def _move(hub: Hub, identifiers: Sequence[str], status: str, done: str) -> None:
    source = Origin.by(COMMAND_LINE, "user")
    results: list[WriteResult] = []
    with hub.progress(status) as report:
        for batch in _batches(iter(identifiers)):
            with hub.database.writing() as session:
                results += publishing.move(session, batch, status, source, hub.clock())
            report(len(results), len(identifiers))
    refused = [one for one in results if one.is_refused]
    data = {
        status: sum(one.outcome == "updated" for one in results),
        "unchanged": sum(one.outcome == "unchanged" for one in results),
        "refused": _sentences(refused),
    }
    hub.show(
        data,
        f"{data[status]} {done}, {data['unchanged']} were already, {len(refused)}"
        f" refused.{_lines(refused)}",
    )
    if refused:
        raise SystemExit(1)


def _lines(refused: Sequence[WriteResult]) -> str:
    return "".join(f"\n{one.identifier}: {one.problems[0].message}" for one in refused)


def _sentences(refused: Sequence[WriteResult]) -> dict[str, list[str]]:
    return {one.identifier: [str(problem.message) for problem in one.problems] for one in refused}


def _batches(items: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(items, BATCH)):
        yield batch


products.add_command(list_products)


@click.command()
@click.argument("sku")
@click.argument("feed", required=False)
@click.option("--feed", "named", metavar="FEED", help="The same as the argument FEED.")
@click.option("--field", help="Explain what FEED has of SKU in this field, and who wrote it.")
@command
def why(hub: Hub, sku: str, feed: str | None, named: str | None, field: str | None) -> None:
    """Why is SKU (not) on a channel? Answers for FEED, or for every feed."""
    feed = feed or named
    if field is not None:
        if feed is None:
            raise Invalid({"field": [text("Name the feed whose field it is.")]})
        show_explained(hub, feed, sku, field)
        return
    with hub.database.reading() as session:
        today = hub.clock().date()
        verdicts = why_not(session, hub.storage, sku, hub.settings.base_url, today, feed)
    data = [
        {
            "feed": one.feed,
            "identifier": one.identifier,
            "sent": one.is_sent,
            "published": one.live is not None,
            "live": one.live is not None and one.live.is_in,
            "current": one.live is not None and one.live.is_current,
            "since": None if one.live is None else one.live.since,
            "reasons": [
                {
                    "field": why.problem.address,
                    "address": why.cure,
                    "rule": why.problem.rule,
                    "value": why.problem.value,
                    "message": str(why.problem.message),
                    "blocks": why.problem.is_error,
                }
                for why in one.said
            ],
        }
        for one in verdicts
    ]
    hub.show(data, "\n".join(_line(one) for one in verdicts) or "There are no feeds yet.")


def _line(verdict: FeedReadiness) -> str:
    head = f"{verdict.feed}: {verdict.identifier} {'is sent' if verdict.is_sent else 'is left out'}"
    head += f" ({_live(verdict)})"
    return head + "".join(
        f"\n  {'-' if one.problem.is_error else '!'} {one}" for one in verdict.said
    )


def _live(verdict: FeedReadiness) -> str:
    """What the published file has of it, beside what the next build takes."""
    live = verdict.live
    if live is None:
        return "the feed has never been published"
    when = f"{live.since:%Y-%m-%d %H:%M} UTC"
    if not live.is_in:
        return f"not in the live file of {when}"
    return f"in the live file {'since' if live.is_current else 'as it was at'} {when}"


COMMANDS = (products, why)
