"""What there is to translate."""

from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant, Principal
from pim.products.matching import Filters
from pim.text_translation import memory, queue
from pim.text_translation.texts import Direction
from tests.support.hub import ERP


def test_a_text_without_a_translation_is_asked_for(mugs):
    mugs.add("M1", "Blue mug")
    mugs.add("M2", "Red mug", **{"name-de_DE": "Rote Tasse"})
    assert mugs.sources() == [("missing", "Blue mug", "", 1)]


def test_equal_texts_are_one_task(mugs):
    for sku in ("M1", "M2", "M3"):
        mugs.add(sku, "Blue mug")
    [task] = mugs.tasks().tasks
    assert [one.identifier for one in task.holders] == ["M3", "M2", "M1"]


def test_a_model_is_asked_for_once_and_not_for_each_variant(mugs):
    mugs.model("MODEL", {"family_variant": "by_size", "family": "mugs", "name-en_GB": "Tall mug"})
    for size in ("s", "m"):
        mugs.edit(f"MODEL-{size}", {"parent": "MODEL", "size": size})
    [task] = mugs.tasks(filters=Filters(words="tall")).tasks
    assert [one.identifier for one in task.holders] == ["MODEL"]


def test_a_translation_is_outdated_once_its_source_changes(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    assert mugs.sources() == []
    mugs.edit("M1", {"name-en_GB": "Blue mug, 300 ml"})
    [task] = mugs.tasks().tasks
    assert (task.state, task.former_source) == ("outdated", "Blue mug")


def test_who_changes_both_texts_leaves_nothing_outdated(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-en_GB": "Blue cup", "name-de_DE": "Blauer Becher"})
    assert mugs.sources() == []
    mugs.edit("M1", {"name-en_GB": "Blue beaker"})
    mugs.edit("M1", {"name-de_DE": "Blauer Kelch"})
    assert mugs.sources() == []


def test_the_first_of_two_changes_tells_what_was_translated(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-en_GB": "Blue cup"})
    mugs.edit("M1", {"name-en_GB": "Blue beaker"})
    [task] = mugs.tasks().tasks
    assert task.former_source == "Blue mug"


def test_a_source_that_is_as_it_was_again_outdates_nothing(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-en_GB": "Blue cup"})
    mugs.edit("M1", {"name-en_GB": "Blue mug"})
    assert mugs.sources() == []


def test_a_translation_that_was_there_before_any_source_is_not_outdated(mugs):
    mugs.edit("M1", {"family": "mugs", "name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-en_GB": "Blue mug"})
    assert mugs.sources() == []


def test_any_locale_may_be_the_source(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-de_DE": "Blauer Becher"})
    from_german = Direction("web", "de_DE", "en_GB")
    assert mugs.sources(direction=from_german) == [("outdated", "Blauer Becher", "Blue mug", 1)]


def test_what_somebody_said_is_right_all_the_same_is_not_asked_for_again(mugs, clock):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"name-en_GB": "Blue  mug"})
    with mugs.database.writing() as session:
        memory.remember(session, "en_GB", "de_DE", "Blue  mug", "Blaue Tasse", clock())
    assert mugs.sources() == []


def test_what_the_erp_owns_and_what_is_retired_is_nobodys_task(mugs):
    mugs.edit("M1", {"family": "mugs", "till_name-en_GB": "MUG BLUE"}, ERP)
    mugs.add("M2", "Blue mug")
    mugs.move("M2", "retired")
    assert mugs.sources() == []


def test_texts_of_a_channel_are_translated_in_that_channel(mugs):
    mugs.edit("M1", {"family": "mugs", "blurb-en_GB-web": "<p>Keeps <b>warm</b></p>"})
    [task] = mugs.tasks().tasks
    assert task.target_address == "blurb-de_DE-web"


def test_only_what_one_may_write_is_asked_of_one(mugs):
    mugs.add("M1", "Blue mug")
    dutch_only = Grant(Permission.PRODUCTS_EDIT, locales=frozenset({"nl_NL"}))
    person = Principal("person", "piet", "hub", (dutch_only,))
    assert mugs.sources(principal=person) == []
    into_dutch = Direction("web", "en_GB", "nl_NL")
    assert mugs.sources(principal=person, direction=into_dutch) == [("missing", "Blue mug", "", 1)]


def test_one_state_or_one_attribute_can_be_asked_for(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse", "blurb-en_GB-web": "<p>Warm</p>"})
    mugs.edit("M1", {"name-en_GB": "Blue cup"})
    assert {one[0] for one in mugs.sources()} == {"missing", "outdated"}
    assert mugs.sources(state="outdated") == [("outdated", "Blue cup", "Blaue Tasse", 1)]
    assert mugs.sources(attributes=["blurb"]) == [("missing", "<p>Warm</p>", "", 1)]


def test_one_product_can_be_asked_for_whatever_the_list_shows(mugs):
    mugs.add("M1", "Blue mug")
    mugs.add("M2", "Red mug")
    product = mugs.get("M1").id
    assert mugs.sources(product=product) == [("missing", "Blue mug", "", 1)]


def test_every_text_is_on_one_page_whatever_their_number(mugs, monkeypatch):
    monkeypatch.setattr(queue, "TASKS", 3)
    monkeypatch.setattr(queue, "AT_ONCE", 4)
    for number in range(10):
        mugs.add(f"M{number}", f"Mug {number}")
    found, below = [], queue.END
    while below is not None:
        page = mugs.tasks(below=below)
        found.append([one.source for one in page.tasks])
        below = page.after
    assert [len(one) for one in found][:3] == [3, 3, 3]
    assert [text for page in found for text in page] == [f"Mug {one}" for one in range(9, -1, -1)]


def test_prices_that_change_every_night_outdate_nothing(mugs):
    mugs.add("M1", "Blue mug", **{"name-de_DE": "Blaue Tasse"})
    mugs.edit("M1", {"price-EUR": "2.00"}, ERP)
    mugs.edit("M1", {"price-EUR": "3.00"}, ERP)
    assert mugs.sources() == []
