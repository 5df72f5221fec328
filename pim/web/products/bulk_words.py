"""The steps of a bulk edit in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from pim.attributes import lists
from pim.attributes.base import NEUTRAL, AttributeType, InvalidValue
from pim.bulk_edits import steps as kinds
from pim.bulk_edits.steps import Step, ValueStep
from pim.errors import Named, Text, text
from pim.feeds.pipeline import name_of
from pim.structure.objects import Attribute, Structure
from pim.web.operation_words import OPERATION_NAMES
from pim.web.page import language, tell
from pim.web.products.around import address_label
from pim.web.products.value_tables import entries_of

STATUS_STEPS: Mapping[str, Text] = {
    kinds.SUBMIT: text("Submit for review"),
    kinds.APPROVE: text("Approve and publish"),
    kinds.DRAFT: text("Back to draft"),
    kinds.RETIRE: text("Retire"),
    kinds.RETURN: text("Bring retired products back as drafts"),
}


TypedStep = kinds.SetValue | kinds.AppendItems | kinds.RemoveItems
"""The steps with a value that somebody typed or chose."""
PictureNames = Mapping[str, str]
"""Code of a picture -> the name of its file."""
SHOWN_LINES = 3
"""Of a table of values; the others are counted."""


def said(structure: Structure, pictures: PictureNames, step: Step) -> Text:
    """A step as a sentence. ``pictures``: those that it names (:func:`pictures_named`)."""
    if isinstance(step, TypedStep):
        return _WORDS_OF_TYPED[step.name](structure, step, _shown(structure, pictures, step))
    return _WORDS[step.name](structure, step)


def pictures_named(structure: Structure, steps: Iterable[Step]) -> frozenset[str]:
    """The codes of the pictures and documents that some steps name."""
    return frozenset(
        code
        for step in steps
        if isinstance(step, TypedStep)
        and (attribute := _attribute(structure, step)) is not None
        and attribute.type.names_assets
        for code in _items(step)
    )


def _attribute(structure: Structure, step: ValueStep) -> Attribute | None:
    return structure.attribute_at.get(step.addresses[0]) if step.addresses else None


def _items(step: TypedStep) -> list[str]:
    """What was chosen; the whole text where that is no list."""
    try:
        return lists.split(step.text, ",")
    except InvalidValue:
        return [step.text]


def _where(structure: Structure, step: ValueStep) -> str:
    return ", ".join(address_label(structure, address) for address in step.addresses)


def _shown(structure: Structure, pictures: PictureNames, step: TypedStep) -> str:
    """What was typed, with labels for the codes of options, and files for those of pictures."""
    attribute = _attribute(structure, step)
    if attribute is None:
        return step.text
    if attribute.type.names_assets:
        return ", ".join(pictures.get(code, code) for code in _items(step))
    return _label(attribute.type, step.text) if attribute.type.has_options else step.text


def _label(type_: AttributeType, spelled: str) -> str:
    """What people call the options that a text names."""
    try:
        value = type_.parse(spelled, NEUTRAL)
    except InvalidValue:
        return spelled
    return type_.show(value, language()) if value is not None else spelled


def _set(structure: Structure, step: kinds.SetValue, value: str) -> Text:
    parts = {"where": _where(structure, step), "value": value}
    if step.only_empty:
        return text("Set %(where)s to “%(value)s” where it is empty", **parts)
    return text("Set %(where)s to “%(value)s”", **parts)


def _append(structure: Structure, step: kinds.AppendItems, value: str) -> Text:
    return text("Add “%(value)s” to %(where)s", value=value, where=_where(structure, step))


def _remove(structure: Structure, step: kinds.RemoveItems, value: str) -> Text:
    return text("Take “%(value)s” out of %(where)s", value=value, where=_where(structure, step))


def _clear(structure: Structure, step: kinds.ClearValue) -> Text:
    return text("Empty %(where)s", where=_where(structure, step))


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


def _operations(
    do: Sequence[Any], looked_up: AttributeType | None, stored: AttributeType | None
) -> str:
    """``looked_up``: the type of what goes into the first of them; ``stored``: of what comes out of
    the last.
    """
    return ", ".join(
        _operation(
            one,
            looked_up if number == 1 else None,
            stored if number == len(do) else None,
        )
        for number, one in enumerate(do, 1)
    )


def _operation(spec: Any, looked_up: AttributeType | None, stored: AttributeType | None) -> str:
    name = name_of(spec)
    if name == "map":
        return _table(spec[name], looked_up, stored)
    known = OPERATION_NAMES.get(name)
    called = tell(known) if known is not None else name
    if not isinstance(spec, Mapping):
        return called
    given = spec[name]
    values = given.values() if isinstance(given, Mapping) else [given]
    return " ".join([called, *map(str, values)])


def _table(
    parameters: Mapping[str, Any], looked_up: AttributeType | None, stored: AttributeType | None
) -> str:
    """The first lines of a table, and how many it has."""
    entries = entries_of(parameters)
    lines = [
        f"{_option(looked_up, str(old))} → {_option(stored, str(new))}"
        for old, new in islice(entries.items(), SHOWN_LINES)
    ]
    if len(entries) > SHOWN_LINES:
        lines.append(f"… ({len(entries)})")
    if entries is not parameters and "other" in parameters:
        other = _option(stored, str(parameters["other"]))
        lines.append(tell(text("all others → %(value)s", value=other)))
    return ", ".join(lines)


def _option(type_: AttributeType | None, code: str) -> str:
    if type_ is None or not type_.has_options:
        return code
    return _label(type_, lists.quoted(code, ",") if type_.takes_many else code)


def _convert(structure: Structure, step: kinds.ConvertValue) -> Text:
    attribute = _attribute(structure, step)
    type_ = attribute.type if attribute is not None else None
    return text(
        "Convert %(where)s: %(do)s",
        where=_where(structure, step),
        do=_operations(step.do, type_, type_),
    )


def _compute(structure: Structure, step: kinds.ComputeValue) -> Text:
    sources = ", ".join(_source(structure, one) for one in step.sources)
    parts = {"where": _where(structure, step), "sources": sources}
    if not step.do:
        return text("Compute %(where)s from %(sources)s", **parts)
    attribute = _attribute(structure, step)
    looked_up = _source_attribute(structure, step.sources[0]) if step.sources else None
    do = _operations(
        step.do,
        looked_up.type if looked_up is not None else None,
        attribute.type if attribute is not None else None,
    )
    return text("Compute %(where)s from %(sources)s: %(do)s", do=do, **parts)


def _source_attribute(structure: Structure, spelling: str) -> Attribute | None:
    return structure.attributes.get(spelling) or structure.attribute_at.get(spelling)


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


_WORDS_OF_TYPED: Mapping[str, Callable[[Structure, Any, str], Text]] = {
    kinds.SetValue.name: _set,
    kinds.AppendItems.name: _append,
    kinds.RemoveItems.name: _remove,
}
_WORDS: Mapping[str, Callable[[Structure, Any], Text]] = {
    kinds.ClearValue.name: _clear,
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
