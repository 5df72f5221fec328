"""``python -m pim.translations.extract``: brings every messages.po in line with the sentences in
the source.

Sentences stand in ``_()`` and ``ngettext()`` (templates) and in ``text()`` and ``ngettext()`` of
``pim.errors`` (Python). New ones come in empty, those nobody says any more leave.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from pim.folders import PACKAGE, folder
from pim.i18n import FOLDER, LANGUAGES
from pim.translations.typography import french

Said = str | tuple[str, ...] | list[str]

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "text": None}
JINJA = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}


def messages() -> Catalog:
    """All sentences of the source with their places."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path, found in _found():
        place = path.relative_to(folder("templates").parent).as_posix()
        for _line, message, comments, context in found:
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def missing(language: str) -> list[str]:
    """Sentences of the source that the language's file does not have."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        known = read_po(file, locale=language)
    return [_first(one.id) for one in messages() if one.id and not _is_translated(known, one.id)]


def update(language: str) -> None:
    """Rewrites the language's file: new sentences empty, unused ones gone."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    source = messages()
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    known.fuzzy = False
    known.header_comment = (
        f"# Etalage's interface, {LANGUAGES[language]}. Kept complete by python -m"
        " pim.translations.extract."
    )
    known.project, known.version, known.msgid_bugs_address, known.last_translator = (
        "Etalage",
        "1",
        "",
        "",
    )
    known.update(source, no_fuzzy_matching=True)
    known.obsolete.clear()
    if language == "fr":
        for one in known:
            if one.id and one.string:
                one.string = _each(french, one.string)
    with path.open("wb") as file:
        write_po(file, known, width=120, sort_output=True, omit_header=False, no_location=True)


def _each(change: Callable[[str], str], said: Said) -> Said:
    return change(said) if isinstance(said, str) else tuple(map(change, said))


def _found() -> Iterator[
    tuple[Path, list[tuple[int, str | tuple[str, ...], list[str], str | None]]]
]:
    for path in sorted(folder("templates").rglob("*.html")):
        yield (
            path,
            list(extract_from_file("jinja2.ext.babel_extract", path, KEYWORDS, options=JINJA)),
        )
    for top in (PACKAGE, PACKAGE.parent / "exporters", PACKAGE.parent / "media"):
        for path in sorted(top.rglob("*.py")):
            if _speaks(path):
                yield path, list(extract_from_file("python", path, KEYWORDS))


def _speaks(path: Path) -> bool:
    """SQLAlchemy has a ``text`` too: only files that import ours have sentences, and the one that
    makes it. An exporter knows it from its contract.
    """
    if path == PACKAGE / "errors.py":
        return True
    imports = [
        node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)
    ]
    return any(
        node.module in ("pim.errors", "pim.feeds.contract")
        and {"text", "ngettext"} & {name.name for name in node.names}
        for node in imports
    )


def _is_translated(catalog: Catalog, message_id: str | tuple[str, ...] | list[str]) -> bool:
    found = catalog.get(_first(message_id))
    return (
        found is not None
        and not found.fuzzy
        and all(found.string if isinstance(found.string, tuple) else [found.string])
    )


def _first(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


if __name__ == "__main__":
    for code in LANGUAGES:
        if code != "en":
            update(code)
            print(f"{code}: {len(missing(code))} sentences to translate")
