"""Where a file is to be brought, as a feed's definition says it: read and checked. Pure.

A definition holds no credentials. They are kept apart (:mod:`pim.deliveries.secrets`), so that a
definition can be shown, exported and kept in versions.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as attributes_of
from datetime import datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from pim.definitions import complaints
from pim.errors import Invalid, Text, text
from pim.values import CODE

USUAL_NAME = "{feed}.{extension}"
PLACEHOLDERS = ("feed", "extension", "date", "time", "hash")


@dataclass(frozen=True)
class DeliveryTarget:
    """One place where a feed's file is brought. Each kind uses some of these.

    ``name``: of the file there, with placeholders. ``paused``: nothing is brought there until
    somebody lets it go on. ``direct``: the file is written under its own name, because the server
    does not let files be renamed. ``host_key``: of an SFTP server, as OpenSSH writes it.
    ``certificate``: what a server's certificate is checked against instead of the public
    authorities, PEM.
    """

    code: str
    kind: str
    label: str = ""
    name: str = USUAL_NAME
    paused: bool = False
    host: str = ""
    port: int = 0
    user: str = ""
    folder: str = ""
    direct: bool = False
    host_key: str = ""
    certificate: str = ""
    url: str = ""
    method: str = "POST"
    endpoint: str = ""
    region: str = ""
    bucket: str = ""

    @property
    def called(self) -> str:
        return self.label or self.code

    @property
    def where(self) -> str:
        """The place in one line, for people."""
        if self.url:
            return self.url
        folder = f"/{self.folder.strip('/')}" if self.folder else ""
        if self.bucket:
            return f"{self.bucket}{folder}"
        return f"{self.user}@{self.host}{folder}" if self.host else self.folder or "."

    @property
    def place(self) -> str:
        """Whose credentials these are: they are never sent anywhere else."""
        where = self.url or self.endpoint or f"{self.host.lower()}:{self.port}"
        return f"{self.kind} {self.user}@{where}"

    def file_name(self, feed: str, path: str, finished: datetime, sha256: str) -> str:
        """What the file of a build is called there; the same at each attempt."""
        return self.name.format(
            feed=feed,
            extension=path.rpartition(".")[2],
            date=f"{finished:%Y-%m-%d}",
            time=f"{finished:%H%M%S}",
            hash=sha256[:12],
        )


_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f]*")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]+")
_FILLED = "|".join(PLACEHOLDERS)
_NAME = re.compile(rf"(?![.~-])(\{{({_FILLED})\}}|[^/\\{{}}\x00-\x1f\x7f])+")
_INSIDE = re.compile(r"(?!/)(?!(.*/)?\.{1,2}(/|$))[^\\\x00-\x1f\x7f]*")
_WEB = re.compile(r"https?://[^\s/@?#]+(/[^\s#]*)?", re.IGNORECASE)
_ENDPOINT = re.compile(r"https?://[^\s/@?#]+/?", re.IGNORECASE)

NO_HOST = text("This is not the name of a server, such as sftp.example.com.")
NO_NAME = text(
    "A file name has no slashes and no dot in front; {feed}, {extension}, {date}, {time} and {hash}"
    " are filled in."
)
NO_FOLDER = text("This is not a folder below the one that deliveries go to.")
NO_ADDRESS = text("This is not a web address (http or https, without a password in it).")
NO_PLAIN = text("Write this on one line.")
NO_BUCKET = text("This is not the name of a bucket.")


def _matching(pattern: re.Pattern[str], sentence: Text) -> validate.Validator:
    whole = re.compile(f"(?:{pattern.pattern})\\Z", pattern.flags)
    return validate.Regexp(whole, error=sentence.msgid.replace("{", "{{").replace("}", "}}"))


def _plain(**options: Any) -> fields.String:
    return fields.String(validate=_matching(_PLAIN, NO_PLAIN), **options)


class _Common(Schema):
    class Meta:
        unknown = RAISE

    kind = fields.String(required=True)
    label = _plain()
    name = fields.String(validate=_matching(_NAME, NO_NAME))
    paused = fields.Boolean()


class _Folder(_Common):
    folder = fields.String(validate=_matching(_INSIDE, NO_FOLDER))


class _Server(_Common):
    host = fields.String(required=True, validate=_matching(_HOST, NO_HOST))
    port = fields.Integer(validate=validate.Range(1, 65535), strict=True)
    user = _plain(required=True)
    folder = _plain()
    direct = fields.Boolean()


class _Sftp(_Server):
    host_key = _plain()


class _Ftps(_Server):
    certificate = fields.String()


class _S3(_Common):
    endpoint = fields.String(validate=_matching(_ENDPOINT, NO_ADDRESS))
    region = fields.String(required=True, validate=_matching(_REGION, NO_PLAIN))
    bucket = fields.String(required=True, validate=_matching(_BUCKET, NO_BUCKET))
    user = _plain(required=True)
    folder = fields.String(validate=_matching(_INSIDE, NO_FOLDER))
    certificate = fields.String()


class _Http(_Common):
    url = fields.String(required=True, validate=_matching(_WEB, NO_ADDRESS))
    method = fields.String(validate=validate.OneOf(("POST", "PUT")))
    certificate = fields.String()


@dataclass(frozen=True)
class _Form:
    """What a kind of target asks. ``usual``: what it takes where nothing is said."""

    schema: Schema
    usual: Mapping[str, Any]


_FORMS: Mapping[str, _Form] = {
    "folder": _Form(_Folder(), {}),
    "sftp": _Form(_Sftp(), {"port": 22}),
    "ftps": _Form(_Ftps(), {"port": 21}),
    "ftp": _Form(_Server(), {"port": 21}),
    "s3": _Form(_S3(), {}),
    "http": _Form(_Http(), {}),
}
KINDS = tuple(_FORMS)


def asked_of(kind: str) -> tuple[str, ...]:
    """The properties that a target of this kind may have."""
    return tuple(_FORMS[kind].schema.fields)


def read_targets(definitions: Mapping[str, Any]) -> dict[str, DeliveryTarget]:
    """The targets of a feed by their codes; :class:`Invalid` (keys ``code.property``) names all
    that is wrong.
    """
    found: dict[str, DeliveryTarget] = {}
    wrong: dict[str, list[Text]] = {}
    for code, definition in definitions.items():
        try:
            found[code] = read_target(code, definition)
        except Invalid as error:
            wrong |= {f"{code}.{key}": said for key, said in error.messages.items()}
    if wrong:
        raise Invalid(wrong)
    return found


def read_target(code: str, definition: Mapping[str, Any]) -> DeliveryTarget:
    """:class:`Invalid` with the properties that are wrong as keys."""
    if not CODE.fullmatch(code):
        sentence = text("“%(code)s” is not a code (a-z, 0-9 and _, first a letter).", code=code)
        raise Invalid({"code": [sentence]})
    kind = definition.get("kind") if isinstance(definition, Mapping) else None
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        sentence = text("The kind of a target is one of: %(known)s.", known=", ".join(KINDS))
        raise Invalid({"kind": [sentence]})
    try:
        said: dict[str, Any] = form.schema.load(definition)
    except ValidationError as error:
        wrong: dict[str, list[Text]] = {}
        for path, sentence in complaints(error):
            wrong.setdefault(path, []).append(sentence)
        raise Invalid(wrong) from None
    return DeliveryTarget(code=code, **{**form.usual, **said})


def definition_of(target: DeliveryTarget) -> dict[str, Any]:
    """What :func:`read_target` would make the same target of; what is usual is left out."""
    usual = {"port": 0, **_FORMS[target.kind].usual}
    return {
        one.name: getattr(target, one.name)
        for one in attributes_of(target)
        if one.name != "code" and getattr(target, one.name) != usual.get(one.name, one.default)
    }
