"""``pim feeds``: definitions in, files out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click
import yaml
from sqlalchemy.orm import Session

from pim.cli.explained import show_explained
from pim.cli.frame import Hub, command, counted, mapping_in
from pim.cli.todays_file import from_file
from pim.cli.versions import add_version_commands, difference_line, difference_row
from pim.definitions import DefinitionDifference, differences_within, write_yaml
from pim.errors import Conflict, EtalageError, Invalid, NotFound, Text, text
from pim.feeds import categories, editing, queries, registry, service
from pim.feeds.causes import differences_between
from pim.feeds.cures import cure_address, said
from pim.feeds.differences import CausedDifferences
from pim.feeds.field_guide import FieldGuide, guide_to, stale_sources
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.preview import preview
from pim.feeds.published_index import follow
from pim.feeds.run import run_feed, summary
from pim.feeds.suggestions import suggested_mapping
from pim.meanings import MEANINGS
from pim.structure.queries import structure
from pim.taxonomies.category_mapping import NODES, TAXONOMY, VERSION

SHAPE = ("feed", "state", "items", "excluded", "seconds", "path", "sha256")
"""What a build says as JSON."""


@click.group()
def feeds() -> None:
    """What the channels receive."""


add_version_commands(feeds, service.KIND, service.return_to)


@feeds.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@command
def apply(hub: Hub, file: str, dry_run: bool) -> None:
    """Make the feeds that FILE (YAML: code -> definition) describes, or change them, and show what
    that changes. A definition is the whole of its feed: what it leaves out goes, and is shown.
    """
    definitions = mapping_in(file)
    changes: dict[str, list[DefinitionDifference]] = {}
    wrong: dict[str, list[Text]] = {}
    with hub.database.writing() as session:
        for code, definition in definitions.items():
            before = _defined(session, str(code))
            try:
                feed = service.define(
                    session, str(code), definition or {}, hub.clock(), by=hub.actor
                )
            except Invalid as error:
                wrong.update({f"{code}.{key}": told for key, told in error.messages.items()})
                continue
            after = service.definition_of(session, feed)
            changes[str(code)] = list(differences_within(before, after)) if before else []
        if wrong:
            raise Invalid(wrong)
        if dry_run:
            session.rollback()
    lines = [f"{code}: {difference_line(one)}" for code, all in changes.items() for one in all]
    data = {
        "feeds": list(definitions),
        "changes": {code: [difference_row(one) for one in all] for code, all in changes.items()},
        "applied": not dry_run,
    }
    tried = " (dry run: nothing was changed)" if dry_run else ""
    named = f"{counted(len(definitions), 'feed')}: {', '.join(map(str, definitions))}{tried}."
    hub.show(data, "\n".join([*lines, named]))


def _defined(session: Session, code: str) -> Mapping[str, Any]:
    """The definition of a feed; nothing where there is none."""
    feed = session.get(Feed, code)
    return {} if feed is None else service.definition_of(session, feed)


@feeds.command()
@click.argument("exporter", required=False)
@command
def fields(hub: Hub, exporter: str | None) -> None:
    """The fields of EXPORTER: need, rules, meaning and where they are written; without it, the
    exporters. What was read in a specification more than 180 days ago is marked as stale.
    """
    today = hub.clock().date()
    if exporter is None:
        known = registry.all_exporters()
        rows = [
            {
                "exporter": code,
                "label": str(one.label),
                "purpose": str(one.purpose),
                "stale": bool(stale_sources(guide_to(one), today)),
            }
            for code, one in known.items()
        ]
        hub.show(rows, "\n".join(_exporter_line(row) for row in rows))
        return
    guides = guide_to(registry.get(exporter))
    stale = [
        f"STALE: {source} was read on {read}. Channels change their rules: read it again."
        for source, read in stale_sources(guides, today).items()
    ]
    hub.show(
        [asdict(one) | {"stale": one.is_stale(today)} for one in guides],
        "\n".join([*map(_field_line, guides), *stale]),
    )


def _exporter_line(row: Mapping[str, Any]) -> str:
    stale = "   STALE: its specification was read too long ago" if row["stale"] else ""
    return f"{row['exporter']:24} {row['label']}{stale}"


def _field_line(one: FieldGuide) -> str:
    line = f"{one.name:32} {one.need:12} {one.kind:12} {one.rules}"
    return "\n    ".join([line.rstrip(), *filter(None, [one.help, one.example])])


@feeds.command()
@command
def meanings(hub: Hub) -> None:
    """What an attribute may be for (`meaning` in the structure), and how such ones are usually
    called.
    """
    rows = [
        {"meaning": one.code, "label": str(one.label), "codes": list(one.codes)}
        for one in MEANINGS.values()
    ]
    lines = [f"{one.code:22} {one.label!s:44} {' '.join(one.codes)}" for one in MEANINGS.values()]
    hub.show(rows, "\n".join(lines))


@feeds.command()
@click.argument("exporter")
@command
def suggest(hub: Hub, exporter: str) -> None:
    """A mapping for EXPORTER to begin with, from this shop's attributes: YAML for a feed's file."""
    with hub.database.reading() as session:
        mapping = suggested_mapping(structure(session), registry.get(exporter))
    shown = yaml.safe_dump({"mapping": mapping}, allow_unicode=True, sort_keys=False)
    hub.show({"mapping": mapping}, shown.rstrip())


@feeds.command()
@click.argument("exporter")
@click.option("--channel", required=True)
@click.option("--locale", help="Of the channel's; its first where none is named.")
@click.option("--currency", help="Of the channel's; its first where none is named.")
@click.option("--label", help="What the feed is called; like its exporter where nothing is said.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE")
@command
def new(
    hub: Hub,
    exporter: str,
    channel: str,
    locale: str | None,
    currency: str | None,
    label: str | None,
    options: Sequence[str],
) -> None:
    """Make a feed of EXPORTER, with a mapping by what this shop's attributes mean."""
    kind = registry.get(exporter)
    with hub.database.writing() as session:
        shop = structure(session)
        place = shop.channels.get(channel)
        definition: dict[str, Any] = {
            "label": label or str(kind.label),
            "exporter": exporter,
            "channel": channel,
            "locale": locale or next(iter(place.locales if place else ()), ""),
            "currency": currency or next(iter(place.currencies if place else ()), ""),
            "options": dict(one.partition("=")[::2] for one in options),
            "mapping": suggested_mapping(shop, kind),
        }
        code = editing.free_code(session, definition["label"])
        service.define(session, code, definition, hub.clock(), by=hub.actor)
    hub.show({"feed": code}, f"{code}: made. `pim feeds show {code}` prints its definition.")


@feeds.command()
@click.argument("code")
@click.argument("label")
@command
def copy(hub: Hub, code: str, label: str) -> None:
    """Make a second feed like CODE, called LABEL, without a schedule."""
    with hub.database.writing() as session:
        made = editing.copy(session, code, label, hub.clock(), by=hub.actor).code
    hub.show({"feed": made}, f"{made}: made like {code}. It has no schedule.")


@feeds.command(name="list")
@command
def list_feeds(hub: Hub) -> None:
    """Every feed with its address and the build the world sees."""
    settings = hub.settings
    with hub.database.reading() as session:
        rows = []
        for feed in queries.feeds(session):
            build = queries.published_build(session, feed)
            rows.append(
                {
                    "feed": feed.code,
                    "label": feed.label,
                    "exporter": feed.exporter,
                    "channel": feed.channel,
                    "locale": feed.locale,
                    "currency": feed.currency,
                    "url": service.url_of(feed, settings.base_url, settings.secret_key),
                    "items": build.items if build else None,
                    "excluded": build.excluded if build else None,
                    "finished": build.finished if build else None,
                }
            )
    lines = [f"{row['feed']:20} {_items(row):30} {row['url']}" for row in rows]
    hub.show(
        rows,
        "\n".join(lines)
        or "There are no feeds yet. Make one with `pim feeds new`, or `pim feeds apply FILE`.",
    )


@feeds.command()
@click.argument("code")
@command
def show(hub: Hub, code: str) -> None:
    """A feed's definition as YAML, as `pim feeds apply` reads it."""
    with hub.database.reading() as session:
        definition = {code: service.definition_of(session, service.get(session, code))}
    hub.show(definition, write_yaml(definition).rstrip())


def _items(row: Mapping[str, Any]) -> str:
    return (
        "not built yet"
        if row["items"] is None
        else f"{counted(row['items'], 'item')}, {row['excluded']} left out"
    )


@feeds.command()
@click.argument("code")
@command
def builds(hub: Hub, code: str) -> None:
    """The builds of a feed that are kept, with the numbers that `release` and `rollback` take."""
    with hub.database.reading() as session:
        live = service.get(session, code).published
        rows = [_build_row(build, live) for build in queries.builds(session, code)]
    hub.show(rows, "\n".join(map(_build_line, rows)) or "No build yet.")


def _build_row(build: FeedBuild, live: int | None) -> dict[str, Any]:
    return {
        "build": build.id,
        "state": "live" if build.id == live else build.state,
        "finished": build.finished,
        "items": build.items,
        "excluded": build.excluded,
        "verdict": [str(one) for one in build.said],
    }


def _build_line(row: Mapping[str, Any]) -> str:
    when = f"{row['finished']:%Y-%m-%d %H:%M} UTC"
    said = " ".join(row["verdict"])
    return f"{row['build']:>8} {when} {row['state']:10} {_items(row):30} {said}".rstrip()


@feeds.command(name="categories")
@click.argument("code")
@click.option("--taxonomy", help="Map to this taxonomy, from nothing where it was another one.")
@click.option("--version", type=int, help="Go over to this version of it.")
@click.option("--set", "nodes", multiple=True, metavar="OURS=THEIRS", help="Map a category.")
@click.option("--none", "nothing", multiple=True, metavar="OURS", help="No category, on purpose.")
@click.option("--inherit", multiple=True, metavar="OURS", help="As the category above it.")
@click.option("--suggest", is_flag=True, help="Show categories with a similar label.")
@click.option("--accept", is_flag=True, help="With --suggest: map them so.")
@click.option("--unmapped", is_flag=True, help="Show only what is not mapped.")
@command
def map_categories(
    hub: Hub,
    code: str,
    taxonomy: str | None,
    version: int | None,
    nodes: Sequence[str],
    nothing: Sequence[str],
    inherit: Sequence[str],
    suggest: bool,
    accept: bool,
    unmapped: bool,
) -> None:
    """Which category of the channel's taxonomy each of ours stands for in the feed CODE. Fill a
    field of the channel from `$channel_category` (or `$channel_category_path`) to send it.
    """
    with hub.database.writing() as session:
        shop, feed = structure(session), service.get(session, code)
        said = dict(feed.categories)
        if taxonomy is not None and taxonomy != said.get(TAXONOMY):
            said = {TAXONOMY: taxonomy, NODES: {}}
        if version is not None:
            said[VERSION] = version
        feed = _with_categories(hub, session, feed, said)
        found = categories.suggestions(session, shop, feed) if suggest else []
        changes: dict[str, str | None] = {one.code: one.node for one in found if accept}
        changes.update(map(_pair, nodes))
        changes.update(dict.fromkeys(nothing))
        if changes or inherit:
            said = categories.with_nodes(feed.categories, changes, inherit)
            feed = _with_categories(hub, session, feed, said)
        listed = categories.lines_of(session, shop, feed)
    if suggest and not accept:
        lines = [f"{one.code} -> {one.node}   {one.label} -> {one.path}" for one in found]
        hub.show([asdict(one) for one in found], "\n".join(lines) or "Nothing is similar.")
        return
    shown = [one for one in listed.lines if one.is_unmapped or not unmapped]
    data = {"unmapped_products": listed.unmapped, "categories": [asdict(one) for one in shown]}
    lines = [*map(_category_line, shown), f"{counted(listed.unmapped, 'product')} not mapped."]
    hub.show(data, "\n".join(lines))


def _with_categories(hub: Hub, session: Session, feed: Feed, said: Mapping[str, Any]) -> Feed:
    if said == feed.categories:
        return feed
    definition = service.definition_of(session, feed) | {"categories": said}
    return service.define(session, feed.code, definition, hub.clock(), by=hub.actor)


def _pair(spelled: str) -> tuple[str, str]:
    ours, _, theirs = spelled.partition("=")
    return ours, theirs


def _category_line(one: categories.CategoryLine) -> str:
    if one.is_unmapped:
        said = "not mapped"
    elif one.node is None:
        said = "no category, on purpose"
    else:
        said = f"{one.node} {one.path}"
    inherited = f"   (as {one.said_at})" if one.is_inherited else ""
    return f"{'  ' * one.depth + one.code:32} {one.products:>7}  {said}{inherited}"


@feeds.command()
@click.argument("code")
@command
def quality(hub: Hub, code: str) -> None:
    """Why products of the published build of CODE (or of its newest one) are left out or doubtful,
    how many they are, and their share of the value: price times stock of all products.
    """
    with hub.database.reading() as session:
        feed = service.get(session, code)
        build = queries.published_build(session, feed) or queries.last_build(session, code)
        if build is None:
            raise NotFound(text("The feed “%(code)s” has no build yet.", code=code))
        totals = queries.report_totals(hub.storage, build)
    worth = build.worth or 0
    rows = [
        {
            "field": one.field,
            "rule": one.rule,
            "products": one.products,
            "share": one.worth / worth if worth else None,
            "sentence": str(one.sentence),
        }
        for one in totals
    ]
    sent = 1 - (build.worth_excluded or 0) / worth if worth else None
    score = [f"{sent:.1%} of the value is in the feed."] if sent is not None else []
    data = {"feed": code, "build": build.id, "share_in_feed": sent, "problems": rows}
    hub.show(data, "\n".join([*map(_quality_line, rows), *score]) or "No product has a problem.")


def _quality_line(row: Mapping[str, Any]) -> str:
    share = "" if row["share"] is None else f"{row['share']:.1%}"
    return f"{row['products']:>8} {share:>7}  {row['field'] or '-':24} {row['sentence']}"


@feeds.command()
@click.argument("code")
@click.argument("build", type=int, required=False)
@command
def differences(hub: Hub, code: str, build: int | None) -> None:
    """What BUILD of CODE, or the newest one, changes against the one that partners had before, by
    cause: what vanishes, enters and changes, and why.
    """
    with hub.database.reading() as session:
        service.get(session, code)
        known = queries.builds(session, code, 1000)
        found = next((one for one in known if one.id == build or build is None), None)
        before = queries.build_before(session, found) if found is not None else None
        if found is None or before is None:
            raise Conflict(text("The feed “%(code)s” has no two such builds.", code=code))
        groups = differences_between(session, hub.storage, hub.settings.base_url, before, found)
    rows = [_difference_row(one) for one in groups]
    same = f"Build {found.id} has what build {before.id} has."
    hub.show(rows, "\n".join(map(_difference_line, rows)) or same)


def _difference_row(one: CausedDifferences) -> dict[str, Any]:
    return {
        "cause": one.cause.kind,
        "message": str(one.cause.message),
        **{str(event): number for event, number in one.counts.items()},
        "products": {
            event: [asdict(each) for each in products] for event, products in one.products.items()
        },
    }


def _difference_line(row: Mapping[str, Any]) -> str:
    lines = [row["message"]]
    for event, products in row["products"].items():
        if products:
            shown = ", ".join(map(_product_that_differs, products))
            more = ", …" if row[event] > len(products) else ""
            lines.append(f"  {row[event]} {event}: {shown}{more}")
    return "\n".join(lines)


def _product_that_differs(one: Mapping[str, Any]) -> str:
    row = [f"row {one['row']}"] if one["row"] is not None else []
    said = ", ".join([*one["fields"], *row])
    return f"{one['identifier']} ({said})" if said else str(one["identifier"])


@feeds.command(name="explain")
@click.argument("code")
@click.argument("sku")
@click.argument("field", required=False)
@click.option("--build", type=int, help="Compare with this build; with the live one if left out.")
@command
def explain_cells(hub: Hub, code: str, sku: str, field: str | None, build: int | None) -> None:
    """Where CODE's value of SKU in FIELD comes from: rules, operations, sources, and who wrote it,
    or the row of which file. Without FIELD, every field that the feed fills.
    """
    show_explained(hub, code, sku, field, build)


REASON = click.option("--reason", required=True, help="Why; it is kept with the build.")


@feeds.command()
@click.argument("code")
@click.argument("build", type=int, required=False)
@REASON
@command
def release(hub: Hub, code: str, build: int | None, reason: str) -> None:
    """Publish a BUILD of CODE that is held, the newest one where none is named."""
    with hub.database.writing() as session:
        known = queries.builds(session, code)
        found = next((one for one in known if one.id == build or build is None), None)
        if found is None or found.state != "held":
            raise Conflict(text("The feed “%(code)s” has no such held build.", code=code))
        _publish(hub, session, found, reason)
    follow(hub.database, hub.storage, code)


@feeds.command()
@click.argument("code")
@click.argument("build", type=int, required=False)
@command
def accept(hub: Hub, code: str, build: int | None) -> None:
    """Say that a published BUILD of CODE is right though the gate doubts it: the one that partners
    have now, where none is named.
    """
    with hub.database.writing() as session:
        live = service.get(session, code).published
        known = queries.builds(session, code)
        found = next((one for one in known if one.id == (build or live)), None)
        if found is None:
            raise Conflict(text("The feed “%(code)s” has not published such a build.", code=code))
        service.accept(session, found.id, hub.clock(), by=hub.actor)
    row = {"feed": code, "build": found.id, "accepted": True}
    hub.show(row, f"{code}: the doubt about build {found.id} is settled.")


@feeds.command()
@click.argument("code")
@click.option(
    "--only-complete/--all-products",
    required=True,
    help="Only products with all that their family requires in its channel, or all of them.",
)
@command
def completeness(hub: Hub, code: str, only_complete: bool) -> None:
    """Whether CODE takes only complete products, from its next build on."""
    with hub.database.writing() as session:
        service.ask_for_completeness(
            session, code, hub.clock(), only_complete=only_complete, by=hub.actor
        )
    taken = "only complete products" if only_complete else "all products"
    row = {"feed": code, "only_complete": only_complete}
    hub.show(row, f"{code} takes {taken} from the next build on.")


@feeds.command()
@click.argument("code")
@click.argument("build", type=int)
@REASON
@command
def rollback(hub: Hub, code: str, build: int, reason: str) -> None:
    """Publish an earlier BUILD of CODE again. The feed stays at it until `pim feeds unpin`."""
    with hub.database.writing() as session:
        known = queries.builds(session, code)
        found = next((one for one in known if one.id == build), None)
        if found is None or found.state not in ("published", "unchanged"):
            raise Conflict(text("The feed “%(code)s” has not published such a build.", code=code))
        _publish(hub, session, found, reason)
    follow(hub.database, hub.storage, code)


def _publish(hub: Hub, session: Session, build: FeedBuild, reason: str) -> None:
    now = hub.clock()
    service.release(session, build.id, reason, now, by=hub.actor)
    row = {"feed": build.feed, "build": build.id, "items": build.items}
    hub.show(row, f"{build.feed}: build {build.id} is published, {counted(build.items, 'item')}.")


@feeds.command()
@click.argument("code")
@command
def unpin(hub: Hub, code: str) -> None:
    """Let the next build of CODE be published again, after a roll-back."""
    with hub.database.writing() as session:
        service.unpin(session, code, hub.clock(), by=hub.actor)
    hub.show({"feed": code, "pinned": False}, f"{code}: the next build is published.")


@feeds.command()
@click.argument("code")
@command
def pause(hub: Hub, code: str) -> None:
    """Stop the schedule of CODE; partners keep what is published."""
    _pause(hub, code, paused=True)


@feeds.command()
@click.argument("code")
@command
def resume(hub: Hub, code: str) -> None:
    """Let the schedule of CODE go on."""
    _pause(hub, code, paused=False)


def _pause(hub: Hub, code: str, *, paused: bool) -> None:
    with hub.database.writing() as session:
        service.pause(session, code, hub.clock(), paused=paused, by=hub.actor)
    hub.show({"feed": code, "paused": paused}, f"{code} {'is paused' if paused else 'goes on'}.")


@feeds.command()
@click.argument("code")
@command
def rotate(hub: Hub, code: str) -> None:
    """Give CODE a new address; the old one stops working at once."""
    settings = hub.settings
    with hub.database.writing() as session:
        feed = service.rotate(session, code, hub.clock(), by=hub.actor)
        url = service.url_of(feed, settings.base_url, settings.secret_key)
    hub.show({"feed": code, "url": url}, f"{code}: {url}")


@feeds.command()
@click.argument("code")
@click.option("--yes", is_flag=True, required=True, help="It cannot be undone.")
@command
def remove(hub: Hub, code: str, yes: bool) -> None:
    """Forget CODE with its builds and its address. `pim check` clears its files away."""
    with hub.database.writing() as session:
        service.remove(session, code, hub.clock(), by=hub.actor)
    hub.show({"removed": code}, f"{code} is removed.")


@feeds.command(name="preview")
@click.argument("code")
@click.argument("identifiers", nargs=-1)
@click.option("--most", default=3, show_default=True, help="Products, where none are named.")
@command
def show_preview(hub: Hub, code: str, identifiers: Sequence[str], most: int) -> None:
    """CODE's file with some products alone (IDENTIFIERS, or the first ones), without a build."""
    with hub.database.reading() as session:
        today = hub.clock().date()
        found = preview(session, code, hub.settings.base_url, today, identifiers, most)
        feed, catalog = service.get(session, code), structure(session)
    content = found.content.decode(errors="replace")
    reasons = [
        f"{line.identifier}: {one}"
        for line in found.report
        for one in said(catalog, feed, line.reasons)
    ]
    hub.show({"content": content, "reasons": reasons}, "\n".join([content.rstrip("\n"), *reasons]))


@feeds.command()
@click.argument("code")
@command
def reasons(hub: Hub, code: str) -> None:
    """What CODE's newest build says of its products: why how many are left out, or let in with a
    doubt, and which value of ours cures it.
    """
    with hub.database.reading() as session:
        feed, catalog = service.get(session, code), structure(session)
        build = queries.last_build(session, code)
        if build is None:
            raise Conflict(text("The feed “%(code)s” has never been built.", code=code))
        totals = queries.report_totals(hub.storage, build)
    rows = [
        {
            "field": one.field,
            "address": cure_address(catalog, feed, one.field),
            "rule": one.rule,
            "products": one.products,
            "example": str(one.sentence),
        }
        for one in totals
    ]
    head = f"{counted(build.items, 'item')}, {build.excluded} left out, {build.warned} with a doubt"
    hub.show(rows, "\n".join([head, *map(_reason_line, rows)]))


def _reason_line(row: Mapping[str, Any]) -> str:
    ours = f" ({row['address']})" if row["address"] not in ("", row["field"]) else ""
    return f"{row['products']:>8} {row['field']}{ours}: {row['example']}"


@feeds.command()
@click.argument("codes", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every feed.")
@click.option("--full", is_flag=True, help="Render every product again, not only what changed.")
@command
def run(hub: Hub, codes: Sequence[str], every: bool, full: bool) -> None:
    """Build feeds and publish them, unless the gate holds a build that looks wrong. --all leaves
    out those that are paused.
    """
    if bool(codes) == every:
        raise Invalid({"codes": [text("Name the feeds, or say --all.")]})
    if every:
        with hub.database.reading() as session:
            codes = [feed.code for feed in queries.feeds(session) if not feed.paused]
    rows = [_run(hub, code, full) for code in codes]
    hub.show(
        [_promised(row) for row in rows],
        "\n".join(_line(row) for row in rows) or "There are no feeds yet.",
    )
    if any(row["state"] in ("held", "failed") for row in rows):
        raise SystemExit(1)


def _run(hub: Hub, code: str, full: bool) -> dict[str, object]:
    with hub.progress(code) as report:
        try:
            build = run_feed(
                hub.database,
                hub.storage,
                hub.storage.scratch(hub.settings.home),
                code,
                hub.settings.base_url,
                hub.clock,
                full=full,
                step=report,
            )
        except EtalageError as error:
            return {
                "feed": code,
                "state": "failed",
                "items": 0,
                "excluded": 0,
                "seconds": 0,
                "path": None,
                "sha256": None,
                "error": str(error),
            }
    return summary(build, hub.storage)


def _promised(row: Mapping[str, Any]) -> dict[str, Any]:
    """A build as JSON; one that was not published also says why."""
    said = {key: row[key] for key in SHAPE}
    return said if row["state"] in ("published", "unchanged") else said | {"reason": _reason(row)}


def _reason(row: Mapping[str, Any]) -> str:
    return row.get("error") or " ".join(row.get("verdict") or ())


def _line(row: Mapping[str, Any]) -> str:
    figures = f"{counted(row['items'], 'item')}, {row['excluded']} left out, {row['seconds']} s"
    return f"{row['feed']}: {row['state']}, {figures}, {row['path']} {_reason(row)}".rstrip()


feeds.add_command(from_file)

COMMANDS = (feeds,)
