"""A feed follows the imports of a profile: one build for each, whoever asks how often."""

from typing import Any

import pytest
from sqlalchemy import select

from pim.errors import Invalid
from pim.feeds import editing, service
from pim.feeds.models import Feed
from pim.imports.models import ImportRun
from pim.job_kinds import tend
from pim.jobs.models import Job


def imported(shop: Any, number: int, **changes: Any) -> None:
    """An import by the profile "erp" that ended now, unless the test says something else."""
    row = {
        "id": f"run{number}",
        "profile": "erp",
        "definition": {},
        "filename": "prices.csv",
        "sha256": "0" * 64,
        "dry_run": False,
        "state": "done",
        "actor": "anna",
        "cursor": 1,
        "rows": 1,
        "created": 0,
        "updated": 1,
        "unchanged": 0,
        "refused": 0,
        "warnings": 0,
        "milliseconds": 1,
        "started": shop.clock(),
        "finished": shop.clock.advance(minutes=1),
    }
    with shop.database.writing() as session:
        session.add(ImportRun(**row | changes))


def builds(shop: Any) -> list[dict[str, Any]]:
    """What is queued after the runner looked twice."""
    for _ in range(2):
        with shop.database.writing() as session:
            tend(session, shop.clock())
    with shop.database.reading() as session:
        return [job.args for job in session.scalars(select(Job).where(Job.kind == "feed"))]


def test_every_import_is_followed_by_one_build(shop: Any) -> None:
    shop.define("google_nl", after_import="erp")
    shop.define("google_de")
    assert builds(shop) == []
    imported(shop, 1)
    assert builds(shop) == [{"code": "google_nl", "full": False}]
    imported(shop, 2)
    imported(shop, 3)
    assert len(builds(shop)) == 2


@pytest.mark.parametrize(
    "changes",
    [{"profile": "texts"}, {"dry_run": True}, {"state": "failed"}, {"finished": None}],
)
def test_what_is_no_import_of_the_profile_is_not_followed(
    shop: Any, changes: dict[str, Any]
) -> None:
    shop.define("google_nl", after_import="erp")
    imported(shop, 1, **changes)
    assert builds(shop) == []


def test_a_paused_feed_follows_nothing_and_neither_does_an_old_import(shop: Any) -> None:
    shop.define("google_nl", after_import="erp")
    imported(shop, 1)
    with shop.database.writing() as session:
        service.pause(session, "google_nl", shop.clock())
    assert builds(shop) == []
    with shop.database.writing() as session:
        service.pause(session, "google_nl", shop.clock(), paused=False)
    shop.clock.advance(days=8)
    assert builds(shop) == []


def test_it_stands_in_the_definition_and_a_copy_follows_nothing(shop: Any) -> None:
    shop.define("google_nl", after_import="erp")
    with shop.database.writing() as session:
        feed = session.get(Feed, "google_nl")
        assert feed is not None
        assert service.definition_of(session, feed)["after_import"] == "erp"
        copied = editing.copy(session, "google_nl", "Second", shop.clock(), by="anna")
        assert copied.after_import == ""
    with pytest.raises(Invalid) as refused:
        shop.define("google_de", after_import="not a code")
    assert list(refused.value.messages) == ["after_import"]
