"""What a step lets into feeds is told right after it."""

import re
from datetime import UTC, datetime

import pytest

from pim.products import service
from pim.products.change import Origin, ProductInput
from tests.web.conftest import csrf_token

ANN = Origin("user", "ann@example.org", None)


@pytest.fixture
def client(demo):
    """An approver in the demo shop, of which a bottle left the feeds."""
    with demo.database.writing() as session:
        off = [ProductInput("AC-6010", {"enabled": False})]
        service.write(session, off, ANN, datetime.now(UTC))
    return demo.enter(demo.app(), "approver")


def told(client, path):
    page = client.get(path).text
    return re.findall(r"Now enters [^<]*", re.sub(r"\s+", " ", page))


def saved(client, **fields):
    page = client.get("/products/AC-6010?in=webshop.nl_NL").text
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    form = {"csrf_token": csrf_token(client), "version": version, **fields}
    answer = client.post("/products/AC-6010?in=webshop.nl_NL", data=form)
    assert answer.status_code == 303
    return told(client, answer.headers["Location"])


def test_a_save_that_feeds_see_at_once_says_which_take_the_product_now(client):
    (said,) = saved(client, **{"was-enabled": "0", "value-enabled": "1"})
    assert re.search(r"Google Shopping[^;]*, with its build of \d", said)


def test_a_text_waits_for_its_approval_and_promises_nothing(client):
    assert (
        saved(client, **{"was-teaser-nl_NL-webshop": "", "value-teaser-nl_NL-webshop": "A"}) == []
    )
