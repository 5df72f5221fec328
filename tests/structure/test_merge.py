"""An entry of a structure file changes what it names, and leaves what it does not name."""

from typing import Any

import pytest

from pim.db import Database
from pim.errors import Invalid
from pim.structure import queries, service
from pim.structure.document import nest

TENT = {
    "locales": ["nl_NL", "de_DE", "fr_FR"],
    "channels": {
        "web": {"locales": ["nl_NL", "de_DE"], "tree": "all"},
        "till": {"locales": ["nl_NL"]},
    },
    "groups": {"texts": {}},
    "attributes": {
        "sku": {"type": "identifier"},
        "ean": {"type": "gtin", "unique": True, "owner": "erp"},
        "name": {
            "type": "text",
            "group": "texts",
            "max_length": 80,
            "localizable": True,
            "labels": {"nl_NL": "Naam", "de_DE": "Name"},
            "help": {"nl_NL": "Zoals een klant het zegt"},
        },
        "poles": {"type": "number", "decimals": 0, "min": 0, "filterable": True},
        "door": {"type": "choice", "options": {"one": {"labels": {"nl_NL": "Eén"}}, "two": {}}},
    },
    "families": {
        "tents": {
            "attributes": ["sku", "ean", "name", "poles", "door"],
            "label": "name",
            "requirements": {"web": ["name", "poles"], "till": ["ean"]},
        }
    },
    "categories": {"all": {"children": {"tents": {"labels": {"nl_NL": "Tenten"}}}}, "old": {}},
}


@pytest.fixture
def tents(database: Database) -> Database:
    with database.writing() as session:
        service.apply(session, TENT)
    return database


def apply(database: Database, document: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Path, before and after of everything that differs within the entries."""
    with database.writing() as session:
        changes = service.apply(session, document)
    return [(one.path, one.before, one.after) for change in changes for one in change.differences]


def attribute(database: Database, code: str) -> dict[str, Any]:
    with database.reading() as session:
        return queries.items(session)["attributes", code]


def test_a_label_in_one_more_language_touches_nothing_else(tents: Database) -> None:
    label = {"attributes": {"name": {"labels": {"fr_FR": "Nom"}}}}
    assert apply(tents, label) == [("labels.fr_FR", None, "Nom")]
    labels = {"nl_NL": "Naam", "de_DE": "Name", "fr_FR": "Nom"}
    assert attribute(tents, "name") == {**TENT["attributes"]["name"], "labels": labels}


def test_an_attribute_named_by_its_code_alone_stays_as_it_is(tents: Database) -> None:
    assert apply(tents, {"attributes": {"ean": {}, "name": None}}) == []


def test_requirements_are_those_of_the_channel_that_is_named(tents: Database) -> None:
    fewer = {"families": {"tents": {"requirements": {"web": ["name"]}}}}
    assert apply(tents, fewer) == [("requirements.web", ["name", "poles"], ["name"])]
    with tents.reading() as session:
        family = queries.structure(session).families["tents"]
    assert family.requirements == {"web": ("name",), "till": ("ean",)}


@pytest.mark.parametrize(
    ("kind", "code", "named", "path"),
    [
        ("attributes", "name", {"labels": {"de_DE": None}}, "labels.de_DE"),
        ("attributes", "name", {"help": None}, "help.nl_NL"),
        ("attributes", "name", {"help": {"nl_NL": None}}, "help.nl_NL"),
        ("attributes", "name", {"max_length": None}, "max_length"),
        ("attributes", "name", {"group": None}, "group"),
        ("attributes", "ean", {"unique": None}, "unique"),
        ("channels", "web", {"tree": None}, "tree"),
        ("families", "tents", {"requirements": {"till": None}}, "requirements.till"),
    ],
)
def test_null_takes_one_thing_away_and_shows_it(
    tents: Database, kind: str, code: str, named: dict[str, Any], path: str
) -> None:
    ((shown, before, after),) = apply(tents, {kind: {code: named}})
    assert (shown, after) == (path, None)
    assert before is not None
    assert apply(tents, {kind: {code: named}}) == []
    with tents.reading() as session:
        left = queries.items(session)[kind, code]
    *way, last = path.split(".")
    assert last not in (left.get(way[0], {}) if way else left)


def test_null_leaves_nothing_behind_in_what_is_new(database: Database) -> None:
    new = {"attributes": {"sku": {"type": "identifier", "group": None, "labels": {"nl_NL": None}}}}
    apply(database, new)
    assert attribute(database, "sku") == {"type": "identifier"}


def test_a_list_is_named_as_a_whole_and_says_what_goes(tents: Database) -> None:
    with tents.writing() as session:
        family = {"attributes": ["ean", "sku", "name", "poles"]}
        (change,) = service.apply(session, {"families": {"tents": family}})
        (difference,) = change.differences
    assert (difference.path, difference.gone, difference.added) == ("attributes", ["door"], [])


def test_another_type_keeps_the_settings_that_it_has_too(tents: Database) -> None:
    text = {"attributes": {"poles": {"type": "text"}, "name": {"type": "richtext"}}}
    gone = {path for path, _, after in apply(tents, text) if after is None}
    assert gone == {"decimals", "min"}
    assert attribute(tents, "poles") == {"type": "text", "filterable": True}
    assert attribute(tents, "name") == {**TENT["attributes"]["name"], "type": "richtext"}


def test_options_stay_where_the_attribute_is_named_without_its_type(tents: Database) -> None:
    assert apply(tents, {"attributes": {"door": {"labels": {"nl_NL": "Deur"}}}}) == [
        ("labels.nl_NL", None, "Deur")
    ]
    with tents.reading() as session:
        assert queries.structure(session).attributes["door"].type.option_codes() == {"one", "two"}


def test_a_category_does_not_become_a_tree_unsaid(tents: Database) -> None:
    french = {"labels": {"fr_FR": "Tentes"}}
    with pytest.raises(Invalid, match=r"categories\.tents"):
        apply(tents, {"categories": {"tents": french}})
    assert apply(tents, {"categories": {"all": {"children": {"tents": french}}}}) == [
        ("labels.fr_FR", None, "Tentes")
    ]
    assert apply(tents, {"categories": {"tents": {"parent": None}}}) == [("parent", "all", None)]
    with tents.reading() as session:
        assert queries.structure(session).path("tents") == ("tents",)


def test_what_only_prune_would_take_away_is_told(tents: Database) -> None:
    part = {**TENT, "categories": {"all": TENT["categories"]["all"]}}
    part["attributes"] = {**TENT["attributes"], "ean": {"type": "gtin", "unique": True}}
    with tents.reading() as session:
        assert service.left_out(session, TENT) == []
        left = service.left_out(session, part)
    assert [(one.verb, one.kind, one.code) for one in left] == [
        ("change", "attributes", "ean"),
        ("remove", "categories", "old"),
    ]


def test_nulls_that_older_versions_stored_are_nothing(database: Database) -> None:
    with database.writing() as session:
        service.apply(session, TENT)
        row = session.get(service.StructureItem, ("attributes", "ean"))
        assert row is not None
        row.definition = {**row.definition, "group": None}
    with database.reading() as session:
        document = nest(queries.items(session))
        assert "group" not in document["attributes"]["ean"]
        assert service.compare(session, document, prune=True) == []
