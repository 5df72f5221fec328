"""Pictures and files of the media library, stored by the asset's code."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from pim.attributes.base import AttributeType, InvalidValue, ListingContext, Reading, shown
from pim.attributes.lists import distinct, join, one_text, split, texts
from pim.attributes.operators import OF_PRESENCE, Operator
from pim.attributes.settings import as_extensions, as_flag, setting
from pim.errors import Text, text
from pim.values import Value

CODE = re.compile("[0-9a-f]{20}")
"""The first 20 hex digits of the content's SHA-256."""


@dataclass(frozen=True)
class AssetType(AttributeType):
    """``multiple``: the value is a list of codes; ``extensions`` that a file may have (none:
    any).
    """

    code: ClassVar[str] = "asset"
    label: ClassVar[Text] = text("Asset")
    help: ClassVar[Text] = text("A picture or document, or a list of them.")
    control: ClassVar[str] = "asset"
    names_assets: ClassVar[bool] = True
    operators: ClassVar[tuple[Operator, ...]] = OF_PRESENCE

    multiple: bool = setting(as_flag, False)
    extensions: tuple[str, ...] = setting(as_extensions, ())

    @property
    def takes_many(self) -> bool:
        return self.multiple

    def lister(self, context: ListingContext) -> Callable[[Value], Any] | None:
        """The picture as the channel finds it."""
        return context.picture

    def parse(self, raw: str, reading: Reading) -> Value:
        """The code, or with ``multiple`` the list of codes; None for blanks. Rules: ``asset``,
        ``max_items``.
        """
        if self.multiple:
            return distinct(map(_code, split(raw, reading.separator))) or None
        spelling = raw.strip()
        return _code(spelling) if spelling else None

    def load(self, raw: Any) -> Value:
        """A JSON string, or with ``multiple`` a list of them. Rules: ``type``, ``asset``,
        ``max_items``.
        """
        if raw is None or raw == "" or raw == []:
            return None
        if self.multiple:
            return distinct(map(_code, texts(raw)))
        return _code(one_text(raw))

    def dump(self, value: Value) -> str:
        """The code, or the codes with commas."""
        return join(value) if self.multiple else str(value)

    def terms(self, value: Value) -> tuple[str, ...]:
        """Every code."""
        return tuple(value) if self.multiple else (value,)

    def accepts(self, filename: str) -> bool:
        """Whether a file of that name may go in here, by its extension."""
        return not self.extensions or filename.rpartition(".")[2].lower() in self.extensions


def _code(spelling: str) -> str:
    if not CODE.fullmatch(spelling):
        raise InvalidValue(
            "asset",
            text("“%(value)s” is not an asset of the media library.", value=shown(spelling)),
        )
    return spelling
