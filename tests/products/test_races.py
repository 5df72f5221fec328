"""Two who want the same name or value at the same moment: the second one is told, in the words
that they would have read a second later.
"""

import pytest

from pim.products import restructure, service
from pim.products.change import NOTHING_YET, ProductInput
from pim.values import ReadValues
from tests.support.hub import HUB, StrictHubDriver
from tests.support.races import race

STRUCTURE = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"shop": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "barcode": {"type": "text", "unique": True},
    },
    "families": {"tools": {"attributes": ["sku", "barcode"], "label": "sku"}},
}


@pytest.fixture
def hub(database, clock):
    made = StrictHubDriver(database, clock)
    made.restructure(STRUCTURE)
    return made


def make(hub, identifier, base=None, **values):
    def write(session):
        one = ProductInput(identifier, ReadValues({"family": "tools", **values}), base=base)
        return service.write(session, [one], HUB, hub.clock())[0]

    return write


def test_a_new_product_that_somebody_else_has_just_made_is_refused(hub):
    result = race(hub.database, make(hub, "H-1"), make(hub, "h-1", NOTHING_YET))
    assert [str(one.message) for one in result.problems] == [
        "There is a product with this SKU already."
    ]
    assert hub.get("H-1").version == 1


def test_a_row_of_a_file_completes_the_product_that_somebody_else_has_just_made(hub):
    result = race(hub.database, make(hub, "H-1"), make(hub, "H-1", barcode="17"))
    assert (result.outcome, hub.get("H-1").values["barcode"]) == ("updated", "17")


@pytest.mark.parametrize("there", [False, True])
def test_a_value_that_one_product_may_have_goes_to_one(hub, there):
    if there:
        hub.edit("H-1", {"family": "tools"})
        hub.edit("H-2", {"family": "tools"})
    result = race(hub.database, make(hub, "H-1", barcode="17"), make(hub, "H-2", barcode="17"))
    assert [(one.address, str(one.message)) for one in result.problems] == [
        ("barcode", "“H-1” has this value.")
    ]


def test_two_changes_of_the_structure_come_one_after_the_other(hub):
    def add(code):
        attributes = {code: {"type": "text"}}
        return lambda session: restructure.apply(session, {"attributes": attributes})

    changes = race(hub.database, add("height"), add("width"))
    assert [one.code for one in changes if one.kind == "attributes"] == ["width"]
    with hub.database.reading() as session:
        assert not restructure.compare(
            session, {"attributes": {"height": {"type": "text"}, "width": {"type": "text"}}}
        )
