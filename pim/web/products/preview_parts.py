"""The parts of a preview, each of which may be long: which of them an address asks for, which page
of it, and of which products.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from pim.bulk_edits.paging import FoundPage, PageRequest
from pim.errors import Text, text
from pim.web.list_places import number_at, say_lost, say_unknown

OVERVIEW, PRODUCTS, CONFLICTS, REFUSED = "", "products", "conflicts", "refused"
LABELS = {
    OVERVIEW: text("Overview"),
    PRODUCTS: text("Products"),
    CONFLICTS: text("Conflicts"),
    REFUSED: text("Not taken"),
}


@dataclass(frozen=True)
class PartTab:
    """A part, and where it is shown alone; None of ``number`` where nobody counts."""

    label: Text
    number: int | None
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Pager:
    """Where the pages beside one are, "" where there is none. ``shown``: which lines this one has;
    None where there is no other.
    """

    previous: str
    next: str
    shown: Text | None


@dataclass(frozen=True)
class AskedParts:
    """``show``: the part that is shown alone; in :data:`OVERVIEW` all are, with their first pages.
    ``sku``: what somebody looks for.
    """

    edit_id: str
    show: str
    page: int
    sku: str

    @classmethod
    def said(cls, edit_id: str) -> "AskedParts":
        """What the address says."""
        show = request.args.get("show", OVERVIEW)
        if show not in LABELS:
            say_unknown(show)
            show = OVERVIEW
        return cls(edit_id, show, max(1, number_at("page")), request.args.get("sku", "").strip())

    def shows(self, part: str) -> bool:
        return self.show in (OVERVIEW, part)

    def find(self, part: str, find: Callable[[PageRequest], FoundPage]) -> FoundPage:
        """The page of a part that is asked for; its first one where it has no such page."""
        number = self.page if self.show == part else 1
        found = find(PageRequest(number, self.sku))
        if not found.is_lost:
            return found
        say_lost()
        return find(found.asked.first())

    def said_again(self) -> dict[str, Any]:
        """What an address says to come back here."""
        page = self.page if self.page > 1 else None
        return {"show": self.show or None, "page": page, "sku": self.sku or None}

    def address(self, part: str, page: int = 1) -> str:
        there = AskedParts(self.edit_id, part, page, self.sku)
        return url_for("products.preview_bulk_edit", edit_id=self.edit_id, **there.said_again())

    def pager(self, part: str, found: FoundPage) -> Pager:
        number = found.asked.number
        return Pager(
            self.address(part, number - 1) if number > 1 else "",
            self.address(part, number + 1) if found.has_next else "",
            _shown(found) if number > 1 or found.has_next else None,
        )

    def tabs(self, numbers: dict[str, int | None]) -> Sequence[PartTab]:
        """``numbers``: part -> how many lines it has."""
        return [
            PartTab(LABELS[part], number, self.address(part), part == self.show)
            for part, number in numbers.items()
            if number != 0 or part == self.show
        ]


def _shown(found: FoundPage) -> Text:
    return text(
        "%(first)s to %(last)s of %(total)s",
        first=found.asked.start + 1,
        last=found.asked.start + len(found.rows),
        total=found.total,
    )
