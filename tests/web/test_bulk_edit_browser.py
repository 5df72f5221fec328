"""One attribute changed on every product of the demo shop, in a real browser: chosen in the list,
looked at, done, taken back.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from pim.products import service
from pim.products.change import ProductInput
from pim.products.models import Product
from tests.support.coats import ANN
from tests.support.journeys import Journey
from tests.web.conftest import Browser

pytestmark = pytest.mark.browser
FAMILY = "tents"


@pytest.fixture
def shop(worked_demo: Browser) -> Browser:
    return worked_demo


def values(shop: Browser) -> dict[str, Any]:
    with shop.database.reading() as session:
        return dict(session.execute(select(Product.identifier, Product.values)).all())


def test_one_attribute_of_every_product_there_and_back(shop: Browser) -> None:
    page = shop.enter("admin")
    before = values(shop)
    page.goto(f"{shop.address}/products")
    page.locator("[data-select-all]").check()
    page.locator("[data-select-matching] input").check()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}"))
    page.goto(re.sub("[?].*|$", "?do=set&attribute=seo_title", page.url, count=1))
    shop.check()
    page.locator(".bulk-step [name^=value-]").fill("Out and about")
    page.locator(".bulk-step").get_by_role("button", name="Preview").click()
    page.wait_for_url(re.compile("/preview"))
    confirm = page.get_by_role("button", name=re.compile("^Change [0-9]+ products$"))
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=30_000)
    shop.check()
    assert values(shop) == before
    confirm.click()
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}([?]|$)"))
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    shop.check()
    changed = [one for one, held in values(shop).items() if held != before[one]]
    assert len(changed) > 50
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_role("button", name="Undo it", exact=True).click()
    expect(page.get_by_text("Undone by")).to_be_visible(timeout=30_000)
    assert values(shop) == before


@pytest.fixture
def large(shop: Browser) -> Browser:
    """With 5,000 lamps that nobody has described."""
    lamps = [
        ProductInput(f"LAMP-{number:04}", {"family": FAMILY, "name-nl_NL": f"Lamp {number}"})
        for number in range(5000)
    ]
    with shop.database.writing() as session:
        service.write(session, lamps, ANN, datetime.now(UTC))
    return shop


def test_five_thousand_products_in_few_steps(large: Browser) -> None:
    page = large.enter("admin")
    page.goto(f"{large.address}/products?q=lamp&in=webshop.nl_NL")
    journey = Journey(page)
    journey.click(page.locator("[data-select-all]"))
    journey.click(page.locator("[data-select-matching] input"))
    journey.click(page.get_by_role("button", name="Edit", exact=True))
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}"))
    journey.click(page.locator("#attribute-ts-control"))
    journey.type("Page title")
    expect(page.locator(".ts-dropdown .option.active")).to_have_text("Page title")
    journey.press("Enter")
    page.wait_for_url(re.compile("attribute=seo_title"))
    journey.click(page.locator(".bulk-step [name^=value-]"))
    journey.type("Light at home")
    journey.click(page.locator(".bulk-step").get_by_role("button", name="Preview"))
    page.wait_for_url(re.compile("/preview"))
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=60_000)
    journey.click(page.get_by_role("button", name=re.compile("^Change 5,[0-9]{3} products$")))
    page.wait_for_url(re.compile("/products/bulk/[0-9a-f]{32}([?]|$)"))
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=60_000)
    assert values(large)["LAMP-4999"]["seo_title-nl_NL"] == "Light at home"
    assert journey.actions <= 10, journey.actions
    loads = journey.loads
    journey.click(page.get_by_role("button", name="Undo", exact=True))
    journey.click(page.get_by_role("button", name="Undo it", exact=True))
    expect(page.get_by_text("Undone by")).to_be_visible(timeout=60_000)
    assert "seo_title-nl_NL" not in values(large)["LAMP-4999"]
    assert journey.actions <= 12
    assert loads <= 7, loads


def test_what_is_missing_in_german_is_filled_from_the_list(shop: Browser) -> None:
    page = shop.enter("editor")
    page.goto(f"{shop.address}/products?in=webshop.de_DE")
    journey = Journey(page)
    journey.choose(page.get_by_label("Completeness", exact=True), "missing")
    page.wait_for_url(re.compile("completeness=missing"))
    journey.click(page.locator("[data-select-all]"))
    tray = page.locator("[data-selection-bar]")
    journey.click(tray.get_by_role("button", name="Translate", exact=True))
    page.wait_for_url(re.compile("/product/translate"))
    expect(page.locator("[data-translation]").first).to_be_visible()
    before = journey.actions
    for number in range(3):
        field = page.locator("[data-translation] textarea:visible").nth(0)
        if not number:
            journey.click(field)
        journey.type(f"Auf Deutsch {number}")
        journey.press("Control+Enter")
        expect(page.locator("[data-done]")).to_have_count(number + 1)
    assert before <= 3
    assert journey.actions - before <= 3 * 2 + 1
    assert journey.loads <= 2
