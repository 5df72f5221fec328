"""Every page of the product at the sizes that people have, in all languages and both themes:
nothing lies over something else, nothing is cut off, no focus is covered, nothing keeps a screen
reader out; a first visit is light and stands still.

The pages are those that links lead to. Each is looked at in a few of all ways; with
ETALAGE_EVERY_SIZE=1 in all of them, which takes half an hour.
"""

import os
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from pim.i18n import LANGUAGES
from tests.support.pages import FoundPage, Site
from tests.web.conftest import DemoHub, axe_findings

pytestmark = pytest.mark.browser
GEOMETRY = Path(__file__).with_name("geometry.js").read_text()
EVERY = bool(os.environ.get("ETALAGE_EVERY_SIZE"))
WIDTHS = (320, 390, 768, 1024, 1280, 1366, 1440, 1920, 2560)
COMMON = (390, 1366)
WAYS = list(product(LANGUAGES, ("light", "dark")))
NO_WHOLE_PAGES = {
    "feeds.find_categories",
    "jobs.progress",
    "products.channels",
    "products.export_dialog",
    "products.link_offers",
    "products.meant_words",
}
LIGHTEST = 300_000
"""Bytes that a first visit may send."""
STILL = 0.02
"""The layout shift that nobody sees."""


class Visit:
    """A browser at a hub, signed in once per language."""

    def __init__(self, chromium: Chromium, demo: DemoHub, address: str) -> None:
        self.chromium, self.demo, self.address = chromium, demo, address
        self.app = demo.app()
        self.site = Site(self.app, demo.enter(self.app, "admin"))
        self.cookies = {language: self._sign_in(language) for language in LANGUAGES}

    def pages(self) -> list[FoundPage]:
        return [one for one in self.site.pages() if one.kind not in NO_WHOLE_PAGES]

    def context(self, language: str) -> BrowserContext:
        """Where somebody is signed in, with nothing kept from an earlier visit."""
        context = self.chromium.new_context(locale=language, reduced_motion="reduce")
        for name, value in self.cookies[language].items():
            context.add_cookies([{"name": name, "value": value, "url": self.address}])
        return context

    def _sign_in(self, language: str) -> dict[str, str]:
        client = self.demo.enter(self.app, "admin", language)
        names = (self.app.config["SESSION_COOKIE_NAME"], "language")
        cookies = {name: client.get_cookie(name) for name in names}
        return {name: cookie.value for name, cookie in cookies.items() if cookie}


@pytest.fixture
def visit(chromium: Chromium, demo: DemoHub) -> Iterator[Visit]:
    server = make_server("127.0.0.1", 0, demo.app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Visit(chromium, demo, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    server.server_close()


def ways(number: int) -> list[tuple[str, str]]:
    """In which languages and themes the page with that number is looked at."""
    return WAYS if EVERY else [WAYS[number % len(WAYS)]]


def widths(number: int) -> list[int]:
    """A phone or a laptop, and by turns one of the others."""
    if EVERY:
        return list(WIDTHS)
    others = [one for one in WIDTHS if one not in COMMON]
    return [COMMON[number % 2], others[number % len(others)]]


def looked_at(page: Page, number: int, theme: str) -> Iterator[str]:
    """What is wrong with the page that is open."""
    page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
    for width in widths(number):
        page.set_viewport_size({"width": width, "height": 800})
        yield from (f"at {width}: {one}" for one in page.evaluate(GEOMETRY))
        if width in COMMON:
            yield from (f"at {width}: {one}" for one in axe_findings(page))


def test_nothing_overlaps_is_cut_off_or_keeps_somebody_out(visit: Visit) -> None:
    contexts = {language: visit.context(language) for language in LANGUAGES}
    wrong: dict[str, list[str]] = {}
    for number, found in enumerate(visit.pages()):
        for language, theme in ways(number):
            page = contexts[language].new_page()
            page.goto(visit.address + found.address, wait_until="networkidle")
            faults = list(looked_at(page, number, theme))
            if faults:
                wrong[f"{found.address} {language} {theme}"] = faults
            page.close()
    for context in contexts.values():
        context.close()
    assert wrong == {}


def test_a_first_visit_is_light_and_stands_still(visit: Visit) -> None:
    heavy: dict[str, tuple[int, float]] = {}
    for number, found in enumerate(visit.pages()[:: 1 if EVERY else 5]):
        for width in COMMON if EVERY else (COMMON[number % 2],):
            context = visit.context("de")
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(visit.address + found.address, wait_until="networkidle")
            sent, moved = page.evaluate(WEIGHT)
            context.close()
            if sent > LIGHTEST or moved > STILL:
                heavy[f"{found.address} at {width}"] = (sent, moved)
    assert heavy == {}


WEIGHT = """new Promise((done) => {
    const kinds = ["navigation", "resource"];
    const all = kinds.flatMap((kind) => performance.getEntriesByType(kind));
    const sent = all.reduce((sum, one) => sum + one.transferSize, 0);
    let moved = 0;
    const add = (list) => list.getEntries().forEach((one) => (moved += one.value));
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done([sent, moved]), 200);
})"""
