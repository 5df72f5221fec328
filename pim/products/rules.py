"""What an edit may not do: addresses that do not exist, owners, impossible parents, axes taken.
Looks, never changes.
"""

from collections.abc import Iterator, Mapping

from pim.errors import Text, text
from pim.problems import Problem
from pim.products.change import ProductInput
from pim.products.stores import RecordStore
from pim.products.workspace import LoadedProduct, Workspace, key_of
from pim.structure.objects import ASSET, Structure
from pim.values import Value

IDENTIFIER_LENGTH = 255


def check_name(work: Workspace, item: LoadedProduct | None, one: ProductInput) -> Iterator[Problem]:
    """A name that every table and index takes, that belongs to this kind, and, for a new product,
    that keeps its attribute's rules; for a new record of something else, that this is there.
    """
    name = one.identifier
    if item is None and work.things is not None and name not in work.things:
        sentence = text("There is no picture or document “%(code)s”.", code=name)
        yield Problem("identifier", "unknown asset", sentence, name)
    elif item is None:
        yield from check_new_name(work.structure, one)
    elif not _is_a_name(name):
        yield _no_name(name)
    elif item.kind != one.kind:
        sentence = text("“%(code)s” is there already, as a %(kind)s.", code=name, kind=item.kind)
        yield Problem("identifier", "kind", sentence, name)


def check_new_name(structure: Structure, one: ProductInput) -> Iterator[Problem]:
    """What the structure alone says against the name of a new product or record."""
    name = one.identifier
    if not _is_a_name(name):
        yield _no_name(name)
    elif one.kind == "product" and structure.identifier is not None:
        for broken in structure.attributes[structure.identifier].type.check(name):
            yield Problem("identifier", broken.rule, broken.message, name)


def _is_a_name(name: str) -> bool:
    is_short = max(len(name), len(key_of(name))) <= IDENTIFIER_LENGTH
    return bool(name) and name == name.strip() and is_short and name.isprintable()


def _no_name(name: str) -> Problem:
    sentence = text("An identifier has 1 to 255 visible characters and no blank at its ends.")
    return Problem("identifier", "identifier", sentence, name)


def check_addresses(
    structure: Structure, store: RecordStore, values: Mapping[str, Value]
) -> Iterator[Problem]:
    """Every address must be one of this shop, for this kind of record; categories must be there."""
    known = store.addresses(structure)
    if not known.issuperset(values):
        for address in values:
            if address not in known:
                yield Problem(address, "unknown address", _no_address(structure, address))
    for code in values.get("categories") or ():
        if code not in structure.categories:
            yield Problem(
                "categories",
                "unknown category",
                text("There is no category “%(code)s”.", code=code),
                code,
            )


def _no_address(structure: Structure, address: str) -> Text:
    if address in structure.known_addresses:
        return text("No family of assets has the value “%(address)s”.", address=address)
    return text("This shop has no value “%(address)s”.", address=address)


def check_structural(
    work: Workspace, item: LoadedProduct | None, values: Mapping[str, Value]
) -> Iterator[Problem]:
    """Family, family variant and parent must be there and fit together."""
    structure = work.structure
    family, variant, parent = (
        values.get("family"),
        values.get("family_variant"),
        values.get("parent"),
    )
    yield from check_family(structure, work.store, values)
    if variant and variant not in structure.variants:
        yield _refusal(
            "family_variant", text("There is no family variant “%(code)s”.", code=variant), variant
        )
    if parent:
        complaint = _wrong_parent(work, item, parent) or _other_family(work, parent, family)
        if complaint:
            yield _refusal("parent", complaint, parent)
    elif (
        "parent" in values
        and item is not None
        and item.parent_id is not None
        and work.children.get(item.id)
    ):
        yield _refusal("parent", text("Move its variants first."), "")


def check_family(
    structure: Structure, store: RecordStore, values: Mapping[str, Value]
) -> Iterator[Problem]:
    """A family must be there, and be one of this kind of record."""
    code = values.get("family")
    if not code:
        return
    family = structure.families.get(code)
    if family is None:
        yield _refusal("family", text("There is no family “%(code)s”.", code=code), code)
    elif family.kind != store.code:
        yield _refusal("family", _family_of_others(family.kind, code), code)


def _family_of_others(kind: str, family: str) -> Text:
    if kind == ASSET:
        return text("“%(code)s” is a family of assets.", code=family)
    return text("“%(code)s” is a family of products.", code=family)


def _refusal(address: str, sentence: Text, value: str) -> Problem:
    return Problem(address, address.replace("_", " "), sentence, value)


def _wrong_parent(work: Workspace, item: LoadedProduct | None, identifier: str) -> Text | None:
    parent = work.find(identifier)
    if parent is None:
        return text("There is no model “%(code)s”.", code=identifier)
    if parent.kind != "model":
        return text("“%(code)s” is a product, not a model.", code=identifier)
    if item is not None and (parent is item or item in work.ancestors(parent)):
        return text("“%(code)s” would become its own ancestor.", code=item.identifier)
    if item is not None and item.parent_id != parent.id and work.children.get(item.id):
        return text("Move its variants first.")
    depth = len(work.ancestors(parent)) + 1
    if depth > _levels(work, parent):
        return text("“%(code)s” has no further level of variants.", code=identifier)
    return None


def _other_family(work: Workspace, parent: str, family: str | None) -> Text | None:
    model = work.find(parent)
    if family and model and model.family and model.family != family:
        return text(
            "Its model “%(code)s” is of the family “%(family)s”.", code=parent, family=model.family
        )
    return None


def _levels(work: Workspace, model: LoadedProduct) -> int:
    variant = work.structure.variants.get(work.by_id[model.root_id].family_variant or "")
    return len(variant.levels) if variant else 2


def check_axes(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct | None,
    values: Mapping[str, Value],
) -> Iterator[Problem]:
    """Two variants of one model with the same values on its axes could not be told apart."""
    if parent is None:
        return
    depth = len(work.ancestors(parent)) + 1
    level = work.structure.level_of(work.by_id[parent.root_id].family_variant, depth)
    if level is None or any(axis not in values for axis in level.axes):
        return
    mine = [values[axis] for axis in level.axes]
    for sibling in work.children.get(parent.id, ()):
        if sibling is not item and [sibling.values.get(axis) for axis in level.axes] == mine:
            sentence = text(
                "“%(code)s” has the same %(axes)s.",
                code=sibling.identifier,
                axes=", ".join(level.axes),
            )
            yield Problem(level.axes[0], "axes", sentence, str(mine[0]))
