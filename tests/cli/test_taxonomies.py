"""``pim taxonomies`` and ``pim feeds categories``: a tree uploaded, mapped, renewed, forgotten."""

from typing import Any

from tests.cli.conftest import FEEDS, STRUCTURE

FILE = "code;label;parent\n1;Sport;\n2;Fietsen;1\n3;Bonnen;\n"
NEWER = "code;label;parent\n1;Sporten;\n2;Fietsen;1\n"
TREE = {"shop": {"children": {"bikes": {"labels": {"nl_NL": "Fietsen"}}}}}


def upload(shop: Any, content: str, *options: str) -> Any:
    shop.write("tree.csv", content)
    return shop.json("taxonomies", "upload", "own", "tree.csv", "--language", "nl", *options)


def test_a_tree_is_uploaded_searched_renewed_and_removed(shop: Any) -> None:
    assert "No taxonomy yet" in shop.ok("taxonomies", "list")
    assert upload(shop, FILE, "--dry-run")["applied"] is False
    assert shop.json("taxonomies", "list") == []
    assert upload(shop, FILE, "--label", "Own tree")["size"] == 3
    found = shop.json("taxonomies", "show", "own", "--search", "fiets")
    assert found == [{"code": "2", "path": "Sport > Fietsen"}]
    newer = upload(shop, NEWER)
    assert newer["vanished"] == {"3": "Bonnen"}
    assert newer["renamed"][0] == {"code": "1", "before": "Sport", "after": "Sporten"}
    assert [one["version"] for one in shop.json("taxonomies", "show", "own")] == [2, 1]
    assert "Own tree" in shop.ok("taxonomies", "list")
    shop.ok("taxonomies", "remove", "own")
    assert "There is no taxonomy" in shop.refused("taxonomies", "show", "own")


def test_a_broken_file_is_refused_by_line(shop: Any) -> None:
    shop.write("tree.csv", "code;label\n1;A\n1;B\n")
    said = shop.refused("taxonomies", "upload", "own", "tree.csv", "--language", "nl")
    assert "Line 3, code: The code “1” is that of line 2 already." in said
    assert "Say in which language" in shop.refused("taxonomies", "upload", "own", "tree.csv")


def test_categories_are_suggested_set_inherited_and_left_out_on_purpose(shop: Any) -> None:
    shop.write("structure.yaml", STRUCTURE | {"categories": TREE})
    shop.ok("structure", "apply", "structure.yaml")
    upload(shop, FILE)
    shop.write("feeds.yaml", FEEDS)
    shop.ok("feeds", "apply", "feeds.yaml")
    (suggested,) = shop.json("feeds", "categories", "till", "--taxonomy", "own", "--suggest")
    assert (suggested["code"], suggested["node"]) == ("bikes", "2")
    said = shop.json("feeds", "categories", "till", "--suggest", "--accept")
    assert nodes(said) == {"shop": None, "bikes": "2"}
    assert [one["code"] for one in unmapped(shop)["categories"]] == ["shop"]
    said = shop.json("feeds", "categories", "till", "--set", "shop=1", "--inherit", "bikes")
    assert nodes(said) == {"shop": "1", "bikes": "1"}
    assert "no category, on purpose" in shop.ok("feeds", "categories", "till", "--none", "bikes")
    assert "The taxonomy has no category “9”" in shop.refused(
        "feeds", "categories", "till", "--set", "bikes=9"
    )
    assert "A feed is mapped to it: Kassa." in shop.refused("taxonomies", "remove", "own")
    lost = upload(shop, "code;label\n2;Fietsen\n", "--dry-run")["lost_in_feeds"]
    assert lost == {"till": ["1"]}


def nodes(said: Any) -> dict[str, str | None]:
    return {one["code"]: one["node"] for one in said["categories"]}


def unmapped(shop: Any) -> Any:
    return shop.json("feeds", "categories", "till", "--unmapped")
