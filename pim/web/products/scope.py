"""The channel and locale somebody works in: chosen in the top bar, and said by the address of every
page (``in=webshop.de_DE``), so that two tabs never mix. The cookie is only where a new tab begins.
"""

from dataclasses import dataclass

from flask import g, request
from flask import session as cookie

from pim.i18n import locale_among
from pim.labels import label
from pim.structure.objects import Scope, Structure
from pim.web.page import language

NOWHERE = Scope("", "")
"""Before there is a channel."""


def chosen_scope(structure: Structure) -> Scope:
    """What the address says, else what was chosen last, else the first scope in the reader's
    language. It is remembered for new tabs, and the links of this page lead to pages in it.
    """
    channel, _, locale = (said_scope() or cookie.get("in", "")).partition(".")
    scope = _nearest(structure, channel, locale)
    g.scope = spelled(scope)
    if cookie.get("in") != g.scope:
        cookie["in"] = g.scope
    return scope


def spelled(scope: Scope) -> str:
    """A scope as an address says it: ``webshop.de_DE``; empty where there is no channel yet."""
    return f"{scope.channel}.{scope.locale}" if scope.channel else ""


def said_scope() -> str:
    """The scope that the address says; empty for the first page of a new tab."""
    return request.args.get("in", "")


def is_scope(structure: Structure, said: str) -> bool:
    """Whether an address names a channel, with one of its locales or, as ``in=webshop`` does, with
    none.
    """
    code, _, locale = said.partition(".")
    channel = structure.channels.get(code)
    return channel is not None and (not locale or locale in channel.locales)


@dataclass(frozen=True)
class ScopeChoice:
    """An entry of the top bar's lists. ``spelled``: the scope that it leads to."""

    spelled: str
    label: str
    is_chosen: bool


def channel_choices(structure: Structure, scope: Scope) -> list[ScopeChoice]:
    """All channels, each in the locale nearest to the one that is shown."""
    return [
        ScopeChoice(
            spelled(_nearest(structure, code, scope.locale)),
            channel_label(structure, code),
            code == scope.channel,
        )
        for code in structure.channels
    ]


def locale_choices(structure: Structure, scope: Scope) -> list[ScopeChoice]:
    """The locales of the channel that is shown."""
    channel = structure.channels.get(scope.channel)
    return [
        ScopeChoice(
            spelled(Scope(scope.channel, code)),
            locale_label(structure, code),
            code == scope.locale,
        )
        for code in (channel.locales if channel else ())
    ]


def _nearest(structure: Structure, channel: str, locale: str) -> Scope:
    """A locale the channel lacks gives way to the channel."""
    of_channel = [scope for scope in structure.scopes if scope.channel == channel]
    if not of_channel:
        of_channel = list(structure.scopes)
    for scope in of_channel:
        if scope.locale == locale:
            return scope
    for scope in of_channel:
        if scope.locale.split("_")[0] == language():
            return scope
    return of_channel[0] if of_channel else NOWHERE


def chosen_beside(structure: Structure) -> str:
    """The locale somebody compares with, said and remembered like the scope; empty for none."""
    wanted = request.args.get("beside", "" if said_scope() else cookie.get("beside", ""))
    found = wanted if wanted in structure.locales else ""
    g.beside = found
    if cookie.get("beside", "") != found:
        cookie["beside"] = found
    return found


def channel_label(structure: Structure, code: str) -> str:
    """A channel's name in the interface's language."""
    channel = structure.channels.get(code)
    return label(channel.labels, language(), code) if channel else code


def locale_label(structure: Structure, code: str) -> str:
    """“Dutch” for ``nl_NL``; with its country where the shop has another locale of that
    language.
    """
    return locale_among(code, structure.locales, language())
