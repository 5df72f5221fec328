"""Which products have an outdated translation, as a list and a figure know it: held against the
tasks that the change log gives.
"""

from datetime import timedelta

from pim.jobs import queries as jobs
from pim.products import conditions, matching, queries
from pim.products.matching import Filters
from pim.text_translation import following, memory
from pim.text_translation.jobs import FOLLOW_TEXTS, MemoryArguments


def listed(mugs, *asked):
    """Who a list shows that is asked for outdated German."""
    with mugs.database.reading() as session:
        structure = mugs.structure()
        wanted = ("_outdated.one_of.de_DE", *asked)
        filters = Filters(conditions=tuple(conditions.read(structure, one) for one in wanted))
        rows = queries.page(session, structure, filters).rows
        assert matching.count(session, structure, filters, 100) == len(rows)
    return {row.identifier for row in rows}


def outdated(mugs):
    """Who has such a task."""
    found = mugs.tasks(state="outdated").tasks
    return {holder.identifier for one in found for holder in one.holders}


def follow(mugs):
    following.follow(mugs.database, "en_GB", "de_DE", mugs.clock())


def test_the_list_has_whom_the_tasks_name(mugs):
    for name in ("M1", "M2", "M3"):
        mugs.add(name, f"Blue mug {name}", **{"name-de_DE": f"Blaue Tasse {name}"})
    follow(mugs)
    assert listed(mugs) == outdated(mugs) == set()
    mugs.edit("M1", {"name-en_GB": "Green mug"})
    mugs.edit("M2", {"name-en_GB": "Red mug"})
    follow(mugs)
    assert listed(mugs) == outdated(mugs) == {"M1", "M2"}
    mugs.edit("M1", {"name-de_DE": "Grüne Tasse"})
    follow(mugs)
    assert listed(mugs) == outdated(mugs) == {"M2"}
    mugs.move("M2", "retired")
    follow(mugs)
    assert listed(mugs) == outdated(mugs) == set()


def test_a_model_is_listed_for_its_own_texts(mugs):
    mugs.model("P", {"family_variant": "by_size", "name-en_GB": "Mug", "name-de_DE": "Tasse"})
    mugs.edit("P-s", {"parent": "P", "size": "s"})
    mugs.model("P", {"name-en_GB": "Large mug"})
    follow(mugs)
    assert listed(mugs) == outdated(mugs) == {"P"}


def test_what_somebody_calls_right_all_the_same_leaves_the_list_at_once(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-en_GB": "Deep blue mug"})
    follow(mugs)
    number = mugs.get("M1").id
    with mugs.database.writing() as session:
        texts = ("Deep blue mug", "Blaue Tasse")
        memory.remember(session, "en_GB", "de_DE", *texts, mugs.clock())
        following.refresh(session, "en_GB", "de_DE", [number])
    assert listed(mugs) == outdated(mugs) == set()


def test_what_is_translated_is_followed_by_itself_and_not_all_the_time(mugs):
    arguments = MemoryArguments("en_GB", "de_DE")

    def queued(minutes):
        now = mugs.clock() + timedelta(minutes=minutes)
        with mugs.database.writing() as session:
            before = jobs.last_of(session, FOLLOW_TEXTS.subject(arguments))
            FOLLOW_TEXTS.tidy(session, now)
            return jobs.last_of(session, FOLLOW_TEXTS.subject(arguments)) != before

    mugs.add("M1", "Blue mug")
    assert not queued(0)  # nobody translates
    follow(mugs)
    assert not queued(0)  # nothing has changed since
    mugs.edit("M1", {"name-en_GB": "Red mug"})
    assert queued(0)
    with mugs.database.writing() as session:
        job = jobs.last_of(session, FOLLOW_TEXTS.subject(arguments))
        assert job is not None
        job.state, job.finished = "done", mugs.clock()
    assert not queued(5)
    assert queued(11)
