"""The texts of a product's pictures in the language that its page is in, edited where they stand:
each is saved by itself, on the record of its picture, and can be taken back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pim import row_reader as edits
from pim.accounts.permissions import Permission
from pim.assets import queries as assets
from pim.assets.queries import AssetDetail
from pim.errors import NotFound, Text, text
from pim.http.numbers import number_from
from pim.labels import label
from pim.listing import ghost_address
from pim.products import policy, service
from pim.products.change import Origin, ProductInput
from pim.products.revert import revert_change
from pim.products.stores import ASSETS
from pim.structure import queries as catalog
from pim.structure.objects import Attribute, Scope, Structure, why_no_address
from pim.values import parse_address
from pim.web.page import PageContent, language, needs, now, person, principal, session, show_page
from pim.web.products.blueprint import pages
from pim.web.products.form import Form, complaints
from pim.web.products.scope import locale_label


@dataclass(frozen=True)
class PictureText:
    """A text of a picture in a scope. ``typed``: what stands in the field, ``was``: what is stored;
    ``ghost``: what another language says where this one says nothing, ``ghost_locale`` which.
    ``may_edit``: the reader may. ``errors``: why what was typed was not taken; ``saved``: the
    change that was made just now, which the reader may take back; ``said``: what became of it.
    """

    code: str
    filename: str
    version: int
    address: str
    label: str
    typed: str
    was: str
    ghost: str
    ghost_locale: str
    may_edit: bool
    errors: Sequence[Text] = ()
    saved: int | None = None
    said: Text | None = None

    @property
    def id(self) -> str:
        return f"text-{self.code}-{self.address}"


@dataclass(frozen=True)
class PictureTextPart(PageContent):
    """One text again, after somebody left its field."""

    template = "products/picture_text.html"
    one: PictureText


def picture_texts(
    opened: Session, structure: Structure, form: Form, scope: Scope
) -> dict[str, list[PictureText]]:
    """Code -> the texts of the picture, for those that the form shows."""
    codes = {
        code
        for group in form.groups
        for one in group.fields
        if one.attribute.type.names_assets
        for code in one.items
    }
    return {
        code: list(_texts(structure, detail, scope))
        for code, detail in _details(opened, codes).items()
    }


def _details(opened: Session, codes: Collection[str]) -> Mapping[str, AssetDetail]:
    """Those that have a record: without one nothing says which texts a picture has."""
    found = assets.details(opened, list(codes)) if codes else {}
    return {code: detail for code, detail in found.items() if detail.record is not None}


def _texts(structure: Structure, detail: AssetDetail, scope: Scope) -> Iterator[PictureText]:
    family = structure.families.get(detail.family or "")
    for code in family.attributes if family else ():
        attribute = structure.attributes[code]
        address = structure.address_in(attribute, scope.channel, scope.locale)
        is_plain_text = attribute.type.is_free_text and not attribute.type.has_markup
        if attribute.localizable and is_plain_text and address in structure.attribute_at:
            yield _text(structure, detail, attribute, address)


def _text(
    structure: Structure, detail: AssetDetail, attribute: Attribute, address: str
) -> PictureText:
    document = detail.document
    ghost = ghost_address(structure, document, attribute, parse_address(address))
    is_empty = address not in document
    may_edit = policy.may_write(principal(), structure, address, (), Permission.MEDIA_EDIT)
    return PictureText(
        detail.code,
        detail.asset.filename,
        detail.version,
        address,
        label(attribute.labels, language(), attribute.code),
        document.get(address, ""),
        document.get(address, ""),
        document[ghost] if is_empty and ghost else "",
        locale_label(structure, parse_address(ghost).locale or "") if is_empty and ghost else "",
        may_edit and (is_empty or attribute.owner == "hub"),
    )


@pages.post("/product/picture-text/<code>")
@needs(Permission.MEDIA_EDIT)
def save_picture_text(code: str) -> ResponseReturnValue:
    """What somebody left in the field of one text."""
    structure = catalog.structure(session())
    detail, address = assets.get(session(), code), _asked_address(structure)
    typed = request.form.get("text", "")
    values, problems = edits.read_form(structure, {address: typed})
    if edits.refusals(problems):
        return _shown(structure, code, address, typed=typed, errors=edits.refusals(problems))
    base = request.form.get("version", type=number_from)
    given = ProductInput(detail.code, values, "asset", base=base)
    [result] = service.write(session(), [given], Origin.by(principal(), "user"), now(), ASSETS)
    session().expire_all()  # the write path does not go through the objects of this session
    errors = complaints(result.problems)
    if errors:
        return _shown(structure, code, address, typed=typed, errors=errors)
    said = text("Saved.") if result.outcome == "updated" else None
    return _shown(structure, code, address, said=said, saved=_latest(code) if said else None)


@pages.post("/product/picture-text/<code>/undo")
@needs(Permission.MEDIA_REVERT)
def undo_picture_text(code: str) -> ResponseReturnValue:
    structure = catalog.structure(session())
    detail, address = assets.get(session(), code), _asked_address(structure)
    if detail.record is None:
        return _shown(structure, code, address)
    change = request.form.get("change", 0, type=number_from)
    origin = Origin.by(principal().for_owner(None), "revert")
    undone = revert_change(session(), ASSETS, detail.record.id, change, origin, now())
    session().expire_all()
    if undone.result.is_refused:
        said = undone.result.problems[0].message
    elif undone.result.outcome == "unchanged":
        said = text("There is nothing to undo any more: somebody changed it since.")
    else:
        said = text("Undone.")
    return _shown(structure, code, address, said=said)


def _asked_address(structure: Structure) -> str:
    address = request.form.get("address", "")
    if address not in structure.attribute_at:
        raise NotFound(why_no_address(structure, address))
    return address


def _latest(code: str) -> int | None:
    """The newest change of a picture, for who may take it back."""
    if not person().may(Permission.MEDIA_REVERT):
        return None
    changes = assets.history(session(), assets.get(session(), code), 1)
    return changes[0].id if changes else None


def _shown(
    structure: Structure,
    code: str,
    address: str,
    *,
    typed: str | None = None,
    errors: Mapping[str, Sequence[Text]] | None = None,
    said: Text | None = None,
    saved: int | None = None,
) -> ResponseReturnValue:
    detail = assets.get(session(), code)
    one = _text(structure, detail, structure.attribute_at[address], address)
    why = [sentence for texts in (errors or {}).values() for sentence in texts]
    one = replace(one, errors=why, said=said, saved=saved)
    if typed is not None:
        one = replace(one, typed=typed)
    return show_page(PictureTextPart(one))
