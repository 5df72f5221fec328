"""A shop into which an ERP's files go, by its profile."""

import pytest
from sqlalchemy import select

from pim.imports.models import ImportProblem
from pim.imports.profiles import read_profile
from pim.imports.run import import_products
from pim.jobs.context import JobContext
from pim.jobs.models import Job
from pim.jobs.service import claim, enqueue
from pim.products.change import Origin
from pim.products.models import Product
from pim.structure import queries as catalog
from pim.structure import service as structures

HUB = Origin("user", "anna", "hub")
STRUCTURE = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "webshop": {"labels": {}, "locales": ["nl_NL"], "currencies": ["EUR"], "tree": "shop"}
    },
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp"},
        "name": {"type": "text", "localizable": True, "max_length": 20},
        "price": {"type": "price", "owner": "erp", "fact": True, "decimals": 2},
        "weight": {
            "type": "measurement",
            "owner": "erp",
            "dimension": "weight",
            "unit": "KILOGRAM",
        },
        "color": {
            "type": "choice",
            "owner": "erp",
            "filterable": True,
            "options": {"red": {}, "blue": {}},
        },
        "ean": {"type": "gtin", "owner": "erp", "unique": True},
    },
    "families": {
        "bikes": {
            "attributes": ["sku", "name", "price"],
            "label": "name",
            "requirements": {"webshop": ["name", "price"]},
        }
    },
    "categories": {
        "shop": {"labels": {}, "children": {"city": {"labels": {}}, "race": {"labels": {}}}}
    },
}
PROFILE = """
code: erp
source: erp
key: Nr
file: {delimiter: ";", decimal: ","}
clear: "-"
columns:
  Nr: sku
  Familie: {to: family, map: {F: bikes}}
  Naam: name-nl_NL
  Prijs: price-EUR
  Gewicht: weight
  Gewicht eenheid: weight-unit
  Kleur: {to: color, map: {ROOD: red}}
  Groep: {to: categories, separator: "|"}
  Memo: null
"""
HEADER = "Nr;Familie;Naam;Prijs;Gewicht;Gewicht eenheid;Kleur;Groep;Memo"


class Desk:
    def __init__(self, database, folder, clock):
        self.database, self.folder, self.clock = database, folder, clock
        self.profile = read_profile(PROFILE)

    def file(self, *lines, header=HEADER):
        path = self.folder / "articles.csv"
        path.write_text("\r\n".join([header, *lines]) + "\r\n", encoding="utf-8", newline="")
        return path

    def run(self, *lines, header=HEADER, profile=None, **options):
        file = self.file(*lines, header=header)
        return import_products(
            self.database, file, profile or self.profile, "erp import", self.clock, **options
        )

    def job(self):
        """A job that was claimed, again and again."""
        with self.database.writing() as session:
            job_id = (
                session.scalar(select(Job.id)) or enqueue(session, "import", {}, self.clock()).id
            )
            self.clock.advance(minutes=2)
            job = claim(session, ["import"], self.clock())
            return JobContext(self.database, job_id, job.token, job.attempts, self.clock)

    def all(self, table, *order):
        with self.database.reading() as session:
            return list(session.scalars(select(table).order_by(*order)))

    def products(self):
        return {one.identifier: one for one in self.all(Product, Product.id)}

    def report(self):
        problems = self.all(ImportProblem, ImportProblem.run_id, ImportProblem.number)
        return [(one.line, one.identifier, one.column, one.rule, one.severity) for one in problems]


@pytest.fixture
def desk(database, tmp_path, clock):
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
    return Desk(database, tmp_path, clock)


def structure_of(desk):
    with desk.database.reading() as session:
        return catalog.structure(session)


def counts(run):
    return run.rows, run.created, run.updated, run.unchanged, run.refused


OPTIONAL = """
code: erp
owner: erp
key: Nr
file: {delimiter: ";"}
columns:
  Nr: sku
  Naam: name-nl_NL
  Gewicht: weight
  Gewicht eenheid: weight-unit
  Kleur: {to: color, optional: true}
  Memo: null
"""


def prices(desk):
    return {name: str(one.values["price-EUR"]) for name, one in desk.products().items()}
