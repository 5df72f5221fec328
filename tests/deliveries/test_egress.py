"""The one way out: private addresses are refused, by whatever name they are called."""

import socket
from ipaddress import ip_network

import pytest

from pim.deliveries.egress import Egress
from pim.errors import Conflict, Unavailable


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.7",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2130706433",
        "0x7f.1",
    ],
)
def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(Conflict) as caught:
        Egress(patience=0.5).connect(host, 9)
    assert "PIM_ALLOWED_NETWORKS" in str(caught.value)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the name leads to is the world's, so it is the one thing that is put in its place."""
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.215.14", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Conflict, match=r"127\.0\.0\.1"):
        Egress(patience=0.5).connect("two-faced.example", 443)


def test_a_network_can_be_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with Egress(allowed=(ip_network("127.0.0.1/32"),)).connect("localhost", port) as reached:
            assert reached.getpeername() == ("127.0.0.1", port)
        with pytest.raises(Conflict):
            Egress(allowed=(ip_network("10.0.0.0/8"),)).connect("127.0.0.1", port)


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that leads elsewhere at the second look."""
    looks: list[str] = []
    real = socket.getaddrinfo

    def changing(host: str, *rest: object, **named: object) -> object:
        looks.append(host)
        where = "127.0.0.1" if host == "rebinding.example" and looks.count(host) == 1 else host
        return real(where, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        way_out = Egress(allowed=(ip_network("127.0.0.1/32"),))
        with way_out.connect("rebinding.example", port) as reached:
            assert reached.getpeername()[0] == "127.0.0.1"
    assert looks.count("rebinding.example") == 1


def test_nobody_there_is_a_reason_to_try_again() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Egress().connect("no-such-host.invalid", 22)
