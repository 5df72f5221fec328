"""No route answers with an error of ours, whatever it is sent. A part of what was tried by hand."""

import pytest
from structlog.testing import capture_logs

from tests.support.hostile import Attacker

KNOWN = ("A", "B", "till", "erp", "1", "2")


@pytest.fixture
def hardened(app, shop):
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return app


def failures(client, app, seed):
    found = []
    for one in Attacker(app, seed, KNOWN).requests(2):
        with capture_logs() as told:
            answer = client.open(one.path, method=one.method, headers=one.headers, data=one.data)
            answer.close()
        if answer.status_code >= 500 or any(line["event"] == "request failed" for line in told):
            found.append((one, answer.status_code, told))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_no_route_fails_for_somebody_who_may_do_everything(hardened, enter, seed):
    client = enter("admin")
    assert failures(client, hardened, seed) == []


def test_no_route_fails_for_a_stranger(hardened, client):
    assert failures(client, hardened, 3) == []


HUGE = 10**30


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/jobs/{HUGE}/progress", 404),
        (f"/feeds/till/builds/{HUGE}/report", 404),
        (f"/settings/log?before={HUGE}", 200),
        (f"/settings/log?before=-{HUGE}", 200),
    ],
)
def test_a_number_that_no_database_knows_is_nobodys(hardened, enter, address, status):
    assert enter("admin").get(address).status_code == status


@pytest.mark.parametrize(
    ("path", "method"), [("/login", "GET"), ("/login%00", "GET"), ("/login", "POST")]
)
def test_a_host_that_is_none_is_refused_in_words(hardened, client, path, method):
    answer = client.open(path, method=method, headers={"Host": "x" * 300})
    assert answer.status_code == 400
    assert answer.text == "There is no host of this name.\n"
