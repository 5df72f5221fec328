"""What an exporter is and gets. An exporter imports this module and the standard library, nothing
else.

One exporter object serves one build of one feed: ``exporter = GoogleShopping(context)``. A build is
``exporter.format.head()`` + ``exporter.render(listings)`` for each product +
``exporter.format.tail()``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

from pim.attributes.quantities import Measure, Money, Picture
from pim.errors import Text, text
from pim.feeds.formats import Attributed, Csv, Format, JsonLines, Tsv, Xml, element
from pim.problems import Problem

__all__ = [
    "Attributed",
    "BuildContext",
    "Csv",
    "Exporter",
    "Field",
    "Format",
    "JsonLines",
    "Listing",
    "Measure",
    "Missing",
    "Money",
    "Option",
    "Picture",
    "Problem",
    "Text",
    "Tsv",
    "Xml",
    "element",
    "text",
]

Need = Literal["required", "recommended", "optional"]
FieldKind = Literal[
    "text", "number", "price", "gtin", "url", "picture", "choice", "measurement", "date", "boolean"
]
OptionKind = Literal["text", "number", "choice", "boolean", "url"]


class Missing(LookupError):
    """The exporter asked for a target field that this product has no value for."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Listing(dict[str, Any]):
    """A product as one feed sees it: target field -> text, or a list of texts; :class:`Money`,
    :class:`Measure` and :class:`Picture` are texts that know more.

    ``identifier`` the product's, ``group`` its parent model's (or None), ``root`` the top model's
    (or its own).
    """

    __slots__ = ("group", "identifier", "root")

    def __init__(self, identifier: str, root: str, group: str | None) -> None:
        self.identifier = identifier
        self.root = root
        self.group = group

    def __missing__(self, name: str) -> Any:
        raise Missing(name)


@dataclass(frozen=True)
class Field:
    """A target field as the channel's own specification has it.

    ``max_length`` in characters. ``choices``: the values allowed; for a boolean the words for yes
    and no, for a measurement the unit symbols. ``repeat``: how many values it takes, 0 for one.
    ``unit``: the unit a measurement is converted to. ``html``: the channel shows markup, so rich
    text need not be stripped. ``source``: where the rule is written down. ``suggest``: attribute
    codes (or ``$built_ins``) that usually fill it.
    """

    name: str
    need: Need = "optional"
    kind: FieldKind = "text"
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    repeat: int = 0
    unit: str = ""
    html: bool = False
    help: str = ""
    example: str = ""
    source: str = ""
    suggest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """A setting of the feed as a whole; these draw its form. ``choices`` for kind "choice"."""

    name: str
    label: str
    kind: OptionKind = "text"
    default: str | bool = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class BuildContext:
    """What one build knows besides its products. ``issued`` is the day of the build; ``link`` the
    shop's address.
    """

    slug: str
    title: str
    link: str
    locale: str
    currency: str
    issued: date
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.locale.partition("_")[0]


class Exporter:
    """A channel. Set the class attributes, make a format, and override ``item`` (or ``items`` when
    ``grouped``).

    ``grouped``: the variants of one model come to ``items`` together, because the channel writes
    them as one product.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    purpose: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    options: ClassVar[tuple[Option, ...]] = ()
    grouped: ClassVar[bool] = False

    def __init__(self, context: BuildContext) -> None:
        self.context = context
        self.format = self.make_format()

    def make_format(self) -> Format:
        raise NotImplementedError

    def item(self, listing: Listing) -> Mapping[str, Any] | None:
        """The record of one product; None when the channel does not want it."""
        return listing

    def items(self, group: Sequence[Listing]) -> Iterable[Mapping[str, Any]]:
        """The records of one product with its variants."""
        for listing in group:
            item = self.item(listing)
            if item is not None:
                yield item

    def check(self, listing: Listing) -> Iterable[Problem]:
        """Rules that tie several fields together; the rules of one field are in its
        :class:`Field`.
        """
        return ()

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> Mapping[str, Text]:
        """Option -> complaint, beyond what :class:`Option` itself says."""
        return {}

    def render(self, group: Sequence[Listing]) -> tuple[str, int]:
        """The text of one product (with its variants) in the feed, and how many records that is."""
        records = [self.format.record(item) for item in self.items(group)]
        return (records[0], 1) if len(records) == 1 else ("".join(records), len(records))
