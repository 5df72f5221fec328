"""What every command promises: help, JSON in the promised shape, exit code 0 only on success."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from PIL import Image

PROMISED = {
    "init",
    "demo",
    "serve",
    "worker",
    "structure apply",
    "structure export",
    "import products",
    "import akeneo",
    "media import",
    "products approve",
    "why",
    "feeds list",
    "feeds run",
    "jobs list",
    "users add",
    "check",
    "backup",
    "restore",
}


def test_the_promised_commands_are_there(commands: Callable[[], list[list[str]]]) -> None:
    assert {" ".join(words) for words in commands()} >= PROMISED


def test_every_command_explains_itself_and_speaks_json(
    desk: Any, commands: Callable[[], list[list[str]]]
) -> None:
    for words in commands():
        said = desk.ok(*words, "--help")
        assert "--json" in said, words
        sentence = said.split("\n\n")[1].strip()
        assert sentence[:1].isupper(), words


def test_an_empty_hub_answers(desk: Any) -> None:
    assert desk.json("feeds", "list") == []
    assert desk.json("jobs", "list") == []
    assert desk.json("structure", "export") == {}
    assert desk.json("feeds", "run", "--all") == []
    assert desk.json("worker", "--until-idle") == {"jobs": 0}
    assert desk.json("check") == {"problems": []}
    assert desk.json("products", "approve", "--all-complete") == {
        "approved": 0,
        "unchanged": 0,
        "refused": {},
    }
    assert "no feeds yet" in desk.ok("feeds", "list")


def test_init_makes_everything_and_prints_the_link(empty_desk: Any) -> None:
    made = empty_desk.json("init")
    assert Path(made["home"]).is_dir()
    assert "/setup/" in made["setup"]
    again = empty_desk.json("init")
    assert again["backup"] is None


def test_the_secret_key_is_the_owners_alone(empty_desk: Any) -> None:
    empty_desk.ok("jobs", "list")
    key = empty_desk.folder / "home" / "secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) >= 32
    before = key.read_text()
    empty_desk.ok("jobs", "list")
    assert key.read_text() == before
    assert [one.name for one in key.parent.glob("secret*")] == ["secret.key"]


def test_structure_shows_then_does(desk: Any, structure: dict[str, Any]) -> None:
    file = desk.write("structure.yaml", structure)
    tried = desk.ok("structure", "apply", file, "--dry-run")
    assert "+ attributes name" in tried
    assert "nothing was changed" in tried
    assert desk.json("structure", "export") == {}
    shown = desk.ok("structure", "apply", file)
    assert shown.splitlines()[:-1] == tried.splitlines()[:-1]
    assert desk.json("structure", "apply", file) == {
        "changes": [],
        "broken": [],
        "applied": True,
    }
    structure["attributes"]["name"]["max_length"] = 40
    structure["locales"].append("fr_FR")
    desk.write("structure.yaml", structure)
    shown = desk.ok("structure", "apply", file)
    assert shown.splitlines() == [
        "+ locales fr_FR",
        "~ attributes name",
        "    max_length: None -> 40",
        "2 changes.",
    ]


def test_a_short_structure_file_says_what_it_takes_away(shop: Any) -> None:
    short = {"goods": {"label": None, "attributes": ["sku", "price", "color"]}}
    short["goods"]["requirements"] = {"shop": ["price"]}
    shop.write("short.yaml", {"families": short})
    shown = shop.ok("structure", "apply", "short.yaml", "--dry-run").splitlines()
    assert shown[:-1] == [
        "~ families goods",
        "    attributes: -name",
        "    label: 'name' -> None",
        "    requirements.shop: -name",
    ]
    (change,) = shop.json("structure", "apply", "short.yaml")["changes"]
    assert change["differences"][1] == {"path": "label", "before": "name", "after": None}


def test_structure_goes_out_as_it_came_in(shop: Any, structure: dict[str, Any]) -> None:
    shop.ok("structure", "export", "one.yaml")
    assert shop.json("structure", "apply", "one.yaml")["changes"] == []
    assert shop.ok("structure", "export") == (shop.folder / "one.yaml").read_text()
    assert shop.json("structure", "export") == structure
    shop.ok("structure", "export", "two.yaml")
    assert (shop.folder / "one.yaml").read_bytes() == (shop.folder / "two.yaml").read_bytes()


def test_an_import_has_the_promised_shape(shop: Any) -> None:
    shop.write(
        "articles.csv",
        "Nr;Naam;Prijs;Kleur;Familie\nA1;Fiets;749.00;red;goods\nA2;Bel;8.95;;goods\nA3;Slot;1;;goods\n",
    )
    said = shop.json("import", "products", "articles.csv", "--profile", "profile.yaml", "--dry-run")
    assert said.keys() == {
        "rows",
        "created",
        "updated",
        "unchanged",
        "refused",
        "left_out",
        "seconds",
        "report",
        "detected",
    }
    assert said["detected"]["delimiter"] == {"value": ";", "sure": "certain"}
    assert said["detected"]["rows"][0] == ["A1", "Fiets", "749.00", "red", "goods"]
    assert (said["rows"], said["created"], said["updated"], said["unchanged"], said["refused"]) == (
        3,
        1,
        1,
        1,
        0,
    )
    assert isinstance(said["seconds"], float)
    assert (
        Path(said["report"])
        .read_text()
        .startswith("file,line,identifier,column,address,value,rule,severity,message")
    )
    done = shop.json("import", "products", "articles.csv", "--profile", "profile.yaml")
    assert (done["created"], done["updated"], done["unchanged"]) == (1, 1, 1)
    assert (
        shop.json("import", "products", "articles.csv", "--profile", "profile.yaml")["unchanged"]
        == 3
    )


def test_an_import_is_taken_back_by_its_report(shop: Any) -> None:
    shop.write("articles.csv", "Nr;Naam;Prijs;Kleur;Familie\nA1;Fiets;1.00;red;goods\n")
    report = shop.json("import", "products", "articles.csv", "--profile", "profile.yaml")["report"]
    assert shop.json("import", "revert", report)["restored"] == 1
    again = shop.run("import", "revert", report)
    assert (again.exit_code, "already undone by command line on 20" in again.output) == (1, True)


def test_a_feed_run_has_the_promised_shape(shop: Any) -> None:
    shop.ok("products", "approve", "--all-complete")
    (said,) = shop.json("feeds", "run", "till")
    assert said.keys() == {"feed", "state", "items", "excluded", "seconds", "path", "sha256"}
    assert (said["feed"], said["state"], said["items"], said["excluded"]) == (
        "till",
        "published",
        2,
        0,
    )
    assert isinstance(said["seconds"], float)
    assert "Fiets" in Path(said["path"]).read_text()
    assert len(said["sha256"]) == 64
    (again,) = shop.json("feeds", "run", "--all", "--full")
    assert (again["state"], again["sha256"], again["path"]) == (
        "unchanged",
        said["sha256"],
        said["path"],
    )
    (listed,) = shop.json("feeds", "list")
    assert (listed["feed"], listed["items"]) == ("till", 2)
    assert listed["url"].startswith("http://127.0.0.1:8000/f/till/")


def test_a_feed_is_shown_as_it_is_applied(shop: Any) -> None:
    shown = shop.ok("feeds", "show", "till")
    shop.write("till.yaml", shown)
    shop.ok("feeds", "apply", "till.yaml")
    assert shop.ok("feeds", "show", "till") == shown
    assert shop.json("feeds", "show", "till")["till"]["exporter"] == "tryton_pos"


def test_a_feed_that_is_held_is_no_success(shop: Any) -> None:
    result = shop.run("feeds", "run", "till")
    assert result.exit_code == 1
    assert "held" in result.output
    assert "The feed would be empty." in result.output


def test_why(shop: Any) -> None:
    (verdict,) = shop.json("why", "A1", "till")
    assert (verdict["feed"], verdict["identifier"], verdict["sent"]) == ("till", "A1", False)
    assert [one["rule"] for one in verdict["reasons"] if one["blocks"]] == ["not_approved"]
    assert "has not been approved yet" in shop.ok("why", "a1")
    shop.ok("products", "approve", "A1")
    assert "is sent (the feed has never been published)" in shop.ok("why", "A1", "till")
    shop.ok("feeds", "run", "till")
    assert "is sent (in the live file since 20" in shop.ok("why", "A1", "till")
    (verdict,) = shop.json("why", "A1", "till")
    assert (verdict["live"], verdict["current"]) == (True, True)


def test_approval_that_is_refused(shop: Any) -> None:
    shop.write("articles.csv", "Nr;Naam;Prijs;Kleur;Familie\nB1;Los;;;goods\nB2;Wees;1;;\n")
    shop.ok("import", "products", "articles.csv", "--profile", "profile.yaml")
    result = shop.run("products", "approve", "A1", "B2", "nobody")
    assert result.exit_code == 1
    assert "1 approved" in result.output
    assert "B2: No channel and locale is complete yet" in result.output
    assert "nobody: There is no product" in result.output
    assert shop.json("products", "approve", "B2", "--force", "the fair") == {
        "approved": 1,
        "unchanged": 0,
        "refused": {},
    }
    assert shop.json("products", "approve", "--all-complete")["approved"] == 2


def test_a_model_that_is_approved_with_its_variant_is_counted_as_approved(
    shop: Any, structure: dict[str, Any], profile: dict[str, Any]
) -> None:
    structure["families"]["goods"]["requirements"]["till"] = ["name", "price"]
    shop.write("structure.yaml", structure)
    shop.ok("structure", "apply", "structure.yaml")
    profile["columns"] |= {"Soort": "family_variant", "Onder": "parent"}
    shop.write("variants.yaml", profile)
    shop.write("models.yaml", {**profile, "code": "models", "kind": "model"})
    head = "Nr;Naam;Prijs;Kleur;Familie;Soort;Onder\n"
    shop.write("models.csv", f"{head}M;;;;goods;by_color;\nN;;;;goods;by_color;\n")
    shop.write("variants.csv", f"{head}V;Muts;5.00;red;goods;;M\n")
    shop.ok("import", "products", "models.csv", "--profile", "models.yaml")
    shop.ok("import", "products", "variants.csv", "--profile", "variants.yaml")
    shop.ok("products", "approve", "A1", "A2")
    result = shop.run("products", "approve", "--all-complete")
    assert result.exit_code == 1
    assert "2 approved, 0 were already, 1 refused." in result.stdout
    assert "N: No channel and locale is complete yet" in result.stdout


def test_an_akeneo_import_adds_the_structure(desk: Any, shared: Path) -> None:
    said = desk.json("import", "akeneo", str(shared / "data" / "akeneo_minimal"))
    assert said.keys() == {
        "rows",
        "created",
        "updated",
        "unchanged",
        "refused",
        "left_out",
        "seconds",
        "report",
        "detected",
        "structure",
    }
    assert (said["structure"]["attributes"], said["structure"]["families"]) == (1, 0)


def test_users_jobs_backup_and_restore(shop: Any) -> None:
    link = shop.json("users", "add", "eva@shop.example", "--role", "admin")["link"]
    assert "/invite/" in link
    saved = shop.json("backup", "saved.tar")
    assert Path(saved["file"]).stat().st_size == saved["bytes"]
    shop.write("articles.csv", "Nr;Naam;Prijs;Kleur;Familie\nA1;Anders;1;;goods\n")
    shop.ok("import", "products", "articles.csv", "--profile", "profile.yaml")
    shop.ok("restore", "saved.tar", "--yes")
    shop.write("articles.csv", "Nr;Naam;Prijs;Kleur;Familie\nA1;Fiets;749.00;red;goods\n")
    assert (
        shop.json("import", "products", "articles.csv", "--profile", "profile.yaml")["unchanged"]
        == 1
    )
    assert shop.json("check") == {"problems": []}


def test_media(desk: Any, shared: Path) -> None:
    said = desk.run(
        "media",
        "import",
        str(shared / "data" / "akeneo_icecat_demo_dev" / "files" / "1111111171"),
        "--json",
    )
    assert said.exit_code == 0


def test_a_picture_that_is_refused_costs_the_others_nothing(desk: Any) -> None:
    (desk.folder / "pictures").mkdir()
    Image.new("RGB", (9, 9)).save(desk.folder / "pictures" / "one.png")
    (desk.folder / "pictures" / "two.jpg").write_text("<html>")
    said = desk.run("media", "import", "pictures", "--json")
    assert said.exit_code == 1
    assert (orjson.loads(said.stdout)["new"], list(orjson.loads(said.stdout)["refused"])) == (
        1,
        ["two.jpg"],
    )
