"""The structure in the browser: tried, changed, taken along, and refused with a reason."""

import re
from html import unescape
from io import BytesIO

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
    tried = client.send("/settings", what="try", document=STRUCTURE)
    assert tried.status_code == 200
    assert "bikes" in tried.text
    assert families(database) == []
    assert (
        client.send(
            "/settings", what="apply", file=(BytesIO(STRUCTURE.encode()), "structure.yaml")
        ).status_code
        == 303
    )
    assert families(database) == ["bikes"]
    assert "The structure was changed: 5 changes." in client.get("/settings").text


def test_what_was_taken_along_changes_nothing_when_it_comes_back(database, enter):
    client = enter("admin")
    client.send("/settings", what="apply", document=STRUCTURE)
    taken = client.get("/settings/structure.yaml").text
    assert (
        "The structure is like this already."
        in client.send("/settings", what="try", prune="on", document=taken).text
    )


def test_a_structure_that_cannot_be_is_refused_with_its_place_and_kept_on_the_page(database, enter):
    client = enter("admin")
    wrong = STRUCTURE.replace("label: name", "label: colour")
    answer = client.send("/settings", what="apply", document=wrong)
    assert answer.status_code == 422
    assert "families.bikes" in answer.text
    assert "label: colour" in answer.text
    assert families(database) == []
    assert client.send("/settings", what="apply", document="a: [").status_code == 422


def test_what_is_deleted_from_the_text_stays_and_is_listed_until_the_box_is_ticked(database, enter):
    client = enter("admin")
    client.send("/settings", what="apply", document=STRUCTURE)
    shorter = STRUCTURE.replace(", localizable: true", "").replace("families:", "groups:")
    shorter = shorter.replace("bikes: {attributes: [sku, name], label: name}", "texts: {}")
    tried = client.send("/settings", what="try", document=shorter).text
    assert "2 entries hold what the text leaves out; it stays." in tried
    assert client.send("/settings", what="apply", document=shorter).status_code == 303
    assert families(database) == ["bikes"]
    assert "2 entries hold what the file leaves out; it stayed." in client.get("/settings").text
    pruned = client.send("/settings", what="try", document=shorter, prune="on").text
    assert "leaves out" not in pruned
    client.send("/settings", what="apply", document=shorter, prune="on")
    assert families(database) == []


def test_the_preview_shows_what_goes_of_a_list(database, enter):
    client = enter("admin")
    client.send("/settings", what="apply", document=STRUCTURE)
    tried = client.send("/settings", what="try", document="families: {bikes: {attributes: [name]}}")
    assert "<del>sku</del>" in tried.text


def test_only_an_administrator_changes_the_structure(enter):
    client = enter("approver")
    assert "Change the structure" not in client.get("/settings").text
    assert client.send("/settings", what="apply", document=STRUCTURE).status_code == 403


def test_without_a_family_no_product_is_begun(enter):
    assert "There is no family yet" in enter("editor").get("/product/new").text


def test_the_structure_an_empty_hub_proposes_can_be_taken_as_it_is(database, enter):
    client = enter("admin")
    proposed = unescape(
        re.search(r"<textarea[^>]*>(.*?)</textarea>", client.get("/settings").text, re.S).group(1)
    )
    assert client.send("/settings", what="apply", document=proposed).status_code == 303
    assert families(database) == ["articles"]
