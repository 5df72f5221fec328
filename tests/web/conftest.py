"""A hub in a test: `app` on both engines, a `client` that is nobody yet, `enter(role)` that signs
it in, a real `browser`.
"""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
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

from media.storage import Storage
from pim.accounts import queries as accounts
from pim.accounts import service
from pim.app import create_app
from pim.clock import utc_now
from pim.config import Settings, from_environment
from pim.db import Database
from pim.demo.load import load as load_demo
from pim.feeds.run import run_feed
from pim.job_kinds import handlers
from pim.jobs.runner import Runner


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


def axe_findings(page: Page) -> list[str]:
    """What axe finds against accessibility in a page as it stands."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


def press_save(page: Page) -> None:
    """Ctrl+S as people press it: when the page's script is there, and not the browser's own."""
    expect(page.locator("form[data-changes]")).to_be_attached()
    page.keyboard.press("Control+s")


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
        """Signs in as a user with that role, by a one-time link."""
        with self.database.writing() as session:
            now, email = datetime.now(UTC), f"{role}@example.org"
            user = accounts.user_by_email(session, email) or service.add_user(
                session, email, role.title(), role, now
            )
            token = service.sign_in_link(session, user, now)
        self.page.goto(f"{self.address}/login/{token}")
        self.page.get_by_role("button", name="Open Etalage").click()
        self.page.wait_for_url(f"{self.address}/")
        return self.page

    @contextmanager
    def saving(self) -> Iterator[None]:
        """The block saves, and this save is answered and shown when it ends: a page that says
        "Saved." may say so of the one before, and the new page may still be on its way.
        """
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            yield
        expect(self.page.locator("form[data-saving]")).to_have_count(0)
        expect(self.page.get_by_text("Saved.")).to_be_visible()

    def check(self) -> None:
        """No accessibility finding in light or dark, no error in the console, nothing blocked by
        the policy. After a click that opens another page, wait for that page's address first.
        """
        self.page.wait_for_load_state()
        for theme in ("light", "dark"):
            self.page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
            found = axe_findings(self.page)
            assert not found, (theme, self.page.url, found)
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


@dataclass(frozen=True)
class DemoHub:
    """The demo shop, loaded and its feeds built."""

    settings: Settings
    database: Database

    def app(self) -> Flask:
        app = create_app(self.settings, self.database)
        app.config.update(RATELIMIT_ENABLED=False)
        app.test_client_class = Visitor
        return app

    def enter(self, app: Flask, role: str, language: str = "en") -> Visitor:
        """A client in which somebody new with that role is signed in."""
        client, now = cast(Visitor, app.test_client()), datetime.now(UTC)
        with self.database.writing() as session:
            number = len(accounts.users(session))
            user = service.add_user(session, f"{role}{number}@example.org", "Noor", role, now)
            token = service.sign_in_link(session, user, now)
        assert client.send(f"/login/{token}").status_code == 303
        client.send("/language", language=language, next="/")
        return client


@pytest.fixture(scope="session")
def loaded_demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a hub with the demo shop, made once; `demo` gives a copy of it."""
    home = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, home / "etalage.db")
    settings = _demo_settings(home)
    with closing(Database(f"sqlite:///{home / 'etalage.db'}")) as database:
        storage = Storage(settings.storage_url)
        load_demo(database, storage, utc_now, lambda done, total, text: None)
        for code in ("google_nl", "google_de", "tryton_till"):
            run_feed(database, storage, home, code, settings.base_url, utc_now)
    return home


@pytest.fixture
def demo(loaded_demo: Path, tmp_path: Path) -> Iterator[DemoHub]:
    home = tmp_path / "demo"
    shutil.copytree(loaded_demo, home)
    with closing(Database(f"sqlite:///{home / 'etalage.db'}")) as database:
        yield DemoHub(_demo_settings(home), database)


@pytest.fixture
def worked_demo(chromium: Chromium, demo: DemoHub) -> Iterator[Browser]:
    """The demo shop with somebody who works off its jobs."""
    storage = Storage(demo.settings.storage_url)
    runner = Runner(demo.database, handlers(demo.settings, storage), 1, poll_seconds=0.1)
    runner.start()
    server = make_server("127.0.0.1", 0, demo.app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    yield Browser(page, f"http://127.0.0.1:{server.port}", demo.database)
    page.close()
    server.shutdown()
    server.server_close()
    runner.stop()


def _demo_settings(home: Path) -> Settings:
    return from_environment({"PIM_HOME": str(home), "PIM_SECRET_KEY": "k" * 40})
