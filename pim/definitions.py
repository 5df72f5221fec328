"""What people write down for the hub (a structure, a profile, a feed): YAML in, every complaint
with its path out. Pure.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from marshmallow import ValidationError

from pim.errors import Invalid, Text, text

NO_CODE = text("A code begins with a letter and has only a-z, 0-9 and _.")


_STRANGE = re.compile("[\0\ud800-\udfff]")
MOST_NODES = 1_000_000
"""Keys, values and lists of a document, each counted as often as it is said by an alias."""


def _spelled_out(node: yaml.Node, known: dict[yaml.Node, int]) -> int:
    """How many nodes there are with every alias spelled out; one that holds itself counts once, and
    is refused where it is built.
    """
    if node not in known:
        known[node] = 1
        known[node] += sum(_spelled_out(one, known) for one in _children(node))
    return known[node]


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair


class _Strict(yaml.constructor.SafeConstructor):
    """YAML keeps the last of two equal keys without a word: something that is defined twice is a
    mistake.

    So is something that holds itself, which PyYAML finds out where it builds things from the
    inside.
    """

    def get_single_node(self) -> yaml.Node | None:
        """The document; refused where its aliases (``*name``) repeat it more often than anybody
        means. Ten lines could otherwise spell what no memory holds.
        """
        node: yaml.Node | None = super().get_single_node()  # type: ignore[misc]
        if node is not None and _spelled_out(node, {}) > MOST_NODES:
            raise yaml.constructor.ConstructorError(
                None, None, "its aliases repeat too much", node.start_mark
            )
        return node

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Escapes can spell what is no text: "\\0" and half a pair of surrogates, which no database
        takes.
        """
        value = super().construct_scalar(node)
        strange = _STRANGE.search(value)
        if strange is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f"U+{ord(strange[0]):04X} is no character of a text", node.start_mark
            )
        return value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for spelled, _ in node.value:
            if spelled.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(spelled, deep=True)
            if not isinstance(key, Hashable):
                break  # PyYAML says so itself
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key “{key}” is there twice", node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


class _Loader(_Strict, yaml.SafeLoader):
    def __init__(self, stream: str | bytes) -> None:
        super().__init__(stream)
        self.deep_construct = True


class _QuickLoader(_Strict, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same with libyaml, where PyYAML was built with it."""

    def __init__(self, stream: str | bytes) -> None:
        super().__init__(stream)  # type: ignore[call-arg]
        self.deep_construct = True


LONG = 50_000
"""Characters from which on the quick loader is worth it."""
DEEPEST = 200
"""Levels that the quick loader is trusted with: it would take the whole process down with it."""


def _load(document: str | bytes) -> Any:
    """What the quick loader cannot read, the other one reads again: its sentence shows more of the
    place.
    """
    if len(document) >= LONG:
        try:
            if _depth(document) <= DEEPEST:
                return yaml.load(document, Loader=_QuickLoader)  # noqa: S506
        except yaml.constructor.ConstructorError:
            raise
        except (yaml.YAMLError, UnicodeError):
            pass
    return yaml.load(document, Loader=_Loader)  # noqa: S506


def _depth(document: str | bytes) -> int:
    """How many levels a document has, without building it."""
    depth = deepest = 0
    for event in yaml.parse(document, Loader=_QuickLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            deepest = max(deepest, depth)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return deepest


def read_yaml(document: str | bytes, name: str = "yaml") -> Any:
    """The content of a YAML document. :class:`Invalid` under ``name`` says in which line and column
    it cannot be read.
    """
    try:
        # Both loaders are SafeLoaders that also refuse double keys.
        return _load(document)
    except (
        yaml.YAMLError,
        UnicodeDecodeError,
        ValueError,
        RecursionError,
    ) as error:  # ValueError: a day such as 2026-02-30
        raise Invalid(
            {name: [text("This is not YAML: %(error)s.", error=" ".join(str(error).split()))]}
        ) from None


def write_yaml(content: Any) -> str:
    """The one way we spell YAML: what is equal is written with the same bytes."""
    spelled: str = yaml.dump(
        content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120
    )
    return spelled


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is written as a reference to the same thing elsewhere."""
        return True


def complaints(error: ValidationError, path: str = "") -> Iterator[tuple[str, Text]]:
    """marshmallow's nested messages as (path, sentence): ``families.bikes.label``, …"""
    yield from _flat(error.messages, path)


def _flat(messages: Any, path: str) -> Iterator[tuple[str, Text]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flat(inner, _join(path, key))
    else:
        for sentence in messages:
            yield path, Text(_SENTENCES.get(str(sentence), str(sentence)).replace("%", "%%"))


def _join(path: str, key: Any) -> str:
    if path and key in ("_schema", "key", "value"):  # marshmallow's own steps, which nobody wrote
        return path
    return f"{path}.{key}" if path else str(key)


_SENTENCES = {
    "Not a valid string.": text("This is not read as text; put it in quotes.").msgid,
    "Not a valid boolean.": text("This is neither true nor false.").msgid,
    "Not a valid list.": text("A list is expected here.").msgid,
    "Unknown field.": text("There is no such setting.").msgid,
    "Missing data for required field.": text("This is missing.").msgid,
    "Not a valid mapping type.": text("A mapping is expected here.").msgid,
    "Invalid input type.": text("A mapping is expected here.").msgid,
    "Field may not be null.": text("This is empty; leave it out.").msgid,
    "Shorter than minimum length 1.": text("This is empty; leave it out.").msgid,
    "Length must be between 1 and 2.": text("There are one or two levels.").msgid,
    "Length must be between 1 and 5.": text("There are one to five axes.").msgid,
}


@dataclass(frozen=True)
class DefinitionDifference:
    """Something within a definition, such as ``labels.de_DE``; None where it is not there."""

    path: str
    before: Any
    after: Any

    @property
    def gone(self) -> list[Any]:
        """The items of a list that are not in it any more."""
        return [one for one in _listed(self.before) if one not in _listed(self.after)]

    @property
    def added(self) -> list[Any]:
        """The items of a list that were not in it."""
        return [one for one in _listed(self.after) if one not in _listed(self.before)]


def differences_within(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str = ""
) -> Iterator[DefinitionDifference]:
    """What differs between two definitions of one thing, with the path to it."""
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, Mapping) or isinstance(new, Mapping):
            yield from differences_within(old or {}, new or {}, f"{path}{key}.")
        else:
            yield DefinitionDifference(f"{path}{key}", old, new)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
