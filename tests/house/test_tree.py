"""What must not be in the repository: paths of one machine, addresses of one network, files of
others, forgotten files.
"""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# In pieces, so that this file does not find itself.
FORBIDDEN = [
    "/work" + "/",
    "/root" + "/",
    "/opt/" + "pypi",
    "files.python" + "hosted",
    "registry.npm" + "js",
    "BEGIN " + "PRIVATE KEY",
]


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout: nothing says which files are the project's")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_path_of_one_machine_and_no_registry_host() -> None:
    texts = {path: path.read_text(errors="replace") for path in tracked()}
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in texts.items()
        for word in FORBIDDEN
        if word in text
    ]
    assert not found


def test_the_lock_names_versions_and_hashes_but_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("integrity" in entry for name, entry in packages.items() if name)
    assert not [name for name, entry in packages.items() if "resolved" in entry]


def test_no_library_of_others_is_committed() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert not [
        name
        for name in names
        if "vendor/" in name or "node_modules/" in name or name.endswith((".min.js", ".min.css"))
    ]


def test_no_folder_of_tests_is_a_package() -> None:
    """Modules of several folders have the same name."""
    assert list((ROOT / "tests").rglob("__init__.py")) == [ROOT / "tests" / "__init__.py"]
