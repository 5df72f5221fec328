"""The figures of the assortment follow every change, and are counted no oftener."""

import pytest

from pim.products import figures


def counted(shop):
    with shop.database.reading() as session:
        return figures.counts(session)


def test_they_follow_every_change(shop):
    assert counted(shop).products == 0
    shop.edit("a", {"family": "bikes", "name-nl_NL": "Fiets", "price-EUR": "9.00"})
    found = counted(shop)
    assert (found.products, found.statuses) == (1, {"draft": 1})
    assert found.complete == {"till-nl_NL": 1, "webshop-nl_NL": 1}
    shop.approve("a")
    assert counted(shop).statuses == {"approved": 1}
    shop.model("m", {"family": "shirts"})
    assert (counted(shop).products, counted(shop).models) == (1, 1)


def test_they_are_counted_once_after_a_change(shop, monkeypatch):
    shop.edit("a", {"family": "bikes"})
    before = counted(shop)
    with monkeypatch.context() as patched:
        patched.delattr(figures, "_count")
        assert counted(shop) == before
        shop.edit("b", {"family": "bikes"})
        with pytest.raises(NameError):
            counted(shop)
