"""SFTP, FTP and FTPS with real servers: what arrives, and what is left of a delivery that does
not.
"""

import threading
import time
from collections.abc import Callable

import asyncssh
import pytest

from pim.deliveries import sftp as sftp_kind
from pim.deliveries.kinds import TARGET_KINDS, try_connection
from pim.deliveries.shipment import Way
from pim.errors import Conflict, Unavailable
from tests.deliveries.conftest import definition, shipment, way_to
from tests.deliveries.servers import PASSWORD, RunningServer, sftp_server

BIG = bytes(range(256)) * 1200
OLD = b"what was there before"
WayTo = Callable[..., Way]


def send(way: Way, content: bytes = BIG) -> str:
    return TARGET_KINDS[way.target.kind].send(way, shipment(content))


def refusal(way: Way, content: bytes = BIG) -> Conflict:
    with pytest.raises(Conflict) as caught:
        send(way, content)
    return caught.value


def test_a_file_arrives_whole_and_replaces_the_one_before(
    way: WayTo, server: RunningServer
) -> None:
    send(way(), OLD)
    assert server.file("feed.xml") == OLD
    send(way())
    assert server.file("feed.xml") == BIG
    assert server.names() == ["feed.xml"]


def test_it_goes_into_the_folder_of_the_target(way: WayTo, server: RunningServer) -> None:
    (server.folder / "in" / "feeds").mkdir(parents=True)
    send(way(folder="in/feeds"))
    assert server.file("in/feeds/feed.xml") == BIG


def test_a_folder_that_is_not_there_is_named(way: WayTo, server: RunningServer) -> None:
    error = refusal(way(folder="nowhere"))
    assert "has no folder “nowhere”" in str(error)
    assert not isinstance(error, Unavailable)
    assert server.names() == []


def test_a_wrong_password_is_said_and_not_repeated(way: WayTo, server: RunningServer) -> None:
    error = refusal(way("wr0ng-canary"))
    assert "does not let us in" in str(error)
    assert "wr0ng-canary" not in str(error)
    assert not isinstance(error, Unavailable)
    assert server.names() == []


def test_a_connection_that_breaks_off_leaves_the_old_file(
    way: WayTo, server: RunningServer
) -> None:
    send(way(), OLD)
    server.faults.drops_after = 100_000
    assert isinstance(refusal(way()), Unavailable)
    assert server.file("feed.xml") == OLD
    send(way())
    assert server.file("feed.xml") == BIG
    assert server.names() == ["feed.xml"]


def test_a_server_that_fills_up_keeps_the_old_file(
    way: WayTo, server: RunningServer, kind: str
) -> None:
    send(way(), OLD)
    server.faults.room = 100_000
    error = refusal(way())
    assert isinstance(error, Unavailable)
    words = {"sftp": "perhaps it is full", "ftp": "at the moment", "ftps": "broke off"}
    assert words[kind] in str(error)  # this FTPS server hangs up without a word
    assert server.file("feed.xml") == OLD
    server.faults.room = None
    send(way())
    assert server.file("feed.xml") == BIG
    assert server.names() == ["feed.xml"]


def test_a_size_that_is_not_ours_is_no_delivery(way: WayTo, server: RunningServer) -> None:
    send(way(), OLD)
    server.faults.lies = 7
    error = refusal(way())
    assert isinstance(error, Unavailable)
    assert f"{len(BIG) + 7}" in str(error)
    assert server.file("feed.xml") == OLD
    assert server.names() == ["feed.xml"]


def test_a_server_that_does_not_rename_is_said_and_loses_nothing(
    way: WayTo, server: RunningServer
) -> None:
    (server.folder / "feed.xml").write_bytes(OLD)
    server.faults.renames = False
    error = refusal(way())
    assert "does not let us rename" in str(error)
    assert not isinstance(error, Unavailable)
    assert server.file("feed.xml") == OLD
    assert server.names() == ["feed.xml"]


def test_it_can_be_written_directly_there(way: WayTo, server: RunningServer) -> None:
    (server.folder / "feed.xml").write_bytes(OLD)
    server.faults.renames = False
    send(way(direct=True))
    assert server.file("feed.xml") == BIG


def test_a_server_that_replaces_nothing_has_the_old_file_put_aside(
    way: WayTo, server: RunningServer
) -> None:
    send(way(), OLD)
    server.faults.replaces = False
    send(way())
    assert server.file("feed.xml") == BIG
    assert server.names() == ["feed.xml"]


def test_who_reads_meanwhile_never_sees_half_a_file(way: WayTo, server: RunningServer) -> None:
    contents = [bytes([65 + number]) * (200_000 + number) for number in range(6)]
    send(way(), contents[0])
    seen: set[bytes] = set()
    ending = threading.Event()

    def poll() -> None:
        while not ending.is_set():
            seen.add(server.file("feed.xml") or b"nothing")
            time.sleep(0.005)

    reader = threading.Thread(target=poll)
    reader.start()
    for content in contents:
        send(way(), content)
    ending.set()
    reader.join()
    assert seen <= set(contents)


def test_a_reader_of_a_file_that_is_written_directly_does_see_half(
    way: WayTo, server: RunningServer
) -> None:
    """The twin: what the test above would find."""
    send(way(), OLD)
    server.faults.drops_after = 100_000
    refusal(way(direct=True))
    assert server.file("feed.xml") not in (OLD, BIG)


def test_a_connection_can_be_tried(way: WayTo, server: RunningServer) -> None:
    tried = try_connection(way())
    assert tried.works
    assert "lets us in" in str(tried.said)
    assert server.names() == []
    with pytest.raises(Conflict, match="does not let us in"):
        try_connection(way("wrong"))


@pytest.mark.parametrize("key_type", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
def test_a_server_with_another_key_gets_nothing(
    sftp: RunningServer, key_type: str, tmp_path: object
) -> None:
    target = definition("sftp", sftp)
    with sftp_server(sftp.folder / "other", key_type=key_type) as impostor:
        error = refusal(way_to(target | {"port": impostor.port}))
        assert "shows another key" in str(error)
        assert not isinstance(error, Unavailable)
        assert impostor.names() == []


def test_a_key_is_shown_before_it_is_pinned(sftp: RunningServer) -> None:
    target = definition("sftp", sftp)
    unpinned = way_to(target | {"host_key": ""})
    assert "not pinned" in str(refusal(unpinned))
    tried = try_connection(unpinned)
    assert not tried.works
    assert tried.host_key == " ".join(sftp.public.split()[:2])
    expected = asyncssh.import_public_key(sftp.public).get_fingerprint()
    assert sftp_kind.fingerprint(tried.host_key) == expected
    assert expected in str(tried.said)
    send(way_to(target | {"host_key": tried.host_key}))
    assert sftp.file("feed.xml") == BIG


def test_a_private_key_opens_too(tmp_path: object, sftp: RunningServer) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    known = key.export_public_key().decode().split()[1]
    with sftp_server(sftp.folder / "with key", known=known) as server:
        private = key.export_private_key("openssh").decode()
        send(way_to(definition("sftp", server), private))
        assert server.file("feed.xml") == BIG
        other = asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh")
        error = refusal(way_to(definition("sftp", server), other.decode()))
        assert "does not let us in" in str(error)


def test_a_certificate_that_nobody_signed_is_not_believed(ftps: RunningServer) -> None:
    target = definition("ftps", ftps) | {"certificate": ""}
    error = refusal(way_to(target))
    assert "is not trusted" in str(error)
    assert PASSWORD not in str(error)
    assert ftps.names() == []


def test_a_server_that_is_down_is_asked_again_later(way: WayTo) -> None:
    error = refusal(way(port=1))
    assert isinstance(error, Unavailable)
    assert "does not answer" in str(error)
