"""Scripts are modules: a page names one, which imports what it shares with others."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "pim/static/js"
IMPORT = re.compile(r'^import .* from "(.+)";$', re.MULTILINE)


def test_an_imported_script_is_asked_for_each_time_and_a_named_one_is_kept(client):
    with client.get("/static/js/modules/search-box.js") as imported:
        assert imported.headers["Cache-Control"] == "no-cache"
    with client.get("/static/js/etalage.js?v=1") as named:
        assert "max-age=31536000" in named.headers["Cache-Control"]


def test_what_scripts_import_exists():
    for script in SCRIPTS.rglob("*.js"):
        for name in IMPORT.findall(script.read_text()):
            assert (script.parent / name).is_file(), (script.name, name)


def test_a_page_names_no_script_that_others_import():
    """Named and imported it would have two addresses, and run twice."""
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    assert "js/modules/" not in templates
