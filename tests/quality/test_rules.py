"""What each rule warns of, and what it leaves alone."""

import pytest

from pim.quality.groups import LEAST_FACTOR, LEAST_VALUES, UsualSizes, usual_sizes
from pim.quality.untranslated import has_sentences
from pim.quality_kinds import OUTLIER, REPEATED_NAME, SHARED_PICTURE, UNTRANSLATED


def test_a_name_is_repeated_within_a_family_whatever_its_case_and_blanks(shop):
    shop.add("A", **{"name-nl_NL": "Leeslamp  Één"})
    shop.add("B", **{"name-nl_NL": "leeslamp een"})
    shop.add("C", **{"name-nl_NL": "Leeslamp Twee"})
    shop.edit("D", {"family": "shades", "name-nl_NL": "Leeslamp Één"})  # of another kind
    shop.add("E", **{"name-nl_BE": "Leeslamp Één"})  # in another language
    assert shop.warnings(REPEATED_NAME) == [
        ("A", REPEATED_NAME, "name-nl_NL"),
        ("B", REPEATED_NAME, "name-nl_NL"),
    ]
    [told] = shop.told("A")
    assert (told.others, told.more) == (["B"], 0)


def test_what_varies_may_be_called_alike(shop):
    shop.model("M", {"family": "lamps", "family_variant": "by_color", "name-en_GB": "Desk lamp"})
    for color in ("red", "blue"):
        shop.edit(f"M-{color}", {"parent": "M", "color": color, "name-nl_NL": "Bureaulamp"})
    assert shop.warnings() == []
    shop.add("X", **{"name-nl_NL": "Bureaulamp"})
    assert shop.warned(REPEATED_NAME) == ["M-blue", "M-red", "X"]


def test_the_successor_of_what_is_retired_may_have_its_name_and_its_picture(shop):
    for one in ("A", "B"):
        shop.add(one, **{"name-nl_NL": "Leeslamp", "photos": ["abc"]})
    assert len(shop.warnings()) == 4
    shop.move("A", "retired")
    assert shop.warnings() == []
    shop.move("A", "draft")
    assert len(shop.warnings()) == 4


def test_what_stands_below_a_retired_model_counts_as_retired(shop):
    shop.model("M", {"family": "lamps", "family_variant": "by_color"})
    shop.edit("M-red", {"parent": "M", "color": "red", "name-nl_NL": "Bureaulamp"})
    shop.add("X", **{"name-nl_NL": "Bureaulamp"})
    assert shop.warned(REPEATED_NAME) == ["M-red", "X"]
    shop.move("M", "retired")
    assert shop.warnings() == []


SENTENCE = "A lamp that turns with the light of the day"


def test_a_text_that_equals_that_of_another_language_was_not_translated(shop):
    shop.add("A", **{"name-nl_NL": SENTENCE, "name-en_GB": SENTENCE.upper().lower()})
    assert shop.warnings() == [("A", UNTRANSLATED, "name-en_GB")]
    [told] = shop.told("A")
    assert told.detail == ["name-nl_NL"]


def test_markup_and_blanks_make_no_other_text(shop):
    shop.add(
        "A",
        **{"blurb-nl_NL-web": f"<p>{SENTENCE}</p>", "blurb-en_GB-web": f"<p><b>{SENTENCE}</b></p>"},
    )
    assert shop.warnings() == [("A", UNTRANSLATED, "blurb-en_GB-web")]


def test_a_language_may_be_the_same_in_two_countries(shop):
    shop.add("A", **{"name-nl_NL": SENTENCE, "name-nl_BE": SENTENCE})
    assert shop.warned(UNTRANSLATED) == []


@pytest.mark.parametrize(
    "name",
    ["Lumo", "Canon EOS R6 Mark II", "LED 4000K 2x 36 W", "Spot zwart", "RS-232 E27 GU10 IP44"],
)
def test_names_codes_and_figures_are_the_same_everywhere(shop, name):
    assert not has_sentences(name)
    shop.add("A", **{"name-nl_NL": name, "name-en_GB": name})
    assert shop.warned(UNTRANSLATED) == []


def weights(shop, *amounts, unit="GRAM"):
    for number, amount in enumerate(amounts):
        shop.add(f"W{number}", weight={"amount": str(amount), "unit": unit})


def test_kilograms_that_were_meant_as_grams_are_out_of_line(shop):
    weights(shop, *range(400, 480, 10))
    shop.add("X", weight={"amount": "450", "unit": "KILOGRAM"})
    shop.add("Y", weight={"amount": "0.45", "unit": "KILOGRAM"})
    assert shop.warnings() == [("X", OUTLIER, "weight")]
    [told] = shop.told("X")
    assert 900 < told.times < 1100


def test_few_values_say_nothing_of_what_is_usual(shop):
    weights(shop, *[400] * (LEAST_VALUES - 2))
    shop.add("X", weight={"amount": "450", "unit": "KILOGRAM"})
    assert shop.warnings() == []
    shop.add("Z", weight={"amount": "400", "unit": "GRAM"})
    assert shop.warned(OUTLIER) == ["X"]


def test_what_differs_by_less_than_a_few_times_is_in_line_though_the_others_are_all_equal(shop):
    weights(shop, *[400] * 10)
    shop.add("X", weight={"amount": str(400 * LEAST_FACTOR), "unit": "GRAM"})
    shop.add("Y", weight={"amount": str(420 * LEAST_FACTOR), "unit": "GRAM"})
    assert shop.warned(OUTLIER) == ["Y"]


def test_a_family_of_which_values_vary_widely_bears_more(shop):
    weights(shop, *(100 * 2**power for power in range(8)))
    shop.add("X", weight={"amount": str(100 * 2**11), "unit": "GRAM"})
    assert shop.warnings() == []


def test_each_family_has_its_own_usual_size(shop):
    weights(shop, *[400] * 10)
    shop.edit("S", {"family": "shades", "weight": {"amount": "400", "unit": "KILOGRAM"}})
    assert shop.warnings() == []


def test_nothing_and_temperatures_have_no_ratio_to_others(shop):
    weights(shop, *[400] * 10)
    shop.add("X", weight={"amount": "0", "unit": "GRAM"})
    for number, amount in enumerate([20] * 10 + [3000]):
        shop.add(f"T{number}", color_heat={"amount": str(amount), "unit": "KELVIN"})
    assert shop.warnings() == []


def test_the_middle_is_a_value_that_there_is():
    assert usual_sizes([(5, 7)]) is None
    assert usual_sizes([(5, 4), (9, 4)]) == UsualSizes(5, 16)
    assert usual_sizes([(0, 4), (10, 1), (20, 4)]) == UsualSizes(10, 60)


def test_a_main_picture_at_two_products_is_suspicious(shop):
    shop.add("A", photos=["abc", "logo"])
    shop.add("B", photos=["def", "logo"])
    shop.edit("C", {"family": "shades", "photos": ["abc"]})
    assert shop.warnings() == [
        ("A", SHARED_PICTURE, "photos"),
        ("C", SHARED_PICTURE, "photos"),
    ]


def test_a_model_and_its_variants_may_share_their_picture(shop):
    shop.model("M", {"family": "lamps", "family_variant": "by_color"})
    for color in ("red", "blue", "grey"):
        shop.edit(f"M-{color}", {"parent": "M", "color": color, "photos": ["abc"]})
    assert shop.warnings() == []
