"""Steps as functions: compiled once for a structure, then run over one batch after the other."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pim.bulk_edits import steps as kinds
from pim.bulk_edits.batches import STATUS_AFTER, CompiledSteps
from pim.bulk_edits.changes import (
    ClearChange,
    CopyChange,
    FactChange,
    ItemsChange,
    MoveChange,
    OperateChange,
    RereadChange,
    SetChange,
    StepChange,
)
from pim.bulk_edits.computing import Computation
from pim.bulk_edits.own_cells import TakeOwnCells
from pim.bulk_edits.steps import Step, TakeStep, ValueStep
from pim.errors import EtalageError, Invalid, NotFound, Text, text
from pim.row_reader import read_form, read_lists, refusals
from pim.structure.objects import PRODUCT, Attribute, Structure, why_no_address
from pim.values import Value

MARKUP_BREAKS = frozenset({"upper", "lower", "title", "truncate", "slug", "only_digits"})
"""Operations that would change the tags of a rich text."""


def compile_steps(
    structure: Structure, steps: Sequence[Step], *, is_raised: bool = False
) -> CompiledSteps:
    """:class:`Invalid` (``steps.0`` and so on -> complaints), all at once."""
    if not steps:
        raise Invalid({"steps": [text("Say what to change.")]})
    wrong: dict[str, list[Text]] = {}
    changes: list[StepChange] = []
    status: TakeStep | None = None
    for place, step in enumerate(steps):
        try:
            if isinstance(step, TakeStep):
                _check_status(step, is_last=place == len(steps) - 1)
                status = step
            else:
                changes.append(_COMPILERS[step.name](structure, step))
        except Invalid as error:
            wrong[f"steps.{place}"] = error.sentences
        except EtalageError as error:
            wrong[f"steps.{place}"] = [error.message]
    if wrong:
        raise Invalid(wrong)
    return CompiledSteps(structure, changes, status, is_raised)


def _check_status(step: TakeStep, *, is_last: bool) -> None:
    if step.to not in STATUS_AFTER:
        raise NotFound(text("There is no status “%(code)s”.", code=step.to))
    if not is_last:
        raise NotFound(text("A step of the workflow comes last, and there is only one."))


def _attributes(structure: Structure, addresses: Iterable[str]) -> dict[str, Attribute]:
    """Address -> attribute; what cannot be changed for many products is refused."""
    found: dict[str, Attribute] = {}
    for address in addresses:
        attribute = structure.attribute_at.get(address)
        if attribute is None:
            raise NotFound(why_no_address(structure, address))
        if attribute.type.is_identifier:
            raise NotFound(
                text("“%(address)s” names a product and stays as it is.", address=address)
            )
        found[address] = attribute
    if not found:
        raise NotFound(text("Choose at least one value to change."))
    return found


def _is_list(structure: Structure, address: str) -> bool:
    attribute = structure.attribute_at.get(address)
    return attribute is not None and attribute.type.takes_many


def _set(structure: Structure, step: kinds.SetValue) -> StepChange:
    values = _typed(structure, step, step.text)
    if any(value is None for value in values.values()):
        raise NotFound(text("Say which value to set. “Empty” takes it away."))
    return SetChange(values, only_empty=step.only_empty)


def _typed(structure: Structure, step: ValueStep, raw: str) -> dict[str, Value]:
    """Address -> what somebody typed, as a value."""
    attributes = _attributes(structure, step.addresses)
    values, problems = read_form(structure, dict.fromkeys(attributes, raw))
    if wrong := refusals(problems):
        raise Invalid(wrong)
    return dict(values)


def _clear(structure: Structure, step: kinds.ClearValue) -> StepChange:
    return ClearChange(list(_attributes(structure, step.addresses)))


def _items(structure: Structure, step: kinds.AppendItems | kinds.RemoveItems) -> StepChange:
    attributes = _attributes(structure, step.addresses)
    for address in attributes:
        if not _is_list(structure, address):
            raise NotFound(text("“%(address)s” holds one value, and no list.", address=address))
    values = _typed(structure, step, step.text)
    if not all(values.values()):
        raise NotFound(text("Say which items."))
    return ItemsChange(values, is_adding=isinstance(step, kinds.AppendItems))


def _replace(structure: Structure, step: kinds.ReplaceText) -> StepChange:
    if not step.find:
        raise NotFound(text("Say what to look for."))
    pattern = re.compile(re.escape(step.find), re.IGNORECASE if step.ignore_case else 0)
    return RereadChange(
        _attributes(structure, step.addresses), lambda found: pattern.sub(lambda _: step.by, found)
    )


def _copy(structure: Structure, step: kinds.CopyValue) -> StepChange:
    _attributes(structure, [step.source])
    return CopyChange(
        step.source, _attributes(structure, step.addresses), only_empty=step.only_empty
    )


def _convert(structure: Structure, step: kinds.ConvertValue) -> StepChange:
    if not step.do:
        raise NotFound(text("Choose what to do with the value."))
    attributes = _attributes(structure, step.addresses)
    for address, attribute in attributes.items():
        broken = MARKUP_BREAKS & _names(step.do)
        if attribute.type.has_markup and broken:
            raise NotFound(
                text(
                    "“%(address)s” holds a rich text, which “%(name)s” would damage.",
                    address=address,
                    name=min(broken),
                )
            )
    computations = {
        address: Computation.compiled(structure, address, [address], step.do)
        for address in attributes
    }
    return OperateChange(structure, computations, only_empty=False, fills=False)


def _names(do: Iterable[Any]) -> set[str]:
    return {next(iter(one), "") if isinstance(one, Mapping) else str(one) for one in do}


def _compute(structure: Structure, step: kinds.ComputeValue) -> StepChange:
    computations = {
        address: Computation.compiled(structure, address, step.sources, step.do)
        for address in _attributes(structure, step.addresses)
    }
    return OperateChange(structure, computations, only_empty=step.only_empty, fills=True)


def _categories(
    structure: Structure, step: kinds.AddCategories | kinds.RemoveCategories
) -> StepChange:
    codes = _known_categories(structure, step.codes)
    return ItemsChange({"categories": codes}, is_adding=isinstance(step, kinds.AddCategories))


def _known_categories(structure: Structure, codes: Sequence[str]) -> Sequence[str]:
    if not codes:
        raise NotFound(text("Choose a category."))
    for code in codes:
        if code not in structure.categories:
            raise NotFound(text("There is no category “%(code)s”.", code=code))
    return codes


def _move(structure: Structure, step: kinds.MoveCategory) -> StepChange:
    _known_categories(structure, [step.source, step.target])
    return MoveChange(step.source, step.target)


def _family(structure: Structure, step: kinds.SetFamily) -> StepChange:
    if step.family and step.family not in structure.families_of(PRODUCT):
        raise NotFound(text("There is no family “%(code)s”.", code=step.family))
    return FactChange("family", step.family or None)


def _enabled(structure: Structure, step: kinds.SetEnabled) -> StepChange:
    return FactChange("enabled", step.enabled)


def _associations(
    structure: Structure, step: kinds.AddAssociations | kinds.RemoveAssociations
) -> StepChange:
    if step.address not in structure.association_addresses:
        raise NotFound(why_no_address(structure, step.address))
    items = read_lists(structure, {step.address: step.identifiers})[step.address]
    if not items:
        raise NotFound(text("Name the products to associate."))
    is_adding = isinstance(step, kinds.AddAssociations)
    return ItemsChange({step.address: items}, is_adding=is_adding)


def _own_cells(structure: Structure, step: kinds.TakeCells) -> StepChange:
    return TakeOwnCells(structure, step.edit, step.addresses)


_COMPILERS: Mapping[str, Callable[[Structure, Any], StepChange]] = {
    kinds.SetValue.name: _set,
    kinds.ClearValue.name: _clear,
    kinds.AppendItems.name: _items,
    kinds.RemoveItems.name: _items,
    kinds.ReplaceText.name: _replace,
    kinds.CopyValue.name: _copy,
    kinds.ConvertValue.name: _convert,
    kinds.ComputeValue.name: _compute,
    kinds.AddCategories.name: _categories,
    kinds.RemoveCategories.name: _categories,
    kinds.MoveCategory.name: _move,
    kinds.SetFamily.name: _family,
    kinds.SetEnabled.name: _enabled,
    kinds.AddAssociations.name: _associations,
    kinds.RemoveAssociations.name: _associations,
    kinds.TakeCells.name: _own_cells,
}
