"""Whatever stands in a catalogue: a file that nobody changed comes back as no change at all."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.spreadsheets.conftest import Sheets
from tests.support import campaigns

NAUGHTY = [
    *("=1+1", "+31", "-", "@x", "'t Hofje", "'0017", "''=1", '="0017"', "007", "0", "1e5", "1E+12"),
    *("12,50", "1.299", "TRUE", "ja", "1-2", "22.11.2026", "  in front", "behind  ", "a;b,c\td"),
    *(
        'say "no"',
        '"',
        "'",
        "line\nbreak",
        "\n first",
        "a\n\nb",
        "naïve 日本 🙂",
        "e\u0301",
        "\u00a0x",
    ),
    *("[.sku]", "_x000D_", "_x0041_", "#N/A", "<b>&amp;</b>", "\u2028next", "NULL", "\ufeffmark"),
]
SIGNS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
)
TEXTS = st.sampled_from(NAUGHTY) | st.text(SIGNS, min_size=1, max_size=30)
NUMBERS = st.decimals(
    min_value=-(10**18), max_value=10**18, places=4, allow_nan=False, allow_infinity=False
).map(lambda one: format(one, "f"))
MONEY = st.integers(0, 10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
PRODUCT = {
    "name-nl_NL": TEXTS,
    "name-en_GB": TEXTS,
    "teaser-nl_NL-shop": TEXTS,
    "teaser-nl_NL-till": TEXTS,
    "story": TEXTS.map(lambda one: f"<p>{one}</p>"),
    "code": TEXTS,
    "price-EUR": MONEY,
    "price-JPY": st.integers(0, 10**9).map(str),
    "ratio": NUMBERS,
    "weight": st.builds(
        lambda amount, unit: f"{amount} {unit}",
        MONEY,
        st.sampled_from(["GRAM", "KILOGRAM", "MILLIGRAM"]),
    ),
    "since": st.dates().map(lambda day: day.isoformat()),
    "boxed": st.sampled_from(["1", "0"]),
    "ean": st.sampled_from(["4006381333931", "012345678905", "00000017"]),
    "color": st.sampled_from(["red", "blue", "sky", "ice", "bare"]),
    "uses": st.sampled_from(["tea", "soup", "soup,tea"]),
    "fits": st.sampled_from(["007", '"a,b"', "x y,z"]),
    "categories": st.sampled_from(["hot", "cold", "cold,hot"]),
    "upsell-products": st.sampled_from(["007", "G,G-s"]),
    "enabled": st.sampled_from(["1", "0"]),
}
CATALOGUES = st.lists(st.fixed_dictionaries({}, optional=PRODUCT), min_size=1, max_size=6)
GLOVES = st.fixed_dictionaries(
    {}, optional={"name-nl_NL": TEXTS, "code": TEXTS, "price-EUR": MONEY}
)


def fill(
    sheets: Sheets, catalogue: list[dict[str, str]], gloves: dict[str, str], row: int
) -> list[str]:
    """These products, as the reader of forms takes them; what it refuses is left out."""
    names = []
    for number, values in enumerate(catalogue):
        sku = f"0{row}-{number}"
        sheets.type_in(sku, {"family": "kettles", **values})
        names.append(sku)
    model = f"G{row}"
    sheets.model(model, {"family_variant": "by_size"})
    sheets.type_in(model, gloves, kind="model")
    for size in ("s", "m"):
        sheets.edit(f"{model}-{size}", {"parent": model, "size": size})
    sheets.type_in(f"{model}-s", {"name-nl_NL": "'=own"})
    return [*names, model]


@pytest.mark.parametrize("language", ["", "en", "nl"])
@pytest.mark.parametrize("format_", ["xlsx", "csv"])
def test_a_file_that_nobody_changed_changes_nothing(
    sheets: Sheets, format_: Any, language: str
) -> None:
    runs = iter(range(10_000))

    @examples(
        max_examples=campaigns.times(6),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(CATALOGUES, GLOVES)
    def check(catalogue: list[dict[str, str]], gloves: dict[str, str]) -> None:
        names = fill(sheets, catalogue, gloves, next(runs))
        path = sheets.export(*names, format_=format_, language=language)
        assert sheets.compared(path) == ([], [])

    check()
