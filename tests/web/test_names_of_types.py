"""A type or control that takes the name of another is noticed, and one without a name is none."""

from pathlib import Path

import pytest

import pim.attributes
import pim.web.controls
from pim.attributes import build, registry
from pim.web.controls import Control, control_of

NAMELESS = "from pim.web.controls.base import Control\n\nclass Nameless(Control):\n    pass\n"
CONTROL = f"{NAMELESS}\nclass Second(Control):\n    name_of_control = 'price'\n"
TYPE = "from pim.attributes.text import TextType\n\nclass Second(TextType):\n    code = 'text'\n"


def beside(package, folder: Path, name: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / f"{name}.py").write_text(code)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])


def test_a_control_without_a_name_takes_nobodys_place(tmp_path, monkeypatch):
    beside(pim.web.controls, tmp_path, "nameless_control", NAMELESS, monkeypatch)
    monkeypatch.setattr(pim.web.controls, "_found", {})
    assert control_of(build("text", {})) is Control


def test_two_controls_of_one_name_are_noticed(tmp_path, monkeypatch):
    beside(pim.web.controls, tmp_path, "second_control", CONTROL, monkeypatch)
    monkeypatch.setattr(pim.web.controls, "_found", {})
    with pytest.raises(TypeError, match="price"):
        control_of(build("text", {}))


def test_two_types_of_one_code_are_noticed(tmp_path, monkeypatch):
    beside(pim.attributes, tmp_path, "second_type", TYPE, monkeypatch)
    monkeypatch.setattr(registry, "_found", {})
    with pytest.raises(TypeError, match="text"):
        registry.all_types()
