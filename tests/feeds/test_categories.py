"""Our categories and the channel's: mapped, inherited, none on purpose; in the build and in its
reasons.
"""

from typing import Any

import pytest

from pim.errors import Conflict, Invalid
from pim.feeds import categories, service
from pim.structure import queries as catalog
from pim.taxonomies import service as taxonomies
from pim.taxonomies.readers import read_taxonomy
from tests.feeds.conftest import ERP, GOOGLE, STRUCTURE, Shop

FILE = "10 - Sport\n11 - Sport > Fietsen\n12 - Sport > Bellen\n13 - Bonnen\n"
TREE = {
    "shop": {
        "children": {
            "bikes": {
                "labels": {"nl_NL": "Fietsen", "de_DE": "Fahrräder"},
                "children": {"bells": {"labels": {"nl_NL": "Bellen"}}},
            },
            "vouchers": {"labels": {"nl_NL": "Bonnen"}},
        }
    },
    "attic": {},
}
MAPPED = GOOGLE | {
    "google_product_category": {"from": ["$channel_category"]},
    "custom_label_0": {"from": ["$channel_category_path"]},
}


@pytest.fixture
def mapped_shop(shop: Shop, full: dict[str, Any]) -> Shop:
    """Three products, one in each of our categories, and a taxonomy."""
    shop.apply(STRUCTURE | {"categories": TREE})
    upload(shop, FILE)
    for code in ("bikes", "bells", "vouchers"):
        shop.edit(code.upper(), full | {"categories": [code]}, ERP)
    shop.approve("BIKES", "BELLS", "VOUCHERS")
    return shop


def upload(shop: Shop, content: str) -> taxonomies.TaxonomyUpload:
    read = read_taxonomy(content.encode(), "t", "nl")
    with shop.database.writing() as session:
        return taxonomies.upload(session, "google", read.tree, "google.txt", shop.clock())


def define(shop: Shop, nodes: dict[str, Any], **said: Any) -> None:
    shop.define(
        "google_nl",
        mapping=MAPPED,
        categories={"taxonomy": "google", "nodes": nodes, **said},
    )


def lines(shop: Shop) -> dict[str, tuple[str | None, str | None, int]]:
    with shop.database.reading() as session:
        feed = service.get(session, "google_nl")
        found = categories.lines_of(session, catalog.structure(session), feed)
    return {one.code: (one.said_at, one.node, one.products) for one in found.lines}


def test_a_category_below_inherits_and_may_say_otherwise(mapped_shop: Shop) -> None:
    define(mapped_shop, {"shop": 10, "bells": "12", "vouchers": None})
    assert lines(mapped_shop) == {
        "shop": ("shop", "10", 0),
        "bikes": ("shop", "10", 1),
        "bells": ("bells", "12", 1),
        "vouchers": ("vouchers", None, 1),
    }
    mapped_shop.run("google_nl")
    file = mapped_shop.world("google_nl")
    assert "<g:google_product_category>10</g:google_product_category>" in file
    assert "<g:custom_label_0>Sport &gt; Bellen</g:custom_label_0>" in file
    assert file.count("google_product_category>") == 4
    assert file.count("<item>") == 3


def test_what_is_not_mapped_is_said_by_its_name_and_counted(mapped_shop: Shop) -> None:
    define(mapped_shop, {"bells": "12", "vouchers": None})
    build = mapped_shop.run("google_nl")
    totals = {(one[0], one[1]): one[2] for one in build.totals or ()}
    assert totals["google_product_category", "unmapped_category"] == 1
    with mapped_shop.database.reading() as session:
        feed = service.get(session, "google_nl")
        assert categories.lines_of(session, catalog.structure(session), feed).unmapped == 1


def test_a_feed_that_asks_for_it_leaves_out_what_is_not_mapped(mapped_shop: Shop) -> None:
    asked = {"from": ["$channel_category"], "required": True}
    mapped_shop.define(
        "google_nl",
        mapping=GOOGLE | {"google_product_category": asked},
        categories={"taxonomy": "google", "nodes": {"bells": "12", "vouchers": "13"}},
    )
    mapped_shop.run("google_nl")
    held = mapped_shop.builds("google_nl")[0]
    assert (held.items, held.excluded) == (2, 1)
    assert ("google_product_category", "unmapped_category") in {
        (one[0], one[1]) for one in held.totals or ()
    }


def test_a_changed_mapping_renders_anew_and_an_equal_one_copies(mapped_shop: Shop) -> None:
    define(mapped_shop, {"shop": "10"})
    mapped_shop.run("google_nl")
    assert mapped_shop.run("google_nl").rendered == 0
    define(mapped_shop, {"shop": "10", "bells": "12"})
    assert mapped_shop.run("google_nl").rendered == 3
    assert "Sport &gt; Bellen" in mapped_shop.world("google_nl")


def test_a_feed_stays_with_its_version_until_it_is_moved(mapped_shop: Shop) -> None:
    define(mapped_shop, {"shop": "10", "vouchers": "13"})
    done = upload(mapped_shop, "10 - Sporten\n11 - Sporten > Fietsen\n")
    with mapped_shop.database.reading() as session:
        assert categories.lost_in(session, done) == {"google_nl": ["13"]}
    mapped_shop.run("google_nl")
    assert "<g:custom_label_0>Sport</g:custom_label_0>" in mapped_shop.world("google_nl")
    with pytest.raises(Invalid) as refused:
        define(mapped_shop, {"shop": "10", "vouchers": "13"}, version=2)
    assert set(refused.value.messages) == {"categories.nodes.vouchers"}
    define(mapped_shop, {"shop": "10"}, version=2)
    mapped_shop.run("google_nl")
    assert "<g:custom_label_0>Sporten</g:custom_label_0>" in mapped_shop.world("google_nl")


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"taxonomy": "etim"}, "categories"),
        ({"taxonomy": "google", "version": 9}, "categories"),
        ({"taxonomy": "google", "version": "x"}, "categories"),
        ({"taxonomy": "google", "nodes": ["bikes"]}, "categories"),
        ({"taxonomy": "google", "colour": 1}, "categories"),
        ({"taxonomy": "google", "nodes": {"bikes": "99"}}, "categories.nodes.bikes"),
        ({"taxonomy": "google", "nodes": {"boats": "10"}}, "categories.nodes.boats"),
    ],
)
def test_what_is_not_there_is_refused_by_name(
    mapped_shop: Shop, said: dict[str, Any], where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        mapped_shop.define("google_nl", categories=said)
    assert list(refused.value.messages) == [where]


def test_a_category_of_ours_that_went_stays_where_it_was_and_is_not_taken_anew(
    mapped_shop: Shop,
) -> None:
    said = {"taxonomy": "google", "nodes": {"boats": "10"}}
    with mapped_shop.database.reading() as session:
        structure = catalog.structure(session)
        assert categories.checked(session, structure, said, said)["nodes"] == said["nodes"]
        with pytest.raises(Invalid):
            categories.checked(session, structure, said, {})


def test_a_taxonomy_that_a_feed_uses_stays(mapped_shop: Shop) -> None:
    define(mapped_shop, {"shop": "10"})
    with mapped_shop.database.writing() as session, pytest.raises(Conflict):
        categories.remove_taxonomy(session, "google", mapped_shop.clock())
    mapped_shop.define("google_nl", categories={})
    with mapped_shop.database.writing() as session:
        categories.remove_taxonomy(session, "google", mapped_shop.clock())


def test_similar_labels_are_suggested_where_nothing_was_said(mapped_shop: Shop) -> None:
    define(mapped_shop, {"vouchers": None})
    with mapped_shop.database.reading() as session:
        feed = service.get(session, "google_nl")
        found = categories.suggestions(session, catalog.structure(session), feed)
    assert [(one.code, one.node, one.path) for one in found] == [
        ("bikes", "11", "Sport > Fietsen"),
        ("bells", "12", "Sport > Bellen"),
    ]
