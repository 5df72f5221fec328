"""The steps of a bulk edit in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pim.attributes.base import NEUTRAL, InvalidValue
from pim.bulk_edits import steps as kinds
from pim.bulk_edits.steps import Step, ValueStep
from pim.errors import Named, Text, text
from pim.feeds.pipeline import name_of
from pim.structure.objects import Structure
from pim.web.page import language
from pim.web.products.around import address_label

STATUS_STEPS: Mapping[str, Text] = {
    kinds.SUBMIT: text("Submit for review"),
    kinds.APPROVE: text("Approve and publish"),
    kinds.DRAFT: text("Back to draft"),
    kinds.RETIRE: text("Retire"),
    kinds.RETURN: text("Bring retired products back as drafts"),
}


def said(structure: Structure, step: Step) -> Text:
    """A step as a sentence."""
    return _WORDS[step.name](structure, step)


def _where(structure: Structure, step: ValueStep) -> str:
    return ", ".join(address_label(structure, address) for address in step.addresses)


def _shown(
    structure: Structure, step: kinds.SetValue | kinds.AppendItems | kinds.RemoveItems
) -> str:
    """What was typed, with labels for the codes of options."""
    attribute = structure.attribute_at.get(step.addresses[0])
    if attribute is None or not attribute.type.has_options:
        return step.text
    try:
        value = attribute.type.parse(step.text, NEUTRAL)
    except InvalidValue:
        return step.text
    return attribute.type.show(value, language()) if value is not None else step.text


def _set(structure: Structure, step: kinds.SetValue) -> Text:
    parts = {"where": _where(structure, step), "value": _shown(structure, step)}
    if step.only_empty:
        return text("Set %(where)s to “%(value)s” where it is empty", **parts)
    return text("Set %(where)s to “%(value)s”", **parts)


def _clear(structure: Structure, step: kinds.ClearValue) -> Text:
    return text("Empty %(where)s", where=_where(structure, step))


def _append(structure: Structure, step: kinds.AppendItems) -> Text:
    return text(
        "Add “%(value)s” to %(where)s",
        value=_shown(structure, step),
        where=_where(structure, step),
    )


def _remove(structure: Structure, step: kinds.RemoveItems) -> Text:
    return text(
        "Take “%(value)s” out of %(where)s",
        value=_shown(structure, step),
        where=_where(structure, step),
    )


def _replace(structure: Structure, step: kinds.ReplaceText) -> Text:
    return text(
        "Replace “%(find)s” by “%(by)s” in %(where)s",
        find=step.find,
        by=step.by,
        where=_where(structure, step),
    )


def _copy(structure: Structure, step: kinds.CopyValue) -> Text:
    parts = {
        "source": address_label(structure, step.source),
        "where": _where(structure, step),
    }
    if step.only_empty:
        return text("Copy %(source)s to %(where)s where it is empty", **parts)
    return text("Copy %(source)s to %(where)s", **parts)


def _operations(do: Iterable[Any]) -> str:
    return ", ".join(_operation(one) for one in do)


def _operation(spec: Any) -> str:
    if not isinstance(spec, Mapping):
        return str(spec)
    given = spec[name_of(spec)]
    values = given.values() if isinstance(given, Mapping) else [given]
    return " ".join([name_of(spec), *map(str, values)])


def _convert(structure: Structure, step: kinds.ConvertValue) -> Text:
    return text("Convert %(where)s: %(do)s", where=_where(structure, step), do=_operations(step.do))


def _compute(structure: Structure, step: kinds.ComputeValue) -> Text:
    sources = ", ".join(_source(structure, one) for one in step.sources)
    parts = {"where": _where(structure, step), "sources": sources}
    if step.do:
        return text("Compute %(where)s from %(sources)s: %(do)s", do=_operations(step.do), **parts)
    return text("Compute %(where)s from %(sources)s", **parts)


def _source(structure: Structure, spelling: str) -> str:
    attribute = structure.attributes.get(spelling)
    if attribute is None:
        return address_label(structure, spelling)
    return address_label(structure, next(map(str, structure.addresses(attribute)), spelling))


def _category_names(structure: Structure, codes: Sequence[str]) -> tuple[Named, ...]:
    return tuple(
        Named(code, structure.categories[code].labels if code in structure.categories else {})
        for code in codes
    )


def _add_categories(structure: Structure, step: kinds.AddCategories) -> Text:
    return text("Add to %(names)s", names=_category_names(structure, step.codes))


def _remove_categories(structure: Structure, step: kinds.RemoveCategories) -> Text:
    return text("Take out of %(names)s", names=_category_names(structure, step.codes))


def _move_category(structure: Structure, step: kinds.MoveCategory) -> Text:
    source, target = _category_names(structure, [step.source, step.target])
    return text("Move from %(source)s to %(target)s", source=source, target=target)


def _family(structure: Structure, step: kinds.SetFamily) -> Text:
    family = structure.families.get(step.family)
    if family is None:
        return text("Take the family away")
    return text("Change the family to %(name)s", name=Named(step.family, family.labels))


def _enabled(structure: Structure, step: kinds.SetEnabled) -> Text:
    return text("Switch on") if step.enabled else text("Switch off")


def _add_associations(structure: Structure, step: kinds.AddAssociations) -> Text:
    return text(
        "Add to %(where)s: %(skus)s",
        where=address_label(structure, step.address),
        skus=", ".join(step.identifiers),
    )


def _remove_associations(structure: Structure, step: kinds.RemoveAssociations) -> Text:
    return text(
        "Take out of %(where)s: %(skus)s",
        where=address_label(structure, step.address),
        skus=", ".join(step.identifiers),
    )


def _status(structure: Structure, step: kinds.TakeStep) -> Text:
    return STATUS_STEPS[step.to]


def _cells(structure: Structure, step: kinds.TakeCells) -> Text:
    return text("Take over what was changed in “%(file)s”", file=step.file)


_WORDS: Mapping[str, Callable[[Structure, Any], Text]] = {
    kinds.SetValue.name: _set,
    kinds.ClearValue.name: _clear,
    kinds.AppendItems.name: _append,
    kinds.RemoveItems.name: _remove,
    kinds.ReplaceText.name: _replace,
    kinds.CopyValue.name: _copy,
    kinds.ConvertValue.name: _convert,
    kinds.ComputeValue.name: _compute,
    kinds.AddCategories.name: _add_categories,
    kinds.RemoveCategories.name: _remove_categories,
    kinds.MoveCategory.name: _move_category,
    kinds.SetFamily.name: _family,
    kinds.SetEnabled.name: _enabled,
    kinds.AddAssociations.name: _add_associations,
    kinds.RemoveAssociations.name: _remove_associations,
    kinds.TakeCells.name: _cells,
    kinds.TakeStep.name: _status,
}
