"""Two people change one text: every line stays that only one of them touched."""

import pytest

from pim.line_merge import MOST_LINES, merge_lines

BASE = "code: erp\nkey: Nr\ncolumns:\n  Nr: sku\n  Naam: name\n  Prijs: price\n"


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [
        (("#", "#"), ("price\n", "price\n# end\n"), "price\n# end\n"),
        (("key: Nr", "key: No"), ("Naam: name", "Naam: title"), "title"),
        (("  Naam: name\n", ""), ("code: erp", "code: shop"), "shop"),
    ],
)
def test_lines_apart_from_each_other_are_taken_together(
    theirs: tuple[str, str], mine: tuple[str, str], both: str
) -> None:
    found = merge_lines(BASE, BASE.replace(*theirs), BASE.replace(*mine))
    assert found == BASE.replace(*theirs).replace(*mine)
    assert both in found


def test_lines_beside_each_other_are_taken_together_too() -> None:
    theirs, mine = BASE.replace("Naam: name", "Naam: a"), BASE.replace("Prijs: price", "Prijs: b")
    assert merge_lines(BASE, theirs, mine) == BASE.replace("name", "a").replace("price", "b")


def test_what_both_add_at_one_place_follows_each_other() -> None:
    assert merge_lines(BASE, BASE + "  A: a", BASE + "  B: b") == BASE + "  A: a\n  B: b\n"
    assert merge_lines(BASE, BASE + "  A: a\n", BASE + "  A: a\n") == BASE + "  A: a\n"


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (BASE.replace("price", "cost"), BASE.replace("price", "value")),
        (BASE.replace("  Prijs: price\n", ""), BASE.replace("price", "value")),
        (BASE.replace("  Naam: name\n  Prijs: price\n", ""), BASE.replace("name", "name\n  X: x")),
        (BASE, "x\n" * (MOST_LINES + 1)),
    ],
)
def test_the_same_lines_are_a_conflict(theirs: str, mine: str) -> None:
    assert merge_lines(BASE, theirs, mine) is None
    assert merge_lines(BASE, mine, theirs) is None
