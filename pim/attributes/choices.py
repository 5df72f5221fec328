"""Several options of a list, stored as their codes in the order they were given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from pim.attributes.base import TERM_LENGTH, AttributeType, Reading
from pim.attributes.choice import ChoiceType, unknown
from pim.attributes.lists import distinct, join, split, texts
from pim.errors import Text, text
from pim.problems import Problem
from pim.values import Value


@dataclass(frozen=True)
class ChoicesType(ChoiceType):
    """``options`` as for a single choice."""

    code: ClassVar[str] = "choices"
    label: ClassVar[Text] = text("Choices")
    help: ClassVar[Text] = text("Any number of options of a list.")
    control: ClassVar[str] = "choices"

    @property
    def takes_many(self) -> bool:
        return True

    def parse(self, raw: str, reading: Reading) -> Value:
        """The codes, each once; None for blanks. Rules: ``option``, ``max_items``."""
        return distinct(self.option(one) for one in split(raw, reading.separator)) or None

    def load(self, raw: Any) -> Value:
        """A JSON list of codes. Rules: ``type``, ``option``, ``max_items``."""
        if raw is None or raw == "":
            return None
        return distinct(self.option(one) for one in texts(raw)) or None

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``option``, once for every code that is none."""
        return [Problem("", "option", unknown(code)) for code in value if code not in self.options]

    def dump(self, value: Value) -> str:
        """red,blue."""
        return join(value)

    def show(self, value: Value, locale: str) -> str:
        """The labels."""
        return ", ".join(self.option_label(code, locale) for code in value)

    def terms(self, value: Value) -> tuple[str, ...]:
        """Every code."""
        return tuple(code[:TERM_LENGTH] for code in value)

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """`parse` looks every option up, so there is nothing left to check."""
        return AttributeType.reader(self, reading)
