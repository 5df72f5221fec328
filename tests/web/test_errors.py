"""Failures become pages in words: never a traceback, never a half-saved change."""

import errno

import pytest
from flask import Blueprint
from sqlalchemy.exc import IntegrityError, OperationalError

from pim.errors import DISK_FULL, Conflict, Denied, Invalid, NotFound, Unavailable, text
from pim.web.page import public


def failing(error):
    pages = Blueprint("failing", __name__)

    @pages.get("/failing")
    @public()
    def fail():
        raise error

    return pages


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(text("There is no product “%(sku)s”.", sku="<b>1</b>")), 404),
        (Denied("No."), 403),
        (Conflict("Somebody was first."), 409),
        (Invalid({"name-nl_NL": [text("Too long.")]}), 422),
        (OperationalError("SELECT 1", {}, Exception("database is locked")), 503),
    ],
)
def test_each_kind_of_error_has_its_status_and_sentence(app, client, error, status):
    app.register_blueprint(failing(error))
    response = client.get("/failing")
    assert response.status_code == status
    assert "Traceback" not in response.text
    assert "<b>1</b>" not in response.text
    if status == 503:
        assert response.headers["Retry-After"] == "5"
        assert "locked" not in response.text
    else:
        assert (
            str(error).split(": ")[-1].replace("<b>1</b>", "&lt;b&gt;1&lt;/b&gt;") in response.text
        )


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("SELECT 1", {}, Exception("database or disk is full")), str(DISK_FULL)),
        (OSError(errno.ENOSPC, "No space left on device"), str(DISK_FULL)),
        (Unavailable(text("The storage does not answer.")), "The storage does not answer."),
    ],
)
def test_what_the_hub_stands_on_is_called_by_its_name(app, client, error, sentence):
    app.register_blueprint(failing(error))
    response = client.get("/failing")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert sentence in response.text
    assert "database does not answer" not in response.text


def test_another_fault_of_a_file_is_a_bug(app, client):
    app.register_blueprint(failing(FileNotFoundError("/home/secret")))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get("/failing")
    assert response.status_code == 500
    assert "secret" not in response.text


def test_a_bug_is_a_page_too(app, client):
    app.register_blueprint(failing(ZeroDivisionError("secret detail")))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get("/failing")
    assert response.status_code == 500
    assert "secret detail" not in response.text


def test_who_made_a_thing_second_is_told_and_not_shown_the_statement(app, client):
    duplicate = Exception("UNIQUE constraint failed: feed.code")
    app.register_blueprint(failing(IntegrityError("INSERT", {}, duplicate)))
    response = client.get("/failing")
    assert response.status_code == 409
    assert "Somebody else made the same thing" in response.text
    assert "feed.code" not in response.text


def test_a_row_that_is_wrong_otherwise_is_a_bug(app, client):
    app.register_blueprint(failing(IntegrityError("INSERT", {}, Exception("NOT NULL failed"))))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get("/failing").status_code == 500


def test_htmx_gets_a_toast_and_the_page_stays(app, client):
    app.register_blueprint(failing(Conflict("Somebody was first.")))
    response = client.get("/failing", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#toasts"
    assert "<html" not in response.text


def test_an_unknown_address_and_a_wrong_method(client):
    assert client.get("/nowhere").status_code == 404
    response = client.send("/")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client):
    response = client.get("/account", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith("/login")
