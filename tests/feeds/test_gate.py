"""The limits of promise P9: what is let through, warned of and held."""

import pytest

from pim.feeds.gate import Figures, assess


@pytest.mark.parametrize(
    ("new", "last", "weights"),
    [
        (Figures(100, 0), None, []),
        (Figures(100, 0), Figures(0, 5), []),
        (Figures(0, 0), None, ["error"]),
        (Figures(0, 9), Figures(100, 0), ["error"]),
        (Figures(90, 0), Figures(100, 0), []),
        (Figures(89, 0), Figures(100, 0), ["warning"]),
        (Figures(70, 0), Figures(100, 0), ["warning"]),
        (Figures(69, 0), Figures(100, 0), ["error"]),
        (Figures(200, 0), Figures(100, 0), []),
        (Figures(100, 5), Figures(100, 0), []),
        (Figures(100, 10), Figures(100, 0), ["warning"]),
        (Figures(100, 34), Figures(100, 0), ["error"]),
        (Figures(100, 300), Figures(100, 300), []),
        (Figures(60, 40), Figures(100, 0), ["error", "error"]),
        (Figures(75, 25), None, []),
        (Figures(74, 26), None, ["warning"]),
        (Figures(50, 50), None, ["warning"]),
        (Figures(49, 51), None, ["error"]),
        (Figures(10, 90, decided=90), None, []),
        (Figures(10, 91, decided=80), None, ["error"]),
    ],
)
def test_what_the_gate_says(new: Figures, last: Figures | None, weights: list[str]) -> None:
    assert [finding.severity for finding in assess(new, last)] == weights


def test_the_sentence_has_the_figures() -> None:
    (finding,) = assess(Figures(60, 0), Figures(100, 0))
    assert str(finding.message) == "40 % fewer items than before (60 after 100)."
