"""Migrations and models say the same, on both engines."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, text

from pim import migrate
from pim.db import Database
from pim.imports.models import ImportRun


def tables(database: Database) -> dict[str, Any]:
    """Table -> columns with their types and index names, as the database itself tells it."""
    found = inspect(database.engine)
    return {
        name: (
            sorted(
                (column["name"], str(column["type"]), column["nullable"])
                for column in found.get_columns(name)
            ),
            sorted(str(index["name"]) for index in found.get_indexes(name)),
        )
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def test_migrating_an_empty_database_gives_the_tables_of_the_models(
    empty_database: Database, database: Database
) -> None:
    migrate.upgrade(empty_database)
    assert migrate.differences(empty_database) == []
    assert tables(empty_database) == tables(database)


def test_an_upgrade_is_done_once_and_says_so(empty_database: Database) -> None:
    assert not migrate.is_current(empty_database)
    migrate.upgrade(empty_database)
    migrate.upgrade(empty_database)
    assert migrate.is_current(empty_database)
    assert migrate.revision_of(empty_database) == migrate.newest_revision()


def test_a_column_that_no_model_knows_is_noticed(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    with empty_database.writing() as session:
        session.execute(text("ALTER TABLE product ADD COLUMN forgotten INTEGER"))
    assert [entry[0] for entry in migrate.differences(empty_database)] == ["remove_column"]


def test_an_upgrade_that_fails_at_the_end_leaves_nothing_behind(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: Connection) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(migrate, "_refuse_orphans", fail)
    with pytest.raises(OSError, match="disk full"):
        migrate.upgrade(empty_database)
    assert inspect(empty_database.engine).get_table_names() == []


def test_foreign_keys_are_watched_again_after_an_upgrade(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'etalage.db'}")) as database:
        migrate.upgrade(database)
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


CHANGES = (
    (1, "{}", (None, False, None, None, "{}")),
    (2, '{"status":"draft","published":null,"reason":"x"}', ("draft", True, None, "x", "{}")),
    (3, '{"status":"approved","name":"A"}', ("approved", False, None, None, '{"name":"A"}')),
    (4, '{"status":"draft","published":{"a":"A"}}', ("draft", True, '{"a":"A"}', None, "{}")),
    (5, '{"reason":"an attribute"}', (None, False, None, None, '{"reason":"an attribute"}')),
    (6, '{"status":"retired","published":{"b":"B"}}', ("retired", False, '{"b":"B"}', None, "{}")),
)
"""id and version, what stood among the old values, and what stands in which column afterwards."""


def test_steps_of_the_workflow_move_into_columns_of_their_own(empty_database: Database) -> None:
    migrate.upgrade(empty_database, "0006")
    with empty_database.writing() as session:
        for change_id, old, _ in CHANGES:
            values = {"id": change_id, "version": change_id, "old": old}
            session.execute(
                text(
                    "INSERT INTO change (id, product_id, version, at, source, actor, old) VALUES"
                    " (:id, 1, :version, '2026-11-22 12:00:00', 'user', 'anna', :old)"
                ),
                values,
            )
    migrate.upgrade(empty_database)
    with empty_database.reading() as session:
        found = session.execute(
            text(
                "SELECT status_before, is_approval, published_before, reason, old FROM change"
                " ORDER BY id"
            )
        ).all()
    assert [(row[0], bool(row[1]), *row[2:]) for row in found] == [one[2] for one in CHANGES]


def test_feeds_of_before_go_on_taking_only_complete_products(empty_database: Database) -> None:
    migrate.upgrade(empty_database, "0020")
    with empty_database.writing() as session:
        statement = text(
            "INSERT INTO feed (code, label, exporter, channel, locale, currency, link, options,"
            " mapping, nonce, position) VALUES ('till', 'Till', 'tryton_pos', 'shop', 'nl_NL',"
            " 'EUR', '', '{}', '{}', '0', 0)"
        )
        session.execute(statement)
    migrate.upgrade(empty_database)
    with empty_database.reading() as session:
        assert session.execute(text("SELECT only_complete FROM feed")).scalar() in (1, True)


def test_jobs_are_told_what_they_are_about(empty_database: Database) -> None:
    migrate.upgrade(empty_database, "0007")
    jobs = {
        "feed": '{"code":"google_nl","full":false}',
        "revert": '{"run":"r1"}',
        "import": '{"path":"/data/uploads/abc","profile":{}}',
        "mail": "{}",
    }
    with empty_database.writing() as session:
        for kind, args in jobs.items():
            statement = text(
                "INSERT INTO job (kind, args, state, attempts, run_after, progress_done, created,"
                " cancel_requested) VALUES (:kind, :args, 'done', 1, '2026-11-22 12:00:00', 0,"
                " '2026-11-22 12:00:00', false)"
            )
            session.execute(statement, {"kind": kind, "args": args})
    migrate.upgrade(empty_database)
    with empty_database.reading() as session:
        rows = session.execute(text("SELECT kind, subject FROM job")).all()
    found = {row.kind: row.subject for row in rows}
    assert found == {"feed": "feed:google_nl", "revert": "run:r1", "import": "file:abc", "mail": ""}


def test_imports_that_were_taken_back_say_by_whom_as_far_as_jobs_are_kept(
    empty_database: Database,
) -> None:
    migrate.upgrade(empty_database, "0032")
    run = text(
        "INSERT INTO import_run (id, profile, definition, filename, sha256, dry_run, state, actor,"
        ' "cursor", rows, created, updated, unchanged, refused, warnings, milliseconds, started)'
        " VALUES (:id, 'erp', '{}', 'a.csv', '', :no, 'done', 'anna', 1, 1, 1, 0, 0, 0, 0, 1, :at)"
    )
    job = text(
        "INSERT INTO job (kind, args, state, attempts, progress_done, cancel_requested, run_after,"
        " created, finished, requested_by, subject)"
        " VALUES ('revert', '{}', :state, 1, 0, :no, :at, :at, :at, :by, :subject)"
    )
    same = {"no": False, "at": "2026-11-22 12:00:00"}
    with empty_database.writing() as session:
        for one in ("r1", "r2", "r3"):
            session.execute(run, {"id": one, **same})
        for state, by, one in (
            ("failed", "bo", "r1"),
            ("done", "anna", "r1"),
            ("failed", "bo", "r2"),
        ):
            session.execute(job, {"state": state, "by": by, "subject": f"run:{one}", **same})
    migrate.upgrade(empty_database)
    with empty_database.reading() as session:
        found = {one.id: one for one in session.scalars(select(ImportRun))}
    assert [found[one].undone_by for one in ("r1", "r2", "r3")] == ["anna", None, None]
    assert found["r1"].undone == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert found["r2"].undone is None


def test_products_of_an_earlier_hub_are_found_by_the_keys_of_this_one(
    empty_database: Database,
) -> None:
    migrate.upgrade(empty_database, "0017")
    earlier = {
        1: ("Maß-1", "mass-1"),
        2: ("CAFE\u0301", "cafe\u0301"),
        3: ("Caf\u00e9", "caf\u00e9"),
    }
    insert = (
        "INSERT INTO product (id, identifier, key, kind, root_id, enabled, status,"
        " \"values\", version, seq, created, updated) VALUES (:id, :identifier, :key, 'product',"
        " :id, true, 'draft', '{}', 1, :id, :now, :now)"
    )
    with empty_database.writing() as session:
        for number, (identifier, key) in earlier.items():
            now = datetime(2026, 1, 1)
            row = {"id": number, "identifier": identifier, "key": key, "now": now}
            session.execute(text(insert), row)
    migrate.upgrade(empty_database)
    with empty_database.reading() as session:
        keys: dict[int, str] = dict(session.execute(text("SELECT id, key FROM product")).all())
    # The third product has the key of the second already, so that one keeps its own.
    assert keys == {1: "maß-1", 2: "cafe\u0301", 3: "caf\u00e9"}
