"""The history of a product in words: who, when, from where, which value from what to what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from media import queries as media
from pim.accounts import queries as accounts
from pim.bulk_edits import queries as bulk_edits
from pim.errors import Text, ngettext, text
from pim.imports import queries as imports
from pim.products import queries
from pim.products.history import found_by, present
from pim.products.labels import labels
from pim.products.models import Change
from pim.products.queries import ProductDetail
from pim.structure.objects import Structure
from pim.values import parse_address
from pim.web.products.around import address_label, with_label
from pim.web.products.form import shown_value
from pim.web.products.scope import chosen_scope
from pim.workflow import NAMES

SHOWN = 200


@dataclass(frozen=True)
class Difference:
    """One value: what it was, what it became; sentences or plain text, in that locale."""

    label: str
    old: Text | str
    new: Text | str
    locale: str | None = None


@dataclass(frozen=True)
class Event:
    """One change. ``number``: what to say to undo it. ``headline``: what it was about, where there
    is more to say than values.

    ``origin``: the file and row it came from, ``run``: that import; ``bulk_edit``: the one that it
    belongs to. ``can_undo``: some value it changed is still as it left it.
    """

    number: int
    at: datetime
    version: int
    who: str
    source: str
    origin: Text | None
    run: str | None
    bulk_edit: str | None
    headline: Text | None
    differences: list[Difference]
    can_undo: bool


def events(
    session: Session, structure: Structure, detail: ProductDetail, limit: int = SHOWN
) -> list[Event]:
    """The latest first. A change keeps what was before it; what came after is what the next one
    found, or what is there now.
    """
    parent = detail.ancestors[-1].identifier if detail.ancestors else None
    changes = queries.history(session, detail.product.id, limit)
    return events_of(session, structure, {**present(detail.product), "parent": parent}, changes)


def events_of(
    session: Session, structure: Structure, now: Mapping[str, Any], changes: Sequence[Change]
) -> list[Event]:
    """The changes of any record, the latest first. ``now``: its values and facts as they are."""
    later = dict(now)
    names, files = _names(session, changes), _files(session, changes)
    edits = _bulk_edits(session, changes)
    names_in = record_names(session, structure, [later, *(one.old for one in changes)])
    found = []
    changed_since: set[str] = set()
    for change in changes:
        is_latest_somewhere = bool(change.old.keys() - changed_since)
        found.append(
            Event(
                number=change.id,
                at=change.at,
                version=change.version,
                who=names.get(change.actor, change.actor),
                source=change.source,
                origin=_origin(change, files),
                run=change.reference if change.reference in files else None,
                bulk_edit=change.reference if change.reference in edits else None,
                headline=_headline(change),
                differences=differences(structure, names_in, change, later),
                can_undo=change.version > 1 and is_latest_somewhere,
            )
        )
        later.update(found_by(change))
        changed_since.update(change.old)
    return found


def record_names(
    session: Session, structure: Structure, documents: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """Code -> file name for every picture that these documents name, identifier -> name and SKU for
    every product.
    """
    assets: set[str] = set()
    products: set[str] = set()
    for document in documents:
        for address, value in document.items():
            if value and _is_asset(structure, address):
                assets.update(_each(value))
            elif value and _names_products(structure, address):
                products.update(_each(value))
    found = media.by_codes(session, sorted(assets))
    names = labels(session, structure, products, chosen_scope(structure).locale)
    return {
        **{code: asset.filename for code, asset in found.items()},
        **{identifier: with_label(identifier, names) for identifier in products},
    }


def _each(value: Any) -> Sequence[str]:
    return value if isinstance(value, list) else [value]


def _names_products(structure: Structure, address: str) -> bool:
    attribute = structure.attribute_at.get(address)
    if attribute is not None:
        return attribute.type.names_products
    return address == "parent" or address in structure.association_addresses


def _is_asset(structure: Structure, address: str) -> bool:
    attribute = structure.attribute_at.get(address)
    return attribute is not None and attribute.type.names_assets


def differences(
    structure: Structure, names: Mapping[str, str], change: Change, later: Mapping[str, Any]
) -> list[Difference]:
    """What a change made of which values. ``names``: of the records that they name; ``later``: the
    product after it.
    """
    return between(structure, names, found_by(change), later)


def between(
    structure: Structure,
    names: Mapping[str, str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> list[Difference]:
    """What each address of ``before`` held, and holds in ``after``."""
    return [
        Difference(
            address_label(structure, address),
            shown_in_words(structure, names, address, old),
            shown_in_words(structure, names, address, after.get(address)),
            _locale_of(structure, address),
        )
        for address, old in before.items()
    ]


def _locale_of(structure: Structure, address: str) -> str | None:
    """Only a value has one; a place is everywhere."""
    return parse_address(address).locale if address in structure.attribute_at else None


def shown_in_words(
    structure: Structure, names: Mapping[str, str], address: str, value: Any
) -> Text | str:
    """A value or fact as history shows it. ``names``: of the records that it names."""
    if value and (_is_asset(structure, address) or _names_products(structure, address)):
        return ", ".join(names.get(code, code) for code in _each(value))
    if address == "status" and value in NAMES:
        return NAMES[value]
    if address == "enabled" and value is not None:
        return text("Yes") if value else text("No")
    return shown_value(structure, address, value)


def _headline(change: Change) -> Text | None:
    if change.version == 1:
        return text("Created")
    if not change.is_approval:
        return text("Sent back: %(comment)s", comment=change.reason) if change.reason else None
    if change.reason:
        return text(
            "Approved and published, although nothing was complete: %(reason)s",
            reason=change.reason,
        )
    if change.published_before is None:
        return text("Approved and published")
    return ngettext(
        "Approved; %(num)s value published",
        "Approved; %(num)s values published",
        len(change.published_before),
    )


def _origin(change: Change, files: dict[str, str]) -> Text | None:
    if change.source != "import":
        return None
    name = files.get(change.reference or "", "–")
    return (
        text("%(file)s, line %(line)s", file=name, line=change.row)
        if change.row
        else text("%(file)s", file=name)
    )


def _names(session: Session, changes: Iterable[Change]) -> dict[str, str]:
    """What people are called, by the e-mail address that the changes keep."""
    return accounts.names_of(session, {one.actor for one in changes})


def _bulk_edits(session: Session, changes: Iterable[Change]) -> frozenset[str]:
    """The bulk edits that made some of these changes."""
    by_hand = {one.reference for one in changes if one.source == "user" and one.reference}
    return bulk_edits.known(session, by_hand)


def _files(session: Session, changes: Iterable[Change]) -> dict[str, str]:
    """The file names of the import runs that made some of these changes, by run."""
    runs = {one.reference for one in changes if one.source == "import" and one.reference}
    return imports.filenames(session, runs)
