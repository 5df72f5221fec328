"""An administrator lets people in: the link is shown once and lets them choose a password."""

import re


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


def test_the_last_administrator_stays_one(enter):
    client = enter("admin")
    assert client.send("/settings/people/1", role="viewer", active="on").status_code in (409, 422)
    assert client.get("/settings/people").status_code == 200
