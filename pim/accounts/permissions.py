"""The permissions there are. A route, a step of the workflow or a kind of job asks for one of them.

A permission that nothing asks for is not in this list: ``tests/web/test_access.py`` compares.
"""

from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """The right to do one thing.

    The value is what people type and what the database holds: what it is about, a dot, and a verb.
    Those of one thing stand together, seeing before changing. A permission says nothing of who has
    it: that is what roles and grants are for.
    """

    ACCOUNT_OWN = "account.own"  # one's own name, language and password

    DASHBOARD_VIEW = "dashboard.view"

    PRODUCTS_VIEW = "products.view"
    PRODUCTS_EDIT = "products.edit"
    PRODUCTS_APPROVE = "products.approve"
    PRODUCTS_REVERT = "products.revert"

    VIEWS_SHARE = "views.share"  # views of the list that everybody sees

    MEDIA_VIEW = "media.view"
    MEDIA_EDIT = "media.edit"
    MEDIA_REVERT = "media.revert"

    IMPORTS_VIEW = "imports.view"
    IMPORTS_RUN = "imports.run"
    IMPORTS_REVERT = "imports.revert"
    IMPORTS_CONFIGURE = "imports.configure"

    FEEDS_VIEW = "feeds.view"
    FEEDS_RUN = "feeds.run"
    FEEDS_RELEASE = "feeds.release"  # publish a held build, go back to an earlier one
    FEEDS_CONFIGURE = "feeds.configure"

    JOBS_VIEW = "jobs.view"
    JOBS_RETRY = "jobs.retry"
    JOBS_CANCEL = "jobs.cancel"

    CATALOG_VIEW = "catalog.view"
    CATALOG_EDIT = "catalog.edit"

    USERS_MANAGE = "users.manage"


LIMITED_BY: Final = {
    Permission.PRODUCTS_VIEW: frozenset({"trees"}),
    Permission.PRODUCTS_EDIT: frozenset({"locales", "groups", "trees"}),
    Permission.PRODUCTS_APPROVE: frozenset({"locales", "groups", "trees"}),
    Permission.PRODUCTS_REVERT: frozenset({"locales", "groups", "trees"}),
    Permission.MEDIA_EDIT: frozenset({"locales", "groups"}),
    Permission.MEDIA_REVERT: frozenset({"locales", "groups"}),
}
"""By what a grant of a permission may be limited. What is not named here is granted whole: nobody
checks a limit there, and a limit that nobody checks must not be stored.
"""
