"""A value provider with a table of its own: a changed fact re-renders exactly the products that it
is about, and leaves no change record.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql

from pim.db import allocate
from pim.feeds import service
from pim.feeds.lookup import FeedLookup
from pim.feeds.versions import with_facts
from pim.products.models import Change, Product
from pim.providers import registry
from pim.providers.axes import AxesProvider, AxisNamesProvider
from pim.providers.base import Provider
from pim.structure import queries as catalog
from tests.support.listing import ListableProduct

HOW_TO = Path(__file__).resolve().parents[2] / "docs/add-a-value-provider.md"


@pytest.fixture
def promised(monkeypatch: pytest.MonkeyPatch) -> type[Provider]:
    """The provider of the how-to, as if it were installed."""
    block = re.search(r"```python\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    assert block is not None
    defined: dict[str, Any] = {"__name__": "promised"}
    exec(compile(block[1], str(HOW_TO), "exec"), defined)
    provider: type[Provider] = defined["PromisedProvider"]
    known = {**registry.all_providers(), "promised": provider}
    monkeypatch.setattr(registry, "all_providers", lambda: known)
    return provider


class Warehouse:
    """Writes the provider's facts, as another system would."""

    def __init__(self, shop: Any) -> None:
        self.database = shop.database
        with self.database.writing() as session:
            session.execute(
                sql("CREATE TABLE promise (product_id BIGINT PRIMARY KEY, days TEXT, seq BIGINT)")
            )

    def promise(self, identifier: str, days: str | None) -> None:
        with self.database.writing() as session:
            product = session.scalars(select(Product).where(Product.identifier == identifier)).one()
            session.execute(
                sql("DELETE FROM promise WHERE product_id = :product"), {"product": product.id}
            )
            if days is not None:
                fact = {"product": product.id, "days": days, "seq": allocate(session, "seq", 1)}
                session.execute(sql("INSERT INTO promise VALUES (:product, :days, :seq)"), fact)


@pytest.fixture
def warehouse(shop: Any, full: dict[str, Any], promised: type[Provider]) -> Warehouse:
    """Ten products and a model with two variants, in a feed that shows the promise."""
    warehouse = Warehouse(shop)
    for number in range(10):
        shop.edit(f"P{number}", full)
    shop.edit("M", full | {"family_variant": "by_color"}, kind="model")
    for color in ("red", "blue"):
        shop.edit(f"M-{color}", {"parent": "M", "color": color, "price-EUR": "749.00"})
    shop.approve("M", "M-red", "M-blue", *(f"P{number}" for number in range(10)))
    warehouse.promise("P3", "3")
    shop.define("till")
    shop.define("wholesale", mapping=WITH_PROMISE)
    for code in ("till", "wholesale"):
        shop.run(code)
    return warehouse


WITH_PROMISE: dict[str, Any] = {
    "id": {"from": ["$identifier"]},
    "name": {"from": ["name", "name-nl_NL"]},
    "price": {"from": ["price"]},
    "tax_rate": {"from": ["vat"]},
    "brand": {"from": ["$promised"]},
}


def rendered(shop: Any, code: str) -> int:
    return int(shop.run(code).rendered)


def changes(shop: Any) -> int:
    with shop.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Change)) or 0


def test_the_feed_shows_what_the_provider_knows(shop: Any, warehouse: Warehouse) -> None:
    assert shop.world("wholesale").count("BrandName>3<") == 1


def test_a_new_fact_renders_its_product_anew_and_no_other(shop: Any, warehouse: Warehouse) -> None:
    before = changes(shop)
    warehouse.promise("P3", "14")
    assert (rendered(shop, "wholesale"), rendered(shop, "till")) == (1, 0)
    assert "BrandName>14<" in shop.world("wholesale")
    assert "BrandName>3<" not in shop.world("wholesale")
    assert changes(shop) == before
    assert rendered(shop, "wholesale") == 0


def test_a_fact_of_a_variant_renders_its_model_anew(shop: Any, warehouse: Warehouse) -> None:
    warehouse.promise("M-red", "5")
    assert rendered(shop, "wholesale") == 1
    assert "BrandName>5<" in shop.world("wholesale")


def test_a_fact_that_went_is_gone_from_the_feed(shop: Any, warehouse: Warehouse) -> None:
    warehouse.promise("P4", "9")
    shop.run("wholesale")
    warehouse.promise("P3", None)
    assert rendered(shop, "wholesale") == 1
    assert "BrandName>3<" not in shop.world("wholesale")
    assert "BrandName>9<" in shop.world("wholesale")


def test_what_was_copied_is_what_would_be_rendered(shop: Any, warehouse: Warehouse) -> None:
    warehouse.promise("P3", "14")
    warehouse.promise("M-blue", "2")
    shop.run("wholesale")
    assert shop.run("wholesale", full=True).state == "unchanged"


def test_versions_of_facts_are_joined_to_those_of_products() -> None:
    own = [(1, 10, 1), (2, 11, 3), (5, 12, 1)]
    stock = [(2, 20, 2), (3, 90, 9), (5, 4, 1)]
    prices = [(5, 30, 1)]
    joined = with_facts(iter(own), [stock, iter(prices), []])
    assert list(joined) == [(1, 10, 1), (2, 20, 5), (5, 30, 3)]
    assert list(with_facts(iter(own), [[]])) == own


def test_axes_by_name_and_by_value(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    shop.edit("M", full | {"family_variant": "by_color"}, kind="model")
    shop.edit("M-red", {"parent": "M", "color": "red"})
    variant = ListableProduct("M-red", {"color": "red"}, "M", family="goods")
    single = ListableProduct("A", {"color": "red"}, family="goods")
    with shop.database.reading() as session:
        feed = service.get(session, "google_nl")
        context = FeedLookup(catalog.structure(session), feed, "").context
        axes, names = AxesProvider(context), AxisNamesProvider(context)
        for provider in (axes, names):
            provider.prepare(session, [variant, single])
    assert (axes.value(variant), names.value(variant)) == (["Rood"], ["[color]"])
    assert (axes.value(single), names.value(single)) == (None, None)
