"""Measurements: an amount, and a choice of units beside it."""

from collections.abc import Sequence
from typing import ClassVar, cast

from pim.attributes.base import AttributeType
from pim.attributes.measurement import MeasurementType
from pim.attributes.units import DIMENSIONS
from pim.web.controls.base import Control
from pim.web.controls.number import with_point


class MeasurementControl(Control):
    name_of_control: ClassVar[str] = "measurement"

    @classmethod
    def posted(cls, type_: AttributeType, parts: Sequence[str], unit: str) -> str:
        return type_.join((*map(with_point, parts), unit))

    @property
    def type(self) -> MeasurementType:
        return cast(MeasurementType, self.attribute.type)

    @property
    def amount(self) -> str:
        """The amount as typed."""
        return self.text.rpartition(" ")[0] or self.text

    @property
    def unit(self) -> str:
        """Where there is no amount yet, the attribute's own."""
        return self.text.rpartition(" ")[2] if " " in self.text else self.type.default_unit

    @property
    def units(self) -> list[tuple[str, str]]:
        """(code, symbol) of the units that may be chosen."""
        return [(one.code, one.symbol) for one in DIMENSIONS[self.type.dimension].values()]
