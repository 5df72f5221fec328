"""What differs between two builds: nothing enters, leaves or changes without one named cause."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pim.feeds import service
from pim.feeds.causes import differences_between
from pim.feeds.differences import CausedDifferences, read_differences, spelled
from pim.feeds.files import differences_key
from pim.feeds.models import FeedBuild
from pim.products import restructure
from pim.products import service as service_of_products
from pim.products.change import ProductInput
from tests.feeds.conftest import ERP, FEEDS, FULL
from tests.support.campaigns import times

NAMES = ("A", "B", "C", "D")


def differences(shop: Any, old: FeedBuild, new: FeedBuild) -> list[CausedDifferences]:
    with shop.database.reading() as session:
        return differences_between(session, shop.storage, "https://hub.example", old, new)


def told(groups: list[CausedDifferences]) -> dict[str, dict[str, list[str]]]:
    """Cause -> event -> products."""
    return {
        one.cause.kind: {
            event: sorted(each.identifier for each in products)
            for event, products in one.products.items()
            if products
        }
        for one in groups
    }


@pytest.fixture
def stocked(shop: Any, full: dict[str, Any]) -> Any:
    """Four products and a model with two variants, in a feed."""
    for name in NAMES:
        shop.edit(name, full | {"name-nl_NL": f"Fiets {name}"})
    shop.edit("M", full | {"family_variant": "by_color"}, kind="model")
    for color in ("red", "blue"):
        shop.edit(f"M-{color}", {"parent": "M", "color": color, "price-EUR": "749.00"})
    shop.approve(*NAMES, "M", "M-red", "M-blue")
    shop.define("google_nl")
    return shop


def priced(shop: Any) -> None:
    shop.edit("A", {"price-EUR": "740.00"}, ERP)


def restocked(shop: Any) -> None:
    shop.edit("A", {"stock": "0"}, ERP)


def renamed(shop: Any) -> None:
    call_model(shop, "Omafiets")


def call_model(shop: Any, name: str) -> None:
    shop.edit("M", {"name-nl_NL": name}, kind="model")
    shop.approve("M", "M-red", "M-blue")


def disabled(shop: Any) -> None:
    shop.edit("B", {"enabled": False})


def added(shop: Any) -> None:
    shop.edit("E", {**FULL, "name-nl_NL": "Fiets E"})
    shop.approve("E")


def ruled(shop: Any) -> None:
    out = {"if": [{"name": {"is": "Fiets C"}}], "leave_out": True}
    shop.define("google_nl", rules=[{"label": "Zonder C"} | out])


def mapped(shop: Any) -> None:
    mapping = FEEDS["google_nl"]["mapping"] | {"title": {"from": ["name"], "do": ["upper"]}}
    shop.define("google_nl", mapping=mapping)


def relabelled(shop: Any) -> None:
    call_red(shop, "Karmijn")


def call_red(shop: Any, label: str) -> None:
    labels = {"labels": {"nl_NL": label, "de_DE": "Rot", "en_GB": "Red"}}
    document = {"attributes": {"color": {"type": "choice", "options": {"red": labels}}}}
    with shop.database.writing() as session:
        restructure.change(session, document, shop.clock(), by="anna")


CASES: dict[Callable[[Any], None], dict[str, dict[str, list[str]]]] = {
    priced: {"import": {"changes": ["A"]}},
    restocked: {"stock": {"changes": ["A"]}},
    renamed: {"edit": {"changes": ["M-blue", "M-red"]}},
    disabled: {"edit": {"vanishes": ["B"]}},
    added: {"edit": {"enters": ["E"]}},
    ruled: {"rule": {"vanishes": ["C"]}},
    mapped: {"mapping": {"changes": ["A", "B", "C", "D", "M-blue", "M-red"]}},
    relabelled: {"structure": {"changes": ["M-red"]}},
}


@pytest.mark.parametrize("happens", CASES, ids=lambda one: one.__name__)
def test_each_difference_has_the_cause_that_it_has(
    stocked: Any, happens: Callable[[Any], None]
) -> None:
    old = stocked.run("google_nl")
    happens(stocked)
    new = stocked.run("google_nl")
    found = differences(stocked, old, new)
    assert told(found) == CASES[happens]
    assert read_differences(spelled(found)) == found


def test_a_change_of_the_mapping_does_not_hide_one_of_a_product(stocked: Any) -> None:
    old = stocked.run("google_nl")
    mapped(stocked)
    priced(stocked)
    disabled(stocked)
    stocked.edit("C", {"stock": "0"}, ERP)
    found = told(differences(stocked, old, stocked.run("google_nl")))
    assert found == {
        "mapping": {"changes": ["D", "M-blue", "M-red"]},
        "import": {"changes": ["A"]},
        "edit": {"vanishes": ["B"]},
        "stock": {"changes": ["C"]},
    }


def test_histories_leave_nothing_without_one_cause(stocked: Any) -> None:
    """At random, several things between two builds: what two files say of their products is what
    the causes say, each product once.
    """
    chance, steps = random.Random(8), list(CASES)
    old = stocked.run("google_nl")
    for number in range(times(8)):
        for step in chance.sample(steps, chance.randint(1, 3)):
            again(stocked, step, number)
        new = stocked.run("google_nl")
        found = differences(stocked, old, new)
        named = [
            (event, each.identifier)
            for one in found
            for event, products in one.products.items()
            for each in products
        ]
        assert len(named) == len(set(named)) == sum(one.total for one in found)
        assert {one.cause.kind for one in found} <= {
            "edit",
            "import",
            "stock",
            "rule",
            "mapping",
            "structure",
        }
        entered = sum(event == "enters" for event, _ in named)
        vanished = sum(event == "vanishes" for event, _ in named)
        assert new.items - old.items == entered - vanished
        assert bool(named) == (new.sha256 != old.sha256)
        if new.state == "held":
            release(stocked, new)
        old = new


def again(shop: Any, step: Callable[[Any], None], number: int) -> None:
    """The same with other values than the last time."""
    if step is priced:
        shop.edit(NAMES[number % 4], {"price-EUR": f"{700 + number}.00"}, ERP)
    elif step is disabled:
        shop.edit(NAMES[number % 4], {"enabled": number % 2 == 0})
    elif step is renamed:
        call_model(shop, f"Omafiets {number}")
    elif step is relabelled:
        call_red(shop, f"Rood {number}")
    elif step is mapped:
        title = {"from": ["name"], "do": ["upper"] if number % 2 else ["lower"]}
        shop.define("google_nl", mapping=FEEDS["google_nl"]["mapping"] | {"title": title})
    else:
        step(shop)


def release(shop: Any, build: FeedBuild) -> None:
    with shop.database.writing() as session:
        service.release(session, build.id, "So it is.", shop.clock())


def test_what_a_long_transaction_wrote_is_a_cause_though_it_began_before(stocked: Any) -> None:
    began = stocked.clock()
    old = stocked.run("google_nl")
    with stocked.database.writing() as session:
        service_of_products.write(
            session, [ProductInput("A", {"price-EUR": "701.00"})], ERP, began - timedelta(hours=1)
        )
    new = stocked.run("google_nl")
    assert told(differences(stocked, old, new)) == {"import": {"changes": ["A"]}}


def test_a_build_of_another_mapping_keeps_what_it_changed(stocked: Any) -> None:
    stocked.run("google_nl")
    priced(stocked)
    assert not stocked.storage.exists(differences_key(stocked.run("google_nl")))
    mapped(stocked)
    changed = stocked.run("google_nl")
    assert changed.state == "published"
    kept = read_differences(stocked.storage.get(differences_key(changed)))
    assert told(kept) == CASES[mapped]


def test_a_held_build_keeps_what_it_would_change(stocked: Any) -> None:
    stocked.run("google_nl")
    for name in ("A", "B"):
        stocked.edit(name, {"enabled": False})
    stocked.edit("C", {"price-EUR": "750.00"}, ERP)
    held = stocked.run("google_nl")
    assert held.state == "held"
    kept = read_differences(stocked.storage.get(differences_key(held)))
    assert told(kept) == {"edit": {"vanishes": ["A", "B"]}, "import": {"changes": ["C"]}}
    (price,) = kept[1].products["changes"]
    assert price.fields == ("price",)
