"""Where a product stands in the channel's category tree."""

from functools import cached_property
from typing import ClassVar

from pim.errors import Text, text
from pim.labels import label
from pim.providers.base import ListedProduct, Provider


class CategoryProvider(Provider):
    """``Bikes > City bikes``: labels from below the tree's root to the category itself."""

    code: ClassVar[str] = "category"
    label: ClassVar[Text] = text("Path of the first category in the channel's tree")
    help: ClassVar[Text] = text("The labels from the top down, such as “Bikes > City bikes”.")

    @cached_property
    def _paths(self) -> dict[str, str]:
        """Category -> its path, of those in the channel's tree (of all where it has none)."""
        structure = self.context.structure
        tree = structure.channels[self.context.channel].tree
        in_tree = structure.categories if tree is None else structure.below(tree)
        return {code: self._path(code) for code in in_tree}

    def made_by(self) -> object:
        return self._paths

    def value(self, product: ListedProduct) -> str | None:
        paths = self._paths
        for code in product.categories:
            if code in paths:
                return paths[code]
        return None

    def _path(self, category: str) -> str:
        structure, locale = self.context.structure, self.context.locale
        names = [
            label(structure.categories[code].labels, locale, code)
            for code in reversed(structure.path(category))
        ]
        return " > ".join(names[1:] or names)


class CategoriesProvider(CategoryProvider):
    code: ClassVar[str] = "categories"
    label: ClassVar[Text] = text("All categories in the channel's tree")
    help: ClassVar[Text] = text("The codes of the product's categories that the channel has.")
    takes_many: ClassVar[bool] = True

    def made_by(self) -> object:
        return sorted(self._paths)

    def value(self, product: ListedProduct) -> list[str] | None:  # type: ignore[override]
        return [code for code in product.categories if code in self._paths] or None


class CategoryCodesProvider(Provider):
    code: ClassVar[str] = "category_codes"
    label: ClassVar[Text] = text("Codes of all categories")
    help: ClassVar[Text] = text("In whatever tree they stand, as import files name them.")
    takes_many: ClassVar[bool] = True

    def value(self, product: ListedProduct) -> list[str] | None:
        return list(product.categories) or None
