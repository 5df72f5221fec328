"""Bringing a feed's file to a target, and trying whether a target can be reached."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from pim.accounts.permissions import Permission
from pim.deliveries import service
from pim.deliveries.kinds import TARGET_KINDS, try_connection
from pim.errors import EtalageError, NotFound, Text, Unavailable, text
from pim.feeds.delivering import shipment_of, target_of, way_to
from pim.feeds.jobs import subject_of
from pim.feeds.models import Feed
from pim.jobs.context import JobContext
from pim.jobs.kinds import JobKind, JobPage, JobTools


@dataclass(frozen=True)
class DeliveryArguments:
    """``feed``, ``target``: codes. ``delivery``: its number."""

    feed: str
    target: str
    delivery: int


class DeliverFile(JobKind[DeliveryArguments]):
    """One attempt. It succeeds as a job also where the server refuses: the next attempt is another
    job, and what became of the delivery stands in its own row.
    """

    name: ClassVar[str] = service.DELIVER
    label: ClassVar[Text] = text("Delivery")
    permission: ClassVar[str] = Permission.FEEDS_RUN
    arguments = DeliveryArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: DeliveryArguments
    ) -> Mapping[str, Any]:
        number = arguments.delivery
        with context.database.writing() as session:
            context.guard(session)
            delivery = service.begin(session, number)
            if delivery is None:
                return {"state": "replaced"}
        try:
            said = self._bring(tools, context, arguments)
        except EtalageError as error:
            return self._conclude(context, number, refused=error)
        return self._conclude(context, number, said=said)

    def _bring(self, tools: JobTools, context: JobContext, arguments: DeliveryArguments) -> str:
        """Outside of any transaction: a server may take its time."""
        with context.database.reading() as session:
            feed = _feed(session, arguments.feed)
            target = target_of(feed, arguments.target)
            way = way_to(session, tools.settings, feed.code, target)
            row = service.get(session, feed.code, arguments.delivery)
            shipment = replace(shipment_of(row, tools.storage), check=context.check)
        shipment.demand_whole()
        return TARGET_KINDS[target.kind].send(way, shipment)

    def _conclude(
        self,
        context: JobContext,
        number: int,
        *,
        said: str = "",
        refused: EtalageError | None = None,
    ) -> Mapping[str, Any]:
        with context.database.writing() as session:
            context.guard(session)
            delivery = service.find(session, number)
            if delivery is None:
                return {"state": "replaced"}
            now = context.clock()
            if refused is None:
                service.succeed(session, delivery, said, now)
            elif isinstance(refused, Unavailable):
                service.put_off(session, delivery, refused.message, now)
            else:
                service.fail(session, delivery, refused.message, now)
            reason = refused.message.stored() if refused else None
            return {"state": delivery.state, "name": delivery.name, "reason": reason}

    def tidy(self, session: Session, now: datetime) -> None:
        service.end_orphans(session, now)

    def subject(self, arguments: DeliveryArguments) -> str:
        return service.subject_of(arguments.feed, arguments.target)

    def title(self, arguments: DeliveryArguments, names: Mapping[str, str]) -> Text:
        return _title(arguments.feed, arguments.target, names)

    def outcome(self, result: Mapping[str, Any]) -> Text:
        if result["state"] == "delivered":
            return text("%(name)s was delivered", name=result["name"])
        if result.get("reason"):
            return text("not delivered: %(reason)s", reason=Text.read(result["reason"]))
        return text("not delivered: a newer file took its place")

    def page(self, job_id: int, arguments: DeliveryArguments) -> JobPage:
        return JobPage("feeds.show_delivery", {"code": arguments.feed})


@dataclass(frozen=True)
class TargetArguments:
    """``feed``, ``target``: codes."""

    feed: str
    target: str


class TryTarget(JobKind[TargetArguments]):
    """Somebody asked whether a target can be reached. Nothing is delivered."""

    name: ClassVar[str] = "try_target"
    label: ClassVar[Text] = text("Test of a connection")
    permission: ClassVar[str] = Permission.FEEDS_CONFIGURE
    arguments = TargetArguments

    def run(
        self, tools: JobTools, context: JobContext, arguments: TargetArguments
    ) -> Mapping[str, Any]:
        with context.database.reading() as session:
            feed = _feed(session, arguments.feed)
            target = target_of(feed, arguments.target)
            way = way_to(session, tools.settings, feed.code, target)
        tried = try_connection(way)
        return {"works": tried.works, "said": tried.said.stored(), "host_key": tried.host_key}

    def subject(self, arguments: TargetArguments) -> str:
        return f"try:{arguments.feed}/{arguments.target}"

    def title(self, arguments: TargetArguments, names: Mapping[str, str]) -> Text:
        return _title(arguments.feed, arguments.target, names)

    def outcome(self, result: Mapping[str, Any]) -> Text:
        return Text.read(result["said"])

    def page(self, job_id: int, arguments: TargetArguments) -> JobPage:
        return JobPage("feeds.show_delivery", {"code": arguments.feed})


DELIVER_FILE = DeliverFile()
TRY_TARGET = TryTarget()


def _feed(session: Session, code: str) -> Feed:
    feed = session.get(Feed, code)
    if feed is None:
        raise NotFound(text("There is no feed “%(code)s”.", code=code))
    return feed


def _title(feed: str, target: str, names: Mapping[str, str]) -> Text:
    return text("%(feed)s to %(target)s", feed=names.get(subject_of(feed), feed), target=target)
