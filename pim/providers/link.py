"""A product's page in the shop."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import ClassVar
from urllib.parse import quote

from pim.errors import Text, text
from pim.providers.base import ListedProduct, Provider, ProviderKind

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
FILLED: dict[str, Callable[[ListedProduct], str]] = {
    "identifier": lambda product: product.identifier,
    "root": lambda product: product.root,
}
"""What may stand in braces in a feed's link."""


class LinkProvider(Provider):
    code: ClassVar[str] = "link"
    label: ClassVar[Text] = text("Address of the page in the shop")
    help: ClassVar[Text] = text("The feed's link with the product's identifiers filled in.")
    kind: ClassVar[ProviderKind] = "url"

    def made_by(self) -> object:
        return self.context.link

    def value(self, product: ListedProduct) -> str | None:
        """An identifier may hold what means something in an address, so it is percent-encoded."""
        filled = [
            quote(FILLED[piece](product), safe="") if number % 2 else piece
            for number, piece in enumerate(self._pieces)
        ]
        return "".join(filled) or None

    @cached_property
    def _pieces(self) -> list[str]:
        """Text and placeholder in turn."""
        return PLACEHOLDER.split(self.context.link)


def unknown_placeholders(link: str) -> list[str]:
    """What stands in braces in a link and nothing fills."""
    return [name for name in PLACEHOLDER.findall(link) if name not in FILLED]


def example_of(link: str) -> str:
    """The link with something in the places of its placeholders."""
    return PLACEHOLDER.sub("X", link)
