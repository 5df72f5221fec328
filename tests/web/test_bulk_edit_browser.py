"""One attribute changed on every product of the demo shop, in a real browser: chosen in the list,
looked at, done, taken back.
"""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import select
from werkzeug.serving import make_server

from media.storage import Storage
from pim.job_kinds import handlers
from pim.jobs.runner import Runner
from pim.products.models import Product
from tests.web.conftest import Browser, DemoHub

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(chromium: Chromium, demo: DemoHub) -> Iterator[Browser]:
    """The demo shop with somebody who works off its jobs."""
    storage = Storage(demo.settings.storage_url)
    runner = Runner(demo.database, handlers(demo.settings, storage), 1, poll_seconds=0.1)
    runner.start()
    server = make_server("127.0.0.1", 0, demo.app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    yield Browser(page, f"http://127.0.0.1:{server.port}", demo.database)
    page.close()
    server.shutdown()
    server.server_close()
    runner.stop()


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
