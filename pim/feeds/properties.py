"""Attributes as lines of a table, label beside value: what fields of kind "properties" take."""

from collections.abc import Sequence
from dataclasses import dataclass

from pim.attributes.quantities import Measure
from pim.errors import text
from pim.feeds.contract import Property
from pim.feeds.lookup import FeedLookup
from pim.feeds.operations import MappedValue
from pim.feeds.pipeline import InvalidOperation
from pim.feeds.sources import (
    AttributeSource,
    ColumnReader,
    MappingSource,
    ValueColumn,
    compile_source,
)
from pim.labels import label
from pim.providers.base import ListedProduct
from pim.structure.objects import Attribute
from pim.values import parse_address

ALL = "$properties"
"""Stands for every attribute that is worth a line and has a label; ``$properties:technical`` for
those of a group.
"""


@dataclass(frozen=True)
class PropertySource(MappingSource):
    """One attribute with its label in the feed's language."""

    attribute: str
    label: str
    value: AttributeSource

    @property
    def key(self) -> str:
        return f"{self.value.key}:property"

    def made_by(self) -> object:
        return [self.label, self.value.made_by()]

    def reader(self) -> ColumnReader:
        read = self.value.reader()

        def column(window: Sequence[ListedProduct]) -> ValueColumn:
            return [None if value is None else self._line(value) for value in read(window)]

        return column

    def _line(self, value: MappedValue) -> Property:
        if type(value) is Measure:
            return Property(self.attribute, self.label, value.amount, value.symbol, value.code)
        if type(value) is list:
            return Property(self.attribute, self.label, ", ".join(map(str, value)))
        if type(value) is bool:
            return Property(self.attribute, self.label, "true" if value else "false")
        return Property(self.attribute, self.label, str(value))


def compile_properties(spellings: Sequence[str], lookup: FeedLookup) -> list[PropertySource]:
    """The sources of a field of properties, each attribute once. :class:`InvalidOperation` for what
    is neither an attribute nor a group of them.
    """
    chosen: dict[str, None] = {}
    for spelling in spellings:
        if spelling == ALL or spelling.startswith(f"{ALL}:"):
            chosen |= dict.fromkeys(_members(spelling.partition(":")[2], lookup))
        else:
            chosen[spelling] = None
    return [_source(spelling, lookup) for spelling in chosen]


def _members(group: str, lookup: FeedLookup) -> list[str]:
    structure = lookup.structure
    every = structure.attributes.values()
    if not group:
        return [one.code for one in every if one.labels and _is_property(one)]
    if group not in structure.groups:
        raise InvalidOperation(text("There is no attribute group “%(code)s”.", code=group))
    return [one.code for one in every if one.group == group]


def _is_property(attribute: Attribute) -> bool:
    """Neither pictures, links and the number itself, nor facts such as stock and prices, nor names
    and other long texts.
    """
    kind = attribute.type
    is_reference = kind.names_assets or kind.names_products or kind.is_identifier
    is_long = kind.is_free_text or kind.has_markup
    return not (is_reference or is_long or attribute.fact or kind.is_per_currency)


def _source(spelling: str, lookup: FeedLookup) -> PropertySource:
    source = compile_source(spelling, False, lookup)
    if not isinstance(source, AttributeSource):
        raise InvalidOperation(text("“%(name)s” is not an attribute.", name=spelling))
    attribute = lookup.structure.attributes[parse_address(spelling).attribute]
    shown = label(attribute.labels, lookup.locale, attribute.code) if attribute.labels else spelling
    return PropertySource(attribute.code, shown, source)
