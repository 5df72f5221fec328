"""Saved views on the list's page: its tabs, and saving, naming, sharing and deleting one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim.accounts import queries as accounts
from pim.accounts import service
from pim.accounts.permissions import Permission
from pim.errors import Denied, Text, text
from pim.products import views
from pim.products.models import SavedView
from pim.structure import queries as catalog
from pim.web.page import PageContent, go, needs, now, person, say, session, show_page, tell
from pim.web.products import columns, listing
from pim.web.products.blueprint import LIST, pages
from pim.web.products.column_pages import chosen_columns

START = "list_view"
"""The preference that says which view a person begins with."""
ALL = "0"
"""The number of the tab without a view: everything there is."""


@dataclass(frozen=True)
class ViewTab:
    """A tab above the list. ``is_changed``: the list is another than was saved. ``url``: of the
    list as it was saved.
    """

    number: int
    label: str
    url: str
    is_current: bool
    is_changed: bool
    is_shared: bool
    may_change: bool


@dataclass(frozen=True)
class ViewDialog(PageContent):
    """What a view is called, for whom it is, whether one begins with it. ``number``: 0 for a new
    one. ``action``, ``share``, ``remove``: where its forms go.
    """

    template = "products/view.html"
    number: int
    name: str
    longest: int
    is_start: bool
    is_shared: bool
    action: str
    share: str
    remove: str


def tabs(reading: Session) -> list[ViewTab]:
    """All products, and behind them the views that the person may open."""
    chosen = request.args.get("view", ALL)
    own = [_tab(one, chosen) for one in views.views_of(reading, person().id)]
    is_known = any(one.is_current for one in own)
    everything = ViewTab(
        0, tell(text("All products")), url_for(LIST, view=ALL), not is_known, False, True, False
    )
    return [everything, *own]


def first_list(reading: Session) -> dict[str, str]:
    """What the list of a person begins with who asked for nothing; empty for everything."""
    if listing.kept(request.args) or "after" in request.args or "before" in request.args:
        return {}
    number = accounts.preference(reading, person().id, START)
    known = {str(one.id): one for one in views.views_of(reading, person().id)} if number else {}
    return _said(known[number]) if number in known else {}


def _tab(view: SavedView, chosen: str) -> ViewTab:
    is_current = str(view.id) == chosen
    return ViewTab(
        view.id,
        view.name,
        _url(view),
        is_current,
        is_current and _spelled(request.args) != view.query,
        view.is_shared,
        _may_change(view),
    )


def _url(view: SavedView) -> str:
    return url_for(LIST, **_said(view))  # type: ignore[arg-type]


def _said(view: SavedView) -> dict[str, str]:
    return {**dict(parse_qsl(view.query)), "view": str(view.id)}


def _spelled(arguments: Mapping[str, str]) -> str:
    """What a view keeps of an address: the filters, the columns and the scope, in one order."""
    said = {**listing.kept(arguments), "in": arguments.get("in", "")}
    return urlencode(
        sorted((name, value) for name, value in said.items() if name != "view" and value)
    )


def _may_change(view: SavedView) -> bool:
    if view.is_shared:
        return person().may(Permission.VIEWS_SHARE)
    return view.owner_id == person().id


def _to_change(number: int) -> SavedView:
    view = views.view_of(session(), person().id, number)
    if not _may_change(view):
        raise Denied(text("Only people who may share views can change this one."))
    return view


@pages.get("/product/views/<int:number>")
@needs(Permission.PRODUCTS_VIEW)
def view_dialog(number: int) -> ResponseReturnValue:
    view = _to_change(number) if number else None
    start = accounts.preference(session(), person().id, START)
    along: dict[str, Any] = {**listing.kept(request.args), "view": str(number)}
    return show_page(
        ViewDialog(
            number,
            view.name if view else "",
            views.LONGEST,
            bool(number) and start == str(number),
            bool(view and view.is_shared),
            url_for("products.change_view", number=number, **along)
            if number
            else url_for("products.save_view", **along),
            url_for("products.share_view", number=number),
            url_for("products.remove_view", number=number),
        )
    )


@pages.post("/product/views")
@needs(Permission.PRODUCTS_VIEW)
def save_view() -> ResponseReturnValue:
    """The list as it is, under a new name."""
    structure = catalog.structure(session())
    said = {"columns": columns.spell(chosen_columns(session(), structure))}
    query = _spelled({**said, **request.args.to_dict()})
    view = views.save(session(), person().id, request.form.get("name", ""), query, now())
    _begin_with(view)
    return _to(view, text("The view “%(name)s” is saved.", name=view.name))


@pages.post("/product/views/<int:number>/list")
@needs(Permission.PRODUCTS_VIEW)
def keep_view(number: int) -> ResponseReturnValue:
    """The view asks from now on for the list as it is."""
    view = _to_change(number)
    view.query = _spelled(request.args)
    return _to(view, text("The view “%(name)s” is saved.", name=view.name))


@pages.post("/product/views/<int:number>")
@needs(Permission.PRODUCTS_VIEW)
def change_view(number: int) -> ResponseReturnValue:
    """Its name, and whether the person begins with it."""
    view = _to_change(number)
    views.rename(session(), view, request.form.get("name", ""))
    _begin_with(view)
    return _to(view, text("The view “%(name)s” is saved.", name=view.name))


@pages.post("/product/views/<int:number>/share")
@needs(Permission.VIEWS_SHARE)
def share_view(number: int) -> ResponseReturnValue:
    """Everybody sees it from now on, or its owner alone."""
    view = _to_change(number)
    view.is_shared = not view.is_shared
    if view.is_shared:
        return _to(view, text("Everybody sees the view “%(name)s” now.", name=view.name))
    return _to(view, text("The view “%(name)s” is private now.", name=view.name))


@pages.post("/product/views/<int:number>/delete")
@needs(Permission.PRODUCTS_VIEW)
def remove_view(number: int) -> ResponseReturnValue:
    view = _to_change(number)
    name = view.name
    session().delete(view)
    say(text("The view “%(name)s” is deleted.", name=name))
    return go(LIST, view=ALL)


def _begin_with(view: SavedView) -> None:
    begins = accounts.preference(session(), person().id, START)
    if "start" in request.form:
        service.prefer(session(), person().id, START, str(view.id))
    elif begins == str(view.id):
        service.prefer(session(), person().id, START, "")


def _to(view: SavedView, said: Text) -> ResponseReturnValue:
    say(said)
    return go(LIST, **_said(view))
