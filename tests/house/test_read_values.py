"""Values reach the write path only as what a reader made of them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAKERS = {
    "pim/values.py",  # defines it
    "pim/row_reader.py",  # of text: cells, forms, lists
    "pim/products/new_products.py",  # of values that were read by the process beside this one
    "pim/imports/late_rows.py",  # of rows that were read once and waited
    "pim/products/taking_back.py",  # of the undo log, which holds values that were read once
    "pim/products/service.py",  # of a plan, whose values were read before it was made
}


def test_only_readers_make_read_values() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("pim", "media", "exporters")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bReadValues\(", path.read_text())
    }
    assert makers <= MAKERS
