"""The channel's own category for a product, by the feed's mapping of categories."""

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

from sqlalchemy.orm import Session

from pim.errors import Text, text
from pim.providers.base import ListedProduct, Provider
from pim.taxonomies import queries
from pim.taxonomies.category_mapping import MappedCategory


class ChannelCategoryProvider(Provider):
    """The code in the channel's taxonomy, such as ``1025``: that of the first of the product's
    categories of which the feed's mapping says something.
    """

    code: ClassVar[str] = "channel_category"
    label: ClassVar[Text] = text("Category of the channel, by its code")
    help: ClassVar[Text] = text("As the feed's categories are mapped.")

    @cached_property
    def _in_tree(self) -> frozenset[str]:
        """The categories that the channel has."""
        structure = self.context.structure
        tree = structure.channels[self.context.channel].tree
        return frozenset(structure.categories) if tree is None else structure.below(tree)

    @cached_property
    def _mapped(self) -> dict[str, MappedCategory]:
        """What holds for each category of ours of which anything does."""
        mapping = self.context.categories
        if mapping is None:
            return {}
        return mapping.decided(self.context.structure, self._in_tree)

    def made_by(self) -> object:
        return {code: mapped.node for code, mapped in self._mapped.items()}

    def value(self, product: ListedProduct) -> str | None:
        mapped = self._mapped
        for code in product.categories:
            if code in mapped:
                return mapped[code].node
        return None

    def unmapped(self, product: ListedProduct) -> str | None:
        """The first category of a product of which no category says anything; None where one does,
        or where it has none that the channel has.
        """
        mine = [code for code in product.categories if code in self._in_tree]
        if any(code in self._mapped for code in mine):
            return None
        return next(iter(mine), None)


class ChannelCategoryPathProvider(ChannelCategoryProvider):
    """``Furniture > Chairs``, in the feed's language."""

    code: ClassVar[str] = "channel_category_path"
    label: ClassVar[Text] = text("Category of the channel, by its path")

    _paths: dict[str, str] | None = None

    def made_by(self) -> object:
        mapping = self.context.categories
        place = [mapping.taxonomy, mapping.version] if mapping is not None else None
        return [place, super().made_by()]

    def prepare(self, session: Session, products: Sequence[ListedProduct]) -> None:
        """A version never changes, so that its paths are read once for a build."""
        mapping = self.context.categories
        if self._paths is not None or mapping is None:
            return
        tree = queries.tree(session, mapping.taxonomy, mapping.version)
        used = {mapped.node for mapped in self._mapped.values()} - {None}
        locale = self.context.locale
        self._paths = {code: tree.path(code, locale) for code in tree.nodes if code in used}

    def value(self, product: ListedProduct) -> str | None:
        node = super().value(product)
        return None if node is None else (self._paths or {}).get(node)
