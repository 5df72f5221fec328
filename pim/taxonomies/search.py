"""Looking for a category in a taxonomy: by words, and by the likeness of labels. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from pim.folding import fold
from pim.taxonomies.tree import TaxonomyTree

LEAST_LIKE = 80.0
"""How like two labels must be, of 100, before one is suggested for the other."""
OF_SHARED_WORDS = 0.85
"""What it counts that all words of one label stand in the other: “Bells” in “Bells & Horns”."""
LEAST_LIKE_ABOVE = 60.0
"""How like what stands above must be, where the labels only share their words."""
OF_PARENT = 0.15
"""What the label above counts beside the category's own: it tells bike tyres from car tyres."""


@dataclass(frozen=True)
class SuggestedNode:
    """``likeness``: of 100."""

    code: str
    likeness: float


@dataclass(frozen=True)
class _SearchText:
    """A category, folded: its label, its path and all its words in every language."""

    code: str
    label: str
    path: str
    everything: str


@lru_cache(8)
def _texts(tree: "_TreeKey", language: str) -> Sequence[_SearchText]:
    return [_text(tree.tree, code, language) for code in tree.tree.nodes]


def _text(tree: TaxonomyTree, code: str, language: str) -> _SearchText:
    node = tree.nodes[code]
    path = tree.path(code, language)
    words = [word for all_words in node.words.values() for word in all_words]
    everything = " ".join([code, path, *node.labels.values(), *words])
    return _SearchText(code, fold(tree.label(code, language)), fold(path), fold(everything))


@dataclass(frozen=True, eq=False)
class _TreeKey:
    """A tree by its identity: comparing thousands of nodes would take longer than the search."""

    tree: TaxonomyTree

    def __hash__(self) -> int:
        return id(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _TreeKey) and self.tree is other.tree


def find_nodes(tree: TaxonomyTree, asked: str, language: str, most: int) -> list[str]:
    """Codes of the categories that all these words stand in, the best first: that code itself, the
    label itself, a label that begins so, a label with all the words, a path, other words.
    """
    words = fold(asked).split()
    if not words:
        return []
    whole = " ".join(words)
    found = [
        (_rank(one, whole, words), len(one.path), at, one.code)
        for at, one in enumerate(_texts(_TreeKey(tree), language))
        if all(word in one.everything for word in words)
    ]
    return [code for *_, code in sorted(found)[:most]]


def _rank(one: _SearchText, whole: str, words: Sequence[str]) -> int:
    if whole in (fold(one.code), one.label):
        return 0
    if one.label.startswith(whole):
        return 1
    if all(word in one.label for word in words):
        return 2
    return 3 if all(word in one.path for word in words) else 4


def suggest_node(tree: TaxonomyTree, labels: Sequence[str], language: str) -> SuggestedNode | None:
    """The category whose label is most like the last of these, which stand from the top down; None
    where none is like it.
    """
    own = fold(labels[-1]) if labels else ""
    if not own:
        return None
    above = fold(" ".join(labels[:-1]))
    texts = _texts(_TreeKey(tree), language)
    labels_there = [one.label for one in texts]
    alike = process.extract(
        own, labels_there, scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_LIKE, limit=30
    )
    if not alike:
        shared = process.extract(
            own, labels_there, scorer=fuzz.token_set_ratio, score_cutoff=100.0, limit=30
        )
        alike = [
            (found, OF_SHARED_WORDS * score, at)
            for found, score, at in shared
            if not above or fuzz.token_set_ratio(above, texts[at].path) >= LEAST_LIKE_ABOVE
        ]
    scored = [
        (score + OF_PARENT * fuzz.token_set_ratio(above, texts[at].path), -at)
        for _, score, at in alike
    ]
    if not scored:
        return None
    _, place = max(scored)
    likeness = next(score for _, score, at in alike if at == -place)
    return SuggestedNode(texts[-place].code, likeness)
