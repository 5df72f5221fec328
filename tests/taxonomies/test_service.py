"""Versions of a taxonomy: what a newer file adds, takes away and renames; and looking in it."""

from typing import Any

import pytest

from pim.db import Database
from pim.errors import NotFound
from pim.taxonomies import queries, service
from pim.taxonomies.readers import read_taxonomy
from pim.taxonomies.search import find_nodes, suggest_node
from pim.taxonomies.tree import TaxonomyTree

FIRST = "1 - Sports\n2 - Sports > Cycling\n3 - Sports > Cycling > Bells\n4 - Food\n"
SECOND = "1 - Sports\n2 - Sports > Bikes\n3 - Sports > Bikes > Bells\n5 - Toys\n"


def tree_of(content: str, language: str = "en") -> TaxonomyTree:
    return read_taxonomy(content.encode(), "t", language).tree


def upload(
    database: Database, clock: Any, content: str, language: str = "en", **options: Any
) -> service.TaxonomyUpload:
    with database.writing() as session:
        read = tree_of(content, language)
        return service.upload(session, "google", read, "f.txt", clock(), **options)


def test_a_newer_version_tells_what_vanished_and_what_was_renamed(
    database: Database, clock: Any
) -> None:
    upload(database, clock, FIRST, label="Google")
    done = upload(database, clock, SECOND)
    assert (done.number, done.added, done.vanished) == (2, ["5"], {"4": "Food"})
    assert [(one.code, one.before, one.after) for one in done.renamed] == [
        ("2", "Sports > Cycling", "Sports > Bikes"),
        ("3", "Sports > Cycling > Bells", "Sports > Bikes > Bells"),
    ]
    with database.reading() as session:
        assert queries.get(session, "google").label == "Google"
        assert "4" in queries.tree(session, "google", 1).nodes
        assert "4" not in queries.tree(session, "google", 2).nodes


def test_the_same_file_again_makes_no_version(database: Database, clock: Any) -> None:
    upload(database, clock, FIRST)
    done = upload(database, clock, FIRST)
    assert (done.number, done.is_new) == (1, False)


def test_another_language_gives_labels_and_takes_no_category_away(
    database: Database, clock: Any
) -> None:
    upload(database, clock, FIRST)
    done = upload(database, clock, "1 - Sport\n9 - Neu\n", "de", adds_language=True)
    assert (done.number, done.vanished, done.languages) == (2, {}, ["de", "en"])
    with database.reading() as session:
        tree = queries.tree(session, "google", 2)
    assert "9" not in tree.nodes
    assert tree.path("2", "de") == "Sport > Cycling"
    upload(database, clock, SECOND)
    with database.reading() as session:
        assert queries.tree(session, "google", 3).label("1", "de") == "Sport"


def test_what_is_removed_is_gone(database: Database, clock: Any) -> None:
    upload(database, clock, FIRST)
    with database.writing() as session:
        service.remove(session, "google", clock())
    with database.reading() as session, pytest.raises(NotFound):
        queries.tree(session, "google", 1)


def test_a_search_finds_codes_labels_paths_and_words_the_best_first() -> None:
    tree = tree_of(
        "1 - Sport\n2 - Sport > Räder\n3 - Sport > Räder > Klingeln\n"
        "4 - Sport > Klingeln für Räder\n5 - Spiel\n",
        "de",
    )
    assert find_nodes(tree, "rader", "de", 9) == ["2", "4", "3"]
    assert find_nodes(tree, "klingeln sport", "de", 9) == ["3", "4"]
    assert find_nodes(tree, "5", "de", 9) == ["5"]
    assert find_nodes(tree, "klingeln", "de", 1) == ["3"]
    assert find_nodes(tree, " ", "de", 9) == []


def test_a_similar_label_is_suggested_and_the_one_above_tells_two_apart() -> None:
    tree = tree_of(
        "1 - Cars\n2 - Cars > Tyres\n3 - Bikes\n4 - Bikes > Tyres\n5 - Bikes > Bicycle Bells\n"
    )

    def suggested(*labels: str) -> str | None:
        found = suggest_node(tree, labels, "en")
        return found.code if found else None

    assert suggested("Bikes", "Tyres") == "4"
    assert suggested("Cars", "tyres") == "2"
    assert suggested("Bikes", "Bicycle bell") == "5"
    assert suggested("Gardening") is None
