"""The listening server, met by clients that send too much, too slowly or too often."""

import re
import socket
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from pim.accounts import queries, service
from pim.app import create_app
from pim.config import from_environment
from pim.errors import Conflict
from pim.http import server

PATIENCE = 30
"""Seconds after which a test gives up on an answer."""


@pytest.fixture
def settings(tmp_path):
    given = {"PIM_HOME": str(tmp_path / "home"), "PIM_SECRET_KEY": "k" * 40}
    return replace(from_environment(given), port=0)


@contextmanager
def listening(settings, database):
    """The port of a hub that serves until the block ends."""
    made = server.listen(create_app(settings, database), settings)
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield int(made.effective_port)
    finally:
        with suppress(OSError):  # the loop was awake, and has closed the trigger already
            made.trigger.pull_trigger(lambda: made.asyncore.close_all(made._map))
        thread.join()
        made.task_dispatcher.shutdown()


@pytest.fixture
def port(settings, sqlite_database):
    with listening(settings, sqlite_database) as port:
        yield port


def dial(port):
    return closing(socket.create_connection(("127.0.0.1", port), PATIENCE))


def ask(port, method, path, body=None, **headers):
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()


def sign_in(port, database, **headers):
    """The cookie of somebody who signed in."""
    with database.writing() as session:
        user = service.add_user(session, "ann@example.org", "Ann", "admin", datetime.now(UTC))
        token = service.sign_in_link(session, user, datetime.now(UTC))
    _, answered, page = ask(port, "GET", f"/login/{token}", **headers)
    csrf = re.search(r'name="csrf-token" content="([^"]+)"', page).group(1)
    form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    form["Cookie"] = answered["Set-Cookie"].partition(";")[0]
    status, answered, _ = ask(
        port, "POST", f"/login/{token}", urlencode({"csrf_token": csrf}), **form
    )
    assert status == 303
    return answered["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize("cookie", ["", "etalage=eyJzZXNzaW9uIjoieCJ9.aSg4Zw.made_up"])
def test_a_large_body_is_refused_before_it_is_sent(port, cookie):
    length = server.ANONYMOUS_BODY + 1
    head = (
        f"POST /login HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Length: {length}\r\n\r\n"
    )
    with dial(port) as visitor:
        visitor.sendall(head.encode())
        assert visitor.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_large_body_without_a_length_is_refused_while_it_is_sent(port):
    head = b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with dial(port) as visitor:
        visitor.sendall(head + chunk * (server.ANONYMOUS_BODY // 0x10000))
        assert visitor.recv(100).startswith(b"HTTP/1.1 413 ")


def test_who_has_signed_in_may_send_more(port, sqlite_database):
    cookie = sign_in(port, sqlite_database)
    form = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = b"a=" + b"x" * server.ANONYMOUS_BODY
    assert ask(port, "POST", "/account", body, **form)[0] == 400  # it has no CSRF token


def test_a_head_that_does_not_come_ends_the_connection(port, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.2)
    with dial(port) as visitor:
        visitor.sendall(b"GET /login HTTP/1.1\r\nX-Slow: ")
        assert visitor.recv(100) == b""


def test_a_body_that_trickles_ends_the_connection(port, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.2)
    with dial(port) as visitor:
        visitor.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        assert visitor.recv(100) == b""


def test_one_address_does_not_take_all_connections(port, monkeypatch):
    monkeypatch.setattr(server, "CONNECTIONS_PER_ADDRESS", 3)
    held = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(3)]
    with dial(port) as visitor:
        assert visitor.recv(100) == b""
    for one in held:
        one.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert one.recv(100).startswith(b"HTTP/1.1 200 ")
        one.close()


def test_a_proxy_that_is_trusted_may_take_all_connections(settings, sqlite_database, monkeypatch):
    monkeypatch.setattr(server, "CONNECTIONS_PER_ADDRESS", 0)
    with listening(replace(settings, trusted_proxy="127.0.0.1"), sqlite_database) as port:
        assert ask(port, "GET", "/login")[0] == 200


@pytest.mark.parametrize(
    ("trusted", "seen"), [("", "127.0.0.1"), ("192.0.2.1", "127.0.0.1"), ("127.0.0.1", "192.0.2.7")]
)
def test_where_somebody_is_is_believed_of_the_proxy_only(settings, sqlite_database, trusted, seen):
    with listening(replace(settings, trusted_proxy=trusted), sqlite_database) as port:
        sign_in(port, sqlite_database, **{"X-Forwarded-For": "203.0.113.5, 192.0.2.7"})
    with sqlite_database.reading() as session:
        (signed_in,) = queries.sessions_of(session, 1, datetime.now(UTC))
        assert signed_in.address == seen


@pytest.mark.parametrize("given", ["proxy.example.org", "127.0.0.1:80"])
def test_a_proxy_is_named_by_its_address(given, tmp_path):
    with pytest.raises(Conflict, match="PIM_TRUSTED_PROXY"):
        from_environment({"PIM_HOME": str(tmp_path), "PIM_TRUSTED_PROXY": given})
