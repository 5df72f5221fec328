"""The shape of a backup: a plain tar that any tool opens.

``tables/<name>.jsonl``: one JSON object per row. ``storage/<key>``: originals, renditions, feeds.
``uploads/<sha256>``: files that were uploaded and are to be imported, or may be again.
``secret.key``: what the addresses of feeds are derived from. ``manifest.json``: the last member, so
that its presence says that the archive is whole.
"""

import re
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import orjson

from pim.errors import Conflict, Invalid, Text, text

FORMAT = 2
"""1: without uploads."""
MANIFEST, SECRET, TABLES, STORAGE = "manifest.json", "secret.key", "tables/", "storage/"
UPLOAD = re.compile(r"uploads/[0-9a-f]{64}")
TABLE = re.compile(r"tables/([a-z][a-z0-9_]*)\.jsonl")
MANIFEST_LIMIT = 1_000_000


class Archive:
    """A backup opened for reading. Every member's name and kind were looked at before anything of
    it is used.

    :class:`Invalid` where the file is no backup of ours, :class:`Conflict` where it is of a later
    format.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._tar = tarfile.open(file, "r:")  # noqa: SIM115 - closed by __exit__
        except (tarfile.TarError, EOFError) as error:
            raise not_ours(file, text("It is not a tar archive, or a broken one.")) from error
        try:
            self._members = _members(self._tar, file)
            self.manifest = self._manifest()
        except BaseException:
            self._tar.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()

    @property
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """Name -> {"rows": number, "sha256": of the lines}."""
        found: Mapping[str, Mapping[str, Any]] = self.manifest["tables"]
        return found

    @property
    def keys(self) -> list[str]:
        """Storage keys of the files in it."""
        return [name.removeprefix(STORAGE) for name in self._members if name.startswith(STORAGE)]

    @property
    def uploads(self) -> list[str]:
        """Paths of the uploads in it, from the data folder on."""
        return [name for name in self._members if UPLOAD.fullmatch(name)]

    def open(self, name: str) -> Any:
        """A member as a binary stream."""
        return self._tar.extractfile(self._members[name])

    def size(self, name: str) -> int:
        return self._members[name].size

    def _manifest(self) -> Mapping[str, Any]:
        if MANIFEST not in self._members or self.size(MANIFEST) > MANIFEST_LIMIT:
            raise not_ours(self.file, text("Its end is missing: it holds no manifest."))
        try:
            manifest = orjson.loads(self.open(MANIFEST).read())
            later = manifest["format"] > FORMAT
            named = {f"{TABLES}{name}.jsonl" for name in manifest["tables"]}
            whole = isinstance(manifest["revision"], str) and len(self.keys) == manifest["files"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise not_ours(self.file, text("Its manifest is broken.")) from error
        if later:
            raise Conflict(
                text(
                    "The backup was made by a later version of Etalage (%(version)s).",
                    version=manifest.get("version", "?"),
                )
            )
        if (
            not whole
            or named != {name for name in self._members if name.startswith(TABLES)}
            or SECRET not in self._members
        ):
            raise not_ours(self.file, text("It does not hold what its manifest says."))
        return dict(manifest)


def not_ours(file: Path, reason: Text) -> Invalid:
    return Invalid(
        {
            str(file): [
                text("This is not a backup that can be restored. %(reason)s", reason=str(reason))
            ]
        }
    )


def _members(tar: tarfile.TarFile, file: Path) -> dict[str, tarfile.TarInfo]:
    """Plain files with the names a backup has, each once: no links, no devices, no way out of the
    folder.
    """
    found: dict[str, tarfile.TarInfo] = {}
    try:
        for member in tar:
            if (
                not member.isreg()
                or member.issparse()
                or not _is_name(member.name)
                or member.name in found
            ):
                raise not_ours(
                    file, text("It holds “%(name)s”, which no backup has.", name=member.name)
                )
            found[member.name] = member
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise not_ours(file, text("It is not a tar archive, or a broken one.")) from error
    return found


def _is_name(name: str) -> bool:
    if name in (MANIFEST, SECRET) or TABLE.fullmatch(name) or UPLOAD.fullmatch(name):
        return True
    parts = name.split("/")
    is_inside = (
        not any(part in ("", ".", "..") for part in parts)
        and "\\" not in name
        and name.isprintable()
    )
    return name.startswith(STORAGE) and is_inside
