"""The list as a file: its rows and columns, or those that are ticked; a job makes what is large."""

import pytest

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


def rows(answer):
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    head, *lines = workbooks.opened(answer.data)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_the_rows_and_columns_of_the_list_come_as_a_workbook(database, enter):
    coats.fill(database)
    client = enter("viewer")
    found = rows(
        client.send(
            "/products/export?in=shop.en_GB",
            columns="color,.status",
            status="approved",
            format="xlsx",
        )
    )
    assert [row["SKU [.sku]"] for row in found] == ["C-1"]
    assert found[0]["Name [name-en_GB]"] == "Coat"
    assert found[0]["Status [.status]"] == "Approved"
    assert list(found[0])[-1] == "Version, please leave it [.version-en]"


def test_what_is_ticked_comes_with_its_variants_in_codes_and_as_text(database, enter):
    coats.fill(database)
    client = enter("viewer")
    asked = {"rows": "selected", "identifier": ["C-1", "M"], "below": "1", "names": "codes"}
    answer = client.send("/products/export?in=shop.en_GB", format="csv", columns_of="all", **asked)
    lines = answer.text.splitlines()
    assert lines[0].startswith("\ufeff.sku,.model,")
    assert [line.split(",")[0] for line in lines[1:]] == ["M", "M-1", "C-1"]


NAMES = "_name-en_GB"


@pytest.mark.parametrize(
    ("asked", "order", "said"),
    [
        ({}, ["M", "C-2", "C-1"], "the newest first"),
        ({"sort": "_identifier"}, ["C-1", "C-2", "M"], "by SKU, ascending"),
        ({"sort": f"-{NAMES}"}, ["M", "C-1", "C-2"], "by Name, descending"),
        ({"sort": "_status", "below": "1"}, ["C-2", "M", "M-1", "C-1"], "by Status, ascending"),
        (
            {"sort": NAMES, "rows": "selected", "identifier": ["M", "C-1"], "below": "1"},
            ["C-1", "M", "M-1"],
            "by Name, ascending",
        ),
    ],
)
def test_the_rows_stand_as_the_list_has_them_and_the_dialog_says_so(
    database, enter, asked, order, said
):
    coats.fill(database)
    client = enter("viewer")
    found = rows(client.send("/products/export?in=shop.en_GB", format="xlsx", **asked))
    assert [row["SKU [.sku]"] for row in found] == order
    dialog = client.get("/products/export", query_string={"in": "shop.en_GB", **asked}).text
    assert f"The rows stand as the list has them: {said}." in dialog


def test_a_file_that_a_job_makes_has_the_order_of_the_list(database, enter, work, monkeypatch):
    monkeypatch.setattr("pim.web.products.export_pages.AT_ONCE", 3)
    coats.fill(database)
    client = enter("viewer")
    answer = client.send("/products/export?in=shop.en_GB", format="xlsx", sort="_identifier")
    work()
    found = rows(client.get(f"{answer.location.partition('?')[0]}/file"))
    assert [row["SKU [.sku]"] for row in found] == ["C-1", "C-2", "M"]


def test_nothing_to_export_is_refused(database, enter):
    coats.fill(database)
    client = enter("viewer")
    assert client.send("/products/export", rows="selected", format="csv").status_code == 422


def test_the_dialog_goes_on_with_what_the_list_asks_for(database, enter):
    coats.fill(database)
    html = enter("viewer").get("/products/export?status=approved&q=coat").text
    assert 'name="status" value="approved"' in html
    assert 'name="q" value="coat"' in html


def test_a_large_file_is_made_by_a_job_for_who_asked(database, enter, work, monkeypatch):
    monkeypatch.setattr("pim.web.products.export_pages.AT_ONCE", 3)
    coats.fill(database)
    client = enter("viewer")
    answer = client.send("/products/export?in=shop.en_GB", format="xlsx")
    assert answer.status_code == 303
    page = answer.headers["Location"].partition("?")[0]
    assert client.get(f"{page}/file").status_code == 404
    assert "Download the file" not in client.get(page).text
    work()
    assert "Download the file" in client.get(page).text
    assert len(rows(client.get(f"{page}/file"))) == 3
    assert enter("admin").get(f"{page}/file").status_code == 404
