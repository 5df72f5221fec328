"""The job asks for itself when something has changed, once a minute at most."""

from datetime import timedelta

from sqlalchemy import select

from pim.job_kinds import KINDS, tend
from pim.jobs.models import Job
from pim.jobs.runner import Runner
from pim.quality.jobs import AFTER_FAILURE, FOLLOW_QUALITY, PAUSE


class Tools:
    settings = storage = None


def beat(shop, now):
    with shop.database.writing() as session:
        tend(session, now)


def jobs(shop):
    with shop.database.reading() as session:
        return [(one.kind, one.state) for one in session.scalars(select(Job).order_by(Job.id))]


def run(shop, now):
    def handler(context):
        return KINDS["quality"].run(Tools(), context, FOLLOW_QUALITY.read({}))

    Runner(shop.database, {"quality": handler}, clock=lambda: now).run_until_idle()


def test_it_asks_for_itself_when_something_changed_and_then_rests(shop, clock):
    now = clock()
    shop.add("A", **{"name-nl_NL": "Leeslamp"})
    shop.add("B", **{"name-nl_NL": "Leeslamp"})
    beat(shop, now)
    beat(shop, now)
    assert jobs(shop) == [("quality", "queued")]
    run(shop, now)
    assert len(shop.stored_warnings()) == 2
    beat(shop, now + PAUSE)
    assert jobs(shop) == [("quality", "done")]  # nothing has changed
    shop.add("C", **{"name-nl_NL": "Leeslamp"})
    beat(shop, now + PAUSE / 2)
    assert jobs(shop) == [("quality", "done")]
    beat(shop, now + PAUSE)
    assert jobs(shop) == [("quality", "queued")]  # the one before says nothing any more


def test_after_a_failure_it_rests_for_longer(shop, clock):
    now = clock()
    beat(shop, now)

    def fail(context):
        raise ValueError

    Runner(shop.database, {"quality": fail}, clock=lambda: now).run_until_idle()
    beat(shop, now + 2 * PAUSE)
    assert jobs(shop) == [("quality", "failed")]
    beat(shop, now + AFTER_FAILURE + timedelta(seconds=1))
    assert jobs(shop) == [("quality", "failed"), ("quality", "queued")]
