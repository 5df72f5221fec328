"""What is said of a build: by the gate as sentences, by people as notes. Both as JSON."""

from datetime import datetime
from typing import Any

from pim.errors import Text, text


def note(who: str, when: datetime, reason: str) -> dict[str, str]:
    """What somebody says of a build, as its verdict keeps it. ``reason``: "" for one who found it
    right.
    """
    return {"who": who, "when": when.isoformat(), "reason": reason}


def is_note(kept: Any) -> bool:
    """Whether a person said it, and not the gate."""
    return not isinstance(kept, list)


def sentence(kept: Any) -> Text:
    """What is kept, as a sentence; notes were once a line of text."""
    if isinstance(kept, list):
        return Text.read(kept)
    if isinstance(kept, str):
        return Text(kept.replace("%", "%%"))
    who, when, reason = kept["who"], datetime.fromisoformat(kept["when"]), kept["reason"]
    if not reason:
        return text("Found right by %(who)s, %(when)s.", who=who, when=when)
    return text("%(who)s, %(when)s: %(reason)s", who=who, when=when, reason=reason)
