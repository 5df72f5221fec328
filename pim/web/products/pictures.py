"""Pictures of a product: those the form shows, and those somebody sends with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from media import queries, service
from media.presets import path_for
from media.service import Prepared
from media.storage import Storage
from pim.attributes.asset import AssetType
from pim.errors import Invalid, Text, text
from pim.structure.objects import Structure
from pim.web.page import now, settings
from pim.web.products.form import Form


@dataclass(frozen=True)
class PictureTile:
    """An asset as the form shows it. ``thumb`` is empty for a PDF and for a code that names
    nothing.
    """

    code: str
    filename: str
    thumb: str
    large: str
    facts: str


def pictures_in(opened: Session, form: Form) -> dict[str, PictureTile]:
    """Code -> picture, for every asset the form's fields name."""
    codes = [
        code
        for group in form.groups
        for one in group.fields
        if one.attribute.type.names_assets
        for code in one.items
    ]
    return pictures(opened, codes)


def pictures(opened: Session, codes: Iterable[str]) -> dict[str, PictureTile]:
    """Code -> picture; a code that names nothing is shown by itself."""
    wanted = list(codes)
    known = queries.by_codes(opened, wanted)
    found = {}
    for code in wanted:
        row = known.get(code)
        if row is None or row.width is None:
            found[code] = PictureTile(code, row.filename if row else code, "", "", "")
        else:
            found[code] = PictureTile(
                code,
                row.filename,
                path_for(code, "thumb"),
                path_for(code, "large"),
                f"{row.width} × {row.height}",
            )
    return found


@dataclass(frozen=True)
class Received:
    """Files that came with a form. prepared: address -> assets whose rows are not written yet;
    refused: address -> complaints.
    """

    prepared: dict[str, list[Prepared]]
    refused: dict[str, list[Text]]

    def record(self, opened: Session) -> dict[str, list[str]]:
        """Write their rows: address -> codes."""
        return {
            address: [service.record(opened, one, now()).code for one in found]
            for address, found in self.prepared.items()
        }


def receive(structure: Structure, files: MultiDict[str, FileStorage]) -> Received:
    """Check, decode and store files that came under ``file-<address>``; the database is not
    asked.
    """
    received = Received({}, {})
    storage = Storage(settings().storage_url)
    for name, sent in files.items(multi=True):
        address = name.removeprefix("file-")
        attribute = structure.attribute_at.get(address)
        if not sent.filename:
            continue
        if attribute is None or not attribute.type.names_assets:
            sentence = text(
                "%(file)s was not taken in: this shop has no pictures “%(address)s” any more.",
                file=sent.filename,
                address=address,
            )
            received.refused.setdefault(address, []).append(sentence)
            continue
        try:
            wanted = cast(AssetType, attribute.type)
            asset = _prepare(storage, wanted, sent.filename, sent.read())
            received.prepared.setdefault(address, []).append(asset)
        except Invalid as error:
            said = [
                text("%(file)s: %(why)s", file=sent.filename, why=one)
                for one in error.messages["file"]
            ]
            received.refused.setdefault(address, []).extend(said)
    return received


def _prepare(storage: Storage, wanted: AssetType, filename: str, data: bytes) -> Prepared:
    if not wanted.accepts(filename):
        raise Invalid(
            {
                "file": [
                    text(
                        "Only files of these kinds go in here: %(kinds)s.",
                        kinds=", ".join(wanted.extensions),
                    )
                ]
            }
        )
    return service.prepare(storage, filename, data)


def with_new(structure: Structure, address: str, before: str, codes: Sequence[str]) -> str:
    """The field's text with new assets behind those that were there; where there is room for one,
    the new one replaces it.
    """
    wanted = structure.attribute_at[address].type
    if not wanted.takes_many:
        return codes[-1]
    return ",".join(filter(None, [before, *codes]))
