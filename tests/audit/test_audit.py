"""Who changed the set-up, when, and from what to what."""

import ast
from datetime import UTC, datetime
from pathlib import Path

from pim import audit
from pim.accounts import granting, service
from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant
from pim.imports import store
from pim.products import restructure
from pim.structure import queries as structures

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BOSS = "boss@example.org"
SAID = ("kind", "code", "verb", "old", "new", "by")


def said(entry):
    return tuple(getattr(entry, name) for name in SAID)


def newest(session, count, **wanted):
    session.flush()
    return [said(one) for one in audit.entries(session, limit=count, **wanted)]


def test_only_what_differs_is_written_and_nothing_where_all_is_the_same(database):
    with database.writing() as session:
        before, after = {"label": "Till", "locale": "nl_NL"}, {"label": "Tills", "locale": "nl_NL"}
        audit.record(session, "feed", "till", before, after, NOW, BOSS)
        audit.record(session, "feed", "till", after, dict(after), NOW, BOSS)
        audit.record(session, "feed", "till", after, {"locale": "nl_NL"}, NOW, BOSS)
        audit.record(session, "feed", "till", {"locale": "nl_NL"}, None, NOW, BOSS)
        assert newest(session, 9) == [
            ("feed", "till", "removed", {"locale": "nl_NL"}, {}, BOSS),
            ("feed", "till", "changed", {"label": "Tills"}, {}, BOSS),
            ("feed", "till", "changed", {"label": "Till"}, {"label": "Tills"}, BOSS),
        ]


def test_entries_of_a_kind_and_of_one_thing_page_by_page(database):
    with database.writing() as session:
        for code in ("a", "b", "a", "a"):
            audit.record(session, "role", code, None, {}, NOW, BOSS)
        audit.record(session, "token", "a", None, {}, NOW, BOSS)
        session.flush()
        first = audit.entries(session, kind="role", code="a", limit=2)
        rest = audit.entries(session, kind="role", code="a", before=first[-1].id, limit=2)
        assert (len(first), len(rest)) == (2, 1)
        assert [one.kind for one in audit.entries(session, limit=1)] == ["token"]


def test_people_are_written_down_with_who_did_it(database):
    with database.writing() as session:
        ann = service.add_user(session, "ann@example.org", "Ann", "editor", NOW, by=BOSS)
        service.change_user(session, ann.id, role="approver", active=False, now=NOW, by=BOSS)
        service.change_user(session, ann.id, role="approver", active=False, now=NOW, by=BOSS)
        assert newest(session, 9, kind="person", code="ann@example.org") == [
            (
                "person",
                "ann@example.org",
                "changed",
                {"role": "editor", "active": True},
                {"role": "approver", "active": False},
                BOSS,
            ),
            (
                "person",
                "ann@example.org",
                "added",
                {},
                {"name": "Ann", "role": "editor", "active": True},
                BOSS,
            ),
        ]


def test_of_passwords_and_links_there_is_only_that_they_are_new(database):
    with database.writing() as session:
        ann = service.add_user(session, "ann@example.org", "Ann", "editor", NOW, by=BOSS)
        link = service.invite_link(session, ann, NOW, by=BOSS)
        service.redeem_invite(session, link, "een lange zin 77", NOW)
        found = newest(session, 2)
        assert found == [
            ("person", ann.email, "changed", {}, {"password": "new"}, ann.email),
            ("person", ann.email, "changed", {}, {"link": "invite"}, BOSS),
        ]
        assert link not in repr(found)


def test_roles_and_grants_are_written_down(database):
    with database.writing() as session:
        role = granting.add_role(session, "texts", "Texts", NOW, by=BOSS)
        view = Grant(Permission.PRODUCTS_VIEW)
        granting.grant(session, structures.structure(session), role, view, NOW, by=BOSS)
        granting.revoke(session, role, view, NOW, by=BOSS)
        granting.remove_role(session, "texts", NOW, by=BOSS)
        granted = {"grant": {"permission": "products.view"}}
        assert newest(session, 9, kind="role", code="texts") == [
            ("role", "texts", "removed", {"label": "Texts"}, {}, BOSS),
            ("role", "texts", "changed", granted, {}, BOSS),
            ("role", "texts", "changed", {}, granted, BOSS),
            ("role", "texts", "added", {}, {"label": "Texts"}, BOSS),
        ]


def test_tokens_are_written_down(database):
    with database.writing() as session:
        key = service.add_token(session, "till", "viewer", BOSS, NOW)
        found = newest(session, 1)
        assert found == [("token", "till", "added", {}, {"role": "viewer"}, BOSS)]
        assert key not in repr(found)


WRITTEN_DOWN = {
    "service.add_user",
    "service.change_user",
    "service.invite_link",
    "service.sign_in_link",
    "service.define",
    "service.rotate",
    "feeds.define",
    "store.save",
    "store.remove",
    "keep_profile",
    "restructure.change",
    "people.add_user",
    "granting.add_role",
    "granting.remove_role",
    "granting.grant",
    "granting.revoke",
}


def test_the_product_always_says_who():
    """The default is for tests: an edge that forgets the person would blame the program."""
    calls = [
        (path.name, call)
        for path in (ROOT / "pim").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in WRITTEN_DOWN
    ]
    nameless = [
        (name, call.lineno)
        for name, call in calls
        if "by" not in {keyword.arg for keyword in call.keywords}
    ]
    assert len(calls) >= len(WRITTEN_DOWN)
    assert nameless == []


def test_a_change_of_the_structure_is_written_down(database):
    first = {"attributes": {"sku": {"type": "identifier"}, "name": {"type": "text"}}}
    with database.writing() as session:
        restructure.change(session, first, NOW, by=BOSS)
        restructure.change(session, first, NOW, by=BOSS)
        wider = {"attributes": {"name": {"type": "text", "max_length": 9}}}
        restructure.change(session, wider, NOW, by=BOSS)
        later, earlier = audit.entries(session, kind="structure", limit=9)
        assert list(earlier.new) == ["attributes sku", "attributes name"]
        assert list(later.new) == ["attributes name"]
        assert later.old["attributes name"] != later.new["attributes name"]
        assert (later.by, later.verb) == (BOSS, "changed")


PROFILE = """\
code: erp
label: ERP
owner: erp
key: Nr
columns: {Nr: sku, Naam: name-nl_NL}
"""


def test_import_profiles_are_written_down(database):
    with database.writing() as session:
        store.save(session, PROFILE, NOW, by=BOSS)
        store.save(session, f"# only a comment\n{PROFILE}", NOW, by=BOSS)
        store.save(session, PROFILE.replace("owner: erp", "owner: hub"), NOW, by=BOSS)
        store.remove(session, "erp", NOW, by=BOSS)
        session.flush()
        gone, changed, made = audit.entries(session, kind="profile", code="erp", limit=9)
    assert (gone.verb, changed.verb, made.verb) == ("removed", "changed", "added")
    assert (changed.old, changed.new) == ({"owner": "erp"}, {"owner": "hub"})


def test_the_product_changes_no_structure_unwritten():
    sources = [path for path in (ROOT / "pim").rglob("*.py") if path.name != "restructure.py"]
    bare = [path.name for path in sources if "restructure.apply(" in path.read_text()]
    assert bare == []
