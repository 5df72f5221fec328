"""What names a product: a SKU, an article number. One line; compared without case, kept as first
written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from pim.attributes.base import Reading
from pim.attributes.characters import one_line
from pim.attributes.text import TextType
from pim.errors import Text, text
from pim.values import Value


@dataclass(frozen=True)
class IdentifierType(TextType):
    """Settings as those of text; never longer than 100 characters, so that it fits every index and
    file name.
    """

    code: ClassVar[str] = "identifier"
    label: ClassVar[Text] = text("Identifier")
    help: ClassVar[Text] = text("A code that names one product, such as its SKU.")
    ceiling: ClassVar[int] = 100
    control: ClassVar[str] = "identifier"
    is_identifier: ClassVar[bool] = True
    is_searchable: ClassVar[bool] = True
    is_free_text: ClassVar[bool] = False

    def parse(self, raw: str, reading: Reading) -> Value:
        """The identifier without blanks at its ends, None for blanks. Rules: ``characters``."""
        return one_line(raw)

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """As for text, but that a blank at the end goes as well."""
        read_text = super().reader(reading)

        def read(raw: str) -> Value:
            return read_text(raw.strip())

        return read
