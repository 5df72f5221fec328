"""What models and their variants ask of each other: family, family variant, levels and axes. Looks,
never changes.

The family is the model's: what stands below it goes along. A variant holds the values of its axes
itself, and its model holds none of them, so that two variants can always be told apart.
"""

from collections.abc import Iterator, Mapping, Sequence

import orjson

from pim.errors import Named, Text, text
from pim.problems import Problem, Severity
from pim.products.change import Origin
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure.objects import FamilyVariant, Level, Structure
from pim.values import Value, is_empty

PLACE = "axes of "
"""Before the id of a model: no address begins so."""


def check_family_variant(
    work: Workspace, item: LoadedProduct | None, values: Mapping[str, Value]
) -> Iterator[Problem]:
    """A family variant must be there, be one of the model's family, and fit what stands below the
    model.
    """
    if not values.keys() & {"family", "family_variant"}:
        return
    now = item.family_variant if item else None
    code = values["family_variant"] or None if "family_variant" in values else now
    variant = work.structure.variants.get(code or "")
    if code and variant is None:
        sentence = text("There is no family variant “%(code)s”.", code=code)
        yield _bad_variant(sentence, code)
        return
    if variant is not None and not _is_of_family(variant, item, values):
        sentence = text(
            "“%(code)s” is a family variant of “%(family)s”.",
            code=Named(variant.code, variant.labels),
            family=_family(work, variant.family),
        )
        yield _bad_variant(sentence, variant.code)
        return
    if item is not None and code != now:
        unfit = _first_unfit(work, item, variant)
        if unfit is not None:
            yield _bad_variant(_does_not_fit(work.structure, unfit, variant), code or "")


def _bad_variant(sentence: Text, code: str) -> Problem:
    return Problem("family_variant", "family variant", sentence, code)


def _is_of_family(
    variant: FamilyVariant, item: LoadedProduct | None, values: Mapping[str, Value]
) -> bool:
    """A model without a family gets that of the family variant it is given."""
    now = item.family if item else None
    family = values.get("family", now)
    if not family and values.get("family_variant"):
        return True
    return bool(family == variant.family)


def _first_unfit(
    work: Workspace, model: LoadedProduct, variant: FamilyVariant | None
) -> LoadedProduct | None:
    """The first product or model below that has no place in a family variant: too deep, without the
    values of its axes, or with those of another.
    """
    seen: set[tuple[int | None, str]] = set()
    for one in work.descendants(model):
        code = variant.code if variant else None
        level = work.structure.level_of(code, len(work.ancestors(one)))
        if level is None or missing_axes(level, one.values):
            return one
        place = (one.parent_id, repr(_on_axes(level, one.values)))
        if place in seen:
            return one
        seen.add(place)
    return None


def _does_not_fit(
    structure: Structure, unfit: LoadedProduct, variant: FamilyVariant | None
) -> Text:
    if variant is None:
        return text("“%(code)s” stands below it. Move its variants first.", code=unfit.identifier)
    return text(
        "“%(code)s”, which stands below it, has no place in the family variant “%(variant)s”. Move"
        " it first, or give it values of its own on these axes: %(axes)s.",
        code=unfit.identifier,
        variant=Named(variant.code, variant.labels),
        axes=_named(structure, [axis for level in variant.levels for axis in level.axes]),
    )


def check_parent(
    work: Workspace, item: LoadedProduct | None, values: Mapping[str, Value]
) -> Iterator[Problem]:
    """A parent must be a model with room for one more, and its family is that of what stands below
    it.
    """
    parent = values.get("parent")
    if parent:
        complaint = _wrong_parent(work, item, parent) or _other_family(work, parent, values)
        if complaint:
            yield Problem("parent", "parent", complaint, parent)
        return
    if item is None or item.parent_id is None:
        return
    if "parent" not in values:
        model = work.by_id[item.parent_id].identifier
        complaint = _other_family(work, model, values)
        if complaint:
            yield Problem("family", "family", complaint, values["family"], "skipped")
    elif work.children.get(item.id):
        yield Problem("parent", "parent", text("Move its variants first."))


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
    if depth > _depth_below(work, parent):
        return text("“%(code)s” has no further level of variants.", code=identifier)
    return None


def _other_family(work: Workspace, parent: str, values: Mapping[str, Value]) -> Text | None:
    model, family = work.find(parent), values.get("family")
    if family and model and model.family and model.family != family:
        return text(
            "Its model “%(code)s” is of the family “%(family)s”.",
            code=parent,
            family=_family(work, model.family),
        )
    return None


def _depth_below(work: Workspace, model: LoadedProduct) -> int:
    variant = work.structure.variants.get(work.by_id[model.root_id].family_variant or "")
    return len(variant.levels) if variant else 2


def check_axes_below(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct | None,
    values: Mapping[str, Value],
) -> Iterator[Problem]:
    """A model holds no value on an axis of its variants: they could not be told apart by it."""
    if parent is not None:
        top, depth = work.by_id[parent.root_id].family_variant, len(work.ancestors(parent)) + 1
    else:
        top, depth = values.get("family_variant", item.family_variant if item else None), 0
    variant = work.structure.variants.get(top or "")
    for level in variant.levels[depth:] if variant else ():
        for axis in level.axes:
            if not is_empty(values.get(axis)):
                sentence = text(
                    "Left out: the variants of a model differ by “%(axis)s”, so each has a value of"
                    " its own.",
                    axis=_named(work.structure, [axis]),
                )
                yield Problem(
                    axis, "axes", sentence, _spelled(work.structure, axis, values), "skipped"
                )


def check_axes_above(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct,
    new: Mapping[str, Value],
) -> Iterator[Problem]:
    """The value of an axis further up is the model's that stands there: a variant of the red ones
    is red. ``new``: what would change.
    """
    own = {**item.values, **new} if item else new
    is_moving = item is None or item.parent_id != parent.id
    for axis, model in _contradicted(work, parent, own):
        if axis in new or is_moving:
            sentence = _is_models(work.structure, axis, model)
            # What it holds already can be left out of no row: then it does not move.
            address = axis if axis in new else "parent"
            yield Problem(address, "axis of model", sentence, _spelled(work.structure, axis, own))


def _contradicted(
    work: Workspace, parent: LoadedProduct, own: Mapping[str, Value]
) -> Iterator[tuple[str, LoadedProduct]]:
    """(axis, model) where what stands below a model says something else than it does."""
    chain = (*work.ancestors(parent), parent)
    for depth, model in enumerate(chain):
        level = work.structure.level_of(chain[0].family_variant, depth)
        for axis in level.axes if level else ():
            told = model.values.get(axis)
            if not (is_empty(told) or is_empty(own.get(axis)) or own[axis] == told):
                yield axis, model


def _is_models(structure: Structure, axis: str, model: LoadedProduct) -> Text:
    return text(
        "“%(axis)s” is told by its model “%(code)s”, which is “%(value)s”.",
        axis=_named(structure, [axis]),
        code=model.identifier,
        value=structure.attributes[axis].type.dump(model.values[axis]),
    )


def axes_of(work: Workspace, parent: LoadedProduct) -> Sequence[str]:
    """By what those that stand directly below a model differ; nothing where no family variant says
    so.
    """
    level = _level_below(work, parent)
    return level.axes if level else ()


def check_axes(
    work: Workspace,
    item: LoadedProduct | None,
    parent: LoadedProduct,
    own: Mapping[str, Value],
    origin: Origin,
) -> Iterator[Problem]:
    """A new variant, one that moves and one that changes on an axis must have a value on each.
    ``own``: what it would hold itself.

    A migration (owner None) brings in a variant without such a value too, with a doubt: it cannot
    be approved.
    """
    level = _level_below(work, parent)
    if level is None:
        return
    is_moving = item is None or item.parent_id != parent.id
    if not is_moving and _on_axes(level, own) == _on_axes(level, item.values if item else {}):
        return
    missing = missing_axes(level, own)
    if missing:
        severity: Severity = "warning" if origin.owner is None else "error"
        yield Problem(missing[0], "no axis", _is_missing(work.structure, missing), "", severity)


def place_among(
    work: Workspace, parent: LoadedProduct, own: Mapping[str, Value]
) -> Iterator[tuple[str, str]]:
    """What only one variant of a model may have: these values on all of its axes. Nothing where no
    family variant says by what they differ, or one is missing.
    """
    level = _level_below(work, parent)
    if level is not None and not missing_axes(level, own):
        yield f"{PLACE}{parent.id}", orjson.dumps(_on_axes(level, own)).decode()


def is_place(claim: tuple[str, str]) -> bool:
    """Whether it is one of :func:`place_among`."""
    return claim[0].startswith(PLACE)


def standing_at(work: Workspace, claim: tuple[str, str]) -> Iterator[int]:
    """The variants that stand at a place now."""
    if not is_place(claim):
        return
    parent = work.by_id[int(claim[0].removeprefix(PLACE))]
    level, wanted = _level_below(work, parent), orjson.loads(claim[1])
    for sibling in work.children.get(parent.id, ()):
        if level is not None and _on_axes(level, sibling.values) == wanted:
            yield sibling.id


def same_axes(
    work: Workspace, claim: tuple[str, str], twin: str, own: Mapping[str, Value]
) -> Problem:
    """The problem of a variant that would stand where another does."""
    level = _level_below(work, work.by_id[int(claim[0].removeprefix(PLACE))])
    assert level is not None
    return _same_axes(work.structure, twin, level, own)


def why_not_told_apart(work: Workspace, item: LoadedProduct) -> Problem | None:
    """Why a variant that is there cannot be told from the others of its model; None where it can,
    or is no variant.
    """
    if item.parent_id is None:
        return None
    parent = work.by_id[item.parent_id]
    level = _level_below(work, parent)
    if level is None:
        return None
    missing = missing_axes(level, item.values)
    if missing:
        return Problem(missing[0], "no axis", _is_missing(work.structure, missing))
    for sibling in work.children[parent.id]:
        if sibling is not item and _on_axes(level, sibling.values) == _on_axes(level, item.values):
            return _same_axes(work.structure, sibling.identifier, level, item.values)
    return None


def why_unlike_model(work: Workspace, item: LoadedProduct) -> Problem | None:
    """What is wrong with the place of a product or model that is there already; None where it is
    one that :mod:`pim.products.planning` would take.
    """
    model = work.by_id[item.parent_id] if item.parent_id is not None else None
    if model is not None and model.family != item.family:
        sentence = text("its model “%(code)s” is of another family.", code=model.identifier)
        return Problem("family", "family", sentence)
    variant = work.structure.variants.get(item.family_variant or "")
    if model is None and variant is not None and variant.family != item.family:
        sentence = text("its family variant “%(code)s” is of another family.", code=variant.code)
        return _bad_variant(sentence, variant.code)
    contradicted = _contradicted(work, model, item.values) if model is not None else iter(())
    for axis, above in contradicted:
        return Problem(axis, "axis of model", _is_models(work.structure, axis, above))
    return why_not_told_apart(work, item)


def missing_axes(level: Level, own: Mapping[str, Value]) -> Sequence[str]:
    """The axes of a level on which a variant holds no value itself."""
    return [axis for axis in level.axes if is_empty(own.get(axis))]


def _is_missing(structure: Structure, axes: Sequence[str]) -> Text:
    return text(
        "The variants of its model differ by %(axes)s: it needs a value of its own there.",
        axes=_named(structure, axes),
    )


def _same_axes(structure: Structure, twin: str, level: Level, own: Mapping[str, Value]) -> Problem:
    axes = _named(structure, level.axes)
    sentence = text("“%(code)s” has the same %(axes)s.", code=twin, axes=axes)
    if not twin:
        sentence = text("Another product of this file has the same %(axes)s.", axes=axes)
    axis = level.axes[0]
    return Problem(axis, "axes", sentence, _spelled(structure, axis, own))


def _spelled(structure: Structure, axis: str, values: Mapping[str, Value]) -> str:
    value = values.get(axis)
    return "" if is_empty(value) else structure.attributes[axis].type.dump(value)


def _named(structure: Structure, axes: Sequence[str]) -> tuple[Named, ...]:
    return tuple(Named(axis, structure.attributes[axis].labels) for axis in axes)


def _family(work: Workspace, code: str) -> Named:
    return Named(code, work.structure.families[code].labels)


def _level_below(work: Workspace, parent: LoadedProduct) -> Level | None:
    variant = work.by_id[parent.root_id].family_variant
    return work.structure.level_of(variant, len(work.ancestors(parent)) + 1)


def _on_axes(level: Level, own: Mapping[str, Value]) -> list[Value]:
    return [own.get(axis) for axis in level.axes]
