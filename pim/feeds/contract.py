"""What an exporter is and gets. An exporter imports this module and the standard library, nothing
else.

One exporter object serves one build of one feed: ``exporter = GoogleShopping(context)``. A build is
``exporter.head(totals)`` + ``exporter.render(group)`` for each product with its variants +
``exporter.tail(totals)``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

from pim.attributes.quantities import Measure, Money, Picture
from pim.errors import Text, text
from pim.feeds.code_lists import is_gln, language_code
from pim.feeds.fields import Field, Later, Spec, When, fields_on
from pim.feeds.formats import (
    RUNNING_NUMBER,
    Attributed,
    Bundle,
    Csv,
    CsvSpelling,
    Format,
    JsonArray,
    JsonLines,
    Part,
    Parts,
    Record,
    Sections,
    SpelledCsv,
    Totals,
    Tsv,
    Xml,
    element,
    json_number,
)
from pim.feeds.listings import (
    Action,
    CategoryNode,
    Group,
    Listing,
    ListingProblem,
    Missing,
    Property,
)
from pim.feeds.own_columns import OwnColumn
from pim.problems import Problem

__all__ = [
    "RUNNING_NUMBER",
    "Action",
    "Attributed",
    "BuildContext",
    "Bundle",
    "CategoryNode",
    "Csv",
    "CsvSpelling",
    "Example",
    "Exporter",
    "Field",
    "Format",
    "Group",
    "JsonArray",
    "JsonLines",
    "Later",
    "Listing",
    "ListingProblem",
    "Measure",
    "Missing",
    "Money",
    "Option",
    "OwnColumn",
    "Part",
    "Parts",
    "Picture",
    "Problem",
    "Property",
    "Record",
    "Sections",
    "Spec",
    "SpelledCsv",
    "Text",
    "Totals",
    "Tsv",
    "When",
    "Xml",
    "bare",
    "element",
    "is_gln",
    "json_number",
    "language_code",
    "text",
]


def bare(value: Any) -> Any:
    """A price or measurement as the number alone, for channels that know its currency or unit;
    anything else as it is.
    """
    return value.amount if isinstance(value, Money | Measure) else value


OptionKind = Literal["text", "number", "choice", "boolean", "url", "columns"]


@dataclass(frozen=True)
class Option:
    """A setting of the feed as a whole; these draw its form. ``choices`` for kind "choice"; of a
    text ``max_length`` (0 for any), ``pattern``, a regular expression for the whole of it, and
    ``code_list``, the name of a list in :mod:`pim.feeds.code_lists`. "columns" are those of
    a file whose layout is the feed's own (:mod:`pim.feeds.own_columns`); they have a page of their
    own.
    """

    name: str
    label: Text
    kind: OptionKind = "text"
    default: str | bool = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    max_length: int = 0
    pattern: str = ""
    code_list: str = ""
    help: Text | None = None


@dataclass(frozen=True)
class Example:
    """A feed of this exporter that works: ``options`` as its form would have them, and a
    ``mapping`` beside what the fields' meanings suggest. The tests of every exporter run on it.

    ``consumer``: the program, schema or model of the channel that a test lets read the file; ""
    when there is none.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    consumer: str = ""


@dataclass(frozen=True)
class BuildContext:
    """What one build knows besides its products. ``issued`` is the day of the build: a record may
    use it only where the exporter says :attr:`Exporter.depends_on_day`. ``link`` is the shop's
    address. ``categories`` is the channel's tree in the feed's language, parents first.
    """

    slug: str
    title: str
    link: str
    locale: str
    currency: str
    issued: date
    options: Mapping[str, Any] = field(default_factory=dict)
    categories: Sequence[CategoryNode] = ()

    @property
    def language(self) -> str:
        return self.locale.partition("_")[0]


class Exporter:
    """A channel. Set the class attributes, say the format, and override :meth:`item` (or
    :meth:`items` where a product and its variants are written together).

    ``grouped``: the variants of one model come to :meth:`items` together. ``lists_models``: with
    them comes the listing of the model, for a channel that has a record for it. ``invalid``: what a
    value that breaks a rule does where its field does not say. ``all_or_nothing``: one wrong value
    costs the partner the whole file, so that none is sent with a warning: it stays out instead.
    ``depends_on_day``: records change from day to day, so that every product is rendered again on
    the next one.
    """

    code: ClassVar[str]
    label: ClassVar[Text]
    purpose: ClassVar[Text]
    fields: ClassVar[tuple[Field, ...]]
    options: ClassVar[tuple[Option, ...]] = ()
    grouped: ClassVar[bool] = False
    lists_models: ClassVar[bool] = False
    invalid: ClassVar[Literal["block", "drop", "warn"]] = "block"
    all_or_nothing: ClassVar[bool] = False
    depends_on_day: ClassVar[bool] = False
    example: ClassVar[Example] = Example()

    def __init__(self, context: BuildContext) -> None:
        self.context = context
        self.format = self.format_for(context.options)

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        """How the file is spelt with these options."""
        raise NotImplementedError

    @classmethod
    def fields_for(cls, options: Mapping[str, Any]) -> Sequence[Field]:
        """The fields with these options; override it where an option changes a rule."""
        return cls.fields

    @cached_property
    def rules(self) -> Sequence[Field]:
        """The fields of this build: its options and its day are in them."""
        return fields_on(self.fields_for(self.context.options), self.context.issued)

    @classmethod
    def daily_part(cls, options: Mapping[str, Any], day: date) -> str:
        """What records depend on of the day of the build; it belongs to the feed's fingerprint."""
        if cls.depends_on_day:
            return day.isoformat()
        changes = {one for each in cls.fields_for(options) for one in each.days() if one <= day}
        return max(changes).isoformat() if changes else ""

    def head(self, totals: Totals, output: str = "") -> bytes:
        """What stands before the records. ``totals`` are known only where the format is put
        together at the end; ``output``: which of several.
        """
        return self._format_of(output).head()

    def tail(self, totals: Totals, output: str = "") -> bytes:
        """What stands after the records; ``totals`` are known here."""
        return self._format_of(output).tail()

    def _format_of(self, output: str) -> Format:
        outputs: Mapping[str, Format] = getattr(self.format, "outputs", {})
        if output:
            return outputs[output]
        return next(iter(outputs.values()), self.format)

    def item(self, listing: Listing) -> Record | None:
        """The record of one product; None when the channel does not want it."""
        return listing

    def items(self, group: Group) -> Iterable[Record | Part]:
        """The records of one product with its variants."""
        for listing in group:
            item = self.item(listing)
            if item is not None:
                yield item

    def gone(self, identifier: str) -> Record | Part | None:
        """The record that takes back what was delivered earlier; None where leaving it away is
        enough.
        """
        return None

    def check(self, listing: Listing) -> Iterable[Problem]:
        """Rules that tie several fields together; the rules of one field are in its
        :class:`Field`.
        """
        return ()

    def check_group(self, group: Group) -> Iterable[ListingProblem]:
        """Rules that tie a product's variants together."""
        return ()

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> Mapping[str, Text]:
        """Option -> complaint, beyond what :class:`Option` itself says."""
        return {}

    def verify(self, path: Path) -> Iterable[Problem]:
        """What is wrong with the finished file as a whole, beyond what its format sees. An error
        holds the build.
        """
        return ()

    def render(self, group: Group) -> tuple[bytes, int]:
        """One product (with its variants) as it stands in the file, and how many items that is."""
        return self.format.join(self.items(group))

    def render_gone(self, identifiers: Iterable[str]) -> tuple[bytes, int]:
        """Products that a delta takes back, as they stand in the file."""
        records = (self.gone(one) for one in identifiers)
        return self.format.join(one for one in records if one is not None)
