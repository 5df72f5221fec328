"""A feed's published file, brought to the feed's targets."""

from datetime import datetime

from sqlalchemy.orm import Session

from media.storage import Storage
from pim.config import Settings
from pim.deliveries import secrets, service
from pim.deliveries.egress import Egress
from pim.deliveries.models import Delivery
from pim.deliveries.service import PublishedFile
from pim.deliveries.shipment import Shipment, Way
from pim.deliveries.targets import DeliveryTarget, read_target, read_targets
from pim.deliveries.vault import Vault
from pim.errors import Conflict, NotFound, text
from pim.feeds.models import Feed, FeedBuild


def order_deliveries(
    session: Session, feed: Feed, build: FeedBuild, now: datetime, by: str
) -> None:
    """Have a build that was just published brought to every target of its feed."""
    if feed.deliveries:
        targets = read_targets(feed.deliveries).values()
        service.order(session, published_file(build), targets, now, by)


def send_now(session: Session, feed: Feed, code: str, now: datetime, by: str) -> Delivery:
    """Have what is published brought to one target. :class:`Conflict` where nothing is."""
    target = target_of(feed, code)
    build = session.get(FeedBuild, feed.published) if feed.published else None
    if build is None:
        sentence = text("“%(feed)s” has published nothing yet. Build it first.", feed=feed.label)
        raise Conflict(sentence)
    return service.send(session, published_file(build), target, now, by)


def published_file(build: FeedBuild) -> PublishedFile:
    return PublishedFile(
        build.feed,
        build.id,
        build.sha256,
        build.path,
        build.media_type,
        build.size,
        build.finished,
    )


def target_of(feed: Feed, code: str) -> DeliveryTarget:
    """:class:`NotFound` where the feed has no such target."""
    definition = feed.deliveries.get(code)
    if definition is None:
        sentence = text("The feed “%(feed)s” has no target “%(code)s”.", feed=feed.label, code=code)
        raise NotFound(sentence)
    return read_target(code, definition)


def way_to(session: Session, settings: Settings, feed: str, target: DeliveryTarget) -> Way:
    """How the hub reaches a target, with what opens it."""
    secret = secrets.use(session, vault_of(settings), feed, target)
    return Way(target, secret, Egress(settings.allowed_networks), settings.delivery_folder)


def vault_of(settings: Settings) -> Vault:
    return Vault(settings.home, settings.delivery_key)


def shipment_of(delivery: Delivery, storage: Storage) -> Shipment:
    path = delivery.path
    return Shipment(
        delivery.key,
        delivery.name,
        delivery.size,
        delivery.sha256,
        delivery.media_type,
        lambda: storage.open(path),
    )
