"""Values that name something else: pictures, products."""

from collections.abc import Sequence
from typing import ClassVar

from pim.attributes.base import AttributeType
from pim.web.controls.base import Control


class AssetControl(Control):
    name_of_control: ClassVar[str] = "asset"
    is_wide: ClassVar[bool] = True
    reading: ClassVar[str] = "asset"

    @classmethod
    def posted(cls, type_: AttributeType, parts: Sequence[str], unit: str) -> str:
        """The codes; where there is room for one picture, the last counts."""
        named = [part for part in parts if part]
        return ",".join(named if type_.takes_many else named[-1:])


class LinkControl(Control):
    name_of_control: ClassVar[str] = "link"
    reading: ClassVar[str] = "link"

    @property
    def items(self) -> list[str]:
        """A comma belongs to the SKU where the value is one alone."""
        if self.attribute.type.takes_many:
            return super().items
        return [self.text] if self.text else []
