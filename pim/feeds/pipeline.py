"""Reads the ``do`` list of a mapping, ``["strip_html", {"truncate": 150}]``, and compiles it into
one step.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pim.attributes import units
from pim.errors import Text, text
from pim.feeds.operations import (
    DATE_FORMAT,
    NUMBER,
    OPERATIONS,
    MappedValue,
    Operation,
    OperationStep,
    Parameter,
)

MOST = 10_000  # no length, count or number of decimals of a feed is larger


class InvalidOperation(ValueError):
    """The operation is not known, or its parameters are wrong; ``message`` says which."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


def names(do: Any) -> list[str]:
    """The operations' names in order, as far as they can be read."""
    return [name_of(one) for one in do] if isinstance(do, list) else []


def name_of(spec: Any) -> str:
    return next(iter(spec), "") if isinstance(spec, Mapping) else str(spec)


def compile_steps(do: Any) -> OperationStep | None:
    """One step for all operations, None when there are none. Raises :class:`InvalidOperation`."""
    if not isinstance(do, list):
        raise InvalidOperation(text("The operations are a list."))
    steps = [compile_step(spec) for spec in do]
    return chain(steps) if steps else None


def chain(steps: Sequence[OperationStep]) -> OperationStep:
    if len(steps) == 1:
        return steps[0]

    def run(value: MappedValue) -> MappedValue:
        for step in steps:
            value = step(value)
        return value

    return run


def compile_step(spec: Any) -> OperationStep:
    """``"trim"``, ``{"truncate": 150}`` or ``{"replace": {"find": "a", "by": "b"}}``."""
    if isinstance(spec, Mapping) and len(spec) != 1:
        raise InvalidOperation(text("An operation has one name with its parameters under it."))
    name = name_of(spec)
    operation = OPERATIONS.get(name)
    if operation is None:
        raise InvalidOperation(text("There is no operation “%(name)s”.", name=name))
    return operation.make(**_read(operation, spec[name] if isinstance(spec, Mapping) else None))


def _read(operation: Operation, given: Any) -> dict[str, Any]:
    values = _by_name(operation, given)
    unknown = values.keys() - {parameter.name for parameter in operation.parameters}
    if unknown:
        raise InvalidOperation(
            text(
                "“%(name)s” has no parameter “%(parameter)s”.",
                name=operation.name,
                parameter=min(unknown),
            )
        )
    return {
        parameter.name: _checked(operation, parameter, values.get(parameter.name))
        for parameter in operation.parameters
    }


def _by_name(operation: Operation, given: Any) -> dict[str, Any]:
    """A single value stands for the first parameter; a table is a table unless it names its own
    parameter.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        first = operation.parameters[0] if operation.parameters else None
        if first is None or first.kind != "table" or isinstance(given.get(first.name), Mapping):
            return dict(given)
    if not operation.parameters:
        raise InvalidOperation(text("“%(name)s” takes no parameter.", name=operation.name))
    return {operation.parameters[0].name: given}


def _checked(operation: Operation, parameter: Parameter, value: Any) -> Any:
    if value is None:
        if parameter.required:
            raise InvalidOperation(
                text(
                    "“%(name)s” needs “%(parameter)s”.",
                    name=operation.name,
                    parameter=parameter.name,
                )
            )
        return parameter.default
    read = _READERS[parameter.kind](value)
    if read is None or (parameter.choices and read not in parameter.choices):
        named = {"value": value, "parameter": parameter.name, "name": operation.name}
        raise InvalidOperation(
            text("“%(value)s” cannot be the “%(parameter)s” of “%(name)s”.", **named)
        )
    return read


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    spelt = _text(value)
    return (
        int(spelt)
        if spelt and spelt.isascii() and spelt.isdecimal() and len(spelt) < 6 and int(spelt) <= MOST
        else None
    )


def _number(value: Any) -> str | None:
    spelt = _text(value)
    return spelt if spelt and len(spelt) < 40 and NUMBER.fullmatch(spelt) else None


def _table(value: Any) -> dict[str, str] | None:
    if not isinstance(value, Mapping):
        return None
    return {_cell(key): _cell(entry) for key, entry in value.items()}


def _cell(value: Any) -> str:
    """YAML reads ``yes: no`` as true and false; a table means the words of a boolean."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unit(value: Any) -> str | None:
    return (
        value
        if isinstance(value, str) and any(value in known for known in units.DIMENSIONS.values())
        else None
    )


def _date_format(value: Any) -> str | None:
    return value if isinstance(value, str) and DATE_FORMAT.fullmatch(value) else None


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "whole": _whole,
    "number": _number,
    "table": _table,
    "unit": _unit,
    "date_format": _date_format,
    "choice": _text,
}
