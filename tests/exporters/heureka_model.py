"""Reads Heureka's own machine-readable field model, and holds a file against it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

Model = list[dict[str, Any]]


def read_model(path: Path) -> Model:
    model: Model = json.loads(path.read_text(encoding="utf-8"))
    return model


def complaints(file: Path, model: Model) -> list[str]:
    """What Heureka's model has against the items of a file."""
    root = etree.parse(file).getroot()
    if root.tag != "SHOP":
        return [f"{root.tag} where SHOP belongs"]
    return [one for item in root for one in _about(item, model, "SHOPITEM")]


def _about(element: etree._Element, fields: Model, name: str) -> Iterator[str]:
    known = {field["name"]: field for field in fields}
    counts = Counter(child.tag for child in element)
    if element.tag != name:
        yield f"{element.tag} where {name} belongs"
    for field in fields:
        yield from _occurrences(field, counts[field["name"]])
    for child in element:
        if child.tag not in known:
            yield f"{child.tag} is not known"
            continue
        field = known[child.tag]
        if field["child_elements"]:
            yield from _about(child, field["child_elements"], child.tag)
        else:
            yield from _content(field, child.text or "")


def _occurrences(field: Mapping[str, Any], count: int) -> Iterator[str]:
    if field["required"] and not count:
        yield f"{field['name']} is missing"
    most = (field["max_occurs"] or count) if field["multiple"] else 1
    if count > most:
        yield f"{field['name']} comes {count} times"


def _content(field: Mapping[str, Any], value: str) -> Iterator[str]:
    if not value.strip():
        yield f"{field['name']} is empty"
    if field["max_length"] and len(value) > field["max_length"]:
        yield f"{field['name']} is too long"
    if field["pattern"] and not re.fullmatch(field["pattern"], value):
        yield f"{field['name']} does not match"
    if field["enum_values"] and value not in field["enum_values"]:
        yield f"{field['name']} has an unknown value"
    if field["min_value"] is not None and float(value) < field["min_value"]:
        yield f"{field['name']} is too small"
