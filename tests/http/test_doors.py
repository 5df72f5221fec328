"""A door of its own: another part of the application, which knows tokens and answers in JSON.

It stands for the API. It cannot leave a door open: the rules hold behind every door.
"""

from dataclasses import dataclass

import pytest
from flask import Blueprint, Flask, jsonify, request

from pim.accounts import queries, service
from pim.accounts.models import ApiToken
from pim.accounts.permissions import Permission
from pim.accounts.principals import Principal
from pim.app import create_app
from pim.config import from_environment
from pim.errors import Conflict, Denied
from pim.http.doors import Door, add_door
from pim.http.permission import declared_permission, needs, principal, public
from pim.http.security import csrf
from pim.http.session import session


@dataclass(frozen=True)
class Program:
    principal: Principal
    language: str | None = "en"
    zone: str = "UTC"


def recognise(opened):
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    token = queries.find_token(opened, key) if scheme == "Bearer" else None
    return Program(queries.token_principal(opened, token)) if token else None


def turn_away():
    return {"errors": ["A token, please."]}, 401


def tell_error(answer):
    sentences = [str(one) for one in answer.sentences]
    response = jsonify({"status": answer.status, "errors": sentences})
    response.status_code = answer.status
    response.headers.update(answer.headers)
    return response


pages = Blueprint("api", __name__)


@pages.get("/api/products")
@needs(Permission.PRODUCTS_VIEW)
def products():
    return jsonify({"asked by": principal().name})


@pages.post("/api/products")
@needs(Permission.PRODUCTS_EDIT)
def change():
    return jsonify({"changed": True})


@pages.post("/api/conflict")
@needs(Permission.PRODUCTS_VIEW)
def conflict():
    session().add(ApiToken())
    raise Conflict("Somebody was first.")


@pages.get("/api/health")
@public()
def health():
    return jsonify({"up": True})


@pages.get("/api/forgotten")
def forgotten():
    return jsonify({"secret": True})


@pytest.fixture
def app(database, clock, tmp_path) -> Flask:
    settings = from_environment({"PIM_HOME": str(tmp_path / "home"), "PIM_SECRET_KEY": "k" * 40})
    made = create_app(settings, database, clock)
    csrf.exempt(pages)
    made.register_blueprint(pages)
    add_door(
        made, "api", Door(recognise, lambda: ({"errors": ["A token, please."]}, 401), tell_error)
    )
    return made


@pytest.fixture
def program(app, database, clock):
    """The headers of a program whose token has the role "viewer"."""
    with database.writing() as opened:
        key = service.add_token(opened, "till", "viewer", "ann", clock())
    return {"Authorization": f"Bearer {key}"}


def test_a_program_is_recognised_by_its_token(app, program):
    assert app.test_client().get("/api/products", headers=program).json == {"asked by": "till"}


def test_who_is_unknown_is_turned_away_as_the_door_does(app):
    response = app.test_client().get("/api/products")
    assert (response.status_code, response.json) == (401, {"errors": ["A token, please."]})


def test_a_program_has_the_grants_of_its_role_and_no_more(app, program):
    response = app.test_client().post("/api/products", headers=program)
    assert response.status_code == 403
    assert response.json["errors"][0].startswith("You are not allowed")


def test_what_declares_nothing_is_closed(app, program):
    assert declared_permission(app, "api.forgotten") is None
    response = app.test_client().get("/api/forgotten", headers=program)
    assert response.status_code == 403
    assert "secret" not in response.text


def test_what_is_public_is_open(app):
    assert app.test_client().get("/api/health").json == {"up": True}


def test_an_error_is_told_as_the_door_does_and_nothing_is_kept(app, program, database):
    response = app.test_client().post("/api/conflict", headers=program)
    assert (response.status_code, response.json["errors"]) == (409, ["Somebody was first."])
    with database.reading() as opened:
        assert len(queries.tokens(opened)) == 1


def test_the_pages_keep_their_own_door(app):
    assert app.test_client().get("/products").location.startswith("/login")


def test_nobody_answers_for_a_request_without_a_caller(app):
    with app.test_request_context("/"), pytest.raises(Denied):
        principal()
