"""A page's class and its template agree: what is read is given, what is given is read."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

from pim.web.page import PageContent


def classes(above: type[PageContent] = PageContent) -> Iterator[type[PageContent]]:
    for one in above.__subclasses__():
        if "template" in vars(one):
            yield one
        yield from classes(one)


ROOT = Path(__file__).resolve().parents[2]
CONTENTS = sorted(classes(), key=lambda one: one.template)
EVERYWHERE = {"person", "language", "theme", "navigation", "is_rail", "bell", "banners", "htmx"}
FLASK = {"config", "request", "session", "g"}


class Templates:
    def __init__(self, app: Flask) -> None:
        self.environment = app.jinja_env

    def source(self, name: str) -> str:
        assert self.environment.loader
        return self.environment.loader.get_source(self.environment, name)[0]

    def read(self, name: str) -> set[str]:
        """The names that a template takes from its surroundings, without what it includes."""
        tree = self.environment.parse(self.source(name))
        known = EVERYWHERE | FLASK | self.environment.globals.keys()
        own = {one.name for one in tree.find_all(nodes.Macro)}
        own |= {one.name for one in tree.find_all(nodes.Name) if one.ctx == "store"}
        for imported in tree.find_all(nodes.FromImport):
            own |= {one for one in imported.names if isinstance(one, str)}
        return meta.find_undeclared_variables(tree) - known - own

    def read_with_parts(self, name: str) -> set[str]:
        found = self.read(name)
        for part in re.findall(r'{%-? (?:include|from) "(pages/[^"]+)"(?! ~)', self.source(name)):
            if not part.endswith("tab_"):
                found |= self.read_with_parts(part)
        return found


@pytest.fixture
def templates(app: Flask) -> Templates:
    return Templates(app)


def names(content: type[PageContent]) -> set[str]:
    return {one.name for one in fields(content)}


@pytest.mark.parametrize("content", CONTENTS, ids=lambda one: one.__name__)
def test_a_template_reads_only_what_its_page_gives(content, templates):
    assert templates.read(f"pages/{content.template}") <= names(content)


@pytest.mark.parametrize("content", CONTENTS, ids=lambda one: one.__name__)
def test_everything_a_page_gives_is_read(content, templates):
    parts = [f"pages/{content.template}", *content.parts]
    read = set().union(*(templates.read_with_parts(part) for part in parts))
    assert names(content) <= read


def test_nothing_is_rendered_without_a_class():
    """A page that hands its template loose arguments would not be compared with it."""
    renders = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "pim").rglob("*.py")
        if "render_template" in path.read_text()
    }
    assert renders == {"pim/web/page.py", "pim/web/errors.py"}


def test_pages_are_found():
    assert "products/show.html" in {one.template for one in CONTENTS}
