"""The pages. One module per page group with a blueprint ``pages``; docs/web.md says how to write
one.
"""

from flask import Flask

from pim.web import (
    dashboard,
    errors,
    feeds,
    imports,
    jobs,
    login,
    people,
    products,
    public,
    settings,
    setup,
)

GROUPS = (setup, login, dashboard, products, imports, feeds, jobs, settings, people, public)


def register(app: Flask) -> None:
    """Puts all page groups and the error pages on the application."""
    for group in GROUPS:
        app.register_blueprint(group.pages)
    errors.register(app)
