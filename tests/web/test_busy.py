"""Somebody else writes for longer than a person waits: pages are read all the same, and what was
entered is not lost.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from html import unescape
from typing import Any

import pytest
from sqlalchemy import delete, update

from pim.accounts.models import User, UserSession
from pim.app import create_app
from pim.config import Settings
from pim.db import Counter, Database
from pim.products import queries, service
from pim.products.change import Origin, ProductInput
from pim.structure import service as structures
from tests.web.conftest import Visitor, csrf_token

STRUCTURE: dict[str, Any] = {
    "locales": ["en_GB"],
    "currencies": [],
    "channels": {"shop": {"labels": {}, "locales": ["en_GB"], "currencies": [], "tree": None}},
    "attributes": {"sku": {"type": "identifier"}, "name": {"type": "text"}},
    "families": {"mugs": {"attributes": ["sku", "name"], "label": "name"}},
    "categories": {},
}
HUB = Origin("user", "anna", "hub")


@pytest.fixture
def database(engine_name: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """One on which a page waits for a moment only."""
    made: Database = request.getfixturevalue(f"{engine_name}_database")
    with closing(Database(url_of(made), page_patience=0.2)) as impatient:
        yield impatient


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def shop(database: Database, clock: Callable) -> Database:
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        service.write(session, [ProductInput("M", {"family": "mugs"})], HUB, clock())
    return database


@contextmanager
def busy(database: Database) -> Iterator[None]:
    """Another process's writer, with what every other one needs."""
    with closing(Database(url_of(database))) as other, other.writing() as session:
        session.execute(update(Counter).values(value=Counter.value))
        session.execute(update(User).values(name=User.name))
        yield


def name_of(database: Database) -> Any:
    with database.reading() as session:
        return queries.get(session, "M").product.values.get("name")


def test_a_save_that_found_no_turn_is_sent_again_from_the_page_that_says_so(
    shop: Database, enter: Callable[[str], Visitor]
) -> None:
    client = enter("editor")
    typed = "Mug, “large”\r\n<b>blue</b>"
    fields = {"version": "1", "was-name": "", "value-name": typed}
    with busy(shop):
        page = client.get("/products/M")
        refused = client.send("/products/M?in=shop.en_GB", **fields)
    assert page.status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert name_of(shop) is None
    address = re.search(r'<form method="post" action="(/products[^"]*)"', refused.text)
    assert address is not None
    again = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', refused.text)
    kept = {unescape(name): unescape(value) for name, value in again}
    assert kept["value-name"] == typed
    assert client.post(unescape(address[1]), data=kept).status_code == 303
    assert name_of(shop) == typed.replace("\r\n", "\n")


def test_a_password_is_on_no_page(shop: Database, enter: Callable[[str], Visitor]) -> None:
    client = enter("editor")
    with busy(shop):
        refused = client.send("/account/password", current="", password="a secret of anna")
    assert refused.status_code == 503
    assert "a secret of anna" not in refused.text
    assert "What you entered is kept" not in refused.text


@pytest.mark.parametrize("path", ["/settings/people", "/product/new", "/logout"])
def test_whoever_is_signed_in_no_more_is_told_so_without_waiting_for_a_turn(
    shop: Database, enter: Callable[[str], Visitor], path: str
) -> None:
    client = enter("admin")
    token = csrf_token(client)
    with shop.writing() as session:
        session.execute(delete(UserSession))
    with busy(shop):
        answer = client.post(path, data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/login")


def test_whoever_may_not_is_told_so_without_waiting_for_a_turn(
    shop: Database, enter: Callable[[str], Visitor]
) -> None:
    client = enter("viewer")
    with busy(shop):
        assert client.send("/settings/people", name="Els").status_code == 403


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/settings", "attributes: ["),
        ("/settings/try", "attributes: {brand: {type: text}}"),
        ("/imports/profiles", "code: erp"),
    ],
)
def test_yaml_is_read_before_a_turn_is_waited_for(
    shop: Database, enter: Callable[[str], Visitor], path: str, document: str
) -> None:
    client = enter("admin")
    with busy(shop):
        answer = client.send(path, document=document)
    assert answer.status_code == (200 if path.endswith("try") else 422)


def test_a_structure_that_found_no_turn_is_not_changed(
    shop: Database, enter: Callable[[str], Visitor]
) -> None:
    client = enter("admin")
    with busy(shop):
        refused = client.send("/settings", document="attributes: {brand: {type: text}}")
    assert refused.status_code == 503
    assert "brand: {type: text}" in unescape(refused.text)


def test_a_guess_that_cannot_be_counted_gets_no_answer(
    shop: Database, settings: Settings, clock: Callable
) -> None:
    app = create_app(settings, shop, clock)
    app.config["WTF_CSRF_ENABLED"] = False
    guess = {"email": "ann@example.org", "password": "guess"}
    assert app.test_client().post("/login", data=guess).status_code == 422
    with busy(shop):
        refused = app.test_client().post("/login", data=guess)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
