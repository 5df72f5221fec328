"""Real processes: two at once, one that is killed, one whose reader goes away."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.request import urlopen

import orjson

from pim.db import Database
from pim.feeds.jobs import BUILD_FEED, FeedArguments

PIM = [sys.executable, "-c", "from pim.cli import main; main()"]


def pim(folder: Any, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*PIM, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment(folder),
    )


def environment(folder: Any) -> dict[str, str]:
    return {**os.environ, "PIM_HOME": str(folder / "home"), "PYTHONPATH": os.pathsep.join(sys.path)}


def test_commands_that_begin_at_once_on_nothing(empty_desk: Any) -> None:
    with ThreadPoolExecutor(4) as threads:
        done = list(
            threads.map(lambda _: pim(empty_desk.folder, "feeds", "list", "--json"), range(4))
        )
    assert [(one.returncode, one.stdout.strip(), one.stderr) for one in done] == [(0, "[]", "")] * 4
    assert [one.name for one in (empty_desk.folder / "home").glob("secret*")] == ["secret.key"]


def test_two_imports_and_a_feed_at_once_do_not_fail(shop: Any) -> None:
    rows = [f"B{number};Ding {number};{number}.00;;goods" for number in range(1, 1500)]
    shop.write("many.csv", "Nr;Naam;Prijs;Kleur;Familie\n" + "\n".join(rows) + "\n")
    shop.write(
        "other.yaml", (shop.folder / "profile.yaml").read_text().replace("code: erp", "code: other")
    )
    shop.ok("products", "approve", "A1", "A2")
    calls = [
        ("import", "products", "many.csv", "--profile", "profile.yaml", "--json"),
        ("import", "products", "many.csv", "--profile", "other.yaml", "--json"),
        ("feeds", "run", "till", "--json"),
    ]
    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(lambda call: pim(shop.folder, *call), calls))
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 3
    one, other = (orjson.loads(each.stdout) for each in done[:2])
    assert one["created"] + other["created"] == 1499
    assert one["refused"] == other["refused"] == 0


def test_an_error_is_a_sentence_on_the_error_stream(shop: Any) -> None:
    done = pim(shop.folder, "why", "nobody")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "There is no product “nobody”.\n")


def test_help_needs_no_home(tmp_path: Any) -> None:
    done = pim(tmp_path, "--help")
    assert (done.returncode, (tmp_path / "home").exists()) == (0, False)
    assert "Etalage" in done.stdout


def test_an_import_that_is_interrupted_says_how_to_go_on(shop: Any) -> None:
    rows = "".join(f"B{number};Ding {number};{number}.00;;goods\n" for number in range(1, 20_000))
    shop.write("many.csv", "Nr;Naam;Prijs;Kleur;Familie\n" + rows)
    call = ("import", "products", "many.csv", "--profile", "profile.yaml")
    process = subprocess.Popen(
        [*PIM, *call],
        cwd=shop.folder,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(shop.folder),
    )
    while process.poll() is None and shop.count() < 1000:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert (process.returncode, said) == (
        1,
        "Stopped. What is in stays; the same command brings in the rest.\n",
    )
    rest = shop.json(*call)
    assert (rest["created"] + rest["unchanged"], rest["updated"]) == (19_999, 0)
    assert rest["unchanged"] >= 1000
    assert shop.count() == 20_001


def test_a_service_logs_json_and_prints_no_link(empty_desk: Any) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*PIM, "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(empty_desk.folder) | {"PIM_PORT": str(port)},
    )
    assert process.stdout is not None
    said = process.stdout.readline() + process.stdout.readline()
    with urlopen(f"http://127.0.0.1:{port}/login") as answer:
        request = answer.headers["X-Request-Id"]
    process.send_signal(signal.SIGTERM)
    rest, logged = process.communicate()
    assert "/setup/" not in said + rest
    lines = [orjson.loads(line) for line in logged.splitlines()]
    assert [(one["route"], one["status"]) for one in lines if one.get("request") == request] == [
        ("/login", 200)
    ]


def test_where_a_service_listens_is_said_to_the_command(empty_desk: Any) -> None:
    """It counts more than the environment, and stands in the addresses that are printed."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*PIM, "serve", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(empty_desk.folder) | {"PIM_HOST": "no host at all", "PIM_PORT": "1"},
    )
    assert process.stdout is not None
    assert f"Etalage serves http://127.0.0.1:{port} " in process.stdout.readline()
    with urlopen(f"http://127.0.0.1:{port}/login") as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    process.communicate()


def test_a_worker_logs_its_jobs(shop: Any) -> None:
    url = f"sqlite:///{shop.folder}/home/etalage.db"
    with closing(Database(url)) as database, database.writing() as session:
        BUILD_FEED.enqueue(session, FeedArguments("till"), datetime.now(UTC), by="ann@b.org")
        BUILD_FEED.enqueue(session, FeedArguments("gone"), datetime.now(UTC))
    done = pim(shop.folder, "worker", "--until-idle")
    lines = [orjson.loads(line) for line in done.stderr.splitlines()]
    jobs = [(one["kind"], one["outcome"], one["person"]) for one in lines if one["event"] == "job"]
    assert jobs == [("feed", "done", "ann@b.org"), ("feed", "failed", None)]
    (failure,) = [one for one in lines if one["event"] == "job failed"]
    assert (failure["error"], failure["level"]) == ("NotFound", "error")
