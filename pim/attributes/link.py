"""A link to another product, stored by its identifier. Whether that product exists is for the
service to say.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from pim.attributes.base import TERM_LENGTH, AttributeType, InvalidValue, Reading
from pim.attributes.characters import one_line
from pim.attributes.identifier import IdentifierType
from pim.attributes.lists import distinct, join, one_text, split, texts
from pim.attributes.settings import as_flag, setting
from pim.errors import Text, ngettext, text
from pim.values import Value


@dataclass(frozen=True)
class LinkType(AttributeType):
    """``multiple``: the value is a list of identifiers."""

    code: ClassVar[str] = "link"
    label: ClassVar[Text] = text("Product link")
    help: ClassVar[Text] = text("Another product, or a list of them.")
    control: ClassVar[str] = "link"
    names_products: ClassVar[bool] = True

    multiple: bool = setting(as_flag, False)

    @property
    def takes_many(self) -> bool:
        return self.multiple

    def parse(self, raw: str, reading: Reading) -> Value:
        """The identifier, or with ``multiple`` the list of them; None for blanks. Rules:
        ``characters``, ``max_length``.
        """
        if self.multiple:
            return self._list(split(raw, reading.separator))
        return _identifier(raw)

    def load(self, raw: Any) -> Value:
        """A JSON string, or with ``multiple`` a list of them. Rules: ``type`` and those of
        `parse`.
        """
        if raw is None or raw == "" or raw == []:
            return None
        if self.multiple:
            return self._list(texts(raw))
        return _identifier(one_text(raw))

    def dump(self, value: Value) -> str:
        """The identifier, or the identifiers with commas."""
        return join(value) if self.multiple else str(value)

    def show(self, value: Value, locale: str) -> str:
        """The identifiers, a blank after each comma."""
        return ", ".join(value) if self.multiple else str(value)

    def terms(self, value: Value) -> tuple[str, ...]:
        """Every identifier."""
        return tuple(one[:TERM_LENGTH] for one in value) if self.multiple else (value,)

    def _list(self, spellings: list[str]) -> Value:
        return distinct(one for one in map(_identifier, spellings) if one) or None


def _identifier(spelling: str) -> str | None:
    found = one_line(spelling)
    if found is not None and len(found) > IdentifierType.ceiling:
        message = ngettext(
            "Longer than %(num)s character (%(length)s).",
            "Longer than %(num)s characters (%(length)s).",
            IdentifierType.ceiling,
            length=len(found),
        )
        raise InvalidValue("max_length", message)
    return found
