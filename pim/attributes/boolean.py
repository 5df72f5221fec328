"""Yes or no."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar
from unicodedata import normalize

from pim.attributes.base import AttributeType, InvalidValue, Reading, shown
from pim.attributes.operators import Operator, Sought
from pim.errors import Text, text
from pim.values import Value

# (no, yes) per language of the interface: a value is shown without a request, and Babel carries no
# such words.
WORDS = {"en": ("No", "Yes"), "nl": ("Nee", "Ja"), "de": ("Nein", "Ja"), "fr": ("Non", "Oui")}


@dataclass(frozen=True)
class BooleanType(AttributeType):
    """No settings."""

    code: ClassVar[str] = "boolean"
    label: ClassVar[Text] = text("Yes or no")
    help: ClassVar[Text] = text("A switch; empty means that nobody has said.")
    control: ClassVar[str] = "boolean"
    operators: ClassVar[tuple[Operator, ...]] = (Operator.YES, Operator.NO, Operator.EMPTY)

    def parse(self, raw: str, reading: Reading) -> Value:
        """True or False for the reading's words, without case; None for blanks. Rules:
        ``boolean``.
        """
        word = normalize("NFC", raw.strip()).casefold()
        if not word:
            return None
        found = _words(reading).get(word)
        if found is None:
            raise InvalidValue(
                "boolean", text("“%(value)s” is neither yes nor no (1 or 0).", value=shown(raw))
            )
        return found

    def load(self, raw: Any) -> Value:
        """A JSON boolean. Rules: ``type``."""
        if raw is None or isinstance(raw, bool):
            return raw
        raise InvalidValue("type", text("“%(value)s” is neither true nor false.", value=shown(raw)))

    def dump(self, value: Value) -> str:
        """1 or 0."""
        return "1" if value else "0"

    def sought(self, operator: Operator, values: tuple[str, ...]) -> Sought:
        """Yes and no are operators: nobody has to say which value they mean."""
        if operator in (Operator.YES, Operator.NO):
            return Sought((self.dump(operator is Operator.YES),))
        return super().sought(operator, values)

    def show(self, value: Value, locale: str) -> str:
        """Yes or No in the locale's language, English where we lack it."""
        return WORDS.get(locale.split("_")[0], WORDS["en"])[bool(value)]

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """One look-up for the spelling seen most."""
        words = _words(reading)

        def read(raw: str) -> Value:
            found = words.get(raw)
            return self.parse(raw, reading) if found is None else found

        return read


@lru_cache(maxsize=64)
def _words(reading: Reading) -> dict[str, bool]:
    return {word.casefold(): True for word in reading.true} | {
        word.casefold(): False for word in reading.false
    }
