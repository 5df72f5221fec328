"""Cells of a feed explained on the command line."""

from collections.abc import Iterator
from typing import Any

from pim.cli.frame import Hub
from pim.feeds import service
from pim.feeds.explain import CellInBuild, ExplainedCell, ExplainedSource, ValueOrigin, explain


def show_explained(
    hub: Hub, code: str, sku: str, field: str | None, build: int | None = None
) -> None:
    """One cell, or every one that the feed fills."""
    today, base_url = hub.clock().date(), hub.settings.base_url
    with hub.database.reading() as session:
        names = [field] if field else list(service.get(session, code).mapping)
        cells = [
            explain(session, hub.storage, code, sku, one, base_url, today, build) for one in names
        ]
    hub.show([_row(one) for one in cells], "\n".join("\n".join(_lines(one)) for one in cells))


def _row(cell: ExplainedCell) -> dict[str, Any]:
    return {
        "feed": cell.feed,
        "identifier": cell.identifier,
        "field": cell.field,
        "value": _spelled(cell.value),
        "fixed": cell.fixed,
        "sources": [_source_row(one) for one in cell.sources],
        "steps": [{"operation": one.operation, "value": _spelled(one.value)} for one in cell.steps],
        "rules": list(cell.rules),
        "problems": [str(one.message) for one in cell.problems],
        "mapped": None if cell.mapped is None else {"by": cell.mapped.who, "at": cell.mapped.at},
        "build": None if cell.build is None else _build_row(cell.build),
    }


def _source_row(one: ExplainedSource) -> dict[str, Any]:
    origin = one.origin
    return {
        "source": one.source,
        "value": _spelled(one.value),
        "address": origin.address if origin else None,
        "holder": origin.holder if origin else None,
        "inherited": origin.is_inherited if origin else None,
        "by": origin.who if origin else None,
        "at": origin.at if origin else None,
        "import": str(origin.run) if origin and origin.run else None,
        "row": origin.row if origin else None,
    }


def _build_row(one: CellInBuild) -> dict[str, Any]:
    return {"build": one.build, "finished": one.finished, "in": one.is_in, "same": one.is_same}


def _lines(cell: ExplainedCell) -> Iterator[str]:
    yield f"{cell.field}: {_shown(cell.value)}"
    yield from (f"  rule of the feed: {one}" for one in cell.rules)
    yield from (f"  {one.operation}: {_shown(one.value)}" for one in cell.steps)
    if cell.fixed is not None:
        yield f"  fixed for all products: {cell.fixed}"
    for one in cell.sources:
        yield f"  from {one.source}: {_shown(one.value)}"
        if one.origin is not None:
            yield f"    {_origin(one.origin)}"
    if cell.mapped is not None:
        yield f"  mapped by {cell.mapped.who}, {cell.mapped.at:%Y-%m-%d %H:%M} UTC"
    yield from (f"  ! {one.message}" for one in cell.problems)
    if cell.build is not None:
        yield f"  {_standing(cell.build)}"


def _origin(origin: ValueOrigin) -> str:
    place = f"inherited from {origin.holder}" if origin.is_inherited else f"of {origin.holder}"
    row = f", row {origin.row}" if origin.row is not None else ""
    run = f", import {origin.run}" if origin.run is not None else ""
    when = f"{origin.at:%Y-%m-%d %H:%M} UTC"
    return f"{origin.address} {place}, written by {origin.who}, {when}{run}{row}"


def _standing(one: CellInBuild) -> str:
    build = f"build {one.build} of {one.finished:%Y-%m-%d %H:%M} UTC"
    if not one.is_in:
        return f"not in {build}"
    if one.is_same is None:
        return f"in {build}"
    return f"the same in {build}" if one.is_same else f"another value in {build}"


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(_spelled(value))


def _spelled(value: Any) -> Any:
    """A value as text; of several, a list."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return None if value is None else str(value)
