"""The web application, wired: ``create_app(settings, database)``."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from pim import web
from pim.config import Settings
from pim.db import Database
from pim.folders import folder
from pim.http.security import guard
from pim.web.look import decorate

YEAR = 365 * 86400


def create_app(
    settings: Settings,
    database: Database,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Flask:
    """A Flask application over this database. ``clock`` gives the moment of each request."""
    app = Flask("pim", template_folder=str(folder("templates")), static_folder="static")
    app.extensions.update(etalage_settings=settings, etalage_database=database, etalage_clock=clock)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR  # addresses of static files carry a hash
    guard(app, settings)
    decorate(app)
    web.register(app)
    return app
