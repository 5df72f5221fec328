"""The pictures of a product: those that its family calls its pictures, the main one first."""

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy.orm import Session

from pim.attributes.quantities import Picture
from pim.errors import Text, text
from pim.providers.base import ListedProduct, Provider, ProviderContext, ProviderKind
from pim.structure.objects import PRODUCT
from pim.values import Value


class PicturesProvider(Provider):
    code: ClassVar[str] = "pictures"
    label: ClassVar[Text] = text("All pictures")
    help: ClassVar[Text] = text("The pictures of the product, the main one first.")
    kind: ClassVar[ProviderKind] = "picture"
    takes_many: ClassVar[bool] = True

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(context)
        self._address_of_family = dict(_picture_addresses(context))

    def made_by(self) -> object:
        return [self._address_of_family, self.context.pictures.made_by()]

    def prepare(self, session: Session, products: Sequence[ListedProduct]) -> None:
        codes: set[str] = set()
        for product in products:
            codes.update(self.codes(product))
        self.context.pictures.prepare(session, codes)

    def moment(self, session: Session) -> object:
        return self.context.pictures.moment(session)

    def value(self, product: ListedProduct) -> list[Picture] | None:
        find = self.context.pictures.find
        found = [picture for code in self.codes(product) if (picture := find(code)) is not None]
        return found or None

    def codes(self, product: ListedProduct) -> Sequence[str]:
        """The codes of the product's pictures, the main one first."""
        return asset_codes(product.document.get(self.address_of(product)))

    def address_of(self, product: ListedProduct) -> str:
        """Where the pictures of the product stand; "" where its family has none."""
        return self._address_of_family.get(product.family or "", "")


class PictureProvider(PicturesProvider):
    code: ClassVar[str] = "picture"
    label: ClassVar[Text] = text("Main picture")
    help: ClassVar[Text] = text("The first picture of the product that a channel can show.")
    takes_many: ClassVar[bool] = False

    def value(self, product: ListedProduct) -> Picture | None:  # type: ignore[override]
        find = self.context.pictures.find
        for code in self.codes(product):
            picture = find(code)
            if picture is not None:
                return picture
        return None


def asset_codes(value: Value) -> Sequence[str]:
    """The codes in the value of an asset attribute, which holds one or a list of them."""
    if value is None:
        return ()
    return value if isinstance(value, list) else [str(value)]


def _picture_addresses(context: ProviderContext) -> list[tuple[str, str]]:
    """(family, where its products hold their pictures) of the families that have pictures."""
    structure = context.structure
    addresses = []
    for code, family in structure.families_of(PRODUCT).items():
        if family.picture is not None:
            attribute = structure.attributes[family.picture]
            scope = (context.channel, context.locale, context.currency)
            addresses.append((code, structure.address_in(attribute, *scope)))
    return addresses
