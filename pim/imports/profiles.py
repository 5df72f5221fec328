"""An import profile: how the columns of one system's file become addresses. Read from YAML, all
complaints at once. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from pim import definitions
from pim.definitions import read_yaml
from pim.errors import Invalid, Text, text
from pim.imports.headers import CANDIDATES
from pim.products.change import RecordKind
from pim.row_reader import Column
from pim.values import parse_address


@dataclass(frozen=True, slots=True)
class FileSettings:
    """What the profile declares about the file; None is detected. ``date`` is a strftime pattern,
    None means 2026-11-22. ``quote`` is empty where quotes are part of the texts. ``header``: the
    line on which the names of the columns stand.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = "."
    date: str | None = None
    sheet: str | None = None
    quote: str | None = None
    header: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """``owner``: the system this file speaks for. ``kind``: product, model or asset. ``key``: the
    column that names the product; an asset is named by its code or by its file.

    ``clear``: the cell that empties a value. ``doubts``: ``refuse`` or ``warn``. ``retired``:
    ``leave`` or ``return`` (as drafts), what becomes of retired products that it names. ``always``:
    address -> text that stands for every row.
    """

    code: str
    label: str
    owner: str
    kind: RecordKind
    key: str
    columns: tuple[Column, ...]
    file: FileSettings = field(default_factory=FileSettings)
    clear: str | None = None
    doubts: str = "refuse"
    retired: str = "leave"
    always: Mapping[str, str] = field(default_factory=dict)


def read_profile(document: str | bytes) -> Profile:
    """A profile from YAML; :class:`Invalid` with the path of every fault (``file.decimal``,
    ``columns.Kleur.map``).
    """
    return profile_from(mapping_of(read_yaml(document)))


def mapping_of(content: Any) -> Mapping[str, Any]:
    """What the YAML of a profile holds; :class:`Invalid` where that is no mapping."""
    if not isinstance(content, Mapping):
        raise Invalid({"yaml": [text("A profile is a mapping with code, owner, key and columns.")]})
    return content


def profile_from(content: Mapping[str, Any]) -> Profile:
    """A profile from what YAML or JSON holds; :class:`Invalid` as in :func:`read_profile`."""
    return _ProfileReading().read(with_owner(content))


def with_owner(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """A profile whose owner is called so: it was ``source`` once, and people have such files."""
    if "source" not in content or "owner" in content:
        return content
    return {("owner" if key == "source" else key): value for key, value in content.items()}


_FILLED = validate.Length(min=1)
_CODE = validate.Regexp(r"^[a-z][a-z0-9_]{0,62}\Z", error=definitions.NO_CODE.msgid)
_DATE = validate.Regexp(
    r"^(%[dmyYHMSjbB]|[-/. :,T])+\Z", error=str(text("A date pattern is made like %%d-%%m-%%Y."))
)
_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def _one_of(first: str, second: str) -> validate.OneOf:
    sentence = text("This is “%(first)s” or “%(second)s”.", first=first, second=second)
    return validate.OneOf([first, second], error=str(sentence))


_KIND = validate.OneOf(
    ["product", "model", "asset"],
    error=str(text("A file is about “product”, “model” or “asset”.")),
)


class _Delimiter(fields.String):
    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        read = super()._deserialize(value, attr, data, **kwargs) or ""
        delimiter = _DELIMITERS.get(read, read)
        if len(delimiter) != 1 or delimiter in '\r\n"':
            raise ValidationError(text("The delimiter is one character, or the word tab.").msgid)
        return delimiter


class _Quote(fields.String):
    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        read = super()._deserialize(value, attr, data, **kwargs) or ""
        quote = "" if read == "none" else read
        if read == "" or len(quote) > 1 or quote.isalnum() or quote.isspace():
            raise ValidationError(text("The quote is one sign, or the word none.").msgid)
        return quote


class _FileSchema(Schema):
    class Meta:
        unknown = RAISE

    encoding = fields.String(validate=_FILLED)
    delimiter = _Delimiter()
    quote = _Quote()
    header = fields.Integer(
        strict=True,
        validate=validate.Range(
            1,
            CANDIDATES,
            error=str(text("The header is one of the first %(number)s lines.", number=CANDIDATES)),
        ),
    )
    decimal = fields.String(validate=_one_of(".", ","))
    date = fields.String(validate=_DATE)
    sheet = fields.String(validate=_FILLED)


class _ProfileSchema(Schema):
    class Meta:
        unknown = RAISE

    code = fields.String(required=True, validate=_CODE)
    label = fields.String(validate=_FILLED)
    owner = fields.String(required=True, validate=_CODE)
    kind = fields.String(load_default="product", validate=_KIND)
    key = fields.String(required=True)
    file = fields.Nested(_FileSchema)
    clear = fields.String(validate=_FILLED)
    doubts = fields.String(load_default="refuse", validate=_one_of("refuse", "warn"))
    retired = fields.String(load_default="leave", validate=_one_of("leave", "return"))
    always = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    columns = fields.Dict(required=True, validate=_FILLED)


class _ColumnSchema(Schema):
    class Meta:
        unknown = RAISE

    to = fields.String(required=True)
    map = fields.Dict(keys=fields.String(), values=fields.String())
    separator = fields.String(validate=_FILLED)
    unit = fields.String(validate=_FILLED)
    optional = fields.Boolean(truthy={True}, falsy={False})


_ASSOCIATION = re.compile(r"[A-Za-z0-9_]{1,100}-products")


class _ProfileReading:
    """One pass over a profile: what it says, and everything that is wrong with it."""

    def __init__(self) -> None:
        self.wrong: dict[str, list[Text]] = {}

    def say(self, path: str, sentence: Text) -> None:
        self.wrong.setdefault(path, []).append(sentence)

    def read(self, content: Mapping[str, Any]) -> Profile:
        """:class:`Invalid` with path -> sentences."""
        loaded = self._load(_ProfileSchema(), content, "")
        columns = content.get("columns")
        found: tuple[Column, ...] = ()
        if isinstance(columns, Mapping):
            found = tuple(self._column(name, spec) for name, spec in columns.items())
            self._check_key(found, content.get("key"))
            self._check_targets(found)
        for address in loaded.get("always", {}):
            self._check_address(address, f"always.{address}")
        signs = loaded.get("file", {})
        if signs.get("quote") and signs["quote"] == signs.get("delimiter"):
            self.say("file.quote", text("Quote and delimiter are two different signs."))
        if self.wrong:
            raise Invalid(self.wrong)
        file = FileSettings(**loaded.pop("file", {}))
        loaded.pop("columns")
        return Profile(columns=found, file=file, **{"label": loaded["code"], **loaded})

    def _load(self, schema: Schema, content: Mapping[str, Any], path: str) -> dict[str, Any]:
        try:
            loaded: dict[str, Any] = schema.load(content)
        except ValidationError as error:
            for where, sentence in definitions.complaints(error, path):
                self.say(where, sentence)
            return {}
        return loaded

    def _column(self, name: Any, spec: Any) -> Column:
        path = f"columns.{name}"
        if not isinstance(name, str):
            self.say(path, text("The column's name is not read as text; put it in quotes."))
        if spec is None:
            return Column(str(name), None)
        content = spec if isinstance(spec, Mapping) else {"to": spec}
        loaded = self._load(_ColumnSchema(), content, path)
        column = Column(str(name).strip(), **{"to": None, **loaded})
        if column.to is not None:
            self._check_address(column.to, path)
        return column

    def _check_address(self, spelling: str, path: str) -> None:
        if _ASSOCIATION.fullmatch(spelling):
            return
        try:
            parse_address(spelling.removesuffix("-unit"))
        except Invalid as error:
            for sentences in error.messages.values():
                for sentence in sentences:
                    self.say(path, sentence)

    def _check_key(self, columns: tuple[Column, ...], key: Any) -> None:
        """The key is a column that is read."""
        if not isinstance(key, str):
            return
        read = {column.name for column in columns if column.to is not None}
        if key not in read:
            sentence = text(
                "The key column “%(key)s” is not among the columns that are read.", key=key
            )
            self.say("key", sentence)

    def _check_targets(self, columns: tuple[Column, ...]) -> None:
        """No two columns fill the same address."""
        filled_by: dict[str, str] = {}
        for column in columns:
            if column.to is None:
                continue
            if column.to in filled_by:
                other = filled_by[column.to]
                sentence = text(
                    "“%(to)s” is already filled by “%(other)s”.", to=column.to, other=other
                )
                self.say(f"columns.{column.name}", sentence)
            else:
                filled_by[column.to] = column.name
