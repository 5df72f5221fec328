"""The documentation keeps up with the code: every setting is in it, every link leads somewhere."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pim.attributes.base import NEUTRAL
from pim.attributes.settings import make
from pim.feeds.contract import BuildContext, Group, Listing, Money

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
VARIABLE = re.compile(r"\bPIM_[A-Z][A-Z_]*\b")


def variables(*folders: str) -> set[str]:
    """Every PIM_ variable that code mentions."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {name for path in files for name in VARIABLE.findall(path.read_text())}


MAP = (ROOT / "docs" / "architecture.md").read_text()


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(VARIABLE.findall((ROOT / "docs/configuration.md").read_text()))
    assert documented == variables("pim", "media", "exporters", "migrations")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    local = [
        target
        for target, _anchor in LINK.findall(page.read_text())
        if "://" not in target and not target.startswith("mailto:")
    ]
    assert not [target for target in local if not (page.parent / target).exists()]


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme
    assert "make test" in readme


def test_files_that_the_docs_name_exist() -> None:
    named = re.compile(r"`((?:pim|exporters|media|templates|migrations|tests|docs)/[\w./-]+\.\w+)`")
    missing = {
        (page.name, name)
        for page in PAGES
        for name in named.findall(page.read_text())
        if not (ROOT / name).exists()
    }
    assert not missing


def example(page: str) -> dict[str, Any]:
    """What the first Python block of a page defines."""
    block = re.search(r"```python\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)
    assert block
    defined: dict[str, Any] = {"__name__": "example"}
    exec(block[1], defined)
    return defined


def test_the_exporter_of_the_how_to_renders_an_item() -> None:
    exporter = example("add-an-exporter.md")["ExampleCompare"](
        BuildContext("x", "X", "https://example.com", "nl_NL", "EUR", date(2026, 11, 22))
    )
    listing = Listing("B-1", "B-1", None)
    listing |= {
        "id": "B-1",
        "title": "Fiets, blauw",
        "price": Money("499.00", "EUR"),
        "gtin": "2000000000015",
    }
    assert exporter.render(Group([listing])) == (b'B-1,"Fiets, blauw",499.00,2000000000015\n', 1)


def test_the_attribute_type_of_the_how_to_reads_and_refuses() -> None:
    url = make(example("add-an-attribute-type.md")["Url"], {"max_length": 30})
    assert url.parse(" https://example.com/a ", NEUTRAL) == "https://example.com/a"
    assert [problem.rule for problem in url.check("ftp://example.com")] == ["url"]
    assert [problem.rule for problem in url.check("https://example.com/" + "a" * 20)] == [
        "max_length"
    ]


def test_tests_that_the_docs_name_exist() -> None:
    named = [
        pair
        for page in PAGES
        for pair in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text())
    ]
    assert named
    assert not [
        (path, test) for path, test in named if f"def {test}(" not in (ROOT / path).read_text()
    ]


def test_the_map_shows_every_module() -> None:
    """Every package and top-level module has its place in the table, and nothing else has."""
    shown = set(re.findall(r"`((?:pim|media|exporters|demo_source|bench)/[\w/.]*)`", MAP))
    named = {place.rstrip("/") for place in shown}
    there = {f"pim/{path.name}" for path in (ROOT / "pim").glob("*.py") if path.stem != "__init__"}
    there |= {f"pim/{path.parent.name}" for path in (ROOT / "pim").glob("*/__init__.py")}
    assert there - named == set()
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_the_map_leads_to_what_is_there() -> None:
    """“Where is …”: each answer is a definition in that file."""
    answers = re.findall(r"^\| .*\? \| `([\w/.]+)`: `(\w+)` \|$", MAP, re.MULTILINE)
    assert len(answers) >= 15
    astray = [
        (file, name)
        for file, name in answers
        if not re.search(rf"^(?:def|class) {name}\b", (ROOT / file).read_text(), re.MULTILINE)
    ]
    assert astray == []
