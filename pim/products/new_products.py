"""The quick way for new single products of a large file.

Who reads such a file has a processor of its own: there :func:`prepare` asks the rules that need
nothing but the structure, spells the document as it is stored, and works out what the index will
say. Where the product is written, :func:`plan_prepared` asks only what somebody may have changed
meanwhile. What is written is what :func:`pim.products.planning.plan_batch` writes the long way; a
test holds the two together. The plan itself does not list the values.
"""

from collections.abc import Iterator

from pim.db import JsonText
from pim.problems import Problem
from pim.products import indexing, rules
from pim.products.change import PreparedProduct, ProductInput, ProductPlan
from pim.products.claims import UniqueClaims
from pim.products.stores import PRODUCTS
from pim.products.workspace import Workspace
from pim.structure.objects import STRUCTURAL, Structure
from pim.values import Document, ReadValues

RELATED = ("parent", "family_variant")
"""What makes a product one that cannot be judged by itself."""


def prepare(structure: Structure, one: ProductInput) -> ProductInput:
    """The input with what can be known before anybody looks into the hub.

    It stays as it is for a model, for what inherits from one, and where a rule speaks against it:
    such an input goes the long way.
    """
    if one.kind != "product" or any(one.values.get(name) for name in RELATED):
        return one
    if None in one.values.values():  # a value that is cleared; readers make no other empty one
        return one
    if next(_problems(structure, one), None) is not None:
        return one
    family = one.values.get("family")
    document, enabled = _document(structure, one), bool(one.values.get("enabled", True))
    prepared = PreparedProduct(
        structure_version=structure.version,
        family=family,
        enabled=enabled,
        document=JsonText.of(document),
        terms=indexing.terms_of(structure, one.identifier, family, document, enabled=enabled),
        unique=tuple(_unique_terms(structure, document)),
    )
    return prepared_input(one.identifier, one.row, prepared, cell_by_cell=one.cell_by_cell)


def prepared_input(
    identifier: str, row: int | None, prepared: PreparedProduct, *, cell_by_cell: bool
) -> ProductInput:
    """The input that says no more than what is prepared."""
    return ProductInput(identifier, _NOTHING, row=row, cell_by_cell=cell_by_cell, prepared=prepared)


def _problems(structure: Structure, one: ProductInput) -> Iterator[Problem]:
    yield from rules.check_new_name(structure, one)
    yield from rules.check_addresses(structure, PRODUCTS, one.values)
    yield from rules.check_family(structure, PRODUCTS, one.values)


def _document(structure: Structure, one: ProductInput) -> Document:
    document: Document = dict(one.values)
    for address in STRUCTURAL:
        document.pop(address, None)
    if structure.identifier is not None:
        document[structure.identifier] = one.identifier
    return document


def _unique_terms(structure: Structure, document: Document) -> Iterator[tuple[str, str]]:
    for address, attribute in structure.unique_at.items():
        if address in document:
            for term in attribute.type.terms(document[address]):
                yield address, term


def unpacked(one: ProductInput) -> ProductInput:
    """A prepared input as one that goes the long way."""
    prepared = one.prepared
    if prepared is None:
        return one
    values = prepared.document.read()
    if prepared.family is not None:
        values["family"] = prepared.family
    if not prepared.enabled:
        values["enabled"] = False
    return ProductInput(
        one.identifier, ReadValues(values), row=one.row, cell_by_cell=one.cell_by_cell
    )


def plan_prepared(
    work: Workspace, one: ProductInput, claims: UniqueClaims, product_id: int
) -> ProductPlan | None:
    """The plan of a product that is not there yet, carried out in the workspace; None where it
    takes the long way after all.
    """
    prepared = one.prepared
    if prepared is None or prepared.structure_version != work.structure.version:
        return None
    if not claims.are_free(prepared.unique):
        return None
    item = work.create(product_id, one.identifier, one.kind)
    item.document, item.terms, item.row = prepared.document, prepared.terms, one.row
    item.family, item.enabled = prepared.family, prepared.enabled
    claims.hold(prepared.unique, item.id)
    return ProductPlan(one.identifier, one.kind, "created", row=one.row, status_after=item.status)


_NOTHING = ReadValues({})
