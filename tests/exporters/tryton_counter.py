"""Run as a program: a shop with a real Tryton (sale_point, a VAT of 21 %) takes in a CSV file, and
sells an article of each of its prices at the counter, as a scanner names it.

``python tryton_counter.py till.csv`` -> ``{"articles": {code: price}, "sold": {ean: amount}}``,
both with VAT.
"""

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

ACCOUNTS = "Shop goods"
"""The account category of the shop: its revenue and its VAT."""

MOST = 40
"""Rows that are taken in at once."""


def main(path: Path) -> None:
    os.environ["DB_NAME"] = ":memory:"
    from trytond import config

    config.set("database", "uri", "sqlite://")
    from trytond.modules.account.tests.tools import create_chart
    from trytond.modules.company.tests.tools import create_company
    from trytond.tests.tools import activate_modules

    activate_modules("sale_point", create_company, create_chart)
    point = _open_shop()
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    _take_in(header, rows)
    print(json.dumps({"articles": _articles(), "sold": _sold(point, header, rows)}))


def _open_shop() -> Any:
    """A point of sale, and the account category that its articles are sold by."""
    from proteus import Model
    from trytond.modules.account.tests.tools import create_fiscalyear, create_tax, get_accounts
    from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences

    set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
    tax = create_tax(Decimal(".21"))
    tax.save()
    category = Model.get("product.category")(name=ACCOUNTS, accounting=True)
    category.account_revenue = get_accounts()["revenue"]
    category.customer_taxes.append(tax)
    category.save()
    point = Model.get("sale.point")(name="Counter")
    (point.journal,) = Model.get("account.journal").find([("type", "=", "revenue")], limit=1)
    point.sequence = Model.get("ir.sequence.strict")(name="Counter", company=point.company)
    (point.sequence.sequence_type,) = Model.get("ir.sequence.type").find(
        [("name", "=", "POS")], limit=1
    )
    point.sequence.save()
    location = Model.get("stock.location")
    (point.storage_location,) = location.find([("code", "=", "STO")])
    (point.customer_location,) = location.find([("code", "=", "CUS")])
    point.save()
    return point


def _take_in(header: list[str], rows: list[list[str]]) -> None:
    from proteus import config
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    current = config.get_config()
    with Transaction().start(current.database_name, current.user, context=current.context):
        for part in _parts(rows):
            Pool(current.database_name).get("product.template").import_data(header, part)
        Transaction().commit()


def _parts(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """Some templates at a time, for SQLite cannot parse the check of more; a template's own rows
    stay together.
    """
    part: list[list[str]] = []
    for row in rows:
        if row[0] and len(part) >= MOST:
            yield part
            part = []
        part.append(row)
    yield part


def _articles() -> dict[str, str]:
    from proteus import Model

    return {one.code: str(one.gross_price_used) for one in Model.get("product.product").find([])}


def _sold(point: Any, header: list[str], rows: list[list[str]]) -> dict[str, str]:
    """EAN -> what the till asks for one of it; the first article of each price that has one."""
    from proteus import Model

    sale = Model.get("sale.point.sale")(point=point)
    amounts: dict[str, str] = {}
    seen: set[str] = set()
    price = ""
    for row in (dict(zip(header, one, strict=True)) for one in rows):
        price = row["gross_price"] or price  # the rows of a template share its price
        ean = row["products/identifiers/code"]
        if not ean or price in seen:
            continue
        (product,) = Model.get("product.product").find([("rec_name", "=", ean)])
        line = sale.lines.new()
        line.product = product
        line.quantity = 1
        amounts[ean] = str(line.amount)
        seen.add(price)
    sale.save()
    return amounts


if __name__ == "__main__":
    main(Path(sys.argv[1]))
