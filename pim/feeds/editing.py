"""Changes to one part of a feed: its settings, or what fills one field of the channel.

A part is saved by somebody who saw it. Who saw another one than is stored is refused, so that two
people who work on a feed do not undo each other's work; different parts do not get in each other's
way.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pim import versions
from pim.errors import Conflict, text
from pim.feeds import service
from pim.feeds.models import Feed
from pim.feeds.operations import slug
from pim.feeds.own_columns import OPTION

MAPPING = "mapping"
PARTS = (MAPPING, "rules", "selection", "categories", "deliveries")
"""What has pages of its own beside the settings."""
LONGEST_CODE = 50
"""Of a code that is made from a name, without the number that tells it from another."""
_CHANGED = text(
    "Somebody else has changed this since you opened it. Look at how it stands now, and change it"
    " again where that is still needed."
)


def print_of(part: Any) -> str:
    """The fingerprint of a part: a form carries it to say what its author saw."""
    return versions.fingerprint(part)


def settings_of(session: Session, feed: Feed) -> dict[str, Any]:
    """The definition of a feed without what has pages of its own."""
    definition = service.definition_of(session, feed)
    settings = {name: value for name, value in definition.items() if name not in PARTS}
    if OPTION in feed.options:
        settings["options"] = {
            name: value for name, value in feed.options.items() if name != OPTION
        }
    return settings


def change_settings(
    session: Session, code: str, settings: Mapping[str, Any], seen: str, now: datetime, *, by: str
) -> Feed:
    """Put other settings in the place of those that somebody saw. :class:`Conflict` where they are
    others by now, :class:`~pim.errors.Invalid` where they do not fit.
    """
    feed = service.get(session, code)
    demand_seen(settings_of(session, feed), seen)
    kept = {name: getattr(feed, name) for name in PARTS}
    whole = {**settings, **kept}
    if OPTION in feed.options:
        whole["options"] = {**whole.get("options", {}), OPTION: feed.options[OPTION]}
    return service.define(session, code, whole, now, by=by)


def change_part(
    session: Session, code: str, name: str, part: Any, seen: str, now: datetime, *, by: str
) -> Feed:
    """Put other ``rules``, ``selection``, ``categories`` or ``deliveries`` in the place of what
    somebody saw. Raises as :func:`change_settings` does.
    """
    feed = service.get(session, code)
    demand_seen(getattr(feed, name), seen)
    definition = service.definition_of(session, feed)
    definition[name] = part
    return service.define(session, code, definition, now, by=by)


def change_rule(
    session: Session,
    code: str,
    field: str,
    rule: Mapping[str, Any] | None,
    seen: str,
    now: datetime,
    *,
    by: str,
) -> Feed:
    """Fill a field of the channel by another rule, by none where it is None. Raises as
    :func:`change_settings` does.
    """
    feed = service.get(session, code)
    demand_seen(feed.mapping.get(field), seen)
    definition = service.definition_of(session, feed)
    definition[MAPPING] = with_rule(feed.mapping, field, rule)
    return service.define(session, code, definition, now, by=by)


def change_rules(
    session: Session,
    code: str,
    rules: Mapping[str, Mapping[str, Any]],
    seen: str,
    now: datetime,
    *,
    by: str,
) -> Feed:
    """Fill several fields by other rules, as one change of a mapping that somebody saw whole.
    Raises as :func:`change_settings` does.
    """
    feed = service.get(session, code)
    demand_seen(feed.mapping, seen)
    definition = service.definition_of(session, feed)
    definition[MAPPING] = {**feed.mapping, **rules}
    return service.define(session, code, definition, now, by=by)


def with_rule(
    mapping: Mapping[str, Any], field: str, rule: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The mapping with this rule for a field; a field that is new comes last."""
    changed = dict(mapping)
    if rule is None:
        changed.pop(field, None)
    else:
        changed[field] = dict(rule)
    return changed


def demand_seen(part: Any, seen: str) -> None:
    """:class:`~pim.errors.Conflict` where a part is another one than its author saw."""
    if print_of(part) != seen:
        raise Conflict(_CHANGED)


def copy(session: Session, code: str, label: str, now: datetime, *, by: str) -> Feed:
    """A second feed like this one, without a schedule and without targets: partners get it when
    somebody says so.
    """
    definition = service.definition_of(session, service.get(session, code))
    for name in ("schedule", "after_import", "deliveries"):
        definition.pop(name, None)
    definition["label"] = label
    return service.define(session, free_code(session, label), definition, now, by=by)


def free_code(session: Session, label: str) -> str:
    """A code made of a name, that no feed has: ``google_shopping_nl``, ``google_shopping_nl_2``."""
    spelled = re.sub("^[^a-z]+", "", slug(label).replace("-", "_"))[:LONGEST_CODE] or "feed"
    code, number = spelled, 1
    while session.get(Feed, code) is not None:
        number += 1
        code = f"{spelled}_{number}"
    return code
