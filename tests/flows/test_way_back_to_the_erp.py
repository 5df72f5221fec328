"""The way back to the ERP: what a feed of its own layout writes, the import profile that it was
made from reads without a change.
"""

import csv
import io
from typing import Any

import pytest
import yaml

from pim.db import Database
from pim.feeds.column_proposals import of_profile
from pim.imports.profiles import profile_from
from pim.structure import queries as catalog
from tests.flows.test_spine import Desk, desk

__all__ = ["desk"]

STRUCTURE = """
locales: [nl_NL, de_DE]
currencies: [EUR]
channels:
  master: {locales: [nl_NL], currencies: [EUR]}
attributes:
  sku: {type: identifier}
  name: {type: text, localizable: true}
  story: {type: richtext}
  price: {type: price, decimals: 2}
  stock: {type: number}
  weight: {type: measurement, dimension: Weight, unit: KILOGRAM}
  color: {type: choice, options: {red: {labels: {nl_NL: Rood}}, blue: {}}}
  uses: {type: choices, options: {city: {}, rain: {}, "off_road": {}}}
  electric: {type: boolean}
  since: {type: date}
  ean: {type: gtin}
families:
  goods:
    attributes: [sku, name, story, price, stock, weight, color, uses, electric, since, ean]
    label: name
categories:
  shop: {children: {bikes: {}, parts: {}}}
  attic: {}
"""
PROFILE = """
code: master
owner: hub
key: Artikelnummer
file: {delimiter: ";"}
columns:
  Artikelnummer: sku
  Groep: family
  Plaats: {to: categories, separator: ","}
  Naam: name-nl_NL
  Name (DE): name-de_DE
  Verhaal: story
  Prijs: price-EUR
  Voorraad: stock
  Gewicht: weight
  Kleur: color
  Gebruik: {to: uses, separator: ","}
  Elektrisch: electric
  Sinds: since
  EAN: ean
"""
ARTICLES = (
    "Artikelnummer;Groep;Plaats;Naam;Name (DE);Verhaal;Prijs;Voorraad;Gewicht;Kleur;Gebruik;"
    "Elektrisch;Sinds;EAN\n"
    '0017;goods;bikes,attic;"Fiets; ""Zuiderzee""";Rad;"<p>Rijdt <b>licht</b> &amp; ver.</p>";'
    '749.00;3;16.5 kg;red;"city,off_road";true;2026-02-28;8712345000011\n'
    "=A1;goods;parts;'=1+1;;;0.05;0.5;250 g;blue;rain;false;;\n"
    "-3;goods;;-5 graden;@home;;;-2;;;;;2024-02-29;0012345678905\n"
    "Ø'1;goods;attic;'t Hofje;;;;;;;;;;\n"
)


def feed_of(database: Database) -> dict[str, Any]:
    profile = profile_from(yaml.safe_load(PROFILE))
    with database.reading() as session:
        columns = of_profile(
            catalog.structure(session),
            [(one.name, one.to or "") for one in profile.columns],
            profile.key,
        )
    return {
        "label": "Master",
        "exporter": "own_layout",
        "channel": "master",
        "locale": "nl_NL",
        "currency": "EUR",
        "options": {"columns": [one.column.said() for one in columns]},
        "mapping": {one.column.name: dict(one.rule) for one in columns if one.rule is not None},
    }


@pytest.fixture
def filled(desk: Desk, empty_database: Database) -> Desk:
    desk.write("structure.yaml", STRUCTURE)
    desk.run("structure", "apply", "structure.yaml")
    desk.write("master.yaml", PROFILE)
    said = desk.bring("master", "articles.csv", ARTICLES)
    assert (said["created"], said["refused"]) == (4, 0)
    desk.run("products", "approve", "--all-complete")
    desk.write("feeds.yaml", yaml.safe_dump({"master": feed_of(empty_database)}, sort_keys=False))
    desk.run("feeds", "apply", "feeds.yaml")
    return desk


def test_what_goes_out_comes_back_without_a_change(filled: Desk) -> None:
    (built,) = filled.run("feeds", "run", "master")
    assert (built["items"], built["excluded"]) == (4, 0)
    content = filled.feed("master")
    said = filled.bring("master", "back.csv", content)
    counted = {name: said[name] for name in ("rows", "created", "updated", "refused")}
    assert counted == {"rows": 4, "created": 0, "updated": 0, "refused": 0}, content
    assert said["unchanged"] == 4


def test_nothing_that_came_in_is_missing_in_what_goes_out(filled: Desk) -> None:
    filled.run("feeds", "run", "master")
    sent = rows_of(filled.feed("master"))
    came = rows_of(ARTICLES)
    assert sent.keys() == came.keys()
    for number, row in came.items():
        assert [bool(cell) for cell in sent[number]] == [bool(cell) for cell in row], number


def rows_of(content: str) -> dict[str, list[str]]:
    """By the article's number, without what guards it."""
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=";")
    return {row[0].removeprefix("'"): row for row in lines}


def test_what_the_erp_changes_in_the_file_is_all_that_changes(filled: Desk) -> None:
    filled.run("feeds", "run", "master")
    content = filled.feed("master").replace("749.00", "699.00")
    said = filled.bring("master", "back.csv", content)
    assert (said["updated"], said["unchanged"]) == (1, 3)
