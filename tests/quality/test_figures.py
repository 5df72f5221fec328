"""How many products have a warning: as many as the list has rows, whatever happens."""

import random

import pytest

from pim.products import matching, restructure
from pim.products.conditions import Condition
from pim.products.matching import Filters
from pim.quality import figures, own_words, service
from pim.quality_kinds import ANY, NAMES, REPEATED_NAME
from tests.support.lamp_shop import STRUCTURE

TREE = {"room": {"children": {"desk": {}, "wall": {}}}}
SENTENCES = ("A lamp that turns with the light", "Een lamp die meedraait met het licht", None)


def check(shop):
    """In the whole shop, and for who sees one category."""
    with shop.database.reading() as session:
        structure = shop.structure()
        for within in (None, frozenset({"desk"})):
            counts = figures.counts(session, within)
            for kind in (ANY, *NAMES):
                asked = Condition("_quality", "one_of", (kind,))
                filters = Filters(conditions=(asked,), within=within)
                listed = matching.count(session, structure, filters, 1000)
                assert counts.get(kind, 0) == listed, (kind, within)


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_has_as_many_as_its_list(shop, seed):
    chance = random.Random(seed)
    with shop.database.writing() as session:
        restructure.apply(session, {"categories": TREE})
    for step in range(45):
        sku = f"L{chance.randrange(10)}"
        if chance.random() < 0.15:
            shop.move(sku, chance.choice(["retired", "draft"]))
        else:
            values = {
                "family": chance.choice(["lamps", "shades"]),
                "name-nl_NL": chance.choice(["Leeslamp", "Hanglamp", "Wandlamp", None]),
                "blurb-nl_NL-web": chance.choice(SENTENCES),
                "blurb-en_GB-web": chance.choice(SENTENCES),
                "categories": chance.choice([None, ["desk"], ["wall"]]),
            }
            shop.edit(sku, values)
        if step % 3 == 2:
            check(shop)  # the job has not run yet
            shop.follow()
            check(shop)
            _call_one_right(shop, chance)
            check(shop)


def _call_one_right(shop, chance):
    found = shop.stored_warnings()
    if not found:
        return
    identifier, kind, address = chance.choice(found)
    number = shop.get(identifier).id
    with shop.database.writing() as session:
        structure, by = shop.structure(), "ann@example.org"
        service.dismiss(session, structure, number, kind, address, by, shop.clock())


def test_what_is_called_right_and_looked_at_again_counts_at_once(shop):
    for sku in ("A", "B"):
        shop.add(sku, **{"name-nl_NL": "Leeslamp"})
    shop.follow()

    def counted():
        with shop.database.reading() as session:
            return figures.counts(session)[ANY]

    assert counted() == 2
    place = (shop.get("A").id, REPEATED_NAME, "name-nl_NL")
    with shop.database.writing() as session:
        service.dismiss(session, shop.structure(), *place, "ann@example.org", shop.clock())
    assert counted() == 1
    with shop.database.writing() as session:
        service.restore(session, shop.structure(), *place)
    assert counted() == 2


def test_a_word_that_becomes_one_of_the_shop_leaves_the_figures_at_once(shop):
    pytest.importorskip("hunspell", reason="the extra “spelling” is not installed")
    shop.restructure(STRUCTURE)
    shop.add("A", **{"name-en_GB": "A zwurbling lamp"})
    shop.follow()
    with shop.database.reading() as session:
        assert figures.counts(session)[ANY] == 1
    with shop.database.writing() as session:
        own_words.add(session, "zwurbling", "ann@example.org", shop.clock())
    check(shop)
    with shop.database.reading() as session:
        assert figures.counts(session)[ANY] == 0


def test_nothing_is_counted_again_while_nothing_changes(shop):
    shop.add("A", **{"name-nl_NL": "Leeslamp"})
    shop.follow()
    with shop.database.reading() as session:
        first = figures.counts(session)
    with shop.database.reading() as session:
        assert figures.counts(session) is first
