"""Held against a dictionary, over more keys than its first places."""

import random

import pytest

from pim.hash_index import SMALLEST, HashIndex


@pytest.mark.parametrize("holds", ["lines", "ids"])
def test_it_says_what_a_dictionary_says(holds):
    chance = random.Random(7)
    index, wanted = HashIndex(holds), {}
    for number in range(1, 2 * SMALLEST):
        key = f"A{chance.randrange(SMALLEST)}"
        given = number if holds == "lines" else -number
        assert index.first(key, given) == wanted.setdefault(key, given)
    for key in (*wanted, "B1", "B2"):
        assert index.get(key) == wanted.get(key)


def test_keys_that_fall_on_one_place_are_told_apart():
    index = HashIndex("lines")
    keys = [number * SMALLEST for number in range(1, 50)]  # a whole number is its own hash
    for line, key in enumerate(keys, start=1):
        index.first(key, line)
    assert [index.get(key) for key in keys] == list(range(1, 50))
