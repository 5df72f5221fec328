"""What goes into the write path and what comes out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pim.problems import Problem
from pim.values import Value

RecordKind = Literal["product", "model"]
Outcome = Literal["created", "updated", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from.

    kind: user, import, api, rule, revert. owner: the system it speaks for; it overwrites what that
    system owns, and fills what is empty elsewhere. None owns everything (a migration, a revert).
    reference: import run, token. actor: who to ask about it.
    """

    kind: str
    actor: str
    owner: str | None
    reference: str | None = None


@dataclass(slots=True)  # not frozen: a file makes one per row, and freezing triples what that costs
class ProductInput:
    """New values for one product: address -> value, None clears. ``base``: the version the person
    saw. ``row``: line in a file.
    """

    identifier: str
    values: Mapping[str, Value]
    kind: RecordKind = "product"
    base: int | None = None
    row: int | None = None


@dataclass(slots=True)
class WriteResult:
    """What became of one edit. ``version``: the product's version now."""

    identifier: str
    outcome: Outcome = "unchanged"
    id: int | None = None
    version: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return self.outcome == "refused"
