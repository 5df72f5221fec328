"""Values that may stand in one product only (``unique`` attributes), looked up once per batch."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.errors import text
from pim.problems import Problem, Severity
from pim.products.change import Origin, ProductInput
from pim.products.stores import PRODUCTS, RecordStore
from pim.products.workspace import PlannedFile
from pim.search.models import Term
from pim.structure.objects import Structure
from pim.values import Value


class UniqueValues:
    """Which product holds which unique value; kept in step while the batch is applied."""

    def __init__(
        self,
        session: Session,
        structure: Structure,
        batch: Sequence[ProductInput],
        planned: PlannedFile | None = None,
        store: RecordStore = PRODUCTS,
    ) -> None:
        self._unique = structure.unique_at
        self._holders: dict[tuple[str, str], int] = {}
        for address in self._unique:
            terms = {term for one in batch for term in self._terms_of(address, one)}
            for term, record_id in _holders(session, store.indexed_at(address), terms):
                self._holders[(address, term)] = record_id
        self._planned = planned
        self._store = store

    def _terms_of(self, address: str, one: ProductInput) -> Iterable[str]:
        if one.prepared is None:
            return self._terms(address, one.values)
        return [term for at, term in one.prepared.unique if at == address]

    def _terms(self, address: str, values: Mapping[str, Value]) -> Iterable[str]:
        value = values.get(address)
        return () if value is None else self._unique[address].type.terms(value)

    def are_free(self, terms: Collection[tuple[str, str]]) -> bool:
        """Whether no product holds one of these (address, term)."""
        return all(self._holder(address, term, None) is None for address, term in terms)

    def hold(self, terms: Collection[tuple[str, str]], item_id: int) -> None:
        """The product holds these (address, term) from now on."""
        for held in terms:
            self._holders.setdefault(held, item_id)
            if self._planned is not None:
                self._planned.holders.first(held, item_id)

    def check(
        self, item_id: int | None, plan: Mapping[str, Value], source: Origin
    ) -> Iterable[Problem]:
        """A refusal per value that another product holds; a migration (owner None) takes it as it
        is, with a doubt.
        """
        severity: Severity = "warning" if source.owner is None else "error"
        for address in self._unique:
            for term in self._terms(address, plan):
                if self._holder(address, term, item_id) != item_id:
                    sentence = text("Another product has this value.")
                    if self._store is not PRODUCTS:
                        sentence = text("Another record has this value.")
                    yield Problem(address, "unique", sentence, term, severity)

    def _holder(self, address: str, term: str, item_id: int | None) -> int | None:
        """The product that holds this value; ``item_id`` where nobody does."""
        holder = self._holders.get((address, term))
        if holder is None and self._planned is not None:
            holder = self._planned.holders.get((address, term))
        return item_id if holder is None else holder

    def note(self, item_id: int, plan: Mapping[str, Value]) -> None:
        """The product holds these values from now on."""
        for address in self._unique:
            self.hold([(address, term) for term in self._terms(address, plan)], item_id)


def _holders(session: Session, address: str, terms: Collection[str]) -> Iterable[tuple[str, int]]:
    """(term, who holds it) for an address as the index spells it."""
    if terms:
        chosen = select(Term.term, Term.product_id).where(
            Term.address == address, in_values(session, Term.term, terms)
        )
        yield from session.execute(chosen)
