"""The system page."""

from dataclasses import replace

from media.storage import Storage
from pim.config import Retention
from pim.job_kinds import handlers
from pim.jobs.runner import Runner
from pim.retention import TIDY, TidyArguments


def test_an_administrator_sees_how_much_there_is_and_what_went(
    app, enter, database, clock, settings
):
    uploads = settings.home / "uploads"
    uploads.mkdir()
    (uploads / "a").write_bytes(bytes(3000))
    app.extensions["etalage_settings"] = replace(settings, retention=Retention(jobs=0))
    client = enter("admin")
    page = client.get("/settings/system").text
    assert "that has not happened yet" in page
    assert "for ever" in page
    assert "3 kB" in page
    with database.writing() as session:
        TIDY.enqueue(session, TidyArguments(), clock())
    known = handlers(settings, Storage(settings.storage_url))
    Runner(database, known, workers=0, clock=clock).run_until_idle()
    assert "0 rows and 0 files removed" in client.get("/settings/system").text


def test_only_administrators_see_it(enter):
    assert enter("approver").get("/settings/system").status_code == 403


def test_a_colon_behind_a_label_stands_as_the_reader_writes_it(enter):
    client = enter("admin")
    assert "Uploaded files: " in client.get("/settings/system").text
    client.set_cookie("language", "fr")
    assert "Fichiers envoyés\N{NO-BREAK SPACE}: " in client.get("/settings/system").text
