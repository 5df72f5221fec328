"""``pim quality``: what may be wrong with values that are there."""

from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.orm import Session

from pim.cli.frame import Hub, command, counted
from pim.products import queries as products
from pim.quality import figures, following, own_words, queries, service
from pim.quality.near_options import near_options
from pim.quality_kinds import ANY, DISMISSED_AS, NAMES
from pim.structure import queries as catalog


@click.group()
def quality() -> None:
    """What may be wrong with values that are there: warnings, which block nothing."""


@quality.command()
@click.option("--all", "whole", is_flag=True, help="Look at all products, not only what changed.")
@command
def check(hub: Hub, whole: bool) -> None:
    """Bring the warnings in step with the products; a server does it by itself."""
    if whole:
        with hub.database.writing() as session:
            following.recount(session)
    with hub.progress("looking at products") as report:
        following.follow(hub.database, report)
    with hub.database.reading() as session:
        counts = figures.counts(session)
    per_kind = [f"{counts[kind]:>7} {name}" for kind, name in NAMES.items() if kind in counts]
    total = f"{counted(counts[ANY], 'product')} with a warning."
    hub.show(counts, "\n".join([total, *per_kind]))


@quality.command(name="list")
@click.option("--kind", type=click.Choice(list(NAMES)), help="Only warnings of this kind.")
@command
def list_warnings(hub: Hub, kind: str | None) -> None:
    """The warnings, product by product."""
    with hub.database.reading() as session:
        rows = _rows(session, kind)
    lines = [
        f"{row['identifier']:20} {row['kind']:15} {row['address']:30} {' '.join(row['detail'])}"
        for row in rows
    ]
    hub.show(rows, "\n".join(map(str.rstrip, lines)) or "There is no warning.")


@quality.command()
@click.argument("sku")
@click.argument("kind", type=click.Choice(list(DISMISSED_AS)))
@click.argument("address")
@command
def dismiss(hub: Hub, sku: str, kind: str, address: str) -> None:
    """Say that what stands at ADDRESS of SKU is right: it is not warned of until it changes."""
    with hub.database.writing() as session:
        number = products.get(session, sku).product.id
        structure = catalog.structure(session)
        service.dismiss(session, structure, number, kind, address, hub.actor, hub.clock())
    hub.show({"dismissed": address}, f"{address} of {sku} is right as it is.")


@quality.command()
@click.argument("sku")
@click.argument("kind", type=click.Choice(list(DISMISSED_AS)))
@click.argument("address")
@command
def restore(hub: Hub, sku: str, kind: str, address: str) -> None:
    """Take back that what stands at ADDRESS of SKU is right; it is looked at again."""
    with hub.database.writing() as session:
        number = products.get(session, sku).product.id
        service.restore(session, catalog.structure(session), number, kind, address)
    hub.show({"restored": address}, f"{address} of {sku} is looked at again.")


@quality.command()
@command
def options(hub: Hub) -> None:
    """Options of one attribute that are perhaps meant as one: “Zwart” and “zwart ”."""
    with hub.database.reading() as session:
        found = list(near_options(catalog.structure(session)))
    rows = [
        {
            "attribute": one.attribute,
            "options": [one.first, one.second],
            "labels": list(one.labels),
            "locale": one.locale,
        }
        for one in found
    ]
    lines = [
        f"{one.attribute:20} {one.first} ({one.labels[0]}), {one.second} ({one.labels[1]})"
        for one in found
    ]
    hub.show(rows, "\n".join(lines) or "No option nearly equals another one.")


def _rows(session: Session, kind: str | None) -> list[dict[str, Any]]:
    return [
        {
            "identifier": one.identifier,
            "kind": one.kind,
            "address": one.address,
            "detail": one.detail,
        }
        for one in queries.every(session, kind)
    ]


@quality.group()
def words() -> None:
    """The words of the shop: spelled right though no dictionary knows them."""


@words.command(name="list")
@command
def list_words(hub: Hub) -> None:
    """The words that people added."""
    with hub.database.reading() as session:
        rows = [{"word": one.word, "by": one.by, "at": one.at} for one in own_words.words(session)]
    hub.show(rows, "\n".join(str(row["word"]) for row in rows) or "There is no word yet.")


@words.command()
@click.argument("new", metavar="WORD...", nargs=-1, required=True)
@command
def add(hub: Hub, new: Sequence[str]) -> None:
    """Take words in; warnings of them go at once."""
    with hub.database.writing() as session:
        for word in new:
            own_words.add(session, word, hub.actor, hub.clock())
        known = len(own_words.words(session))
    hub.show({"words": known}, f"The shop has {counted(known, 'word')} of its own.")


@words.command()
@click.argument("word")
@command
def remove(hub: Hub, word: str) -> None:
    """Give a word up; all texts are looked at again."""
    with hub.database.writing() as session:
        own_words.remove(session, word, hub.actor, hub.clock())
    hub.show({"removed": word}, f"“{word}” is no word of the shop any more.")


COMMANDS = (quality,)
