"""What people read is called by its label in their language; the code stands beside it, or only
where there is no label.
"""

import re

import pytest

from pim.errors import Named, Text, text
from pim.i18n import translate
from pim.products import service
from pim.products.change import Origin, ProductInput
from tests.support import coats

COLOR = Named("color", {"en_GB": "Colour", "nl_NL": "Kleur"})


@pytest.fixture
def shop(database):
    coats.fill(database)
    return database


def crumbs(page):
    trail = re.search(r'<ol class="breadcrumb">.*?</ol>', page, re.S).group(0)
    return re.findall(r">([^<>]+)</(?:a|li)>", trail)


def test_a_variant_calls_its_model_by_name(shop, enter):
    client = enter("editor")
    page = client.get("/products/M-1?in=shop.en_GB").text
    assert crumbs(page) == ["Products", "Parka", "M-1"]
    chips = re.findall(
        r'<a class="where" href="/products/M[?][^>]*>.*?</svg> <span[^>]*>(.*?)</span></a>',
        page,
        re.S,
    )
    assert set(chips) == {"Parka"}


def test_history_names_the_model_and_the_person(shop, enter, clock):
    client = enter("editor")
    ann = Origin("user", "editor@example.org", "hub")
    with shop.writing() as session:
        other = ProductInput("N", {"family_variant": "by_color", "name-en_GB": "Anorak"}, "model")
        service.write(session, [other], ann, clock())
        service.write(session, [ProductInput("M-1", {"parent": "N"})], ann, clock())
    page = client.get("/products/M-1?tab=history&in=shop.en_GB").text
    assert '<del dir="auto">Parka (M)</del>' in page
    assert '<ins dir="auto">Anorak (N)</ins>' in page
    assert "<strong>Editor</strong>" in page


def test_what_another_system_keeps_names_it_in_words(shop, enter):
    page = enter("viewer").get("/products/C-1?in=shop.en_GB").text
    assert re.search(r'title="Comes from ERP[^"]*"><svg.*?</svg> ERP</span>', page, re.S)


def test_an_axis_is_told_by_its_label(shop, enter, clock):
    enter("editor")
    with shop.writing() as session:
        twin = ProductInput("M-2", {"parent": "M", "color": "red"})
        (refused,) = service.write(session, [twin], coats.ANN, clock())
    assert translate(refused.problems[0].message, "en") == "“M-1” has the same Colour."


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Differs by Colour, size"), ("nl", "Differs by Kleur, size")]
)
def test_a_label_within_a_sentence_is_the_readers(language, said):
    sentence = Text("Differs by %(axes)s", {"axes": (COLOR, Named("size", {}))})
    assert translate(sentence, language) == said
    assert translate(Text.read(sentence.stored()), language) == said


def test_what_stands_in_a_stored_sentence_is_still_translated(clock):
    sentence = text("%(what)s: %(reason)s", what=clock(), reason=text("Not found"))
    kept = Text.read(sentence.stored())
    assert translate(kept, "nl", "Europe/Amsterdam") == "22 nov 2026, 13:00:00: Niet gevonden"


def test_who_looks_at_work_sees_names(shop, enter):
    client = enter("admin")
    client.send("/settings/people", name="Bob", email="bob@example.org", role="editor")
    page = client.get("/settings/log?in=shop.en_GB").text
    heads = re.findall(
        r'event-head"><span class="row-title">(\w+)</span>.*?event-time">(\w+),', page, re.S
    )
    assert ("Bob", "Admin") in heads
    assert "<ins>Editor: products, imports and building feeds</ins>" in page
