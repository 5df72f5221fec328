"""Texts that say the same in two languages: a copy that nobody translated. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pim.structure.objects import Attribute, Structure
from pim.values import Document, parse_address

ORDINARY_WORDS = 3
"""So many make a text one that is to be translated. Names, codes and figures have none: “Canon EOS
R6 Mark II Body” is the same everywhere, and so is a single word.
"""
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SHORTEST = 3
"""Letters of an ordinary word."""


@dataclass(frozen=True)
class CopiedText:
    """``address``: of the text that equals the one at ``source``, in another language."""

    address: str
    source: str


def copied_texts(structure: Structure, values: Document) -> Iterator[CopiedText]:
    """The texts of one record that equal one of a language before them, in the structure's
    order.
    """
    seen: dict[tuple[str, str | None, str], str] = {}
    for address, attribute in structure.attribute_at.items():
        value = values.get(address)
        if value is None or not is_text_in_a_language(attribute):
            continue
        at = parse_address(address)
        said = plain(attribute, value)
        first = seen.setdefault((at.attribute, at.channel, said.casefold()), address)
        if _language(first) != _language(address) and has_sentences(said):
            yield CopiedText(address, first)


def is_text_in_a_language(attribute: Attribute) -> bool:
    """Whether an attribute has a text of its own in each locale."""
    return attribute.localizable and attribute.type.is_free_text


def plain(attribute: Attribute, value: str) -> str:
    """A text without markup, its blanks made one."""
    return " ".join(" ".join(attribute.type.words(value)).split())


def has_sentences(text: str) -> bool:
    """Whether a text has words that another language says otherwise: written small, without
    figures.
    """
    ordinary = (
        word
        for word in _WORD.findall(text)
        if len(word) >= _SHORTEST and word[0].islower() and word.replace("-", "").isalpha()
    )
    return sum(1 for _ in zip(range(ORDINARY_WORDS), ordinary, strict=False)) == ORDINARY_WORDS


def _language(address: str) -> str:
    """Dutch is Dutch in Belgium too."""
    return (parse_address(address).locale or "").partition("_")[0]
