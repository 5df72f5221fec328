"""A taxonomy as objects: nodes, their labels in each language, their paths. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pim.labels import label

BETWEEN = " > "
"""Between the labels of a path."""


@dataclass(frozen=True)
class TaxonomyNode:
    """``code``: what channels call it. ``labels``: language (``de``) -> label. ``words``: language
    -> other words for it. ``line``: where it stands in the file that it was read from, 0 once it is
    kept.
    """

    code: str
    parent: str | None
    labels: Mapping[str, str]
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class TaxonomyTree:
    """All nodes of a version, by their codes, in the order of the file."""

    nodes: Mapping[str, TaxonomyNode]

    @classmethod
    def of(cls, nodes: Iterable[TaxonomyNode]) -> "TaxonomyTree":
        return cls({one.code: one for one in nodes})

    @cached_property
    def languages(self) -> Sequence[str]:
        """Those that have labels."""
        return sorted({language for one in self.nodes.values() for language in one.labels})

    def label(self, code: str, language: str) -> str:
        """In this language, else in another one; ``language`` may be a locale."""
        return label(self.nodes[code].labels, language.replace("-", "_"), code)

    def branch(self, code: str) -> list[str]:
        """The node and those above it, the topmost first."""
        codes: list[str] = []
        at: str | None = code
        while at is not None:
            codes.append(at)
            at = self.nodes[at].parent
        return codes[::-1]

    def path(self, code: str, language: str) -> str:
        """``Furniture > Chairs``."""
        return BETWEEN.join(self.label(one, language) for one in self.branch(code))


def store_nodes(tree: TaxonomyTree) -> list[Any]:
    """As JSON keeps them."""
    return [
        [one.code, one.parent, dict(one.labels), {key: list(all) for key, all in one.words.items()}]
        for one in tree.nodes.values()
    ]


def load_nodes(stored: Iterable[Sequence[Any]]) -> TaxonomyTree:
    """What :func:`store_nodes` made."""
    return TaxonomyTree.of(
        TaxonomyNode(code, parent, labels, words) for code, parent, labels, words in stored
    )
