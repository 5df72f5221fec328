"""``pim quality``: bringing the warnings in step, and listing them."""

from typing import Any


def test_warnings_are_brought_in_step_and_listed(shop: Any, structure: Any) -> None:
    structure["attributes"]["name"]["owner"] = "hub"
    structure["families"]["goods"]["label"] = "name"
    shop.ok("structure", "apply", shop.write("structure.yaml", structure))
    assert shop.json("quality", "check") == {"any": 0}
    assert shop.json("quality", "list") == []
    shop.ok("bulk-edit", "--all", "--set", "name-nl_NL=Fiets", "--apply")
    assert shop.json("quality", "list") == []  # not looked at yet
    assert shop.json("quality", "check") == {"any": 2, "repeated_name": 2}
    listed = shop.json("quality", "list", "--kind", "repeated_name")
    assert [(one["kind"], one["address"]) for one in listed] == [
        ("repeated_name", "name-nl_NL"),
        ("repeated_name", "name-nl_NL"),
    ]
    first = listed[0]["identifier"]
    shop.ok("quality", "dismiss", first, "repeated_name", "name-nl_NL")
    assert first not in [one["identifier"] for one in shop.json("quality", "list")]
    shop.ok("quality", "restore", first, "repeated_name", "name-nl_NL")
    assert first in [one["identifier"] for one in shop.json("quality", "list")]
    assert shop.json("quality", "list", "--kind", "outlier") == []
    assert shop.json("quality", "check", "--all") == {"any": 2, "repeated_name": 2}
    assert "2 products with a warning." in shop.ok("quality", "check")


def test_words_of_the_shop_are_added_listed_and_removed(shop: Any) -> None:
    shop.ok("quality", "words", "add", "Zwurbl", "Brobdin")
    assert [one["word"] for one in shop.json("quality", "words", "list")] == ["Brobdin", "Zwurbl"]
    shop.ok("quality", "words", "remove", "zwurbl")
    assert shop.ok("quality", "words", "list").split() == ["Brobdin"]


def test_options_that_are_perhaps_one_are_named(shop: Any, structure: Any) -> None:
    assert shop.json("quality", "options") == []
    structure["attributes"]["color"]["options"] = {
        "red": {"labels": {"nl_NL": "Rood"}},
        "red_2": {"labels": {"nl_NL": "rood "}},
    }
    shop.ok("structure", "apply", shop.write("structure.yaml", structure))
    [pair] = shop.json("quality", "options")
    assert (pair["attribute"], pair["options"]) == ("color", ["red", "red_2"])
    assert "red_2" in shop.ok("quality", "options")
