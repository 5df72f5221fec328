"""``pim products list``: the list of products as the page has it, for people, as JSON or CSV."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.orm import Session

from pim.cli.frame import Hub, command, counted
from pim.cli.list_filters import filter_options, filters_of, scope_of, words_of
from pim.errors import Conflict, Invalid, text
from pim.listing import label_of, value_in
from pim.products import list_words, queries, relatives
from pim.products.matching import Filters
from pim.products.sorting import Sort
from pim.structure import queries as catalog
from pim.structure.objects import Scope, Structure
from pim.values import Document

USUAL = ".sku,.name,.family,.status,.changed"
FACTS = (".sku", ".name", ".kind", ".family", ".status", ".enabled", ".changed")


@click.command("list")
@filter_options
@click.option("--sort", default="", help="As the list's address has it: price-EUR, -_changed.")
@click.option(
    "--columns",
    default=USUAL,
    show_default=True,
    help=f"Of {', '.join(FACTS)} and the codes or addresses of attributes.",
)
@click.option("--limit", default=0, help="So many at most; 0 for all that match.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@command
def list_products(
    hub: Hub, columns: str, limit: int, as_csv: bool, scope: str, **options: Any
) -> None:
    """The products that match, as the list of the pages shows them: the newest first, models in
    place of their variants.
    """
    if as_csv and hub.as_json:
        raise Conflict(text("Say --json or --csv, not both."))
    words = words_of(options)
    with hub.database.reading() as session:
        structure = catalog.structure(session)
        place = scope_of(structure, scope)
        shown = _Columns.read(structure, place, columns)
        filters = filters_of(structure, words, place)
        sort = list_words.asked_sort(structure, words)
        rows = _rows(session, structure, filters, sort, limit, shown)
        if as_csv:
            for line in _as_csv(shown, rows):
                click.echo(line, nl=False)
            return
        data = [dict(zip(shown.names, row, strict=True)) for row in rows]
    texts = ["  ".join(_spelled(one) for one in row.values()) for row in data]
    hub.show(data, "\n".join([*texts, f"{counted(len(data), 'product')}."]))


@dataclass(frozen=True)
class _Columns:
    """The chosen columns, and what each says of a product."""

    structure: Structure
    scope: Scope
    names: Sequence[str]

    @classmethod
    def read(cls, structure: Structure, scope: Scope, spelled: str) -> "_Columns":
        names = [one.strip() for one in spelled.split(",") if one.strip()]
        known = {*FACTS, *structure.attributes, *structure.attribute_at}
        strange = [one for one in names if one not in known]
        if strange or not names:
            code = ", ".join(strange)
            raise Invalid(
                {"--columns": [text("There is nothing called “%(code)s” here.", code=code)]}
            )
        return cls(structure, scope, names)

    def row(self, product: Any, document: Document) -> list[Any]:
        """What the columns say of one product."""
        facts: Mapping[str, Any] = {
            ".sku": product.identifier,
            ".name": label_of(
                self.structure, product.identifier, product.family, document, self.scope.locale
            ),
            ".kind": product.kind,
            ".family": product.family,
            ".status": product.status,
            ".enabled": product.enabled,
            ".changed": product.updated,
        }
        return [
            facts[name] if name in facts else self._value(document, name) for name in self.names
        ]

    def _value(self, document: Document, name: str) -> Any:
        if name in self.structure.attribute_at:
            return document.get(name)
        return value_in(self.structure, document, name, self.scope.channel, self.scope.locale)


def _rows(
    session: Session,
    structure: Structure,
    filters: Filters,
    sort: Sort | None,
    limit: int,
    columns: _Columns,
) -> Iterator[list[Any]]:
    """Page after page, so that a million products are no million rows in memory."""
    left, after = limit or None, None
    while True:
        size = queries.PAGE * 10 if left is None else min(left, queries.PAGE * 10)
        page = queries.page(session, structure, filters, after, size=size, sort=sort)
        documents = relatives.documents(session, page.rows)
        for row in page.rows:
            yield columns.row(row, documents[row.id])
        left = None if left is None else left - len(page.rows)
        after = page.older
        if after is None or left == 0:
            return


def _as_csv(columns: _Columns, rows: Iterator[list[Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns.names)
    for row in rows:
        writer.writerow(map(_spelled, row))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _spelled(value: Any) -> str:
    """A value in one cell."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value)
