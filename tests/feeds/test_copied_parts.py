"""What is copied from the build before, and what is rendered anew."""

from typing import Any

import pytest

from tests.feeds.conftest import COLORS, ERP, STRUCTURE


def test_nothing_is_dressed_anew_where_nothing_changed(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    for name in "ABCDE":
        shop.edit(name, full)
    shop.approve(*"ABCDE")
    first = shop.run("google_nl")
    assert (first.rendered, first.items, first.excluded) == (5, 5, 0)
    assert shop.run("google_nl").rendered == 0
    shop.edit("C", {"stock": "0"}, ERP)
    second = shop.run("google_nl")
    assert (second.state, second.rendered) == ("published", 1)
    assert shop.run("google_nl", full=True).rendered == 5


def test_what_changed_without_showing_is_dressed_anew_once(shop: Any, full: dict[str, Any]) -> None:
    shop.define("till")
    for name in "AB":
        shop.edit(name, full)
    shop.approve(*"AB")
    shop.run("till")
    shop.edit("A", {"stock": "7"}, ERP)
    assert [(build.state, build.rendered) for build in (shop.run("till"), shop.run("till"))] == [
        ("unchanged", 1),
        ("unchanged", 0),
    ]


def test_another_link_renders_everything_anew(shop: Any, full: dict[str, Any]) -> None:
    shop.define("google_nl")
    shop.edit("A", full)
    shop.approve("A")
    shop.run("google_nl")
    shop.define("google_nl", link="https://elsewhere.example/{identifier}")
    assert shop.run("google_nl").rendered == 1
    assert "elsewhere" in shop.world("google_nl")


LABELS = {
    "an attribute's label": {
        "attributes": {"brand": {"type": "text", "labels": {"nl_NL": "Merk"}}}
    },
    "a help text": {"attributes": {"brand": {"type": "text", "help": {"nl_NL": "Wie maakt het"}}}},
    "a family's label": {
        "families": {"goods": {**STRUCTURE["families"]["goods"], "labels": {"nl_NL": "Spullen"}}}
    },
    "a category's label": {
        "categories": {"shop": {"children": {"bikes": {"labels": {"nl_NL": "Rijwielen"}}}}}
    },
    "an option's label": {
        "attributes": {
            "color": {"type": "choice", "options": {"red": {"labels": {"nl_NL": "Vuurrood"}}}}
        }
    },
    "an option's label in another language": {
        "attributes": {
            "color": {
                "type": "choice",
                "options": {"red": {"labels": {**COLORS["red"]["labels"], "en_GB": "Scarlet"}}},
            }
        }
    },
}


@pytest.mark.parametrize(
    ("changed", "showing"),
    [
        ("an attribute's label", []),
        ("a help text", []),
        ("a family's label", []),
        ("a category's label", ["google_nl"]),
        ("an option's label", ["google_nl"]),
        ("an option's label in another language", []),
    ],
)
def test_a_corrected_label_renders_only_the_feeds_that_show_it_anew(
    shop: Any, full: dict[str, Any], changed: str, showing: list[str]
) -> None:
    """The Google feed lists category and colour by their labels; the till lists neither."""
    shop.define("google_nl", "till")
    shop.edit("A", full | {"color": "red"})
    shop.approve("A")
    for code in ("google_nl", "till"):
        shop.run(code)
    shop.apply(LABELS[changed])
    assert [code for code in ("google_nl", "till") if shop.run(code).rendered] == showing
