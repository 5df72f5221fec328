"""Structure as code: apply shows, then does, and what comes out is what went in."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bench.generate import structure as bench_structure
from pim.db import Database
from pim.definitions import read_yaml, write_yaml
from pim.imports.akeneo import read_folder
from pim.structure import moves, queries, service
from pim.structure.document import nest

DEMO = Path(__file__).parents[2] / "pim" / "demo" / "structure.yaml"


def apply(
    database: Database, document: dict[str, Any], prune: bool = False
) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        shown = service.compare(session, document, prune)
    with database.writing() as session:
        assert service.apply(session, document, prune) == shown
    return [(change.verb, change.kind, change.code) for change in shown]


def exported(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        return nest(queries.items(session))


def test_the_first_time_everything_is_added_the_second_time_nothing_happens(
    database: Database, document: dict[str, Any]
) -> None:
    changes = apply(database, document)
    assert {verb for verb, _, _ in changes} == {"add"}
    assert ("add", "options", "color:red") in changes
    with database.reading() as session:
        version = queries.structure(session).version
    assert apply(database, document) == []
    with database.reading() as session:
        assert queries.structure(session).version == version


def test_what_is_exported_is_what_was_applied(database: Database, document: dict[str, Any]) -> None:
    apply(database, document)
    assert exported(database) == document


def test_an_earlier_structure_is_not_mistaken_for_the_new_one(
    database: Database, document: dict[str, Any]
) -> None:
    apply(database, document)
    with database.reading() as session:
        first = queries.structure(session)
        assert queries.structure(session) is first
    document["attributes"]["name"]["max_length"] = 10
    assert apply(database, document) == [("change", "attributes", "name")]
    with database.reading() as session:
        assert queries.structure(session).attributes["name"].type.max_length == 10


def test_a_structure_that_is_rolled_back_was_seen_by_nobody_else(
    database: Database, document: dict[str, Any]
) -> None:
    apply(database, document)
    document["attributes"]["name"]["max_length"] = 10
    with Session(database.engine) as session:
        service.apply(session, document)
        assert queries.structure(session).attributes["name"].type.max_length == 10
        session.rollback()
    document["attributes"]["name"]["max_length"] = 20
    apply(database, document)
    with database.reading() as session:
        assert queries.structure(session).attributes["name"].type.max_length == 20


def test_what_a_file_leaves_out_stays_in_its_place(
    database: Database, document: dict[str, Any]
) -> None:
    apply(database, document)
    part = {
        "attributes": {
            "size": {"type": "choice", "options": {"xs": {}, "s": {"labels": {"en_GB": "Small"}}}},
            "brand": {"type": "text"},
        }
    }
    assert apply(database, part) == [
        ("add", "attributes", "brand"),
        ("add", "options", "size:xs"),
        ("change", "options", "size:s"),
    ]
    after = exported(database)
    assert list(after["attributes"]) == [
        "sku",
        "name",
        "price",
        "weight",
        "color",
        "size",
        "pictures",
        "brand",
    ]
    assert list(after["attributes"]["size"]["options"]) == ["xs", "s", "m"]


def test_another_order_is_a_change_too(database: Database, document: dict[str, Any]) -> None:
    apply(database, document)
    document["attributes"] = dict(reversed(document["attributes"].items()))
    document["attributes"]["color"]["options"] = dict(
        reversed(document["attributes"]["color"]["options"].items())
    )
    document["categories"]["shop"]["children"] = dict(
        reversed(document["categories"]["shop"]["children"].items())
    )
    assert apply(database, document) == [
        ("move", "attributes", ""),
        ("move", "categories", "shop"),
        ("move", "options", "color"),
    ]
    assert write_yaml(exported(database)) == write_yaml(document)
    assert apply(database, document) == []


def test_of_another_order_only_what_moved_is_told(
    database: Database, document: dict[str, Any]
) -> None:
    apply(database, document)
    codes = list(document["attributes"])
    moved = [codes[-1], *codes[:2], codes[3], codes[2], *codes[4:-1]]
    document["attributes"] = {code: document["attributes"][code] for code in moved}
    with database.reading() as session:
        (change,) = service.compare(session, document)
    assert [(one.path, one.before, one.after) for one in change.differences] == [
        (f"{codes[-1]}.behind", codes[-2], None),
        (f"{codes[3]}.behind", codes[2], codes[1]),
    ]


@pytest.mark.parametrize("now", ["abcd", "bacd", "bcda", "dabc", "dcba", "cdab", "badc"])
def test_what_stays_stands_as_it_did_to_each_other(now: str) -> None:
    codes = moves.moved("abcd", now)
    stay = [code for code in now if code not in codes]
    assert stay == sorted(stay)
    assert len(codes) == {"abcd": 0, "dcba": 3, "cdab": 2, "badc": 2}.get(now, 1)


def test_pruning_removes_what_the_file_does_not_name(
    database: Database, document: dict[str, Any]
) -> None:
    apply(database, document)
    del (
        document["attributes"]["weight"],
        document["associations"],
        document["attributes"]["size"]["options"]["m"],
    )
    assert apply(database, document) == []
    assert sorted(apply(database, document, prune=True)) == [
        ("remove", "associations", "upsell"),
        ("remove", "attributes", "weight"),
        ("remove", "options", "size:m"),
    ]
    assert exported(database) == document


def test_a_choice_that_becomes_a_text_leaves_its_options_behind(
    database: Database, document: dict[str, Any]
) -> None:
    apply(database, document)
    apply(database, {"attributes": {"size": {"type": "text"}}})
    assert exported(database)["attributes"]["size"] == {"type": "text"}


def test_a_category_moves_below_another(database: Database, document: dict[str, Any]) -> None:
    apply(database, document)
    tops = document["categories"]["shop"]["children"]["women"].pop("children")
    document["categories"]["shop"]["children"]["men"] = {"labels": {}, "children": tops}
    assert ("change", "categories", "tops") in apply(database, document)
    with database.reading() as session:
        assert queries.structure(session).path("tops") == ("tops", "men", "shop")


def test_a_day_of_yaml_is_the_same_day_tomorrow(database: Database) -> None:
    document = read_yaml("locales: [nl_NL]\nattributes:\n  since: {type: date, min: 2020-01-31}\n")
    assert apply(database, document) == [
        ("add", "locales", "nl_NL"),
        ("add", "attributes", "since"),
    ]
    assert apply(database, document) == []


@pytest.mark.parametrize("source", ["demo", "akeneo_icecat_demo_dev", "akeneo_minimal", "bench"])
def test_export_apply_export_gives_the_same_bytes(
    database: Database, empty_copy: Database, source: str, request: pytest.FixtureRequest
) -> None:
    if source == "demo":
        document = read_yaml(DEMO.read_bytes())
    elif source == "bench":
        document = bench_structure()
    else:
        document = read_folder(request.getfixturevalue("shared") / "data" / source).structure
    apply(database, document)
    first = write_yaml(exported(database))
    assert apply(database, read_yaml(first)) == []
    apply(empty_copy, read_yaml(first))
    assert write_yaml(exported(empty_copy)) == first
    assert read_yaml(first) == exported(empty_copy)
    assert [list(document.get(section) or []) for section in document] == [
        list(exported(database)[section]) for section in document
    ]
