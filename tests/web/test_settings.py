"""The structure in the browser: tried, changed, taken along, and refused with a reason."""

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

import pytest

from pim.products.change import Origin, ProductInput
from pim.products.service import write
from pim.structure import queries

STRUCTURE = """\
locales: [nl_NL]
channels:
  shop: {locales: [nl_NL]}
attributes:
  sku: {type: identifier}
  name: {type: text, localizable: true}
families:
  bikes: {attributes: [sku, name], label: name}
"""


def families(database):
    with database.reading() as session:
        return list(queries.structure(session).families)


def test_an_empty_hub_is_described_in_the_browser(database, enter):
    client = enter("admin")
    assert 'href="/settings"' in client.get("/").text
    tried = client.send("/settings/try", document=STRUCTURE)
    assert tried.status_code == 200
    assert "bikes" in tried.text
    assert families(database) == []
    assert (
        client.send("/settings", file=(BytesIO(STRUCTURE.encode()), "structure.yaml")).status_code
        == 303
    )
    assert families(database) == ["bikes"]
    assert "The structure was changed: 5 changes." in client.get("/settings").text


def test_what_was_taken_along_changes_nothing_when_it_comes_back(database, enter):
    client = enter("admin")
    client.send("/settings", document=STRUCTURE)
    taken = client.get("/settings/structure.yaml").text
    assert (
        "The structure is like this already."
        in client.send("/settings/try", prune="on", document=taken).text
    )


def test_a_structure_that_cannot_be_is_refused_with_its_place_and_kept_on_the_page(database, enter):
    client = enter("admin")
    wrong = STRUCTURE.replace("label: name", "label: colour")
    answer = client.send("/settings", document=wrong)
    assert answer.status_code == 422
    assert "families.bikes" in answer.text
    assert "label: colour" in answer.text
    assert families(database) == []
    assert client.send("/settings", document="a: [").status_code == 422


def test_what_is_deleted_from_the_text_stays_and_is_listed_until_the_box_is_ticked(database, enter):
    client = enter("admin")
    client.send("/settings", document=STRUCTURE)
    shorter = STRUCTURE.replace(", localizable: true", "").replace("families:", "groups:")
    shorter = shorter.replace("bikes: {attributes: [sku, name], label: name}", "texts: {}")
    tried = client.send("/settings/try", document=shorter).text
    assert "2 entries hold what the text leaves out; it stays." in tried
    assert client.send("/settings", document=shorter).status_code == 303
    assert families(database) == ["bikes"]
    assert "2 entries hold what the file leaves out; it stayed." in client.get("/settings").text
    pruned = client.send("/settings/try", document=shorter, prune="on").text
    assert "leaves out" not in pruned
    client.send("/settings", document=shorter, prune="on")
    assert families(database) == []


def test_the_preview_shows_what_goes_of_a_list(database, enter):
    client = enter("admin")
    client.send("/settings", document=STRUCTURE)
    tried = client.send("/settings/try", document="families: {bikes: {attributes: [name]}}")
    assert "<del>sku</del>" in tried.text


def seen(page):
    return re.search(r'name="seen" value="([0-9a-f]{40})"', page.text).group(1)


def attribute(database, code):
    with database.reading() as session:
        return queries.structure(session).attributes.get(code)


@pytest.fixture
def opened(enter):
    """A client, and the structure as it saw it before somebody else changed the name's length."""
    client = enter("admin")
    client.send("/settings", document=STRUCTURE)
    fingerprint = seen(client.get("/settings"))
    theirs = "attributes: {name: {max_length: 50}}"
    assert client.send("/settings", document=theirs, seen=fingerprint).status_code == 303
    return client, fingerprint


def test_what_others_changed_meanwhile_stays_beside_what_is_saved(database, opened):
    client, fingerprint = opened
    mine = STRUCTURE + "  cars: {attributes: [sku]}\n"
    tried = client.send("/settings/try", document=mine, seen=fingerprint, prune="on").text
    assert "Changed by others since you opened this page" in tried
    assert "1 change" in tried
    saved = client.send("/settings", document=mine, seen=fingerprint, prune="on")
    assert saved.status_code == 303
    assert families(database) == ["bikes", "cars"]
    assert attribute(database, "name").type.max_length == 50
    assert "What Admin changed meanwhile stayed." in client.get("/settings").text


@pytest.mark.parametrize(("prefers", "length"), [("mine", 70), ("theirs", 50)])
def test_the_same_entry_is_refused_with_what_both_made_of_it(database, opened, prefers, length):
    client, fingerprint = opened
    mine = {
        "document": "attributes: {name: {max_length: 70}, brand: {type: text}}  # typed",
        "seen": fingerprint,
    }
    refused = client.send("/settings", **mine)
    assert refused.status_code == 409
    for said in ("Admin, ", "<ins>50</ins>", "<ins>70</ins>", "# typed"):
        assert said in refused.text
    assert attribute(database, "brand") is None
    over = re.search(r'name="over" value="([0-9a-f]{40})"', refused.text).group(1)
    chosen = mine | {"over": over, "prefers": prefers}
    tried = client.send("/settings/try", **chosen)
    assert f'name="prefers" value="{prefers}"' in tried.text
    assert client.send("/settings", **chosen).status_code == 303
    assert attribute(database, "name").type.max_length == length
    assert attribute(database, "brand") is not None


def test_the_structure_has_its_versions_and_returns_to_one(database, opened):
    client, _ = opened
    history = client.get("/settings/versions").text
    assert "max_length" in history
    assert ">Admin, " in history
    numbers = re.findall(r"/settings/versions/(\d+)", history)
    page = client.get(f"/settings/versions/{numbers[0]}")
    assert "1 change" in page.text
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.S).group(1))
    assert client.send("/settings", document=text, prune="on", seen=seen(page)).status_code == 303
    assert attribute(database, "name").type.max_length is None
    assert client.get("/settings/versions").text.count("event-head") == 4


def test_a_version_that_products_stand_against_is_refused_with_why(database, opened):
    client, _ = opened
    with database.writing() as session:
        new = ProductInput("A", {"family": "bikes", "name-nl_NL": "Fiets"})
        write(session, [new], Origin("user", "test", None), datetime(2026, 11, 28, tzinfo=UTC))
    listed = client.get("/settings/versions").text.partition('id="toasts"')[0]
    empty = re.findall(r"/settings/versions/(\d+)", listed)[-1]
    page = client.get(f"/settings/versions/{empty}")
    assert page.status_code == 409
    assert "family bikes (1)" in page.text


def test_only_an_administrator_changes_the_structure(enter):
    client = enter("approver")
    assert "Change the structure" not in client.get("/settings").text
    assert client.send("/settings", document=STRUCTURE).status_code == 403


def test_without_a_family_no_product_is_begun(enter):
    assert "There is no family yet" in enter("editor").get("/product/new").text


def test_the_structure_an_empty_hub_proposes_can_be_taken_as_it_is(database, enter):
    client = enter("admin")
    proposed = unescape(
        re.search(r"<textarea[^>]*>(.*?)</textarea>", client.get("/settings").text, re.S).group(1)
    )
    assert client.send("/settings", document=proposed).status_code == 303
    assert families(database) == ["articles"]
