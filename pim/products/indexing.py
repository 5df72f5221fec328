"""What the index says of a product, and keeping the index in step with a batch."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from pim import completeness
from pim.products.workspace import Item, Workspace
from pim.search import index
from pim.search.words import words
from pim.structure import Structure
from pim.values import Document

Entries = frozenset[tuple[str, str]]


def entries_of(structure: Structure, item: Item, document: Document, family_variant: str | None, required_depth: int | None) -> Entries:
    """(address, term) entries: filterable values, categories, and the scopes in which the product is complete."""
    found: list[tuple[str, str]] = [("categories", code) for code in document.get("categories", ())]
    for address, attribute in structure.filterable_at.items():
        if address in document:
            found.extend((address, term[:200]) for term in attribute.type.terms(document[address]))
    required = structure.required(item.family, family_variant, required_depth)
    found.extend(("complete", str(scope)) for scope in completeness.complete_scopes(required, document))
    return frozenset(found)


def words_of(structure: Structure, item: Item, document: Document) -> str:
    """The words people find it by: identifier, GTINs, its label in every locale."""
    texts = [document[address] for address in structure.searchable(item.family) if address in document]
    return words([item.identifier, *(text for text in texts if isinstance(text, str))])


def remember(work: Workspace, item: Item) -> None:
    """Before the first change of an item: keep what the index says of it and of all who inherit from it."""
    for one in (item, *work.descendants(item)):
        if one.indexed is None and not one.is_new:
            one.indexed = _indexed(work, one)


def update(session: Session, work: Workspace, items: Iterable[Item]) -> None:
    """Write the differences between what was remembered and what is true now."""
    added: list[tuple[int, tuple[str, str]]] = []
    removed: list[tuple[int, tuple[str, str]]] = []
    new_words: list[tuple[int, str]] = []
    changed_words: list[tuple[int, str]] = []
    for item in items:
        before, now = item.indexed, _indexed(work, item)
        entries = before[0] if before else frozenset()
        added.extend((item.id, entry) for entry in now[0] - entries)
        removed.extend((item.id, entry) for entry in entries - now[0])
        if before is None:
            new_words.append((item.id, now[1]))
        elif before[1] != now[1]:
            changed_words.append((item.id, now[1]))
        item.indexed = None
    index.change_terms(session, added, removed)
    index.add_words(session, new_words)
    index.change_words(session, changed_words)


def _indexed(work: Workspace, item: Item) -> tuple[Entries, str]:
    document = work.merged(item)
    variant, depth = None, None
    if item.kind == "model":
        variant, depth = work.by_id[item.root_id].family_variant, len(work.ancestors(item))
    return entries_of(work.structure, item, document, variant, depth), words_of(work.structure, item, document)
