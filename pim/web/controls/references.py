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
