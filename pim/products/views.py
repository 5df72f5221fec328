"""Saved views: lists of products under a name, a person's own or shared by everybody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pim.errors import Invalid, NotFound, text
from pim.products.models import SavedView

LONGEST = 60
"""Characters of a name: it stands on a tab."""
MOST = 50
"""Views that a person sees as tabs."""


def views_of(session: Session, person: int) -> Sequence[SavedView]:
    """What a person may open: the own views and those that are shared, the oldest first."""
    seen = or_(SavedView.owner_id == person, SavedView.is_shared)
    return session.scalars(select(SavedView).where(seen).order_by(SavedView.id).limit(MOST)).all()


def view_of(session: Session, person: int, number: int) -> SavedView:
    """A view that a person may open; :class:`NotFound`."""
    found = session.get(SavedView, number)
    if found is None or not (found.is_shared or found.owner_id == person):
        raise NotFound(text("There is no such view, or no longer."))
    return found


def save(session: Session, person: int, name: str, query: str, now: datetime) -> SavedView:
    """A new view of a person's own. :class:`Invalid` for a name that they use already."""
    view = SavedView(
        owner_id=person,
        name=_checked(session, person, name),
        query=query,
        is_shared=False,
        created=now,
    )
    session.add(view)
    session.flush()
    return view


def rename(session: Session, view: SavedView, name: str) -> None:
    """:class:`Invalid` for a name that its owner uses already."""
    view.name = _checked(session, view.owner_id, name, view.id)


def _checked(session: Session, person: int, name: str, but: int | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid({"name": [text("Give the view a name.")]})
    if len(name) > LONGEST:
        raise Invalid({"name": [text("This name is too long for a tab.")]})
    taken = select(SavedView.id).where(
        SavedView.owner_id == person, SavedView.name == name, SavedView.id != (but or 0)
    )
    if session.scalar(taken) is not None:
        raise Invalid({"name": [text("You have a view with this name already.")]})
    return name
