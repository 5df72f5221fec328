"""Servers of each kind, and ways to them."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from pim.deliveries.egress import Egress
from pim.deliveries.shipment import Shipment, Way
from pim.deliveries.targets import read_target
from tests.deliveries.servers import (
    HOST,
    PASSWORD,
    USER,
    RunningServer,
    ftp_server,
    sftp_server,
)

LOCAL = Egress(allowed=(ip_network("127.0.0.0/8"),), patience=5)


def shipment(content: bytes, name: str = "feed.xml", **others: Any) -> Shipment:
    digest = sha256(content).hexdigest()
    return Shipment(
        sha256(digest.encode()).hexdigest(),
        name,
        len(content),
        digest,
        "application/xml",
        lambda: BytesIO(content),
        **others,
    )


def way_to(definition: dict[str, Any], secret: str = PASSWORD, **others: Any) -> Way:
    return Way(read_target("partner", definition), secret, LOCAL, **others)


def definition(kind: str, server: RunningServer) -> dict[str, Any]:
    """Of a target at this server."""
    found: dict[str, Any] = {"kind": kind, "host": HOST, "port": server.port, "user": USER}
    if kind == "sftp":
        found["host_key"] = server.public
    if kind == "ftps":
        found["certificate"] = server.public
    return found


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[RunningServer]:
    with sftp_server(tmp_path / "sftp") as running:
        yield running


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[RunningServer]:
    with ftp_server(tmp_path / "ftp") as running:
        yield running


@pytest.fixture
def ftps(tmp_path: Path) -> Iterator[RunningServer]:
    with ftp_server(tmp_path / "ftps", tls=True) as running:
        yield running


@pytest.fixture(params=["sftp", "ftp", "ftps"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(kind: str, request: pytest.FixtureRequest) -> RunningServer:
    """A server of this kind."""
    found: RunningServer = request.getfixturevalue(kind)
    return found


@pytest.fixture
def way(kind: str, server: RunningServer) -> Callable[..., Way]:
    """A way to that server, where the target says something else if the test does."""

    def make(secret: str = PASSWORD, **changes: Any) -> Way:
        return way_to(definition(kind, server) | changes, secret)

    return make
