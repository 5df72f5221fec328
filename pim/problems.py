"""The one type for "something is wrong": in a cell, in an edit, in an item of a feed, in a whole
build. Pure.
"""

from dataclasses import dataclass, replace
from typing import Literal

from pim.errors import Text

Severity = Literal["error", "skipped", "kept", "warning"]
"""How far a problem reaches.

error: what it was found in is not taken: the edit is refused, the item stays out of the feed, the
build is held. skipped: this one value could not be taken and is left out; the rest goes on.
kept: nothing is wrong with the value, but another one stands there by right (another system owns
it, somebody changed it since). warning: it is taken as it is, and listed so that somebody looks.
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where.

    ``address``: of the value; in a feed the exporter's field; "" where it concerns the whole.
    ``rule``: a short code that reports group by ("missing", "too_long"). ``value``: the value as it
    was found, as text.
    """

    address: str
    rule: str
    message: Text
    value: str = ""
    severity: Severity = "error"

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def left_out(self) -> "Problem":
        """The same where it costs only its value, and not all that the value stands in."""
        return replace(self, severity="skipped")
