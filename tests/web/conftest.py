"""A hub in a test: `app` on both engines, a `client` that is nobody yet, and `enter(role)` that signs it in."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pim.accounts import service
from pim.app import create_app
from pim.config import Settings, from_environment
from pim.db import Database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return from_environment({"PIM_HOME": str(tmp_path / "home"), "PIM_SECRET_KEY": "k" * 40})


@pytest.fixture
def app(settings: Settings, database: Database, clock: Callable) -> Flask:
    app = create_app(settings, database, clock)
    app.config.update(RATELIMIT_ENABLED=False)
    return app


class Visitor(FlaskClient):
    """A client that can send forms as a browser does: with the CSRF token of the page."""

    def send(self, path: str, **fields: object) -> TestResponse:
        return self.post(path, data={"csrf_token": csrf_token(self), **fields})


@pytest.fixture
def client(app: Flask) -> Visitor:
    app.test_client_class = Visitor
    return cast(Visitor, app.test_client())


def csrf_token(client: FlaskClient) -> str:
    page = client.get("/login").get_data(as_text=True)
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page[:500]
    return found.group(1)


@pytest.fixture
def enter(database: Database, client: Visitor, clock: Callable) -> Callable[[str], Visitor]:
    """`enter("editor")` signs the client in as a new user with that role."""

    def enter_as(role: str) -> Visitor:
        email = f"{role}@example.org"
        with database.writing() as session:
            user = service.add_user(session, email, role.title(), role, clock())
            token = service.sign_in_link(session, user, clock())
        assert client.send(f"/login/{token}").status_code == 303
        return client

    return enter_as
