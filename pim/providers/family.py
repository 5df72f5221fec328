"""The family of a product, as people call it."""

from typing import ClassVar

from pim.errors import Text, text
from pim.labels import label
from pim.providers.base import ListedProduct, Provider, ProviderContext
from pim.structure.objects import PRODUCT


class FamilyCodeProvider(Provider):
    code: ClassVar[str] = "family_code"
    label: ClassVar[Text] = text("Code of the family")
    help: ClassVar[Text] = text("As import files name it.")

    def value(self, product: ListedProduct) -> str | None:
        return product.family


class FamilyProvider(Provider):
    code: ClassVar[str] = "family"
    label: ClassVar[Text] = text("Family")
    help: ClassVar[Text] = text("The label of the product's family in the feed's language.")

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(context)
        self._labels = {
            code: label(family.labels, context.locale, code)
            for code, family in context.structure.families_of(PRODUCT).items()
        }

    def made_by(self) -> object:
        return self._labels

    def value(self, product: ListedProduct) -> str | None:
        family = product.family
        return None if family is None else self._labels.get(family, family)
