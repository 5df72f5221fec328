"""Who may know whom: import-linter's contracts of setup.cfg, and what they cannot say."""

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KNOWS_FLASK = ("pim/http/", "pim/web/", "pim/api/", "pim/app.py")
WEB_FRAMEWORK = {
    "flask",
    "flask_babel",
    "flask_limiter",
    "flask_login",
    "flask_smorest",
    "flask_wtf",
}


def imports(path: Path) -> Iterator[str]:
    """Every module name that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_layers_are_kept() -> None:
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--config",
        "setup.cfg",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_has_its_layer() -> None:
    config = configparser.RawConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = (
        config["importlinter:contract:layers"]["layers"].replace("|", " ").replace(":", " ").split()
    )
    there = {f"pim.{path.stem}" for path in (ROOT / "pim").glob("*.py") if path.stem != "__init__"}
    there |= {f"pim.{path.parent.name}" for path in (ROOT / "pim").glob("*/__init__.py")}
    # A package may stand in several layers, module by module: pim.structure does.
    placed = {".".join(layer.strip("()").split(".")[:2]) for layer in layers}
    optional = {layer.strip("()") for layer in layers if layer.startswith("(")}
    assert placed - optional == (there | {"media"}) - optional


def test_every_module_of_the_structure_has_its_layer() -> None:
    config = configparser.RawConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = config["importlinter:contract:layers"]["layers"]
    modules = {path.stem for path in (ROOT / "pim/structure").glob("*.py")} - {"__init__"}
    assert modules == set(re.findall(r"pim\.structure\.(\w+)", layers))


def test_only_what_answers_requests_knows_flask() -> None:
    files = [
        path for folder in ("pim", "media", "exporters") for path in (ROOT / folder).rglob("*.py")
    ]
    outside = [
        path for path in files if not path.relative_to(ROOT).as_posix().startswith(KNOWS_FLASK)
    ]
    assert outside
    found = {
        (path.name, name)
        for path in outside
        for name in imports(path)
        if name.partition(".")[0] in WEB_FRAMEWORK
    }
    assert not found


@pytest.mark.parametrize(
    "path", sorted((ROOT / "exporters").glob("*.py")), ids=lambda path: path.name
)
def test_an_exporter_knows_the_contract_and_the_standard_library(path: Path) -> None:
    foreign = {
        name for name in imports(path) if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert foreign <= {
        "pim.feeds.contract",
        "pim.feeds.google_data",
        "pim.feeds.variant_options",
    }


def test_pages_ask_queries_and_say_no_sql_themselves() -> None:
    """A page may hand a session on; what is asked with it stands beside the tables."""
    named = {
        (path.relative_to(ROOT).as_posix(), name.name)
        for path in (ROOT / "pim/web").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(), str(path)))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for name in node.names
    }
    # Row and Session are the types of what queries take and give.
    assert {one for one in named if one[1] not in ("Row", "Session")} == set()
