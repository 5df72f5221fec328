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


def test_a_few_lines_do_not_spell_more_than_a_memory_holds():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        ten = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{ten}]")
    assert "aliases repeat too much" in refusal("\n".join(lines))


def test_what_holds_itself_is_refused_and_what_is_said_twice_is_not():
    assert "recursive" in refusal("a: &a [*a]")
    assert read_yaml("a: &labels {nl_NL: Naam}\nb: *labels\n")["b"] == {"nl_NL": "Naam"}
