"""Items -> :class:`Structure`: every complaint at once, each with its path in the structure file.
Pure.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from pim.attributes import AttributeType, all_types, build
from pim.definitions import NO_CODE, complaints
from pim.errors import Invalid, text
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
    loaded, attributes, wrong = _read(items)
    _refuse(wrong)
    structure = Structure(
        version=version,
        locales=tuple(loaded["locales"]),
        currencies=tuple(loaded["currencies"]),
        channels={
            code: Channel(code, d["labels"], tuple(d["locales"]), tuple(d["currencies"]), d["tree"])
            for code, d in loaded["channels"].items()
        },
        groups={code: LabelledCode(code, d["labels"]) for code, d in loaded["groups"].items()},
        attributes=attributes,
        families={code: _family(code, d) for code, d in loaded["families"].items()},
        variants={code: _variant(code, d) for code, d in loaded["variants"].items()},
        categories={
            code: Category(code, d["parent"], d["labels"])
            for code, d in loaded["categories"].items()
        },
        associations={
            code: LabelledCode(code, d["labels"]) for code, d in loaded["associations"].items()
        },
    )
    _refuse(contradictions(structure))
    return structure


def faults(items: Entries) -> Complaints:
    """What is wrong with each item by itself, whatever it refers to."""
    return _read(items)[2]


def _read(items: Entries) -> tuple[dict[str, dict[str, Any]], dict[str, Attribute], Complaints]:
    wrong: Complaints = {}
    loaded: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    settings = {
        code: _settings(definition)
        for (kind, code), definition in items.items()
        if kind == "attributes"
    }
    for item, definition in items.items():
        _load(item, definition, loaded, wrong)
    return loaded, _attributes(loaded, settings, wrong), wrong


def _refuse(wrong: Complaints) -> None:
    if wrong:
        raise Invalid(wrong)


def _settings(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in definition.items() if key not in ATTRIBUTE_KEYS}


def _load(
    item: EntryKey, definition: dict[str, Any], loaded: dict[str, dict[str, Any]], wrong: Complaints
) -> None:
    kind, code = item
    path = f"{kind}.{code}"
    pattern = CODES.get(kind)
    if pattern and not pattern.fullmatch(code):
        wrong.setdefault(path, []).append(
            text("“%(code)s” is not a code: %(pattern)s.", code=code, pattern=pattern.pattern)
        )
    if code in _RESERVED.get(kind, ()):
        wrong.setdefault(path, []).append(text("This name is reserved."))
    known = {
        key: value
        for key, value in definition.items()
        if kind != "attributes" or key in ATTRIBUTE_KEYS
    }
    try:
        loaded[kind][code] = SCHEMAS[kind].load(known)
    except ValidationError as error:
        for where, sentence in complaints(error, path):
            wrong.setdefault(where, []).append(sentence)


def _attributes(
    loaded: dict[str, dict[str, Any]], settings: dict[str, dict[str, Any]], wrong: Complaints
) -> dict[str, Attribute]:
    options = _options(loaded)
    found = {}
    for code, own in loaded["attributes"].items():
        kind = _type(code, own["type"], settings[code], options.get(code), wrong)
        if kind is not None:
            found[code] = Attribute(
                code, kind, **{key: value for key, value in own.items() if key != "type"}
            )
    return found


def _options(loaded: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Attribute -> option -> labels."""
    found: dict[str, dict[str, Any]] = {}
    for code, definition in loaded["options"].items():
        attribute, option = code.split(":", 1)
        found.setdefault(attribute, {})[option] = definition["labels"]
    return found


def _type(
    code: str,
    type_code: str,
    settings: dict[str, Any],
    options: dict[str, Any] | None,
    wrong: Complaints,
) -> AttributeType | None:
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
        wrong[f"{path}.type"] = [sentence]
        return None
    try:
        return build(type_code, settings | ({"options": options} if options else {}))
    except Invalid as error:
        wrong.update({f"{path}.{key}": texts for key, texts in error.messages.items()})
        return None


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
