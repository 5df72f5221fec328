"""``pim translate``: what waits to be translated."""

from collections.abc import Sequence
from typing import Any

import click

from pim.accounts.principals import COMMAND_LINE
from pim.cli.frame import Hub, command, counted
from pim.cli.list_filters import filter_options, filters_of, scope_of, words_of
from pim.errors import Invalid, text
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.text_translation.queue import count_tasks
from pim.text_translation.texts import Direction


@click.command("translate")
@filter_options
@click.option("--from", "source", default="", metavar="LOCALE", help="That of --in otherwise.")
@click.option("--to", "targets", multiple=True, metavar="LOCALE", help="All others otherwise.")
@command
def translate(hub: Hub, source: str, targets: tuple[str, ...], scope: str, **options: Any) -> None:
    """How many texts have no translation, and how many an outdated one, of all products or of
    those that match. Equal texts count once.
    """
    data: list[dict[str, Any]] = []
    with hub.database.reading() as session:
        structure = catalog.structure(session)
        place = scope_of(structure, scope)
        filters = filters_of(structure, words_of(options), place)
        for direction in _directions(structure, place, source, targets):
            found = count_tasks(session, structure, COMMAND_LINE, filters, direction)
            way = {"channel": place.channel, "from": direction.source, "to": direction.target}
            data.append({**way, "missing": found.missing, "outdated": found.outdated})
    lines = [
        f"{one['from']} -> {one['to']}: {counted(one['missing'], 'text')} without a translation,"
        f" {one['outdated']} outdated"
        for one in data
    ]
    hub.show(data, "\n".join(lines) or "There is no other language to translate into.")


def _directions(
    structure: Structure, place: Scope, source: str, targets: Sequence[str]
) -> list[Direction]:
    """From one language of the channel into the others; :class:`Invalid` for one that it has
    not.
    """
    known = structure.channels[place.channel].locales
    strange = [one for one in (source, *targets) if one and one not in known]
    if strange:
        said = text("There is nothing called “%(code)s” here.", code=strange[0])
        raise Invalid({"locale": [said]})
    begins = source or place.locale
    return [Direction(place.channel, begins, one) for one in (targets or known) if one != begins]


COMMANDS = (translate,)
