"""What one product only may have: the values of unique attributes, and a place among the variants
of a model.

Each is a *claim*: (address, term) of a value, or (the model, the values on its axes). Who holds the
claims of a batch is looked up once. What counts is who holds them when all of the batch is done, so
inputs that are refused for a claim alone are judged again, together, behind the others
(:func:`settle`).
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from pim.bulk import in_values
from pim.errors import Text, text
from pim.problems import Problem, Severity
from pim.products import variants
from pim.products.change import ProductInput
from pim.products.stores import PRODUCTS
from pim.products.workspace import LoadedProduct, Workspace
from pim.search.models import Term
from pim.values import Document, Value

Claim = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """The claims that a product would have besides those it has now, and those it would give up."""

    gained: frozenset[Claim]
    lost: frozenset[Claim]


class UniqueClaims:
    """Who holds which claim; kept in step while the batch is planned."""

    def __init__(self, work: Workspace, batch: Sequence[ProductInput]) -> None:
        self._work = work
        self._unique = work.structure.unique_at
        self._names: dict[int, str] = {}
        self._stored: dict[Claim, list[int]] = defaultdict(list)
        self._given: dict[Claim, int] = {}
        self._freed: set[tuple[Claim, int]] = set()
        for address in self._unique:
            self._look_up(address, {term for one in batch for term in self._asked(address, one)})

    def _asked(self, address: str, one: ProductInput) -> Iterable[str]:
        if one.prepared is None:
            return self._terms(address, one.values)
        return [term for at, term in one.prepared.unique if at == address]

    def _terms(self, address: str, values: Mapping[str, Value]) -> Iterable[str]:
        value = values.get(address)
        return () if value is None else self._unique[address].type.terms(value)

    def _look_up(self, address: str, terms: Collection[str]) -> None:
        """Who holds one of these terms at this address by a value of its own; the index also names
        those who inherit it.
        """
        if not terms:
            return
        work, store = self._work, self._work.store
        is_held = (
            Term.address == store.indexed_at(address),
            in_values(work.session, Term.term, terms),
        )
        ids = set(work.session.scalars(select(Term.product_id).where(*is_held)))
        own: dict[int, Document] = {
            number: work.by_id[number].values for number in ids & work.by_id.keys()
        }
        record_id = store.column("id")
        names = select(record_id, store.column("identifier"), store.column("values"))
        others = names.where(in_values(work.session, record_id, ids - own.keys()))
        for number, identifier, values in work.session.execute(others):
            own[number], self._names[number] = values, identifier
        for number in sorted(own):
            for term in self._terms(address, own[number]):
                self._stored[address, term].append(number)

    def change(
        self,
        item: LoadedProduct | None,
        parent: LoadedProduct | None,
        new: Mapping[str, Value],
    ) -> ClaimChange:
        """What becomes of a product's claims when these values change. ``parent``: its model
        then.
        """
        before = set(self._of(item.values, new)) if item else set()
        own = {**item.values, **new} if item else new
        after = set(self._of(own, new))
        if parent is not None:
            after.update(variants.place_among(self._work, parent, own))
        if item is not None and item.parent_id is not None:
            model = self._work.by_id[item.parent_id]
            before.update(variants.place_among(self._work, model, item.values))
        return ClaimChange(frozenset(after - before), frozenset(before - after))

    def _of(self, values: Mapping[str, Value], changing: Mapping[str, Value]) -> Iterator[Claim]:
        for address in self._unique:
            if address in changing:
                yield from ((address, term) for term in self._terms(address, values))

    def are_free(self, claims: Collection[Claim]) -> bool:
        """Whether no product holds one of these."""
        return all(self.holder(claim, None) is None for claim in claims)

    def holder(self, claim: Claim, item_id: int | None) -> int | None:
        """Another product that holds this claim; None where there is none."""
        holders: list[int] = [
            *self._stored.get(claim, ()),
            *variants.standing_at(self._work, claim),
        ]
        for number in holders:
            if number != item_id and not self._is_freed(claim, number):
                return number
        planned = self._work.planned
        given: int | None = self._given.get(claim)
        if given is None and planned is not None:
            given = planned.holders.get(claim)
        if given == item_id or given is None or (claim, given) in self._freed:
            return None
        return given

    def _is_freed(self, claim: Claim, number: int) -> bool:
        planned = self._work.planned
        if (claim, number) in self._freed:
            return True
        return planned is not None and planned.freed.get((claim, number)) is not None

    def apply(self, item_id: int, change: ClaimChange) -> None:
        """The product holds what it gained from now on, and no longer what it lost."""
        self.hold(change.gained, item_id)
        self.free(change.lost, item_id)
        if self._work.planned is not None:
            for claim in change.lost:
                self._work.planned.freed.first((claim, item_id), item_id)

    def hold(self, claims: Iterable[Claim], item_id: int) -> None:
        """The product holds these from now on."""
        for claim in claims:
            self._given.setdefault(claim, item_id)
            if self._work.planned is not None:
                self._work.planned.holders.first(claim, item_id)

    def free(self, claims: Iterable[Claim], item_id: int) -> None:
        """The product is taken to give these up."""
        self._freed.update((claim, item_id) for claim in claims)

    def keep(self, claims: Iterable[Claim], item_id: int) -> None:
        """The product does not give these up after all."""
        self._freed.difference_update((claim, item_id) for claim in claims)

    def refusals(
        self, item_id: int | None, change: ClaimChange, values: Mapping[str, Value], is_kept: bool
    ) -> Iterator[Problem]:
        """A problem for each claim that another product holds. ``is_kept``: a value that stands in
        two products is taken with a doubt; two equal variants never are.
        """
        for claim in sorted(change.gained):
            holder = self.holder(claim, item_id)
            if holder is None:
                continue
            if variants.is_place(claim):
                yield variants.same_axes(self._work, claim, self._name(holder), values)
            else:
                address, _ = claim
                severity: Severity = "warning" if is_kept else "error"
                told = self._unique[address].type.dump(values[address])
                yield Problem(address, "unique", self._is_taken(holder), told, severity)

    def _is_taken(self, holder: int) -> Text:
        name = self._name(holder)
        if not name:
            return text("Another product of this file has this value.")
        if self._work.store is not PRODUCTS:
            return text("The record “%(code)s” has this value.", code=name)
        return text("“%(code)s” has this value.", code=name)

    def _name(self, number: int) -> str:
        """ "" for a product that an earlier batch of the file would make."""
        item = self._work.by_id.get(number)
        if item is not None:
            return item.identifier
        if number not in self._names:
            store = self._work.store
            named = select(store.column("identifier")).where(store.column("id") == number)
            self._names[number] = self._work.session.scalar(named) or ""
        return self._names[number]


@dataclass(slots=True, eq=False)
class Claimant:
    """An input that waits for what others of its batch give up."""

    item_id: int | None
    change: ClaimChange
    is_out: bool = field(default=False)


def settle(claims: UniqueClaims, claimants: Sequence[Claimant]) -> None:
    """Which of these inputs can all be taken, so that nobody holds what another one has: the others
    are ``is_out``. Where two want the same, the first one gets it.

    All are taken to give up what they lose. Who wants what somebody keeps is out, keeps what they
    have, and so on.
    """
    wanting: dict[Claim, list[Claimant]] = defaultdict(list)
    for one in claimants:
        for claim in one.change.gained:
            wanting[claim].append(one)
        _give_up(claims, one)
    suspects = deque(claimants)
    while suspects:
        while suspects:
            one = suspects.popleft()
            if not one.is_out and any(
                claims.holder(claim, one.item_id) is not None for claim in one.change.gained
            ):
                suspects.extend(_put_out(claims, one, wanting))
        for claimed in wanting.values():
            for one in [one for one in claimed if not one.is_out][1:]:
                suspects.extend(_put_out(claims, one, wanting))


def _give_up(claims: UniqueClaims, one: Claimant) -> None:
    if one.item_id is not None:
        claims.free(one.change.lost, one.item_id)


def _put_out(
    claims: UniqueClaims, one: Claimant, wanting: Mapping[Claim, Sequence[Claimant]]
) -> Iterator[Claimant]:
    """Those who wanted what this one keeps now."""
    one.is_out = True
    if one.item_id is not None:
        claims.keep(one.change.lost, one.item_id)
    for claim in one.change.lost:
        yield from wanting.get(claim, ())
