"""Rich text: HTML that the sanitiser at the door has seen."""

from typing import ClassVar

from markupsafe import Markup

from pim.web.controls.base import Control


class RichTextControl(Control):
    name_of_control: ClassVar[str] = "richtext"
    is_wide: ClassVar[bool] = True
    reading: ClassVar[str] = "richtext"

    @property
    def html(self) -> Markup:
        return Markup(self.value or "")  # noqa: S704 - sanitised when it was stored

    @property
    def html_beside(self) -> Markup:
        """The same in the language one compares with."""
        return Markup(self.beside or "")  # noqa: S704 - as above
