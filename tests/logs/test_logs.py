"""What the log says, and what it must not."""

import io
import logging

import orjson
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pim import logs


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def restored():
    """Puts logging back as it was."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.basicConfig(handlers=handlers, level=level, force=True)


@pytest.fixture
def stream(restored):
    made = io.StringIO()
    logs.configure(made, logging.INFO)
    return made


def lines(stream):
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


def test_a_thing_that_happened_is_a_line_of_json(stream):
    with structlog.contextvars.bound_contextvars(request="abc"):
        structlog.get_logger().info("request", status=200)
    structlog.get_logger().debug("nobody wants to know")
    (line,) = lines(stream)
    assert (line["event"], line["request"], line["status"]) == ("request", "abc", 200)
    assert line["level"] == "info"


def test_an_error_is_told_without_what_it_quotes(stream):
    try:
        try:
            int("secret")
        except ValueError as error:
            raise LookupError("secret") from error
    except LookupError:
        structlog.get_logger().exception("job failed")
    (line,) = lines(stream)
    assert line["error"] == "LookupError: ValueError"
    assert [place.rpartition(" ")[2] for place in line["at"]] == [
        "test_an_error_is_told_without_what_it_quotes"
    ]
    assert "secret" not in stream.getvalue()


def test_an_error_of_the_database_has_its_code_and_no_values(stream, database):
    insert = text("INSERT INTO counter (name, value) VALUES (:name, 1)")
    with database.writing() as session:
        session.execute(insert, {"name": "secret"})
        with pytest.raises(DBAPIError) as caught, session.begin_nested():
            session.execute(insert, {"name": "secret"})
    structlog.get_logger().error("request failed", exc_info=caught.value)
    (line,) = lines(stream)
    assert line["error"].split()[-1] in (
        "SQLITE_CONSTRAINT",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "23505",
    )
    assert "secret" not in stream.getvalue()
    assert "[SQL parameters hidden" in str(caught.value)


def test_a_line_of_a_library_is_told_without_its_arguments(stream):
    logging.getLogger("waitress").error("Exception while serving %s", "/login/secret")
    (line,) = lines(stream)
    assert (line["logger"], line["event"]) == ("waitress", "Exception while serving %s")
    assert "secret" not in stream.getvalue()


def test_a_person_who_watches_reads_words(restored):
    terminal = Terminal()
    logs.configure(terminal, logging.INFO)
    structlog.get_logger().info("request", status=200)
    assert not terminal.getvalue().startswith("{")
    assert "request" in terminal.getvalue()
    assert "status=200" in terminal.getvalue()
