"""Random catalogues, filters and orders, held against a plain evaluation in Python."""

import re
from dataclasses import dataclass
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select

from pim.attributes.operators import Operator
from pim.listing import merge
from pim.products import conditions, matching, queries, sorting
from pim.products.change import ProductInput
from pim.products.conditions import Condition
from pim.products.matching import Filters
from pim.products.models import Product
from pim.products.sorting import Sort
from tests.support.hub import HubDriver
from tests.support.listed_shop import STRUCTURE

TITLES = ["Lichte Tent", "lichte tent", "Tentzeil", "Ärmel", "armband", "Zeil 10", "zeil 9"]
DEPTHS = ["-10", "-2.5", "0", "0.5", "9", "9.5", "10", "100"]
LOADS = [("900", "GRAM"), ("1.5", "KILOGRAM"), ("1500", "GRAM"), ("2", "KILOGRAM")]
DAYS = ["2025-12-31", "2026-01-01", "2026-02-01"]
TINTS = ["red", "green", "grey"]
CATEGORIES = ["store", "low", "high"]


def drawn(random: Random) -> dict:
    """Values of a product, many of them empty."""
    amount, unit = random.choice(LOADS)
    values = {
        "title-nl_NL": random.choice(TITLES),
        "title-en_GB": random.choice(TITLES),
        "depth": random.choice(DEPTHS),
        "load": {"amount": amount, "unit": unit},
        "cost-EUR": random.choice(["1.00", "9.50", "10.00"]),
        "launch": random.choice(DAYS),
        "tint": random.sample(TINTS, random.randint(1, 3)),
        "boxed": random.random() < 0.5,
        "categories": random.sample(CATEGORIES, random.randint(1, 2)),
    }
    return {address: value for address, value in values.items() if random.random() < 0.6}


def filled(shop: HubDriver, random: Random) -> None:
    shop.model("rack", {"family": "racks", "family_variant": "by_size"})
    batch = [ProductInput(f"rack-{size}", {"parent": "rack", "size": size}) for size in "sml"]
    for number in range(60):
        family = random.choice(["crates", "crates", None])
        enabled = random.random() < 0.8
        batch.append(
            ProductInput(f"p{number}", {"family": family, "enabled": enabled, **drawn(random)})
        )
    random.shuffle(batch)
    assert "refused" not in {one.outcome for one in shop.batch(batch)}
    shop.edit("rack", {"title-nl_NL": random.choice(TITLES), "categories": ["low"]})
    for number in random.sample(range(60), 6):
        shop.move(f"p{number}", random.choice(["review", "retired"]))


@dataclass(frozen=True)
class Listed:
    """A product as one sees it who has never heard of an index."""

    id: int
    row: Product
    document: dict
    is_retired: bool


def everything(shop: HubDriver) -> list[Listed]:
    with shop.database.reading() as session:
        rows = {one.id: one for one in session.scalars(select(Product))}
    found = []
    for row in rows.values():
        chain = [row]
        while chain[0].parent_id is not None:
            chain.insert(0, rows[chain[0].parent_id])
        is_retired = any(one.status == "retired" for one in chain)
        found.append(Listed(row.id, row, merge(one.values for one in chain), is_retired))
    return found


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("ä", "a"))


def number_of(address: str, value) -> Decimal | str:
    if address == "load":
        return Decimal(value["amount"]) / (1000 if value["unit"] == "GRAM" else 1)
    return value if address == "launch" else Decimal(value)


def wanted_number(address: str, spelled: str) -> Decimal | str:
    return spelled if address == "launch" else Decimal(spelled)


def fits(condition: Condition, one: Listed) -> bool:
    field, operator, values = condition.field, condition.operator, condition.values
    below = {"store": {"store", "low", "high"}, "low": {"low"}, "high": {"high"}}
    held = {
        "_family": lambda: {one.row.family} - {None},
        "_status": lambda: {"retired"} if one.is_retired else {one.row.status},
        "_category": lambda: set(one.document.get("categories", ())),
        "_identifier": lambda: {one.row.identifier},
        "tint": lambda: set(one.document.get("tint", ())),
        "size": lambda: {one.document.get("size")} - {None},
    }
    if field == "_enabled":
        return one.row.enabled is (operator is Operator.YES)
    if field in held:
        asked = set(values)
        if field == "_category":
            asked = set().union(*(below[value] for value in values))
        own = held[field]()
        match operator:
            case Operator.ONE_OF:
                return bool(own & asked)
            case Operator.NONE_OF:
                return not own & asked
            case Operator.FILLED:
                return bool(own)
        return not own
    value = one.document.get(field)
    if operator in (Operator.EMPTY, Operator.FILLED):
        return (value is None) is (operator is Operator.EMPTY)
    if value is None:
        return False
    match operator:
        case Operator.YES | Operator.NO:
            return value is (operator is Operator.YES)
        case Operator.CONTAINS:
            return all(
                any(word.startswith(begun) for word in words(value)) for begun in words(values[0])
            )
        case Operator.ONE_OF:
            return value in values
        case Operator.AT_LEAST:
            return number_of(field, value) >= wanted_number(field, values[0])
        case Operator.AT_MOST:
            return number_of(field, value) <= wanted_number(field, values[0])
        case Operator.BETWEEN:
            first, last = (wanted_number(field, spelled) for spelled in values)
            return first <= number_of(field, value) <= last
    if field.startswith("title"):
        return value == values[0]
    return number_of(field, value) == wanted_number(field, values[0])


POOLS = {
    "title-nl_NL": TITLES,
    "depth": [*DEPTHS, "3"],
    "load": ["0.9", "1.5", "1.7"],
    "cost-EUR": ["1", "9.5", "11"],
    "launch": DAYS,
    "tint": TINTS,
    "size": ["s", "m"],
    "boxed": [""],
    "_family": ["crates", "racks"],
    "_status": ["draft", "review", "retired"],
    "_category": CATEGORIES,
    "_identifier": ["p1", "p2", "p3", "rack", "rack-s"],
    "_enabled": [""],
}


def drawn_condition(random: Random, structure) -> Condition:
    field = random.choice(list(POOLS))
    probe = Condition(field, Operator.EMPTY)
    operator = random.choice(conditions.field_of(structure, probe).operators)
    pool = POOLS[field]
    if operator is Operator.CONTAINS:
        return Condition(field, operator, (random.choice(["tent", "li", "zeil 1", "arm"]),))
    many = random.randint(1, len(pool)) if operator.takes_many else operator.arity
    values = tuple(random.sample(pool, many))
    return Condition(field, operator, tuple(sorted(values)) if field == "launch" else values)


INSIDE = {"size", "_identifier", "_enabled"}


def naive(products: list[Listed], filters: Filters) -> list[Listed]:
    asked = filters.conditions
    shows_retired = any(
        one.field == "_status" and one.operator is Operator.ONE_OF and "retired" in one.values
        for one in asked
    )
    looks_inside = bool({one.field for one in asked} & INSIDE)

    def is_listed(one: Listed) -> bool:
        if not filters.grouped:
            return one.row.kind == "product"
        return looks_inside or one.row.parent_id is None

    return [
        one
        for one in products
        if is_listed(one)
        and (shows_retired or not one.is_retired)
        and all(fits(condition, one) for condition in asked)
    ]


def key_of(sort: Sort, one: Listed):
    """None where there is no value."""
    match sort.field:
        case "_identifier":
            return one.row.key
        case "_changed":
            return one.row.updated
        case "_status":
            return ["draft", "review", "approved", "retired"].index(one.row.status)
        case "_family":
            return {"crates": 0, "racks": 1}.get(one.row.family)
    of_scope, _, locale = sort.field.rpartition("-")
    title = f"title-{locale}"
    if of_scope == "_complete-web":
        is_filled = one.row.family == "racks" or title in one.document
        return int(is_filled and one.row.family is not None)
    if of_scope == "_name":
        is_named = title in one.document and one.row.family is not None
        return folded(one.document[title]) if is_named else None
    value = one.document.get(sort.field)
    if value is None:
        return None
    if sort.field.startswith("title"):
        return folded(value), "" if folded(value) == value else value
    if sort.field == "size":
        return "sml".index(value)
    return int(value) if sort.field == "boxed" else number_of(sort.field, value)


def folded(text: str) -> str:
    return text.lower().replace("ä", "a")


def in_order(products: list[Listed], sort: Sort | None) -> list[str]:
    if sort is None:
        return [one.row.identifier for one in sorted(products, key=lambda one: -one.id)]
    with_key = [one for one in products if key_of(sort, one) is not None]
    without = [one for one in products if key_of(sort, one) is None]
    with_key.sort(key=lambda one: (key_of(sort, one), one.id), reverse=sort.descending)
    without.sort(key=lambda one: one.id, reverse=sort.descending)
    return [one.row.identifier for one in (*with_key, *without)]


def leafed(session, structure, filters: Filters, sort: Sort | None, size: int):
    """Every page forwards, then back from the last one."""
    page = queries.page(session, structure, filters, size=size, sort=sort)
    forwards = [row.identifier for row in page.rows]
    while page.older is not None:
        page = queries.page(session, structure, filters, after=page.older, size=size, sort=sort)
        forwards += [row.identifier for row in page.rows]
    backwards = [row.identifier for row in page.rows]
    while page.newer is not None:
        page = queries.page(session, structure, filters, before=page.newer, size=size, sort=sort)
        backwards = [row.identifier for row in page.rows] + backwards
    return forwards, backwards


@pytest.mark.parametrize("seed", [1, 2])
def test_a_list_is_what_a_plain_evaluation_finds_in_that_order(database, clock, monkeypatch, seed):
    random = Random(seed)
    shop = HubDriver(database, clock)
    shop.restructure(STRUCTURE)
    filled(shop, random)
    structure, products = shop.structure(), everything(shop)
    fields = [None, *sorting.sortable(structure)]
    for _ in range(40):
        monkeypatch.setattr(matching, "SHORT", random.choice([-1, 8, 5000]))
        monkeypatch.setattr(matching, "FEW", random.choice([-1, 8, 5000]))
        asked = tuple(drawn_condition(random, structure) for _ in range(random.randint(0, 3)))
        filters = Filters(conditions=asked, grouped=random.random() < 0.7)
        field = random.choice(fields)
        sort = None if field is None else Sort(field, random.random() < 0.5)
        wanted = in_order(naive(products, filters), sort)
        with shop.database.reading() as session:
            found = leafed(session, structure, filters, sort, random.choice([3, 20]))
            chunks = list(matching.all_ids(session, structure, filters, chunk=7))
        told = (
            matching.SHORT,
            matching.FEW,
            [str(one) for one in asked],
            filters.grouped,
            str(sort),
        )
        assert found == (wanted, wanted), told
        ids = [number for chunk in chunks for number in chunk]
        assert ids == sorted(one.id for one in naive(products, filters)), told
