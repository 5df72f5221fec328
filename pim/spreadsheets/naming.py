"""What codes are called in a file: options, categories and families by their labels. Pure.

A label that two of them share, in whatever spelling a reader takes for the same, has the code
behind it: each name stands for one code.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from unicodedata import normalize

from pim.labels import Labels, label


def plain(name: str) -> str:
    """A name as readers compare it."""
    return normalize("NFC", name.strip())


class Names:
    """The codes of one list in one language. ``of``: code -> name; ``codes``: name -> code."""

    def __init__(self, labels: Mapping[str, Labels], language: str) -> None:
        called = {
            code: plain(label(one, language, code)) if one else code for code, one in labels.items()
        }
        often = Counter(called.values())
        self.of = {
            code: name if name and often[name] == 1 else _with_code(name, code)
            for code, name in called.items()
        }
        self.codes = {plain(name): code for code, name in self.of.items()}

    def all_of(self, codes: Iterable[str]) -> list[str]:
        """Their names; a code that is not in the list any more stands for itself."""
        return [self.of.get(code, code) for code in codes]


def _with_code(name: str, code: str) -> str:
    return f"{name} [{code}]".lstrip()
