"""What the kinds of job do: name -> function, wired to this hub's settings and storage."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from media.storage import Storage
from pim.config import Settings
from pim.feeds.run import run_feed
from pim.feeds.run import summary as feed_summary
from pim.imports.profiles import profile_from
from pim.imports.report import summary as import_summary
from pim.imports.run import import_products
from pim.jobs.context import JobContext
from pim.jobs.runner import Handler
from pim.products.change import Origin
from pim.products.maintenance import rebuild_index
from pim.products.revert import revert_run


def handlers(settings: Settings, storage: Storage) -> Mapping[str, Handler]:
    """The kinds of job this version knows."""

    def feed(context: JobContext, code: str, full: bool = False) -> dict[str, Any]:
        built = run_feed(
            context.database,
            storage,
            settings.home / "tmp",
            code,
            settings.base_url,
            context.clock,
            full=full,
            step=lambda done, total: context.progress(done, total or None),
            guard=context.guard,
        )
        return feed_summary(built, storage)

    def import_(
        context: JobContext,
        path: str,
        profile: dict[str, Any],
        filename: str,
        actor: str,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        run = import_products(
            context.database,
            Path(path),
            profile_from(profile),
            actor,
            context.clock,
            filename=filename,
            dry_run=dry_run,
            progress=lambda done, total, sentence: context.progress(
                done, total or None, sentence or None
            ),
        )
        return dict(import_summary(run, ""))

    def revert(context: JobContext, run: str, filename: str, actor: str) -> dict[str, Any]:
        results = revert_run(context.database, run, Origin("revert", actor, None), context.clock)
        return {
            "restored": sum(one.outcome == "updated" for one in results),
            "kept": sum(len(one.problems) for one in results),
        }

    def reindex(context: JobContext) -> dict[str, Any]:
        rebuild_index(context.database, context.progress, context.guard)
        return {}

    return {"feed": feed, "import": import_, "revert": revert, "reindex": reindex}
