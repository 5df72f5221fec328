"""A product's page in the shop."""

from typing import ClassVar

from pim.errors import Text, text
from pim.providers.base import ListedProduct, Provider, ProviderKind


class LinkProvider(Provider):
    code: ClassVar[str] = "link"
    label: ClassVar[Text] = text("Address of the page in the shop")
    help: ClassVar[Text] = text("The feed's link with the product's identifiers filled in.")
    kind: ClassVar[ProviderKind] = "url"

    def made_by(self) -> object:
        return self.context.link

    def value(self, product: ListedProduct) -> str | None:
        link = self.context.link.replace("{identifier}", product.identifier)
        return link.replace("{root}", product.root) or None
