"""Models open in the list: their variants stand below them as rows."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from pim.products import publishing, service
from pim.products.change import ProductInput
from pim.workflow import RETIRED
from tests.support import coats, sheets


@pytest.fixture
def shop(database):
    coats.fill(database)
    return database


def below(client, model, columns=".sku,name"):
    asked = {"in": "shop.en_GB", "columns": columns}
    answer = client.get(f"/product/variants/{model}", query_string=asked)
    assert answer.status_code == 200
    return sheets.rows(answer.text)


def test_the_rows_below_a_model_have_the_columns_of_the_list(shop, enter):
    with shop.writing() as session:
        given = [ProductInput("M-1", {"ean": "4006381333931"})]
        service.write(session, given, coats.ANN, datetime.now(UTC))
    rows = below(enter("viewer"), "M", ".sku,name,ean")
    assert rows == {"M-1": ["Red M-1", "M-1", "Parka", "4006381333931"]}


def test_what_is_retired_below_a_model_is_out_of_sight(shop, enter):
    now = datetime.now(UTC)
    client = enter("viewer")
    with shop.writing() as session:
        publishing.move(session, ["M-1"], RETIRED, coats.ANN, now)
    assert list(below(client, "M")) == []
    with shop.writing() as session:
        publishing.move(session, ["M"], RETIRED, coats.ANN, now)
    assert list(below(client, "M")) == ["M-1"]


@pytest.mark.browser
def test_the_arrows_open_and_close_a_model(browser):
    coats.fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?in=shop.en_GB")
    chevron = page.get_by_role("button", name="Variants of Parka")
    variant = page.get_by_role("row", name="M-1")
    page.get_by_role("link", name="Parka").press("ArrowRight")
    expect(variant).to_be_visible()
    expect(chevron).to_have_attribute("aria-expanded", "true")
    browser.check()
    chevron.press("ArrowLeft")
    expect(variant).to_be_hidden()
    chevron.click()
    expect(variant).to_have_count(1)
    expect(variant).to_be_visible()
