"""What somebody chose of a product by hand, and no file undoes: its family, its model, whether it
is enabled, its categories in each tree, its associations.

An attribute's values have an owner. These have none: they belong to the hub once somebody has set
them there, be it to nothing, and until then to whoever comes. A record keeps who that was, by
*place*: an address, or a tree of categories (``categories/shop``).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from pim.attributes.boolean import BooleanType
from pim.errors import text
from pim.problems import Problem
from pim.products.change import Origin
from pim.products.workspace import LoadedProduct, Workspace, key_of
from pim.structure.objects import HUB, STRUCTURAL, Structure
from pim.values import ReadValues, Value, replaced, without

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
    places = _changed_places(work.structure, before, after)
    if origin.kind == "revert":
        back = returned or {}
        _give(item, {place: back[place] for place in places if place in back})
        return
    who = origin.actor if origin.owner == HUB else None
    _give(item, dict.fromkeys(places, who))


def _give(item: LoadedProduct, given: Choices) -> None:
    """Make these places the choice of somebody, or of nobody, and remember whose they were."""
    chosen = dict(item.chosen or {})
    were: dict[str, str | None] = {}
    for place, who in given.items():
        now = chosen.pop(place, None)
        if who is not None:
            chosen[place] = who
        if who != now:
            were[place] = now
    if were:
        item.chosen = chosen or None
        item.chosen_before = were | (item.chosen_before or {})


def address_of(place: str) -> str:
    """The address whose value holds a place."""
    return place.partition("/")[0]


def _changed_places(
    structure: Structure, before: Mapping[str, Value], after: Mapping[str, Value]
) -> list[str]:
    """The places at which a product stands differently."""
    chosen_whole = STRUCTURAL | structure.association_addresses
    found: list[str] = sorted(after.keys() & chosen_whole)
    if CATEGORIES in after:
        old = _by_tree(structure, before.get(CATEGORIES))
        new = _by_tree(structure, after[CATEGORIES])
        trees = sorted(old.keys() | new.keys())
        found += [f"{CATEGORIES}/{tree}" for tree in trees if old.get(tree) != new.get(tree)]
    return found


def _by_tree(structure: Structure, codes: Iterable[str] | None) -> dict[str, list[str]]:
    """The categories of each tree in their order; one that is not there stands under ""."""
    found: dict[str, list[str]] = {}
    for code in codes or ():
        tree = next(reversed(structure.path(code)), "")
        found.setdefault(tree, []).append(code)
    return found


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
    return without(replaced(left), [problem.address for problem in kept]), kept


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


def _is_now(work: Workspace, item: LoadedProduct, address: str, value: Value) -> bool:
    """Whether a product has this family, family variant, model or "enabled" already."""
    if address == "enabled":
        return bool(value == item.enabled)
    if address != "parent":
        return bool((value or None) == getattr(item, address))
    wanted = key_of(value) if value else None
    now = work.by_id[item.parent_id].key if item.parent_id is not None else None
    return wanted == now


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
            sent = values[address] or ()
            left[address], problems = _keep_trees(work.structure, holder, sent)
            kept += problems
        elif address in holder.chosen:
            value = left.pop(address)
            now = holder.values.get(address)
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
        chosen_addresses = map(address_of, one.chosen or ())
        if address in one.values or address in chosen_addresses:
            return one
    return None


def _keep_trees(
    structure: Structure, holder: LoadedProduct, sent: Sequence[str]
) -> tuple[Sequence[str] | None, list[Problem]]:
    """The categories of the trees that somebody chose stay, those of the others come."""
    now = holder.values.get(CATEGORIES) or []
    old = _by_tree(structure, now)
    new = _by_tree(structure, sent)
    kept: list[Problem] = []
    for place, who in (holder.chosen or {}).items():
        tree = place.removeprefix(f"{CATEGORIES}/")
        is_a_tree = address_of(place) == CATEGORIES
        if is_a_tree and old.get(tree) != new.get(tree):
            kept.append(_kept(CATEGORIES, who, new.get(tree)))
            new[tree] = old.get(tree, [])
    codes = list(chain.from_iterable(new.values()))
    if kept and set(codes) == set(now):
        codes = list(now)  # nothing comes, so their order stays too
    return codes or None, kept


def _may_choose(origin: Origin) -> bool:
    """People do, and who owns everything (a migration, an undo)."""
    return origin.owner is None or origin.owner == HUB


def _kept(address: str, who: str, value: Value) -> Problem:
    sentence = text("Left as it is: %(who)s chose this by hand.", who=who)
    return Problem(address, "owner", sentence, _spelled(value), "kept")


def _spelled(value: Value) -> str:
    if isinstance(value, bool):
        return BooleanType().dump(value)
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return str(value or "")
