"""The credentials of targets: written, used, forgotten; nothing here shows one to anybody."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pim.deliveries.models import DeliverySecret
from pim.deliveries.targets import DeliveryTarget
from pim.deliveries.vault import Vault
from pim.errors import Conflict, text

WITHOUT = ("folder",)
"""Kinds of targets that need no credentials."""


def keep(session: Session, vault: Vault, feed: str, target: DeliveryTarget, secret: str) -> None:
    """Keep a password or key for this target, in the place of the one before."""
    row = session.get(DeliverySecret, (feed, target.code))
    if row is None:
        row = DeliverySecret(feed=feed, target=target.code)
        session.add(row)
    row.place, row.sealed = target.place, vault.seal(secret)


def is_kept(session: Session, feed: str, target: DeliveryTarget) -> bool:
    """Whether there is one for the place that the target names now."""
    if target.kind in WITHOUT:
        return True
    row = session.get(DeliverySecret, (feed, target.code))
    return row is not None and row.place == target.place


def use(session: Session, vault: Vault, feed: str, target: DeliveryTarget) -> str:
    """What the target is opened with. :class:`Conflict` where none is kept for this place: one that
    was typed for another server or user is not sent to this one.
    """
    if target.kind in WITHOUT:
        return ""
    row = session.get(DeliverySecret, (feed, target.code))
    if row is None or row.place != target.place:
        sentence = text(
            "No password or key is kept for “%(target)s” at this address. Type it.",
            target=target.called,
        )
        raise Conflict(sentence)
    return vault.open(row.sealed)


def forget_others(session: Session, feed: str, kept: Collection[str]) -> None:
    """Forget those of targets that the feed has no more."""
    session.execute(
        delete(DeliverySecret).where(
            DeliverySecret.feed == feed, DeliverySecret.target.not_in(list(kept))
        )
    )
