"""Text of one or more lines, without mark-up; kept as written, but for line ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from unicodedata import normalize

from pim.attributes.base import NEUTRAL, TERM_LENGTH, AttributeType, Reading, shown
from pim.attributes.characters import PRINTABLE_BLANKS, tidy
from pim.attributes.lists import one_text
from pim.attributes.operators import OF_PRESENCE, OF_TERMS, OF_WORDS, Operator
from pim.attributes.patterns import matches
from pim.attributes.settings import as_count, as_flag, as_pattern, setting
from pim.errors import Text, ngettext, text
from pim.folding import fold
from pim.problems import Problem
from pim.values import Value

SORTED_LENGTH = 40
"""So many characters of a text count for its place in a sorted list."""
_EXACTLY = "\x1f"
"""Between how a text is sorted and the text; comes before every letter, and is in no text."""
CEILING = 65_535
"""Characters a text may have at all."""


@dataclass(frozen=True)
class TextType(AttributeType):
    """``min_length`` and ``max_length`` in characters; ``pattern`` must match the whole text.
    ``single_line``: whether people write it in one line; None: as its greatest length suggests.
    """

    code: ClassVar[str] = "text"
    label: ClassVar[Text] = text("Text")
    help: ClassVar[Text] = text("A name, a description without mark-up, any words.")
    ceiling: ClassVar[int] = CEILING
    is_free_text: ClassVar[bool] = True
    operators: ClassVar[tuple[Operator, ...]] = (*OF_WORDS, *OF_TERMS, *OF_PRESENCE)

    min_length: int | None = setting(as_count)
    max_length: int | None = setting(as_count)
    pattern: str | None = setting(as_pattern)
    single_line: bool | None = setting(as_flag)

    def parse(self, raw: str, reading: Reading) -> Value:
        """The text, None for blanks. Rules: ``characters``."""
        return tidy(raw)

    def load(self, raw: Any) -> Value:
        """A JSON string. Rules: ``type``, ``characters``."""
        return None if raw is None else self.parse(one_text(raw), NEUTRAL)

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``min_length``, ``max_length``, ``pattern``."""
        problems = [*self._length(len(value))]
        # Not on a text that is too long anyway: a pattern's time grows with the text.
        if self.pattern is not None and not problems:
            problems += _unmatched(self.pattern, value)
        return problems

    def terms(self, value: Value) -> tuple[str, ...]:
        """The text with its accents stored in one way (NFC): who looks for it, and who asks whether
        another product has it, sees no difference. Its beginning without case and accents stands
        before it where that differs, so that terms sort as people read.
        """
        exact = normalize("NFC", value)
        folded = fold(exact)
        sorted_by = exact if folded == exact else f"{folded[:SORTED_LENGTH]}{_EXACTLY}{exact}"
        return (sorted_by[:TERM_LENGTH],)

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """The common case in two calls: printable, neither too short nor too long, no blank in
        front.
        """
        shortest, longest = max(1, self.min_length or 0), self._longest
        slow, blanks = super().reader(reading), PRINTABLE_BLANKS
        if self.pattern is not None:
            return slow

        def read(raw: str) -> Value:
            if shortest <= len(raw) <= longest and raw[0] not in blanks and raw.isprintable():
                return raw
            return slow(raw)

        return read

    def contradictions(self) -> Mapping[str, Text]:
        """``min_length`` above ``max_length``."""
        if (self.min_length or 0) > self._longest:
            return {
                "min_length": text(
                    "The least length is above the greatest (%(limit)s).", limit=self._longest
                )
            }
        return {}

    @cached_property
    def _longest(self) -> int:
        return self.ceiling if self.max_length is None else min(self.max_length, self.ceiling)

    def _length(self, length: int) -> list[Problem]:
        if self.min_length is not None and length < self.min_length:
            message = ngettext(
                "Shorter than %(num)s character (%(length)s).",
                "Shorter than %(num)s characters (%(length)s).",
                self.min_length,
                length=length,
            )
            return [Problem("", "min_length", message)]
        if length > self._longest:
            return [
                Problem(
                    "",
                    "max_length",
                    ngettext(
                        "Longer than %(num)s character (%(length)s).",
                        "Longer than %(num)s characters (%(length)s).",
                        self._longest,
                        length=length,
                    ),
                )
            ]
        return []


def _unmatched(pattern: str, value: str) -> list[Problem]:
    try:
        if matches(pattern, value):
            return []
    except TimeoutError:
        return [
            Problem(
                "",
                "pattern",
                text(
                    "The pattern “%(pattern)s” takes too long on this text.", pattern=shown(pattern)
                ),
            )
        ]
    return [
        Problem(
            "",
            "pattern",
            text(
                "“%(value)s” does not match “%(pattern)s”.",
                value=shown(value),
                pattern=shown(pattern),
            ),
        )
    ]
