"""Which products name one: associations and links, read from the other end."""

import pytest

from pim.products import publishing, service
from pim.products.change import Origin, ProductInput
from pim.products.named_by import MOST, named_by
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.workflow import RETIRED

ANN = Origin("user", "ann@example.org", "hub")
STRUCTURE = {
    "attributes": {
        "sku": {"type": "identifier"},
        "shade": {"type": "choice", "options": {"sand": {}, "sea": {}}},
        "spares": {"type": "link", "multiple": True},
    },
    "families": {"lamps": {"attributes": ["sku", "shade", "spares"]}},
    "variants": {
        "by_shade": {"family": "lamps", "levels": [{"axes": ["shade"], "attributes": ["sku"]}]}
    },
    "categories": {"all": {"children": {"indoors": {}, "outdoors": {}}}},
    "associations": {"with": {}, "instead": {}},
}


@pytest.fixture
def shop(database, clock):
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    write(
        database,
        clock,
        ProductInput("BULB", {"family": "lamps"}),
        ProductInput("A", {"family": "lamps", "with-products": ["bulb", "B"]}),
        ProductInput("B", {"family": "lamps", "spares": ["BULB"], "categories": ["indoors"]}),
        ProductInput("L", {"family_variant": "by_shade", "with-products": ["BULB"]}, "model"),
    )
    write(database, clock, ProductInput("L-1", {"parent": "L", "shade": "sand"}))
    return database


def write(database, clock, *given):
    with database.writing() as session:
        for one in service.write(session, given, ANN, clock()):
            assert not one.is_refused, one.problems


def naming(database, identifier, within=None):
    with database.reading() as session:
        found = named_by(session, catalog.structure(session), identifier.lower(), within)
        return {one.address: [row.identifier for row in one.rows] for one in found}


def test_each_kind_of_link_tells_who_names_it_and_a_variant_gives_way_to_its_model(shop):
    assert naming(shop, "BULB") == {"spares": ["B"], "with-products": ["A", "L"]}
    assert naming(shop, "B") == {"with-products": ["A"]}
    assert naming(shop, "A") == {}


def test_it_follows_what_is_changed_and_who_is_retired(shop, clock):
    write(
        shop,
        clock,
        ProductInput("A", {"with-products": None, "instead-products": ["BULB"]}),
        ProductInput("L-1", {"with-products": ["BULB", "A"]}),
    )
    assert naming(shop, "BULB") == {
        "instead-products": ["A"],
        "spares": ["B"],
        "with-products": ["L"],
    }
    assert naming(shop, "A") == {"with-products": ["L-1"]}
    with shop.writing() as session:
        publishing.move(session, ["B", "L"], RETIRED, ANN, clock())
    assert naming(shop, "BULB") == {"instead-products": ["A"]}


def test_nobody_is_told_of_what_they_may_not_see(shop):
    assert naming(shop, "BULB", frozenset({"indoors"})) == {"spares": ["B"]}
    assert naming(shop, "BULB", frozenset({"outdoors"})) == {}


def test_of_many_the_first_are_told(shop, clock):
    given = [ProductInput(f"N-{one}", {"instead-products": ["A"]}) for one in range(MOST + 1)]
    write(shop, clock, *given)
    with shop.reading() as session:
        [found] = named_by(session, catalog.structure(session), "a", None)
    assert (len(found.rows), found.has_more, found.rows[0].identifier) == (MOST, True, "N-0")


def test_names_that_are_too_long_for_the_index_are_told_apart(shop, clock):
    long = "N" * 250
    write(shop, clock, ProductInput("A", {"with-products": [f"{long}2"]}))
    assert naming(shop, f"{long}1") == {}
    assert naming(shop, f"{long}2") == {"with-products": ["A"]}
