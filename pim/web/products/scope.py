"""The channel and locale somebody works in: chosen in the top bar, kept from the list to the form
and the next day.
"""

from flask import request
from flask import session as cookie

from pim.i18n import language_name, locale_name
from pim.labels import label
from pim.structure.objects import Scope, Structure
from pim.web.page import language

NOWHERE = Scope("", "")
"""Before there is a channel."""


def chosen_scope(structure: Structure) -> Scope:
    """What the address asks for, else what was chosen last, else the first scope in the reader's
    language; remembers it.
    """
    wanted = (
        request.values.get("channel") or cookie.get("channel"),
        request.values.get("locale") or cookie.get("locale"),
    )
    scope = _nearest(structure, *wanted)
    if (cookie.get("channel"), cookie.get("locale")) != (scope.channel, scope.locale):
        cookie["channel"], cookie["locale"] = scope.channel, scope.locale
    return scope


def _nearest(structure: Structure, channel: str | None, locale: str | None) -> Scope:
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
    """The locale somebody compares with, remembered like the scope; empty for none."""
    wanted = request.values.get("beside", cookie.get("beside", ""))
    found = wanted if wanted in structure.locales else ""
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
    spoken = code.split("_")[0]
    is_alone = [one.split("_")[0] for one in structure.locales].count(spoken) < 2
    return language_name(code, language()) if is_alone else locale_name(code, language())
