"""Spelling: the words of a text that neither a dictionary nor the shop knows.

What a shop writes is full of names and compounds, and a warning of what is right is worse than
none. So nothing is said of words with figures or capitals inside, of capitals where a language
keeps them for names, of words in another script than the language's, of what is the same in
another language, and of compounds of known words.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from pim.quality.dictionaries import REMEMBERED, Knows, knows, script, script_of
from pim.quality.untranslated import copied_texts, is_text_in_a_language, plain
from pim.structure.objects import Structure
from pim.values import Document, parse_address

MOST = 20
"""Words that are named of one text."""
SHORTEST = 4
"""Letters of a word that is judged."""
_PIECE = re.compile(r"[^\s/]+")
_NO_WORDS = re.compile(r"[\d@_]|\w\.\w")
"""In a piece of text: a code, a figure with its unit, an address."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_JOINT = re.compile(r"['’-]")
_COMPOUNDING = frozenset({"de", "nl"})
"""Languages that write two words as one."""
_LINKS = ("", "s", "en", "n", "es", "e", "er")
"""Between the two words of a compound."""
_LEAST_HEAD, _LEAST_TAIL = 3, 4
"""Letters of the two words of a compound."""
_NOUNS_ARE_LARGE = frozenset({"de"})
"""Languages in which a capital is no sign of a name."""


@dataclass(frozen=True)
class MisspelledText:
    """``words``: each once, in their order."""

    address: str
    words: tuple[str, ...]


def misspelled_texts(
    structure: Structure, own_words: Collection[str], values: Document
) -> Iterator[MisspelledText]:
    """The texts of one record with words that nobody knows. ``own_words``: of the shop, folded by
    :func:`key_of`.
    """
    texts = {
        address: plain(attribute, values[address])
        for address, attribute in structure.attribute_at.items()
        if address in values and is_text_in_a_language(attribute)
    }
    copies = {
        one for text in copied_texts(structure, values) for one in (text.address, text.source)
    }
    words = {address: dict.fromkeys(words_in(text)) for address, text in texts.items()}
    for address, own in words.items():
        if address in copies:  # one of the two is in another language than it should be
            continue
        is_wrong = _judge(parse_address(address).locale or "")
        if is_wrong is None:
            continue
        elsewhere = _in_other_languages(words, address)
        wrong = tuple(
            word
            for word in own
            if key_of(word) not in own_words and word not in elsewhere and is_wrong(word)
        )
        if wrong:
            yield MisspelledText(address, wrong[:MOST])


@cache
def _judge(locale: str) -> Callable[[str], bool] | None:
    """Whether a word is none of this locale's language; None where there is no dictionary. What was
    found out of a word is remembered: texts repeat themselves, and a compound has many places where
    it may be joined.
    """
    dictionary = knows(locale)
    if dictionary is None:
        return None
    judge = _Judge(locale.partition("_")[0], script(locale), dictionary)
    return lru_cache(REMEMBERED)(judge.is_wrong)


def key_of(word: str) -> str:
    """The same for a word and the same one in capitals."""
    return word.replace("’", "'").casefold()


def words_in(text: str) -> Iterator[str]:
    """The words of a text, without codes, figures and addresses."""
    for piece in _PIECE.findall(text):
        if not _NO_WORDS.search(piece):
            yield from _WORD.findall(piece)


def _in_other_languages(words: Mapping[str, Collection[str]], address: str) -> frozenset[str]:
    """Names are the same in every language."""
    language = _language(address)
    others = (own for other, own in words.items() if _language(other) != language)
    return frozenset(word for own in others for word in own if word[0].isupper())


def _language(address: str) -> str:
    return (parse_address(address).locale or "").partition("_")[0]


@dataclass(frozen=True)
class _Judge:
    """``script``: of the dictionary's words; None where nobody knows."""

    language: str
    script: str | None
    dictionary: Knows

    def is_wrong(self, word: str) -> bool:
        if len(word) < SHORTEST or word[1:] != word[1:].lower():
            return False
        is_name = word[0].isupper() and self.language not in _NOUNS_ARE_LARGE
        return not is_name and not self._knows(word.replace("’", "'"))

    def _knows(self, word: str) -> bool:
        """As it is written, or as its parts are; no dictionary has a say in another script."""
        if self._is_in_another_script(word) or self._has(word):
            return True
        parts = [part for part in _JOINT.split(word) if len(part) >= SHORTEST]
        if _JOINT.search(word):
            return all(map(self._knows, parts))
        return self.language in _COMPOUNDING and self._is_compound(word)

    def _is_in_another_script(self, word: str) -> bool:
        """Without a single letter of the dictionary's: one foreign letter among its own is a slip
        that nobody sees, such as a Latin “a” in a Russian word.
        """
        letters = filter(str.isalpha, word)
        return self.script is not None and all(script_of(one) != self.script for one in letters)

    def _has(self, word: str) -> bool:
        return self.dictionary(word) or self.dictionary(word.lower())

    def _is_compound(self, word: str) -> bool:
        places = range(_LEAST_HEAD, len(word) - _LEAST_TAIL + 1)
        return any(self._is_joined(word[:place], word[place:]) for place in places)

    def _is_joined(self, first: str, second: str) -> bool:
        if not self._is_part(second):
            return False
        heads = (first.removesuffix(link) for link in _LINKS if first.endswith(link))
        return any(len(head) >= _LEAST_HEAD and self._is_part(head) for head in heads)

    def _is_part(self, word: str) -> bool:
        """German nouns are written large, unless they stand behind another word."""
        return self.dictionary(word) or self.dictionary(word.capitalize())
