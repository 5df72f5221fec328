import pytest

from pim.accounts.permissions import PERMISSIONS, ROLES, demand, may
from pim.errors import Denied


def test_each_role_holds_what_the_lesser_ones_hold():
    for permission in PERMISSIONS:
        held = [may(role, permission) for role in ROLES]
        assert held == sorted(held)


def test_an_editor_edits_but_does_not_approve():
    assert may("editor", "products.edit")
    assert not may("editor", "products.approve")
    with pytest.raises(Denied):
        demand("editor", "products.approve")


def test_an_unknown_permission_is_a_bug_and_not_a_refusal():
    with pytest.raises(KeyError):
        demand("admin", "products.juggle")
