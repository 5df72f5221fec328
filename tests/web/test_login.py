import re

from pim.accounts import service
from pim.accounts.models import User
from pim.accounts.queries import user_by_email


def test_first_visit_makes_the_administrator(database, client, clock):
    with database.writing() as session:
        token = service.setup_link(session, clock())
    assert "has no users yet" in client.get("/login").text
    refused = client.send(f"/setup/{token}", email="no", name="Ann", password="a good sentence")
    assert refused.status_code == 422
    assert "This is not an e-mail address." in refused.text
    response = client.send(
        f"/setup/{token}", email="ann@example.org", name="Ann", password="a good sentence"
    )
    assert response.status_code == 303
    assert "You are the administrator" in client.get("/").text
    assert client.get(f"/setup/{token}").status_code == 404


def test_a_wrong_set_up_link_makes_nobody(database, client):
    response = client.send(
        "/setup/guess", email="ann@example.org", name="Ann", password="a good sentence"
    )
    assert response.status_code == 404
    with database.reading() as session:
        assert session.query(User).count() == 0


def test_a_password_signs_in(database, client, clock):
    with database.writing() as session:
        user = service.add_user(session, "ann@example.org", "Ann", "viewer", clock())
        service.set_password(session, user, "a good sentence", clock())
    wrong = client.send("/login", email="ann@example.org", password="a bad sentence")
    assert wrong.status_code == 422
    assert "do not go together" in wrong.text
    assert (
        client.send("/login", email="ann@example.org", password="a good sentence").status_code
        == 303
    )
    assert client.get("/").status_code == 200


def test_looking_at_a_sign_in_link_does_not_use_it_up(database, client, clock):
    with database.writing() as session:
        user = service.add_user(session, "ann@example.org", "Ann", "viewer", clock())
        token = service.sign_in_link(session, user, clock())
    for _ in range(2):
        assert "Welcome, Ann" in client.get(f"/login/{token}").text
    assert client.send(f"/login/{token}").status_code == 303
    assert client.get(f"/login/{token}").status_code == 404


def second_browser(app, database, clock, email):
    other = app.test_client()
    with database.writing() as session:
        token = service.sign_in_link(session, user_by_email(session, email), clock())
    assert other.send(f"/login/{token}").status_code == 303
    return other


def test_changing_the_password_signs_other_devices_out(app, database, enter, clock):
    client = enter("editor")
    other = second_browser(app, database, clock, "editor@example.org")
    assert other.get("/").status_code == 200
    assert client.send("/account/password", password="short").status_code == 422
    assert client.send("/account/password", password="a good sentence").status_code == 303
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 303
    assert (
        "not your present password"
        in client.send("/account/password", current="no", password="another sentence").text
    )


def test_people_see_where_they_are_signed_in_and_sign_out_there(app, database, enter, clock):
    client = enter("editor")
    other = second_browser(app, database, clock, "editor@example.org")
    page = client.get("/account").text
    (address,) = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert client.send(address).status_code == 303
    assert other.get("/").status_code == 303
    assert client.get("/").status_code == 200
    assert client.send(address).status_code == 404


def test_signing_out_everywhere_else_keeps_this_browser(app, database, enter, clock):
    client = enter("editor")
    other = second_browser(app, database, clock, "editor@example.org")
    assert client.send("/account/sessions/end").status_code == 303
    assert (client.get("/").status_code, other.get("/").status_code) == (200, 303)


def test_signing_out_leaves_the_other_browser(app, database, enter, clock):
    client = enter("editor")
    other = second_browser(app, database, clock, "editor@example.org")
    client.send("/logout")
    assert (client.get("/").status_code, other.get("/").status_code) == (303, 200)


def test_a_session_ends_however_busy_it_is(enter, clock):
    client = enter("viewer")
    for _ in range(service.SESSION_DAYS - 1):
        clock.advance(days=1)
        assert client.get("/").status_code == 200
    clock.advance(days=1)
    assert client.get("/").location.startswith("/login")


def test_preferences_are_kept_and_checked(enter):
    client = enter("editor")
    assert client.send("/account", name="Anna", language="nl", zone="Mars/North").status_code == 422
    assert (
        client.send("/account", name="Anna", language="nl", zone="Europe/Paris").status_code == 303
    )
    page = client.get("/account").text
    assert 'lang="nl"' in page
    assert "Anna" in page


def test_the_language_follows_the_browser_the_cookie_and_the_person(client, enter):
    assert "Inloggen" in client.get("/login", headers={"Accept-Language": "nl-BE,en;q=0.5"}).text
    assert "Sign in" in client.get("/login", headers={"Accept-Language": "xx"}).text
    client.send("/language", language="nl", next="/login")
    assert "Inloggen" in client.get("/login").text
    enter("viewer")
    client.send("/language", language="en", next="/account")
    assert "My account" in client.get("/account", headers={"Accept-Language": "nl"}).text
