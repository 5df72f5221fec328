"""Choices: one option, or several."""

from collections.abc import Sequence
from typing import ClassVar, cast

from pim.attributes.base import AttributeType
from pim.attributes.choice import ChoiceType
from pim.labels import label
from pim.web.controls.base import Control
from pim.web.page import language


class ChoiceControl(Control):
    name_of_control: ClassVar[str] = "choice"

    @property
    def options(self) -> list[tuple[str, str]]:
        """(code, label) of the options there are."""
        options = cast(ChoiceType, self.attribute.type).options
        return [(code, label(labels, language(), code)) for code, labels in options.items()]


class ChoicesControl(ChoiceControl):
    name_of_control: ClassVar[str] = "choices"

    @classmethod
    def posted(cls, type_: AttributeType, parts: Sequence[str], unit: str) -> str:
        return ",".join(filter(None, parts))
