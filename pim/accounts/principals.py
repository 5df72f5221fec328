"""Who acts, and what they may do: principals, their grants, and roles as bundles of grants. Pure.

Grants add up and never take away: a principal may do something when one of its grants covers it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

from pim.accounts.permissions import Permission
from pim.errors import Denied, Text, text

PrincipalKind = Literal["person", "token", "import", "rule", "system"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be written or read, as far as grants can tell places apart.

    locale: of the address, None where its value is the same in every locale. group: the group of
    the attribute, None where it has none and for what is no attribute (family, categories, status).
    trees: the category trees in which the product stands.
    """

    locale: str | None = None
    group: str | None = None
    trees: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission, possibly only for some locales, attribute groups or category trees.

    None means "everywhere". A limit names what is covered and nothing else: a grant for ``fr_FR``
    does not cover a price that is the same in every locale, and a grant for the tree ``bikes`` does
    not cover a product that stands in no tree.
    """

    permission: Permission
    locales: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    trees: frozenset[str] | None = None

    @property
    def is_unlimited(self) -> bool:
        return self.locales is None and self.groups is None and self.trees is None

    def covers(self, place: Place) -> bool:
        if self.locales is not None and place.locale not in self.locales:
            return False
        if self.groups is not None and place.group not in self.groups:
            return False
        return self.trees is None or not self.trees.isdisjoint(place.trees)


@dataclass(frozen=True)
class Principal:
    """Who answers for a request or a change.

    name: as people know them, an e-mail address for a person. owner: the system for which they
    write; it may overwrite the values of attributes that this system owns. None may overwrite all
    (a migration, an undo).
    """

    kind: PrincipalKind
    name: str
    owner: str | None
    grants: tuple[Grant, ...]

    @cached_property
    def _grants_of(self) -> dict[Permission, tuple[Grant, ...]]:
        found: dict[Permission, tuple[Grant, ...]] = {}
        for grant in self.grants:
            found[grant.permission] = (*found.get(grant.permission, ()), grant)
        return found

    @cached_property
    def _unlimited(self) -> frozenset[Permission]:
        return frozenset(grant.permission for grant in self.grants if grant.is_unlimited)

    def grants_of(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants of one permission; none where it was not granted."""
        return self._grants_of.get(permission, ())

    def may(self, permission: Permission) -> bool:
        """Whether the permission was granted at all, for however little."""
        return permission in self._grants_of

    def may_everywhere(self, permission: Permission) -> bool:
        """Whether the permission was granted without any limit."""
        return permission in self._unlimited

    def may_at(self, permission: Permission, place: Place) -> bool:
        """Whether one of the grants covers this place."""
        if permission in self._unlimited:
            return True
        return any(grant.covers(place) for grant in self.grants_of(permission))

    def demand(self, permission: Permission) -> None:
        """Raises :class:`Denied` where the permission was not granted at all."""
        if not self.may(permission):
            raise Denied(
                text("You are not allowed to do this. Ask an administrator if you need it.")
            )

    def for_owner(self, owner: str | None) -> "Principal":
        """The same principal with the same grants, writing for another system."""
        return replace(self, owner=owner)


@dataclass(frozen=True, slots=True)
class Role:
    """A named bundle of grants. The built-in ones stand in code, a shop's own in the database."""

    code: str
    label: Text
    grants: tuple[Grant, ...]
    is_built_in: bool = False


def whole(permissions: Iterable[Permission]) -> tuple[Grant, ...]:
    """Grants without limits."""
    return tuple(Grant(permission) for permission in permissions)


_VIEWER: Final = (
    Permission.ACCOUNT_OWN,
    Permission.DASHBOARD_VIEW,
    Permission.PRODUCTS_VIEW,
    Permission.MEDIA_VIEW,
    Permission.IMPORTS_VIEW,
    Permission.FEEDS_VIEW,
    Permission.JOBS_VIEW,
    Permission.CATALOG_VIEW,
)
_EDITOR: Final = (
    *_VIEWER,
    Permission.PRODUCTS_EDIT,
    Permission.MEDIA_EDIT,
    Permission.IMPORTS_RUN,
    Permission.FEEDS_RUN,
    Permission.JOBS_RETRY,
)
_APPROVER: Final = (
    *_EDITOR,
    Permission.PRODUCTS_APPROVE,
    Permission.PRODUCTS_REVERT,
    Permission.VIEWS_SHARE,
    Permission.MEDIA_REVERT,
    Permission.IMPORTS_REVERT,
    Permission.IMPORTS_CONFIGURE,
    Permission.FEEDS_RELEASE,
    Permission.FEEDS_CONFIGURE,
    Permission.JOBS_CANCEL,
)

BUILT_IN_ROLES: Final = {
    role.code: role
    for role in (
        Role("viewer", text("Viewer: sees everything"), whole(_VIEWER), True),
        Role(
            "editor",
            text("Editor: products, imports and building feeds"),
            whole(_EDITOR),
            True,
        ),
        Role(
            "approver",
            text("Approver: publishes, undoes and sets up feeds"),
            whole(_APPROVER),
            True,
        ),
        Role("admin", text("Administrator: structure and people"), whole(Permission), True),
    )
}
"""Each holds what the ones before it hold."""

EVERYTHING: Final = whole(Permission)
COMMAND_LINE: Final = Principal("system", "command line", "hub", EVERYTHING)
"""Whoever has a shell on the machine has its database too, so nothing is kept from them."""
THE_PROGRAM: Final = Principal("system", "Etalage", None, EVERYTHING)
"""Changes that nobody asked for: the demo shop, migrations, repairs."""
