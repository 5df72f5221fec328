"""Giving and taking rights, as the database keeps them."""

from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from pim.accounts import granting, queries, service
from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant
from pim.errors import Conflict, Invalid, NotFound
from pim.structure.objects import Category, LabelledCode, Structure

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NONE = MappingProxyType({})
STRUCTURE = Structure(
    version=1,
    locales=("nl_NL", "fr_FR"),
    currencies=("EUR",),
    channels=NONE,
    groups={"texts": LabelledCode("texts", {})},
    attributes=NONE,
    families=NONE,
    variants=NONE,
    categories={"bikes": Category("bikes", None, {}), "city": Category("city", "bikes", {})},
    associations=NONE,
)
EDIT = Permission.PRODUCTS_EDIT
FRENCH = Grant(EDIT, locales=frozenset({"fr_FR"}))


def add(session, email="ann@example.org", role="viewer"):
    return service.add_user(session, email, "Ann", role, NOW)


def test_a_grant_beside_the_role(database):
    with database.writing() as session:
        granting.grant(session, STRUCTURE, add(session), FRENCH, NOW)
    with database.reading() as session:
        ann = queries.person_named(session, "Ann@Example.org")
        assert ann.grants_of(EDIT) == (FRENCH,)
        assert ann.may_everywhere(Permission.PRODUCTS_VIEW)
        assert not ann.may(Permission.PRODUCTS_APPROVE)


def test_a_grant_is_there_once(database):
    with database.writing() as session:
        user = add(session)
        first = granting.grant(session, STRUCTURE, user, FRENCH, NOW)
        assert granting.grant(session, STRUCTURE, user, FRENCH, NOW) is first


def test_a_role_of_ones_own(database):
    with database.writing() as session:
        role = granting.add_role(session, "translator", "Vertaler 100 %", NOW)
        granting.grant(session, STRUCTURE, role, FRENCH, NOW)
        granting.grant(session, STRUCTURE, role, Grant(Permission.PRODUCTS_VIEW), NOW)
        add(session, role="translator")
    with database.reading() as session:
        ann = queries.person_named(session, "ann@example.org")
        assert {grant.permission for grant in ann.grants} == {EDIT, Permission.PRODUCTS_VIEW}
        known = queries.roles(session)
        assert list(known)[-1] == "translator"
        assert str(known["translator"].label) == "Vertaler 100 %"


def test_revoking_takes_all_or_exactly_one(database):
    with database.writing() as session:
        user = add(session)
        granting.grant(session, STRUCTURE, user, FRENCH, NOW)
        granting.grant(session, STRUCTURE, user, Grant(EDIT, groups=frozenset({"texts"})), NOW)
        assert granting.revoke(session, user, FRENCH, NOW) == 1
        assert len(queries.grants_of_user(session, user)) == 1
        assert granting.revoke(session, user, Grant(EDIT), NOW) == 1
        with pytest.raises(Conflict, match="not granted"):
            granting.revoke(session, user, Grant(EDIT), NOW)


def test_what_a_role_gives_is_not_taken_from_one_person(database):
    with database.writing() as session:
        user = add(session, role="editor")
        with pytest.raises(Conflict, match="comes with the role"):
            granting.revoke(session, user, Grant(EDIT), NOW)


def test_a_built_in_role_stays_as_it_is(database):
    with database.writing() as session:
        with pytest.raises(Conflict):
            granting.own_role(session, "editor")
        with pytest.raises(Conflict):
            granting.add_role(session, "editor", "Editor", NOW)
        with pytest.raises(NotFound):
            granting.own_role(session, "king")


def test_a_role_that_somebody_has_is_not_removed(database):
    with database.writing() as session:
        granting.add_role(session, "translator", "Translator", NOW)
        user = add(session, role="translator")
        with pytest.raises(Conflict, match="translator"):
            granting.remove_role(session, "translator", NOW)
        service.change_user(session, user.id, role="viewer", active=True, now=NOW)
        granting.remove_role(session, "translator", NOW)
        assert "translator" not in queries.roles(session)


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        (Grant(EDIT, locales=frozenset({"xx_XX"})), "locales"),
        (Grant(EDIT, groups=frozenset({"prices"})), "groups"),
        (Grant(EDIT, trees=frozenset({"city"})), "trees"),  # a category, but no tree
        (Grant(Permission.FEEDS_RUN, locales=frozenset({"fr_FR"})), "locales"),
        (Grant(Permission.PRODUCTS_VIEW, groups=frozenset({"texts"})), "groups"),
    ],
)
def test_a_limit_that_nobody_could_check_is_refused(database, grant, field):
    with database.writing() as session:
        user = add(session)
        with pytest.raises(Invalid) as refused:
            granting.grant(session, STRUCTURE, user, grant, NOW)
        assert set(refused.value.messages) == {field}


def test_who_was_blocked_may_do_nothing(database):
    with database.writing() as session:
        user = add(session, role="admin")
        add(session, "bob@example.org", "admin")
        service.change_user(session, user.id, role="admin", active=False, now=NOW)
    with database.reading() as session:
        assert queries.person_named(session, "ann@example.org") is None
        assert queries.actor_named(session, "ann@example.org").grants == ()
        assert queries.actor_named(session, "command line").may_everywhere(EDIT)


def test_a_token_acts_with_the_grants_of_its_role(database):
    with database.writing() as session:
        key = service.add_token(session, "till", "viewer", "ann", NOW)
        till = queries.token_principal(session, queries.find_token(session, key))
        assert till.kind == "token"
        assert till.may(Permission.PRODUCTS_VIEW)
        assert not till.may(EDIT)
