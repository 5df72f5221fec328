"""A hub in a test: `app` on both engines, a `client` that is nobody yet, `enter(role)` that signs
it in, a real `browser`.
"""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server
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


class Browser:
    """A Chromium page on a running hub. ``errors`` collects what its console complains about."""

    def __init__(self, page: Page, address: str, database: Database) -> None:
        self.page, self.address, self.database = page, address, database
        self.errors: list[str] = []
        page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def enter(self, role: str) -> Page:
        """Signs in as a new user with that role, by a one-time link."""
        with self.database.writing() as session:
            now = datetime.now(UTC)
            user = service.add_user(session, f"{role}@example.org", role.title(), role, now)
            token = service.sign_in_link(session, user, now)
        self.page.goto(f"{self.address}/login/{token}")
        self.page.get_by_role("button", name="Open Etalage").click()
        self.page.wait_for_url(f"{self.address}/")
        return self.page

    @contextmanager
    def saving(self) -> Iterator[None]:
        """The block saves, and this save is answered when it ends: a page that says "Saved." may
        say so of the one before.
        """
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            yield
        expect(self.page.get_by_text("Saved.")).to_be_visible()

    def check(self) -> None:
        """No accessibility finding in light or dark, no error in the console, nothing blocked by
        the policy. After a click that opens another page, wait for that page's address first.
        """
        self.page.wait_for_load_state()
        for theme in ("light", "dark"):
            self.page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
            found = Axe().run(self.page).response["violations"]
            assert not found, (
                theme,
                self.page.url,
                [(one["id"], [node["target"] for node in one["nodes"]]) for one in found],
            )
        assert self.errors == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Debian's Chromium, started once."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments
        )
        yield started
        started.close()


@pytest.fixture
def browser(chromium: Chromium, settings: Settings, sqlite_database: Database) -> Iterator[Browser]:
    """A real browser on a real server (SQLite: what the browser sees does not depend on the
    engine).
    """
    server = make_server("127.0.0.1", 0, create_app(settings, sqlite_database), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = chromium.new_context(
        viewport={"width": 1360, "height": 850}, locale="en-GB", reduced_motion="reduce"
    )
    yield Browser(context.new_page(), f"http://127.0.0.1:{server.port}", sqlite_database)
    context.close()
    server.shutdown()
    server.server_close()
    sqlite_database.close()
