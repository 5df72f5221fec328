"""The parts of the application that recognise people and tell errors in their own way.

A request belongs to the door that was registered for its blueprint, and otherwise to the pages. A
door decides who is asking and how to say no. It does not decide whether to ask: a route without a
declared permission is closed behind every door.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim.accounts.principals import Principal
from pim.errors import Text

PAGES = ""
"""The door of what belongs to no other."""


@dataclass(frozen=True)
class ErrorAnswer:
    """What is said when something went wrong, before a door gives it a form.

    headers: those that the answer must have (``Retry-After``, ``Allow``).
    """

    status: int
    title: Text
    sentences: Sequence[Text]
    headers: Mapping[str, str] = field(default_factory=dict)


class Caller(Protocol):
    """Who asks: a person, or a program with a token. ``language`` None: as the request says."""

    @property
    def principal(self) -> Principal: ...
    @property
    def language(self) -> str | None: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True)
class Door:
    """How one part of the application talks to whoever asks.

    recognise: who is asking, None where nobody is known. turn_away: the answer to somebody unknown
    where a permission is needed. tell_error: an error as this door's readers expect it.
    """

    recognise: Callable[[Session], Caller | None]
    turn_away: Callable[[], ResponseReturnValue]
    tell_error: Callable[[ErrorAnswer], Response]


def add_door(app: Flask, blueprint: str, door: Door) -> None:
    """Registers the door of a blueprint and of those inside it, or of :data:`PAGES`."""
    app.extensions.setdefault("etalage_doors", {})[blueprint] = door


def door() -> Door:
    """The door that this request came through."""
    doors: dict[str, Door] = current_app.extensions["etalage_doors"]
    outermost = (request.blueprint or "").split(".")[0]
    return doors.get(outermost, doors[PAGES])
