"""What other code rendered is rendered again: helpers, formats and exporters of others too."""

import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints, PathDistribution
from pathlib import Path

import pytest

from pim.feeds import code_version, registry
from pim.feeds.contract import Exporter


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    for function in (code_version._version_of, code_version._package_digest):
        function.cache_clear()


Plugin = Callable[..., type[Exporter]]


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plugin:
    """Writes a package with an exporter and a helper, as somebody else would ship it."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(helper: str = "", record: str = "") -> type[Exporter]:
        package = tmp_path / "shop_of_others"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text("")
        (package / "helper.py").write_text(helper)
        (package / "feed.py").write_text(
            "from pim.feeds.contract import Exporter\n"
            "class Theirs(Exporter):\n"
            "    code = 'theirs'\n"
        )
        metadata = tmp_path / "shop_of_others-1.0.dist-info"
        metadata.mkdir(exist_ok=True)
        (metadata / "METADATA").write_text("Name: shop-of-others\nVersion: 1.0\n")
        (metadata / "RECORD").write_text(record)
        point = EntryPoint("theirs", "shop_of_others.feed:Theirs", registry.GROUP)
        vars(point).update(dist=PathDistribution(metadata))
        found = EntryPoints([point])
        monkeypatch.setattr(code_version, "extensions", lambda group: found)
        for name in [one for one in sys.modules if one.startswith("shop_of_others")]:
            del sys.modules[name]
        for function in (code_version._version_of, code_version._package_digest):
            function.cache_clear()
        loaded: type[Exporter] = point.load()
        return loaded

    return write


def test_the_same_code_has_the_same_version() -> None:
    exporter = registry.get("shopify")
    assert code_version.code_version(exporter) == code_version.code_version(exporter)


@pytest.mark.parametrize("package", ["pim.feeds", "exporters", "pim.attributes", "pim.providers"])
def test_every_package_that_has_a_say_counts(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = registry.get("shopify")
    before = code_version.code_version(exporter)
    code_version._version_of.cache_clear()
    digest = code_version._package_digest

    def changed(name: str) -> str:
        return "other" if name == package else digest(name)

    monkeypatch.setattr(code_version, "_package_digest", changed)
    assert code_version.code_version(exporter) != before


def test_a_package_is_all_its_files() -> None:
    names = [path for path, _ in code_version._modules(code_version.files("pim.feeds"), "")]
    assert {"/contract.py", "/formats/xml.py", "/operations.py"} <= set(names)


def test_a_helper_of_somebody_elses_exporter_counts(plugin: Plugin) -> None:
    before = code_version.code_version(plugin(helper="x = 1"))
    assert code_version.code_version(plugin(helper="x = 2")) != before


def test_what_is_installed_counts_where_it_stands_in_another_package(plugin: Plugin) -> None:
    before = code_version.code_version(plugin(record="lib/common.py,sha256=a,1"))
    assert code_version.code_version(plugin(record="lib/common.py,sha256=b,1")) != before
