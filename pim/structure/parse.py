"""Items -> :class:`Structure`: every complaint at once, each with its path in the structure file.
Pure.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from pim.attributes import AttributeType, all_types, build
from pim.definitions import NO_CODE, complaints
from pim.errors import Invalid, Text, text
from pim.meanings import MEANINGS
from pim.structure.check import Complaints, contradictions
from pim.structure.document import KINDS, Entries, EntryKey
from pim.structure.objects import (
    FAMILY_KINDS,
    PRODUCT,
    RESERVED,
    RESERVED_CHANNELS,
    Attribute,
    Category,
    Channel,
    Family,
    FamilyVariant,
    LabelledCode,
    Level,
    Structure,
)
from pim.values import CODE, CURRENCY, LABEL_CODE, LOCALE

CODES = {
    "locales": LOCALE,
    "currencies": CURRENCY,
    "channels": CODE,
    "groups": LABEL_CODE,
    "attributes": CODE,
    "families": LABEL_CODE,
    "variants": LABEL_CODE,
    "categories": LABEL_CODE,
    "associations": LABEL_CODE,
}


NO_MEANING = text("There is no such meaning; `pim feeds meanings` lists them.")
NO_FAMILY_KIND = text("A family is of the kind “product” or “asset”.")


class _Base(Schema):
    class Meta:
        unknown = RAISE

    labels = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


class _Nothing(Schema):
    class Meta:
        unknown = RAISE


class _Channel(_Base):
    locales = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    currencies = fields.List(fields.String(), load_default=list)
    tree = fields.String(load_default=None, allow_none=True)


class _Attribute(_Base):
    type = fields.String(required=True)
    group = fields.String(load_default=None, allow_none=True)
    help = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    localizable = fields.Boolean(load_default=False)
    scopable = fields.Boolean(load_default=False)
    owner = fields.String(
        load_default="hub", validate=validate.Regexp(r"[a-z][a-z0-9_]{0,62}\Z", error=NO_CODE.msgid)
    )
    fact = fields.Boolean(load_default=False)
    filterable = fields.Boolean(load_default=False)
    unique = fields.Boolean(load_default=False)
    meaning = fields.String(
        load_default="", validate=validate.OneOf(["", *MEANINGS], error=NO_MEANING.msgid)
    )


class _Family(_Base):
    kind = fields.String(
        load_default=PRODUCT, validate=validate.OneOf(FAMILY_KINDS, error=NO_FAMILY_KIND.msgid)
    )
    attributes = fields.List(fields.String(), load_default=list)
    label = fields.String(load_default=None, allow_none=True)
    picture = fields.String(load_default=None, allow_none=True)
    requirements = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), load_default=dict
    )


class _Level(Schema):
    class Meta:
        unknown = RAISE

    axes = fields.List(fields.String(), required=True, validate=validate.Length(min=1, max=5))
    attributes = fields.List(fields.String(), load_default=list)


class _Variant(_Base):
    family = fields.String(required=True)
    levels = fields.List(
        fields.Nested(_Level), required=True, validate=validate.Length(min=1, max=2)
    )


class _Category(_Base):
    parent = fields.String(load_default=None, allow_none=True)


SCHEMAS: Mapping[str, Schema] = {
    "locales": _Nothing(),
    "currencies": _Nothing(),
    "channels": _Channel(),
    "groups": _Base(),
    "attributes": _Attribute(),
    "options": _Base(),
    "families": _Family(),
    "variants": _Variant(),
    "categories": _Category(),
    "associations": _Base(),
}
_RESERVED = {"attributes": RESERVED, "channels": RESERVED_CHANNELS}
ATTRIBUTE_KEYS = frozenset(_Attribute().fields)


def build_structure(items: Entries, version: int) -> Structure:
    """The structure these items describe; :class:`Invalid` with path -> complaints when they do not
    fit together.
    """
    reading = _Reading(items)
    _refuse(reading.wrong)
    loaded = reading.loaded
    structure = Structure(
        version=version,
        locales=tuple(loaded["locales"]),
        currencies=tuple(loaded["currencies"]),
        channels={code: _channel(code, own) for code, own in loaded["channels"].items()},
        groups={code: LabelledCode(code, own["labels"]) for code, own in loaded["groups"].items()},
        attributes=reading.attributes,
        families={code: _family(code, own) for code, own in loaded["families"].items()},
        variants={code: _variant(code, own) for code, own in loaded["variants"].items()},
        categories={
            code: Category(code, own["parent"], own["labels"])
            for code, own in loaded["categories"].items()
        },
        associations={
            code: LabelledCode(code, own["labels"]) for code, own in loaded["associations"].items()
        },
    )
    _refuse(contradictions(structure))
    return structure


def faults(items: Entries) -> Complaints:
    """What is wrong with each item by itself, whatever it refers to."""
    return _Reading(items).wrong


def _refuse(wrong: Complaints) -> None:
    if wrong:
        raise Invalid(wrong)


class _Reading:
    """One pass over the items: ``loaded``, kind -> code -> definition; ``attributes``, with their
    types; and ``wrong``, path -> everything that is wrong with an item by itself.
    """

    def __init__(self, items: Entries) -> None:
        self.wrong: Complaints = {}
        self.loaded: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        self.attributes: dict[str, Attribute] = {}
        for item, definition in items.items():
            self._load(item, definition)
        self._build_attributes(items)

    def _say(self, path: str, sentence: Text) -> None:
        self.wrong.setdefault(path, []).append(sentence)

    def _load(self, item: EntryKey, definition: dict[str, Any]) -> None:
        kind, code = item
        path = f"{kind}.{code}"
        pattern = CODES.get(kind)
        if pattern and not pattern.fullmatch(code):
            sentence = text(
                "“%(code)s” is not a code: %(pattern)s.", code=code, pattern=pattern.pattern
            )
            self._say(path, sentence)
        if code in _RESERVED.get(kind, ()):
            self._say(path, text("This name is reserved."))
        known = definition
        if kind == "attributes":  # the settings of its type stand beside what every one has
            known = {key: value for key, value in definition.items() if key in ATTRIBUTE_KEYS}
        try:
            self.loaded[kind][code] = SCHEMAS[kind].load(known)
        except ValidationError as error:
            for where, sentence in complaints(error, path):
                self._say(where, sentence)

    def _build_attributes(self, items: Entries) -> None:
        options = self._options()
        for code, own in self.loaded["attributes"].items():
            definition = items["attributes", code]
            settings = {
                key: value for key, value in definition.items() if key not in ATTRIBUTE_KEYS
            }
            if code in options:
                settings["options"] = options[code]
            attribute_type = self._type(code, own["type"], settings)
            if attribute_type is not None:
                rest = {key: value for key, value in own.items() if key != "type"}
                self.attributes[code] = Attribute(code, attribute_type, **rest)

    def _options(self) -> dict[str, dict[str, Any]]:
        """Attribute -> option -> labels."""
        found: dict[str, dict[str, Any]] = {}
        for code, definition in self.loaded["options"].items():
            attribute, option = code.split(":", 1)
            found.setdefault(attribute, {})[option] = definition["labels"]
        return found

    def _type(self, code: str, type_code: str, settings: dict[str, Any]) -> AttributeType | None:
        """The attribute's type with its settings; None, and a complaint, where there is no such
        thing.
        """
        path = f"attributes.{code}"
        if type_code not in all_types():
            sentence = text(
                "“%(type)s” is not an attribute type; there are: %(kinds)s.",
                type=type_code,
                kinds=", ".join(all_types()),
            )
            self.wrong[f"{path}.type"] = [sentence]
            return None
        try:
            return build(type_code, settings)
        except Invalid as error:
            for key, sentences in error.messages.items():
                self.wrong[f"{path}.{key}"] = list(sentences)
            return None


def _channel(code: str, own: dict[str, Any]) -> Channel:
    locales, currencies = tuple(own["locales"]), tuple(own["currencies"])
    return Channel(code, own["labels"], locales, currencies, own["tree"])


def _family(code: str, own: dict[str, Any]) -> Family:
    requirements = {channel: tuple(codes) for channel, codes in own["requirements"].items()}
    return Family(
        code=code,
        labels=own["labels"],
        attributes=tuple(own["attributes"]),
        label=own["label"],
        picture=own["picture"],
        requirements=requirements,
        kind=own["kind"],
    )


def _variant(code: str, own: dict[str, Any]) -> FamilyVariant:
    levels = tuple(
        Level(tuple(level["axes"]), tuple(level["attributes"])) for level in own["levels"]
    )
    return FamilyVariant(code, own["family"], own["labels"], levels)
