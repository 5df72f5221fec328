"""A text is written in the number of lines that its attribute says, whatever it may hold."""

import re

import pytest

from pim.products import service
from pim.products.change import ProductInput
from pim.structure import service as structures
from tests.support.coats import ANN

STRUCTURE = {
    "locales": ["en_GB"],
    "currencies": [],
    "channels": {"shop": {"locales": ["en_GB"], "currencies": []}},
    "attributes": {
        "sku": {"type": "identifier"},
        "title": {"type": "text", "single_line": True},
        "washing": {"type": "text", "single_line": False, "max_length": 80},
        "short": {"type": "text", "max_length": 80},
        "long": {"type": "text"},
    },
    "families": {"coats": {"attributes": ["sku", "title", "washing", "short", "long"]}},
}


@pytest.fixture
def written(database, enter, clock):
    """The tag in which an attribute of A is written, which holds what is given."""

    def tag(attribute, **values):
        with database.writing() as session:
            structures.apply(session, STRUCTURE)
            coat = ProductInput("A", {"family": "coats", **values})
            service.write(session, [coat], ANN, clock())
        page = enter("editor").get("/products/A").text
        return re.search(rf'<(\w+) [^>]*id="value-{attribute}"', page).group(1)

    return tag


@pytest.mark.parametrize(
    ("attribute", "tag"),
    [("title", "input"), ("washing", "textarea"), ("short", "input"), ("long", "textarea")],
)
def test_an_attribute_says_in_how_many_lines(written, attribute, tag):
    assert written(attribute) == tag


def test_lines_that_are_there_stay(written):
    assert written("title", title="one\ntwo") == "textarea"
