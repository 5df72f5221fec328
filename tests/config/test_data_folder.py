"""The data folder is nobody else's."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pim.config import from_environment
from pim.errors import Conflict

PIM = [sys.executable, "-c", "from pim.cli import main; main()"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_others_can_read_is_closed_at_the_start(tmp_path):
    for name in ("etalage.db", "secret.key", "notes.txt"):
        (tmp_path / name).write_text("x" * 40)
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    from_environment({"PIM_HOME": str(tmp_path)})
    assert mode(tmp_path) == 0o700
    assert [mode(tmp_path / name) for name in ("etalage.db", "secret.key")] == [0o600, 0o600]
    assert mode(tmp_path / "notes.txt") == 0o644  # not ours


def test_a_folder_that_cannot_be_closed_stops_the_start(tmp_path, monkeypatch):
    def refuse(self, wanted):
        raise PermissionError(1, "Operation not permitted")

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)  # as root one may close everything
    with pytest.raises(Conflict, match="mode 700"):
        from_environment({"PIM_HOME": str(tmp_path)})


def test_whatever_a_command_writes_is_for_its_own_user(tmp_path):
    home = tmp_path / "home"
    environment = {**os.environ, "PIM_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    for command in (["init"], ["backup"]):
        subprocess.run(
            [*PIM, *command], env=environment, check=True, capture_output=True, umask=0o022
        )
    assert mode(home) == 0o700
    written = [path for path in home.rglob("*") if path.is_file()]
    assert len(written) > 2
    assert {path.name: oct(mode(path)) for path in written if mode(path) != 0o600} == {}
