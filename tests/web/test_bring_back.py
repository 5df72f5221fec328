"""A file that comes back to the list: its changes, conflicts and refusals; applied and undone."""

import io

import pytest
from lxml import html

from media.storage import Storage
from pim.job_kinds import handlers
from pim.jobs.runner import Runner
from tests.support import coats, workbooks


@pytest.fixture
def work(database, settings, clock):
    """Does what waits to be done."""
    runner = Runner(
        database, handlers(settings, Storage(settings.storage_url)), workers=1, clock=clock
    )
    return runner.run_until_idle


@pytest.fixture
def editor(database, enter):
    coats.fill(database)
    return enter("admin")


def exported(client):
    answer = client.send(
        "/products/export?in=shop.en_GB", names="codes", columns_of="all", format="xlsx", below="1"
    )
    return workbooks.opened(answer.data)


def changed(rows, sku, **values):
    head = rows[0]
    for row in rows[1:]:
        if row[0] == sku:
            for column, value in values.items():
                row[head.index(column.replace("_EUR", "-EUR"))] = value
    return rows


def bring(client, rows, name="coats.xlsx"):
    file = (io.BytesIO(workbooks.saved(rows)), name)
    return client.send("/products/bring-back?in=shop.en_GB", file=file)


def path_of(answer):
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


def words(page):
    return " ".join(html.fromstring(page).text_content().split())


def test_there_and_back(editor, database, work):
    rows = changed(exported(editor), "C-1", price_EUR=9.5, color="")
    page = path_of(bring(editor, rows))
    shown = editor.get(page).text
    assert "What was changed in “coats.xlsx”" in words(shown)
    assert "Change 1 product" in words(shown)
    assert "9.50" in words(shown)
    assert coats.value(database, "C-1", "price-EUR") is None
    seen = html.fromstring(shown).cssselect("input[name=seen]")[0].get("value")
    done = path_of(editor.send(page.replace("/preview", "/apply"), seen=seen))
    work()
    assert coats.value(database, "C-1", "price-EUR") == "9.50"
    assert coats.value(database, "C-1", "color") is None
    assert "Take over what was changed in “coats.xlsx”" in words(editor.get(done).text)
    path_of(editor.send(f"{done}/undo"))
    work()
    assert coats.value(database, "C-1", "price-EUR") is None
    assert coats.value(database, "C-1", "color") == "red"


def test_an_untouched_file_changes_nothing(editor):
    shown = editor.get(path_of(bring(editor, exported(editor)))).text
    assert "Nothing changes" in words(shown)
    assert 'name="seen"' not in shown


def test_conflicts_are_decided_cell_by_cell(editor, database):
    rows = changed(exported(editor), "C-1", price_EUR=9.5)
    coats.write(database, "C-1", {"price-EUR": "7.00"})
    page = path_of(bring(editor, rows))
    shown = html.fromstring(editor.get(page).text)
    (key,) = [one.get("value") for one in shown.cssselect("input[name=shown]")]
    theirs, mine = shown.cssselect(f"input[name='{key}']")
    assert (theirs.get("value"), theirs.get("checked") is not None) == ("theirs", True)
    assert mine.get("checked") is None
    moment = shown.cssselect("input[name=moment]")[0].get("value")
    fields = {"shown": key, key: "mine", "moment": moment}
    assert path_of(editor.send(page.replace("/preview", "/conflicts"), **fields)) == page
    again = editor.get(page).text
    assert "Change 1 product" in words(again)
    mine = html.fromstring(again).cssselect(f"input[name='{key}'][value=mine]")[0]
    assert mine.get("checked") is not None
    path_of(editor.send(page.replace("/preview", "/conflicts"), all="theirs", moment=moment))
    assert "Change 1 product" not in words(editor.get(page).text)


def test_what_is_not_taken_is_named_with_its_row_and_column(editor):
    rows = changed(exported(editor), "C-2", color="pink", price_EUR=4)
    rows[0].append("Remark")
    page = path_of(bring(editor, [[*row, ""][: len(rows[0])] for row in rows]))
    said = words(editor.get(page).text)
    assert "2 things in the file are not taken" in said or "things in the file" in said
    assert "pink" in said
    assert "none of the options" in said
    assert "Remark" in said
    report = editor.get(page.replace("/preview", "/report.csv")).text
    assert "pink" in report


def test_a_file_without_skus_is_refused_on_the_list(editor):
    rows = exported(editor)
    rows[0][0] = "Article"
    answer = bring(editor, rows)
    assert answer.headers["Location"].startswith("/products")
    said = words(editor.get(answer.headers["Location"]).text)
    assert "The column with the SKUs is not there" in said
    assert path_of(bring(editor, [["x"]])) == "/products"


def test_no_file_is_said(editor):
    assert path_of(editor.send("/products/bring-back")) == "/products"


def test_a_large_file_is_read_by_a_job(editor, work, monkeypatch):
    monkeypatch.setattr("pim.web.products.bring_back_pages.AT_ONCE", 10)
    rows = changed(exported(editor), "C-1", price_EUR=9.5)
    page = path_of(bring(editor, rows))
    assert "Change 1 product" not in words(editor.get(page).text)
    work()
    assert "Change 1 product" in words(editor.get(page).text)
    broken = exported(editor)
    broken[0][0] = "Article"
    page = path_of(bring(editor, broken))
    work()
    assert "The column with the SKUs is not there" in words(editor.get(page).text)


def test_it_takes_the_right_to_edit(database, enter):
    coats.fill(database)
    client = enter("viewer")
    assert "data-bring-back" not in client.get("/products").text
    assert client.send("/products/bring-back").status_code == 403
