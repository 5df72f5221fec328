"""Deliveries to a folder of this machine stay below the one that the settings name."""

from pathlib import Path

import pytest

from pim.deliveries.kinds import TARGET_KINDS, try_connection
from pim.errors import Conflict, Invalid
from tests.deliveries.conftest import shipment, way_to


def test_a_file_lies_in_the_folder(tmp_path: Path) -> None:
    way = way_to({"kind": "folder", "folder": "partners/noord"}, "", root=str(tmp_path / "out"))
    assert "partners/noord" in str(try_connection(way).said)
    TARGET_KINDS["folder"].send(way, shipment(b"first"))
    TARGET_KINDS["folder"].send(way, shipment(b"second"))
    folder = tmp_path / "out" / "partners" / "noord"
    assert [one.name for one in folder.iterdir()] == ["feed.xml"]
    assert (folder / "feed.xml").read_bytes() == b"second"


@pytest.mark.parametrize("folder", ["/etc", "../etc", "a/../../b", "..", "a\\b"])
def test_no_target_names_a_folder_outside(folder: str) -> None:
    with pytest.raises(Invalid) as caught:
        way_to({"kind": "folder", "folder": folder})
    assert "folder" in caught.value.messages


def test_a_link_that_leads_outside_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "out", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    way = way_to({"kind": "folder", "folder": "link"}, "", root=str(root))
    with pytest.raises(Conflict, match="leads out of"):
        TARGET_KINDS["folder"].send(way, shipment(b"secret"))
    assert list(outside.iterdir()) == []
