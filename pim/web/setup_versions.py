"""The page of versions of whatever :mod:`pim.versions` keeps: who changed it, when, from what to
what, and a way back to each. What tells the kinds apart is a :class:`SetupHistory`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask.typing import ResponseReturnValue

from pim import versions
from pim.accounts.permissions import Permission
from pim.errors import Text
from pim.versions import SetupVersion, VersionKind
from pim.web.list_places import number_at
from pim.web.page import PageContent, person, session, show_page
from pim.web.setup_words import VERBS

MOST = 100
"""Changes of one version that are shown; the rest is counted."""


@dataclass(frozen=True)
class Crumb:
    """A page above this one."""

    label: Text
    url: str


@dataclass(frozen=True)
class SetupHistory:
    """Whose versions they are, and what is particular to its kind.

    ``title``, ``above``: of the page. ``changes_between``: what a version made of the one before
    it, of which ``change_part`` shows one. ``older``: the address of the page from behind a version
    on. ``way_back``: where a version is returned to, for those who have the ``permission``: a page
    with a form, or, with a ``question``, what is posted to when that was answered.
    """

    kind: VersionKind
    code: str
    title: Text
    above: Sequence[Crumb]
    changes_between: Callable[[SetupVersion | None, SetupVersion], Sequence[Any]]
    change_part: str
    older: Callable[[int], str]
    way_back: Callable[[int], str]
    permission: Permission
    question: Text | None = None


@dataclass(frozen=True)
class VersionLine:
    """``changes``: what it made of the version before it; ``more``: how many besides those.
    ``is_now``: whether the thing is still so. ``way_back``: "" where nobody can return to it, or
    the reader may not.
    """

    version: SetupVersion
    changes: Sequence[Any]
    more: int
    is_now: bool
    way_back: str


@dataclass(frozen=True)
class VersionsPage(PageContent):
    """``history``: whose versions. ``next``: where older ones are, "" at the end. ``verbs``: what
    is said of an entry of the structure, by the verb of its change.
    """

    template = "settings/versions.html"
    parts = (
        "pages/settings/change_of_definition.html",
        "pages/settings/change_of_text.html",
        "pages/settings/change_of_structure.html",
    )
    history: SetupHistory
    lines: Sequence[VersionLine]
    next: str
    verbs: Mapping[str, Text]


def show_versions(history: SetupHistory) -> ResponseReturnValue:
    """The versions from where the page's address says on, the newest first; also of a thing that
    is removed.
    """
    before = number_at("before") or None
    limit = versions.SHOWN + 1
    kept = versions.versions(session(), history.kind, history.code, before=before, limit=limit)
    newest = kept[0] if kept and before is None else None
    lines = [
        _line(history, one, earlier, is_now=one is newest)
        for one, earlier in zip_longest(kept, kept[1:])
    ]
    older = history.older(kept[versions.SHOWN - 1].id) if len(kept) > versions.SHOWN else ""
    return show_page(VersionsPage(history, lines[: versions.SHOWN], older, VERBS))


def _line(
    history: SetupHistory, version: SetupVersion, earlier: SetupVersion | None, *, is_now: bool
) -> VersionLine:
    changes = history.changes_between(earlier, version)
    can_return = not is_now and version.content is not None and person().may(history.permission)
    return VersionLine(
        version=version,
        changes=changes[:MOST],
        more=max(0, len(changes) - MOST),
        is_now=is_now,
        way_back=history.way_back(version.id) if can_return else "",
    )
