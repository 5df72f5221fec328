"""A file goes in by the browser: tried, taken, followed, explained, undone."""

import csv
import html
import io
import os
import re

import pytest
from sqlalchemy import select

from pim.errors import NotFound
from pim.imports import store
from pim.imports.models import ImportRun
from pim.imports.profiles import read_profile
from pim.jobs.models import Job
from pim.products import queries, service
from pim.products.change import Origin, ProductInput


def upload(
    content=b"Nr;Groep;Prijs\nA;bikes;699,00\nD;bikes;99,50\nE;boats;1,00\n", name="artikelen.csv"
):
    return io.BytesIO(content), name


def runs(database):
    with database.reading() as session:
        return session.scalars(select(ImportRun).order_by(ImportRun.started)).all()


def price(database, identifier):
    with database.reading() as session:
        return queries.get(session, identifier).document.get("price-EUR")


def test_a_trial_shows_what_would_happen_and_writes_nothing(shop, work, enter):
    client = enter("editor")
    started = client.send("/imports/new", file=upload(), profile="erp", what="try")
    assert "Waiting for a worker" in client.get(started.location).text
    work()
    ended = client.get(started.location)
    page = client.get(ended.location).text
    assert "This was a trial: nothing was written." in page
    assert "There is no family “boats”." in page
    assert "1 new, 1 changed, 0 unchanged, 1 refused" in page
    assert price(shop, "A") == "649.00"


def test_what_an_import_changed_is_shown_product_by_product_as_it_was_then(
    shop, work, enter, clock
):
    client = enter("approver")
    started = client.send("/imports/new", file=upload(), profile="erp", what="import")
    work()
    path = client.get(started.location).location
    assert f'href="{path}/changes"' in client.get(path).text
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput("A", {"price-EUR": "1.00"})],
            Origin("user", "anna@example.org", None),
            clock(),
        )
    page = client.get(f"{path}/changes").text
    assert re.search(r"<del>649\.00</del>.*<ins>699\.00</ins>", page)
    assert re.search(r'href="/products/D">D</a>.*\s*<span class="tag tag-good">New', page)
    assert "/products/B" not in page
    clock.advance(seconds=5)
    client.send(f"{path}/undo")
    work()
    assert re.search(r"<del>649\.00</del>.*<ins>699\.00</ins>", client.get(f"{path}/changes").text)


def test_what_was_tried_is_done_with_the_same_file(shop, work, enter, settings):
    client = enter("editor")
    started = client.send("/imports/new", file=upload(), profile="erp", what="try")
    work()
    trial = client.get(started.location).location
    followed = client.send(f"{trial}/repeat").location
    work()
    page = client.get(client.get(followed).location).text
    assert "This was a trial" not in page
    assert price(shop, "A") == "699.00"
    assert len(os.listdir(settings.home / "uploads")) == 1  # the same content is kept once


def test_the_name_of_an_upload_is_never_a_path(work, enter, settings):
    enter("editor").send(
        "/imports/new", file=upload(name="../../../etc/passwd.csv"), profile="erp", what="try"
    )
    (kept,) = os.listdir(settings.home / "uploads")
    assert len(kept) == 64
    assert set(kept) <= set("0123456789abcdef")


def test_nothing_is_queued_for_a_file_that_cannot_be_read(shop, enter):
    client = enter("editor")
    wrong = {
        "Choose the file to import.": {"profile": "erp"},
        "Choose how the file is to be read.": {"file": upload()},
        "The profile does not know this column": {
            "file": upload(b"Nr;Groep;Kleur\nA;bikes;rood\n"),
            "profile": "erp",
        },
        "has no column “Nr”": {"file": upload(b"Groep;Prijs\nbikes;1\n"), "profile": "erp"},
        "columns.B": {
            "file": upload(),
            "own_profile": (
                io.BytesIO(b"code: x\nsource: e\nkey: A\ncolumns: {A: sku, B: na me}"),
                "p.yaml",
            ),
        },
        "A profile is a text file in UTF-8.": {
            "file": upload(),
            "own_profile": (io.BytesIO(b"\xff\xfe\x00"), "p.yaml"),
        },
    }
    for sentence, fields in wrong.items():
        response = client.send("/imports/new", **fields)
        assert response.status_code == 422, sentence
        assert sentence in response.text
    binary = client.send("/imports/new", file=upload(bytes(range(256)) * 40), profile="erp")
    assert binary.status_code == 422
    assert client.send("/imports/new", file=upload(b""), profile="erp").status_code == 422
    with shop.reading() as session:
        assert session.scalars(select(Job)).all() == []


def test_an_uploaded_profile_is_used_for_this_import_only(shop, work, enter):
    own = b"code: mine\nsource: erp\nkey: sku\ncolumns: {sku: sku, price: price-EUR}"
    file = upload(b"sku,price\nA,1.00\n")
    enter("editor").send(
        "/imports/new", file=file, own_profile=(io.BytesIO(own), "mine.yaml"), what="import"
    )
    work()
    assert price(shop, "A") == "1.00"
    with shop.reading() as session:
        assert [one.code for one in store.profiles(session)] == ["erp"]


@pytest.fixture
def imported(shop, work, enter):
    """The address of a finished import, and a client that may undo it."""
    client = enter("approver")
    started = client.send("/imports/new", file=upload(), profile="erp", what="import")
    work()
    return client, client.get(started.location).location


def test_the_report_is_filtered_and_downloaded(imported):
    client, address = imported
    page = client.get(f"{address}?severity=refusal").text
    assert "boats" in page
    assert "boats" not in client.get(f"{address}?severity=doubt").text.partition("Report</h2>")[2]
    report = client.get(f"{address}/report.csv")
    assert report.headers["Content-Disposition"] == "attachment; filename=artikelen-report.csv"
    (line,) = csv.DictReader(io.StringIO(report.get_data(as_text=True).removeprefix("\ufeff")))
    assert (line["line"], line["identifier"], line["column"], line["value"], line["severity"]) == (
        "4",
        "E",
        "Groep",
        "boats",
        "error",
    )


def test_an_import_is_undone(shop, imported, work):
    client, address = imported
    assert price(shop, "A") == "699.00"
    assert client.send(f"{address}/undo").status_code == 303
    assert "Undoing the import of artikelen.csv" in client.get(address).text
    work()
    assert price(shop, "A") == "649.00"
    assert "This import was undone" in client.get(address).text
    assert client.send(f"{address}/undo").status_code == 409


def test_a_waiting_import_is_stopped_and_begun_again(shop, work, enter):
    client = enter("editor")
    job = client.send("/imports/new", file=upload(), profile="erp", what="import").location
    client.send(f"{job}/stop")
    work()
    assert "The import was stopped." in client.get(job).text
    assert price(shop, "A") == "649.00"
    client.send(f"{job}/resume")
    work()
    assert price(shop, "A") == "699.00"


def test_an_import_that_fails_says_why(shop, work, enter, settings):
    client = enter("editor")
    job = client.send("/imports/new", file=upload(), profile="erp", what="import").location
    for path in (settings.home / "uploads").iterdir():
        path.unlink()
    work()
    assert "There is no file" in client.get(job).text
    assert "The import of artikelen.csv failed." in client.get("/").text


def test_profiles_are_written_with_their_faults_beside_them(shop, enter):
    client = enter("approver")
    broken = client.send(
        "/imports/profiles", document="code: erp\nkey: X\ncolumns: {A: sku}\n", edited="erp"
    )
    assert broken.status_code == 422
    assert "The key column “X” is not among the columns that are read." in broken.text
    document = "# ours\ncode: erp\nlabel: Changed\nsource: erp\nkey: A\ncolumns: {A: sku}\n"
    assert (
        client.send("/imports/profiles", document=document.replace("\n", "\r\n")).status_code == 303
    )
    with shop.reading() as session:
        assert (store.get(session, "erp").label, store.get(session, "erp").document) == (
            "Changed",
            document,
        )
    assert client.send("/imports/profiles/erp/remove").status_code == 303
    with shop.reading() as session, pytest.raises(NotFound):
        store.get(session, "erp")


def test_who_only_looks_imports_nothing(shop, enter):
    client = enter("viewer")
    assert "/imports/new" not in client.get("/imports").text
    assert client.send("/imports/new", file=upload(), profile="erp").status_code == 403


def test_a_profile_is_guessed_from_a_file_and_imports_it(shop, work, enter):
    client = enter("approver")
    content = (
        "SKU;Naam nl;Familie;Price;Memo\nA;Fiets rood;bikes;1.249,00;x\nF;Fiets"
        " blauw;bikes;99,50;\n".encode("windows-1252")
    )
    guessed = client.send("/imports/profiles/new", sample=upload(content, "Leverancier 7.csv"))
    document = html.unescape(
        re.search(r"<textarea[^>]*>(.*?)</textarea>", guessed.text, re.DOTALL).group(1)
    )
    profile = read_profile(document)
    assert (profile.code, profile.key, profile.file.decimal) == ("leverancier", "SKU", ",")
    assert {one.name: one.to for one in profile.columns} == {
        "SKU": "sku",
        "Naam nl": None,
        "Familie": "family",
        "Price": "price-EUR",
        "Memo": None,
    }
    client.send(
        "/imports/profiles", document=document.replace("Naam nl: null", "Naam nl: name-nl_NL")
    )
    client.send("/imports/new", file=upload(content), profile="leverancier", what="import")
    work()
    assert price(shop, "A") == "1249.00"


def test_a_guess_without_a_table_says_so(shop, enter):
    client = enter("approver")
    assert client.send("/imports/profiles/new").status_code == 422
    assert (
        client.send(
            "/imports/profiles/new", sample=upload(b"\x00\x01\x02" * 900, "x.bin")
        ).status_code
        == 422
    )
