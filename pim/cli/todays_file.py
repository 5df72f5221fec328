"""``pim feeds from-file``: what makes the file that a channel gets today."""

from dataclasses import asdict
from pathlib import Path

import click

from pim.cli.frame import Hub, command, counted
from pim.errors import NotFound, text
from pim.feeds import editing, service
from pim.todays_file import store
from pim.todays_file.candidates import Rule
from pim.todays_file.proposing import ColumnProposal, FileProposal


@click.command("from-file")
@click.argument("feed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--use", "used", multiple=True, metavar="FIELD", help="Take over this field's rule.")
@click.option("--use-exact", is_flag=True, help="Take over every rule that makes all of a column.")
@command
def from_file(hub: Hub, feed: str, file: str, used: tuple[str, ...], use_exact: bool) -> None:
    """Find out which attributes and operations make FILE, which a channel gets today, so that FEED
    can take its place. Nothing is changed unless a rule is taken over.
    """
    with hub.database.reading() as session:
        content = Path(file).read_bytes()
        found = store.learnt(session, feed, content, hub.settings.base_url, hub.clock())
    rules = _chosen(found, used, use_exact)
    if rules:
        with hub.database.writing() as session:
            seen = editing.print_of(service.get(session, feed).mapping)
            editing.change_rules(session, feed, rules, seen, hub.clock(), by=hub.actor)
    lines = [_line(one) for one in found.columns if one.field and one.example]
    lines.append(
        f"{found.found} of {counted(found.items, 'item')} are products of this hub, by"
        f" {found.named_by}; tried on {found.looked_at}. {counted(len(rules), 'field')} changed."
    )
    hub.show({**asdict(found), "used": rules}, "\n".join(lines))


def _chosen(found: FileProposal, used: tuple[str, ...], use_exact: bool) -> dict[str, Rule]:
    """Field -> the rule that is taken over."""
    rules = store.certain_rules(found) if use_exact else {}
    best = {one.field: one.rules[0].rule for one in found.columns if one.rules}
    for field in used:
        if field not in best:
            raise NotFound(text("The file tells no rule for the field “%(field)s”.", field=field))
        rules[field] = best[field]
    return rules


def _line(one: ColumnProposal) -> str:
    if not one.rules:
        return f"{one.field:32} no rule found"
    best = one.rules[0]
    return f"{one.field:32} {best.exact:>6} of {one.compared:<6} {best.rule}"
