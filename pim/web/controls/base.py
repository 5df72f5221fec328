"""The control of most types: one line of text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from pim.attributes.base import AttributeType, InvalidValue
from pim.attributes.lists import split
from pim.errors import Text
from pim.labels import label
from pim.owners import name_of
from pim.structure.objects import Attribute
from pim.values import Value, parse_address
from pim.web.page import language


@dataclass(frozen=True)
class Ghost:
    """What stands in another locale or channel, shown grey where nothing stands. ``where``: the
    names of these.
    """

    text: str
    locale: str | None
    where: list[str]


@dataclass(frozen=True)
class Control:
    """One value of a product as a scope sees it, in a form.

    text: what stands in the form; was: what is stored; both as :meth:`AttributeType.dump` spells
    it, so that equal texts are equal values. lock: "" (may be edited), "owner" (another system
    fills it), "level" (its model holds it), "identifier" or "reader". inherited: the model the
    value comes from, or would; empty when it is the product's own; giver: what people call that
    model. beside: the same in the language one compares with. place: what tells it from another
    control for the same address on one page. is_waiting: channels see another value until the next
    approval. ghost: for an empty one, what another language or channel says.
    """

    name_of_control: ClassVar[str] = "text"
    """By which an attribute type names it."""
    is_wide: ClassVar[bool] = False
    """It takes the whole width of the form."""
    reading: ClassVar[str] = "text"
    """The template in ``templates/widgets/reading/`` that shows a value that is locked."""

    address: str
    attribute: Attribute
    text: str
    was: str
    value: Value
    lock: str = ""
    inherited: str = ""
    giver: str = ""
    is_required: bool = False
    is_axis: bool = False
    tags: list[str] = field(default_factory=list)
    errors: list[Text] = field(default_factory=list)
    beside: Value = None
    place: str = ""
    is_waiting: bool = False
    ghost: Ghost | None = None

    @classmethod
    def posted(cls, type_: AttributeType, parts: Sequence[str], unit: str) -> str:
        """What a browser sent, as the one text that the type reads.

        ``parts``: every value sent under the control's name; ``unit``: what was chosen beside it.
        """
        return parts[-1] if parts else ""

    @property
    def locale(self) -> str | None:
        """Of the text, where it has one in each."""
        return parse_address(self.address).locale

    @property
    def widget(self) -> str:
        """The template that edits it."""
        return f"widgets/{self.name_of_control}.html"

    @property
    def reading_widget(self) -> str:
        """The template that shows it where it cannot be edited."""
        return f"widgets/reading/{self.reading}.html"

    @property
    def name(self) -> str:
        """The name of its control and the anchor that leads to it."""
        return f"value-{self.address}"

    @property
    def id(self) -> str:
        """The id of its control, which a label names."""
        return f"{self.name}{self.place}"

    @property
    def label(self) -> str:
        return label(self.attribute.labels, language(), self.attribute.code)

    @property
    def owner(self) -> Text:
        """The system that keeps it up to date."""
        return name_of(self.attribute.owner)

    @property
    def is_kept_elsewhere(self) -> bool:
        """Whether it is there to be read only: another system keeps it up to date."""
        is_name = self.lock == "identifier" and self.attribute.owner != "hub"
        return self.lock == "owner" or is_name

    @property
    def is_models(self) -> bool:
        """Whether a model holds it for all its variants."""
        return self.lock == "level"

    @property
    def help(self) -> str:
        return label(self.attribute.help, language(), "") if self.attribute.help else ""

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.was

    @property
    def limit(self) -> int | None:
        """Characters a text may have."""
        found: int | None = getattr(self.attribute.type, "max_length", None)
        return found

    @property
    def is_long(self) -> bool:
        """Whether a text wants more than one line. Where its attribute does not say, 255 signs are
        what most systems give a text of one line. What has several lines already keeps them.
        """
        is_single = getattr(self.attribute.type, "single_line", None)
        if is_single is None:
            is_single = (self.limit or 1000) <= 255
        return "\n" in self.text or not is_single

    @property
    def shown(self) -> str:
        """The stored value for a person to read."""
        return self._read(self.value)

    @property
    def shown_beside(self) -> str:
        """The value in the other language, for a person to read."""
        return self._read(self.beside)

    def _read(self, value: Value) -> str:
        return "" if value is None else self.attribute.type.show(value, language())

    @property
    def items(self) -> list[str]:
        """What was typed, as a list: choices, pictures, links. What is no list stands there as it
        was typed, beside the complaint.
        """
        try:
            return split(self.text, ",")
        except InvalidValue:
            return [self.text]
