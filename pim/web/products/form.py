"""The form of one product in one scope: which fields it has, who may fill them, what was typed into
them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from pim.errors import Text, text
from pim.labels import label
from pim.listing import ghost_address
from pim.problems import Problem
from pim.products.history import unpublished_addresses
from pim.products.queries import ProductDetail
from pim.structure.objects import Attribute, Scope, Structure, why_no_address
from pim.values import Value, parse_address
from pim.web.controls import Control, control_of
from pim.web.controls.base import Ghost
from pim.web.page import language, tell
from pim.web.products.model_names import model_names
from pim.web.products.scope import locale_label

FieldErrors = Mapping[str, list[Text]]
FACTS = ("family", "enabled")
"""What a form says of a product besides its values."""


@dataclass(frozen=True)
class FormGroup:
    """``tags``: where most of its values apply; only a field that differs says so itself."""

    code: str
    label: str
    fields: list[Control]
    tags: list[str]

    @property
    def anchor(self) -> str:
        """The id of its heading, to which the rail leads."""
        return f"group-{self.code or 'other'}"

    @property
    def rows(self) -> list[Control]:
        """The fields of the sheet: its own, and what is still missing wherever it belongs."""
        return [
            one
            for one in self.fields
            if not one.is_kept_elsewhere and (one.is_missing or not one.is_models)
        ]

    @property
    def from_models(self) -> list[tuple[str, list[Control]]]:
        """Name of a model -> what it holds for all its variants."""
        found: dict[str, list[Control]] = {}
        for one in self.fields:
            if one.is_models and not one.is_missing:
                found.setdefault(one.giver, []).append(one)
        return list(found.items())

    @property
    def kept_elsewhere(self) -> list[tuple[str, list[Control]]]:
        """System in words -> what it keeps up to date: tables that fold away under the sheet."""
        found: dict[str, list[Control]] = {}
        for one in self.fields:
            if one.is_kept_elsewhere:
                found.setdefault(tell(one.owner), []).append(one)
        return list(found.items())

    @property
    def missing(self) -> int:
        """How many required values are still empty."""
        return sum(one.is_missing for one in self.fields)


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
    may_edit: Callable[[str], bool],
    left: UnsavedForm,
    beside: str = "",
) -> Form:
    """The form of a product in a scope. ``may_edit``: whether the reader may change the value at an
    address. ``beside``: a locale to compare with.
    """
    maker = _Maker(structure, detail, scope, may_edit, left, beside)
    fields = [maker.field(address, attribute) for address, attribute in maker.shown()]
    shown = {one.address for one in fields}
    general = [
        _complaint(structure, address, one)
        for address, texts in maker.errors.items()
        if address not in shown
        for one in texts
    ]
    below = [
        label(structure.attributes[code].labels, language(), code)
        for code in structure.attributes
        if code in maker.below
    ]
    return Form(grouped(structure, fields), below, general)


def _complaint(structure: Structure, address: str, said: Text) -> Text:
    """A complaint that does not stand beside its field: about a value in another language or
    channel it says which.
    """
    attribute = structure.attribute_at.get(address)
    if attribute is None:
        return said
    name = label(attribute.labels, language(), attribute.code)
    where = ", ".join(tags_of(structure, address))
    return text("%(name)s (%(where)s): %(complaint)s", name=name, where=where, complaint=said)


class _Maker:
    def __init__(
        self,
        structure: Structure,
        detail: ProductDetail,
        scope: Scope,
        may_edit: Callable[[str], bool],
        left: UnsavedForm,
        beside: str,
    ) -> None:
        self.structure, self.detail, self.scope = structure, detail, scope
        self.may_edit = may_edit
        self.typed, self.errors, self.beside = left.typed, left.errors, beside
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
        is_published = detail.product.published is not None
        self.waiting = set(unpublished_addresses(detail.product)) if is_published else set()
        self.models = model_names(structure, detail, scope.locale)

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
            if attribute.is_per_currency
            else (None,)
        )
        for currency in currencies:
            address = self.structure.address_in(
                attribute, self.scope.channel, self.scope.locale, currency
            )
            if address in self.structure.attribute_at:
                yield address

    def field(self, address: str, attribute: Attribute) -> Control:
        value = self.document.get(address)
        was = "" if value is None else attribute.type.dump(value)
        giver = self._giver(address, attribute)
        return control_of(attribute.type)(
            address=address,
            attribute=attribute,
            text=self.typed.get(address, was),
            was=was,
            value=value,
            lock=self._lock(address, attribute),
            inherited=giver,
            giver=self.models.get(giver, giver),
            is_required=address in self.required,
            is_axis=attribute.code in self.axes,
            tags=tags_of(self.structure, address),
            errors=list(self.errors.get(address, ())),
            beside=self._beside(attribute, parse_address(address).currency),
            is_waiting=address in self.waiting,
            ghost=None if value is not None else self._ghost(attribute, address),
        )

    def _ghost(self, attribute: Attribute, address: str) -> Ghost | None:
        """Not for pictures and products: their names are no text that somebody could follow."""
        if attribute.type.names_assets or attribute.type.names_products:
            return None
        found = ghost_address(self.structure, self.document, attribute, parse_address(address))
        if found is None or parse_address(found).locale == self.beside != "":
            return None
        words = attribute.type.show(self.document[found], language())
        here = tags_of(self.structure, address)
        where = [one for one in tags_of(self.structure, found) if one not in here]
        return Ghost(words, parse_address(found).locale, where)

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
        if attribute.owner != "hub" and address in self.document:
            return "owner"
        return "" if self.may_edit(address) else "reader"

    def _giver(self, address: str, attribute: Attribute) -> str:
        """The model that has the value; for an empty one, the model on whose level it belongs."""
        if address in self.detail.product.values:
            return ""
        given = next(
            (one.identifier for one in reversed(self.detail.ancestors) if address in one.values), ""
        )
        if given or self.here is None or attribute.code in self.here:
            return given
        return self.detail.holder(self.structure, address)


def tags_of(structure: Structure, address: str) -> list[str]:
    """Where a value applies: nothing for one that holds everywhere."""
    at = parse_address(address)
    channel = (
        label(structure.channels[at.channel].labels, language(), at.channel) if at.channel else None
    )
    return [
        one for one in (locale_label(structure, at.locale) if at.locale else None, channel) if one
    ]


def grouped(structure: Structure, fields: Sequence[Control]) -> list[FormGroup]:
    """Fields under their attribute groups, in the order of the structure."""
    found: dict[str, list[Control]] = {code: [] for code in structure.groups}
    for one in fields:
        found.setdefault(one.attribute.group or "", []).append(one)
    return [
        FormGroup(code, _group_label(structure, code), own, _usual_tags(own))
        for code, own in found.items()
        if own
    ]


def _usual_tags(fields: Sequence[Control]) -> list[str]:
    """Where most of these values apply."""
    ((tags, _count),) = Counter(tuple(one.tags) for one in fields).most_common(1)
    return list(tags)


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
        if name.startswith("was-") and _is_known(structure, address):
            typed = _typed(structure.attribute_at.get(address), posted, address)
            if typed != _lines(posted[name]):
                found[address] = typed
    return found


def lost_fields(structure: Structure, posted: MultiDict[str, str]) -> FieldErrors:
    """Complaints about the fields that somebody changed and that the structure has no more: what
    was typed there has no place, and is not dropped without a word.
    """
    drawn = (name.removeprefix("was-") for name in posted if name.startswith("was-"))
    return {
        address: [why_no_address(structure, address)]
        for address in drawn
        if not _is_known(structure, address) and _was_changed(posted, address)
    }


def _is_known(structure: Structure, address: str) -> bool:
    return (
        address in structure.attribute_at
        or address in FACTS
        or address in structure.association_addresses
    )


def _was_changed(posted: MultiDict[str, str], address: str) -> bool:
    """Whether a field of an unknown type holds something else than it was drawn with."""
    name = f"value-{address}"
    parts = [*posted.getlist(name), *posted.getlist(f"{name}-unit")]
    before = _lines(posted[f"was-{address}"])
    held = [before] if before else []
    return [_lines(part) for part in parts if part] != held


def complaints(problems: Iterable[Problem]) -> FieldErrors:
    """What is said at the fields of a form that was not taken: also what was left out of it, which
    would else be told of nowhere.
    """
    found: dict[str, list[Text]] = {}
    for one in problems:
        if one.severity != "warning":
            found.setdefault(one.address, []).append(one.message)
    return found


def _typed(attribute: Attribute | None, posted: MultiDict[str, str], address: str) -> str:
    """The controls of one field as the one text that the type reads."""
    name = f"value-{address}"
    if attribute is None:
        return posted.get(name, posted[f"was-{address}"])
    parts = [_lines(part) for part in posted.getlist(name)]
    unit = posted.get(f"{name}-unit", "")
    return control_of(attribute.type).posted(attribute.type, parts, unit)


def _lines(text: str) -> str:
    """Browsers send CRLF; values hold LF."""
    return text.replace("\r\n", "\n")


LABELLED: Mapping[str, Callable[[Structure], Mapping[str, Any]]] = {
    "categories": lambda structure: structure.categories,
    "family": lambda structure: structure.families,
    "family_variant": lambda structure: structure.variants,
}
"""Facts that name parts of the structure by their codes."""


def _label_in(parts: Mapping[str, Any], code: str) -> str:
    return label(parts[code].labels, language(), code) if code in parts else code


def shown_value(structure: Structure, address: str, value: Any) -> str:
    """A value for a person to read, with labels for codes."""
    attribute = structure.attribute_at.get(address)
    if value is None:
        return ""
    if address in LABELLED:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(_label_in(LABELLED[address](structure), code) for code in codes)
    if attribute is None:
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return attribute.type.show(value, language())
