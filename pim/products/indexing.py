"""What the index says of a product, and keeping the index in step with a batch."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from pim import completeness
from pim.attributes.text import SORTED_LENGTH
from pim.folding import fold
from pim.products import index_parts
from pim.products.change import IndexedTerms
from pim.products.index_parts import DISABLED, ENDINGS, GAPS, MISSING, NAMED, PICTURED, STATUS, YES
from pim.products.references import identifiers_in
from pim.products.stores import PRODUCTS, RecordStore
from pim.products.workspace import LoadedProduct, Workspace, key_of
from pim.search import index
from pim.search.query import word_prefix
from pim.search.words import words as words_in
from pim.structure.objects import STRUCTURAL, Scope, Structure
from pim.values import Document, Value, is_empty
from pim.workflow import RETIRED


class Requirements(NamedTuple):
    """Scope -> addresses. ``all``: what a record must have to be complete, on its own level or
    above it. ``own``: those of them whose place is this record itself; ``needed``: these in any
    scope.
    """

    all: Mapping[Scope, frozenset[str]]
    own: Mapping[Scope, frozenset[str]]
    needed: frozenset[str]


def entries_of(
    structure: Structure, document: Document, required: Requirements
) -> set[tuple[str, str]]:
    """(address, term) entries: filterable values, categories, the scopes in which the product is
    complete, those in which it has a gap of its own, and what it is known by from its end.
    """
    complete = completeness.complete_scopes(required.all, document)
    found = {("complete", scope.code) for scope in complete}
    missing = required.needed - document.keys()
    if missing:
        lacking = completeness.lacking_scopes(required.own, document)
        found |= {(MISSING, address) for address in missing}
        found |= {(GAPS, scope.code) for scope in lacking}
    for address, attribute in structure.filterable_at.items():
        value = document.get(address)
        if value is not None:
            for term in attribute.type.terms(value):
                found.add((address, term))
    for address, attribute in structure.known_by_end_at.items():
        value = document.get(address)
        if value is not None:
            found |= {(ENDINGS, term[::-1]) for term in attribute.type.terms(value)}
    for code in document.get("categories", ()):
        found.add(("categories", code))
    return found


def of_products(
    structure: Structure, family: str | None, document: Document, *, enabled: bool
) -> Iterator[tuple[str, str]]:
    """(address, term) entries that records of other kinds do not have."""
    yield from names_of(structure, family, document)
    if not enabled:
        yield DISABLED, YES
    pictures = structure.pictures_of.get(family or "", structure.pictures_of[""])
    if not document.keys().isdisjoint(pictures):
        yield PICTURED, YES
    for address in structure.naming_addresses & document.keys():
        for named in identifiers_in(document[address]):
            yield NAMED, index_parts.named_at(address, key_of(named))


def names_of(
    structure: Structure, family: str | None, document: Document
) -> Iterator[tuple[str, str]]:
    """(address, term) entries: what a product is called in each locale in which it has a name."""
    for locale, addresses in structure.names_in.items():
        for address in addresses.get(family or "", ()):
            if address in document:
                yield index_parts.NAMES + locale, fold(str(document[address]))[:SORTED_LENGTH]
                break


def complete_in(terms: IndexedTerms, store: RecordStore = PRODUCTS) -> frozenset[str]:
    """The scopes in which the index says that a record is complete."""
    entries, _ = terms
    complete = store.indexed_at("complete")
    return frozenset(term for address, term in entries if address == complete)


def words_of(structure: Structure, identifier: str, family: str | None, document: Document) -> str:
    """The words people find it by: identifier, GTINs, its label in every locale; and those of
    filterable texts, which are found where a list asks for that attribute.
    """
    texts = [identifier]
    for address in structure.searchable(family):
        value = document.get(address)
        if type(value) is str:
            texts += structure.attribute_at[address].type.words(value)
    own = [_words_at(structure, address, document) for address in structure.worded]
    return " ".join([words_in(texts), *filter(None, own)])


def _words_at(structure: Structure, address: str, document: Document) -> str:
    """The words of a value by which lists are asked for this attribute alone."""
    value = document.get(address)
    if value is None:
        return ""
    prefix = word_prefix(address)
    found = words_in(structure.attribute_at[address].type.words(value))
    return " ".join(prefix + word for word in found.split())


def remember(work: Workspace, item: LoadedProduct) -> None:
    """Before the first change of an item: keep what the index says of it and of all who inherit
    from it.
    """
    for one in (item, *work.descendants(item)):
        if one.indexed is None and not one.is_new:
            one.indexed = expected(work, one)


def update(session: Session, work: Workspace, items: Iterable[LoadedProduct]) -> None:
    """Write the differences between what was remembered and what is true now."""
    added: list[index.IndexEntry] = []
    removed: list[index.IndexEntry] = []
    new_words: list[tuple[int, str]] = []
    changed_words: list[tuple[int, str]] = []
    for item in items:
        before, now, number = item.indexed, expected(work, item), item.id
        if before is None:
            added += [(address, term, number) for address, term in now[0]]
            new_words.append((number, now[1]))
        else:
            added += [(address, term, number) for address, term in now[0] - before[0]]
            removed += [(address, term, number) for address, term in before[0] - now[0]]
            changed_words += [(number, now[1])] if now[1] != before[1] else []
        item.indexed = None
    index.change_terms(session, added, removed)
    index.add_words(session, new_words)
    index.change_words(session, changed_words)


def filled(structure: Structure, values: Mapping[str, Value]) -> Document:
    """The values of a product that is made of them.

    The identifier is set once, when the product is made, and not by a value.
    """
    document = dict(values)
    empty = [address for address, value in values.items() if not value and is_empty(value)]
    for address in (*STRUCTURAL, structure.identifier or "", *empty):
        document.pop(address, None)
    return document


def terms_of(
    structure: Structure, identifier: str, family: str | None, document: Document, *, enabled: bool
) -> IndexedTerms:
    """What the index says of a single product with this document."""
    required, needed = structure.required(family), structure.required_anywhere(family)
    entries = entries_of(structure, document, Requirements(required, required, needed))
    entries.update(of_products(structure, family, document, enabled=enabled))
    return entries, words_of(structure, identifier, family, document)


def expected(work: Workspace, item: LoadedProduct) -> IndexedTerms:
    """What the index should say of an item now. What stands below a retired model counts as
    retired: no channel gets it, and nobody can approve it.
    """
    if item.terms is not None:
        return item.terms
    structure, document = work.structure, work.merged(item)
    words = words_of(structure, item.identifier, item.family, document)
    entries = entries_of(structure, document, _requirements(work, item))
    if work.store is not PRODUCTS:
        return _set_apart(work.store, entries, words)
    entries.update(of_products(structure, item.family, document, enabled=item.enabled))
    if any(one.status == RETIRED for one in (item, *work.ancestors(item))):
        entries.add((STATUS, RETIRED))
    return entries, words


def _requirements(work: Workspace, item: LoadedProduct) -> Requirements:
    structure, family = work.structure, item.family
    if work.store is not PRODUCTS:
        return Requirements(structure.required(family), {}, frozenset())
    variant, depth = work.by_id[item.root_id].family_variant, len(work.ancestors(item))
    is_model = item.kind == "model"
    own = structure.required_of_itself(family, variant, depth, is_model=is_model)
    return Requirements(
        structure.required(family, variant, depth) if is_model else structure.required(family),
        own,
        frozenset[str]().union(*own.values()),
    )


def _set_apart(store: RecordStore, entries: set[tuple[str, str]], words: str) -> IndexedTerms:
    """What the index says of a record that is no product, so that no list of products finds it."""
    apart = {(store.indexed_at(address), term) for address, term in entries}
    return apart, " ".join(store.word_prefix + word for word in words.split())
