"""Run as a program: imports CSV files into a real Tryton with sale_point, in memory, and prints as
JSON what it made of each.

``python tryton_till.py good.csv mutant.csv`` -> ``[{"products": [...]}, {"error":
"InvalidIdentifierCode"}]``
"""

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

ACCOUNTS = "Shop goods"
"""An account category that the shop has."""


def main(paths: list[str]) -> None:
    os.environ["DB_NAME"] = ":memory:"
    from trytond import config

    config.set("database", "uri", "sqlite://")
    from trytond.tests.test_tryton import activate_module, with_transaction

    activate_module("sale_point")
    results = [with_transaction()(imported)(Path(path)) for path in paths]
    print(json.dumps(results))


def imported(path: Path) -> dict[str, Any]:
    """What the import made of the file, or the name of Tryton's complaint; the transaction is
    rolled back.
    """
    from trytond.exceptions import UserError
    from trytond.modules.company.tests import create_company, set_company
    from trytond.pool import Pool

    template = Pool().get("product.template")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with set_company(create_company()):
        Pool().get("product.category").create([{"name": ACCOUNTS, "accounting": True}])
        try:
            template.import_data(header, rows)
        except (UserError, ValueError, KeyError) as error:
            return {"error": type(error).__name__}
        return {
            "products": [
                shown(one, product) for one in template.search([]) for product in one.products
            ]
        }


def shown(template: Any, product: Any) -> dict[str, Any]:
    return {
        "name": template.name,
        "price": str(template.gross_price),
        "accounts": template.account_category.name if template.account_category else "",
        "code": product.code,
        "ean": [identifier.code for identifier in product.identifiers if identifier.type == "ean"],
    }


if __name__ == "__main__":
    main(sys.argv[1:])
