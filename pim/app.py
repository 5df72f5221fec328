"""The web application, wired: ``create_app(settings, database)``."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Flask, request

from pim import web
from pim.config import Settings
from pim.db import Database
from pim.folders import folder
from pim.http.compression import compress
from pim.http.identifiers import IdentifierConverter
from pim.http.numbers import NumberConverter
from pim.http.request_log import watch
from pim.http.security import guard
from pim.web.look import decorate

YEAR = 365 * 86400
log = structlog.get_logger()


class WebApplication(Flask):
    """Flask, with what a browser may keep of static files."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """A year where the address carries the file's hash. A script that another script imports
        has an address without one, so the browser asks each time whether it has changed.
        """
        is_imported_script = (filename or "").endswith(".js") and "v" not in request.args
        return None if is_imported_script else YEAR

    def log_exception(self, exc_info: Any) -> None:
        """A bug, in our log's words: Flask would write the address, which may be a secret."""
        log.error("request failed", exc_info=exc_info)


def create_app(
    settings: Settings,
    database: Database,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Flask:
    """A Flask application over this database. ``clock`` gives the moment of each request."""
    app = WebApplication("pim", template_folder=str(folder("templates")), static_folder="static")
    app.extensions.update(etalage_settings=settings, etalage_database=database, etalage_clock=clock)
    app.url_map.converters.update(identifier=IdentifierConverter, int=NumberConverter)
    compress(app)
    watch(app)
    guard(app, settings)
    decorate(app)
    web.register(app)
    return app
