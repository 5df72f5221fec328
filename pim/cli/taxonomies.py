"""``pim taxonomies``: the category trees of channels, out of their files."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pim.cli.frame import Hub, command, counted
from pim.feeds import categories
from pim.taxonomies import queries, service
from pim.taxonomies.models import TaxonomyVersion
from pim.taxonomies.readers import read_taxonomy
from pim.taxonomies.search import find_nodes

SHOWN = 20
"""Categories that a sentence lists."""


@click.group()
def taxonomies() -> None:
    """The category trees of channels and standards that feeds are mapped to."""


@taxonomies.command()
@click.argument("code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--label", default="", help="What people call it.")
@click.option("--language", default="", help="Of the labels, where the file does not say so: de.")
@click.option("--adds-language", is_flag=True, help="Take only labels, no categories, from FILE.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@command
def upload(
    hub: Hub,
    code: str,
    file: Path,
    label: str,
    language: str,
    adds_language: bool,
    dry_run: bool,
) -> None:
    """Keep FILE as the newest version of the taxonomy CODE: Google's “taxonomy with ids”, ETIM's
    IXF (also as a ZIP), a CSV with code, label and parent or path, or JSON. It is said what is no
    longer there, and what of that a feed uses.
    """
    read = read_taxonomy(file.read_bytes(), file.name, language)
    with hub.database.writing() as session:
        done = service.upload(
            session,
            code,
            read.tree,
            file.name,
            hub.clock(),
            label=label,
            adds_language=adds_language,
            by=hub.actor,
        )
        lost = categories.lost_in(session, done)
        if dry_run:
            session.rollback()
    data = asdict(done) | {
        "doubts": [str(one) for one in read.doubts],
        "lost_in_feeds": lost,
        "applied": not dry_run,
    }
    hub.show(data, "\n".join(_upload_lines(done, lost, [str(one) for one in read.doubts])))


def _upload_lines(
    done: service.TaxonomyUpload, lost: dict[str, list[str]], doubts: list[str]
) -> list[str]:
    lines = [*doubts]
    lines += [f"gone: {code} {path}" for code, path in list(done.vanished.items())[:SHOWN]]
    lines += [f"renamed: {one.code} {one.before} -> {one.after}" for one in done.renamed[:SHOWN]]
    for feed, nodes in lost.items():
        lines.append(f"gone, but used by {feed}: {', '.join(nodes)}")
    changed = (
        f"{len(done.added)} new, {len(done.vanished)} gone, {len(done.renamed)} renamed"
        if done.is_new
        else "nothing is new"
    )
    size = counted(done.size, "node")
    said = f"{done.code}: version {done.number}, {size} ({', '.join(done.languages)}): {changed}."
    return [*lines, said]


@taxonomies.command(name="list")
@command
def list_taxonomies(hub: Hub) -> None:
    """Every taxonomy with its newest version and the feeds that use it."""
    with hub.database.reading() as session:
        rows = [
            {"taxonomy": one.code, "label": one.label}
            | _version_row(queries.version(session, one.code, one.newest))
            | {"feeds": [feed.code for feed in categories.feeds_of(session, one.code)]}
            for one in queries.taxonomies(session)
        ]
    lines = [
        f"{row['taxonomy']:20} {row['label']:30} {_version_line(row)} {' '.join(row['feeds'])}"
        for row in rows
    ]
    hub.show(rows, "\n".join(lines) or "No taxonomy yet: `pim taxonomies upload CODE FILE`.")


@taxonomies.command()
@click.argument("code")
@click.option("--search", default="", help="Show the categories that these words stand in.")
@click.option("--language", default="", help="Of the labels that are shown.")
@click.option("--limit", default=50, show_default=True)
@command
def show(hub: Hub, code: str, search: str, language: str, limit: int) -> None:
    """The versions of CODE, or with --search the categories of the newest one."""
    with hub.database.reading() as session:
        newest = queries.get(session, code).newest
        if search:
            tree = queries.tree(session, code, newest)
            found = find_nodes(tree, search, language, limit)
            rows = [{"code": one, "path": tree.path(one, language)} for one in found]
            lines = [f"{row['code']:>12} {row['path']}" for row in rows]
            hub.show(rows, "\n".join(lines) or "Nothing was found.")
            return
        rows = [_version_row(one) for one in queries.versions(session, code)]
    hub.show(rows, "\n".join(map(_version_line, rows)))


def _version_row(one: TaxonomyVersion) -> dict[str, Any]:
    return {
        "version": one.number,
        "file": one.filename,
        "nodes": one.size,
        "languages": one.languages,
        "at": one.at,
        "by": one.by,
    }


def _version_line(row: dict[str, Any]) -> str:
    languages = " ".join(row["languages"])
    return f"version {row['version']}, {counted(row['nodes'], 'node')} ({languages}), {row['file']}"


@taxonomies.command()
@click.argument("code")
@command
def remove(hub: Hub, code: str) -> None:
    """Forget CODE and its versions; refused while a feed uses it."""
    with hub.database.writing() as session:
        categories.remove_taxonomy(session, code, hub.clock(), by=hub.actor)
    hub.show({"removed": code}, f"{code}: removed.")


COMMANDS = (taxonomies,)
