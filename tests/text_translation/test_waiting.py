"""How many texts wait for a translation, as the table knows it: held against the tasks that
translate mode finds.
"""

import random

import pytest

from pim.accounts.permissions import Permission
from pim.accounts.principals import THE_PROGRAM, Grant, Principal
from pim.products import conditions, restructure
from pim.products.matching import Filters
from pim.text_translation import following, memory, waiting
from pim.text_translation.queue import count_tasks
from pim.text_translation.texts import Direction

TREES = {"kitchen": {"children": {"cups": {}}}, "garden": {"children": {"pots": {}}}}


def limited(**limits):
    grant = Grant(Permission.PRODUCTS_EDIT, **{name: frozenset(to) for name, to in limits.items()})
    return Principal("person", "piet", "hub", (grant,))


EVERYBODY = (
    THE_PROGRAM,
    limited(locales=["de_DE"]),
    limited(locales=["nl_NL"]),
    limited(groups=["texts"]),
    limited(trees=["kitchen"]),
    limited(trees=["kitchen"], groups=["texts"]),
)


@pytest.fixture
def shop(mugs):
    with mugs.database.writing() as session:
        restructure.apply(session, {"categories": TREES})
    return mugs


def follow(shop):
    following.follow(shop.database, "en_GB", "de_DE", shop.clock())


def counted(shop, principal=THE_PROGRAM):
    with shop.database.reading() as session:
        direction = Direction("web", "en_GB", "de_DE")
        return waiting.count(session, shop.structure(), principal, direction)


def found(shop, principal, *asked):
    """What translate mode finds in the list of what waits, or in that of everything."""
    with shop.database.reading() as session:
        structure = shop.structure()
        filters = Filters(conditions=tuple(conditions.read(structure, one) for one in asked))
        direction = Direction("web", "en_GB", "de_DE")
        tasks = count_tasks(session, structure, principal, filters, direction)
    return tasks.missing + tasks.outdated


def check(shop):
    for principal in EVERYBODY:
        number = counted(shop, principal)
        assert number == found(shop, principal, "_translate.one_of.de_DE")
        assert number == found(shop, principal)


def test_equal_texts_of_many_products_count_once(shop):
    for sku in ("M1", "M2"):
        shop.add(sku, "Blue mug")
    shop.add("M3", "Red mug", **{"name-de_DE": "Rote Tasse"})
    follow(shop)
    assert counted(shop) == 1


def test_what_is_outdated_counts_until_somebody_calls_it_right(shop):
    shop.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    follow(shop)
    assert counted(shop) == 0
    shop.edit("M1", {"name-en_GB": "Deep blue mug"})
    follow(shop)
    assert counted(shop) == 1
    with shop.database.writing() as session:
        memory.remember(session, "en_GB", "de_DE", "Deep blue mug", "Blaue Tasse", shop.clock())
        following.refresh(session, "en_GB", "de_DE", [shop.get("M1").id])
    assert counted(shop) == 0


def test_variants_stand_in_the_trees_of_their_model_for_who_translates(shop):
    tree = {"categories": ["cups"]}
    shop.model("P", {"family_variant": "by_size", "name-en_GB": "Mug", **tree})
    shop.edit("P-s", {"parent": "P", "size": "s", "till_name-en_GB": "MUG"})
    follow(shop)
    assert counted(shop, limited(trees=["kitchen"])) == 1
    assert counted(shop, limited(trees=["garden"])) == 0
    check(shop)


def test_what_is_retired_with_its_model_counts_nowhere(shop):
    shop.model("P", {"family_variant": "by_size", "name-en_GB": "Mug"})
    shop.edit("P-s", {"parent": "P", "size": "s"})
    follow(shop)
    assert counted(shop) == 1
    shop.move("P", "retired")
    follow(shop)
    assert counted(shop) == 0
    check(shop)


@pytest.mark.parametrize("seed", range(3))
def test_the_figure_is_the_number_of_tasks_whatever_happens(shop, seed):
    chance = random.Random(seed)
    places = [None, ["cups"], ["pots"], ["cups", "pots"]]
    for step in range(60):
        sku = f"M{chance.randrange(12)}"
        values = {
            f"name-{chance.choice(['en_GB', 'de_DE'])}": chance.choice(["Mug", "Cup", "Jar", None]),
            "blurb-en_GB-web": chance.choice(["<p>Warm</p>", "<p>Cold</p>", None]),
            "categories": chance.choice(places),
        }
        if chance.random() < 0.1:
            shop.move(sku, chance.choice(["retired", "draft"]))
        else:
            shop.edit(sku, {"family": "mugs", **values})
        if step % 20 == 19:
            follow(shop)
            check(shop)
