"""What a product is called, and what it is a variant of."""

from typing import ClassVar

from pim.errors import Text, text
from pim.providers.base import ListedProduct, Provider


class IdentifierProvider(Provider):
    code: ClassVar[str] = "identifier"
    label: ClassVar[Text] = text("Identifier")
    help: ClassVar[Text] = text("What names the product in the hub, usually its article number.")

    def value(self, product: ListedProduct) -> str:
        return product.identifier


class HubIdProvider(Provider):
    code: ClassVar[str] = "hub_id"
    label: ClassVar[Text] = text("Number in the hub")
    help: ClassVar[Text] = text("It stays when the identifier becomes another one.")

    def value(self, product: ListedProduct) -> str:
        return str(product.id)


class ModelProvider(Provider):
    code: ClassVar[str] = "model"
    label: ClassVar[Text] = text("Identifier of the model it is a variant of")
    help: ClassVar[Text] = text("Empty for a product that is not a variant.")

    def value(self, product: ListedProduct) -> str | None:
        return product.model


class RootProvider(Provider):
    code: ClassVar[str] = "root"
    label: ClassVar[Text] = text("Identifier of the topmost model, or its own")
    help: ClassVar[Text] = text("The same for all variants of a model.")

    def value(self, product: ListedProduct) -> str:
        return product.root
