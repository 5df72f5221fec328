"""How somebody likes to see the sheet of a product: what their browser remembers, and the page is
drawn with from the start, so that nothing moves once it is there.
"""

from dataclasses import dataclass

from flask import request

DENSITIES = ("roomy", "compact")
PANELS = ("missing", "feeds", "history", "facts")
"""The tabs of the panel beside the sheet."""


@dataclass(frozen=True)
class SheetLook:
    """``density``: how high rows are; ``panel``: the tab that is open beside the sheet;
    ``folded``: groups whose values of other systems are out of sight.
    """

    density: str
    panel: str
    folded: frozenset[str]


def chosen_look(panel: str = "") -> SheetLook:
    """What the cookies say. ``panel``: the tab that is open whatever was chosen."""
    density = request.cookies.get("rows", "")
    chosen = panel or request.cookies.get("panel", "")
    return SheetLook(
        density if density in DENSITIES else DENSITIES[0],
        chosen if chosen in PANELS else PANELS[0],
        frozenset(request.cookies.get("folded", "").split(".")),
    )
