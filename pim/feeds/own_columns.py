"""The columns of a feed whose layout is its own: the option “columns” of its exporter, a list in
the order of the file::

    [
        {"name": "Artikelnummer", "required": true, "unique": true},
        {"name": "Prijs", "kind": "number"},
        {"name": "Kleuren", "kind": "code", "several": true},
    ]

What fills a column is the rule of the mapping with its name, as for the fields of any channel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pim.attributes.base import InvalidValue
from pim.attributes.characters import one_line
from pim.errors import Text, ngettext, text
from pim.feeds.fields import Field, FieldKind

OwnColumnKind = Literal["text", "code", "number", "date", "yes_no", "gtin"]
KINDS: Mapping[OwnColumnKind, Text] = {
    "text": text("text"),
    "code": text("code of an option"),
    "number": text("number"),
    "date": text("date"),
    "yes_no": text("yes or no"),
    "gtin": text("GTIN"),
}
FIELD_KINDS: Mapping[OwnColumnKind, FieldKind] = {
    "text": "text",
    "code": "choice",
    "number": "number",
    "date": "date",
    "yes_no": "boolean",
    "gtin": "gtin",
}
OPTION = "columns"
"""The option of an exporter that the columns are in."""
LONGEST_NAME = 255
MOST_COLUMNS = 1000
MOST_VALUES = 1000
"""Of one cell that takes several."""


@dataclass(frozen=True)
class OwnColumn:
    """A column: its ``name`` in the file and the ``kind`` of its values. ``required``: a product
    without a value is left out; ``unique``: no two products have the same; ``several``: a cell may
    hold a list.
    """

    name: str
    kind: OwnColumnKind = "text"
    required: bool = False
    unique: bool = False
    several: bool = False

    def field(self, yes: str, no: str) -> Field:
        """The column as a field that a mapping fills. ``yes`` and ``no``: what stands there for
        them.
        """
        return Field(
            self.name,
            "required" if self.required else "optional",
            FIELD_KINDS[self.kind],
            choices=(yes, no) if self.kind == "yes_no" else (),
            repeat=MOST_VALUES if self.several else 0,
            unique="feed" if self.unique else "",
            in_store=True,
        )

    def said(self) -> dict[str, Any]:
        """As the definition of a feed has it: what is usual is left out."""
        told: dict[str, Any] = {"name": self.name}
        if self.kind != "text":
            told["kind"] = self.kind
        flags = {"required": self.required, "unique": self.unique, "several": self.several}
        return told | {name: True for name, is_so in flags.items() if is_so}


def read_columns(given: Any) -> tuple[OwnColumn, ...]:
    """The columns that a definition names; :class:`InvalidValue` for what is none."""
    if not isinstance(given, list):
        raise InvalidValue("columns", text("The columns are a list, each with its name."))
    if len(given) > MOST_COLUMNS:
        sentence = ngettext("At most %(num)s column.", "At most %(num)s columns.", MOST_COLUMNS)
        raise InvalidValue("columns", sentence)
    columns = tuple(_read(one) for one in given)
    seen: set[str] = set()
    for column in columns:
        if column.name in seen:
            raise InvalidValue(
                "columns", text("Two columns are called “%(name)s”.", name=column.name)
            )
        seen.add(column.name)
    return columns


def _read(given: Any) -> OwnColumn:
    if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
        raise InvalidValue("columns", text("The columns are a list, each with its name."))
    name = one_line(given["name"])
    if name is None or not name.strip("."):
        nameless = text("A column has a name that is more than blanks and dots.")
        raise InvalidValue("columns", nameless)
    if len(name) > LONGEST_NAME:
        sentence = ngettext(
            "At most %(num)s character.", "At most %(num)s characters.", LONGEST_NAME
        )
        raise InvalidValue("columns", sentence)
    kind = given.get("kind", "text")
    if kind not in get_args(OwnColumnKind):
        known = ", ".join(get_args(OwnColumnKind))
        raise InvalidValue(
            "columns",
            text("“%(name)s” is of a kind that is not among: %(known)s.", name=name, known=known),
        )
    flags = {flag: given.get(flag, False) for flag in ("required", "unique", "several")}
    if not all(isinstance(one, bool) for one in flags.values()):
        raise InvalidValue(
            "columns",
            text("“required”, “unique” and “several” of “%(name)s” are yes or no.", name=name),
        )
    unknown = given.keys() - {"name", "kind", *flags}
    if unknown:
        raise InvalidValue(
            "columns",
            text(
                "“%(name)s” has no setting “%(option)s”.", name=name, option=min(map(str, unknown))
            ),
        )
    if flags["several"] and flags["unique"]:
        raise InvalidValue(
            "columns", text("“%(name)s” cannot hold several values and be unique.", name=name)
        )
    return OwnColumn(name, kind, **flags)
