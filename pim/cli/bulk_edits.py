"""``pim bulk-edit`` and ``pim bulk-edits``: many products changed at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from pim.accounts.principals import COMMAND_LINE
from pim.bulk_edits import forecast, queries, selection, service
from pim.bulk_edits.forecast import Forecast, PlannedProduct
from pim.bulk_edits.models import BulkEdit
from pim.bulk_edits.run import carry_out
from pim.bulk_edits.selection import Selection
from pim.bulk_edits.steps import Step, read_steps
from pim.bulk_edits.undo import take_back
from pim.cli.frame import Hub, command, counted
from pim.cli.list_filters import filter_options, filters_of, scope_of, words_of
from pim.definitions import read_yaml
from pim.errors import Invalid, text
from pim.products.change import Origin
from pim.structure import queries as catalog

SHOWN = 20
"""Products that a preview names."""


@click.command("bulk-edit")
@click.argument("skus", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All products, or all that the filters match.")
@filter_options
@click.option("--set", "values", multiple=True, metavar="ADDRESS=VALUE", help="Set a value.")
@click.option("--empty", "emptied", multiple=True, metavar="ADDRESS", help="Take a value away.")
@click.option(
    "--steps",
    "file",
    type=click.Path(exists=True, dir_okay=False),
    help="A YAML file with any steps.",
)
@click.option("--apply", "in_earnest", is_flag=True, help="Do it; otherwise it is only planned.")
@command
def bulk_edit(
    hub: Hub,
    skus: Sequence[str],
    every: bool,
    values: Sequence[str],
    emptied: Sequence[str],
    file: str | None,
    in_earnest: bool,
    scope: str,
    **options: Any,
) -> None:
    """Change many products at once: SKUS, or with --all those that match. Without --apply it says
    what would become of each, and writes nothing.
    """
    asked = words_of(options)
    if bool(skus) == every or (skus and asked):
        raise Invalid({"skus": [text("Name the products, or say --all, with filters or not.")]})
    steps = [*_short_steps(values, emptied), *_steps_of(file)]
    with hub.database.writing() as session:
        edit = _begun(session, hub, skus, _AskedList(asked, scope), steps)
    if in_earnest:
        with hub.database.writing() as session:
            service.confirm(queries.get(session, edit.id), service.seen(edit))
        _finish(hub, edit.id)
    else:
        _preview(hub, edit)


def _short_steps(values: Sequence[str], emptied: Sequence[str]) -> list[Mapping[str, Any]]:
    steps: list[Mapping[str, Any]] = []
    for one in values:
        address, is_set, value = one.partition("=")
        if not is_set:
            raise Invalid({"--set": [text("“%(value)s” is no ADDRESS=VALUE.", value=one)]})
        steps.append({"step": "set", "addresses": [address], "text": value})
    return [*steps, *({"step": "clear", "addresses": [one]} for one in emptied)]


def _steps_of(file: str | None) -> Sequence[Any]:
    if file is None:
        return []
    content = read_yaml(Path(file).read_bytes(), file)
    if not isinstance(content, list):
        raise Invalid({file: [text("The steps are a list.")]})
    return content


@dataclass(frozen=True)
class _AskedList:
    """``words``: those of a list's address; ``scope``: as ``--in`` spells it."""

    words: Mapping[str, str]
    scope: str


def _begun(
    session: Session, hub: Hub, skus: Sequence[str], asked: _AskedList, steps: Sequence[Any]
) -> BulkEdit:
    structure = catalog.structure(session)
    if skus:
        ids = selection.named(session, structure, COMMAND_LINE, skus)
    else:
        place = scope_of(structure, asked.scope)
        filters = filters_of(structure, asked.words, place)
        ids = selection.all_that_match(session, structure, filters)
    chosen = Selection(len(ids), None if skus else dict(asked.words))
    products = selection.with_variants(session, ids)
    edit = service.begin(session, chosen, products, hub.actor, hub.clock())
    wanted: Sequence[Step] = read_steps(list(steps))
    if not wanted:
        raise Invalid({"steps": [text("Say what to change: --set, --empty or --steps.")]})
    service.set_steps(session, edit, wanted)
    return edit


def _preview(hub: Hub, edit: BulkEdit) -> None:
    """What it would do; nothing of it is left behind."""
    url = hub.settings.base_url
    try:
        with hub.progress("planning") as report:
            found = forecast.of_all(hub.database, edit, COMMAND_LINE, url, hub.clock, report)
        with hub.database.reading() as session:
            first = forecast.of_first(session, edit, COMMAND_LINE, url, hub.clock(), SHOWN)
    finally:
        with hub.database.writing() as session:
            session.delete(queries.get(session, edit.id))
    hub.show({**found.stored(), "causes": _causes(found)}, _said(found, first.shown))


def _causes(found: Forecast) -> list[dict[str, Any]]:
    return [
        {
            "severity": one.severity,
            "rule": one.rule,
            "address": one.address,
            "number": one.number,
            "example": str(one.example),
        }
        for one in found.causes
    ]


def _said(found: Forecast, first: Sequence[PlannedProduct]) -> str:
    tally = found.tally
    lines = [
        f"{counted(tally.changed, 'product')} would change, {tally.unchanged} stay as they are,"
        f" {tally.refused} would be refused."
    ]
    if found.drafts:
        lines.append(f"{counted(found.drafts, 'approved product')} would become a draft.")
    lines += [f"{one.scope}: +{one.gained} complete, -{one.lost}" for one in found.scopes]
    lines += [f"{one.feed}: +{one.entering}, -{one.leaving}, once approved" for one in found.feeds]
    lines += [f"{one.number}x {one.address}: {one.example}" for one in found.causes]
    lines += [line for one in first for line in _lines(one)]
    return "\n".join([*lines, "Nothing was written. --apply does it."])


def _lines(one: PlannedProduct) -> list[str]:
    plans = [plan for plan in (one.edit, one.step) if plan is not None]
    changes = (
        []
        if one.edit is None
        else [
            f"  {address}: {change.old} -> {change.new}"
            for address, change in one.edit.changes.items()
        ]
    )
    if plans and plans[0].status_before != plans[-1].status_after:
        changes.append(f"  status: {plans[0].status_before} -> {plans[-1].status_after}")
    return [one.product.identifier, *changes] if changes else []


def _finish(hub: Hub, edit_id: str) -> None:
    """Carry it out to its end, and tell what came of it."""
    with hub.progress("editing") as report:
        edit = carry_out(hub.database, edit_id, COMMAND_LINE, hub.clock, progress=report)
    with hub.database.reading() as session:
        causes = queries.causes(session, edit.id)
    lines = "".join(f"\n{one.number}x {one.address}: {one.example}" for one in causes)
    hub.show(
        _as_data(edit),
        f"{edit.changed} changed, {edit.unchanged} unchanged, {edit.refused} refused.{lines}\n"
        f"`pim bulk-edits undo {edit.id}` takes it back.",
    )
    if edit.refused:
        raise SystemExit(1)


def _as_data(edit: BulkEdit) -> dict[str, Any]:
    names = ("id", "actor", "state", "number", "changed", "unchanged", "refused", "left_out")
    moments = ("created", "started", "finished", "undone", "undone_by")
    data = {name: getattr(edit, name) for name in (*names, *moments)}
    return {**data, "steps": edit.steps, "seconds": edit.milliseconds / 1000}


@click.group("bulk-edits")
def bulk_edits() -> None:
    """The bulk edits that there were."""


@bulk_edits.command("list")
@command
def list_edits(hub: Hub) -> None:
    """The latest first."""
    with hub.database.reading() as session:
        found = queries.edits(session)
    lines = [
        f"{one.id}  {one.created:%Y-%m-%d %H:%M}  {one.actor}  {one.state}"
        f"{'  undone' if one.undone else ''}  {one.changed} changed, {one.refused} refused"
        for one in found
    ]
    hub.show([_as_data(one) for one in found], "\n".join(lines) or "There are none yet.")


@bulk_edits.command()
@click.argument("edit_id")
@command
def undo(hub: Hub, edit_id: str) -> None:
    """Take a bulk edit back; what somebody changed since stays."""
    with hub.database.reading() as session:
        queries.get(session, edit_id)
    origin = Origin.by(COMMAND_LINE.for_owner(None), "revert")
    results = take_back(hub.database, edit_id, origin, hub.clock)
    restored = sum(one.outcome == "updated" for one in results)
    left = [one for one in results if one.problems]
    lines = "".join(f"\n{one.identifier}: {one.problems[0].message}" for one in left)
    data = {
        "restored": restored,
        "left": {one.identifier: [str(each.message) for each in one.problems] for one in left},
    }
    hub.show(data, f"{restored} restored, {len(left)} left as somebody changed them.{lines}")


@bulk_edits.command()
@click.argument("edit_id")
@command
def resume(hub: Hub, edit_id: str) -> None:
    """Go on with a bulk edit that was killed or stopped."""
    _finish(hub, edit_id)


@bulk_edits.command()
@click.argument("edit_id")
@command
def report(hub: Hub, edit_id: str) -> None:
    """What a bulk edit could not do, as CSV."""
    with hub.database.reading() as session:
        queries.get(session, edit_id)
        for line in queries.as_csv(queries.problems(session, edit_id)):
            click.echo(line, nl=False)


COMMANDS = (bulk_edit, bulk_edits)
