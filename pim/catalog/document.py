"""The structure file: nested for people, flat ``(kind, code) -> definition`` for comparing and storing. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pim.errors import Invalid, Text, text

Item = tuple[str, str]
"""(kind, code), for example ("attributes", "name") or ("options", "color:red")."""
Items = dict[Item, dict[str, Any]]

KINDS = (
    "locales", "currencies", "groups", "attributes", "options", "families", "variants", "categories", "associations", "channels",
)  # fmt: skip
SECTIONS = ("locales", "currencies", "channels", "groups", "attributes", "families", "variants", "categories", "associations")


def flatten(document: Mapping[str, Any]) -> Items:
    """A structure document as items in file order; :class:`Invalid` for a section that is no section or has a wrong shape."""
    wrong: dict[str, list[Text]] = {}
    for section in document:
        if section not in SECTIONS:
            wrong[section] = [text("No such section; there are: %(sections)s.", sections=", ".join(SECTIONS))]
    for section, content in document.items():
        expected = list if section in ("locales", "currencies") else dict
        if section in SECTIONS and content is not None and not isinstance(content, expected):
            wrong[section] = [text("A %(kind)s is expected here.", kind="list" if expected is list else "mapping of codes")]
    if wrong:
        raise Invalid(wrong)
    items: Items = {}
    for section in SECTIONS:
        for item, definition in _section(section, document.get(section) or {}):
            if item in items:
                raise Invalid({f"{item[0]}.{item[1]}": [text("This code is there twice.")]})
            items[item] = definition
    return items


def _section(section: str, content: Any) -> Iterator[tuple[Item, dict[str, Any]]]:
    if isinstance(content, list):
        yield from (((section, str(code)), {}) for code in content)
    elif section == "attributes":
        for code, definition in content.items():
            own = dict(_mapping(definition, f"attributes.{code}"))
            options = own.pop("options", None) or {}
            yield (section, code), own
            for option, labels in _mapping(options, f"attributes.{code}.options").items():
                yield ("options", f"{code}:{option}"), dict(_mapping(labels, f"attributes.{code}.options.{option}"))
    elif section == "categories":
        yield from _branches(content, None, "categories")
    else:
        yield from (((section, code), dict(_mapping(definition, f"{section}.{code}"))) for code, definition in content.items())


def _branches(content: Any, parent: str | None, path: str) -> Iterator[tuple[Item, dict[str, Any]]]:
    for code, definition in _mapping(content, path).items():
        own = dict(_mapping(definition, f"{path}.{code}"))
        children = own.pop("children", None) or {}
        yield ("categories", str(code)), own | ({"parent": parent} if parent else {})
        yield from _branches(children, str(code), f"{path}.{code}.children")


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Invalid({path: [text("A mapping is expected here, not “%(value)s”.", value=value)]})
    return value


def nest(items: Items) -> dict[str, Any]:
    """Items as a structure document: the inverse of :func:`flatten`."""
    document: dict[str, Any] = {section: ([] if section in ("locales", "currencies") else {}) for section in SECTIONS}
    nodes: dict[str, dict[str, Any]] = {}
    for (kind, code), definition in items.items():
        if kind in ("locales", "currencies"):
            document[kind].append(code)
        elif kind == "options":
            attribute, option = code.split(":", 1)
            document["attributes"][attribute].setdefault("options", {})[option] = dict(definition)
        elif kind == "categories":
            nodes[code] = {key: value for key, value in definition.items() if key != "parent"}
        else:
            document[kind][code] = dict(definition)
    for (kind, code), definition in items.items():
        if kind == "categories":
            parent = definition.get("parent")
            home = nodes[parent].setdefault("children", {}) if parent else document["categories"]
            home[code] = nodes[code]
    return {section: content for section, content in document.items() if content}
