"""What can go wrong, in four kinds. The core raises them; each edge translates them once."""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from gettext import NullTranslations
from typing import Any

_FORMS = "\x1f"
"""Between the two forms of a sentence with a count. They are one message id, so that whoever keeps
a sentence or hands it to another process keeps both without knowing.
"""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for a person: a message id in English with named parts, so that an edge can
    translate it.

    ``str(Text("No %(thing)s here", {"thing": "picture"}))`` is the English sentence.
    """

    msgid: str
    parts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = {name: _plain(part) for name, part in self.parts.items()}
        return self.message(_ENGLISH) % parts

    def message(self, catalogue: NullTranslations) -> str:
        """What a catalogue of translations has for it, in the form that its count asks for."""
        one, _, many = self.msgid.partition(_FORMS)
        if not many:
            return catalogue.gettext(one)
        return catalogue.ngettext(one, many, int(self.parts["num"]))

    def stored(self) -> list[Any]:
        """As JSON holds it: what stands in it keeps what a translation needs."""
        parts = {name: _stored(part) for name, part in self.parts.items()}
        return [self.msgid, parts]

    @staticmethod
    def read(stored: Sequence[Any]) -> "Text":
        """What :meth:`stored` gave."""
        msgid, stored_parts = stored
        parts = {name: _read(part) for name, part in stored_parts.items()}
        return Text(msgid, parts)


@dataclass(frozen=True, slots=True)
class Named:
    """A part of a sentence that the shop itself has a word for: an attribute, a family. ``labels``:
    locale -> what people call it, so that each reader sees it in their language. Several stand as a
    tuple.
    """

    code: str
    labels: Mapping[str, str]

    def __str__(self) -> str:
        return self.code


def _plain(part: Any) -> Any:
    if isinstance(part, datetime):
        return f"{part:%Y-%m-%d %H:%M} UTC"
    if isinstance(part, tuple):
        return ", ".join(map(str, part))
    return part


def _stored(part: Any) -> Any:
    if isinstance(part, Text):
        return part.stored()
    if isinstance(part, tuple):
        return {"all": [_stored(one) for one in part]}
    if isinstance(part, Named):
        return {"code": part.code, "labels": dict(part.labels)}
    if isinstance(part, datetime):
        return {"moment": part.isoformat()}
    return part if isinstance(part, int | str | float) else str(part)


def _read(part: Any) -> Any:
    if isinstance(part, list):
        return Text.read(part)
    if not isinstance(part, dict):
        return part
    if "all" in part:
        return tuple(map(_read, part["all"]))
    if "moment" in part:
        return datetime.fromisoformat(part["moment"])
    return Named(**part)


_ENGLISH = NullTranslations()


def text(msgid: str, **parts: Any) -> Text:
    """A :class:`Text`; Babel's extractor finds the calls by this name."""
    return Text(msgid, parts)


def ngettext(one: str, many: str, num: int, **parts: Any) -> Text:
    """A :class:`Text` that counts: its message for 1 and the one for every other number, which
    stands in both as ``%(num)s``.
    """
    return Text(f"{one}{_FORMS}{many}", {"num": num, **parts})


class EtalageError(Exception):
    """Base of the four; ``message`` is what a person reads."""

    def __init__(self, message: Text | str) -> None:
        if isinstance(message, str):
            message = _as_it_is(message)
        self.message = message
        super().__init__(str(message))


def _as_it_is(sentence: str) -> Text:
    """A sentence that is in words already: nothing in it stands for a part."""
    return Text(sentence.replace("%", "%%"))


class NotFound(EtalageError):
    """There is no such thing."""


class Denied(EtalageError):
    """The person or token may not do this."""


class Conflict(EtalageError):
    """The state of things does not allow it, or somebody else was first."""


class Unavailable(Conflict):
    """What the hub stands on (a disk, the storage) has no room or does not answer; the same attempt
    may succeed later.
    """


DISK_FULL = text("The disk is full. Nothing was half saved; make room, then try again.")


def is_disk_full(error: BaseException) -> bool:
    """Whether a file or a database found no room: SQLite says so in words, PostgreSQL with a
    code.
    """
    original = getattr(error, "orig", None)
    if original is not None:
        return "disk is full" in str(original) or getattr(original, "sqlstate", "") == "53100"
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


class Invalid(EtalageError):
    """Input that breaks rules. ``messages``: address (or field) -> sentences, all complaints at
    once.
    """

    def __init__(self, messages: Mapping[str, Sequence[Text]]) -> None:
        self.messages = {key: list(texts) for key, texts in messages.items()}
        lines: list[str] = []
        for key, texts in self.messages.items():
            lines += [f"{key}: {one}" for one in texts]
        super().__init__("; ".join(lines))

    @property
    def sentences(self) -> list[Text]:
        """All complaints, without what they are about."""
        return [one for texts in self.messages.values() for one in texts]
