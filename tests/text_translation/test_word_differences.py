"""Two texts compared word by word."""

from hypothesis import given
from hypothesis import strategies as st

from pim.word_differences import differences


def said(before: str, after: str) -> str:
    signs = {"same": "{}", "gone": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[one.kind].format(one.text) for one in differences(before, after))


def test_words_that_came_and_went_are_marked():
    assert said("A blue mug", "A red mug") == "A [-blue-][+red+] mug"
    assert said("A mug", "A mug, 300 ml") == "A mug[+, 300 ml+]"
    assert said("A big old mug", "A mug") == "A [-big old -]mug"


def test_neighbouring_changes_are_one():
    assert said("one two three", "eins zwei three") == "[-one two-][+eins zwei+] three"


def test_a_blank_between_two_additions_stays_in_both_texts():
    assert said(". a", ".a .a") == ".[+a+] [+.+]a"


def test_equal_texts_are_one_piece_and_empty_ones_none():
    assert said("A mug", "A mug") == "A mug"
    assert differences("", "") == []


@given(st.text(alphabet="ab ,.\n", max_size=40), st.text(alphabet="ab ,.\n", max_size=40))
def test_both_texts_can_be_read_from_the_differences(before, after):
    found = differences(before, after)
    assert "".join(one.text for one in found if one.kind != "added") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after
