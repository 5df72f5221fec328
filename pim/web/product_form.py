"""The form of one product in one scope: which fields it has, who may fill them, what was typed into
them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from pim.attributes.choice import ChoiceType
from pim.attributes.lists import split
from pim.attributes.measurement import MeasurementType
from pim.attributes.units import DIMENSIONS
from pim.errors import Text
from pim.products.queries import ProductDetail
from pim.structure.objects import Attribute, Scope, Structure, label
from pim.values import Value, parse_address
from pim.web.page import language
from pim.web.product_scope import locale_label

FieldErrors = Mapping[str, list[Text]]
FACTS = ("family", "enabled")
"""What a form says of a product besides its values."""
COMMA = re.compile(r"\s*-?[0-9]+,([0-9]{1,2}|[0-9]{4,})\s*")
"""A decimal comma that can be no grouping."""


@dataclass(frozen=True)
class FormField:
    """One value of the product as this scope sees it.

    text: what stands in the form; was: what is stored; both as :meth:`AttributeType.dump` spells
    it, so that equal texts are equal values. lock: "" (may be edited), "owner" (another system
    fills it), "level" (its model holds it), "identifier" or "reader". inherited: the model the
    value comes from, or would; empty when it is the product's own. beside: the same in the language
    one compares with.
    """

    address: str
    attribute: Attribute
    text: str
    was: str
    value: Value
    lock: str = ""
    inherited: str = ""
    is_required: bool = False
    is_axis: bool = False
    tags: list[str] = field(default_factory=list)
    errors: list[Text] = field(default_factory=list)
    beside: Value = None

    @property
    def name(self) -> str:
        """The name of its control and the anchor that leads to it."""
        return f"value-{self.address}"

    @property
    def kind(self) -> str:
        """The attribute type, which is the name of its widget."""
        return self.attribute.type.code

    @property
    def label(self) -> str:
        return label(self.attribute.labels, language(), self.attribute.code)

    @property
    def help(self) -> str:
        return label(self.attribute.help, language(), "") if self.attribute.help else ""

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.was

    @property
    def amount(self) -> str:
        """A measurement's amount as typed."""
        return self.text.rpartition(" ")[0] or self.text

    @property
    def unit(self) -> str:
        """A measurement's unit; where there is no amount yet, the attribute's own."""
        kind = self.attribute.type
        return (
            self.text.rpartition(" ")[2]
            if " " in self.text
            else kind.default_unit
            if isinstance(kind, MeasurementType)
            else ""
        )

    @property
    def units(self) -> list[tuple[str, str]]:
        """(code, symbol) of the units a measurement may have."""
        kind = self.attribute.type
        return (
            [(one.code, one.symbol) for one in DIMENSIONS[kind.dimension].values()]
            if isinstance(kind, MeasurementType)
            else []
        )

    @property
    def options(self) -> list[tuple[str, str]]:
        """(code, label) of the choices there are."""
        kind = self.attribute.type
        return (
            [(code, label(labels, language(), code)) for code, labels in kind.options.items()]
            if isinstance(kind, ChoiceType)
            else []
        )

    @property
    def currency(self) -> str:
        """Of a price."""
        return parse_address(self.address).currency or ""

    @property
    def limit(self) -> int | None:
        """Characters a text may have."""
        found: int | None = getattr(self.attribute.type, "max_length", None)
        return found

    @property
    def is_long(self) -> bool:
        """Whether a text wants more than one line."""
        return "\n" in self.text or (self.limit or 1000) > 200

    @property
    def shown(self) -> str:
        """The stored value for a person to read."""
        return "" if self.value is None else readable(self.attribute, self.value)

    @property
    def shown_beside(self) -> str:
        """The value in the other language, for a person to read."""
        return "" if self.beside is None else readable(self.attribute, self.beside)

    @property
    def html(self) -> Markup:
        """Rich text as it reads; the sanitiser at the door has seen it."""
        return Markup(self.value or "")  # noqa: S704

    @property
    def html_beside(self) -> Markup:
        """The same in the other language."""
        return Markup(self.beside or "")  # noqa: S704

    @property
    def items(self) -> list[str]:
        """What was typed, as a list: choices, pictures, links."""
        return split(self.text, ",")


@dataclass(frozen=True)
class FormGroup:
    code: str
    label: str
    fields: list[FormField]


@dataclass(frozen=True)
class Form:
    """groups: the fields by attribute group. below: labels of what its variants hold. general:
    complaints that belong to no field.
    """

    groups: list[FormGroup]
    below: list[str]
    general: list[Text]

    @property
    def is_refused(self) -> bool:
        return bool(self.general) or any(
            one.errors for group in self.groups for one in group.fields
        )


@dataclass(frozen=True)
class UnsavedForm:
    """A form as somebody left it. typed: address -> text, where it differs from what is stored;
    errors: what is wrong with it.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: FieldErrors = field(default_factory=dict)


def build_form(
    structure: Structure,
    detail: ProductDetail,
    scope: Scope,
    can_edit: bool,
    left: UnsavedForm,
    beside: str = "",
) -> Form:
    """The form of a product in a scope. ``beside``: a locale to compare with."""
    maker = _Maker(structure, detail, scope, can_edit, left, beside)
    fields = [maker.field(address, attribute) for address, attribute in maker.shown()]
    shown = {one.address for one in fields}
    general = [
        one for address, texts in maker.errors.items() if address not in shown for one in texts
    ]
    below = [
        label(structure.attributes[code].labels, language(), code)
        for code in structure.attributes
        if code in maker.below
    ]
    return Form(_grouped(structure, fields), below, general)


class _Maker:
    def __init__(
        self,
        structure: Structure,
        detail: ProductDetail,
        scope: Scope,
        can_edit: bool,
        left: UnsavedForm,
        beside: str,
    ) -> None:
        self.structure, self.detail, self.scope = structure, detail, scope
        self.can_edit, self.typed, self.errors, self.beside = (
            can_edit,
            left.typed,
            left.errors,
            beside,
        )
        self.family = structure.families.get(detail.product.family or "")
        variant = structure.variants.get(detail.family_variant or "")
        levels = variant.levels if variant else ()
        depth = len(detail.ancestors)
        self.held = held = [{*level.axes, *level.attributes} for level in levels]
        self.below = (
            {code for codes in held[depth:] for code in codes}
            if detail.product.kind == "model"
            else set()
        )
        self.here = held[depth - 1] if 0 < depth <= len(held) else None
        self.axes = set(levels[depth - 1].axes) if 0 < depth <= len(levels) else set()
        self.required = structure.required(
            detail.product.family, detail.family_variant, detail.depth()
        ).get(scope, frozenset())
        self.document = detail.document

    def shown(self) -> Iterator[tuple[str, Attribute]]:
        """The family's attributes, and whatever else the product has a value for; not what its
        variants hold.
        """
        own = self.detail.product.values
        codes = set(self.family.attributes) if self.family else set()
        for code, attribute in self.structure.attributes.items():
            addresses = list(self._addresses(attribute))
            if (code in codes and code not in self.below) or any(
                address in own for address in addresses
            ):
                yield from ((address, attribute) for address in addresses)

    def _addresses(self, attribute: Attribute) -> Iterator[str]:
        channel = self.structure.channels.get(self.scope.channel)
        currencies = (
            (channel.currencies if channel else self.structure.currencies)
            if attribute.is_price
            else (None,)
        )
        for currency in currencies:
            address = self.structure.address_in(
                attribute, self.scope.channel, self.scope.locale, currency
            )
            if address in self.structure.attribute_at:
                yield address

    def field(self, address: str, attribute: Attribute) -> FormField:
        value = self.document.get(address)
        was = "" if value is None else attribute.type.dump(value)
        return FormField(
            address=address,
            attribute=attribute,
            text=self.typed.get(address, was),
            was=was,
            value=value,
            lock=self._lock(address, attribute),
            inherited=self._giver(address, attribute),
            is_required=address in self.required,
            is_axis=attribute.code in self.axes,
            tags=_tags(self.structure, address),
            errors=list(self.errors.get(address, ())),
            beside=self._beside(attribute, parse_address(address).currency),
        )

    def _beside(self, attribute: Attribute, currency: str | None) -> Value:
        if not self.beside or not attribute.localizable or self.beside == self.scope.locale:
            return None
        return self.document.get(
            self.structure.address_in(attribute, self.scope.channel, self.beside, currency)
        )

    def _lock(self, address: str, attribute: Attribute) -> str:
        is_own = address in self.detail.product.values
        if attribute.code == self.structure.identifier:
            return "identifier"
        if self.here is not None and attribute.code not in self.here and not is_own:
            return "level"
        if attribute.owner != "hub" and is_own:
            return "owner"
        return "" if self.can_edit else "reader"

    def _giver(self, address: str, attribute: Attribute) -> str:
        """The model that has the value; for an empty one, the model on whose level it belongs."""
        if address in self.detail.product.values:
            return ""
        given = next(
            (one.identifier for one in reversed(self.detail.ancestors) if address in one.values), ""
        )
        if given or self.here is None or attribute.code in self.here:
            return given
        depth = next(
            (number for number, codes in enumerate(self.held, start=1) if attribute.code in codes),
            0,
        )
        return self.detail.ancestors[min(depth, len(self.detail.ancestors) - 1)].identifier


def _tags(structure: Structure, address: str) -> list[str]:
    """Where a value applies: nothing for one that holds everywhere."""
    at = parse_address(address)
    channel = (
        label(structure.channels[at.channel].labels, language(), at.channel) if at.channel else None
    )
    return [
        one for one in (locale_label(structure, at.locale) if at.locale else None, channel) if one
    ]


def _grouped(structure: Structure, fields: list[FormField]) -> list[FormGroup]:
    found: dict[str, list[FormField]] = {code: [] for code in structure.groups}
    for one in fields:
        found.setdefault(one.attribute.group or "", []).append(one)
    return [
        FormGroup(code, _group_label(structure, code), own) for code, own in found.items() if own
    ]


def _group_label(structure: Structure, code: str) -> str:
    group = structure.groups.get(code)
    return label(group.labels, language(), code) if group else ""


def changed_texts(structure: Structure, posted: MultiDict[str, str]) -> dict[str, str]:
    """Address -> text, of the fields somebody changed: each control has a hidden twin ``was-…``
    with what it was drawn with.
    """
    found: dict[str, str] = {}
    for name in posted:
        address = name.removeprefix("was-")
        if name.startswith("was-") and (address in structure.attribute_at or address in FACTS):
            text = _typed(structure.attribute_at.get(address), posted, address)
            if text != _lines(posted[name]):
                found[address] = text
    return found


def _typed(attribute: Attribute | None, posted: MultiDict[str, str], address: str) -> str:
    """The controls of one field as the one text that the type reads."""
    name = f"value-{address}"
    if attribute is None:
        return posted.get(name, posted[f"was-{address}"])
    kind = attribute.type.code
    parts = [_lines(part) for part in posted.getlist(name)]
    if kind in ("number", "price", "measurement"):
        parts = [part.replace(",", ".") if COMMA.fullmatch(part) else part for part in parts]
    if kind == "measurement":
        return attribute.type.join((*parts, posted.get(f"{name}-unit", "")))
    if kind == "asset" and not getattr(attribute.type, "multiple", False):
        parts = [part for part in parts if part][-1:]
    return (
        ",".join(part for part in parts if part)
        if kind in ("choices", "asset")
        else "".join(parts[-1:])
    )


def _lines(text: str) -> str:
    """Browsers send CRLF; values hold LF."""
    return text.replace("\r\n", "\n")


def shown_value(structure: Structure, address: str, value: Any) -> str:
    """A value for a person to read, with labels for codes."""
    attribute = structure.attribute_at.get(address)
    if value is None:
        return ""
    if attribute is None:
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return readable(attribute, value)


def readable(attribute: Attribute, value: Any) -> str:
    """A value in words; choices by their labels in the interface's language."""
    kind = attribute.type
    if not isinstance(kind, ChoiceType):
        return kind.show(value, language())
    codes = value if isinstance(value, list) else [value]
    return ", ".join(label(kind.options.get(code, {}), language(), code) for code in codes)
