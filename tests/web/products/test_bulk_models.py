"""A bulk edit of variants that touches what their model holds: the page offers to change it
there, and says for how many variants.
"""

import re
from html import unescape

from tests.support import coats


def step(client, url, **fields):
    answer = client.send(f"{url}/steps", **{"do": "set", "then": "preview", **fields})
    assert answer.status_code == 303
    return unescape(client.get(answer.location).get_data(as_text=True))


def test_values_of_the_model_are_changed_there_when_somebody_says_so(database, enter):
    coats.fill(database)
    client = enter("editor")
    begun = client.send("/products/bulk?in=shop.en_GB", identifier=["M-1"])
    url = begun.location.partition("?")[0]
    name = {"attribute": "name", "address": "name-en_GB", "value-name-en_GB": "Anorak"}
    page = step(client, url, **name)
    assert "Some of these values belong to 1 model of the chosen variants." in page
    assert "Changed there, they hold for its 1 variant." in page
    assert "Choose the model" in page
    raised = client.send(f"{url}/models")
    page = unescape(client.get(raised.location).get_data(as_text=True))
    assert "Some of these values belong to" not in page
    assert "Choose the model" not in page
    assert "Edit 2 products" in page
    assert re.search(r"<ins>Anorak|Anorak</", page)


def test_what_variants_hold_themselves_raises_nothing(database, enter):
    coats.fill(database)
    client = enter("editor")
    begun = client.send("/products/bulk?in=shop.en_GB", identifier=["M-1"])
    ean = {"attribute": "ean", "address": "ean", "value-ean": "4006381333931"}
    page = step(client, begun.location.partition("?")[0], **ean)
    assert "Some of these values belong to" not in page
