"""The pages of pictures: finding one, writing what is known of it, a spreadsheet out and in."""

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from media import service as media
from media.storage import Storage
from pim.accounts import granting
from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant
from pim.accounts.queries import user_by_email
from pim.assets import queries
from pim.imports.asset_files import asset_profile
from pim.imports.profiles import profile_from
from pim.imports.run import import_products
from pim.jobs.models import Job
from pim.structure import queries as catalog
from pim.structure import service as structures
from tests.support.asset_shop import NOW, STRUCTURE, edit
from tests.web.conftest import press_save


def picture(colour):
    drawn = BytesIO()
    Image.new("RGB", (40, 30), colour).save(drawn, "PNG")
    return drawn.getvalue()


def fill(database, settings):
    """Two pictures in a shop with a family of assets; their codes."""
    storage = Storage(settings.storage_url)
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        return [
            media.take_in(session, storage, f"{colour} bag.png", picture(colour), NOW).code
            for colour in ("red", "blue")
        ]


@pytest.fixture
def codes(database, settings):
    return fill(database, settings)


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def detail(database, code):
    with database.reading() as session:
        found = queries.get(session, code)
        return found.document, found.family, found.version


def save(client, code, version, was, **values):
    """Posts the form of an asset: ``was`` is what it was drawn with."""
    fields = {f"was-{address}": was.get(address, "") for address in values}
    fields |= {f"value-{address}": text for address, text in values.items()}
    return client.send(f"/assets/{code}", version=version, **fields)


def test_a_picture_is_given_a_family_and_texts(enter, database, codes):
    client, (red, _) = enter("editor"), codes
    assert "has no family" in read(client, f"/assets/{red}")
    assert save(client, red, 0, {}, family="photo").status_code == 303
    page = read(client, f"/assets/{red}")
    assert 'name="value-alt_text-nl_NL"' in page
    assert 'name="value-alt_text-de_DE"' in page
    answer = save(client, red, 1, {}, **{"alt_text-nl_NL": "Rode tas", "expires": "2027-01-31"})
    assert answer.status_code == 303
    wanted = {"alt_text-nl_NL": "Rode tas", "expires": "2027-01-31"}
    assert detail(database, red) == (wanted, "photo", 2)
    page = read(client, f"/assets/{red}")
    assert "version 2" in page
    assert "Rode tas" in page


def test_a_wrong_value_stands_beside_its_field_and_nothing_is_saved(enter, database, codes):
    client, (red, _) = enter("editor"), codes
    edit(database, red, {"family": "photo"})
    answer = save(client, red, 1, {}, expires="tomorrow", title="Red")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'id="value-expires-error"' in page
    assert 'value="tomorrow"' in page
    assert detail(database, red) == ({}, "photo", 1)


def test_two_people_on_one_text_see_both(enter, database, codes):
    client, (red, _) = enter("editor"), codes
    edit(database, red, {"family": "photo", "title": "First"})
    edit(database, red, {"title": "Theirs"})
    answer = save(client, red, 1, {"title": "First"}, title="Mine")
    assert answer.status_code == 409
    assert "Theirs" in answer.get_data(as_text=True)
    assert save(client, red, 1, {}, licence_number="L-1").status_code == 303


def test_a_change_is_undone_by_whoever_may(enter, database, codes):
    client, (red, _) = enter("approver"), codes
    edit(database, red, {"family": "photo", "title": "First"})
    edit(database, red, {"title": "Second"})
    change = re.search(r'name="change" value="(\d+)"', read(client, f"/assets/{red}"))
    assert change
    client.send(f"/assets/{red}/undo", change=change.group(1))
    assert detail(database, red)[0] == {"title": "First"}


def test_a_viewer_reads_and_cannot_write(enter, database, codes):
    client, (red, _) = enter("viewer"), codes
    edit(database, red, {"family": "photo", "title": "First"})
    page = read(client, f"/assets/{red}")
    assert "First" in page
    assert "data-save-bar" not in page
    assert save(client, red, 1, {"title": "First"}, title="Mine").status_code == 403
    assert client.send(f"/assets/{red}/undo", change=1).status_code == 403
    assert client.send("/assets/import", what="import").status_code == 403


def test_a_translator_has_fields_for_one_language(enter, database, codes, clock):
    client, (red, _) = enter("viewer"), codes
    edit(database, red, {"family": "photo"})
    with database.writing() as session:
        structure = catalog.structure(session)
        viewer = user_by_email(session, "viewer@example.org")
        german = Grant(Permission.MEDIA_EDIT, locales=frozenset({"de_DE"}))
        granting.grant(session, structure, viewer, german, clock())
    page = read(client, f"/assets/{red}")
    assert 'name="value-alt_text-de_DE"' in page
    assert 'name="value-alt_text-nl_NL"' not in page
    refused = save(client, red, 1, {}, **{"alt_text-nl_NL": "Rood"})
    assert refused.status_code == 422
    assert save(client, red, 1, {}, **{"alt_text-de_DE": "Rot"}).status_code == 303


def test_the_list_finds_what_is_missing(enter, database, codes):
    client, (red, blue) = enter("viewer"), codes
    full = {"family": "photo", "alt_text-de_DE": "Rote Tasche", "copyright": "Studio"}
    edit(database, red, full)
    edit(database, blue, {"family": "photo"})
    page = read(client, "/assets?missing=webshop-de_DE")
    assert "blue bag.png" in page
    assert "red bag.png" not in page
    assert "red bag.png" in read(client, "/assets?q=tasche")
    assert "Nothing matches" in read(client, "/assets?q=nowhere")


def test_a_shop_without_families_of_assets_is_told_how(enter, database, settings):
    client = enter("viewer")
    assert "No pictures yet" in read(client, "/assets")
    storage = Storage(settings.storage_url)
    with database.writing() as session:
        code = media.take_in(session, storage, "a.png", picture("red"), NOW).code
    assert "A family of the kind “asset”" in read(client, "/assets")
    assert "A family of the kind “asset”" in read(client, f"/assets/{code}")


def test_a_spreadsheet_goes_out_and_comes_in_as_a_job(enter, database, codes):
    client, (red, _) = enter("editor"), codes
    edit(database, red, {"family": "photo"})
    sheet = client.get("/assets/export.csv").get_data()
    assert sheet.startswith(b"\xef\xbb\xbfasset,filename,family,title,")
    answer = client.send("/assets/import", what="import", file=(BytesIO(sheet), "texts.csv"))
    assert answer.status_code == 303
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
        assert answer.location.endswith(f"/imports/jobs/{job.id}")
        assert (job.kind, job.args["profile"]["kind"], job.args["dry_run"]) == (
            "import",
            "asset",
            False,
        )


def test_what_a_spreadsheet_changed_leads_to_the_pictures(enter, database, codes, tmp_path, clock):
    client, (red, _) = enter("viewer"), codes
    file = tmp_path / "texts.csv"
    file.write_text(f"asset,family,title\n{red},photo,Red bag\n")
    with database.reading() as session:
        profile = profile_from(asset_profile(catalog.structure(session), file))
    run = import_products(database, file, profile, "anna", clock)
    page = read(client, f"/imports/{run.id}/changes")
    assert "1 picture described for the first time" in page
    assert re.search(f'href="/assets/{red}[^"]*">Red bag</a>', page)
    assert "texts.csv" in read(client, f"/assets/{red}")


def test_a_file_that_names_no_picture_is_refused_at_once(enter, database, codes):
    client = enter("editor")
    answer = client.send("/assets/import", file=(BytesIO(b"title\nRed\n"), "texts.csv"))
    assert answer.status_code == 422
    assert "needs a column" in answer.get_data(as_text=True)
    assert client.send("/assets/import", what="import").status_code == 422


def test_a_picture_that_is_not_there_is_told(enter):
    assert enter("viewer").get("/assets/" + "0" * 20).status_code == 404


@pytest.mark.browser
def test_texts_of_a_picture_in_a_browser(browser, settings):
    red, _ = fill(browser.database, settings)
    page = browser.enter("editor")
    page.get_by_role("link", name="Pictures").click()
    page.wait_for_url(f"{browser.address}/assets")
    browser.check()
    page.get_by_role("link", name="red bag.png").click()
    page.get_by_label("Family").select_option("photo")
    page.get_by_role("button", name="Save").click()
    page.locator("[name='value-alt_text-nl_NL']").fill("Rode tas")
    with browser.saving():
        press_save(page)
    assert detail(browser.database, red)[0] == {"alt_text-nl_NL": "Rode tas"}
    browser.check()
    page.set_viewport_size({"width": 390, "height": 844})
    browser.check()
    page.goto(f"{browser.address}/assets?missing=webshop-nl_NL")
    browser.check()
