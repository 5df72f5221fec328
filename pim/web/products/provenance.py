"""Where a value comes from: who set it, from which file and row, what a file last said, and what
channels still see in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from pim.labels import label
from pim.products import queries
from pim.products.history import present
from pim.products.models import Change
from pim.products.queries import ProductDetail
from pim.structure.objects import Attribute, Structure
from pim.values import parse_address
from pim.web.controls import control_of
from pim.web.page import language
from pim.web.products.form import shown_value
from pim.web.products.history import SHOWN, Event, events_of


@dataclass(frozen=True)
class SentValue:
    """What a file last brought for a value that somebody changed since. ``controls``: how the
    controls of its field spell it, None where they cannot.
    """

    shown: str
    event: Event
    controls: list[Any] | None


@dataclass(frozen=True)
class Provenance:
    """``holder``: the product or model that has the value. ``latest``: the change that made it
    what it is. ``published``: what channels see instead; None where they see the same, or nothing
    yet.
    """

    address: str
    help: str
    holder: str
    latest: Event | None
    sent: SentValue | None
    published: str | None

    @property
    def locale(self) -> str | None:
        return parse_address(self.address).locale


def provenance(
    session: Session, structure: Structure, detail: ProductDetail, address: str
) -> Provenance:
    """Of a value at an address of the structure."""
    attribute = structure.attribute_at[address]
    holder = _holder(session, detail, address)
    changes = [
        one for one in queries.history(session, holder.product.id, SHOWN) if address in one.old
    ]
    return Provenance(
        address,
        label(attribute.help, language(), "") if attribute.help else "",
        holder.product.identifier,
        _event(session, structure, holder, changes[0]) if changes else None,
        _last_sent(session, structure, holder, address, changes),
        _published(structure, holder, address),
    )


def _holder(session: Session, detail: ProductDetail, address: str) -> ProductDetail:
    """The product itself, or the lowest of its models that has a value there."""
    chain = (detail.product, *reversed(detail.ancestors))
    found = next((one for one in chain if address in one.values), detail.product)
    return detail if found is detail.product else queries.get(session, found.identifier)


def _event(session: Session, structure: Structure, holder: ProductDetail, change: Change) -> Event:
    [event] = events_of(session, structure, present(holder.product), [change])
    return event


def _last_sent(
    session: Session,
    structure: Structure,
    holder: ProductDetail,
    address: str,
    changes: Sequence[Change],
) -> SentValue | None:
    """What it left is what the next change found."""
    for later, change in pairwise(changes):
        if change.source == "import":
            value = later.old[address]
            if value is None or value == holder.product.values.get(address):
                return None
            attribute = structure.attribute_at[address]
            return SentValue(
                shown_value(structure, address, value),
                _event(session, structure, holder, change),
                _controls(attribute, value),
            )
    return None


def _controls(attribute: Attribute, value: Any) -> list[Any] | None:
    """As the browser keeps what was typed: one entry for each control of the field."""
    if attribute.type.names_assets:
        return None
    text = attribute.type.dump(value)
    kind = control_of(attribute.type).name_of_control
    if kind == "measurement":
        amount, _, unit = text.rpartition(" ")
        return [amount, unit]
    return [value] if kind == "choices" else [text]


def _published(structure: Structure, holder: ProductDetail, address: str) -> str | None:
    product = holder.product
    if product.published is None or product.published.get(address) == product.values.get(address):
        return None
    return shown_value(structure, address, product.published.get(address))
