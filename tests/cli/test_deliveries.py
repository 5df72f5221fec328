"""``pim deliveries``: from a new target to a receipt, without a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deliveries.servers import HOST, PASSWORD, USER, RunningServer, sftp_server

TARGET = ("till", "noord")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    monkeypatch.setenv("PIM_ALLOWED_NETWORKS", "127.0.0.0/8")
    with sftp_server(tmp_path / "sftp") as running:
        yield running


@pytest.fixture
def published(shop: Any) -> Any:
    shop.ok("products", "approve", "--all-complete")
    shop.ok("feeds", "run", "till")
    return shop


def add(shop: Any, server: RunningServer, password: str = PASSWORD, **others: str) -> str:
    said = {"host": HOST, "port": str(server.port), "user": USER, **others}
    options = [part for name, value in said.items() for part in ("--set", f"{name}={value}")]
    secret = shop.write("password", f"{password}\n")
    added: str = shop.ok("deliveries", "add", *TARGET, "sftp", *options, "--password-file", secret)
    return added


def test_from_a_new_target_to_a_receipt(published: Any, server: RunningServer) -> None:
    shop = published
    assert "Nothing is brought anywhere" in shop.ok("deliveries", "list")
    assert "pim deliveries test till noord" in add(shop, server)
    tried = shop.run("deliveries", "test", *TARGET)
    assert tried.exit_code == 1
    assert "SHA256:" in tried.output
    shop.ok("deliveries", "test", *TARGET, "--pin")
    assert shop.json("deliveries", "test", *TARGET)["works"] is True
    sent = shop.json("deliveries", "send", *TARGET)
    assert (sent["state"], sent["name"], sent["attempts"]) == ("delivered", "till.csv", 1)
    arrived = server.file("till.csv")
    assert arrived is not None
    assert len(arrived) == sent["bytes"]
    (row,) = shop.json("deliveries", "list", "till")
    assert (row["target"], row["failing"], row["has_secret"]) == ("noord", False, True)
    (logged,) = shop.json("deliveries", "log", "till")
    assert logged["id"] == sent["id"]
    assert "delivered" in shop.ok("deliveries", "log", *TARGET)
    shop.ok("deliveries", "remove", *TARGET, "--yes")
    assert shop.json("deliveries", "list") == []


def test_a_failed_one_is_tried_again_under_its_id(published: Any, server: RunningServer) -> None:
    shop = published
    add(shop, server, "wrong", host_key=server.public)
    failed = shop.run("deliveries", "send", *TARGET)
    assert failed.exit_code == 1
    assert "type the password" in failed.output
    (before,) = shop.json("deliveries", "log", "till")
    shop.ok("deliveries", "password", *TARGET, shop.write("password", PASSWORD))
    after = shop.json("deliveries", "retry", "till", str(before["delivery"]))
    assert (after["state"], after["id"]) == ("delivered", before["id"])


def test_no_command_shows_a_password(published: Any, server: RunningServer) -> None:
    shop = published
    said = [add(shop, server, host_key=server.public)]
    commands = (
        ("deliveries", "list"),
        ("deliveries", "send", *TARGET),
        ("deliveries", "log", "till"),
        ("feeds", "show", "till"),
        ("feeds", "versions", "till"),
        ("jobs", "list"),
    )
    for one in commands:
        said += [shop.ok(*one), shop.ok(*one, "--json")]
    assert PASSWORD not in "".join(said)
    assert "noord" in shop.ok("feeds", "show", "till")
    shop.ok("backup", "hub.tar")
    home: Path = shop.folder
    holding = [
        path
        for path in home.rglob("*")
        if path.is_file() and path.name != "password" and PASSWORD.encode() in path.read_bytes()
    ]
    assert holding == []
    key = (home / "home" / "delivery.key").read_bytes()
    assert key not in (home / "hub.tar").read_bytes()


def test_a_private_address_is_refused_and_what_allows_it_is_named(
    published: Any, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(published, server)
    monkeypatch.delenv("PIM_ALLOWED_NETWORKS")
    assert "PIM_ALLOWED_NETWORKS" in published.refused("deliveries", "test", *TARGET)


def test_what_cannot_be_a_target_is_said(published: Any) -> None:
    refused = published.refused("deliveries", "add", *TARGET, "ftp", "--set", "host=a b")
    assert "deliveries.noord.host" in refused
    assert "deliveries.noord.user" in refused
    assert "no target" in published.refused("deliveries", "send", *TARGET)
