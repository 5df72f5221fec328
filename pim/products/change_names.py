"""What people call those that changes keep by a code: who made them, the import run, and its
profile. Imports know products, and not the other way: their tables are named, and nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, String, column, func, select, table
from sqlalchemy.orm import Session

from pim.accounts import queries as accounts
from pim.db import Utc
from pim.errors import Text, text
from pim.products.models import Change

LATEST: Final = 200
"""Import runs to choose from."""
_RUN: Final = table(
    "import_run",
    column("id", String),
    column("profile", String),
    column("filename", String),
    column("started", Utc),
    column("dry_run", Boolean),
)
_PROFILE: Final = table("import_profile", column("code", String), column("label", String))


def people(session: Session) -> Mapping[str, str]:
    """Actor -> name, for everybody who ever changed something, by name. Two people of one name are
    told apart by their addresses; who is no user, such as the command line, has no other name.
    """
    actors = _actors(session)
    names = accounts.names_of(session, actors)
    shared = Counter(names.values())
    called = {
        actor: f"{name} ({actor})" if shared[name] > 1 else name for actor, name in names.items()
    }
    everybody = {actor: called.get(actor, actor) for actor in actors}
    return dict(sorted(everybody.items(), key=lambda one: one[1].casefold()))


def _actors(session: Session) -> Sequence[str]:
    """One look into the index for each, where ``distinct`` would read all changes."""
    first = select(func.min(Change.actor).label("actor")).cte("actors", recursive=True)
    following = select(func.min(Change.actor)).where(Change.actor > first.c.actor)
    others = select(following.scalar_subquery()).where(first.c.actor.is_not(None))
    actors = first.union_all(others)
    return session.scalars(select(actors.c.actor).where(actors.c.actor.is_not(None))).all()


def latest_runs(session: Session) -> Mapping[str, Text]:
    """Import run -> its file and when it began, the newest first."""
    newest = _named_runs().order_by(_RUN.c.started.desc(), _RUN.c.id).limit(LATEST)
    return _read_runs(session, newest)


def runs(session: Session, ids: Iterable[str]) -> Mapping[str, Text]:
    """The same for those of these import runs that are still known."""
    return _read_runs(session, _named_runs().where(_RUN.c.id.in_(list(ids))))


def runs_with(profiles: Iterable[str]) -> Any:
    """The import runs that read their file with one of these profiles, as a subquery."""
    return select(_RUN.c.id).where(_RUN.c.profile.in_(list(profiles)))


def _named_runs() -> Any:
    """A trial writes nothing, so that nothing was ever changed by it."""
    return select(_RUN.c.id, _RUN.c.filename, _RUN.c.started).where(~_RUN.c.dry_run)


def _read_runs(session: Session, asked: Any) -> Mapping[str, Text]:
    return {
        run: text("%(file)s, %(when)s", file=filename, when=started)
        for run, filename, started in session.execute(asked)
    }


def profiles(session: Session) -> Mapping[str, str]:
    """Import profile -> label, also for those that are gone and were used, by their codes."""
    used = {code: code for code in session.scalars(select(_RUN.c.profile).distinct())}
    labels = {code: label or code for code, label in session.execute(select(_PROFILE))}
    return dict(sorted((used | labels).items(), key=lambda one: one[1].casefold()))
