"""What the web promises whoever asks: deny by default, CSRF everywhere, sessions that end, one
policy for scripts.
"""

import re
from datetime import timedelta

import pytest
from flask import Blueprint
from sqlalchemy import select

from pim.accounts import service
from pim.accounts.models import User
from pim.accounts.permissions import Permission
from pim.accounts.principals import BUILT_IN_ROLES
from pim.app import create_app
from pim.web.page import PUBLIC, needs, session


def may(role, permission):
    return any(grant.permission == permission for grant in BUILT_IN_ROLES[role].grants)


ANY = {"string": "x", "path": "x", "identifier": "x", "int": "1", "default": "x"}


def rules(app):
    """(method, address with made-up parts, permission) of every page."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        address = re.sub(
            r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>",
            lambda part: ANY[part.group(1) or "default"],
            rule.rule,
        )
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, address, getattr(app.view_functions[rule.endpoint], "permission", None)


def test_every_route_declares_its_permission(app):
    undeclared = [
        (method, address)
        for method, address, permission in rules(app)
        if permission not in {*Permission, PUBLIC}
    ]
    assert undeclared == []


def test_a_route_without_a_declaration_is_never_served(app, enter):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert enter("admin").get("/forgotten").status_code == 403


def test_the_api_is_no_exception(app, enter):
    pages = Blueprint("api", __name__)
    pages.add_url_rule("/api/forgotten", "forgotten", lambda: "secret")
    inner = Blueprint("inner", __name__)
    inner.add_url_rule("/api/inner/forgotten", "forgotten", lambda: "secret")
    pages.register_blueprint(inner)
    app.register_blueprint(pages)
    client = enter("admin")
    assert client.get("/api/forgotten").status_code == 403
    assert client.get("/api/inner/forgotten").status_code == 403


def test_templates_ask_for_permissions_that_there_are():
    from pim.folders import folder

    texts = [path.read_text() for path in folder("templates").rglob("*.html")]
    asked = {name for text in texts for name in re.findall(r'\.may\("([^"]+)"\)', text)}
    assert asked
    assert asked <= set(Permission)


def test_every_permission_is_asked_for_by_some_route(app):
    asked = {permission for _method, _address, permission in rules(app)}
    assert set(Permission) - asked == set()


def test_nobody_sees_a_page_without_signing_in(app, client):
    for method, address, permission in rules(app):
        if permission != PUBLIC and method == "GET":
            response = client.get(address)
            assert (response.status_code, response.location.split("?")[0]) == (
                303,
                "/login",
            ), address


@pytest.mark.parametrize("role", BUILT_IN_ROLES)
def test_a_page_opens_for_the_roles_that_hold_its_permission_only(app, enter, role):
    pages = Blueprint("trial", __name__)
    for permission in Permission:
        pages.add_url_rule(
            f"/trial/{permission}", permission.replace(".", "_"), needs(permission)(lambda: "open")
        )
    app.register_blueprint(pages)
    client = enter(role)
    opened = {
        permission
        for permission in Permission
        if client.get(f"/trial/{permission}").status_code == 200
    }
    assert opened == {permission for permission in Permission if may(role, permission)}
    assert ("users.manage" in opened) == (role == "admin")


@pytest.mark.parametrize("role", BUILT_IN_ROLES)
def test_every_route_refuses_the_roles_below_its_permission(app, enter, role):
    client = enter(role)
    app.config["WTF_CSRF_ENABLED"] = False  # here the permission alone is looked at
    for method, address, permission in rules(app):
        if permission != PUBLIC and not may(role, permission):
            assert client.open(address, method=method).status_code == 403, (address, permission)


def test_every_unsafe_route_without_a_csrf_token_is_refused(app, enter):
    client = enter("admin")
    unsafe = [(method, address) for method, address, _permission in rules(app) if method != "GET"]
    assert unsafe
    for method, address in unsafe:
        assert client.open(address, method=method).status_code == 400, address


def test_signing_out_ends_the_session_on_the_server(enter):
    client = enter("viewer")
    stolen = client.get_cookie("etalage").value
    assert client.get("/").status_code == 200
    assert client.send("/logout").status_code == 303
    client.set_cookie("etalage", stolen)
    assert client.get("/").status_code == 303


def test_an_answer_of_400_and_up_commits_nothing(app, database, enter):
    pages = Blueprint("trial", __name__)

    @pages.post("/trial")
    @needs(Permission.ACCOUNT_OWN)
    def rename():
        session().scalar(select(User)).name = "changed"
        session().flush()
        return "refused", 422

    app.register_blueprint(pages)
    assert enter("viewer").send("/trial").status_code == 422
    with database.reading() as opened:
        assert opened.scalar(select(User.name)) == "Viewer"


def test_a_get_cannot_keep_a_change(app, database, enter):
    pages = Blueprint("trial", __name__)

    @pages.get("/trial")
    @needs(Permission.ACCOUNT_OWN)
    def rename():
        session().scalar(select(User)).name = "changed"
        return "seen"

    app.register_blueprint(pages)
    assert enter("viewer").get("/trial").status_code == 200
    with database.reading() as opened:
        assert opened.scalar(select(User.name)) == "Viewer"


def test_headers(client):
    headers = client.get("/login").headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"


def test_templates_hold_no_inline_script_style_or_handler():
    from pim.folders import folder

    for path in folder("templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"\son(click|change|submit|input|load)=", text), path
        assert not re.search(r"\sstyle=", text), path
        assert not re.search(r"<style(?![^>]*\bnonce=)", text), path
        assert "|safe" not in text, path


def test_the_cookie_is_for_the_server_only(client):
    cookie = client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_behind_https_the_cookie_stays_there(settings, sqlite_database, clock):
    from dataclasses import replace

    app = create_app(replace(settings, base_url="https://hub.example.org"), sqlite_database, clock)
    response = app.test_client().get("/login", base_url="https://hub.example.org")
    assert "Secure" in response.headers["Set-Cookie"]
    assert "max-age" in response.headers["Strict-Transport-Security"]


def test_guessing_passwords_is_slowed_down(settings, sqlite_database, clock):
    app = create_app(settings, sqlite_database, clock)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    codes = [
        client.post("/login", data={"email": "a@example.org", "password": "guess"}).status_code
        for _ in range(12)
    ]
    assert codes[0] == 422
    assert codes[-1] == 429


def guess(client, email, address, password="guess"):
    answer = client.post(
        "/login",
        data={"email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )
    return answer.status_code


@pytest.fixture
def guessing(settings, sqlite_database, clock):
    """A client of a hub that counts attempts, with one user who has a password."""
    with sqlite_database.writing() as opened:
        user = service.add_user(opened, "ann@example.org", "Ann", "viewer", clock())
        service.set_password(opened, user, "a good sentence", clock())
    app = create_app(settings, sqlite_database, clock)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_an_account_is_guessed_at_slowly_from_however_many_places(guessing):
    codes = [guess(guessing, " ANN@example.org", f"192.0.2.{place}") for place in range(12)]
    assert codes == 10 * [422] + 2 * [429]
    assert guess(guessing, "ann@example.org", "192.0.2.99", "a good sentence") == 429
    assert guess(guessing, "bob@example.org", "192.0.2.99") == 422


def test_one_place_guesses_slowly_at_however_many_accounts(guessing):
    codes = [guess(guessing, f"a{number}@example.org", "192.0.2.1") for number in range(32)]
    assert codes == 30 * [422] + 2 * [429]
    assert guess(guessing, "ann@example.org", "192.0.2.2", "a good sentence") == 303


def test_the_addresses_of_one_ipv6_customer_are_one_place(guessing):
    places = [f"2001:db8:1:2::{number:x}" for number in range(32)]
    codes = [guess(guessing, f"{place}@example.org", place) for place in places]
    assert codes[-1] == 429
    assert guess(guessing, "ann@example.org", "2001:db8:1:3::1") == 422


def test_attempts_that_succeed_are_not_counted(guessing):
    codes = {guess(guessing, "ann@example.org", "192.0.2.1", "a good sentence") for _ in range(40)}
    assert codes == {303}


def test_every_process_of_the_hub_counts_the_same_attempts(settings, database, clock):
    hubs = [create_app(settings, database, clock) for _ in range(3)]
    for hub in hubs:
        hub.config["WTF_CSRF_ENABLED"] = False
    codes = [
        guess(hub.test_client(), "ann@example.org", f"192.0.2.{place}")
        for place in range(4)
        for hub in hubs
    ]
    assert codes == 10 * [422] + 2 * [429]
    restarted = create_app(settings, database, clock)
    restarted.config["WTF_CSRF_ENABLED"] = False
    assert guess(restarted.test_client(), "ann@example.org", "192.0.2.9") == 429


def test_after_a_while_somebody_may_try_again(settings, database, clock):
    late = {"by": timedelta()}
    app = create_app(settings, database, lambda: clock() + late["by"])
    app.config["WTF_CSRF_ENABLED"] = False
    codes = [guess(app.test_client(), "ann@example.org", "192.0.2.1") for _ in range(11)]
    assert codes[-1] == 429
    late["by"] = timedelta(minutes=15)
    assert guess(app.test_client(), "ann@example.org", "192.0.2.1") == 422


def test_nul_characters_are_refused_at_the_edge(client):
    assert client.get("/login?next=%00").status_code == 400
    assert client.send("/login", email="a\x00@example.org", password="x").status_code == 400


def test_signing_in_never_leads_to_another_site(database, client, clock):
    with database.writing() as opened:
        user = service.add_user(opened, "ann@example.org", "Ann", "viewer", clock())
        service.set_password(opened, user, "a good sentence", clock())
    for target in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/account%0d%0aSet-Cookie:%20a=b",
        "/%0a/evil.example",
        "/%09/evil.example",
        "http://[",
    ):
        response = client.send(
            f"/login?next={target}", email="ann@example.org", password="a good sentence"
        )
        assert response.location == "/"
    assert (
        client.send(
            "/login?next=/account", email="ann@example.org", password="a good sentence"
        ).location
        == "/account"
    )
