"""What goes into the write path and what comes out. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pim.accounts.principals import THE_PROGRAM, Principal
from pim.db import JsonText
from pim.problems import Problem
from pim.values import ReadValues, Value

RecordKind = Literal["product", "model", "asset"]
Outcome = Literal["created", "updated", "unchanged", "refused", "removed", "retired"]
"""removed, retired: what an undo does to a product that should not be there any more."""
MENDED_BY_OTHERS = frozenset({"unique", "axes", "parent"})
"""The rules of refusals that another input may do away with: it gives the value up, or makes the
model.
"""


def waits_for_others(problems: Iterable[Problem]) -> bool:
    """Whether an input is refused for nothing but what another one may do away with."""
    rules = {problem.rule for problem in problems if problem.is_error}
    return bool(rules) and rules <= MENDED_BY_OTHERS


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from.

    kind: user, import, api, rule, revert. owner: the system it speaks for; it overwrites what that
    system owns, and fills what is empty elsewhere. None owns everything (a migration, a revert).
    returns_retired: a row of a file makes a draft of the retired product that it names.
    reference: import run, token. actor: who to ask about it. principal: whose grants are asked;
    the program itself where no person or program asked for the change. undoes_own: a revert of what
    its principal did a moment ago, which asks for no more than doing it did. Product code makes
    origins with :meth:`by`, so that none forgets the principal.
    """

    kind: str
    actor: str
    owner: str | None
    reference: str | None = None
    principal: Principal = THE_PROGRAM
    returns_retired: bool = False
    undoes_own: bool = False

    @property
    def needs_right_to_undo(self) -> bool:
        """Whether it takes back what others may have done: a right of its own, since that also
        overwrites what belongs to a system.
        """
        return self.kind == "revert" and not self.undoes_own

    @classmethod
    def by(cls, principal: Principal, kind: str, reference: str | None = None) -> "Origin":
        """A change for which this principal answers."""
        return cls(kind, principal.name, principal.owner, reference, principal)


NOTHING_YET = 0
"""The version of a product that is still to be made."""

IndexedTerms = tuple[set[tuple[str, str]], str]
"""What the index says of a product: its (address, term) entries and its words."""


class PreparedProduct(NamedTuple):
    """What is known of a new product beforehand, with one version of the structure; with another
    one it counts for nothing.

    ``document``: its values as they are stored. ``terms``: what the index will say of it.
    ``unique``: (address, term) of its values that only one product may have.
    """

    structure_version: int
    family: str | None
    enabled: bool
    document: JsonText
    terms: IndexedTerms
    unique: tuple[tuple[str, str], ...]


@dataclass(slots=True)  # not frozen: a file makes one per row, and freezing triples what that costs
class ProductInput:
    """New values for one product or other record: address -> value, None clears.

    ``base``: the version the person saw; :data:`NOTHING_YET` for who wants to make it. ``row``:
    line in a file. ``cell_by_cell``: a value that cannot be taken is left out and costs nothing
    else, as in a file; otherwise all of them are refused together, as in a form. ``prepared``: for
    who has time to work it out beforehand, what becomes of the values should they make a product.
    Then ``values`` is empty:
    :func:`pim.products.new_products.unpacked` gives the input back as it was. ``chosen``: for who
    takes a change back, who had chosen what it gives back (:mod:`pim.products.chosen`), by place.
    """

    identifier: str
    values: ReadValues
    kind: RecordKind = "product"
    base: int | None = None
    row: int | None = None
    cell_by_cell: bool = False
    prepared: PreparedProduct | None = None
    chosen: Mapping[str, str | None] | None = None


class FieldChange(NamedTuple):
    """What stands at an address before and after; None where it is empty."""

    old: Value
    new: Value


@dataclass(slots=True)  # not frozen, as above
class ProductPlan:
    """What an input or a step of the workflow would do to one product; nothing of it is written.

    ``product_id``: None where the product would be created. ``version``: the one that was planned
    on, 0 for a new product. ``old``, ``new``: address -> value, where they differ; for an approval,
    what channels see, also of the models that are published with it. ``models``: identifier ->
    version of these. ``step``: the status it is taken to by the workflow, "" for an edit;
    ``reason``: why it is taken although nothing is complete. ``along``: those
    of the models that this approval publishes. ``complete_before``, ``complete_after``: the scopes
    in which nothing is missing; only :func:`service.plan` fills them in.
    """

    identifier: str
    kind: RecordKind
    outcome: Outcome = "unchanged"
    product_id: int | None = None
    version: int = 0
    row: int | None = None
    problems: list[Problem] = field(default_factory=list)
    old: Mapping[str, Value] = field(default_factory=dict)
    new: Mapping[str, Value] = field(default_factory=dict)
    status_before: str | None = None
    status_after: str | None = None
    complete_before: frozenset[str] = frozenset()
    complete_after: frozenset[str] = frozenset()
    step: str = ""
    reason: str = ""
    models: Mapping[str, int] = field(default_factory=dict)
    along: Sequence[str] = ()

    @property
    def is_refused(self) -> bool:
        return self.outcome == "refused"

    @property
    def changes(self) -> Mapping[str, FieldChange]:
        """Address -> old and new value."""
        return {
            address: FieldChange(self.old.get(address), value)
            for address, value in self.new.items()
        }


@dataclass(slots=True)
class WriteResult:
    """What became of one input. ``version``: the product's version now. ``along``: the models that
    were approved with it.
    """

    identifier: str
    outcome: Outcome = "unchanged"
    id: int | None = None
    version: int = 0
    problems: list[Problem] = field(default_factory=list)
    along: Sequence[str] = ()

    @property
    def is_refused(self) -> bool:
        return self.outcome == "refused"
