"""Options of one attribute that nearly equal one another."""

import pytest

from pim.quality.near_options import near_options
from tests.support.lamp_shop import STRUCTURE


def pairs(shop, *labels, multiple=False):
    """The pairs of options with these Dutch names that are found, as the names."""
    options = {f"o{number}": {"labels": {"nl_NL": one}} for number, one in enumerate(labels)}
    kind = "choices" if multiple else "choice"
    tone = {"type": kind, "options": options}
    shop.restructure({**STRUCTURE, "attributes": {**STRUCTURE["attributes"], "tone": tone}})
    found = near_options(shop.structure())
    return [one.labels for one in found if one.attribute == "tone"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Zwart", "zwart"),
        ("Café-au-lait", "Cafe au lait"),
        ("Katoen", "Kattoen"),
        ("Polyester", "Polyesther"),
        ("Messing", "Massing"),
    ],
)
def test_what_is_hardly_meant_as_two(shop, first, second):
    assert pairs(shop, first, second, "Hout") == [(first, second)]
    assert pairs(shop, first, second, "Hout", multiple=True) == [(first, second)]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Mat", "Nat"), ("100 ml", "110 ml"), ("Zwart", "Wit"), ("Rood", "Roodbruin"), ("E27", "E14")],
)
def test_what_differs_is_two(shop, first, second):
    assert pairs(shop, first, second) == []


def test_options_of_two_attributes_may_be_called_alike(shop):
    assert pairs(shop, "red", "Hout") == []
