"""What all commands share: the hub they work on, output for people or machines, errors as
sentences, progress.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, NoReturn

import click
import orjson
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from media.decoder import close_all
from media.storage import Storage
from pim import __version__
from pim.accounts.principals import COMMAND_LINE
from pim.cli import json_stream
from pim.config import Settings, from_environment
from pim.db import Database
from pim.definitions import read_yaml
from pim.errors import (
    DISK_FULL,
    Conflict,
    EtalageError,
    Invalid,
    Unavailable,
    is_disk_full,
    text,
)
from pim.migrate import is_current, knows, load_models, revision_of, upgrade


def counted(number: int, noun: str) -> str:
    """``1 row``, ``2 rows``: for nouns whose plural ends in s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Hub:
    """Settings, database and storage of this command, opened when first asked for."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._overrides: dict[str, str] = {}

    def close(self) -> None:
        if "any_database" in self.__dict__:
            self.any_database.close()

    def override(self, **variables: object) -> None:
        """What was said to the command counts more than the environment; None says nothing."""
        given = {name: str(value) for name, value in variables.items() if value is not None}
        self._overrides |= given

    @cached_property
    def settings(self) -> Settings:
        return from_environment({**os.environ, **self._overrides})

    @cached_property
    def any_database(self) -> Database:
        """The database, whatever tables it has."""
        load_models()
        return open_database(self.settings.database_url)

    @cached_property
    def database(self) -> Database:
        """The database with the tables of this version: a new one gets them, an older one asks for
        ``pim init``.
        """
        database = self.any_database
        if self.revision is None:
            self._refuse_lost_database()
            upgrade(database)
        elif not is_current(database):
            raise Conflict(
                text(
                    "The database is from an earlier version. Run `pim init`: it backs up, then"
                    " upgrades."
                )
            )
        return database

    @property
    def revision(self) -> str | None:
        """How far the database was migrated, None where it has no tables; :class:`Conflict` where a
        later version did that.
        """
        revision = revision_of(self.any_database)
        if revision is not None and not knows(revision):
            raise Conflict(
                text(
                    "The database is from a later version of Etalage (%(revision)s). Install that"
                    " version again, or put back a backup of this one.",
                    revision=revision,
                )
            )
        return revision

    def _refuse_lost_database(self) -> None:
        """An empty database beside the files of a hub is no new hub: its own was lost."""
        backups = self.settings.home / "backups"
        kept = (self.storage.list(prefix) for prefix in ("originals/", "feeds/"))
        if any(backups.glob("*.tar")) or any(next(iter(found), None) for found in kept):
            raise Conflict(
                text(
                    "The database is empty, but %(home)s or its storage holds the files of a hub."
                    " Put back a backup (pim restore), or name the right database"
                    " (PIM_DATABASE_URL). For a new hub, take an empty folder (PIM_HOME).",
                    home=self.settings.home,
                )
            )

    @cached_property
    def storage(self) -> Storage:
        return Storage(self.settings.storage_url)

    @property
    def actor(self) -> str:
        return COMMAND_LINE.name

    def clock(self) -> datetime:
        return datetime.now(UTC)

    def show(self, data: Any, sentence: str) -> None:
        """One result: ``data`` for machines, ``sentence`` for people."""
        click.echo(
            orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2).decode()
            if self.as_json
            else sentence
        )

    def show_long(self, data: Mapping[str, Any], sentence: str) -> None:
        """The same where ``data`` has iterators in place of lists, too long to be held."""
        if not self.as_json:
            click.echo(sentence)
            return
        sys.stdout.writelines(json_stream.pieces(data))
        click.echo()

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[..., None]]:
        """A progress bar on the error stream for a person who watches; ``report(done, total,
        sentence)``.
        """
        if self.as_json or not sys.stderr.isatty():
            yield lambda done, total=0, sentence="": None
            return
        with click.progressbar(length=0, label=label, file=sys.stderr, show_pos=True) as bar:

            def report(done: int, total: int = 0, sentence: str = "") -> None:
                bar.length = max(total, done)
                bar.update(done - bar.pos)

            yield report


def open_database(url: str) -> Database:
    """:class:`Conflict` where PIM_DATABASE_URL names no database that we can speak to."""
    try:
        if make_url(url).get_backend_name() not in ("sqlite", "postgresql"):
            raise Conflict(text("PIM_DATABASE_URL names neither SQLite nor PostgreSQL."))
        return Database(url)
    except ArgumentError as error:
        raise Conflict(
            text("PIM_DATABASE_URL names no database: %(reason)s", reason=error)
        ) from None
    except ModuleNotFoundError as error:
        sentence = text(
            "The database needs “%(name)s”, which is not installed: pip install"
            " 'etalage[postgres]'.",
            name=error.name,
        )
        raise Conflict(sentence) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Etalage")
def pim() -> None:
    """Etalage: one leading record of every product, and from it the right feed for every channel.

    Data lives in PIM_HOME (default ./data); docs/configuration.md lists every variable.
    """


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command its hub as first argument, ``--json``, and errors as sentences with exit code
    1.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
    @wraps(function)
    def run(*args: Any, as_json: bool, **options: Any) -> None:
        hub = Hub(as_json)
        try:
            function(hub, *args, **options)
        except EtalageError as error:
            fail(as_json, error)
        except DatabaseError as error:
            if type(error) not in (
                DatabaseError,
                OperationalError,
            ):  # the others are mistakes of ours
                raise
            away = text("The database does not answer: %(reason)s", reason=error.orig)
            fail(as_json, Unavailable(DISK_FULL if is_disk_full(error) else away))
        except (
            UnicodeEncodeError
        ) as error:  # the shell hands over bytes that are no UTF-8 as half surrogates
            strange = error.object.encode("utf-8", "replace").decode()
            fail(as_json, Conflict(text("“%(value)s” is not text in UTF-8.", value=strange)))
        except OSError as error:
            reason = error.strerror or error
            named = text("%(what)s: %(reason)s", what=error.filename, reason=reason)
            if is_disk_full(error):
                fail(as_json, Unavailable(DISK_FULL))
            fail(as_json, Conflict(named if error.filename else str(reason)))
        finally:
            hub.close()
            close_all()

    return run


def fail(as_json: bool, error: EtalageError) -> NoReturn:
    """Say what is wrong, every complaint on a line of its own, and end with exit code 1."""
    messages = (
        {key: [str(one) for one in texts] for key, texts in error.messages.items()}
        if isinstance(error, Invalid)
        else {}
    )
    if as_json:
        click.echo(
            orjson.dumps(
                {"error": str(error.message), "messages": messages}, option=orjson.OPT_INDENT_2
            ).decode()
        )
    elif messages:
        for key, texts in messages.items():
            for one in texts:
                click.echo(f"{key}: {one}", err=True)
    else:
        click.echo(str(error.message), err=True)
    sys.exit(1)


def mapping_in(path: str) -> Mapping[str, Any]:
    """A YAML file that holds a mapping."""
    content = read_yaml(Path(path).read_bytes(), path)
    if not isinstance(content, Mapping):
        raise Invalid({path: [text("The file is empty or holds no mapping.")]})
    return content
