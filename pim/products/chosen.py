"""What somebody chose of a product by hand, and no file undoes: its family, its model, whether it
is enabled, its categories in each tree, its associations.

An attribute's values have an owner. These have none: they belong to the hub once somebody has set
them there, be it to nothing, and until then to whoever comes. A record keeps who that was, by
*place*: an address, or a tree of categories (``categories/shop``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pim.errors import text
from pim.problems import Problem
from pim.products.change import Origin
from pim.products.workspace import LoadedProduct, Workspace, key_of
from pim.structure.objects import HUB, STRUCTURAL, Structure
from pim.values import ReadValues, Value, replaced

CATEGORIES: Final = "categories"
Choices = Mapping[str, str | None]
"""Place -> who chose it; None: nobody."""
KeptValues = tuple[ReadValues, list[Problem]]
"""The values that may be set, and a line of the report for each that is left as somebody chose
it.
"""


def note(
    work: Workspace,
    item: LoadedProduct,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    origin: Origin,
    returned: Choices | None = None,
) -> None:
    """Keep in mind who set what changed. Who takes a change back chooses nothing anew: what that
    gives back is ``returned`` to whoever had chosen it.
    """
    places = {
        place
        for address in after
        for place in _changed(work.structure, address, before.get(address), after[address])
    }
    if origin.kind == "revert":
        given = {place: who for place, who in (returned or {}).items() if place in places}
    else:
        who = origin.actor if origin.owner == HUB else None
        given = dict.fromkeys(sorted(places), who)
    _give(item, given)


def _give(item: LoadedProduct, given: Choices) -> None:
    """Make these places the choice of somebody, or of nobody, and remember whose they were."""
    now = item.chosen or {}
    differing = {place: who for place, who in given.items() if now.get(place) != who}
    if not differing:
        return
    were = {place: now.get(place) for place in differing}
    item.chosen_before = were | (item.chosen_before or {})
    after = now | differing
    item.chosen = {place: who for place, who in after.items() if who is not None} or None


def address_of(place: str) -> str:
    """The address whose value holds a place."""
    return place.partition("/")[0]


def _changed(structure: Structure, address: str, before: Value, after: Value) -> Iterator[str]:
    if address in STRUCTURAL or address in structure.association_addresses:
        yield address
    elif address == CATEGORIES:
        old, new = _by_tree(structure, before), _by_tree(structure, after)
        for tree in old.keys() | new.keys():
            if old.get(tree) != new.get(tree):
                yield f"{CATEGORIES}/{tree}"


def _by_tree(structure: Structure, codes: Iterable[str] | None) -> dict[str, list[str]]:
    """The categories of each tree in their order; one that is not there stands under ""."""
    found: dict[str, list[str]] = {}
    for code in codes or ():
        found.setdefault(_tree_of(structure, code), []).append(code)
    return found


def _tree_of(structure: Structure, code: str) -> str:
    return next(reversed(structure.path(code)), "")


def keep_facts(
    work: Workspace, item: LoadedProduct | None, values: ReadValues, origin: Origin
) -> KeptValues:
    """Family, family variant, model and "enabled" as somebody chose them."""
    if item is None or not item.chosen or _may_choose(origin):
        return values, []
    left: dict[str, Value] = dict(values)
    kept: list[Problem] = []
    for address in sorted(STRUCTURAL & item.chosen.keys() & values.keys()):
        value = left.pop(address)
        if not _is_now(work, item, address, value):
            kept.append(_kept(address, item.chosen[address], value))
    if "family" in item.chosen:
        kept += _bringing_another_family(work, item, left)
    return replaced({at: value for at, value in left.items() if at not in _places(kept)}), kept


def _bringing_another_family(
    work: Workspace, item: LoadedProduct, values: Mapping[str, Value]
) -> list[Problem]:
    """The model or family variant with which the product would leave the family that somebody chose
    for it.
    """
    assert item.chosen is not None
    families: dict[str, str | None] = {}
    model = work.find(values["parent"]) if values.get("parent") else None
    if model is not None:
        families["parent"] = model.family
    variant = work.structure.variants.get(values.get("family_variant") or "")
    if variant is not None:
        families["family_variant"] = variant.family
    sentence = text(
        "Left as it is: %(who)s chose the family “%(family)s” by hand.",
        who=item.chosen["family"],
        family=item.family or "",
    )
    return [
        Problem(address, "owner", sentence, str(values[address]), "kept")
        for address, family in families.items()
        if family != item.family
    ]


def _places(problems: Iterable[Problem]) -> frozenset[str]:
    return frozenset(problem.address for problem in problems)


def _is_now(work: Workspace, item: LoadedProduct, address: str, value: Value) -> bool:
    if address == "parent":
        now = None if item.parent_id is None else work.by_id[item.parent_id].key
        return (key_of(value) if value else None) == now
    if address == "enabled":
        return bool(value == item.enabled)
    return bool((value or None) == getattr(item, address))


def keep_lists(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct | None,
    values: ReadValues,
    origin: Origin,
) -> KeptValues:
    """Categories and associations as somebody chose them, for this product or a model above it
    (``parent``: the one it would have).
    """
    if _may_choose(origin):
        return values, []
    left: dict[str, Value] = dict(values)
    kept: list[Problem] = []
    for address in (CATEGORIES, *sorted(work.structure.association_addresses)):
        holder = _holder(work, item, parent, address) if address in values else None
        if holder is None or not holder.chosen:
            continue
        if address == CATEGORIES:
            left[address], problems = _keep_trees(work.structure, holder, values[address] or ())
            kept += problems
        elif address in holder.chosen:
            value, now = left.pop(address), holder.values.get(address)
            if (value or None) != now:
                kept.append(_kept(address, holder.chosen[address], value))
    return replaced(left), kept


def _holder(
    work: Workspace, item: LoadedProduct | None, parent: LoadedProduct | None, address: str
) -> LoadedProduct | None:
    """Who holds the value that a product shows: itself, or the nearest model that has one."""
    upwards: list[LoadedProduct] = [item] if item else []
    if parent is not None:
        upwards += [parent, *reversed(work.ancestors(parent))]
    for one in upwards:
        is_chosen = any(address_of(place) == address for place in one.chosen or ())
        if address in one.values or is_chosen:
            return one
    return None


def _keep_trees(
    structure: Structure, holder: LoadedProduct, sent: Sequence[str]
) -> tuple[Sequence[str] | None, list[Problem]]:
    """The categories of the trees that somebody chose stay, those of the others come."""
    now = holder.values.get(CATEGORIES) or []
    old, new = _by_tree(structure, now), _by_tree(structure, sent)
    kept: list[Problem] = []
    for place, who in (holder.chosen or {}).items():
        address, _, tree = place.partition("/")
        if address == CATEGORIES and old.get(tree) != new.get(tree):
            kept.append(_kept(CATEGORIES, who, new.get(tree)))
            new[tree] = old.get(tree, [])
    codes = [code for codes in new.values() for code in codes]
    if kept and set(codes) == set(now):
        codes = list(now)  # nothing comes, so their order stays too
    return codes or None, kept


def _may_choose(origin: Origin) -> bool:
    """People do, and who owns everything (a migration, an undo)."""
    return origin.owner is None or origin.owner == HUB


def _kept(address: str, who: str, value: Value) -> Problem:
    shown = ", ".join(value) if isinstance(value, list | tuple) else str(value or "")
    sentence = text("Left as it is: %(who)s chose this by hand.", who=who)
    return Problem(address, "owner", sentence, shown, "kept")
