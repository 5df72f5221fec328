"""A feed in words: where its fields come from, what is done to them, and why products are
left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pim.errors import Text, ngettext, text
from pim.feeds.combining import sources_named
from pim.feeds.contract import Field
from pim.feeds.cures import cure_address
from pim.feeds.feed_fields import fields_of
from pim.feeds.models import Feed
from pim.feeds.operations import OPERATIONS
from pim.feeds.pipeline import name_of
from pim.labels import label
from pim.providers.registry import source_names
from pim.structure.objects import Structure
from pim.values import parse_address
from pim.web.operation_words import OPERATION_NAMES
from pim.web.page import language, tell
from pim.web.products import around


@dataclass(frozen=True)
class SourceText:
    """Where a value comes from: what people call it, and its code. A fixed value has no code."""

    label: Text
    code: str


SHOWN_ROWS = 3
"""Of a table among an operation's parameters; the rest is counted."""


PARAMETER_NAMES: Mapping[str, Text] = {
    "length": text("At most so many characters"),
    "by": text("Text"),
    "find": text("Find"),
    "entries": text("Table"),
    "other": text("For everything else"),
    "value": text("Value"),
    "separator": text("Separator"),
    "amount": text("Amount"),
    "factor": text("Factor"),
    "decimals": text("Decimals"),
    "decimal": text("Decimal sign"),
    "currency": text("Currency"),
    "unit": text("Unit"),
    "pattern": text("Pattern"),
    "yes": text("For yes"),
    "no": text("For no"),
}
"""What the parameters of operations are called in a form."""


@dataclass(frozen=True)
class OperationText:
    """``label``: what people call it; ``name``: its code. ``help``: what it does. ``given``: its
    parameters, short.
    """

    label: Text
    name: str
    help: Text
    given: str


@dataclass(frozen=True)
class MappingLine:
    """One target field: what fills it. ``field`` is None for a target the exporter does not know
    (any more). ``is_required``: by the channel, or by this feed.
    ``is_combined``: its value is made of several.
    """

    target: str
    field: Field | None
    is_required: bool
    sources: list[SourceText]
    operations: list[OperationText]
    is_combined: bool = False

    @property
    def takes_all(self) -> bool:
        """All sources together, not the first that has a value."""
        if self.is_combined or (self.field is not None and self.field.repeat):
            return True
        return any(one.name == "join" for one in self.operations)


def mapping_line(structure: Structure, feed: Feed, field: Field) -> MappingLine | None:
    """What fills a field of the channel, in words; None where nothing does."""
    rule = feed.mapping.get(field.name)
    return None if rule is None else _line(structure, field.name, field, rule)


def rule_in_words(structure: Structure, field: Field, rule: Mapping[str, Any]) -> MappingLine:
    """A rule that the feed need not have, in words."""
    return _line(structure, field.name, field, rule)


def rules_in_words(field: Field) -> list[Text]:
    """What the channel asks of a value of this field, as far as it can be said in a few words."""
    said: list[Text] = []
    if field.max_length:
        said.append(
            ngettext("At most %(num)s character.", "At most %(num)s characters.", field.max_length)
        )
    if field.min_length:
        said.append(
            ngettext(
                "At least %(num)s character.", "At least %(num)s characters.", field.min_length
            )
        )
    if field.choices:
        said.append(text("One of: %(choices)s.", choices=", ".join(field.choices)))
    if field.minimum:
        said.append(text("At least %(least)s.", least=field.minimum))
    if field.maximum:
        said.append(text("At most %(most)s.", most=field.maximum))
    if field.decimals is not None:
        said.append(
            ngettext("At most %(num)s decimal.", "At most %(num)s decimals.", field.decimals)
        )
    if field.repeat:
        said.append(ngettext("At most %(num)s value.", "At most %(num)s values.", field.repeat))
    if field.unique:
        said.append(text("No two products may have the same."))
    if field.min_pixels:
        said.append(text("Pictures of at least %(pixels)s pixels a side.", pixels=field.min_pixels))
    return said


def unfilled(feed: Feed, need: str) -> list[Field]:
    """Fields the channel calls "required" or "recommended" that nothing fills."""
    return [
        field for field in fields_of(feed) if field.need == need and field.name not in feed.mapping
    ]


def _line(
    structure: Structure, target: str, field: Field | None, rule: Mapping[str, Any]
) -> MappingLine:
    sources = [_source(structure, code) for code in sources_named(rule)]
    if "value" in rule:
        fixed = text("“%(value)s”", value=rule["value"])
        sources.append(SourceText(fixed, ""))
    is_required_by_channel = field is not None and field.need == "required"
    return MappingLine(
        target=target,
        field=field,
        is_required=is_required_by_channel or bool(rule.get("required")),
        sources=sources,
        operations=[_operation(spec) for spec in rule.get("do", ())],
        is_combined="template" in rule or "calculate" in rule,
    )


def _source(structure: Structure, code: str) -> SourceText:
    return SourceText(source_label(structure, code), code)


def source_label(structure: Structure, code: str) -> Text:
    """What people call a source of mappings."""
    provider = source_names().get(code)
    if provider is not None:
        return provider.label
    return text("%(label)s", label=address_label(structure, code))


def _operation(spec: Any) -> OperationText:
    name = name_of(spec)
    known = OPERATIONS.get(name)
    in_words = text("%(name)s", name=name.replace("_", " "))
    return OperationText(
        label=OPERATION_NAMES.get(name, in_words),
        name=name,
        help=known.help if known else text("%(name)s", name=name),
        given=_given(spec[name]) if isinstance(spec, Mapping) else "",
    )


def _given(parameters: Any) -> str:
    """``150``, or ``find: a, by: b``; of a table how many rows it has."""
    if not isinstance(parameters, Mapping):
        return str(parameters)
    entries = parameters.get("entries")
    if isinstance(entries, Mapping):
        others = [f"* → {parameters['other']}"] if "other" in parameters else []
        return _table(entries, others)
    if len(parameters) > SHOWN_ROWS and "entries" not in parameters:
        return _table(parameters, [])
    return ", ".join(f"{key}: {value}" for key, value in parameters.items())


def _table(entries: Mapping[Any, Any], others: Sequence[str]) -> str:
    """The first rows of a table, what becomes of all ``others``, and how many rows it has."""
    first = islice(entries.items(), SHOWN_ROWS)
    rows = [f"{key} → {value}" for key, value in first]
    shown = ", ".join([*rows, *others])
    if len(entries) > SHOWN_ROWS:
        return f"{shown}, … ({len(entries)})"
    return shown


def field_label(structure: Structure, feed: Feed, spelling: str) -> str:
    """An address in words; a field of the channel with the value of the product that fills it:
    “Name (Dutch) → title”.
    """
    address = cure_address(structure, feed, spelling)
    if address == spelling:
        return address_label(structure, spelling)
    label = address_label(structure, address) if address else _provided(feed, spelling)
    return f"{label} → {spelling}" if label else address_label(structure, spelling)


def _provided(feed: Feed, spelling: str) -> str:
    """What of the hub itself fills a field of the channel first, such as the pictures."""
    rule = feed.mapping.get(spelling)
    sources = rule.get("from", ()) if isinstance(rule, Mapping) else ()
    provider = source_names().get(sources[0]) if sources else None
    return tell(provider.label) if provider is not None else ""


def address_label(structure: Structure, spelling: str) -> str:
    """“Name (nl_NL)” for ``name-nl_NL``; what is no address of this shop stays as it is."""
    if spelling in structure.association_addresses:
        code = parse_address(spelling).attribute
        return label(structure.associations[code].labels, language(), code)
    attribute = structure.attributes.get(spelling) or structure.attribute_at.get(spelling)
    if attribute is None:
        return spelling
    if spelling == attribute.code:
        return label(attribute.labels, language(), attribute.code)
    return around.address_label(structure, spelling)
