"""What a page weighs: a long sheet has a row for each value, and what is said in each adds up."""

import re
from datetime import UTC, datetime

from pim.products import service
from pim.products.change import Origin, ProductInput
from pim.structure import service as structures
from pim.values import ReadValues

LIGHT = 790
"""Bytes that a field may add to a page, with an address and a text of some thirty signs each."""
ANYBODY = Origin("user", "ann@example.org", None)


def write(database, number):
    """A product in a family with so many texts."""
    names = [f"detail_{place:03}" for place in range(number)]
    document = {
        "locales": ["en_GB"],
        "channels": {"web": {"locales": ["en_GB"]}},
        "attributes": {
            "sku": {"type": "identifier"},
            **{name: {"type": "text", "localizable": True} for name in names},
        },
        "families": {f"of_{number}": {"attributes": ["sku", *names]}},
    }
    values = {f"{name}-en_GB": f"What there is to say: {name}" for name in names}
    one = ProductInput(f"P-{number}", ReadValues({"family": f"of_{number}", **values}))
    with database.writing() as session:
        structures.apply(session, document)
        service.write(session, [one], ANYBODY, datetime.now(UTC))


def test_a_field_adds_little_to_a_page(database, enter):
    client = enter("editor")
    weights = []
    for number in (10, 60):
        write(database, number)
        weights.append(len(client.get(f"/products/P-{number}?in=web.en_GB").data))
    assert (weights[1] - weights[0]) / 50 <= LIGHT


def test_no_page_is_sent_the_indentation_of_its_template(database, enter):
    write(database, 3)
    client = enter("admin")
    for address in ("/", "/products", "/products/P-3", "/feeds", "/settings"):
        page = re.sub(r"<textarea.*?</textarea>", "", client.get(address).text, flags=re.DOTALL)
        assert re.findall(r"^[ \t]{2,}.*", page, re.MULTILINE) == []
