"""What texts were translated to before."""

import pytest

from pim.db import Database
from pim.text_translation import following, memory


def follow(database: Database, clock) -> int:
    return following.follow(database, "en_GB", "de_DE", clock())


def exact(database: Database, text: str) -> list[str]:
    with database.reading() as session:
        found = memory.exact(session, "en_GB", "de_DE", [text])
    return [one.target for one in found.get(text, ())]


def test_what_was_typed_or_imported_is_offered_for_equal_texts(mugs, database, clock):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    assert follow(database, clock) == 1
    assert exact(database, "Blue mug") == ["Blaue Tasse"]
    assert exact(database, "Red mug") == []


def test_only_what_changed_since_is_followed(mugs, database, clock):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    follow(database, clock)
    with database.reading() as session:
        assert not following.is_behind(session, "en_GB", "de_DE")
    assert follow(database, clock) == 0
    mugs.add("M2", "Red mug", **{"name-de_DE": "Rote Tasse"})
    with database.reading() as session:
        assert following.is_behind(session, "en_GB", "de_DE")
    assert follow(database, clock) == 1


def test_it_goes_on_where_it_was_stopped(mugs, database, clock, monkeypatch):
    monkeypatch.setattr(following, "CHANGES", 2)
    for number in range(5):
        mugs.add(f"M{number}", f"Mug {number}", **{"name-de_DE": f"Tasse {number}"})

    class Killed(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        following.follow(database, "en_GB", "de_DE", clock(), progress=stop)
    assert follow(database, clock) == 3
    assert [exact(database, f"Mug {number}") for number in range(5)] == [
        [f"Tasse {number}"] for number in range(5)
    ]


def test_an_outdated_translation_is_no_example(mugs, database, clock):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-en_GB": "Green mug"})
    follow(database, clock)
    assert exact(database, "Green mug") == []


def test_similar_texts_are_offered_by_likeness(mugs, database, clock):
    mugs.add("M1", "Blue mug with a handle", **{"name-de_DE": "Blaue Tasse mit Henkel"})
    mugs.add("M2", "Blue mug with two handles", **{"name-de_DE": "Blaue Tasse mit zwei Henkeln"})
    mugs.add("M3", "Umbrella stand, oak", **{"name-de_DE": "Schirmständer, Eiche"})
    follow(database, clock)
    with database.reading() as session:
        found = memory.similar(session, "en_GB", "de_DE", "Blue mug with a handle.")
    assert [one.target for one in found] == [
        "Blaue Tasse mit Henkel",
        "Blaue Tasse mit zwei Henkeln",
    ]
    assert 100 > found[0].likeness > found[1].likeness >= memory.ALIKE


def test_what_a_person_confirmed_comes_first(mugs, database, clock):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blauer Becher"})
    with database.writing() as session:
        memory.remember(session, "en_GB", "de_DE", "Blue mug", "Blaue Tasse", clock())
    clock.advance(minutes=1)
    follow(database, clock)
    assert exact(database, "Blue mug") == ["Blaue Tasse", "Blauer Becher"]


def test_each_direction_has_its_own(mugs, database, clock):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse", "name-nl_NL": "Blauwe mok"})
    follow(database, clock)
    with database.reading() as session:
        assert memory.exact(session, "en_GB", "nl_NL", ["Blue mug"]) == {}
        assert memory.exact(session, "de_DE", "en_GB", ["Blaue Tasse"]) == {}
