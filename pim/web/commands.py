"""What the command field offers besides products: pages, feeds, and what can be done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from pim.accounts.permissions import Permission
from pim.accounts.queries import Person
from pim.errors import Text, text
from pim.feeds import queries as feeds
from pim.search.words import asked
from pim.search.words import words as words_in
from pim.web.navigation import SECTIONS
from pim.web.page import person, tell

MOST = 6
"""Offers of one kind that stand together."""


@dataclass(frozen=True)
class Offer:
    """Something that the command field leads to. ``picture``: the address of one, instead of the
    icon. ``is_done``: choosing it does something at once, by a form.
    """

    label: str
    hint: str
    url: str
    icon: str
    picture: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class Command:
    """Something to do that has a page of its own, for whom it is. ``also``: other words that people
    look for.
    """

    endpoint: str
    label: Text
    also: Text
    icon: str
    is_for: Callable[[Person], bool]


COMMANDS = (
    Command(
        "products.new",
        text("New product"),
        text("add create make"),
        "plus",
        lambda who: who.may_create_products,
    ),
    Command(
        "imports.choose",
        text("Import a file"),
        text("upload bring in CSV XLSX spreadsheet"),
        "file-import",
        lambda who: who.may(Permission.IMPORTS_RUN),
    ),
    Command(
        "imports.profiles.new",
        text("New import profile"),
        text("add create make columns"),
        "adjustments",
        lambda who: who.may(Permission.IMPORTS_CONFIGURE),
    ),
)


def pages(typed: str) -> list[Offer]:
    """The pages that this person may open and whose names have these words."""
    offers = [
        Offer(
            tell(one.label),
            tell(section.label) if one.label != section.label else "",
            url_for(one.endpoint, **one.arguments),
            one.icon,
        )
        for section in SECTIONS
        for one in section.places
        if person().may(one.permission)
        and _matches(typed, f"{tell(one.label)} {tell(section.label)}")
    ]
    account = text("My account")
    if _matches(typed, tell(account)):
        offers.append(Offer(tell(account), "", url_for("login.account"), "user"))
    return offers[: len(offers) if not typed.strip() else MOST]


def actions(session: Session, typed: str) -> list[Offer]:
    """What this person may do, by these words, and the feeds, to be looked at or built."""
    offers = [
        Offer(tell(one.label), "", url_for(one.endpoint), one.icon)
        for one in COMMANDS
        if one.is_for(person()) and _matches(typed, f"{tell(one.label)} {tell(one.also)}")
    ]
    if typed.strip() and person().may(Permission.FEEDS_VIEW):
        offers += _feeds(session, typed)
    return offers[:MOST]


def _feeds(session: Session, typed: str) -> Iterator[Offer]:
    also = tell(text("feed run build publish start"))
    for feed in feeds.feeds(session):
        if not _matches(typed, f"{feed.label} {feed.code} {also}"):
            continue
        yield Offer(
            feed.label, tell(text("Feed")), url_for("feeds.show", code=feed.code), "broadcast"
        )
        if person().may(Permission.FEEDS_RUN):
            label = tell(text("Build “%(feed)s” now", feed=feed.label))
            url = url_for("feeds.run", code=feed.code)
            yield Offer(label, "", url, "player-play", is_done=True)


def _matches(typed: str, label: str) -> bool:
    """Every word typed begins a word of the label."""
    there = words_in([label]).split()
    return all(any(word.startswith(one) for word in there) for one in asked(typed))
