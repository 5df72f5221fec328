"""Feeds as definitions, and the verbs on their builds: publish, hold, release, roll back.

``by`` is who asks for it, as the audit log names them.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from media.presets import PRESETS
from pim import audit, versions
from pim.accounts.principals import THE_PROGRAM
from pim.attributes.base import InvalidValue
from pim.attributes.characters import one_line
from pim.definitions import NO_CODE, complaints
from pim.deliveries import service as deliveries
from pim.deliveries.targets import read_targets
from pim.errors import Conflict, Invalid, NotFound, Text, ngettext, text
from pim.feeds import categories as category_lists
from pim.feeds import registry
from pim.feeds.delivering import order_deliveries
from pim.feeds.faults import faults_of
from pim.feeds.feed_fields import fields_of
from pim.feeds.lookup import FeedLookup, at_a_place, complaints_about_place
from pim.feeds.mapping import compile_mapping
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.options import read_options
from pim.feeds.rules import with_rules
from pim.feeds.verdicts import note
from pim.feeds.web_addresses import is_web_address
from pim.jobs import schedules
from pim.products import feed_index
from pim.providers.link import FILLED, example_of, unknown_placeholders
from pim.providers.picture_finder import USUAL
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.values import CODE

TOKEN_LENGTH = 32
KIND: Literal["feed"] = "feed"
"""Of the audit log and of versions."""


class _Schedule(Schema):
    class Meta:
        unknown = RAISE

    cron = fields.String(required=True)
    zone = fields.String(load_default="UTC")


LONGEST_LABEL = 255
NO_PRESET = text("There is no such picture size; there are thumb, small, large, feed and zoom.")


def _code_or_nothing(written: str) -> None:
    if written and not CODE.fullmatch(written):
        raise ValidationError(NO_CODE.msgid)


class _Definition(Schema):
    class Meta:
        unknown = RAISE

    label = fields.String(required=True)
    exporter = fields.String(required=True)
    channel = fields.String(required=True)
    locale = fields.String(required=True)
    currency = fields.String(required=True)
    link = fields.String(load_default="")
    pictures = fields.String(
        load_default=USUAL, validate=validate.OneOf(PRESETS, error=NO_PRESET.msgid)
    )
    only_complete = fields.Boolean(load_default=False)
    options = fields.Dict(keys=fields.String(), load_default=dict)
    mapping = fields.Dict(keys=fields.String(), load_default=dict)
    rules = fields.List(fields.Dict(keys=fields.String()), load_default=list)
    selection = fields.Dict(keys=fields.String(), load_default=dict)
    categories = fields.Dict(keys=fields.String(), load_default=dict)
    deliveries = fields.Dict(keys=fields.String(), load_default=dict)
    after_import = fields.String(load_default="", validate=_code_or_nothing)
    schedule = fields.Nested(_Schedule, load_default=None, allow_none=True)


_COLUMNS = (
    "label",
    "exporter",
    "channel",
    "locale",
    "currency",
    "link",
    "pictures",
    "only_complete",
    "options",
    "mapping",
    "rules",
    "selection",
    "categories",
    "deliveries",
    "after_import",
)


def define(
    session: Session,
    code: str,
    definition: Mapping[str, Any],
    now: datetime,
    *,
    by: str = THE_PROGRAM.name,
) -> Feed:
    """Make a feed or change it; :class:`Invalid` names everything in the definition that does not
    fit the shop or the exporter.
    """
    if not CODE.fullmatch(code):
        raise Invalid(
            {
                "code": [
                    text("“%(code)s” is not a code (a-z, 0-9 and _, first a letter).", code=code)
                ]
            }
        )
    feed = session.get(Feed, code)
    loaded = _load(session, catalog.structure(session), code, definition, now)
    schedule = loaded.pop("schedule")
    before = None if feed is None else definition_of(session, feed)
    if feed is None:
        position = session.scalar(select(func.count()).select_from(Feed)) or 0
        feed = Feed(
            code=code, nonce=secrets.token_hex(16), published=None, position=position, **loaded
        )
        session.add(feed)
    for name, value in loaded.items():
        setattr(feed, name, value)
    session.flush()
    _schedule(session, feed, schedule, now)
    deliveries.keep_only(session, code, feed.deliveries, now)
    after = definition_of(session, feed)
    audit.record(session, KIND, code, before, after, now, by)
    versions.keep(session, KIND, code, before, after, now, by)
    return feed


def return_to(
    session: Session, code: str, number: int, now: datetime, *, by: str = THE_PROGRAM.name
) -> Feed:
    """Define a feed as it was in an earlier version, which is asked everything that a new
    definition is; :class:`NotFound`.
    """
    content = versions.get(session, KIND, code, number).content
    if content is None:
        raise NotFound(text("In this version the feed was removed."))
    return define(session, code, content, now, by=by)


def definition_of(session: Session, feed: Feed) -> dict[str, Any]:
    """What :func:`define` would make the same feed of. What is empty or usual is left out."""
    definition = {name: getattr(feed, name) for name in _COLUMNS if getattr(feed, name)}
    if definition["pictures"] == USUAL:
        del definition["pictures"]
    schedule = schedules.get(session, _schedule_code(feed))
    if schedule is not None:
        definition["schedule"] = {"cron": schedule.cron, "zone": schedule.zone}
    return definition


def _load(
    session: Session, structure: Structure, code: str, definition: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The parts of a definition. :class:`Invalid` names all that is wrong at once: what cannot be
    read, and what of the rest does not fit the shop or the exporter.
    """
    wrong: dict[str, list[Text]] = {}
    loaded: dict[str, Any]
    try:
        loaded = _Definition().load(definition)
    except ValidationError as error:
        for path, sentence in complaints(error):
            wrong.setdefault(path, []).append(sentence)
        loaded = {**_NOTHING_SAID, **_readable(error)}
    unread = {path.partition(".")[0] for path in wrong}
    if "label" not in unread:
        wrong |= _complaints_of("", lambda: _label(loaded["label"]))
    schedule = loaded["schedule"]
    if schedule is not None:
        wrong |= _complaints_of(
            "", lambda: schedules.next_slot(schedule["cron"], schedule["zone"], now)
        )
    known = session.get(Feed, code)
    before = known.categories if known is not None else {}
    said, loaded["categories"] = loaded["categories"], {}
    wrong |= _complaints_of(
        "",
        lambda: loaded.update(categories=category_lists.checked(session, structure, said, before)),
    )
    feed = Feed(code=code, **{name: loaded[name] for name in _COLUMNS})
    for path, sentences in _complaints_about(structure, feed).items():
        if path.partition(".")[0] not in unread:
            wrong[path] = sentences
    if wrong:
        raise Invalid(wrong)
    return {**loaded, "label": _label(loaded["label"])}


def _readable(error: ValidationError) -> dict[str, Any]:
    """What a definition says where it can be read."""
    valid: Any = error.valid_data
    said = {name: valid[name] for name in _COLUMNS if name in valid}
    schedule = valid.get("schedule") or {}
    return {**said, "schedule": schedule if {"cron", "zone"} <= schedule.keys() else None}


_NOTHING_SAID: Mapping[str, Any] = {
    **dict.fromkeys(_COLUMNS, ""),
    "pictures": USUAL,
    "only_complete": False,
    "options": {},
    "mapping": {},
    "rules": [],
    "selection": {},
    "categories": {},
    "deliveries": {},
}


def _label(written: str) -> str:
    """What the feed is called: partners read it at the head of their file."""
    try:
        label = one_line(written)
    except InvalidValue as refused:
        raise Invalid({"label": [refused.message]}) from None
    if label is None:
        raise Invalid({"label": [text("A feed needs a name.")]})
    if len(label) > LONGEST_LABEL:
        raise Invalid(
            {
                "label": [
                    ngettext(
                        "At most %(num)s character.", "At most %(num)s characters.", LONGEST_LABEL
                    )
                ]
            }
        )
    return label


def _schedule(
    session: Session, feed: Feed, schedule: Mapping[str, str] | None, now: datetime
) -> None:
    code = _schedule_code(feed)
    if schedule is None:
        schedules.unplan(session, code)
        return
    cron, zone = schedule["cron"], schedule["zone"]
    arguments = {"code": feed.code}
    is_on = not feed.paused
    schedules.plan(session, code, "feed", arguments, cron, zone, now, enabled=is_on)


def _schedule_code(feed: Feed) -> str:
    return f"feed:{feed.code}"


def check(structure: Structure, feed: Feed) -> None:
    """:class:`Invalid` where the feed names a channel, locale, currency, exporter, setting or
    source that is not there.
    """
    wrong = _complaints_about(structure, feed)
    if wrong:
        raise Invalid(wrong)


def _complaints_about(structure: Structure, feed: Feed) -> dict[str, list[Text]]:
    wrong = complaints_about_place(structure, feed) | _complaints_about_link(feed.link)
    wrong |= _complaints_of("deliveries.", lambda: read_targets(feed.deliveries))
    exporter = registry.all_exporters().get(feed.exporter)
    if exporter is None:
        known = ", ".join(registry.all_exporters())
        wrong["exporter"] = [
            text(
                "There is no exporter “%(code)s”; there are: %(known)s.",
                code=feed.exporter,
                known=known,
            )
        ]
        return wrong
    wrong |= _complaints_of("options.", lambda: read_options(exporter, feed.options))
    fields_there = fields_of(feed)
    lookup = FeedLookup(structure, at_a_place(structure, feed), "")
    if structure.channels:
        wrong |= _complaints_of(
            "mapping.", lambda: compile_mapping(feed.mapping, fields_there, lookup)
        )
        empty = compile_mapping({}, fields_there, lookup)
        # Whether they fit has nothing to do with the day.
        wrong |= _complaints_of(
            "", lambda: with_rules(empty, feed.rules, feed.selection, fields_there, date.min)
        )
    return wrong


def _complaints_about_link(link: str) -> dict[str, list[Text]]:
    unknown = unknown_placeholders(link)
    if unknown:
        sentence = text(
            "Nothing fills “{%(name)s}”; there are: %(known)s.",
            name=unknown[0],
            known=", ".join(f"{{{name}}}" for name in FILLED),
        )
        return {"link": [sentence]}
    if link and not is_web_address(example_of(link)):
        return {"link": [text("This is not a web address (http or https, without blanks).")]}
    return {}


def _complaints_of(section: str, attempt: Callable[[], object]) -> dict[str, list[Text]]:
    try:
        attempt()
    except Invalid as error:
        return {f"{section}{key}": texts for key, texts in error.messages.items()}
    return {}


def token_of(feed: Feed, secret_key: str) -> str:
    """The secret part of a feed's address, derived, never stored: a copy of the database opens no
    feed. 128 bits.
    """
    message = f"feed:{feed.code}:{feed.nonce}".encode()
    return hmac.new(secret_key.encode(), message, sha256).hexdigest()[:TOKEN_LENGTH]


def opens(feed: Feed, token: str, secret_key: str) -> bool:
    """Whether this token is the feed's, in constant time."""
    return hmac.compare_digest(token_of(feed, secret_key).encode(), token.encode())


def rotate(session: Session, code: str, now: datetime, *, by: str = THE_PROGRAM.name) -> Feed:
    """Give the feed another address; the old one is worthless at once."""
    feed = get(session, code)
    audit.record(session, "feed", code, {}, {"address": "new"}, now, by)
    feed.nonce = secrets.token_hex(16)
    return feed


def get(session: Session, code: str) -> Feed:
    """:class:`NotFound`."""
    feed = session.get(Feed, code)
    if feed is None:
        raise NotFound(text("There is no feed “%(code)s”.", code=code))
    return feed


def publish(
    session: Session,
    feed: Feed,
    build: FeedBuild,
    now: datetime,
    state: str = "published",
    *,
    by: str = THE_PROGRAM.name,
) -> None:
    """Flip the pointer: from the commit on, the world sees this build, and it is brought to the
    feed's targets.
    """
    session.flush()
    feed.published = build.id
    build.state = state
    order_deliveries(session, feed, build, now, by)


def release(
    session: Session,
    build_id: int,
    reason: str,
    now: datetime,
    *,
    by: str = THE_PROGRAM.name,
    name: str = "",
) -> FeedBuild:
    """Publish a held build after somebody has looked at it, or an earlier one again. Who goes back
    to an earlier one stays there: it is pinned. ``name``: what people call whoever does so.
    """
    build = session.get(FeedBuild, build_id)
    if build is None:
        raise NotFound(text("There is no build %(id)s.", id=build_id))
    if build.state == "overtaken":
        raise Conflict(text("This build cannot be published."))
    feed = get(session, build.feed)
    before, after = {"published": feed.published}, {"published": build.id}
    audit.record(session, "feed", feed.code, before, after, now, by)
    feed.pinned = build.state != "held"
    publish(session, feed, build, now, by=by)
    build.verdict = [*build.verdict, note(name or by, now, reason)]
    return build


def accept(
    session: Session, build_id: int, now: datetime, *, by: str = THE_PROGRAM.name, name: str = ""
) -> FeedBuild:
    """Say that a published build is right though the gate has doubts about it."""
    build = session.get(FeedBuild, build_id)
    if build is None or build.state not in ("published", "unchanged"):
        raise NotFound(text("There is no build %(id)s.", id=build_id))
    audit.record(session, "feed", build.feed, {}, {"accepted": build.id}, now, by)
    build.verdict = [*build.verdict, note(name or by, now, "")]
    return build


def unpin(session: Session, code: str, now: datetime, *, by: str = THE_PROGRAM.name) -> Feed:
    """Let the next build take the place of the one that somebody went back to."""
    feed = get(session, code)
    audit.record(session, "feed", code, {"pinned": feed.pinned}, {"pinned": False}, now, by)
    feed.pinned = False
    return feed


def pause(
    session: Session, code: str, now: datetime, *, paused: bool = True, by: str = THE_PROGRAM.name
) -> Feed:
    """Stop the schedule of a feed, or let it go on; what is published stays, and who asks for a
    build gets one.
    """
    feed = get(session, code)
    audit.record(session, "feed", code, {"paused": feed.paused}, {"paused": paused}, now, by)
    feed.paused = paused
    schedule = schedules.get(session, _schedule_code(feed))
    if schedule is not None:
        _schedule(session, feed, {"cron": schedule.cron, "zone": schedule.zone}, now)
    return feed


def note_new_secret(
    session: Session, code: str, target: str, now: datetime, *, by: str = THE_PROGRAM.name
) -> None:
    """Write down that a target has another password, and nothing of it."""
    audit.record(session, KIND, code, {}, {f"deliveries.{target}": "new password"}, now, by)


def ask_for_completeness(
    session: Session, code: str, now: datetime, *, only_complete: bool, by: str = THE_PROGRAM.name
) -> Feed:
    """Whether the feed takes only complete products, from its next build on."""
    feed = get(session, code)
    before, after = {"only_complete": feed.only_complete}, {"only_complete": only_complete}
    audit.record(session, "feed", code, before, after, now, by)
    whole_before = definition_of(session, feed)
    feed.only_complete = only_complete
    whole_after = definition_of(session, feed)
    versions.keep(session, KIND, code, whole_before, whole_after, now, by)
    return feed


def remove(session: Session, code: str, now: datetime, *, by: str = THE_PROGRAM.name) -> None:
    """Forget a feed, its builds and its address. Their files belong to nobody from now on, and
    `pim check` clears them away.
    """
    feed = get(session, code)
    before = definition_of(session, feed)
    audit.record(session, KIND, code, before, None, now, by)
    versions.keep(session, KIND, code, before, None, now, by)
    schedules.unplan(session, _schedule_code(feed))
    session.execute(delete(FeedBuild).where(FeedBuild.feed == code))
    feed_index.forget(session, code)
    deliveries.forget(session, code)
    session.delete(feed)
    session.flush()


def url_of(feed: Feed, base_url: str, secret_key: str) -> str:
    """The address partners fetch: it always shows the published build."""
    extension = _extension(feed)
    return f"{base_url}/f/{feed.code}/{token_of(feed, secret_key)}.{extension}"


def _extension(feed: Feed) -> str:
    exporter = registry.get(feed.exporter)
    options = read_options(exporter, feed.options)
    with faults_of(exporter):
        return exporter.format_for(options).extension
