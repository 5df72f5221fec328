"""Identifiers arrive as they are, whatever browsers take them for."""

import posixpath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pim.app import create_app
from pim.config import from_environment
from pim.http.identifiers import address_of_each, read, spell

ODD = [".", "..", "a/..", "../a", "a//b", "/a", "a/", "/", "~2F", "a~7Eb/.", "a/12", "~", "..."]


@given(st.text("./~2EF7a", min_size=1))
@example("~7E2F")
def test_what_is_spelled_is_read_back_and_no_folder_is_seen_in_it(identifier):
    spelled = spell(identifier)
    assert read(spelled) == identifier
    assert posixpath.normpath(f"/products/{spelled}") == f"/products/{spelled}"


def test_what_browsers_leave_alone_stays_as_it_is():
    for identifier in ("A-1", "a/12", "10~5", "1.5", "..."):
        assert spell(identifier) == identifier


@pytest.mark.parametrize("identifier", ODD)
def test_a_product_is_reached_under_its_address(app, identifier):
    with app.test_request_context("/"):
        address = app.url_for("products.show", identifier=identifier)
        path = unquote(urlsplit(address).path)
        endpoint, arguments = app.create_url_adapter(None).match(path, "GET")
    assert (endpoint, arguments) == ("products.show", {"identifier": identifier})


def test_addresses_of_many_are_those_of_each(app):
    with app.test_request_context("/"):
        address_of = address_of_each("products.show", tab="history")
        for identifier in [*ODD, "A 1", "ü%2F", "a?b#c"]:
            expected = app.url_for("products.show", identifier=identifier, tab="history")
            assert address_of(identifier) == expected


@pytest.fixture
def app(sqlite_database, clock, tmp_path):
    settings = {"PIM_HOME": str(tmp_path / "home"), "PIM_SECRET_KEY": "k" * 40}
    made = create_app(from_environment(settings), sqlite_database, clock)
    made.config["SERVER_NAME"] = "localhost"
    return made
