"""Holds JSON against the schemas of an OpenAPI document: the keywords that bol's uses."""

from collections.abc import Iterator, Mapping
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


def complaints(value: Any, name: str, schemas: Mapping[str, Any]) -> list[str]:
    """``place: what is wrong`` for a value that should be the schema ``name``."""
    return list(_about(value, schemas[name], schemas, ""))


def _about(
    value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], place: str
) -> Iterator[str]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    kind = schema["type"]
    is_truth = isinstance(value, bool) and kind != "boolean"
    if is_truth or not isinstance(value, TYPES[kind]):
        yield f"{place}: is not {kind}"
        return
    if kind == "object":
        yield from _object(value, schema, schemas, place)
    elif kind == "array":
        yield from _length(len(value), schema.get("minItems"), schema.get("maxItems"), place)
        for number, one in enumerate(value):
            yield from _about(one, schema["items"], schemas, f"{place}.{number}")
    elif kind == "string":
        yield from _length(len(value), schema.get("minLength"), schema.get("maxLength"), place)
        if "enum" in schema and value not in schema["enum"]:
            yield f"{place}: is not one of {schema['enum']}"
    elif kind != "boolean":
        yield from _length(value, schema.get("minimum"), schema.get("maximum"), place)


def _object(
    value: dict[str, Any], schema: Mapping[str, Any], schemas: Mapping[str, Any], place: str
) -> Iterator[str]:
    for name in schema.get("required", ()):
        if value.get(name) is None:
            yield f"{place}.{name}: is missing".lstrip(".")
    for name, one in value.items():
        if name not in schema["properties"]:
            yield f"{place}.{name}: is not known".lstrip(".")
        elif one is not None:
            below = f"{place}.{name}".lstrip(".")
            yield from _about(one, schema["properties"][name], schemas, below)


def _length(found: float, least: float | None, most: float | None, place: str) -> Iterator[str]:
    if least is not None and found < least:
        yield f"{place}: is less than {least}"
    if most is not None and found > most:
        yield f"{place}: is more than {most}"
