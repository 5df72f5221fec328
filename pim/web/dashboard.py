"""The first page after signing in."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pim.web.page import needs, page

pages = Blueprint("dashboard", __name__)


@pages.get("/")
@needs("dashboard.view")
def show() -> ResponseReturnValue:
    return page("dashboard/show.html")
