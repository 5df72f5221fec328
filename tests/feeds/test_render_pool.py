"""A feed of many is rendered by several processes, and nobody can tell by the file."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pim.feeds import build, renderers, run
from pim.feeds.files import index_key, report_key
from pim.feeds.render_pool import RenderPool, RenderSetup


class Patient(RenderPool):
    """Waits until its processes have begun, which a build of a few products would not live to
    see.
    """

    promised = 0

    def take(self, read: Callable[[], Any]) -> "Future[Any] | None":
        wait([process.is_ready for process in self.processes])
        promise = super().take(read)
        type(self).promised += promise is not None
        return promise


class Doomed(Patient):
    """Its process is killed while it has work."""

    def take(self, read: Callable[[], Any]) -> "Future[Any] | None":
        promise = super().take(read)
        for process in self.processes:
            process.kill()
        return promise


class Mistaken(Patient):
    """Its process finds another feed than the one that is built."""

    def __init__(self, processes: int, setup: RenderSetup) -> None:
        super().__init__(processes, replace(setup, digest="another digest"))


class Late(Patient):
    """Its process begins after somebody has put in another picture."""

    def __init__(self, processes: int, setup: RenderSetup) -> None:
        super().__init__(processes, replace(setup, moment=["another moment"]))


@pytest.fixture
def crowd(shop: Any, full: dict[str, Any]) -> Any:
    """Forty products, some with a fault, and a model with its variants."""
    for number in range(40):
        ean, name = "8712345000012" if number % 7 == 0 else None, None if number == 3 else "<Fiets>"
        shop.edit(f"P{number:02}", full | {"ean": ean, "name-nl_NL": name})
    shop.edit("M", full | {"family_variant": "by_color"}, kind="model")
    for color in ("red", "blue"):
        shop.edit(f"M-{color}", {"parent": "M", "color": color, "price-EUR": "749.00"})
    shop.approve("M", "M-red", "M-blue", *(f"P{number:02}" for number in range(40) if number != 3))
    shop.define("google_nl", "shopify")
    return shop


def files(shop: Any, code: str) -> list[bytes]:
    newest = shop.builds(code)[0]
    return [shop.storage.get(key) for key in (newest.path, report_key(newest), index_key(newest))]


def by_pool(monkeypatch: pytest.MonkeyPatch, kind: type[Patient]) -> None:
    monkeypatch.setattr(run, "MANY", 0)
    monkeypatch.setattr(run, "RenderPool", kind)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(build, "WINDOW", 2)
    monkeypatch.setattr(renderers, "SHARE", 3)
    monkeypatch.setattr(kind, "promised", 0)


@pytest.mark.parametrize(
    ("kind", "is_ready"), [(Patient, True), (Doomed, True), (Mistaken, False), (Late, False)]
)
@pytest.mark.parametrize("code", ["google_nl", "shopify"])
def test_the_file_its_report_and_its_index_are_those_of_one_process(
    crowd: Any, monkeypatch: pytest.MonkeyPatch, code: str, kind: type[Patient], is_ready: bool
) -> None:
    crowd.run(code)
    alone = files(crowd, code)
    by_pool(monkeypatch, kind)
    assert crowd.run(code, full=True).state == "unchanged"
    assert files(crowd, code) == alone
    assert (kind.promised > 0) == is_ready


def test_a_small_feed_and_one_that_changed_a_little_hire_nobody(
    crowd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("nobody is needed")

    monkeypatch.setattr(run, "RenderPool", refuse)
    crowd.run("google_nl")
    monkeypatch.setattr(run, "MANY", 0)
    crowd.edit("P01", {"brand": "Batavus"})
    crowd.approve("P01")
    assert crowd.run("google_nl").rendered == 1


def test_who_finds_another_feed_takes_no_work(crowd: Any) -> None:
    url = crowd.database.engine.url.render_as_string(hide_password=False)
    setup = RenderSetup(
        url, "shopify", "https://hub.example", date(2026, 11, 25), "another digest", []
    )
    with RenderPool(1, setup) as pool:
        (process,) = pool.processes
        assert process.is_ready.result() is False
        assert pool.take(lambda: []) is None


STARTING = """
import sys, time
from datetime import date
from pim.feeds.render_pool import RenderPool, RenderSetup

setup = RenderSetup(sys.argv[1], "shopify", "https://hub.example", date(2026, 11, 25), "", [])
pool = RenderPool(1, setup)
pool.processes[0].is_ready.result()
print(pool.processes[0].process_id, flush=True)
time.sleep(60)
"""


def test_nobody_is_left_when_the_process_that_hired_is_killed(crowd: Any) -> None:
    url = crowd.database.engine.url.render_as_string(hide_password=False)
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTING, url], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and is_alive(child):
        time.sleep(0.05)
    assert not is_alive(child)


def is_alive(process_id: int) -> bool:
    try:
        with open(f"/proc/{process_id}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
