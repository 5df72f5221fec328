"""Many products changed at once from the list: chosen, set up, looked at, done, taken back."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from pim.products import queries


@pytest.fixture
def admin(enter: Callable[[str], Any], shop: Any) -> Any:
    return enter("admin")


def place_of(answer: Any) -> str:
    """The page of a bulk edit, from the answer that leads to it."""
    assert answer.status_code == 303, answer.get_data(as_text=True)
    found = re.search("/products/bulk/[0-9a-f]{32}", answer.headers["Location"])
    assert found
    return found.group(0)


def begun(client: Any, *identifiers: str) -> str:
    return place_of(client.send("/products/bulk", identifier=list(identifiers)))


def set_name(client: Any, place: str, name: str) -> Any:
    return client.send(
        f"{place}/steps",
        **{
            "do": "set",
            "attribute": "name",
            "address": "name-nl_NL",
            "value-name-nl_NL": name,
            "then": "preview",
        },
    )


def confirmed(client: Any, place: str) -> Any:
    page = client.get(f"{place}/preview").get_data(as_text=True)
    seen = re.search('name="seen" value="([0-9a-f]+)"', page)
    assert seen, page
    return client.send(f"{place}/apply", seen=seen.group(1))


def name_of(shop: Any, identifier: str) -> Any:
    with shop.reading() as session:
        return queries.get(session, identifier).product.values.get("name-nl_NL")


def test_a_value_is_set_for_the_ticked_products_and_taken_back(
    admin: Any, shop: Any, work: Callable[[], None]
) -> None:
    before = name_of(shop, "A")
    place = begun(admin, "A", "C")
    assert set_name(admin, place, "Fiets").status_code == 303
    preview = admin.get(f"{place}/preview").get_data(as_text=True)
    assert "Change 2 products" in preview
    assert '<ins lang="nl-NL" dir="ltr">Fiets</ins>' in preview
    assert name_of(shop, "A") == before
    confirmed(admin, place)
    work()
    assert name_of(shop, "A") == name_of(shop, "C") == "Fiets"
    assert name_of(shop, "B") == "Fiets B"
    changes = admin.get(f"{place}/changes").get_data(as_text=True)
    assert changes.count('<ins lang="nl-NL" dir="ltr">Fiets</ins>') == 2
    assert f'href="{place}' in admin.get("/products/A?tab=history").get_data(as_text=True)
    admin.send(f"{place}/undo")
    work()
    assert (name_of(shop, "A"), name_of(shop, "C")) == (before, None)
    assert "Undone by" in admin.get(place).get_data(as_text=True)
    assert admin.send(f"{place}/undo").status_code == 409


def test_all_that_match_are_those_of_the_filters(admin: Any, shop: Any) -> None:
    place = place_of(admin.send("/products/bulk", all="1", status="draft"))
    set_name(admin, place, "Fiets")
    preview = admin.get(f"{place}/preview").get_data(as_text=True)
    assert "Change 1 product<" in preview
    assert ">C<" in preview


def test_a_step_that_makes_no_sense_is_told_beside_what_was_typed(admin: Any) -> None:
    place = begun(admin, "A")
    answer = admin.send(
        f"{place}/steps", do="replace", attribute="name", address="name-nl_NL", look_for="", put="x"
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Say what to look for." in page
    assert 'value="x"' in page


def test_nothing_is_done_that_the_preview_did_not_show(admin: Any, shop: Any) -> None:
    place = begun(admin, "A")
    set_name(admin, place, "Fiets")
    page = admin.get(f"{place}/preview").get_data(as_text=True)
    seen = re.search('name="seen" value="([0-9a-f]+)"', page)
    admin.send(f"{place}/steps", do="clear", attribute="name", address="name-nl_NL")
    assert seen is not None
    assert admin.send(f"{place}/apply", seen=seen.group(1)).status_code == 409


def test_without_a_selection_nothing_begins(admin: Any) -> None:
    assert admin.send("/products/bulk").status_code == 422


def test_a_step_is_taken_out_again(admin: Any) -> None:
    place = begun(admin, "A")
    set_name(admin, place, "Fiets")
    admin.send(f"{place}/steps/remove", place=0)
    assert admin.get(f"{place}/preview").status_code == 303


@pytest.mark.parametrize("doing", ["set", "append", "replace", "compute", "family", "status"])
def test_each_kind_of_step_has_its_form(admin: Any, doing: str) -> None:
    place = begun(admin, "A")
    page = admin.get(f"{place}?do={doing}&attribute=name").get_data(as_text=True)
    assert f'value="{doing}" selected' in page


def test_who_may_not_edit_has_no_bulk_edits(enter: Callable[[str], Any], shop: Any) -> None:
    viewer = enter("viewer")
    assert viewer.get("/products/bulk").status_code == 403
    assert viewer.send("/products/bulk", identifier="A").status_code == 403
