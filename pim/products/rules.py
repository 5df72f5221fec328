"""What an edit may not do: a name that is none, addresses that do not exist, families that do not
fit. Looks, never changes.
"""

from collections.abc import Iterator, Mapping

from pim.attributes.characters import hidden_sign, is_blank, sign_name
from pim.errors import Text, text
from pim.problems import Problem
from pim.products import variants
from pim.products.change import NOTHING_YET, ProductInput
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
    elif one.base == NOTHING_YET:
        sentence = text("There is a product with this SKU already.")
        yield Problem("identifier", "taken", sentence, name)
    elif complaint := _why_no_name(name):
        yield _refused_name(complaint, name)
    elif item.kind != one.kind:
        sentence = text("“%(code)s” is there already, as a %(kind)s.", code=name, kind=item.kind)
        yield Problem("identifier", "kind", sentence, name)


def check_new_name(structure: Structure, one: ProductInput) -> Iterator[Problem]:
    """What the structure alone says against the name of a new product or record."""
    name = one.identifier
    if complaint := _why_no_name(name):
        yield _refused_name(complaint, name)
    elif one.kind == "product" and structure.identifier is not None:
        for broken in structure.attributes[structure.identifier].type.check(name):
            yield Problem("identifier", broken.rule, broken.message, name)


def _why_no_name(name: str) -> Text | None:
    if is_blank(name):
        return text("An identifier needs a character that can be seen.")
    if max(len(name), len(key_of(name))) > IDENTIFIER_LENGTH:
        return text("An identifier has at most %(limit)s characters.", limit=IDENTIFIER_LENGTH)
    if name != name.strip():
        return text("An identifier has no blank at its ends.")
    hidden = hidden_sign(name)
    if hidden is None:
        return None
    return text(
        "An identifier has only signs that can be seen: %(sign)s stands at position %(position)s.",
        sign=sign_name(hidden[0]),
        position=hidden.start() + 1,
    )


def _refused_name(complaint: Text, name: str) -> Problem:
    return Problem("identifier", "identifier", complaint, name)


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
    yield from check_family(work.structure, work.store, values)
    yield from variants.check_family_variant(work, item, values)
    yield from variants.check_parent(work, item, values)


def check_family(
    structure: Structure, store: RecordStore, values: Mapping[str, Value]
) -> Iterator[Problem]:
    """A family must be there, and be one of this kind of record."""
    code = values.get("family")
    if not code:
        return
    family = structure.families.get(code)
    if family is None:
        sentence = text("There is no family “%(code)s”.", code=code)
        yield Problem("family", "family", sentence, code)
    elif family.kind != store.code:
        yield Problem("family", "family", _family_of_others(family.kind, code), code)


def _family_of_others(kind: str, family: str) -> Text:
    if kind == ASSET:
        return text("“%(code)s” is a family of assets.", code=family)
    return text("“%(code)s” is a family of products.", code=family)
