"""A file goes in by the browser: tried, taken, followed, explained, undone."""

import csv
import html
import io
import os
import re
from datetime import UTC, datetime

import pytest
import yaml
from sqlalchemy import select

from pim.accounts.principals import COMMAND_LINE
from pim.errors import NotFound
from pim.imports import store
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.profiles import read_profile
from pim.imports.undo import take_back
from pim.jobs.models import Job
from pim.products import queries, service
from pim.products.change import Origin, ProductInput
from tests.web.operations.conftest import PROFILE

BY_HAND = Origin("user", "anna@example.org", "hub")


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
    assert "2 new, 1 changed, 0 unchanged, 0 refused" in page
    assert price(shop, "A") == "649.00"


def test_how_a_file_was_read_is_shown_with_its_first_rows(shop, work, enter):
    client = enter("editor")
    started = client.send("/imports/new", file=upload(), profile="erp", what="try")
    work()
    page = client.get(client.get(started.location).location).text
    read = page[page.index("How the file was read") :]
    assert re.search(r"Encoding <code>utf-8</code>\s*<span[^>]*>Certain", read)
    assert re.search(r"Delimiter <code>;</code>", read)
    assert re.search(r"Line of the header <code>1</code>", read)
    assert re.search(r"<th>Nr</th>.*<td>A</td>", read, re.DOTALL)


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
    assert re.search(r"<del[^>]*>649\.00</del>.*<ins[^>]*>699\.00</ins>", page)
    assert re.search(r'href="/products/D\?in=[^"]*">D</a>.*\s*<span class="tag tag-good">New', page)
    assert "/products/B" not in page
    clock.advance(seconds=5)
    client.send(f"{path}/undo")
    work()
    assert re.search(
        r"<del[^>]*>649\.00</del>.*<ins[^>]*>699\.00</ins>", client.get(f"{path}/changes").text
    )


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
        "lacks the column “Nr”": {
            "file": upload(b"Groep;Prijs\nbikes;1\n"),
            "profile": "erp",
        },
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


OWN_PROFILE = b"code: mine\nsource: erp\nkey: sku\ncolumns: {sku: sku, price: price-EUR}"


def send_own(client, profile=OWN_PROFILE, what="import"):
    """Upload a profile with a file that gives the product A another price."""
    return client.send(
        "/imports/new",
        file=upload(b"sku,price\nA,1.00\n"),
        own_profile=(io.BytesIO(profile), "mine.yaml"),
        what=what,
    )


def notes_on(database):
    """Rule and value of the lines about whole files, oldest run first."""
    wanted = select(ImportProblem.rule, ImportProblem.value).join(ImportRun)
    with database.reading() as session:
        lines = session.execute(wanted.where(ImportProblem.line == 0).order_by(ImportRun.started))
        return [tuple(line) for line in lines]


def test_an_uploaded_profile_is_used_for_this_import_only(shop, work, enter):
    send_own(enter("approver"))
    work()
    assert price(shop, "A") == "1.00"
    with shop.reading() as session:
        assert [one.code for one in store.profiles(session)] == ["erp"]
    assert notes_on(shop) == []


def test_an_uploaded_profile_speaks_for_the_person_who_may_not_set_up_imports(shop, work, enter):
    client = enter("editor")
    started = send_own(client)
    work()
    assert price(shop, "A") == "649.00"
    assert notes_on(shop) == [("profile not approved", "erp")]
    page = client.get(client.get(started.location).location).text
    assert "It speaks for “people here” and not for “ERP”." in page
    assert "this value belongs to “ERP”" in page
    client.send("/language", language="nl", next="/")
    page = client.get(client.get(started.location).location).text
    assert "“mensen hier” en niet voor “ERP”" in page


def test_neither_a_trial_nor_trying_again_lends_a_profile_a_right(shop, work, enter):
    """An approver tries a profile of their own; an editor imports what was tried, twice."""
    approver = enter("approver")
    trial = send_own(approver, what="try")
    work()
    run = approver.get(trial.location).location
    editor = enter("editor")
    started = editor.send(f"{run}/repeat")
    work()
    assert price(shop, "A") == "649.00"
    job = int(started.location.rsplit("/", 1)[-1])
    editor.send(f"/imports/jobs/{job}/resume")
    editor.send(f"/jobs/{job}/retry")
    work()
    assert price(shop, "A") == "649.00"


def test_a_profile_under_the_code_of_a_stored_one_is_not_the_stored_one(shop, work, enter):
    send_own(enter("editor"), OWN_PROFILE.replace(b"code: mine", b"code: erp"))
    work()
    assert price(shop, "A") == "649.00"
    assert notes_on(shop) == [("profile not approved", "erp")]


def test_a_profile_that_was_stored_speaks_for_its_owner_whoever_imports_with_it(shop, work, enter):
    with shop.writing() as session:
        store.save(session, OWN_PROFILE.decode(), datetime(2026, 11, 22, tzinfo=UTC))
    client = enter("editor")
    client.send("/imports/new", file=upload(b"sku,price\nA,2.00\n"), profile="mine", what="import")
    work()
    assert price(shop, "A") == "2.00"
    send_own(client)  # the same profile, given as a file
    work()
    assert price(shop, "A") == "1.00"
    assert notes_on(shop) == []


@pytest.fixture
def imported(shop, work, enter):
    """The address of a finished import, and a client that may undo it."""
    client = enter("approver")
    started = client.send("/imports/new", file=upload(), profile="erp", what="import")
    work()
    return client, client.get(started.location).location


def test_the_report_is_filtered_and_downloaded(imported):
    client, address = imported
    page = client.get(f"{address}?severity=skipped").text
    assert "boats" in page
    assert "boats" not in client.get(f"{address}?severity=warning").text.partition("Report</h2>")[2]
    report = client.get(f"{address}/report.csv")
    assert report.headers["Content-Disposition"] == "attachment; filename=artikelen-report.csv"
    (line,) = csv.DictReader(io.StringIO(report.get_data(as_text=True).removeprefix("\ufeff")))
    assert (line["line"], line["identifier"], line["column"], line["value"], line["severity"]) == (
        "4",
        "E",
        "Groep",
        "boats",
        "skipped",
    )


def test_what_was_not_taken_leads_to_the_lines_that_say_why(shop, work, enter, clock):
    with shop.writing() as session:
        service.write(session, [ProductInput("B", {"enabled": False})], BY_HAND, clock())
    rows = ["Nr;Groep;Prijs;Aan", "A;bikes;1,005;ja", "A;bikes;2,00;ja", "D;boats;x;ja", "B;;;ja"]
    profile = PROFILE.replace("Prijs: price-EUR", "Prijs: price-EUR, Aan: enabled")
    with shop.writing() as session:
        store.save(session, f"{profile}doubts: warn\n", clock())
    client = enter("approver")
    started = client.send(
        "/imports/new", file=upload("\n".join(rows).encode()), profile="erp", what="import"
    )
    work()
    address = client.get(started.location).location
    found = figures_of(client, address)
    assert [number for _, number in found] == ["1", "2", "2"]
    assert figures_of(client, "/imports") == found
    for url, number in found:
        report = client.get(html.unescape(url)).text.partition('id="report"')[2]
        assert report.count("<tr>") - 1 == int(number)


def figures_of(client, path):
    """(address, number) of what was refused, left out and doubtful."""
    return re.findall(r'<a href="([^"]*)#report">(\d+)</a>', client.get(path).text)


def test_an_import_is_undone(shop, imported, work):
    client, address = imported
    assert price(shop, "A") == "699.00"
    assert client.send(f"{address}/undo").status_code == 303
    assert "Undoing the import of artikelen.csv" in client.get(address).text
    work()
    assert price(shop, "A") == "649.00"
    for page in (address, "/imports", "/", f"{address}/changes"):
        said = re.sub("<[^>]*>", "", client.get(page).text)
        assert re.search(r"Undone by Approver on \d+ \w+ 2026", said), page
    assert ">Done<" not in client.get("/imports").text
    assert "1 product as it was before, 2 gone again" in client.get(address).text
    again = client.send(f"{address}/undo")
    assert again.status_code == 409
    assert re.search(r"already undone by Approver on \d+ \w+ 2026", again.text)


def test_what_was_new_and_what_was_changed_lead_to_as_many_products(imported, work):
    client, address = imported
    for _ in ("as it came in", "when it is undone"):
        found = re.findall(
            r'<dd><a href="([^"]*/changes[^"]*)">(\d+)</a>', client.get(address).text
        )
        assert [number for _, number in found] == ["2", "1"]
        for url, number in found:
            assert client.get(html.unescape(url)).text.count('<li class="event">') == int(number)
        client.send(f"{address}/undo")
        work()


def test_who_undid_an_import_stays_known_without_the_job(shop, imported, clock):
    """Jobs are cleared away sooner, and the command line has none."""
    client, address = imported
    by = Origin.by(COMMAND_LINE.for_owner(None), "revert")
    take_back(shop, address.rpartition("/")[2], by, clock)
    assert f"Undone by {COMMAND_LINE.name} on" in client.get(address).text
    assert "Undo this import" not in client.get(address).text
    assert client.send(f"{address}/undo").status_code == 409


def test_two_people_who_undo_an_import_do_it_once(imported):
    client, address = imported
    client.send(f"{address}/undo")
    again = client.send(f"{address}/undo")
    assert (again.status_code, "is being undone already" in again.text) == (409, True)


def test_behind_the_undo_lists_searches_and_figures_are_what_they_were(shop, work, enter, clock):
    """Also where somebody had changed what the import made, so that it is not gone but retired."""
    client = enter("approver")
    before = sight(client)
    started = client.send("/imports/new", file=upload(), profile="erp", what="import")
    work()
    assert sight(client) != before
    with shop.writing() as session:
        named = ProductInput("D", {"name-nl_NL": "Fiets D"})
        service.write(session, [named], Origin("user", "anna@example.org", None), clock())
    client.send(f"{client.get(started.location).location}/undo")
    work()
    assert sight(client) == before
    assert listed(client, "/products?status=retired") == ["D"]


def sight(client):
    """What somebody sees of the products: lists, a search, what a link is offered, figures."""
    asked = ("", "variants=1", "q=D", "completeness=missing", "status=draft")
    tiles = re.findall(r'tile-figure">([^<]*)<', client.get("/").text)
    offered = sorted(
        re.findall(r'data-linked="([^"]*)"', client.get("/product/link-offers?q=D").text)
    )
    return [listed(client, f"/products?{one}") for one in asked], offered, tiles[:4]


def listed(client, path):
    return re.findall(r'<span class="sku">([^<]*)<', client.get(path).text)


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
    assert "artikelen.csv is not kept any more" in client.get(job).text
    assert "The import of artikelen.csv failed." in client.get("/").text


def opened_profile(client, code):
    """The form of a profile as its page has it."""
    page = client.get(f"/imports/profiles/{code}").text
    seen = re.search(r'name="seen" value="([0-9a-f]{40})"', page).group(1)
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL).group(1)
    return {"edited": code, "seen": seen, "document": html.unescape(text)}


LINES = "code: erp\nlabel: ERP\nowner: erp\nkey: Nr\ncolumns:\n  Nr: sku\n  Prijs: price-EUR\n"


def saved(shop):
    with shop.reading() as session:
        return store.get(session, "erp").document


@pytest.fixture
def both_opened(shop, enter):
    """A client, and the form of a profile that another administrator has open too."""
    client = enter("admin")
    form = opened_profile(client, "erp") | {"document": LINES}
    client.send("/imports/profiles", **form)
    return client, opened_profile(client, "erp")


def test_two_who_change_other_lines_of_a_profile_both_have_them_saved(shop, both_opened):
    client, opened = both_opened
    theirs = opened | {"document": LINES.replace("label: ERP", "label: Our ERP")}
    client.send("/imports/profiles", **theirs)
    mine = opened | {"document": LINES + "  Naam: name-nl_NL\n"}
    assert client.send("/imports/profiles", **mine).status_code == 303
    assert saved(shop) == LINES.replace("label: ERP", "label: Our ERP") + "  Naam: name-nl_NL\n"
    page = client.get("/imports/profiles/erp").text
    assert "What Admin changed meanwhile stayed." in page


def test_two_who_change_the_same_line_of_a_profile_are_told_and_what_was_typed_stays(
    shop, both_opened
):
    client, opened = both_opened
    theirs = opened | {"document": LINES.replace("label: ERP", "label: Theirs")}
    client.send("/imports/profiles", **theirs)
    mine = opened | {"document": LINES.replace("label: ERP", "label: Mine")}
    refused = client.send("/imports/profiles", **mine)
    assert refused.status_code == 409
    assert "<ins>label: Theirs</ins>" in refused.text
    assert "<li>Admin, " in refused.text
    assert "label: Mine" in refused.text
    assert saved(shop) == LINES.replace("label: ERP", "label: Theirs")
    again = re.search(r'name="seen" value="([0-9a-f]{40})"', refused.text).group(1)
    assert client.send("/imports/profiles", **mine | {"seen": again}).status_code == 303
    assert "label: Mine" in saved(shop)


def test_another_profile_is_not_written_over_by_its_code(shop, both_opened):
    client, opened = both_opened
    new = {"document": LINES.replace("label: ERP", "label: New")}
    assert client.send("/imports/profiles", **new).status_code == 409
    other = opened | {"document": LINES.replace("code: erp", "code: till")}
    assert client.send("/imports/profiles", **other).status_code == 303
    assert client.send("/imports/profiles", **opened | {"edited": "till"}).status_code == 409
    assert saved(shop) == LINES


def test_a_profile_that_was_removed_meanwhile_can_be_made_again_with_what_was_typed(
    shop, both_opened
):
    client, opened = both_opened
    client.send("/imports/profiles/erp/remove")
    refused = client.send("/imports/profiles", **opened)
    assert refused.status_code == 409
    assert "was removed meanwhile" in refused.text
    assert 'name="seen"' not in refused.text
    assert client.send("/imports/profiles", document=opened["document"]).status_code == 303
    assert saved(shop) == LINES


def test_a_profile_has_its_versions_and_returns_to_one(shop, both_opened):
    client, opened = both_opened
    client.send("/imports/profiles", **opened | {"document": LINES.replace("ERP", "Other")})
    history = client.get("/imports/profiles/erp/versions").text
    assert "<del>label: ERP</del>" in history
    assert "<ins>label: Other</ins>" in history
    earlier = re.search(r"/imports/profiles/erp/versions/\d+", history).group(0)
    page = client.get(earlier).text
    seen = re.search(r'name="seen" value="([0-9a-f]{40})"', page).group(1)
    text = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL).group(1))
    assert text == LINES
    returned = client.send("/imports/profiles", document=text, edited="erp", seen=seen)
    assert returned.status_code == 303
    assert saved(shop) == LINES
    assert client.get("/imports/profiles/erp/versions").text.count("event-head") == 4
    way_up = '<a href="/imports/profiles/erp">erp</a>'
    assert way_up in client.get("/imports/profiles/erp/versions").text
    client.send("/imports/profiles/erp/remove")
    history = client.get("/imports/profiles/erp/versions").text
    assert ("removed" in history, way_up in history) == (True, False)


def test_profiles_are_written_with_their_faults_beside_them(shop, enter):
    client = enter("approver")
    broken = client.send(
        "/imports/profiles", document="code: erp\nkey: X\ncolumns: {A: sku}\n", edited="erp"
    )
    assert broken.status_code == 422
    assert "The key column “X” is not among the columns that are read." in broken.text
    document = "# ours\ncode: erp\nlabel: Changed\nsource: erp\nkey: A\ncolumns: {A: sku}\n"
    form = opened_profile(client, "erp") | {"document": document.replace("\n", "\r\n")}
    assert client.send("/imports/profiles", **form).status_code == 303
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
    assert "names no family" not in document
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


def test_a_guess_writes_down_what_it_is_not_sure_of(enter):
    content = "van ons\nsku;Naam;Price\nA;'t één';1,00\nB;'s nachts';2,00\n".encode("windows-1252")
    response = enter("admin").send("/imports/profiles/new", sample=upload(content, "till.csv"))
    page = html.unescape(response.text)
    assert re.search(r"# .*“file\.encoding”.*\n# .*“file\.quote”", page)
    document = page[page.index("code: till") : page.index("</textarea>")]
    assert yaml.safe_load(document)["file"] == {
        "encoding": "windows-1252",
        "quote": '"',
        "header": 2,
        "decimal": ",",
    }


def test_a_guess_without_a_table_says_so(shop, enter):
    client = enter("approver")
    assert client.send("/imports/profiles/new").status_code == 422
    assert (
        client.send(
            "/imports/profiles/new", sample=upload(b"\x00\x01\x02" * 900, "x.bin")
        ).status_code
        == 422
    )


def test_a_guessed_profile_without_a_family_says_what_that_means(work, enter):
    client = enter("approver")
    guessed = client.send(
        "/imports/profiles/new", sample=upload(b"sku;Price\nA;1,00\n", "till.csv")
    )
    assert "The profile names no family, so new products have none" in html.unescape(guessed.text)


def test_an_import_that_makes_products_without_a_family_says_so(shop, work, enter):
    client = enter("approver")
    started = send_own(client)
    work()
    assert notes_on(shop) == []  # the product was there, and has a family
    file = upload(b"sku,price\nF,1.00\n")
    started = client.send(
        "/imports/new", file=file, own_profile=(io.BytesIO(OWN_PROFILE), "p.yaml"), what="try"
    )
    work()
    assert notes_on(shop) == [("no family", "")]
    assert "new products have none" in client.get(client.get(started.location).location).text


def test_a_product_without_a_family_is_not_shown_as_complete(shop, enter, clock):
    with shop.writing() as session:
        service.write(session, [ProductInput("Loose", {})], Origin("user", "a", "hub"), clock())
    page = enter("editor").get("/products?q=Loose").text
    row = re.search(r'name="identifier" value="Loose".*?</tr>', page, re.DOTALL).group()
    assert "No family" in row
    assert "100" not in row
