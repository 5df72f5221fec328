"""Products out into a spreadsheet and in again, from the command line."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def desk(shop: Any, structure: Any) -> Any:
    """The shop, with its names in the hub's hands."""
    structure["attributes"]["name"]["owner"] = "hub"
    shop.ok("structure", "apply", shop.write("structure.yaml", structure))
    return shop


def exported(desk: Any, *wanted: str) -> Path:
    path = Path(desk.write("out.csv", ""))
    desk.ok("products", "export", *wanted, "--output", str(path))
    return path


def test_out_changed_and_in_again(desk: Any) -> None:
    path = exported(desk, "--all", "--columns", "name-nl_NL")
    untouched = desk.json("products", "bring-back", str(path))
    assert (untouched["products"], untouched["cells"]) == (0, [])
    path.write_text(path.read_text().replace("Bel", "Gong"))
    tried = desk.json("products", "bring-back", str(path), "--dry-run")
    change = {"row": 3, "sku": "A2", "address": "name-nl_NL", "old": "Bel", "new": "Gong"}
    assert tried["cells"] == [change]
    assert desk.json("products", "bring-back", str(path), "--dry-run")["cells"] == [change]
    done = desk.json("products", "bring-back", str(path))
    assert (done["changed"], done["left_out"]) == (1, 0)
    assert desk.json("bulk-edits", "undo", done["id"])["restored"] == 1


def test_a_conflict_is_left_unless_it_is_said(desk: Any) -> None:
    path = exported(desk, "A2", "--columns", "name-nl_NL")
    desk.ok("bulk-edit", "A2", "--set", "name-nl_NL=Klok", "--apply")
    path.write_text(path.read_text().replace("Bel", "Gong"))
    said = desk.run("products", "bring-back", str(path), "--dry-run")
    assert "A2 name-nl_NL: Klok here, Gong in the file; left as it is here" in said.stdout
    assert desk.run("products", "bring-back", str(path)).exit_code == 1
    mine = desk.json("products", "bring-back", str(path), "--mine")
    assert [one["taken"] for one in mine["conflicts"]] == [True]
    assert mine["changed"] == 1


def test_a_file_that_is_none_is_refused_and_leaves_nothing(desk: Any) -> None:
    refused = desk.run("products", "bring-back", desk.write("other.csv", "a,b\n1,2\n"))
    assert refused.exit_code == 1
    assert "The column with the SKUs is not there" in refused.stderr
    wrong = desk.run("products", "export", "--all", "--output", "products.pdf")
    assert "ends in .xlsx or .csv" in wrong.stderr
    nowhere = desk.run("products", "export", "--all", "--in", "moon", "--output", "x.csv")
    assert "There is none like that" in nowhere.stderr


def test_the_rows_have_the_order_that_is_asked_for(desk: Any) -> None:
    def skus(*wanted: str) -> list[str]:
        lines = exported(desk, *wanted).read_text().splitlines()
        return [line.split(",")[0] for line in lines[1:]]

    upwards = skus("--all", "--sort", "_identifier")
    assert upwards == sorted(upwards)
    assert skus("--all", "--sort", "-_identifier") == upwards[::-1]
