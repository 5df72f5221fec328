"""What somebody sent and the hub did not take is said, with the reason: never is a change dropped
without a word.
"""

import re
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from media import service as media
from media.storage import Storage
from pim.clock import utc_now
from pim.products import queries, service
from pim.products.change import Origin, ProductInput
from pim.products.restructure import apply

HUB = Origin("user", "anna@example.org", "hub")
STRUCTURE = {
    "locales": ["en_GB", "nl_NL"],
    "channels": {"shop": {"locales": ["en_GB", "nl_NL"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "labels": {"en_GB": "Name"}, "max_length": 20},
        "wash": {"type": "text", "labels": {"en_GB": "Washing"}},
        "lining": {"type": "text", "localizable": True, "labels": {"en_GB": "Lining"}},
        "size": {"type": "choice", "options": {"s": {}}},
        "photo": {"type": "asset"},
        "licence": {"type": "text", "labels": {"en_GB": "Licence"}},
        "place": {"type": "text"},
    },
    "families": {
        "gloves": {"attributes": ["sku", "name", "wash", "lining", "size", "photo"]},
        "pictures": {"kind": "asset", "attributes": ["licence", "place"]},
    },
    "variants": {
        "by_size": {
            "family": "gloves",
            "levels": [{"axes": ["size"], "attributes": ["sku", "wash"]}],
        }
    },
    "associations": {"goes_with": {}},
}


@pytest.fixture
def shop(app, database, clock):
    with database.writing() as session:
        apply(session, STRUCTURE)
        made = [
            ProductInput("G", {"family": "gloves", "name": "Mitten", "wash": "By hand"}),
            ProductInput("M", {"family_variant": "by_size", "wash": "Cold"}, "model"),
            ProductInput("M-s", {"parent": "M", "size": "s"}),
        ]
        results = service.write(session, made, HUB, clock())
        assert not [one.problems for one in results if one.is_refused]
    return database


@pytest.fixture
def restructure(shop):
    """Somebody else changes the structure while the form is open."""

    def change(document, prune=False):
        with shop.writing() as session:
            apply(session, document, prune)

    return change


def values(shop, identifier="G"):
    with shop.reading() as session:
        return queries.get(session, identifier).product.values


def said(answer):
    """The messages of a page."""
    found = re.findall(r'<div class="(?:note|field-error)[^>]*>(.*?)</div>', answer.text, re.S)
    return [" ".join(unescape(re.sub("<[^>]*>", " ", one)).split()) for one in found]


def without(*codes):
    """The structure without these attributes and kinds of links."""
    family = STRUCTURE["families"]["gloves"]
    kept = [one for one in family["attributes"] if one not in codes]
    return (
        STRUCTURE
        | {
            section: {code: one for code, one in STRUCTURE[section].items() if code not in codes}
            for section in ("attributes", "associations")
        }
        | {"families": STRUCTURE["families"] | {"gloves": family | {"attributes": kept}}}
    )


TO_THE_ERP = "This belongs to “ERP” now, which alone may overwrite it."


def given_to_the_erp(*codes):
    return {"attributes": {one: STRUCTURE["attributes"][one] | {"owner": "erp"} for one in codes}}


def test_a_value_that_became_another_systems_meanwhile(shop, enter, restructure):
    client = enter("editor")
    restructure(given_to_the_erp("name", "wash"))
    client.send(
        "/products/G",
        **{"was-name": "Mitten", "value-name": "Glove", "was-wash": "By hand", "value-wash": ""},
        **{"was-lining-en_GB": "", "value-lining-en_GB": "Fleece"},
    )
    page = client.get("/products/G")
    assert f"Not saved: Name, Washing. {TO_THE_ERP}" in said(page)
    assert "Saved." in page.text
    assert (values(shop)["name"], values(shop)["lining-en_GB"]) == ("Mitten", "Fleece")
    client.send("/products/G", **{"was-name": "Mitten", "value-name": "Glove"})
    page = client.get("/products/G")
    assert f"Not saved: Name. {TO_THE_ERP}" in said(page)
    assert "Nothing was changed" not in page.text


def test_a_value_that_a_model_has_from_another_system_cannot_be_typed_over(
    shop, enter, restructure
):
    client = enter("editor")
    assert 'name="value-wash"' in client.get("/products/M-s").text
    restructure(given_to_the_erp("wash"))
    assert 'name="value-wash"' not in client.get("/products/M-s").text
    client.send("/products/M-s", **{"was-wash": "Cold", "value-wash": "Warm"})
    assert f"Not saved: Washing. {TO_THE_ERP}" in said(client.get("/products/M-s"))


def test_a_refused_form_says_at_the_field_what_would_be_left_out(shop, enter, restructure):
    client = enter("editor")
    restructure(given_to_the_erp("wash"))
    answer = client.send(
        "/products/G",
        **{"was-name": "Mitten", "value-name": "x" * 21, "was-wash": "By hand", "value-wash": "W"},
    )
    assert answer.status_code == 422
    assert "Left as it is: this value belongs to “ERP”." in said(answer)


def test_a_field_that_is_gone_meanwhile(shop, enter, restructure):
    client = enter("editor")
    restructure(without("lining"), prune=True)
    untouched = {"was-lining-nl_NL": "", "value-lining-nl_NL": ""}
    client.send("/products/G", **untouched, **{"was-name": "Mitten", "value-name": "Glove"})
    assert values(shop)["name"] == "Glove"
    answer = client.send(
        "/products/G", **{"was-lining-en_GB": "Silk", "value-lining-en_GB": "Wool"}
    )
    assert answer.status_code == 422
    assert any("There is no attribute “lining”." in one for one in said(answer))


def test_a_picture_for_a_field_that_is_gone(shop, enter, restructure):
    client = enter("editor")
    restructure(without("photo"), prune=True)
    sent = BytesIO()
    Image.new("RGB", (9, 9)).save(sent, "PNG")
    sent.seek(0)
    answer = client.send("/products/G", **{"file-photo": (sent, "glove.png")})
    assert answer.status_code == 422
    assert any("glove.png was not taken in" in one for one in said(answer))


def test_what_is_known_of_a_picture_became_another_systems(shop, enter, restructure, settings):
    drawn = BytesIO()
    Image.new("RGB", (9, 9)).save(drawn, "PNG")
    with shop.writing() as session:
        storage = Storage(settings.storage_url)
        code = media.take_in(session, storage, "glove.png", drawn.getvalue(), utc_now()).code
    client = enter("editor")
    client.send(f"/assets/{code}", version=0, **{"was-family": "", "value-family": "pictures"})
    held = {"was-licence": "", "value-licence": "Ours"}
    client.send(f"/assets/{code}", version=1, **held)
    restructure(given_to_the_erp("licence"))
    changed = {"was-licence": "Ours", "value-licence": "Theirs"}
    client.send(f"/assets/{code}", version=2, **changed)
    assert f"Not saved: Licence. {TO_THE_ERP}" in said(client.get(f"/assets/{code}"))
