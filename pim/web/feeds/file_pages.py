"""From today's file: somebody brings what the channel gets now, sees what of the hub makes the same
column by column, and takes that over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, Text, ngettext, text
from pim.feeds import editing, registry, service
from pim.feeds.contract import Field
from pim.feeds.models import Feed
from pim.jobs import queries as jobs
from pim.structure import queries as catalog
from pim.structure.objects import Structure
from pim.todays_file import store
from pim.todays_file.jobs import LEARN_FROM_FILE, LearnArguments, learning_subject
from pim.todays_file.proposing import ColumnProposal, FileProposal, ProposedRule
from pim.web.feeds.blueprint import pages
from pim.web.feeds.glance import FeedGlance, glance
from pim.web.feeds.way_back import newest_version, way_back
from pim.web.feeds.words import MappingLine, rule_in_words
from pim.web.job_words import JobView, views
from pim.web.page import (
    PageContent,
    go,
    needs,
    now,
    person,
    say,
    session,
    settings,
    show_page,
)
from pim.web.uploads import keep, stored_path


@dataclass(frozen=True)
class ShownRule:
    """A proposed rule in words. ``is_used``: the feed has it."""

    number: int
    found: ProposedRule
    line: MappingLine
    is_used: bool


@dataclass(frozen=True)
class ShownColumn:
    """A column for which there are rules, the best first."""

    column: ColumnProposal
    rules: Sequence[ShownRule]

    @property
    def is_exact(self) -> bool:
        return self.rules[0].found.exact == self.column.compared

    @property
    def is_used(self) -> bool:
        return any(one.is_used for one in self.rules)


@dataclass(frozen=True)
class FilePage(PageContent):
    """``work``: the job that reads the file, None where there is none; ``proposal``: what the file
    tells. ``shown``: its columns with rules; ``unsolved``: those of the channel without one;
    ``unknown``: those that are no field of the channel. ``certain``: how many fields can be taken
    over at once. ``seen``: the fingerprint of the mapping on which the page is based.
    """

    template = "feeds/todays_file.html"
    glance: FeedGlance
    filename: str
    work: JobView | None
    proposal: FileProposal | None
    shown: Sequence[ShownColumn]
    unsolved: Sequence[ColumnProposal]
    unknown: Sequence[ColumnProposal]
    certain: int
    seen: str
    errors: Sequence[Text] = ()


@pages.get("/feeds/<code>/file")
@needs(Permission.FEEDS_VIEW)
def show_file(code: str) -> ResponseReturnValue:
    return show_page(_page(service.get(session(), code)))


@pages.post("/feeds/<code>/file")
@needs(Permission.FEEDS_CONFIGURE)
def bring_file(code: str) -> ResponseReturnValue:
    """A file is kept; what it tells is found out behind the scenes."""
    feed = service.get(session(), code)
    file = request.files.get("file")
    if not file or not file.filename:
        page = _page(feed, [text("Choose the file that the channel gets today.")])
        return show_page(page, 422, at=url_for("feeds.show_file", code=code))
    path = keep(settings().home, file)
    store.begin(session(), code, file.filename, person().email, now())
    arguments = LearnArguments(code, stored_path(path), file.filename)
    LEARN_FROM_FILE.enqueue(session(), arguments, now(), by=person().email)
    return go("feeds.show_file", code=code)


@pages.post("/feeds/<code>/file/use")
@needs(Permission.FEEDS_CONFIGURE)
def use_rule(code: str) -> ResponseReturnValue:
    """One of the rules that are proposed for a column becomes that of its field."""
    number = request.form.get("rule", 0, type=int)
    field, rule = store.rule_of(session(), code, request.form.get("column", ""), number)
    return _used(
        code, {field: rule}, text("“%(field)s” is changed; the next build has it.", field=field)
    )


@pages.post("/feeds/<code>/file/use-exact")
@needs(Permission.FEEDS_CONFIGURE)
def use_exact(code: str) -> ResponseReturnValue:
    """All rules that make exactly what the file has, for fields that have another one."""
    feed = service.get(session(), code)
    kept = store.find(session(), code)
    proposal = store.proposal_of(kept.proposal) if kept and kept.proposal else None
    rules = {} if proposal is None else _new_ones(feed, proposal)
    done = ngettext(
        "%(num)s field is filled as in the file; the next build has it.",
        "%(num)s fields are filled as in the file; the next build has them.",
        len(rules),
    )
    return _used(code, rules, done)


@pages.post("/feeds/<code>/file/forget")
@needs(Permission.FEEDS_CONFIGURE)
def forget_file(code: str) -> ResponseReturnValue:
    store.forget(session(), code)
    say(text("The file is forgotten. What was taken over from it stays."))
    return go("feeds.show_fields", code=code)


def _used(code: str, rules: Mapping[str, Mapping[str, Any]], done: Text) -> ResponseReturnValue:
    try:
        before = newest_version(code)
        seen = request.form.get("seen", "")
        editing.change_rules(session(), code, rules, seen, now(), by=person().email)
    except Invalid as error:
        page = _page(service.get(session(), code), error.sentences)
        return show_page(page, 422, at=url_for("feeds.show_file", code=code))
    say(done, undo=way_back(code, before))
    return go("feeds.show_file", code=code)


def _new_ones(feed: Feed, proposal: FileProposal) -> dict[str, dict[str, Any]]:
    certain = store.certain_rules(proposal)
    return {field: rule for field, rule in certain.items() if feed.mapping.get(field) != rule}


def _page(feed: Feed, errors: Sequence[Text] = ()) -> FilePage:
    structure = catalog.structure(session())
    kept = store.find(session(), feed.code)
    proposal = store.proposal_of(kept.proposal) if kept and kept.proposal else None
    columns = proposal.columns if proposal else ()
    filled = [one for one in columns if one.example]
    return FilePage(
        glance(structure, feed),
        kept.filename if kept else "",
        _work(feed) if kept and proposal is None else None,
        proposal,
        [_shown(structure, feed, one) for one in filled if one.rules],
        [one for one in filled if one.field and not one.rules],
        [one for one in filled if not one.field],
        len(_new_ones(feed, proposal)) if proposal else 0,
        editing.print_of(feed.mapping),
        errors,
    )


def _work(feed: Feed) -> JobView | None:
    job = jobs.last_of(session(), learning_subject(feed.code))
    return None if job is None else views([job], (), now())[0]


def _shown(structure: Structure, feed: Feed, column: ColumnProposal) -> ShownColumn:
    field = _field(feed, column.field)
    rules = [
        ShownRule(
            number,
            found,
            rule_in_words(structure, field, found.rule),
            feed.mapping.get(column.field) == found.rule,
        )
        for number, found in enumerate(column.rules)
    ]
    return ShownColumn(column, rules)


def _field(feed: Feed, name: str) -> Field:
    return next(one for one in registry.get(feed.exporter).fields if one.name == name)
