"""The steps of a bulk edit as data: what JSON and a YAML file hold, and what forms make.

A step names what it does to which addresses; what that makes of a product is worked out by
:mod:`pim.bulk_edits.compiling`. Texts stand in a step as people type them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar

from pim.errors import Invalid, Text, text


@dataclass(frozen=True)
class Step:
    """Base of the steps. ``name``: by which it is stored."""

    name: ClassVar[str]


@dataclass(frozen=True)
class ValueStep(Step):
    """A step that changes values. ``addresses``: where."""

    addresses: tuple[str, ...]


@dataclass(frozen=True)
class SetValue(ValueStep):
    """``text``: what to put there. ``only_empty``: what stands there stays."""

    name: ClassVar[str] = "set"
    text: str
    only_empty: bool = False


@dataclass(frozen=True)
class ClearValue(ValueStep):
    """Take away what stands there."""

    name: ClassVar[str] = "clear"


@dataclass(frozen=True)
class AppendItems(ValueStep):
    """``text``: the items to put behind those of a list, with commas between them."""

    name: ClassVar[str] = "append"
    text: str


@dataclass(frozen=True)
class RemoveItems(ValueStep):
    """``text``: the items to take out of a list."""

    name: ClassVar[str] = "remove"
    text: str


@dataclass(frozen=True)
class ReplaceText(ValueStep):
    """Every ``find`` within a text becomes ``by``."""

    name: ClassVar[str] = "replace"
    find: str
    by: str = ""
    ignore_case: bool = False


@dataclass(frozen=True)
class CopyValue(ValueStep):
    """``source``: the address whose value comes here; where it has none, nothing changes."""

    name: ClassVar[str] = "copy"
    source: str
    only_empty: bool = False


@dataclass(frozen=True)
class ConvertValue(ValueStep):
    """``do``: the operations of a feed's mapping that the value goes through."""

    name: ClassVar[str] = "convert"
    do: tuple[Any, ...]


@dataclass(frozen=True)
class ComputeValue(ValueStep):
    """``sources`` and ``do``: as "from" and "do" of a feed's mapping; where they give nothing,
    nothing changes.
    """

    name: ClassVar[str] = "compute"
    sources: tuple[str, ...]
    do: tuple[Any, ...] = ()
    only_empty: bool = False


@dataclass(frozen=True)
class AddCategories(Step):
    """``codes``: the categories that come behind those a product has."""

    name: ClassVar[str] = "add_categories"
    codes: tuple[str, ...]


@dataclass(frozen=True)
class RemoveCategories(Step):
    """``codes``: the categories that a product leaves."""

    name: ClassVar[str] = "remove_categories"
    codes: tuple[str, ...]


@dataclass(frozen=True)
class MoveCategory(Step):
    """Who stands in ``source`` stands in ``target`` instead."""

    name: ClassVar[str] = "move_category"
    source: str
    target: str


@dataclass(frozen=True)
class SetFamily(Step):
    """``family``: its code, "" for none."""

    name: ClassVar[str] = "family"
    family: str


@dataclass(frozen=True)
class SetEnabled(Step):
    """Switch products on or off."""

    name: ClassVar[str] = "enabled"
    enabled: bool


@dataclass(frozen=True)
class AddAssociations(Step):
    """``address``: of the association; ``identifiers``: the products that come behind those it
    has.
    """

    name: ClassVar[str] = "add_associations"
    address: str
    identifiers: tuple[str, ...]


@dataclass(frozen=True)
class RemoveAssociations(Step):
    """``identifiers``: the products that an association loses."""

    name: ClassVar[str] = "remove_associations"
    address: str
    identifiers: tuple[str, ...]


@dataclass(frozen=True)
class TakeCells(ValueStep):
    """Each product gets its own values, which the bulk edit of the id ``edit`` keeps: those that
    somebody changed in ``file``. ``decided``: stands for what was decided about conflicts.
    """

    name: ClassVar[str] = "cells"
    edit: str
    file: str
    decided: str = ""


@dataclass(frozen=True)
class TakeStep(Step):
    """A step of the workflow. ``to``: one of :data:`WORKFLOW`. ``reason``: why a product is
    approved that is complete nowhere.
    """

    name: ClassVar[str] = "status"
    to: str
    reason: str = ""


SUBMIT, APPROVE, DRAFT, RETIRE, RETURN = "submit", "approve", "draft", "retire", "return"
WORKFLOW = (SUBMIT, APPROVE, DRAFT, RETIRE, RETURN)
"""What :class:`TakeStep` can do. "return": what is retired becomes a draft, all else stays."""

STEPS: Mapping[str, type[Step]] = {
    kind.name: kind
    for kind in (
        SetValue,
        ClearValue,
        AppendItems,
        RemoveItems,
        ReplaceText,
        CopyValue,
        ConvertValue,
        ComputeValue,
        AddCategories,
        RemoveCategories,
        MoveCategory,
        SetFamily,
        SetEnabled,
        AddAssociations,
        RemoveAssociations,
        TakeCells,
        TakeStep,
    )
}


def stored(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as JSON holds them."""
    return [{"step": one.name, **asdict(one)} for one in steps]


def read_steps(raw: Any) -> tuple[Step, ...]:
    """What :func:`stored` gave, or what somebody wrote in that shape; :class:`Invalid` names the
    steps that are none.
    """
    if not isinstance(raw, list):
        raise Invalid({"steps": [text("The steps are a list.")]})
    wrong: dict[str, list[Text]] = {}
    found: list[Step] = []
    for place, one in enumerate(raw):
        try:
            found.append(_read(one))
        except _NoStep as error:
            wrong[f"steps.{place}"] = [error.message]
    if wrong:
        raise Invalid(wrong)
    return tuple(found)


class _NoStep(ValueError):
    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


def _read(raw: Any) -> Step:
    if not isinstance(raw, Mapping):
        raise _NoStep(text("A step is a table with “step” and what that step needs."))
    kind = STEPS.get(str(raw.get("step")))
    if kind is None:
        known = ", ".join(STEPS)
        raise _NoStep(
            text(
                "There is no step “%(name)s”. There are: %(known)s.",
                name=raw.get("step", ""),
                known=known,
            )
        )
    given = {key: value for key, value in raw.items() if key != "step"}
    wanted = {one.name: one for one in fields(kind)}
    for name in given.keys() - wanted.keys():
        raise _NoStep(text("“%(step)s” has no “%(name)s”.", step=kind.name, name=name))
    for name, one in wanted.items():
        if name not in given and one.default is MISSING:
            raise _NoStep(text("“%(step)s” needs “%(name)s”.", step=kind.name, name=name))
    return kind(
        **{name: _shaped(kind, wanted[name].type, name, value) for name, value in given.items()}
    )


def _shaped(kind: type[Step], wanted: Any, name: str, value: Any) -> Any:
    """A part of a step as its field has it."""
    is_list = "tuple" in str(wanted)
    if is_list and isinstance(value, list | tuple):
        if "Any" in str(wanted) or all(isinstance(one, str) for one in value):
            return tuple(value)
    elif (wanted is bool and isinstance(value, bool)) or (wanted is str and isinstance(value, str)):
        return value
    elif wanted is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _NoStep(
        text(
            "“%(value)s” cannot be “%(name)s” of “%(step)s”.",
            value=str(value)[:100],
            name=name,
            step=kind.name,
        )
    )
