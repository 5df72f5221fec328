"""The pages. One module per page group with a blueprint ``pages``; docs/web.md says how to write
one.
"""

from flask import Flask

from pim.http.doors import PAGES, Door, add_door
from pim.http.errors import register as register_errors
from pim.web import (
    assets,
    audit_log,
    bell,
    dashboard,
    feed_versions,
    feeds,
    find,
    imports,
    jobs,
    login,
    people,
    products,
    public,
    settings,
    setup,
    system,
    taxonomies,
    words,
)
from pim.web.errors import error_page
from pim.web.page import recognise, to_sign_in

GROUPS = (
    setup,
    login,
    bell,
    dashboard,
    find,
    products,
    assets,
    imports,
    feeds,
    taxonomies,
    jobs,
    settings,
    words,
    people,
    audit_log,
    feed_versions,
    system,
    public,
)


def register(app: Flask) -> None:
    """Puts all page groups and the error pages on the application."""
    add_door(app, PAGES, Door(recognise, to_sign_in, error_page))
    for group in GROUPS:
        app.register_blueprint(group.pages)
    register_errors(app)
