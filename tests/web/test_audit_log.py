"""The page of the audit log: lines in words, for administrators."""

from pim import audit
from pim.web import audit_log


def fill(database, clock, count):
    with database.writing() as session:
        for number in range(count):
            before = {"label": f"<b>{number}</b>"}
            audit.record(session, "feed", f"f{number}", before, {}, clock(), "bob@example.org")


def test_an_administrator_reads_who_changed_what(enter, database, clock):
    client = enter("admin")
    fill(database, clock, 1)
    client.send("/settings/people/1", role="admin", active="on")
    page = client.get("/settings/log").text
    assert "bob@example.org" in page
    assert "<del>&lt;b&gt;0&lt;/b&gt;</del>" in page
    assert 'row-title">Admin<' in page


def test_the_log_is_read_by_kind_and_page_by_page(enter, database, clock, monkeypatch):
    monkeypatch.setattr(audit_log, "SHOWN", 2)
    client = enter("admin")
    fill(database, clock, 3)
    first = client.get("/settings/log?kind=feed").text
    assert (">f2<" in first, ">f1<" in first, ">f0<" in first) == (True, True, False)
    assert 'row-title">Admin<' not in first
    (older,) = {link for link in first.split('"') if "before=" in link}
    assert ">f0<" in client.get(older.replace("&amp;", "&")).text


def test_only_who_manages_people_reads_it(enter):
    assert enter("approver").get("/settings/log").status_code == 403


def test_of_many_differences_some_are_shown_and_the_rest_is_counted(
    enter, database, clock, monkeypatch
):
    monkeypatch.setattr(audit_log, "DIFFERENCES", 2)
    client = enter("admin")
    with database.writing() as session:
        after = {f"options color:{number}": {} for number in range(5)}
        audit.record(session, "structure", "structure", {}, after, clock(), "bob@example.org")
    page = client.get("/settings/log?kind=structure").text
    assert ("Option color:1" in page, "Option color:2" in page) == (True, False)
    assert "and 3 more" in page
