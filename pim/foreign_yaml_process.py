"""``python -m pim.foreign_yaml_process``: reads YAML, within limits.

A message is a document and the name for complaints about it. The answer is ``{"read": [[kind,
value], …]}``, the content as :func:`taken_apart` has it, or ``{"refused": {name: [[sentence,
parts], …]}}``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from pim.definitions import read_yaml
from pim.errors import Invalid
from pim.processes.refusals import spell_refusal
from pim.processes.worker import Limits, serve

MEMORY = 1024**3
CPU_SECONDS = 60
Piece = tuple[str, Any]


def answer(question: Sequence[bytes]) -> Sequence[bytes]:
    document, name = (part.decode() for part in question)
    try:
        return [orjson.dumps({"read": list(taken_apart(read_yaml(document, name)))})]
    except Invalid as error:
        return [orjson.dumps({"refused": spell_refusal(error)})]


def taken_apart(value: Any) -> Iterator[Piece]:
    """What YAML holds, piece by piece, as JSON can say it: JSON has no days and no keys but texts,
    and its depth is limited.
    """
    if isinstance(value, Mapping):
        yield "mapping", len(value)
        for key, one in value.items():
            yield from taken_apart(key)
            yield from taken_apart(one)
    elif isinstance(value, list):
        yield "list", len(value)
        for one in value:
            yield from taken_apart(one)
    elif isinstance(value, datetime | date):
        yield type(value).__name__, value.isoformat()
    elif value is None or isinstance(value, bool | str):
        yield "", value
    elif isinstance(value, int | float):  # JSON has no endless ones
        yield type(value).__name__, repr(value)
    else:  # bytes, sets: no setting takes them, whatever they hold
        yield "", str(value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "": lambda value: value,
    "int": int,
    "float": float,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def put_together(pieces: Iterator[Piece]) -> Any:
    """The inverse of :func:`taken_apart`; ValueError, KeyError or TypeError where the pieces are
    none of that, StopIteration where there are too few.
    """
    kind, value = next(pieces)
    if kind == "mapping":
        return {put_together(pieces): put_together(pieces) for _ in range(value)}
    if kind == "list":
        return [put_together(pieces) for _ in range(value)]
    return _READERS[kind](value)


if __name__ == "__main__":
    serve(answer, Limits(MEMORY, CPU_SECONDS, writes_files=False))
