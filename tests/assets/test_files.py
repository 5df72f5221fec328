"""Assets out as a file, changed in a spreadsheet, and back: what comes in is what was changed."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from pim.assets import queries
from pim.assets.files import write_file
from pim.assets.queries import AssetFilters
from pim.db import Database
from pim.errors import Invalid, NotFound
from pim.imports.asset_files import asset_profile
from pim.imports.models import ImportRun
from pim.imports.profiles import profile_from, read_profile
from pim.imports.report import problems
from pim.imports.run import import_products
from pim.products import revert
from pim.products.change import Origin
from pim.products.history import changes_of_run
from pim.structure import queries as catalog
from tests.support.asset_shop import edit

EVERYTHING = AssetFilters()


def clock() -> datetime:
    return datetime(2026, 11, 27, 13, tzinfo=UTC)


def bring_in(shop: Database, path: Path, **options: str) -> ImportRun:
    with shop.reading() as session:
        profile = profile_from(asset_profile(catalog.structure(session), path, **options))
    return import_products(shop, path, profile, "anna", clock)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def exported(shop: Database, path: Path, filters: AssetFilters = EVERYTHING) -> int:
    with shop.reading() as session:
        return write_file(session, catalog.structure(session), filters, path)


def test_a_file_that_nobody_touched_changes_nothing(
    shop: Database, red: str, blue: str, tmp_path: Path
) -> None:
    edit(shop, red, {"family": "photo", "alt_text-nl_NL": 'Een "rode" tas;\nvan voren, =1+1'})
    path = tmp_path / "assets.csv"
    assert exported(shop, path) == 2
    run = bring_in(shop, path)
    assert (run.rows, run.created, run.updated, run.refused) == (2, 0, 0, 0)
    with shop.reading() as session:
        detail = queries.get(session, red)
        assert detail.version == 1
        assert queries.get(session, blue).record is None


def test_what_was_changed_in_the_file_is_changed(
    shop: Database, red: str, blue: str, tmp_path: Path
) -> None:
    edit(shop, red, {"family": "photo", "title": "Red"})
    path = tmp_path / "assets.csv"
    exported(shop, path)
    rows = rows_of(path)
    for row in rows:
        row["family"], row["alt_text-de_DE"] = "photo", f"Bild {row['filename']}"
    rewrite(path, rows)
    run = bring_in(shop, path)
    assert (run.created, run.updated) == (1, 1)
    with shop.reading() as session:
        assert queries.get(session, blue).document == {"alt_text-de_DE": "Bild Blue bag.png"}
        assert queries.get(session, red).document == {
            "title": "Red",
            "alt_text-de_DE": "Bild Red bag.png",
        }
        changes = changes_of_run(session, run.id, 0, 10)
        assert [one.record.identifier for one in changes] == [row["asset"] for row in rows]
    again = bring_in(shop, path)
    assert (again.unchanged, again.updated) == (2, 0)


def test_an_asset_is_named_by_its_file(shop: Database, red: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("filename,family,title\nred BAG.png,photo,Red\nlost.png,photo,Lost\n")
    run = bring_in(shop, path)
    assert (run.created, run.refused) == (1, 1)
    with shop.reading() as session:
        assert queries.get(session, red).document == {"title": "Red"}
        (problem,) = problems(session, run.id)
        assert (problem.line, problem.rule, problem.identifier) == (3, "unknown asset", "lost.png")


def test_one_asset_under_two_names_is_told(shop: Database, red: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(f"asset,title\n{red},Red\nRed bag.png,Other\n")
    run = bring_in(shop, path)
    assert run.refused == 1
    with shop.reading() as session:
        (problem,) = problems(session, run.id)
        assert problem.rule == "duplicate"


def test_a_workbook_comes_in_and_a_cell_can_be_cleared(
    shop: Database, red: str, tmp_path: Path
) -> None:
    edit(shop, red, {"family": "photo", "title": "Red", "licence_number": "L-1"})
    path = tmp_path / "texts.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["asset", "title", "licence_number"])
        sheet.write_row(1, 0, [red, "", "(clear)"])
    bring_in(shop, path, clear="(clear)")
    with shop.reading() as session:
        assert queries.get(session, red).document == {"title": "Red"}


def test_a_column_that_assets_do_not_have_is_named(
    shop: Database, red: str, tmp_path: Path
) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(f"asset,nonsense\n{red},1\n")
    with pytest.raises(Invalid, match="nonsense"):
        bring_in(shop, path)
    path.write_text("title,copyright\nRed,Studio\n")
    with pytest.raises(Invalid, match="filename"):
        bring_in(shop, path)


def test_a_value_of_products_is_left_out_with_its_line(
    shop: Database, red: str, tmp_path: Path
) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(f"asset,name-nl_NL\n{red},Tas\n")
    run = bring_in(shop, path)
    assert run.left_out == 1
    with shop.reading() as session:
        (problem,) = problems(session, run.id)
        assert (problem.line, problem.column, problem.rule) == (2, "name-nl_NL", "unknown address")


def test_a_profile_may_be_about_assets(shop: Database, red: str, tmp_path: Path) -> None:
    profile = read_profile("""
        code: agency
        source: agency
        kind: asset
        key: File
        columns: {File: asset, Text: alt_text-nl_NL, Rights: copyright}
        always: {family: photo}
    """)
    path = tmp_path / "agency.csv"
    path.write_text("File;Text;Rights\nRed bag.png;Rode tas;Studio\n")
    run = import_products(shop, path, profile, "anna", clock)
    assert run.created == 1
    with shop.reading() as session:
        detail = queries.get(session, "Red bag.png")
        assert detail.code == red
        assert detail.document == {"alt_text-nl_NL": "Rode tas", "copyright": "Studio"}


def test_a_trial_writes_nothing(shop: Database, red: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(f"asset,family,title\n{red},photo,Red\n")
    with shop.reading() as session:
        profile = profile_from(asset_profile(catalog.structure(session), path))
    run = import_products(shop, path, profile, "anna", clock, dry_run=True)
    assert run.created == 1
    with shop.reading() as session:
        assert queries.get(session, red).record is None


def test_the_right_file_comes_in_after_the_wrong_one_was_taken_back(
    shop: Database, red: str, blue: str, tmp_path: Path
) -> None:
    edit(shop, red, {"family": "photo", "title": "Red"})
    path = tmp_path / "texts.csv"
    path.write_text(f"asset,family,title\n{red},photo,Wrong\n{blue},photo,Wrong\n")
    run = bring_in(shop, path)
    results = revert.revert_run(shop, run.id, Origin("revert", "anna", None), clock)
    assert [one.outcome for one in results] == ["updated", "updated"]
    with shop.reading() as session:
        assert queries.get(session, red).document == {"title": "Red"}
        assert (queries.get(session, blue).document, queries.get(session, blue).family) == (
            {},
            None,
        )
    assert bring_in(shop, path).updated == 2


def test_lists_find_assets_by_word_family_and_gap(
    shop: Database, red: str, blue: str, add_picture: Callable[[str, str], str]
) -> None:
    green = add_picture("IMG_0815.png", "green")
    edit(shop, red, {"family": "photo", "title": "Leather", "alt_text-nl_NL": "Leren tas"})
    edit(shop, red, {"copyright": "Studio"})
    edit(shop, blue, {"family": "photo"})

    def found(**filters: str) -> set[str]:
        with shop.reading() as session:
            page = queries.page(session, AssetFilters(**filters))
            assert page.total == len(page.rows)
            return {one.code for one in page.rows}

    assert found() == {red, blue, green}
    assert found(words="leat") == {red}
    assert found(words="lere ta") == {red}
    assert found(words="0815") == {green}
    assert found(words="100%") == set()
    assert found(family="photo") == {red, blue}
    assert found(family="none") == {green}
    assert found(incomplete_in="webshop-nl_NL") == {blue}
    assert found(incomplete_in="webshop-de_DE") == {red, blue}
    assert found(incomplete_in="till-nl_NL") == set()


def test_a_list_goes_on_page_by_page(
    shop: Database, add_picture: Callable[[str, str], str]
) -> None:
    codes = {add_picture(f"{number}.png", f"rgb({number},0,0)") for number in range(5)}
    seen: list[str] = []
    after = ""
    with shop.reading() as session:
        while True:
            page = queries.page(session, EVERYTHING, after, size=2)
            seen += [one.code for one in page.rows]
            after = page.after
            if not after:
                break
    assert len(seen) == 5
    assert set(seen) == codes


def test_an_asset_that_is_not_there_is_told(shop: Database) -> None:
    with shop.reading() as session, pytest.raises(NotFound, match=r"lost\.png"):
        queries.get(session, "lost.png")
