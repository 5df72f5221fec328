"""The tab Delivery of a feed: targets made, tried, changed, paused and removed; what became of each
delivery, and what can be done about one that failed.
"""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from pim.deliveries import queries
from pim.feeds.models import Feed
from pim.job_kinds import handlers, tidy
from pim.jobs.runner import Runner
from tests.deliveries.servers import HOST, PASSWORD, USER, sftp_server
from tests.web.operations.test_feed_fields import send, values_of
from tests.web.operations.test_feed_making import read, texts

PAGE = "/feeds/till/delivery"


@pytest.fixture
def server(tmp_path):
    with sftp_server(tmp_path / "sftp") as running:
        yield running


@pytest.fixture
def local_work(shop, settings, storage, clock):
    """Run what is queued, where deliveries may reach this machine."""
    reaching = replace(settings, allowed_networks=(ip_network("127.0.0.0/8"),))

    def work():
        clock.advance(seconds=1)
        running = handlers(reaching, storage)
        return Runner(shop, running, clock=clock, tidy=tidy).run_until_idle()

    return work


def targets(database):
    with database.reading() as session:
        return session.get(Feed, "till").deliveries


def states(database):
    with database.reading() as session:
        return [one.state for one in queries.deliveries(session, "till")]


def seen_on(page):
    return values_of(page, "main form [name=seen]")[0]


def fill(client, server, target="new", **others):
    """Save the form of an SFTP target."""
    address = f"{PAGE}/{target}?kind=sftp"
    typed = {
        "seen": seen_on(read(client, address)),
        "kind": "sftp",
        "label": "Noord",
        "host": HOST,
        "port": str(server.port),
        "user": USER,
        "name": "{feed}.{extension}",
        "secret": PASSWORD,
    }
    return send(client, address, list((typed | others).items()))


def press(client, address, **others):
    fields = {"seen": seen_on(read(client, PAGE)), **others}
    return send(client, address, list(fields.items()))


def shown(client):
    return " ".join(texts([read(client, PAGE).cssselect("main")[0]]))


def test_a_feed_without_targets_says_how_partners_get_it(shop, enter):
    assert "Partners fetch this feed themselves" in shown(enter("admin"))
    assert "Bring it to another place" not in shown(enter("viewer"))


def test_from_a_new_target_to_a_receipt(shop, enter, server, local_work):
    client = enter("admin")
    assert fill(client, server).headers["Location"] == PAGE
    assert targets(shop) == {
        "noord": {"kind": "sftp", "label": "Noord", "host": HOST, "port": server.port, "user": USER}
    }
    press(client, f"{PAGE}/noord/test")
    local_work()
    page = read(client, PAGE)
    assert "SHA256:" in shown(client)
    key = values_of(page, "[name=host_key]")[0]
    assert key == " ".join(server.public.split()[:2])
    press(client, f"{PAGE}/noord/pin", host_key=key)
    assert targets(shop)["noord"]["host_key"] == key
    press(client, f"{PAGE}/noord/test")
    local_work()
    assert "lets us in" in shown(client)
    send(client, "/feeds/till/run", [])
    local_work()
    assert states(shop) == ["delivered"]
    assert server.names() == ["till.csv"]
    assert "Last there" in shown(client)
    press(client, f"{PAGE}/noord/send")
    assert "being brought" in client.get(PAGE).text
    local_work()
    assert states(shop) == ["delivered", "delivered"]


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(shop, enter, server):
    answer = fill(enter("admin"), server, host="not a host", port="70000")
    assert answer.status_code == 422
    assert "This is not the name of a server" in answer.text
    assert 'value="not a host"' in answer.text
    assert PASSWORD not in answer.text
    assert targets(shop) == {}


def test_a_password_is_typed_and_never_shown(shop, enter, server):
    client = enter("admin")
    fill(client, server)
    form = read(client, f"{PAGE}/noord")
    assert values_of(form, "[name=secret]") == [""]
    assert "One is kept, encrypted" in " ".join(texts(form.cssselect("main")))
    fill(client, server, "noord", secret="", folder="in")
    assert "No password" not in shown(client)
    fill(client, server, "noord", secret="", user="somebody")
    assert "No password or key is kept for this address" in shown(client)
    for address in (PAGE, f"{PAGE}/noord", "/feeds/till/versions", "/audit", "/jobs"):
        assert PASSWORD not in client.get(address).text


def test_a_failed_delivery_says_what_to_do_and_is_tried_again(shop, enter, server, local_work):
    client = enter("admin")
    fill(client, server, secret="wrong", host_key=server.public)
    send(client, "/feeds/till/run", [])
    local_work()
    assert states(shop) == ["failed"]
    assert "type the password or key again" in shown(client)
    assert "is not delivered to “Noord”" in client.get("/").text
    fill(client, server, "noord", host_key=server.public)
    with shop.reading() as session:
        [failed] = queries.deliveries(session, "till")
    press(client, f"/feeds/till/deliveries/{failed.id}/repeat")
    local_work()
    assert states(shop) == ["delivered"]
    assert "is not delivered" not in client.get("/").text


def test_a_target_is_paused_removed_and_brought_back(shop, enter, server):
    client = enter("admin")
    fill(client, server)
    press(client, f"{PAGE}/noord/pause")
    assert targets(shop)["noord"]["paused"] is True
    press(client, f"{PAGE}/noord/pause", resume="1")
    assert "paused" not in targets(shop)["noord"]
    press(client, f"{PAGE}/noord/remove")
    assert targets(shop) == {}
    undo = read(client, PAGE).cssselect(".note-undo")
    send(client, undo[0].get("action"), [])
    assert "noord" in targets(shop)
    assert "No password or key is kept" in shown(client)


def test_who_saw_other_targets_changes_nothing(shop, enter, server):
    client = enter("admin")
    stale = seen_on(read(client, f"{PAGE}/new?kind=sftp"))
    fill(client, server)
    answer = fill(client, server, "noord", seen=stale, host="other.example")
    assert answer.status_code == 409
    assert targets(shop)["noord"]["host"] == HOST


@pytest.mark.parametrize("kind", ["sftp", "ftps", "ftp", "s3", "http", "folder"])
def test_every_kind_has_a_form(shop, enter, kind):
    client = enter("admin")
    page = read(client, f"{PAGE}/new?kind={kind}")
    assert page.cssselect("main form [name=name]")
    assert client.get(f"{PAGE}/new?kind=pigeon").status_code == 404
    assert enter("viewer").get(f"{PAGE}/new?kind={kind}").status_code == 403
