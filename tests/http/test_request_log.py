"""A line for each request: who, what, how long, and nothing that is secret."""

import pytest
from flask import Blueprint
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from pim.accounts import service
from pim.accounts.permissions import Permission
from pim.app import create_app
from pim.config import from_environment
from pim.web.page import needs, public


@pytest.fixture
def app(sqlite_database, clock, tmp_path):
    settings = from_environment({"PIM_HOME": str(tmp_path / "home"), "PIM_SECRET_KEY": "k" * 40})
    made = create_app(settings, sqlite_database, clock)
    made.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return made


def fail_with(app, error):
    pages = Blueprint("failing", __name__)

    @pages.get("/failing/<secret>")
    @public()
    def fail(secret):
        raise error

    app.register_blueprint(pages)


def test_a_request_is_told_with_its_person_and_its_id(app, sqlite_database, clock):
    with sqlite_database.writing() as session:
        ann = service.add_user(session, "ann@example.org", "Ann", "viewer", clock())
        token = service.sign_in_link(session, ann, clock())
    client = app.test_client()
    with capture_logs() as told:
        client.post(f"/login/{token}")
        answer = client.get("/products?q=secret")
    first, second = told
    assert (first["method"], first["route"], first["status"]) == ("POST", "/login/<token>", 303)
    assert (second["route"], second["person"]) == ("/products", "ann@example.org")
    assert second["ms"] >= 0
    assert answer.headers["X-Request-Id"]
    assert token not in repr(told)
    assert "secret" not in repr(told)


@pytest.mark.parametrize(
    ("path", "method", "status", "route"),
    [
        ("/no/such/page", "GET", 404, None),
        ("/products", "DELETE", 405, None),
        ("/products", "GET", 303, "/products"),
        ("/login?next=%00", "GET", 400, "/login"),
    ],
)
def test_what_is_refused_is_told_too(app, path, method, status, route):
    with capture_logs() as told:
        app.test_client().open(path, method=method)
    assert [(one["status"], one["route"]) for one in told] == [(status, route)]


def test_files_of_the_interface_are_not_told(app):
    with capture_logs() as told:
        app.test_client().get("/static/css/operations.css").close()
    assert told == []


def test_a_bug_is_told_once_and_its_page_says_where(app):
    fail_with(app, ZeroDivisionError("secret"))
    with capture_logs() as told:
        answer = app.test_client().get("/failing/secret")
    failure, request = told
    assert (failure["event"], failure["log_level"]) == ("request failed", "error")
    assert (request["status"], request["route"]) == (500, "/failing/<secret>")
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_database_that_is_away_is_told(app):
    fail_with(app, OperationalError("SELECT secret", {}, Exception("secret")))
    with capture_logs() as told:
        app.test_client().get("/failing/secret")
    assert [(one["event"], one.get("status")) for one in told] == [
        ("database did not answer", None),
        ("request", 503),
    ]


def test_the_id_of_a_request_is_with_its_other_lines(app):
    pages = Blueprint("trial", __name__)

    @pages.get("/trial")
    @needs(Permission.ACCOUNT_OWN)
    def trial():
        return ""

    app.register_blueprint(pages)
    ids = {app.test_client().get("/trial").headers["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
