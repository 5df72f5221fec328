"""The structure file: nested for people, flat ``(kind, code) -> definition`` for comparing and
storing. Pure.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pim.errors import Invalid, Text, text

EntryKey = tuple[str, str]
"""(kind, code), for example ("attributes", "name") or ("options", "color:red")."""
Entries = dict[EntryKey, dict[str, Any]]

KINDS = (
    "locales",
    "currencies",
    "groups",
    "attributes",
    "options",
    "families",
    "variants",
    "categories",
    "associations",
    "channels",
)
SECTIONS = (
    "locales",
    "currencies",
    "channels",
    "groups",
    "attributes",
    "families",
    "variants",
    "categories",
    "associations",
)


def flatten(document: Mapping[str, Any]) -> Entries:
    """A structure document as items in file order. :class:`Invalid` names every section, code and
    shape that is wrong.
    """
    items, wrong = read(document)
    if wrong:
        raise Invalid(wrong)
    return items


def read(document: Mapping[str, Any]) -> tuple[Entries, dict[str, list[Text]]]:
    """The items of a document in file order, as far as they can be read, and path -> what is wrong
    with its shape.
    """
    reading = _Flattening()
    for section in document:
        if section not in SECTIONS:
            reading.say(
                str(section),
                text("No such section; there are: %(sections)s.", sections=", ".join(SECTIONS)),
            )
    for section in SECTIONS:
        reading.read(section, document.get(section))
    return reading.items, reading.wrong


class _Flattening:
    """One pass over a document: what it holds, and everything that is wrong with its shape."""

    def __init__(self) -> None:
        self.items: Entries = {}
        self.wrong: dict[str, list[Text]] = {}

    def say(self, path: str, sentence: Text) -> None:
        self.wrong.setdefault(path, []).append(sentence)

    def read(self, section: str, content: Any) -> None:
        if section in ("locales", "currencies"):
            self._codes(section, content)
        elif section == "attributes":
            for code, own in self._definitions(content, section):
                options = own.pop("options", None)
                self._add(section, code, own)
                for option, labels in self._definitions(options, f"attributes.{code}.options"):
                    self._add("options", f"{code}:{option}", labels)
        elif section == "categories":
            self._branches(content, None, section)
        else:
            for code, own in self._definitions(content, section):
                self._add(section, code, own)

    def _codes(self, section: str, content: Any) -> None:
        if content is not None and not isinstance(content, list):
            self.say(section, text("A list is expected here."))
            return
        for code in content or []:
            if isinstance(code, str):
                self._add(section, code, {})
            else:
                self.say(
                    section, text("“%(code)s” is not read as text; put it in quotes.", code=code)
                )

    def _branches(self, content: Any, parent: str | None, path: str) -> None:
        for code, own in self._definitions(content, path):
            children = own.pop("children", None)
            if "parent" in own and not (own["parent"] is None and parent is None):
                self.say(
                    f"{path}.{code}.parent",
                    text("A category's parent is the category under whose “children” it stands."),
                )
            if self._add("categories", code, own | ({"parent": parent} if parent else {})):
                self._branches(children, code, f"{path}.{code}.children")

    def _definitions(self, content: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """(code, definition) pairs; a definition left blank is an empty one."""
        if content is not None and not isinstance(content, Mapping):
            self.say(path, text("A mapping of codes is expected here."))
            return
        for code, definition in (content or {}).items():
            if isinstance(code, bool) or not isinstance(
                code, str | int
            ):  # YAML reads a bare `no` or `on` as a boolean
                self.say(f"{path}.{code}", text("This code is not read as text; put it in quotes."))
            elif definition is not None and not isinstance(definition, Mapping):
                self.say(
                    f"{path}.{code}",
                    text("A mapping is expected here, not “%(value)s”.", value=definition),
                )
            else:
                yield str(code), _plain(definition or {})

    def _add(self, kind: str, code: str, definition: dict[str, Any]) -> bool:
        if (kind, code) in self.items:
            self.say(f"{kind}.{code}", text("This code is there twice."))
            return False
        self.items[(kind, code)] = definition
        return True


def without_nulls(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A definition of what is there: ``null`` stands for nothing, in its mappings too."""
    found: dict[str, Any] = {}
    for key, value in definition.items():
        if isinstance(value, Mapping):
            inner = {name: one for name, one in value.items() if one is not None}
            if inner or not value:
                found[key] = inner
        elif value is not None:
            found[key] = value
    return found


def _plain(value: Any) -> Any:
    """As JSON has it: YAML also knows days."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def nest(items: Entries) -> dict[str, Any]:
    """Items as a structure document: the inverse of :func:`flatten`."""
    document: dict[str, Any] = {
        section: [] if section in ("locales", "currencies") else {} for section in SECTIONS
    }
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
