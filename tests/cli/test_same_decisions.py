"""Whatever is decided in the browser can be decided on the command line."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pim.app import create_app
from pim.config import from_environment
from pim.db import Database
from pim.jobs import service

COMMANDS = {
    "assets.bring_in": "assets import",
    "assets.save": "assets import",
    "feed_versions.return_to": "feeds return",
    "feeds.accept": "feeds accept",
    "feeds.choose_taxonomy": "feeds categories",
    "feeds.change_columns": "feeds apply",
    "feeds.bring_file": "feeds from-file",
    "feeds.copy": "feeds copy",
    "feeds.create": "feeds new",
    "feeds.map_category": "feeds categories",
    "feeds.name_product": "feeds apply",
    "feeds.pause": "feeds pause",
    "feeds.pause_target": "feeds apply",
    "feeds.pin_key": "deliveries test",
    "feeds.release": "feeds release",
    "feeds.remove": "feeds remove",
    "feeds.remove_target": "deliveries remove",
    "feeds.repeat_delivery": "deliveries retry",
    "feeds.rotate": "feeds rotate",
    "feeds.run": "feeds run",
    "feeds.run_all": "feeds run",
    "feeds.save_field": "feeds apply",
    "feeds.save_rule": "feeds apply",
    "feeds.save_selection": "feeds apply",
    "feeds.save_settings": "feeds apply",
    "feeds.save_target": "deliveries add",
    "feeds.send_to_target": "deliveries send",
    "feeds.steer_rules": "feeds apply",
    "feeds.take_over_rules": "feeds apply",
    "feeds.take_suggestions": "feeds categories",
    "feeds.try_field": "feeds preview",
    "feeds.try_rule": "feeds preview",
    "feeds.try_target": "deliveries test",
    "feeds.try_selection": "feeds preview",
    "feeds.unpin": "feeds unpin",
    "feeds.use_exact": "feeds from-file",
    "feeds.use_rule": "feeds from-file",
    "imports.halt": "jobs cancel",
    "imports.profiles.propose": "profiles guess",
    "imports.profiles.remove": "profiles remove",
    "imports.profiles.save": "profiles save",
    "imports.repeat": "import products",
    "imports.resume": "jobs retry",
    "imports.start": "import products",
    "imports.undo": "import revert",
    "jobs.cancel": "jobs cancel",
    "jobs.retry": "jobs retry",
    "taxonomies.remove": "taxonomies remove",
    "taxonomies.upload": "taxonomies upload",
    "people.add": "users add",
    "people.change": "users role",
    "people.link": "users invite",
    "products.apply_bulk_edit": "bulk-edit",
    "products.approve": "products approve",
    "products.decide": "products approve",
    "products.bring_back_file": "products bring-back",
    "products.decide_conflicts": "products bring-back",
    "products.dismiss_warning": "quality dismiss",
    "products.export_products": "products export",
    "products.move": "products retire",
    "products.restore_warning": "quality restore",
    "products.resume_bulk_edit": "bulk-edits resume",
    "products.stop_bulk_edit": "jobs cancel",
    "products.undo_bulk_edit": "bulk-edits undo",
    "settings.attempt": "structure apply",
    "settings.change": "structure apply",
    "words.add": "quality words add",
    "words.remove": "quality words remove",
}
"""What is sent from a page -> the command that does the same."""
EDITING = {
    "feeds.forget_file",
    "assets.undo",
    "products.add_bulk_step",
    "products.add_pictures",
    "products.begin_bulk_edit",
    "products.categories",
    "products.create",
    "products.duplicate",
    "products.make_variants",
    "products.raise_bulk_edit",
    "products.remove",
    "products.remove_bulk_step",
    "products.save",
    "products.save_cell",
    "products.save_cells",
    "products.save_picture_text",
    "products.save_translation",
    "products.take_back",
    "products.try_bulk_edit",
    "products.undo",
    "products.undo_picture_text",
    "products.undo_variants",
}
"""Work on the values of records, which on the command line comes in files or in one line."""
ONES_OWN = {
    "bell.look",
    "find.offer",
    "login.change_password",
    "login.choose_language",
    "login.end_other_sessions",
    "login.end_session",
    "login.enter",
    "login.leave",
    "login.redeem",
    "login.save_account",
    "products.add_filter",
    "products.change_view",
    "products.choose_columns",
    "products.follow_memory",
    "products.keep_view",
    "products.keep_widths",
    "products.remove_view",
    "products.save_view",
    "products.share_view",
    "setup.accept",
    "setup.create",
}
"""Somebody's own account, browser and lists, and what decides nothing."""


@pytest.fixture
def sent(tmp_path: Path, sqlite_database: Database) -> set[str]:
    """What pages send."""
    given = {"PIM_HOME": str(tmp_path / "home"), "PIM_SECRET_KEY": "k" * 40}
    app = create_app(from_environment(given), sqlite_database)
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}


def test_every_decision_has_a_command(
    sent: set[str], commands: Callable[[], list[list[str]]]
) -> None:
    assert sent == COMMANDS.keys() | EDITING | ONES_OWN
    assert set(COMMANDS.values()) <= {" ".join(words) for words in commands()}


def test_a_doubt_of_the_gate_is_settled(shop: Any) -> None:
    shop.ok("products", "approve", "--all-complete")
    shop.run("feeds", "run", "till")
    build = shop.json("feeds", "builds", "till")[0]
    if build["state"] == "held":
        shop.ok("feeds", "release", "till", "--reason", "seen")
    settled = shop.json("feeds", "accept", "till")
    assert settled == {"feed": "till", "build": build["build"], "accepted": True}
    assert len(shop.json("feeds", "builds", "till")[0]["verdict"]) > len(build["verdict"])
    assert "has not published such a build" in shop.refused("feeds", "accept", "till", "999")


def test_a_feed_asks_for_complete_products(shop: Any) -> None:
    assert shop.json("feeds", "completeness", "till", "--only-complete")["only_complete"]
    assert shop.json("feeds", "show", "till")["till"]["only_complete"] is True
    shop.ok("feeds", "completeness", "till", "--all-products")
    assert "only_complete" not in shop.json("feeds", "show", "till")["till"]


def test_a_feed_is_made_of_what_the_shops_attributes_mean_and_copied(shop: Any) -> None:
    place = ("--channel", "shop", "--locale", "nl_NL", "--currency", "EUR")
    made = shop.json("feeds", "new", "google_shopping", *place, "--label", "Google NL")
    assert made["feed"] == "google_nl"
    definition = shop.json("feeds", "show", "google_nl")["google_nl"]
    assert definition["mapping"]["title"]["from"] == ["name"]
    copied = shop.json("feeds", "copy", "google_nl", "Google NL")
    assert copied["feed"] == "google_nl_2"
    assert shop.json("feeds", "show", "google_nl_2")["google_nl_2"] == definition
    assert "no channel" in shop.refused("feeds", "new", "google_shopping", "--channel", "moon")


def test_a_feeds_file_says_what_it_changes_and_an_earlier_definition_comes_back(
    shop: Any, feeds: dict[str, Any]
) -> None:
    before = shop.json("feeds", "show", "till")
    del feeds["till"]["mapping"]["suffix_code"]
    feeds["till"]["label"] = "Kassa 2"
    shop.write("feeds.yaml", feeds)
    tried = shop.json("feeds", "apply", "feeds.yaml", "--dry-run")
    assert {one["path"]: one["after"] for one in tried["changes"]["till"]} == {
        "label": "Kassa 2",
        "mapping.suffix_code.from": None,
    }
    assert shop.json("feeds", "show", "till") == before
    assert "till: label: 'Kassa' -> 'Kassa 2'" in shop.ok("feeds", "apply", "feeds.yaml")
    first = shop.json("feeds", "versions", "till")[-1]
    shop.ok("feeds", "return", "till", str(first["version"]))
    assert shop.json("feeds", "show", "till") == before
    shop.ok("feeds", "remove", "till", "--yes")
    removed = shop.json("feeds", "versions", "till")[0]
    assert "removed" in shop.refused("feeds", "return", "till", str(removed["version"]))
    shop.ok("feeds", "return", "till", str(first["version"]))
    assert shop.json("feeds", "show", "till") == before


def test_profiles_are_kept_listed_returned_to_and_removed(
    shop: Any, profile: dict[str, Any]
) -> None:
    assert shop.json("profiles", "list") == []
    shop.ok("profiles", "save", "profile.yaml")
    first = shop.json("profiles", "show", "erp")["yaml"]
    shop.write("other.yaml", {**profile, "label": "Other"})
    shop.ok("profiles", "save", "other.yaml")
    assert shop.json("profiles", "list")[0]["label"] == "Other"
    newest, oldest = shop.json("profiles", "versions", "erp")
    assert newest["by"] == oldest["by"] != ""
    shop.ok("profiles", "return", "erp", str(oldest["version"]))
    assert shop.json("profiles", "show", "erp")["yaml"] == first
    shop.ok("profiles", "remove", "erp")
    assert shop.json("profiles", "list") == []
    removed = shop.json("profiles", "versions", "erp")[0]
    assert removed["removed"] is True
    assert "removed" in shop.refused("profiles", "return", "erp", str(removed["version"]))
    assert "no import profile" in shop.refused("profiles", "remove", "erp")


def test_a_profile_that_is_guessed_can_be_kept(shop: Any) -> None:
    shop.write("guessed.yaml", shop.json("profiles", "guess", "articles.csv")["yaml"])
    assert shop.json("profiles", "save", "guessed.yaml") == {"profile": "articles"}


def test_the_structure_returns_to_a_version(shop: Any) -> None:
    before = shop.json("structure", "export")
    shop.write("more.yaml", "attributes: {brand: {type: text}}")
    shop.ok("structure", "apply", "more.yaml")
    number = str(shop.json("structure", "versions")[1]["version"])
    tried = shop.json("structure", "return", number, "--dry-run")
    assert [(one["verb"], one["code"]) for one in tried["changes"]] == [("remove", "brand")]
    assert shop.json("structure", "export") != before
    shop.ok("structure", "return", number)
    assert shop.json("structure", "export") == before
    empty = str(shop.json("structure", "versions")[-1]["version"])
    assert "what would go" in shop.refused("structure", "return", empty)


def test_jobs_are_stopped_and_queued_again(desk: Any) -> None:
    path = desk.folder / "home" / "etalage.db"
    with closing(Database(f"sqlite:///{path}")) as database, database.writing() as session:
        number = str(service.enqueue(session, "reindex", {}, datetime.now(UTC)).id)
    assert desk.json("jobs", "cancel", number)["state"] == "cancelled"
    assert "already ended" in desk.refused("jobs", "cancel", number)
    assert desk.json("jobs", "retry", number)["state"] == "queued"
    assert [one["state"] for one in desk.json("jobs", "list")] == ["queued"]


def test_people_are_blocked_let_in_and_invited_again(desk: Any) -> None:
    desk.ok("users", "add", "boss@example.org", "--role", "admin")
    desk.ok("users", "add", "els@example.org")
    assert desk.json("users", "block", "els@example.org")["active"] is False
    assert [one["active"] for one in desk.json("users", "list")] == [True, False]
    assert desk.json("users", "unblock", "els@example.org")["active"] is True
    assert "/invite/" in desk.json("users", "invite", "els@example.org")["link"]
    assert "only active administrator" in desk.refused("users", "block", "boss@example.org")


def test_products_are_submitted_and_retired(shop: Any) -> None:
    assert shop.json("products", "submit", "A1")["review"] == 1
    assert shop.json("products", "retire", "A1", "A2")["retired"] == 2
    assert shop.json("products", "draft", "--all-retired")["draft"] == 2
