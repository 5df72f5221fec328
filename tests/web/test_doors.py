"""Doors x grants: whoever asks, and by whatever door, the same grants decide what is written.

Ann has the role "viewer" and one grant beside it. She tries the same changes by the form, by a
file and by a step for many products. Whoever is at the command line may do everything.
"""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from media.storage import Storage
from pim.accounts import granting
from pim.accounts.models import User
from pim.accounts.permissions import Permission
from pim.accounts.principals import COMMAND_LINE, Grant
from pim.accounts.queries import actor_named
from pim.imports.profiles import read_profile
from pim.imports.run import import_products
from pim.job_kinds import handlers
from pim.jobs.runner import Runner
from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductInput
from pim.products.revert import revert_run
from pim.structure import queries as structures
from pim.structure import service as structure_service

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STRUCTURE = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {"shop": {"locales": ["nl_NL", "en_GB"], "currencies": ["EUR"], "tree": "bikes"}},
    "groups": {"texts": {}, "logistics": {}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "localizable": True, "group": "texts"},
        "notes": {"type": "text", "group": "texts"},
        "stock": {"type": "number", "group": "logistics"},
    },
    "families": {
        "goods": {
            "attributes": ["sku", "name", "notes", "stock"],
            "label": "name",
            "requirements": {"shop": []},
        }
    },
    "categories": {"bikes": {"children": {"city": {}}}, "tents": {}},
}
EDIT = Permission.PRODUCTS_EDIT
CHANGES = {"name-nl_NL": "Fiets", "name-en_GB": "Bike", "notes": "new", "stock": "5"}
"""What is tried at product A, which stands in the tree "bikes", and at T, in "tents"."""


def only(**limits):
    return Grant(EDIT, **{name: frozenset(codes) for name, codes in limits.items()})


GRANTS = {
    "nothing": (None, set()),
    "everything": (only(), {"A name-nl_NL", "A name-en_GB", "A notes", "A stock"}),
    "Dutch": (only(locales=["nl_NL"]), {"A name-nl_NL"}),
    "texts": (only(groups=["texts"]), {"A name-nl_NL", "A name-en_GB", "A notes"}),
    "Dutch texts": (only(locales=["nl_NL"], groups=["texts"]), {"A name-nl_NL"}),
    "bikes": (only(trees=["bikes"]), {"A name-nl_NL", "A name-en_GB", "A notes", "A stock"}),
    "tents": (only(trees=["tents"]), set()),
}
MAKES_PRODUCTS = {"everything", "bikes"}
EVERYWHERE = pytest.mark.parametrize("granted", GRANTS)


@pytest.fixture
def shop(database, clock):
    """A in the tree "bikes", T in "tents", N in none."""
    with database.writing() as session:
        structure_service.apply(session, STRUCTURE)
        service.write(
            session,
            [
                ProductInput("A", {"family": "goods", "name-nl_NL": "Oud", "categories": ["city"]}),
                ProductInput("T", {"family": "goods", "categories": ["tents"]}),
                ProductInput("N", {"family": "goods"}),
            ],
            Origin("user", "setup", None),
            clock(),
        )
    return database


@pytest.fixture
def ann(shop, enter):
    """A client in which Ann is signed in, once she was granted something beside her role."""

    def sign_in(grant, role="viewer"):
        client = enter(role)
        if grant is not None:
            give(shop, grant)
        return client

    return sign_in


def give(database, grant):
    with database.writing() as session:
        user = session.scalar(select(User))
        granting.grant(session, structures.structure(session), user, grant, NOW)


def written(database, identifier="A"):
    """The tried changes that stand at the product."""
    with database.reading() as session:
        document = queries.get(session, identifier).product.values
    return {f"{identifier} {at}" for at, new in CHANGES.items() if str(document.get(at)) == new}


def save(client, identifier, **values):
    """Send a product's form with these values changed."""
    page = client.get(f"/products/{identifier}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    fields = {"version": version.group(1) if version else ""}
    for address, value in values.items():
        fields |= {f"was-{address}": "", f"value-{address}": value}
    return client.send(f"/products/{identifier}", **fields)


@EVERYWHERE
def test_the_form(shop, ann, granted):
    grant, allowed = GRANTS[granted]
    client = ann(grant)
    for address, value in CHANGES.items():
        status = save(client, "A", **{address: value}).status_code
        if grant is None:
            assert status == 403
        else:
            assert status == (303 if f"A {address}" in allowed else 422), address
    assert written(shop) == allowed


@EVERYWHERE
def test_the_form_refuses_a_whole_save_for_one_value(shop, ann, granted):
    grant, allowed = GRANTS[granted]
    save(ann(grant), "A", **CHANGES)
    assert written(shop) == (allowed if len(allowed) == len(CHANGES) else set())


@EVERYWHERE
def test_a_file(shop, ann, clock, tmp_path, granted):
    grant, allowed = GRANTS[granted]
    ann(grant)
    for address, value in CHANGES.items():
        take_in(shop, tmp_path, clock, "viewer@example.org", f"Nr;X\nA;{value}\n", address)
    assert written(shop) == allowed


@EVERYWHERE
def test_a_new_product_by_a_file(shop, ann, clock, tmp_path, granted):
    grant, _allowed = GRANTS[granted]
    ann(grant)
    run = take_in(
        shop, tmp_path, clock, "viewer@example.org", "Nr;X\nNEW;city\n", "categories", family=True
    )
    assert (run.created == 1) == (granted in MAKES_PRODUCTS)


@EVERYWHERE
def test_a_step_for_many_products(shop, ann, clock, settings, granted):
    grant, _allowed = GRANTS[granted]
    client = ann(grant)
    begun = client.send("/products/bulk", identifier=list("ATN"), to="submit")
    shown = client.get(begun.location).text if begun.status_code == 303 else ""
    seen = re.search('name="seen" value="([^"]+)"', shown)
    if seen is not None:
        client.send(begun.location.replace("/preview", "/apply"), seen=seen.group(1))
        storage = Storage(settings.storage_url)
        Runner(shop, handlers(settings, storage), workers=0, clock=clock).run_until_idle()
    with shop.reading() as session:
        moved = {one for one in "ATN" if queries.get(session, one).product.status == "review"}
    expected = {"everything": {"A", "T", "N"}, "bikes": {"A"}, "tents": {"T"}}
    assert moved == expected.get(granted, set())


@EVERYWHERE
def test_the_command_line_is_not_asked(shop, ann, clock, tmp_path, granted):
    ann(GRANTS[granted][0])
    for address, value in CHANGES.items():
        take_in(shop, tmp_path, clock, COMMAND_LINE.name, f"Nr;X\nA;{value}\n", address)
    assert len(written(shop)) == len(CHANGES)


def take_in(database, folder, clock, actor, content, address, family=False):
    """A file with one column, as a job of this actor takes it in."""
    always = "always: {family: goods}\n" if family else ""
    profile = read_profile(
        f"code: trial\nlabel: Trial\nsource: hub\nkey: Nr\n{always}"
        f"columns: {{Nr: sku, X: {address}}}\n"
    )
    path = folder / "file.csv"
    path.write_text(content)
    with database.reading() as session:
        principal = actor_named(session, actor)
    return import_products(database, path, profile, actor, clock, principal=principal)


def test_the_form_shows_what_may_not_be_changed(shop, ann):
    page = ann(only(groups=["logistics"])).get("/products/A?in=.nl_NL").text
    assert 'name="was-stock"' in page
    assert 'name="was-notes"' not in page


def test_a_person_who_was_blocked_imports_nothing_more(shop, ann, clock, tmp_path):
    ann(only())
    with shop.writing() as session:
        session.scalar(select(User)).active = False
    run = take_in(shop, tmp_path, clock, "viewer@example.org", "Nr;X\nA;5\n", "stock")
    assert (run.updated, run.left_out) == (0, 1)


def test_nobody_moves_a_product_into_the_tree_of_others(shop, ann):
    client = ann(only(trees=["bikes"]))
    client.send("/product/categories/A", category=["city", "tents"])
    with shop.reading() as session:
        assert queries.get(session, "A").document["categories"] == ["city"]


def test_publishing_asks_about_every_value_that_channels_would_see(shop, ann, clock):
    ann(Grant(Permission.PRODUCTS_APPROVE, locales=frozenset({"nl_NL"})))
    with shop.writing() as session:
        anna = Origin.by(actor_named(session, "viewer@example.org"), "user")
        first = publishing.approve(session, ["A"], anna, clock(), "first")
        publishing.approve(session, ["A"], Origin("user", "setup", None), clock(), "first")
        changed = [ProductInput("A", {"name-nl_NL": "Fiets"})]
        service.write(session, changed, Origin("user", "setup", None), clock())
        again = publishing.approve(session, ["A"], anna, clock(), "again")
        retired = publishing.move(session, ["A"], "retired", anna, clock())
    assert [one.is_refused for one in (first[0], again[0], retired[0])] == [True, False, True]
    assert first[0].problems[0].rule == "permission"


def test_an_undo_needs_a_right_of_its_own(shop, ann, clock, tmp_path):
    run = take_in(shop, tmp_path, clock, COMMAND_LINE.name, "Nr;X\nA;5\n", "stock")
    ann(only())
    with shop.reading() as session:
        undo = Origin.by(actor_named(session, "viewer@example.org").for_owner(None), "revert")
    revert_run(shop, run.id, undo, clock)
    assert written(shop) == {"A stock"}
    give(shop, Grant(Permission.PRODUCTS_REVERT, groups=frozenset({"logistics"})))
    with shop.reading() as session:
        undo = Origin.by(actor_named(session, "viewer@example.org").for_owner(None), "revert")
    revert_run(shop, run.id, undo, clock)
    assert written(shop) == set()


@pytest.fixture
def beth(shop, enter):
    """Signed in as somebody who may see and edit bikes only."""
    with shop.writing() as session:
        structure = structures.structure(session)
        role = granting.add_role(session, "bikes", "Bikes", NOW)
        for grant in (
            Grant(Permission.PRODUCTS_VIEW, trees=frozenset({"bikes"})),
            only(trees=["bikes"]),
        ):
            granting.grant(session, structure, role, grant, NOW)
    return enter("bikes")


def test_lists_show_what_one_may_see(beth):
    page = beth.get("/products").text
    assert "/products/A" in page
    assert "/products/T" not in page
    assert "/products/N" not in page


def test_what_one_may_not_see_is_not_there(beth):
    assert beth.get("/products/A").status_code == 200
    for path in ("/products/T", "/products/N", "/product/channels/T"):
        assert beth.get(path).status_code == 404
    assert save(beth, "T", notes="mine").status_code == 404


def test_suggestions_and_selections_stay_within_it(beth, shop):
    assert "data-linked" not in beth.get("/product/link-offers?q=t").text
    assert 'data-linked="A"' in beth.get("/product/link-offers?q=a").text
    assert "/products/A" in beth.send("/find", q="a").text
    assert "/products/T" not in beth.send("/find", q="t").text
    assert "Unknown: T." in beth.send("/find", q="A\tT").text
    assert "/products/T" not in beth.get("/products?sku=A,T").text
    page = beth.get(beth.send("/products/bulk", to="submit", all="1").location).text
    assert "/products/A" in page
    assert "/products/T" not in page


def test_every_origin_of_the_product_names_its_principal():
    """The default is for tests: product code that forgets the principal would ask nobody."""
    sources = [path for path in (ROOT / "pim").rglob("*.py") if path.name != "change.py"]
    bare = [
        (path.name, call.lineno)
        for path in sources
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "Origin"
        and len(call.args) + len(call.keywords) < 5
    ]
    assert sources
    assert bare == []
