"""The system page: how much there is of what grows, and how long it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.config import UPLOADS, Retention
from pim.db import size_on_disk
from pim.errors import Text, text
from pim.jobs import queries as jobs
from pim.retention import SCHEDULE, counts
from pim.web.job_words import JobView, views
from pim.web.page import PageContent, needs, now, session, settings, show_page

pages = Blueprint("system", __name__)


@dataclass(frozen=True)
class SystemPage(PageContent):
    """``counts``: (of what, how many). ``sizes``: (of what, bytes). ``kept``: for how long things
    are kept. ``last``: the last time that the rest was cleared away.
    """

    template = "settings/system.html"
    counts: Sequence[tuple[Text, int]]
    sizes: Sequence[tuple[Text, int]]
    kept: Retention
    last: JobView | None


@pages.get("/settings/system")
@needs(Permission.USERS_MANAGE)
def show() -> ResponseReturnValue:
    home = settings().home
    last = jobs.last_of(session(), SCHEDULE)
    content = SystemPage(
        counts=counts(session()),
        sizes=[
            (text("Database"), size_on_disk(session())),
            (text("Uploaded files"), _bytes_in(home / UPLOADS)),
            (text("Unfinished files"), _bytes_in(home / "tmp")),
        ],
        kept=settings().retention,
        last=views([last], (), now())[0] if last else None,
    )
    return show_page(content)


def _bytes_in(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
