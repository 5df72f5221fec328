"""Controls that are a widget of their own and nothing else."""

from typing import ClassVar

from pim.web.controls.base import Control


class IdentifierControl(Control):
    name_of_control: ClassVar[str] = "identifier"


class GtinControl(Control):
    name_of_control: ClassVar[str] = "gtin"


class DateControl(Control):
    name_of_control: ClassVar[str] = "date"


class BooleanControl(Control):
    name_of_control: ClassVar[str] = "boolean"
