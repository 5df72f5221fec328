"""Who may change what of a product or another record: asked where a change is planned, for every
door.

A form, an import, a bulk step, an undo and the command line all plan their changes, so a rule that
stands here holds for all of them. Lists and pages ask :func:`visible` and :func:`may_see`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from pim import owners
from pim.accounts.permissions import Permission
from pim.accounts.principals import Place, Principal
from pim.errors import Named, text
from pim.problems import Problem
from pim.products.change import Origin
from pim.products.stores import RecordStore
from pim.products.workspace import Workspace
from pim.structure.objects import Attribute, Structure
from pim.values import Document, Value, is_empty, parse_address
from pim.workflow import APPROVED, DRAFT, NAMES, RETIRED, REVIEW

STEP_PERMISSIONS: Final = {
    DRAFT: Permission.PRODUCTS_EDIT,
    REVIEW: Permission.PRODUCTS_EDIT,
    APPROVED: Permission.PRODUCTS_APPROVE,
    RETIRED: Permission.PRODUCTS_APPROVE,
}
"""What taking a product to a status asks for."""
CATEGORIES: Final = "categories"


def may_overwrite(attribute: Attribute, origin: Origin) -> bool:
    """An attribute's owner overwrites its values; everybody may fill what is empty."""
    return origin.owner is None or attribute.owner == origin.owner


def kept(address: str, attribute: Attribute, value: Value) -> Problem:
    """The report's line for a value that another system owns."""
    shown = "" if is_empty(value) else attribute.type.dump(value)
    owner = owners.name_of(attribute.owner)
    sentence = text("Left as it is: this value belongs to “%(owner)s”.", owner=owner)
    return Problem(address, "owner", sentence, shown, "kept")


def may_write_everything(store: RecordStore, origin: Origin) -> bool:
    """Whether nothing needs to be asked; most origins have no limits, and imports are long."""
    return origin.principal.may_everywhere(_edit_permission(store, origin))


def may_write(
    principal: Principal,
    structure: Structure,
    address: str,
    categories: Iterable[str],
    permission: Permission = Permission.PRODUCTS_EDIT,
) -> bool:
    """Whether the value at one address may be changed, of a product in these categories."""
    return principal.may_at(permission, _place(structure, address, trees_of(structure, categories)))


def check_creation(work: Workspace, origin: Origin, categories: Iterable[str]) -> Iterator[Problem]:
    """A new product belongs to nobody's locale or group: it takes a grant without those limits.

    What a record of something else tells of is there already, so its making asks for nothing.
    """
    if work.store.existing is not None:
        return
    place = Place(trees=trees_of(work.structure, categories))
    if not origin.principal.may_at(_edit_permission(work.store, origin), place):
        yield Problem("identifier", "permission", text("You may not create products here."))


def check_values(
    work: Workspace, origin: Origin, addresses: Iterable[str], categories: Iterable[str]
) -> Iterator[Problem]:
    """Which of the addresses that would change may not, of a product in these categories."""
    permission, structure = _edit_permission(work.store, origin), work.structure
    trees = trees_of(structure, categories)
    for address in addresses:
        if not origin.principal.may_at(permission, _place(structure, address, trees)):
            yield Problem(address, "permission", text("You may not change this value."))


def check_categories(
    work: Workspace, origin: Origin, before: Iterable[str], after: Iterable[str]
) -> Iterator[Problem]:
    """A product is put into, and taken out of, categories of one's own trees only."""
    permission, structure = _edit_permission(work.store, origin), work.structure
    for code in sorted(set(before) ^ set(after)):
        if not origin.principal.may_at(permission, Place(trees=trees_of(structure, [code]))):
            category = structure.categories.get(code)
            named = Named(code, category.labels if category else {})
            sentence = text("You may not use the category “%(code)s”.", code=named)
            yield Problem(CATEGORIES, "permission", sentence, code)


def check_step(
    structure: Structure, origin: Origin, status: str, categories: Iterable[str]
) -> Iterator[Problem]:
    """A step of the workflow that publishes nothing concerns the whole product."""
    place = Place(trees=trees_of(structure, categories))
    if not origin.principal.may_at(_step_permission(origin, status), place):
        sentence = text("You may not take this product to “%(status)s”.", status=NAMES[status])
        yield Problem("status", "permission", sentence, status)


def check_publication(
    structure: Structure, origin: Origin, addresses: Collection[str], categories: Iterable[str]
) -> Iterator[Problem]:
    """An approval publishes values: each that channels would see differently is asked about.

    Where none would, only the status changes.
    """
    permission = _step_permission(origin, APPROVED)
    if origin.principal.may_everywhere(permission):
        return
    if not addresses:
        yield from check_step(structure, origin, APPROVED, categories)
        return
    trees = trees_of(structure, categories)
    for address in addresses:
        if not origin.principal.may_at(permission, _place(structure, address, trees)):
            sentence = text("You may not publish “%(address)s”.", address=address)
            yield Problem("status", "permission", sentence, address)


def visible(principal: Principal, structure: Structure) -> frozenset[str] | None:
    """The categories whose products may be seen; None where all products may be, also those that
    stand in no category.
    """
    if principal.may_everywhere(Permission.PRODUCTS_VIEW):
        return None
    codes: set[str] = set()
    for grant in principal.grants_of(Permission.PRODUCTS_VIEW):
        for tree in grant.trees or ():
            codes |= structure.below(tree)
    return frozenset(codes)


def writable(principal: Principal, structure: Structure, address: str) -> frozenset[str] | None:
    """The categories of whose products the value at an address may be changed; None where it may be
    of all products, also of those that stand in no category.
    """
    codes: set[str] = set()
    for grant in principal.grants_of(Permission.PRODUCTS_EDIT):
        if not replace(grant, trees=None).covers(_place(structure, address, frozenset())):
            continue
        if grant.trees is None:
            return None
        for tree in grant.trees:
            codes |= structure.below(tree)
    return frozenset(codes)


def may_see(principal: Principal, structure: Structure, document: Document) -> bool:
    """Whether a product with this document, with what it inherits, may be seen."""
    seen = visible(principal, structure)
    return seen is None or not seen.isdisjoint(categories_of(document))


def trees_of(structure: Structure, categories: Iterable[str]) -> frozenset[str]:
    """The trees in which these categories stand."""
    paths = (structure.path(code) for code in categories)
    return frozenset(path[-1] for path in paths if path)


def categories_of(document: Mapping[str, Value]) -> Iterable[str]:
    """The categories of a product with this document."""
    codes: Iterable[str] = document.get(CATEGORIES) or ()
    return codes


def _edit_permission(store: RecordStore, origin: Origin) -> Permission:
    return store.revert if origin.needs_right_to_undo else store.edit


def _step_permission(origin: Origin, status: str) -> Permission:
    """An undo retires what a run had created, and needs no more than the right to undo."""
    if origin.needs_right_to_undo:
        return Permission.PRODUCTS_REVERT
    return STEP_PERMISSIONS[status]


def _place(structure: Structure, address: str, trees: frozenset[str]) -> Place:
    attribute = structure.attribute_at.get(address)
    if attribute is None:  # the product itself: its family, its parent, its categories
        return Place(trees=trees)
    return Place(parse_address(address).locale, attribute.group, trees)
