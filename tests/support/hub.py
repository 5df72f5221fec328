"""A hub in a test, driven as the edges drive it: every call is one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from pim.db import Database
from pim.products import publishing, queries, restructure, service
from pim.products.change import Origin, ProductInput, WriteResult
from pim.products.models import Product
from pim.structure import queries as catalog
from pim.structure.objects import Structure

HUB = Origin("user", "anna", "hub")
ERP = Origin("import", "erp import", "erp", "run-1")
MIGRATION = Origin("import", "akeneo", None, "run-0")


class HubDriver:
    """``clock``: gives the moment of each call."""

    def __init__(self, database: Database, clock: Any) -> None:
        self.database, self.clock = database, clock

    def restructure(self, document: Mapping[str, Any]) -> None:
        with self.database.writing() as session:
            restructure.apply(session, document)

    def structure(self) -> Structure:
        with self.database.reading() as session:
            return catalog.structure(session)

    def batch(self, edits: Sequence[ProductInput], source: Origin = HUB) -> list[WriteResult]:
        with self.database.writing() as session:
            return service.write(session, edits, source, self.clock())

    def edit(
        self,
        identifier: str,
        values: Mapping[str, Any],
        source: Origin = HUB,
        kind: Any = "product",
        base: int | None = None,
    ) -> WriteResult:
        return self.batch([ProductInput(identifier, values, kind, base)], source)[0]

    def model(
        self, identifier: str, values: Mapping[str, Any], source: Origin = HUB
    ) -> WriteResult:
        return self.edit(identifier, values, source, "model")

    def approve(self, *identifiers: str, force: str = "") -> list[WriteResult]:
        with self.database.writing() as session:
            return publishing.approve(session, identifiers, HUB, self.clock(), force)

    def move(self, identifier: str, status: str) -> WriteResult:
        with self.database.writing() as session:
            return publishing.move(session, [identifier], status, HUB, self.clock())[0]

    def get(self, identifier: str) -> Product:
        with self.database.reading() as session:
            return queries.get(session, identifier).product

    def detail(self, identifier: str) -> queries.ProductDetail:
        with self.database.reading() as session:
            return queries.get(session, identifier)


class StrictHubDriver(HubDriver):
    """For tests in which nothing that is given to the hub may be refused."""

    def batch(self, edits: Sequence[ProductInput], source: Origin = HUB) -> list[WriteResult]:
        return _taken(super().batch(edits, source))

    def approve(self, *identifiers: str, force: str = "") -> list[WriteResult]:
        return _taken(super().approve(*identifiers, force=force))


def _taken(results: list[WriteResult]) -> list[WriteResult]:
    assert not [one.problems for one in results if one.is_refused]
    return results
