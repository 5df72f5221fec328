"""YAML that is large, or that only looks small."""

import pytest

from pim.definitions import read_yaml
from pim.errors import Invalid


def refusal(document):
    with pytest.raises(Invalid) as refused:
        read_yaml(document)
    return str(refused.value.messages["yaml"][0])


def test_the_last_of_many_keys_is_looked_for_among_the_others_once():
    # Compared with each of the others, which took minutes, this test would seem to hang.
    many = "".join(f"key_{number}: {number}\n" for number in range(20_000))
    assert len(read_yaml(many)) == 20_000
    assert "“key_7” is there twice" in refusal(f"{many}key_7: 1\n")


def test_a_key_that_is_a_list_is_refused_in_words():
    assert "unhashable key" in refusal("? [a, b]\n: 1\n")


TAIL = "\n# and much more\n" * 5_000
"""Makes a document one that is read the quick way."""


@pytest.mark.parametrize(
    "document",
    [
        "a: 1\nb: [x, ~, 2.50, 1e3, 0o7, 2026-02-28, yes, no]\nc: {é: '', d: \"\\u00e9\"}\n",
        "a: &one {x: 1, y: [2]}\nb: {<<: *one, x: 3}\nc: |\n  text\n  more\nd: >-\n  one\n  line\n",
        "",
        "- {a: 12:30:00, b: 0x1F, c: +12, d: '012', e: 012}\n",
    ],
)
def test_a_long_document_is_read_as_a_short_one(document):
    assert read_yaml(document + TAIL) == read_yaml(document)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 1, column 1"),
        ('a:\n  é: 1\n  ü: "\\0"\n', "line 3, column 6"),
        ("a: 1\nb: ]\n", "line 2, column 4"),
        ("a: 1\nb: *c\n", "line 2, column 4"),
        ("a: 1\n b: 2\n", "line 2, column 3"),
    ],
)
def test_a_complaint_about_a_long_document_names_the_same_place(document, place):
    assert place in refusal(document)
    assert place in refusal(document + TAIL)


@pytest.mark.parametrize("deep", ["[" * 60_000, "{a: " * 30_000, "- " * 60_000])
def test_a_document_that_is_deep_takes_nobody_down(deep):
    assert refusal(deep)


def test_a_few_lines_do_not_spell_more_than_a_memory_holds():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        ten = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{ten}]")
    assert "aliases repeat too much" in refusal("\n".join(lines))


def test_what_holds_itself_is_refused_and_what_is_said_twice_is_not():
    assert "recursive" in refusal("a: &a [*a]")
    assert read_yaml("a: &labels {nl_NL: Naam}\nb: *labels\n")["b"] == {"nl_NL": "Naam"}
