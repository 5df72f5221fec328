"""What tells the variants of one model apart: colour and size, by name and by value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.db import current
from pim.errors import Text, text
from pim.labels import label
from pim.products.models import Product
from pim.products.workspace import key_of
from pim.providers.base import ListedProduct, Provider, ProviderContext
from pim.structure.objects import FamilyVariant


@dataclass(frozen=True)
class AxisListing:
    """Implements :class:`pim.attributes.base.ListingContext`: an axis is shown by its labels."""

    locale: str
    currency: str
    wants_codes: bool = False

    def picture(self, asset: str) -> None:
        """No axis is a picture."""
        return


class AxesProvider(Provider):
    """The values on the axes, as people read them: ``["Red", "56 cm"]``."""

    code: ClassVar[str] = "axes"
    label: ClassVar[Text] = text("What tells the variants apart")
    help: ClassVar[Text] = text("Of a variant, its value on each axis, such as “Red” and “56 cm”.")
    takes_many: ClassVar[bool] = True

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(context)
        self._listing = AxisListing(context.locale, context.currency)
        self._axes = {code: self._axes_of(one) for code, one in context.structure.variants.items()}
        self._family_variant: dict[str, str | None] = {}

    def made_by(self) -> object:
        structure = self.context.structure
        codes = sorted({axis for axes in self._axes.values() for axis in axes})
        listed = {code: structure.attributes[code].type for code in codes}
        return [
            self._axes,
            {code: one.made_listings_by(self._listing) for code, one in listed.items()},
        ]

    def prepare(self, session: Session, products: Sequence[ListedProduct]) -> None:
        """Which family variant each top model has."""
        keys = {key_of(product.root): product.root for product in products if product.model}
        self._family_variant = {}
        if keys:
            chosen = select(Product.key, Product.family_variant).where(
                in_values(session, Product.key, list(keys))
            )
            for key, family_variant in session.execute(chosen):
                self._family_variant[keys[key]] = family_variant

    def moment(self, session: Session) -> object:
        return current(session, "seq")

    def value(self, product: ListedProduct) -> list[Any] | None:
        values = [self._shown(axis, product) for axis in self.axes(product)]
        return [value for value in values if value is not None] or None

    def axes(self, product: ListedProduct) -> Sequence[str]:
        """The codes of the attributes on which the variants of its model differ."""
        family_variant = self._family_variant.get(product.root)
        return self._axes.get(family_variant or "", ())

    def _shown(self, axis: str, product: ListedProduct) -> Any:
        attribute = self.context.structure.attributes[axis]
        scope = (self.context.channel, self.context.locale, self.context.currency)
        value = product.document.get(self.context.structure.address_in(attribute, *scope))
        show = attribute.type.lister(self._listing)
        return value if value is None or show is None else show(value)

    def _axes_of(self, family_variant: FamilyVariant) -> list[str]:
        return [axis for level in family_variant.levels for axis in level.axes]


class AxisNamesProvider(AxesProvider):
    """The names of the axes, in the order of their values: ``["Colour", "Frame size"]``."""

    code: ClassVar[str] = "axis_names"
    label: ClassVar[Text] = text("Names of what tells the variants apart")
    help: ClassVar[Text] = text(
        "Of a variant, the label of each axis, such as “Colour” and “Size”."
    )

    def made_by(self) -> object:
        return [
            self._axes,
            {axis: self._name(axis) for axes in self._axes.values() for axis in axes},
        ]

    def value(self, product: ListedProduct) -> list[Any] | None:
        return [
            self._name(axis)
            for axis in self.axes(product)
            if self._shown(axis, product) is not None
        ] or None

    def _name(self, axis: str) -> str:
        attribute = self.context.structure.attributes[axis]
        return label(attribute.labels, self.context.locale, axis)
