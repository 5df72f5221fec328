"""Pictures of a product: those the form shows, and those somebody sends with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from media import queries, service
from media.presets import path_for
from media.storage import Storage
from pim.attributes.asset import Asset
from pim.errors import Invalid, Text, text
from pim.structure import Structure
from pim.web.page import now, session, settings
from pim.web.product_form import Form


@dataclass(frozen=True)
class Picture:
    """An asset as the form shows it. ``thumb`` is empty for a PDF and for a code that names nothing."""

    code: str
    filename: str
    thumb: str
    large: str
    facts: str


def pictures_in(opened: Session, form: Form) -> dict[str, Picture]:
    """Code -> picture, for every asset the form's fields name."""
    codes = [code for group in form.groups for one in group.fields if one.kind == "asset" for code in one.items]
    return pictures(opened, codes)


def pictures(opened: Session, codes: Iterable[str]) -> dict[str, Picture]:
    """Code -> picture; a code that names nothing is shown by itself."""
    wanted = list(codes)
    known = queries.by_codes(opened, wanted)
    found = {}
    for code in wanted:
        row = known.get(code)
        if row is None or row.width is None:
            found[code] = Picture(code, row.filename if row else code, "", "", "")
        else:
            found[code] = Picture(code, row.filename, path_for(code, "thumb"), path_for(code, "large"), f"{row.width} × {row.height}")
    return found


def take_in_all(structure: Structure, files: MultiDict[str, FileStorage]) -> tuple[dict[str, list[str]], dict[str, list[Text]]]:
    """The files of a form, each under ``file-<address>``: address -> codes of the new assets, and address -> complaints."""
    taken: dict[str, list[str]] = {}
    refused: dict[str, list[Text]] = {}
    storage = Storage(settings().storage_url)
    for name, sent in files.items(multi=True):
        attribute = structure.attribute_at.get(name.removeprefix("file-"))
        if not sent.filename or attribute is None or not isinstance(attribute.type, Asset):
            continue
        address = name.removeprefix("file-")
        try:
            taken.setdefault(address, []).append(_take_in(storage, attribute.type, sent.filename, sent.read()))
        except Invalid as error:
            refused.setdefault(address, []).extend(text("%(file)s: %(why)s", file=sent.filename, why=one) for one in error.messages["file"])
    return taken, refused


def _take_in(storage: Storage, wanted: Asset, filename: str, data: bytes) -> str:
    if not wanted.accepts(filename):
        raise Invalid({"file": [text("Only files of these kinds go in here: %(kinds)s.", kinds=", ".join(wanted.extensions))]})
    return service.take_in(session(), storage, filename, data, now()).code


def with_new(structure: Structure, address: str, before: str, codes: Sequence[str]) -> str:
    """The field's text with new assets behind those that were there; where there is room for one, the new one replaces it."""
    wanted = structure.attribute_at[address].type
    if isinstance(wanted, Asset) and not wanted.multiple:
        return codes[-1]
    return ",".join(filter(None, [before, *codes]))
