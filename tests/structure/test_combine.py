"""Two people change the structure at the same time: what each of them did stays."""

from copy import deepcopy
from typing import Any

from pim.structure.combine import ORDER, combine
from pim.structure.document import flatten, nest

BOOKS: dict[str, Any] = {
    "locales": ["nl_NL"],
    "attributes": {
        "isbn": {"type": "identifier"},
        "title": {"type": "text", "max_length": 90},
        "cover": {"type": "choice", "options": {"hard": {}, "soft": {}}},
    },
    "categories": {"novels": {"children": {"crime": {}}}, "poetry": {}},
}


def changed(change: Any) -> dict[str, Any]:
    document = deepcopy(BOOKS)
    change(document)
    return document


def both(theirs: dict[str, Any], mine: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    found = combine(flatten(BOOKS), flatten(theirs), flatten(mine))
    return nest(found.entries), list(found.conflicts)


def test_different_entries_are_taken_together() -> None:
    theirs = changed(lambda one: one["attributes"]["title"].update(max_length=40))
    mine = changed(lambda one: one["attributes"].update(pages={"type": "number"}))
    theirs["attributes"]["cover"]["options"]["cloth"] = {}
    del mine["categories"]["poetry"]
    document, conflicts = both(theirs, mine)
    assert conflicts == []
    assert document["attributes"]["title"]["max_length"] == 40
    assert list(document["attributes"]) == ["isbn", "title", "cover", "pages"]
    assert list(document["attributes"]["cover"]["options"]) == ["hard", "soft", "cloth"]
    assert list(document["categories"]) == ["novels"]


def test_the_same_entry_is_a_conflict_unless_both_made_the_same_of_it() -> None:
    shorter = changed(lambda one: one["attributes"]["title"].update(max_length=40))
    longer = changed(lambda one: one["attributes"]["title"].update(max_length=200))
    document, conflicts = both(shorter, longer)
    assert conflicts == [("attributes", "title")]
    assert document["attributes"]["title"]["max_length"] == 200
    assert both(shorter, shorter) == (shorter, [])


def test_who_changes_what_the_other_removes_is_asked() -> None:
    shorter = changed(lambda one: one["attributes"]["title"].update(max_length=40))
    without = changed(lambda one: one["attributes"].pop("title"))
    assert both(shorter, without)[1] == [("attributes", "title")]
    assert both(without, shorter)[1] == [("attributes", "title")]


def test_an_option_of_an_attribute_that_goes_is_a_conflict() -> None:
    cloth = changed(lambda one: one["attributes"]["cover"]["options"].update(cloth={}))
    without = changed(lambda one: one["attributes"].pop("cover"))
    document, conflicts = both(cloth, without)
    assert conflicts == [("options", "cover:cloth")]
    assert document == without


def test_categories_that_would_each_stand_under_the_other_are_a_conflict() -> None:
    theirs = deepcopy(BOOKS)
    theirs["categories"] = {"novels": {"children": {"crime": {}, "poetry": {}}}}
    mine = deepcopy(BOOKS)
    mine["categories"] = {"poetry": {"children": {"novels": {"children": {"crime": {}}}}}}
    _, conflicts = both(theirs, mine)
    assert set(conflicts) >= {("categories", "novels"), ("categories", "poetry")}


def test_the_order_of_whoever_changed_it_stays() -> None:
    turned = changed(lambda one: one.update(attributes=dict(reversed(one["attributes"].items()))))
    more = changed(lambda one: one["attributes"].update(pages={"type": "number"}))
    assert list(both(turned, more)[0]["attributes"]) == ["cover", "pages", "title", "isbn"]
    assert list(both(more, turned)[0]["attributes"]) == ["cover", "pages", "title", "isbn"]
    other = {**turned, "attributes": {**BOOKS["attributes"]}}
    other["attributes"] = {code: BOOKS["attributes"][code] for code in ("title", "isbn", "cover")}
    assert both(turned, other)[1] == [("attributes", ORDER)]
