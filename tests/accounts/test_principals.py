"""What a grant covers, and what the built-in roles hold."""

import pickle
from itertools import pairwise

import pytest

from pim.accounts.permissions import LIMITED_BY, Permission
from pim.accounts.principals import BUILT_IN_ROLES, COMMAND_LINE, Grant, Place, Principal
from pim.errors import Denied
from pim.products.stores import STORES

EDIT = Permission.PRODUCTS_EDIT
FRENCH = Place(locale="fr_FR", group="texts", trees=frozenset({"bikes"}))
EVERYWHERE_THE_SAME = Place(group="logistics", trees=frozenset({"bikes"}))
IN_NO_TREE = Place(locale="fr_FR", group="texts")


def limited(**limits):
    return Grant(EDIT, **{name: frozenset(codes) for name, codes in limits.items()})


def person(*grants):
    return Principal("person", "ann@example.org", "hub", grants)


def test_each_role_holds_what_the_ones_before_it_hold():
    held = [{grant.permission for grant in role.grants} for role in BUILT_IN_ROLES.values()]
    assert all(less < more for less, more in pairwise(held))
    assert held[-1] == set(Permission)


def test_a_built_in_role_has_no_limits():
    assert all(grant.is_unlimited for role in BUILT_IN_ROLES.values() for grant in role.grants)


def test_an_editor_edits_but_does_not_approve():
    editor = person(*BUILT_IN_ROLES["editor"].grants)
    assert editor.may(EDIT)
    editor.demand(EDIT)
    with pytest.raises(Denied):
        editor.demand(Permission.PRODUCTS_APPROVE)


def test_nobody_may_anything_without_a_grant():
    assert not any(person().may(permission) for permission in Permission)


def test_the_command_line_may_everything():
    assert all(COMMAND_LINE.may_everywhere(permission) for permission in Permission)


@pytest.mark.parametrize(
    ("grant", "covered"),
    [
        (limited(), {"french", "same", "no tree"}),
        (limited(locales=["fr_FR"]), {"french", "no tree"}),
        (limited(locales=["nl_NL"]), set()),
        (limited(groups=["texts"]), {"french", "no tree"}),
        (limited(groups=["logistics"]), {"same"}),
        (limited(trees=["bikes"]), {"french", "same"}),
        (limited(trees=["tents"]), set()),
        (limited(locales=["fr_FR"], trees=["bikes"]), {"french"}),
        (limited(locales=["fr_FR"], groups=["logistics"]), set()),
    ],
)
def test_a_limit_covers_what_it_names_and_nothing_else(grant, covered):
    places = {"french": FRENCH, "same": EVERYWHERE_THE_SAME, "no tree": IN_NO_TREE}
    assert {name for name, place in places.items() if person(grant).may_at(EDIT, place)} == covered


def test_grants_add_up():
    both = person(limited(locales=["fr_FR"]), limited(groups=["logistics"]))
    assert both.may_at(EDIT, FRENCH)
    assert both.may_at(EDIT, EVERYWHERE_THE_SAME)
    assert not both.may_everywhere(EDIT)


def test_a_principal_goes_to_another_process():
    ann = person(limited(locales=["fr_FR"]))
    assert ann.may(EDIT)  # what it remembers goes along
    assert pickle.loads(pickle.dumps(ann)) == ann


def test_only_what_somebody_checks_may_be_limited():
    asked_in_the_plan = {store.edit for store in STORES.values()}
    asked_in_the_plan |= {store.revert for store in STORES.values()}
    asked_in_the_plan |= {Permission.PRODUCTS_VIEW, Permission.PRODUCTS_APPROVE}
    assert LIMITED_BY.keys() == asked_in_the_plan
