"""An administrator lets people in: the link is shown once and lets them choose a password."""

import re

import pytest

from pim.accounts import granting, queries
from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant
from pim.structure.queries import structure
from tests.support import coats


@pytest.fixture
def shop(database):
    coats.fill(database)


def test_somebody_who_is_added_comes_in_with_the_link_that_is_shown(enter, client):
    enter("admin")
    shown = client.send("/settings/people", name="Els", email="els@example.org", role="editor").text
    path = re.search(r"http[^<]*(/invite/[\w-]+)", shown).group(1)
    assert path not in client.get("/settings/people").text
    client.send("/logout")
    assert client.send(path, password="een lange zin 77").status_code == 303
    assert "Els" in client.get("/").text
    assert client.get("/settings/people").status_code == 403


def test_a_wrong_address_is_said_beside_its_field_and_what_was_typed_stays(enter):
    answer = enter("admin").send("/settings/people", name="Els", email="els", role="editor")
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'value="Els"' in answer.text


def test_what_somebody_may_do_beside_their_role_stands_beside_it(shop, enter, database, clock):
    client = enter("admin")
    client.send("/settings/people", name="Els", email="els@example.org", role="viewer")
    assert "Beside the role" not in client.get("/settings/people").text
    with database.writing() as session:
        els = queries.user_by_email(session, "els@example.org")
        for grant in (
            Grant(Permission.PRODUCTS_EDIT, locales=frozenset({"nl_NL", "en_GB"})),
            Grant(Permission.IMPORTS_RUN),
        ):
            granting.grant(session, structure(session), els, grant, clock())
    page = client.get("/settings/people").text
    assert re.findall(r"Beside the role: (.*?)</div>", page, re.DOTALL) == [
        "<code>products.edit</code> · English, Dutch",
        "<code>imports.run</code>",
    ]


def test_the_last_administrator_stays_one(enter):
    client = enter("admin")
    assert client.send("/settings/people/1", role="viewer", active="on").status_code in (409, 422)
    assert client.get("/settings/people").status_code == 200


def role_and_access(database, email):
    with database.reading() as session:
        user = queries.user_by_email(session, email)
        return user.role, user.active


def test_two_administrators_change_a_person_at_the_same_time(database, enter):
    client = enter("admin")
    client.send("/settings/people", name="Els", email="els@example.org", role="editor")
    opened = {"role": "editor", "active": "on", "seen_role": "editor", "seen_active": "on"}
    blocked = {key: one for key, one in opened.items() if key != "active"}
    assert client.send("/settings/people/2", **blocked).status_code == 303
    assert client.send("/settings/people/2", **opened | {"role": "viewer"}).status_code == 303
    assert role_and_access(database, "els@example.org") == ("viewer", False)
    refused = client.send("/settings/people/2", **opened | {"role": "approver"})
    assert refused.status_code == 409
    assert "was changed meanwhile, by admin@example.org" in refused.text
    assert role_and_access(database, "els@example.org") == ("viewer", False)
