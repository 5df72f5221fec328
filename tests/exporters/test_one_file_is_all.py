"""docs/add-an-exporter.md: saving the file is all there is to do."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import exporters
from pim.feeds import field_guide, registry

PAGE = Path(__file__).parents[2] / "docs" / "add-an-exporter.md"


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page's example as a file beside the exporters."""
    block = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (tmp_path / "example_compare.py").write_text(block[1], encoding="utf-8")
    monkeypatch.setattr(exporters, "__path__", [*exporters.__path__, str(tmp_path)])
    registry.all_exporters.cache_clear()
    yield
    sys.modules.pop("exporters.example_compare", None)
    registry.all_exporters.cache_clear()


@pytest.mark.usefixtures("saved")
def test_it_is_found_documented_suggested_built_and_checked(build: Callable[..., Any]) -> None:
    assert "example_compare" in registry.all_exporters()
    assert "## Example Compare (`example_compare`)" in field_guide.page()
    built = build("example_compare")
    assert built.text.splitlines() == [
        "id,title,price,gtin",
        "ZZ7-ROOD,Stadsfiets “Zuiderzee” 7 & licht,749.00,8712345000011",
        "ZZ7-BLAUW,Stadsfiets “Zuiderzee” 7 & licht,749.00,8712345000028",
        'HELM;1,"Helm <zwart>, 58\u00a0cm",59.95,4006381333931',
    ]
    found = {(one.address, one.rule, one.severity) for one in built.reasons["BEL"]}
    assert found == {("price", "price_zero", "error"), ("gtin", "gtin_check_digit", "skipped")}
    assert built.exporter.format.check(built.path).records == 3
