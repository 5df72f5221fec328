"""However many saves wait, there are threads for whoever reads."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest
import waitress
from waitress import wasyncore

from pim.http.lanes import THREADS, Lanes


class Waiting:
    """An application whose saves wait until they are let go, and whose pages do not."""

    def __init__(self) -> None:
        self.arrived = threading.Semaphore(0)
        self.let_go = threading.Event()

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            self.arrived.release()
            self.let_go.wait()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["REQUEST_METHOD"].encode()]


@pytest.fixture
def application() -> Waiting:
    return Waiting()


@pytest.fixture
def port(application: Waiting) -> Iterator[int]:
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        application, map=sockets, host="127.0.0.1", port=0, _dispatcher=Lanes()
    )
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=0.05, map=sockets, count=1)

    thread = threading.Thread(target=serve)
    thread.start()
    yield int(server.effective_port)
    application.let_go.set()
    ended.set()
    thread.join()
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


def asked(port: int, method: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, "/", b"")
        return connection.getresponse().read()
    finally:
        connection.close()


def test_pages_are_answered_while_more_saves_wait_than_there_are_threads(
    application: Waiting, port: int
) -> None:
    with ThreadPoolExecutor(2 * THREADS) as threads:
        saves = [threads.submit(asked, port, "POST") for _ in range(2 * THREADS)]
        for _ in range(THREADS):
            application.arrived.acquire()
        assert [asked(port, method) for method in ("GET", "GET")] == [b"GET", b"GET"]
        assert not any(save.done() for save in saves)
        application.let_go.set()
        assert [save.result() for save in saves] == [b"POST"] * (2 * THREADS)
