"""What people give by mistake: a clear sentence, nothing half applied, an exit code that is not 0,
and never a traceback.
"""

import gc
import socket
from typing import Any

import orjson
import pytest
from PIL import Image

IMPORT = ("import", "products", "articles.csv", "--profile", "profile.yaml")


def state(desk: Any) -> Any:
    """Everything a command could have left behind."""
    return desk.json("structure", "export"), desk.json("feeds", "list"), sku_list(desk)


def sku_list(desk: Any) -> list[str]:
    found = []
    for name in ("A1", "A2", "A3", "A4", "M1", "M2"):
        if desk.run("why", name).exit_code == 0:
            found.append(name)
    return found


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "Nr;Naam;Prijs;Kleur;Familie;Voorraad;EAN\nA3;x;1;;goods;3;4\n",
            "Voorraad: The profile does not know this column",
        ),
        (
            "Nr;Naam;Prijs;Kleur;Familie;Voorraad;EAN\nA3;x;1;;goods;3;4\n",
            "EAN: The profile does not know this column",
        ),
        (
            "Naam;Prijs\nx;1\n",
            "The file lacks the column “Nr”, which names the product. It has: Naam, Prijs.",
        ),
        ("Nr;Naam;Naam\nA3;x;y\n", "The column “Naam” is there 2 times."),
        ("", "The file is empty."),
        ("\n\n \n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "This is a picture (PNG), not a table."),
        (bytes(range(256)) * 40, "This is a binary file, not a table as text."),
        (b"PK\x03\x04nothing", "This zip or XLSX file is damaged."),
        ("<!doctype html><html><body>Log in</body></html>", "This is a web page, not a table."),
    ],
)
def test_a_file_that_cannot_be_imported_changes_nothing(
    shop: Any, content: Any, sentence: str
) -> None:
    before = state(shop)
    shop.write("articles.csv", content)
    assert sentence in shop.refused(*IMPORT)
    assert sentence in shop.refused(*IMPORT, "--dry-run")
    assert state(shop) == before


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("A4;x;2;;goods", "3,A4,Nr,identifier,A4,duplicate,error"),
        (";x;2;;goods", "3,,Nr,identifier,,identifier,error"),
        ("A3;x;2;;goods;too;many", "3,,,,A3|x|2|"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_costs_nothing_else(
    shop: Any, row: str, problem: str
) -> None:
    said, report = taken_in(shop, row)
    assert (said["rows"], said["created"], said["refused"], said["left_out"]) == (2, 1, 1, 0)
    assert len(report) == 1
    assert problem in report[0]
    assert sku_list(shop) == ["A1", "A2", "A4"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("A3;x;duur;;goods", "3,A3,Prijs,price-EUR,duur,number,skipped"),
        ("A3;x;1;groen;goods", "3,A3,Kleur,color,groen,option,skipped"),
        ("A3;x;1;;toys", "3,A3,Familie,family,toys,family,skipped"),
    ],
)
def test_a_value_that_cannot_be_taken_is_named_and_costs_nothing_else(
    shop: Any, row: str, problem: str
) -> None:
    said, report = taken_in(shop, row)
    assert (said["rows"], said["created"], said["refused"], said["left_out"]) == (2, 2, 0, 1)
    assert len(report) == 1
    assert problem in report[0]
    assert sku_list(shop) == ["A1", "A2", "A3", "A4"]


def taken_in(shop: Any, row: str) -> tuple[dict[str, Any], list[str]]:
    """What the command says of a good row and this one, with exit code 1, and its report."""
    shop.write("articles.csv", f"Nr;Naam;Prijs;Kleur;Familie\nA4;Goed;1.00;;goods\n{row}\n")
    result = shop.run(*IMPORT, "--json")
    assert result.exit_code == 1
    said = orjson.loads(result.stdout)
    with open(said["report"], encoding="utf-8") as report:
        return said, report.read().splitlines()[1:]


def test_parents_in_a_circle_are_refused(shop: Any, profile: dict[str, Any]) -> None:
    columns = {"Nr": "sku", "Variant": "family_variant", "Ouder": "parent"}
    columns["Kleur"] = {"to": "color", "optional": True}
    shop.write("models.yaml", profile | {"code": "models", "kind": "model", "columns": columns})
    shop.write("models.csv", "Nr;Variant;Ouder\nM1;by_color;M2\nM2;by_color;M1\nM3;by_color;M3\n")
    result = shop.run("import", "products", "models.csv", "--profile", "models.yaml", "--json")
    assert result.exit_code == 1
    assert orjson.loads(result.stdout)["refused"] == 3
    assert sku_list(shop) == ["A1", "A2"]
    shop.write("models.csv", "Nr;Variant;Ouder;Kleur\nM1;by_color;;\nM2;;M1;red\n")
    shop.ok("import", "products", "models.csv", "--profile", "models.yaml")
    shop.write("models.csv", "Nr;Variant;Ouder\nM1;by_color;M2\n")
    result = shop.run("import", "products", "models.csv", "--profile", "models.yaml", "--json")
    assert result.exit_code == 1
    with open(orjson.loads(result.stdout)["report"], encoding="utf-8") as report:
        assert "would become its own ancestor" in report.read()


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("brand", "Naam: There is no attribute “brand”."),
        ("teaser-nl_NL-print", "Naam: There is no channel “print”."),
        ("teaser-de_DE-till", "Naam: The channel “till” has no locale “de_DE”."),
        ("name-fr_FR", "Naam: There is no locale “fr_FR”."),
        ("price-USD", "Naam: There is no currency “USD”."),
        ("Name", "columns.Naam: “Name” is not an attribute code"),
        ({"to": "name-nl_NL", "colour": "x"}, "columns.Naam.colour: There is no such setting."),
    ],
)
def test_a_profile_that_does_not_fit_the_shop(
    shop: Any, profile: dict[str, Any], column: Any, sentence: str
) -> None:
    before = state(shop)
    profile["columns"]["Naam"] = column
    shop.write("profile.yaml", profile)
    assert sentence in shop.refused(*IMPORT)
    assert state(shop) == before


NO_YAML = [
    "",
    "[1, 2]",
    "code: [",
    b"\xff\xfe\x00",
    b"\x00\x01",
    "a: 1\na: 2\n",
    "just words",
    "a: &a [*a]",
    "when: 2026-02-31",
]


@pytest.mark.parametrize("content", NO_YAML)
@pytest.mark.parametrize("command", ["import", "structure", "feeds"])
def test_yaml_that_is_none(shop: Any, command: str, content: Any) -> None:
    before = state(shop)
    shop.write("wrong.yaml", content)
    if command == "import":
        shop.refused("import", "products", "articles.csv", "--profile", "wrong.yaml")
    else:
        shop.refused(command, "apply", "wrong.yaml")
    assert state(shop) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "products", "gone.csv", "--profile", "profile.yaml"),
        ("import", "products", "articles.csv", "--profile", "gone.yaml"),
        ("import", "products", ".", "--profile", "profile.yaml"),
        ("import", "products", "articles.csv", "--profile", "."),
        ("import", "akeneo", "gone"),
        ("import", "akeneo", "articles.csv"),
        ("import", "akeneo", "."),
        ("media", "import", "gone"),
        ("feeds", "run"),
        ("feeds", "run", "till", "--all"),
        ("products", "approve"),
        ("products", "draft"),
        ("products", "approve", "A1", "--all-complete"),
        ("why", "nobody"),
        ("why", "A1", "bing"),
        ("users", "add", "no address"),
        ("users", "add", "a\x01@b.nl"),
        ("restore", "gone.tar", "--yes"),
        ("restore", "articles.csv", "--yes"),
        ("structure", "export", "no/such/folder/file.yaml"),
        ("backup", "/proc/nowhere/saved.tar"),
    ],
)
def test_what_is_not_there(shop: Any, arguments: tuple[str, ...]) -> None:
    before = state(shop)
    assert len(shop.refused(*arguments)) > 10
    assert state(shop) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("jobs", "list", "--limit", "-1"),
        ("structure", "apply", "gone"),
        ("feeds", "apply", "gone"),
        ("feeds", "apply", "."),
        ("fly",),
    ],
)
def test_what_click_itself_refuses(shop: Any, arguments: tuple[str, ...]) -> None:
    result = shop.run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_an_unknown_feed_fails_and_the_others_run(shop: Any) -> None:
    shop.ok("products", "approve", "--all-complete")
    result = shop.run("feeds", "run", "bing", "till", "--json")
    assert result.exit_code == 1
    one, other = orjson.loads(result.stdout)
    assert (one["feed"], one["state"], one["reason"]) == (
        "bing",
        "failed",
        "There is no feed “bing”.",
    )
    assert (other["feed"], other["state"]) == ("till", "published")


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("locale", "de_DE", "till.locale: The channel has no locale “de_DE”."),
        ("channel", "moon", "till.channel: There is no channel “moon”."),
        ("exporter", "bing", "till.exporter: There is no exporter “bing”"),
        (
            "mapping",
            {"name": {"from": ["title"]}},
            "till.mapping.name: There is no attribute “title”.",
        ),
        ("colour", "red", "till.colour: There is no such setting."),
        ("options", {"colour": "red"}, "till.options.colour: "),
        ("schedule", {"cron": "often"}, "till.cron: "),
    ],
)
def test_a_feed_that_does_not_fit(
    shop: Any, feeds: dict[str, Any], path: str, value: Any, sentence: str
) -> None:
    before = state(shop)
    feeds["other"] = dict(feeds["till"])
    feeds = {"other": feeds["other"], "till": feeds["till"] | {path: value}}
    shop.write("feeds.yaml", feeds)
    assert sentence in shop.refused("feeds", "apply", "feeds.yaml")
    assert state(shop) == before


@pytest.mark.parametrize("definition", [None, [], "words", {"label": "x"}])
def test_a_feed_that_is_no_definition(shop: Any, definition: Any) -> None:
    shop.write("feeds.yaml", {"till": definition})
    assert "till" in shop.refused("feeds", "apply", "feeds.yaml")


def test_a_structure_that_products_stand_against(shop: Any, structure: dict[str, Any]) -> None:
    before = state(shop)
    del structure["attributes"]["color"]["options"]["red"]
    shop.write("structure.yaml", structure)
    assert "option color:red (1)" in shop.refused("structure", "apply", "structure.yaml", "--prune")
    assert "option color:red (1)" in shop.refused(
        "structure", "apply", "structure.yaml", "--prune", "--dry-run"
    )
    assert state(shop) == before


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PIM_DATABASE_URL", "nothing", "PIM_DATABASE_URL names no database"),
        ("PIM_DATABASE_URL", "oracle://x/y", "PIM_DATABASE_URL"),
        ("PIM_DATABASE_URL", "sqlite:////proc/nowhere/x.db", "The database does not answer"),
        (
            "PIM_DATABASE_URL",
            "postgresql+psycopg://nobody@127.0.0.1:1/x",
            "The database does not answer",
        ),
        ("PIM_PORT", "eighty", "PIM_PORT must be a whole number"),
        ("PIM_PORT", "65536", "PIM_PORT is at most 65535"),
        ("PIM_SECRET_KEY", "k" * 31, "PIM_SECRET_KEY has 31 characters"),
        ("PIM_HOME", "/proc/nowhere", "/proc/nowhere"),
    ],
)
def test_settings_that_cannot_be(
    shop: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    assert sentence in shop.refused("feeds", "list")


@pytest.mark.parametrize("escape", ["\\0", "\\ud800"])
def test_escapes_that_spell_no_text(shop: Any, escape: str) -> None:
    before = state(shop)
    shop.write("structure.yaml", f'groups: {{texts: {{labels: {{nl_NL: "a{escape}b"}}}}}}')
    shop.write(
        "profile.yaml", f'code: erp\nlabel: "{escape}"\nsource: erp\nkey: Nr\ncolumns: {{Nr: sku}}'
    )
    shop.write("feeds.yaml", f'till: {{label: "{escape}"}}')
    for arguments in (
        ("structure", "apply", "structure.yaml"),
        IMPORT,
        ("feeds", "apply", "feeds.yaml"),
    ):
        assert "is no character of a text" in shop.refused(*arguments)
    assert state(shop) == before


@pytest.mark.parametrize(
    "arguments", [("why", "\udcff"), ("users", "add", "a@b.nl", "--name", "\udcff")]
)
def test_arguments_that_are_no_utf8(shop: Any, arguments: tuple[str, ...]) -> None:
    assert shop.refused(*arguments) == "“?” is not text in UTF-8."


@pytest.mark.parametrize("url", ["nothing", "", "http://127.0.0.1:1/x"])
def test_a_storage_that_is_none(shop: Any, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PIM_STORAGE_URL", url)
    (shop.folder / "pictures").mkdir()
    Image.new("RGB", (9, 9)).save(shop.folder / "pictures" / "one.png")
    said = shop.refused("media", "import", "pictures")
    assert "storage" in said
    assert "\n" not in said


@pytest.mark.parametrize("host", ["127.0.0.1", "no host at all"])
def test_a_place_where_nothing_can_be_served(
    shop: Any, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PIM_HOST", host)
        monkeypatch.setenv("PIM_PORT", str(taken.getsockname()[1]))
        assert f"Nothing can be served at {host}:" in shop.refused("serve")
    gc.collect()  # what is left open is an error here, and not in a later test


def test_a_backup_that_is_not_there_asks_nothing(shop: Any) -> None:
    assert shop.refused("restore", "gone.tar") == "gone.tar: There is no such file."


def test_a_database_that_is_none(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shop.folder / "words.db"
    path.write_text("These are words. " * 1000)
    monkeypatch.setenv("PIM_DATABASE_URL", f"sqlite:///{path}")
    assert "The database does not answer" in shop.refused("feeds", "list")
