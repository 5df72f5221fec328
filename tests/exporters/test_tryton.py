"""A real till takes the file: Tryton 8.2 with sale_point, installed for this test only, in a
process of its own (about a minute).
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pim.feeds.contract import Group, Listing, Money

TILL = Path(__file__).with_name("tryton_till.py")
COUNTER = Path(__file__).with_name("tryton_counter.py")


@pytest.mark.slow
def test_a_real_till_imports_it_and_refuses_mutants(
    build: Callable[..., Any], tmp_path: Path
) -> None:
    if importlib.util.find_spec("trytond.modules.sale_point") is None:
        pytest.skip("no Tryton here: pip install trytond_sale_point==8.2.*")
    text = build("tryton_pos", {"account_category": "Shop goods"}).text
    mutants = [
        ("Shop goods", "Nothing"),
        ("8712345000011", "8712345000012"),
        ("749.00", "749,00"),
        (",Unit,Unit,", ",Stuk,Stuk,"),
        ("gross_price", "gross_prize"),
    ]
    files = [
        tmp_path / "good.csv",
        *(tmp_path / f"mutant{number}.csv" for number in range(len(mutants))),
    ]
    for file, (old, new) in zip(files, [("", ""), *mutants], strict=True):
        file.write_text(text.replace(old, new), encoding="utf-8", newline="")
    done = subprocess.run(
        [sys.executable, str(TILL), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    good, *bad = json.loads(done.stdout.splitlines()[-1])
    assert {(one["code"], one["price"], *one["ean"]) for one in good["products"]} == {
        ("ZZ7-ROOD", "749.00", "8712345000011"),
        ("ZZ7-BLAUW", "749.00", "8712345000028"),
        ("HELM;1", "59.95", "4006381333931"),
    }
    assert {one["accounts"] for one in good["products"]} == {"Shop goods"}
    assert "Helm <zwart>, 58\u00a0cm" in {one["name"] for one in good["products"]}
    assert ["error" in one for one in bad] == [True] * len(mutants)


@pytest.mark.slow
def test_a_real_till_sells_each_variant_at_its_own_price(
    build: Callable[..., Any], products: Any, tmp_path: Path
) -> None:
    if importlib.util.find_spec("trytond.modules.sale_point") is None:
        pytest.skip("no Tryton here: pip install trytond_sale_point==8.2.* proteus==8.2.*")
    dear = replace(products[1], document=products[1].document | {"price-EUR": "799.00"})
    file = build(
        "tryton_pos", {"account_category": "Shop goods"}, [products[0], dear, products[2]]
    ).path
    done = subprocess.run(
        [sys.executable, str(COUNTER), str(file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["sold"] == {
        "8712345000011": "749.00",
        "8712345000028": "799.00",
        "4006381333931": "59.95",
    }


def test_the_first_row_holds_the_template(build: Callable[..., Any]) -> None:
    rows = build("tryton_pos").text.splitlines()
    assert rows[1].startswith("Stadsfiets")
    assert rows[2].startswith(",,,,,,ZZ7-BLAUW,ean,")


def test_a_template_names_the_account_category_that_it_is_sold_by(
    build: Callable[..., Any],
) -> None:
    header, first, second, *_ = build(
        "tryton_pos", {"account_category": "Fietsen"}
    ).text.splitlines()
    assert header.split(",")[5:8] == ["gross_price", "account_category", "products/suffix_code"]
    assert first.split(",")[5:8] == ["749.00", "Fietsen", "ZZ7-ROOD"]
    assert second.split(",")[6:8] == ["", "ZZ7-BLAUW"]
    assert "account_category" not in build("tryton_pos").text


def test_a_scanner_reads_what_stands_on_the_article(build: Callable[..., Any]) -> None:
    exporter = build("tryton_pos").exporter

    def written(gtin: str) -> list[str]:
        listing = Listing("A", "A", None)
        listing |= {
            "name": "A",
            "suffix_code": "A",
            "gross_price": Money("1.00", "EUR"),
            "ean": gtin,
        }
        listing.problems = list(exporter.check(listing))
        (record,) = exporter.items(Group([listing]))
        return [
            record.get("products/identifiers/code", ""),
            *(one.rule for one in listing.problems),
        ]

    assert written("96385074") == ["96385074"]
    assert written("036000291452") == ["0036000291452"]
    assert written("08712345000011") == ["8712345000011"]
    assert written("18712345000018") == ["", "ean_length"]


def test_variants_with_another_price_have_a_template_of_their_own(
    build: Callable[..., Any], products: Any
) -> None:
    """channels.md fault 1: every variant got the first one's price."""
    dear = replace(products[1], document=products[1].document | {"price-EUR": "799.00"})
    text = build("tryton_pos", products=[products[0], dear]).text
    assert [line.split(",")[5:7] for line in text.splitlines()[1:]] == [
        ["749.00", "ZZ7-ROOD"],
        ["799.00", "ZZ7-BLAUW"],
    ]
