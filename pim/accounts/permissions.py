"""Who may do what. Each role holds what the roles before it hold; a permission names the least role
that has it.
"""

from pim.errors import Denied, text

ROLES = ("viewer", "editor", "approver", "admin")

PERMISSIONS = {
    "account.own": "viewer",  # one's own name, language, password
    "dashboard.view": "viewer",
    "products.view": "viewer",
    "products.edit": "editor",
    "products.approve": "approver",
    "products.revert": "approver",
    "products.delete": "approver",
    "media.view": "viewer",
    "media.edit": "editor",
    "imports.view": "viewer",
    "imports.run": "editor",
    "imports.revert": "approver",
    "imports.configure": "approver",
    "feeds.view": "viewer",
    "feeds.run": "editor",
    "feeds.release": "approver",  # publish a held build, go back to an earlier one
    "feeds.configure": "approver",
    "jobs.view": "viewer",
    "jobs.retry": "editor",
    "jobs.cancel": "approver",
    "catalog.view": "viewer",
    "catalog.edit": "admin",
    "users.manage": "admin",
    "tokens.manage": "admin",
}


def may(role: str, permission: str) -> bool:
    """True when the role holds the permission. KeyError or ValueError for a name that does not
    exist: a bug, not a refusal.
    """
    return ROLES.index(role) >= ROLES.index(PERMISSIONS[permission])


def demand(role: str, permission: str) -> None:
    """Raises Denied when the role does not hold the permission."""
    if not may(role, permission):
        raise Denied(text("Your role does not allow this. Ask an administrator if you need it."))
