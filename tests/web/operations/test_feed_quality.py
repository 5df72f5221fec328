"""Behind each reason of a feed stands its share of the value, and where all of them are mended."""

from copy import deepcopy

import pytest
from lxml import html

from pim.products import service
from pim.products.change import Origin, ProductInput
from pim.structure import service as catalog
from tests.web.operations.conftest import STRUCTURE
from tests.web.operations.test_feed_making import read, texts

BY = Origin("user", "anna@example.org", None)


@pytest.fixture
def built(shop, work, enter, clock):
    """A is worth 1947.00, B 649.00, and C, which nobody approved, 50.00."""
    stocked = deepcopy(STRUCTURE)
    stocked["attributes"]["left"] = {"type": "number", "fact": True, "meaning": "stock"}
    stocked["families"]["bikes"]["attributes"].append("left")
    with shop.writing() as session:
        catalog.apply(session, stocked)
        left = [ProductInput(one, {"left": left}) for one, left in zip("ABC", "315", strict=True)]
        service.write(session, left, BY, clock())
    client = enter("approver")
    client.send("/feeds/till/run")
    work()
    return client


def test_a_reason_says_its_share_of_the_value_and_leads_to_all_of_its_products(built):
    page = read(built, "/feeds/till")
    assert "Value in the feed98%" in " ".join(texts(page.cssselect(".figures-wide div")))
    [reason] = [
        one for one in page.cssselect(".reasons li") if "approved" in " ".join(texts([one]))
    ]
    assert texts(reason.cssselect(".reason-share")) == ["2% of the value"]
    [mend] = reason.cssselect(".reason-mend")
    listed = html.fromstring(built.get(mend.get("href"), follow_redirects=True).text)
    assert [one for one in "ABC" if f"/products/{one}" in html.tostring(listed).decode()] == ["C"]
