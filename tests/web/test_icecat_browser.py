"""A day with a real catalogue that moved in from Akeneo (1,320 products, 77 attributes, 3
languages), each journey with the number of its actions. Nothing of it is copied here: without the
folder of real catalogues the tests are skipped and say so.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from werkzeug.serving import make_server

from pim.app import create_app
from pim.cli.frame import pim
from pim.config import from_environment
from pim.db import Database
from pim.products import publishing, queries
from pim.products.matching import Filters
from pim.structure import queries as catalog
from tests.support.coats import ANN
from tests.support.journeys import Journey
from tests.web.conftest import Browser, press_save

pytestmark = pytest.mark.browser
PRINTER = "127469"
"""HP LaserJet 1160 Printer."""


@pytest.fixture(scope="module")
def moved(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a hub that the catalogue moved into."""
    home = tmp_path_factory.mktemp("icecat") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIM_HOME", str(home))
        assert CliRunner().invoke(pim, ["init"]).exit_code == 0
        folder = shared / "data" / "akeneo_icecat_demo_dev"
        # Some of its values cannot be taken, as its report says.
        assert CliRunner().invoke(pim, ["import", "akeneo", str(folder)]).exit_code == 1
        yield home


@pytest.fixture
def catalogue(chromium: Chromium, moved: Path) -> Iterator[Browser]:
    settings = from_environment({"PIM_HOME": str(moved), "PIM_SECRET_KEY": "k" * 40})
    with closing(Database(settings.database_url)) as database:
        server = make_server("127.0.0.1", 0, create_app(settings, database), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = chromium.new_context(
            viewport={"width": 1366, "height": 768}, locale="en-GB", reduced_motion="reduce"
        )
        yield Browser(context.new_page(), f"http://127.0.0.1:{server.port}", database)
        context.close()
        server.shutdown()
        server.server_close()


def held(catalogue: Browser, identifier: str, address: str) -> object:
    with catalogue.database.reading() as session:
        return queries.get(session, identifier).document.get(address)


def test_a_product_is_found_and_edited_in_two_languages(catalogue):
    page = catalogue.enter("editor")
    expect(page.locator("[data-find-open]")).to_have_attribute("data-ready", "yes")
    journey = Journey(page)
    journey.press("/")
    journey.type("laserjt 1160")
    expect(page.locator("#find .find-offer").first).to_contain_text("LaserJet 1160")
    journey.press("Enter")
    page.wait_for_url(re.compile(f"/products/{PRINTER}"))
    language = page.get_by_label("Language", exact=True)
    for locale, words in (("de_DE", "Laserdrucker"), ("en_US", "A laser printer, refurbished")):
        journey.choose(language, f"mobile.{locale}")
        expect(page).to_have_url(re.compile(f"mobile.{locale}"))
        journey.click(page.locator(f"#field-description-{locale}-mobile .rich-area"))
        journey.press("Control+a")
        journey.type(words)
    with catalogue.saving():
        press_save(page)
    assert held(catalogue, PRINTER, "description-de_DE-mobile") == "Laserdrucker"
    assert held(catalogue, PRINTER, "description-en_US-mobile") == "A laser printer, refurbished"
    assert (journey.actions, journey.loads) == (11, 1)  # and Ctrl+S
    catalogue.check()


def test_what_is_missing_in_german_is_filled_from_product_to_product(catalogue):
    page = catalogue.enter("editor")
    page.goto(f"{catalogue.address}/products?in=ecommerce.de_DE&family=scanners")
    journey = Journey(page)
    journey.choose(page.get_by_label("Completeness", exact=True), "missing")
    page.wait_for_url("**completeness=missing**")
    journey.click(page.locator("[data-product] a.name").first)
    filled = []
    for _ in range(3):
        page.wait_for_url(re.compile("/products/[0-9]+[?]"))
        filled.append(page.url.split("/products/")[1].split("?")[0])
        journey.click(page.locator("#missing").get_by_role("link", name="Description (German"))
        journey.type(f"Ein Scanner, Nummer {filled[-1]}")
        with catalogue.saving():
            press_save(page)
        shown = page.url
        journey.press("Alt+PageDown")
        page.wait_for_url(lambda url, shown=shown: url != shown)
    for identifier in filled:
        text = held(catalogue, identifier, "description-de_DE-ecommerce")
        assert text == f"Ein Scanner, Nummer {identifier}"
    assert len(set(filled)) == 3
    assert (journey.actions, journey.loads) == (11, 5)  # and Ctrl+S three times
    catalogue.check()


def test_ten_texts_are_translated(catalogue):
    page = catalogue.enter("editor")
    page.goto(f"{catalogue.address}/products?in=mobile.de_DE")
    journey = Journey(page)
    journey.click(page.get_by_role("link", name="Translate"))
    page.wait_for_url("**/product/translate*")
    journey.click(page.locator("[data-identifier] .form-control").first)
    for number in range(10):
        journey.type(f"Übersetzung {number}")
        journey.press("Control+Enter")
    expect(page.locator("[data-translated]")).to_have_text(re.compile("^10 of [0-9]+ translated"))
    assert (journey.actions, journey.loads) == (22, 1)
    catalogue.check()


def test_twenty_are_reviewed_and_one_is_sent_back(catalogue):
    with catalogue.database.writing() as session:
        found = queries.page(session, catalog.structure(session), Filters(complete="mobile-en_US"))
        names = [row.identifier for row in found.rows[:20]]
        publishing.move(session, names, "review", ANN, datetime.now(UTC))
    page = catalogue.enter("approver")
    page.goto(f"{catalogue.address}/product/review?in=mobile.en_US")
    journey = Journey(page)
    shown = page.locator("[data-product]")
    for place in range(20):
        identifier = shown.get_attribute("data-product")
        if place == 7:
            journey.press("r")
            journey.type("Which resolution?")
            journey.press("Control+Enter")
        else:
            journey.press("a")
        if place < 19:  # what is not shown yet is not decided either
            expect(shown).not_to_have_attribute("data-product", identifier)
    expect(page.locator("[data-reviewed]")).to_have_text("20 of 20 decided")
    assert (journey.actions, journey.loads) == (22, 0)
    catalogue.check()
