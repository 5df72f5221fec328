"""Changing the structure of a shop that has products: nothing they use is taken away, and the index
follows at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim import audit, versions
from pim.db import wait_for_turn
from pim.errors import Conflict, text
from pim.products import maintenance
from pim.products.stores import STORES
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.structure.document import nest
from pim.structure.edits import NAME
from pim.structure.objects import Attribute, Structure
from pim.structure.service import StructureChange
from pim.values import Document

StructureUse = tuple[str, str]
"""(kind, code) of a thing that would go: ("attribute", "color"), ("address", "name-de_DE"),
("option", "color:red"), …
"""
StructureUses = Callable[[Any, Document], Iterator[StructureUse]]
USING = ("family", "family_variant", "values", "published")
"""The columns of a record that name things of the structure."""


def compare(
    session: Session, document: Mapping[str, Any], prune: bool = False
) -> list[StructureChange]:
    """What :func:`apply` would change. :class:`~pim.errors.Invalid` as there, :class:`Conflict`
    where products stand against it.
    """
    changes = structures.compare(session, document, prune)
    if changes:
        _refuse_in_use(
            session, catalog.structure(session), structures.preview(session, document, prune)
        )
    return changes


def apply(
    session: Session, document: Mapping[str, Any], prune: bool = False
) -> list[StructureChange]:
    """Change the structure. In a small shop the index follows in the same transaction; in a larger
    one :func:`pim.products.maintenance.rebuild_index` has to be called (or queued) afterwards.

    :class:`Conflict` names how many products use what would go: an attribute, an option, a family,
    a locale, …
    """
    wait_for_turn(session, "structure")
    changes = compare(session, document, prune)
    if changes:
        structures.apply(session, document, prune)
        maintenance.follow_structure(session)
    return changes


def change(
    session: Session, document: Mapping[str, Any], now: datetime, *, by: str, prune: bool = False
) -> list[StructureChange]:
    """:func:`apply`, with a line in the audit log and a version to return to. ``by``: who asks for
    it.
    """
    wait_for_turn(session, "structure")
    whole_before = nest(catalog.items(session))
    changes = apply(session, document, prune)
    before = {_name(one): one.before for one in changes if one.before is not None}
    after = {_name(one): one.after for one in changes if one.after is not None}
    audit.record(session, NAME, NAME, before, after, now, by)
    if changes:
        whole_after = nest(catalog.items(session))
        versions.keep(session, NAME, NAME, whole_before, whole_after, now, by)
    return changes


def _name(change: StructureChange) -> str:
    """Another order of what stands in a category is one change, and a new label of it another."""
    order = "order of " if change.verb == "move" else ""
    return f"{order}{change.kind} {change.code}".rstrip()


def _refuse_in_use(session: Session, before: Structure, after: Structure) -> None:
    """One pass over all records, and only where something goes that one could use."""
    uses = _compile(before, after)
    if uses is None:
        return
    found: Counter[StructureUse] = Counter()
    for store in STORES.values():
        columns = (store.loaded_column(name) for name in USING)
        rows = select(*columns).where(*store.own).execution_options(yield_per=1000)
        for row in session.execute(rows):
            documents = (row.values, row.published or {})
            found.update({use for document in documents for use in uses(row, document)})
    if found:
        named = ", ".join(
            f"{kind} {code} ({count})" for (kind, code), count in sorted(found.items())
        )
        raise Conflict(
            text(
                "Products or assets use what would go or become something else, and how many:"
                " %(uses)s.",
                uses=named,
            )
        )


def _compile(before: Structure, after: Structure) -> StructureUses | None:
    """What a product uses of that which goes; None where nothing goes."""
    lost = _lost_addresses(before, after)
    options = _lost_options(before, after)
    families, variants = (
        before.families.keys() - after.families.keys(),
        _lost_variants(before, after),
    )
    categories = before.categories.keys() - after.categories.keys()
    if not (lost or options or families or variants or categories):
        return None

    def uses(row: Any, document: Document) -> Iterator[StructureUse]:
        yield from (("family", code) for code in (row.family,) if code in families)
        yield from (("variant", code) for code in (row.family_variant,) if code in variants)
        yield from (
            ("category", code) for code in document.get("categories", ()) if code in categories
        )
        yield from (lost[address] for address in lost.keys() & document.keys())
        for address in options.keys() & document.keys():
            attribute, gone = options[address]
            yield from (
                ("option", f"{attribute}:{code}")
                for code in _listed(document[address])
                if code in gone
            )

    return uses


def _lost_addresses(before: Structure, after: Structure) -> dict[str, StructureUse]:
    """Addresses that will be none, or hold another kind of value, and what people would call the
    reason.
    """
    lost: dict[str, StructureUse] = {}
    for address, attribute in before.attribute_at.items():
        then = after.attributes.get(attribute.code)
        if then is None or then.type.shape() != attribute.type.shape():
            lost[address] = ("attribute", attribute.code)
        elif address not in after.attribute_at:
            lost[address] = ("value", address)
    for address in before.association_addresses - after.association_addresses:
        lost[address] = ("association", address.removesuffix("-products"))
    return lost


def _lost_options(before: Structure, after: Structure) -> dict[str, tuple[str, frozenset[str]]]:
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for address, attribute in before.attribute_at.items():
        gone = _options(attribute) - _options(after.attributes.get(attribute.code))
        if gone:
            found[address] = (attribute.code, gone)
    return found


def _options(attribute: Attribute | None) -> frozenset[str]:
    return frozenset() if attribute is None else attribute.type.option_codes()


def _lost_variants(before: Structure, after: Structure) -> frozenset[str]:
    """Family variants that go, belong to another family or vary otherwise; more or fewer attributes
    per level do no harm.
    """

    def axes(structure: Structure, code: str) -> object:
        variant = structure.variants.get(code)
        return variant and (variant.family, [level.axes for level in variant.levels])

    return frozenset(code for code in before.variants if axes(before, code) != axes(after, code))


def _listed(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else (value,)
