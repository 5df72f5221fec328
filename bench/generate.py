"""A made-up ERP of any size: ``rows`` articles with 40 columns, the same bytes for the same seed,
written as they are drawn.

``python -m bench.generate FOLDER [--rows 100000] [--seed 1]`` writes articles-N.csv,
structure.yaml, profile.yaml and feeds.yaml.
"""

import argparse
import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml


def words(line: str) -> list[str]:
    return line.split()


ADJECTIVES = words(
    "light sturdy warm quiet small folding wide bright dry soft fast simple classic deep clean"
    " round"
)
NOUNS = words(
    "bicycle tent jacket lamp stove bag rope bottle saddle pedal boot glove helmet tyre pump"
    " compass"
)
VERBS = words(
    "keeps carries folds lasts dries shines turns holds packs opens warms rolls stands closes rides"
    " fits"
)
FAMILIES = ("bikes", "camping", "clothing", "tools", "electronics", "food")
GROUPS, SHELVES = range(1, 6), range(1, 21)


class Column(NamedTuple):
    """One attribute: its code, its definition in the structure file, its address, and how a cell is
    drawn.
    """

    code: str
    definition: dict[str, Any]
    address: str
    draw: Callable[[Random, int], str]


def text_of(low: int, high: int) -> Callable[[Random, int], str]:
    """A sentence of low to high words."""

    def draw(random: Random, _number: int) -> str:
        drawn = [
            random.choice((ADJECTIVES, NOUNS, VERBS)[place % 3])
            for place in range(random.randint(low, high))
        ]
        return " ".join(drawn).capitalize()

    return draw


def number_up_to(limit: int, decimals: int) -> Callable[[Random, int], str]:
    def draw(random: Random, _number: int) -> str:
        whole = random.randrange(1, limit * 10**decimals)
        return f"{whole / 10**decimals:.{decimals}f}"

    return draw


def one_of(*values: str) -> Callable[[Random, int], str]:
    return lambda random, _number: random.choice(values)


def day(random: Random, _number: int) -> str:
    return f"20{random.randint(20, 26)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def gtin(_random: Random, number: int) -> str:
    """A GTIN-13 of the range that GS1 keeps for examples (952), with its check digit."""
    digits = f"952{number:09}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def sometimes(draw: Callable[[Random, int], str], share: float) -> Callable[[Random, int], str]:
    """Filled for this share of the articles."""
    return lambda random, number: draw(random, number) if random.random() < share else ""


def choice(number: int) -> Column:
    options = [f"o{number}_{place}" for place in range(4 * number)]
    labels = {option: {"labels": {"en_GB": option.upper()}} for option in options}
    code = f"choice_{number}"
    return Column(
        code,
        {"type": "choice", "owner": "erp", "filterable": number <= 2, "options": labels},
        code,
        one_of(*options),
    )


def localized(
    code: str, draw: Callable[[Random, int], str], second: float, **more: Any
) -> list[Column]:
    """In Dutch always, in English for a share of the articles."""
    definition = {"type": "text", "owner": "erp", "localizable": True, **more}
    return [
        Column(code, definition, f"{code}-nl_NL", draw),
        Column(code, definition, f"{code}-en_GB", sometimes(draw, second)),
    ]


def measured(code: str, dimension: str, unit: str, decimals: int, limit: int) -> Column:
    definition = {
        "type": "measurement",
        "owner": "erp",
        "dimension": dimension,
        "unit": unit,
        "decimals": decimals,
    }
    return Column(code, definition, code, number_up_to(limit, decimals))


def several(
    codes: Iterable[str], kind: str, draw: Callable[[Random, int], str], **more: Any
) -> list[Column]:
    return [Column(code, {"type": kind, "owner": "erp", **more}, code, draw) for code in codes]


def columns() -> list[Column]:
    """40 columns: the identifier, the family and 38 values of every type a flat file carries."""
    return [
        *several(["sku"], "identifier", lambda _random, number: f"A{number:07}"),
        Column("family", {}, "family", lambda _random, number: FAMILIES[number % len(FAMILIES)]),
        *localized("name", text_of(3, 7), 1.0),
        *localized("description", text_of(20, 60), 0.7),
        *several(["ean"], "gtin", gtin, unique=True),
        Column(
            "price",
            {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
            "price-EUR",
            number_up_to(900, 2),
        ),
        Column(
            "cost",
            {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
            "cost-EUR",
            number_up_to(600, 2),
        ),
        *several(["stock"], "number", number_up_to(500, 0), fact=True, decimals=0),
        measured("weight", "weight", "KILOGRAM", 3, 30),
        *(measured(code, "length", "CENTIMETER", 1, 200) for code in ("length", "width", "height")),
        *(choice(number) for number in range(1, 7)),
        *several(
            ["active", "sold_online", "sold_in_store", "returnable"], "boolean", one_of("1", "0")
        ),
        *several(["introduced", "available_from", "last_ordered"], "date", sometimes(day, 0.8)),
        *several(
            [f"number_{place}" for place in range(1, 6)],
            "number",
            number_up_to(1000, 2),
            decimals=2,
        ),
        *several([f"text_{place}" for place in range(1, 9)], "text", sometimes(text_of(1, 4), 0.6)),
    ]


def structure() -> dict[str, Any]:
    """The structure file's content for these columns."""
    attributes = {column.code: column.definition for column in columns() if column.definition}
    attributes["note"] = {"type": "text"}  # what people keep: no file has it
    required = ("name", "description", "price", "ean", "weight")
    families = {
        code: {
            "labels": {"en_GB": code},
            "attributes": [*attributes],
            "label": "name",
            "requirements": {"webshop": [*required]},
        }
        for code in FAMILIES
    }
    return {
        "locales": ["nl_NL", "en_GB"],
        "currencies": ["EUR"],
        "channels": {
            "webshop": {
                "labels": {"en_GB": "Webshop"},
                "locales": ["nl_NL", "en_GB"],
                "currencies": ["EUR"],
            }
        },
        "attributes": attributes,
        "families": families,
        "categories": {
            "all": {
                "children": {f"group_{group}": {"children": shelves(group)} for group in GROUPS}
            }
        },
    }


def shelves(group: int) -> dict[str, Any]:
    return {f"group_{group}_{shelf}": {} for shelf in SHELVES}


def profile() -> dict[str, Any]:
    """The import profile: each column is named as its address."""
    named: dict[str, Any] = {column.address: column.address for column in columns()}
    for column in columns():
        if column.definition.get("type") == "measurement":
            named[column.address] = {"to": column.address, "unit": column.definition["unit"]}
    return {
        "code": "bench",
        "label": "Bench",
        "owner": "erp",
        "kind": "product",
        "key": "sku",
        "file": {"encoding": "utf-8", "delimiter": ";", "decimal": "."},
        "columns": named,
    }


def feeds() -> dict[str, Any]:
    """One Google feed over everything; what the articles have no value for is a fixed text."""
    mapping: dict[str, Any] = {
        "link": {"value": "https://shop.example/"},
        "image_link": {"value": "https://shop.example/picture.jpg"},
        "availability": {"value": "in_stock"},
        "condition": {"value": "new"},
        "id": {"from": ["$identifier"]},
        "title": {"from": ["name"]},
        "description": {"from": ["description"]},
        "price": {"from": ["price"]},
        "gtin": {"from": ["ean"]},
        "shipping_weight": {"from": ["weight"]},
    }
    google = {
        "label": "Google",
        "exporter": "google_shopping",
        "channel": "webshop",
        "locale": "nl_NL",
        "currency": "EUR",
    }
    return {"google": google | {"mapping": mapping}}


def rows(count: int, seed: int) -> Iterator[list[str]]:
    """The cells, row by row; row n is the same whatever the count."""
    drawn = columns()
    for number in range(1, count + 1):
        random = Random(f"{seed}-{number}")  # noqa: S311 - a reproducible drawing, no secret
        yield [column.draw(random, number) for column in drawn]


def write(folder: Path, count: int, seed: int = 1) -> Path:
    """Write articles, structure, profile and feeds; the path of the articles."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("structure", structure()), ("profile", profile()), ("feeds", feeds())):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    path = folder / f"articles-{count}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([column.address for column in columns()])
        writer.writerows(rows(count, seed))
    return path


def write_prices(folder: Path, count: int, changes: int, price: str) -> Path:
    """A file that gives ``changes`` of the ``count`` articles, evenly spread, another price, with
    its profile beside it.
    """
    path = folder / "prices.csv"
    numbers = range(1, count + 1, max(1, count // changes))
    path.write_text(
        "".join(["sku;price-EUR\n", *(f"A{number:07};{price}\n" for number in numbers)])
    )
    prices = {"code": "prices", "columns": {"sku": "sku", "price-EUR": "price-EUR"}}
    (folder / "prices.yaml").write_text(yaml.safe_dump({**profile(), **prices}))
    return path


def write_categories(folder: Path, count: int) -> Path:
    """A file that puts nine of ten of the ``count`` articles on a shelf of the tree, with its
    profile beside it.
    """
    path = folder / "categories.csv"
    numbers = [number for number in range(1, count + 1) if number % 10]
    lines = (
        f"A{number:07};group_{GROUPS[number % len(GROUPS)]}_{SHELVES[number % 37 % len(SHELVES)]}\n"
        for number in numbers
    )
    path.write_text("".join(["sku;categories\n", *lines]))
    categories = {"code": "categories", "columns": {"sku": "sku", "categories": "categories"}}
    (folder / "categories.yaml").write_text(yaml.safe_dump({**profile(), **categories}))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(write(given.folder, given.rows, given.seed))


if __name__ == "__main__":
    main()
