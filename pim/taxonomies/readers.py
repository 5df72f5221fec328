"""The files that taxonomies come in, known by what stands in them. Pure.

- Google's ``taxonomy-with-ids``: ``537 - Baby & Toddler > Nursing``;
- the same tree as nested sets, ``1 | [ 1-250] | Animals``: its numbers are places in the file and
  no codes of Google, so a category is named by its path there, which Google takes as well;
- ETIM's IXF (XML, also within a ZIP), with the labels of every language and synonyms;
- a CSV with code and label, and parent or path (proficlass's classes are one);
- JSON: a list of objects with id, name and path.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from lxml import etree

from pim.errors import Text, text
from pim.taxonomies.checking import checked_tree
from pim.taxonomies.faults import TaxonomyFaults, refused
from pim.taxonomies.tree import BETWEEN, TaxonomyNode, TaxonomyTree

MEGABYTE = 1 << 20
LARGEST = 64 * MEGABYTE
LARGEST_UNPACKED = 256 * MEGABYTE
WITH_IDS = re.compile(r"(\d+) - (\S.*)")
NESTED_SET = re.compile(r"\s*\d+ \| \[ *(\d+)- *(\d+)\] \| (\S.*)")
LANGUAGE = re.compile(r"[a-z]{2,3}")
NodeReader = Callable[[str, str, TaxonomyFaults], Iterator[TaxonomyNode]]
"""The text of a file and its language -> the nodes in it."""


@dataclass(frozen=True)
class ReadTaxonomy:
    """What a file came to. ``doubts``: what is strange in it, line by line."""

    tree: TaxonomyTree
    doubts: Sequence[Text]


def read_taxonomy(data: bytes, filename: str, language: str = "") -> ReadTaxonomy:
    """The tree in a file. ``language``: of its labels, where the file has but one; otherwise it is
    looked for in the file's name (``taxonomy-with-ids.de-DE.txt``).

    :class:`~pim.errors.Invalid` names line, column and rule of whatever is wrong.
    """
    if len(data) > LARGEST:
        raise refused(_too_large(LARGEST))
    faults = TaxonomyFaults()
    if data.startswith(b"PK\x03\x04"):
        data = _unpacked(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return ReadTaxonomy(checked_tree(_read_ixf(data, faults), faults), faults.doubts)
    known = language.replace("_", "-").partition("-")[0].lower() or _language_of(filename)
    if not LANGUAGE.fullmatch(known):
        raise refused(text("Say in which language its labels are (such as “de”)."))
    content = _decoded(data)
    nodes = _reader_for(content)(content, known, faults)
    return ReadTaxonomy(checked_tree(nodes, faults), faults.doubts)


def _language_of(filename: str) -> str:
    found = re.search(r"[._-]([a-z]{2})[-_][A-Z]{2}\b", filename)
    return found.group(1) if found else ""


def _too_large(most: int) -> Text:
    return text("The file is larger than %(size)s MB.", size=most // MEGABYTE)


def _unpacked(data: bytes) -> bytes:
    """The one XML, CSV or text file in a ZIP."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            readable = (".xml", ".csv", ".txt", ".json")
            entries = [one for one in archive.infolist() if one.filename.lower().endswith(readable)]
            if len(entries) != 1:
                raise refused(text("A ZIP holds one XML, CSV, text or JSON file."))
            with archive.open(entries[0]) as file:
                unpacked = file.read(LARGEST_UNPACKED + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise refused(text("This ZIP cannot be unpacked: %(reason)s", reason=error)) from error
    if len(unpacked) > LARGEST_UNPACKED:
        raise refused(_too_large(LARGEST_UNPACKED))
    return unpacked


def _decoded(data: bytes) -> str:
    """UTF-8, or else what Windows writes in the west of Europe."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _reader_for(content: str) -> NodeReader:
    if content.lstrip().startswith(("[", "{")):
        return _read_json
    first = next((line for line in content.splitlines() if line.strip() and line[0] != "#"), "")
    if NESTED_SET.fullmatch(first.rstrip()):
        return _read_nested_sets
    is_google = content.startswith("# Google_Product_Taxonomy_Version")
    return _read_with_ids if is_google or WITH_IDS.fullmatch(first.strip()) else _read_csv


def _written_lines(content: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, without empty ones and comments."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.rstrip()


def _read_with_ids(content: str, language: str, faults: TaxonomyFaults) -> Iterator[TaxonomyNode]:
    paths: dict[tuple[str, ...], str] = {}
    read: list[tuple[int, str, tuple[str, ...]]] = []
    for number, line in _written_lines(content):
        found = WITH_IDS.fullmatch(line.strip())
        if found is None:
            rule = text("It is not a number, a hyphen and a path: “%(line)s”.", line=line[:60])
            faults.add(number, "code", rule)
            continue
        labels = tuple(part.strip() for part in found.group(2).split(BETWEEN.strip()))
        if labels in paths:
            faults.add(number, "path", text("This path is another line's already."))
        paths.setdefault(labels, found.group(1))
        read.append((number, found.group(1), labels))
    for number, code, labels in read:
        above = labels[:-1]
        if above and above not in paths:
            rule = text("“%(path)s” has no line of its own.", path=BETWEEN.join(above))
            faults.add(number, "path", rule)
        yield TaxonomyNode(code, paths.get(above), {language: labels[-1]}, line=number)


def _read_nested_sets(
    content: str, language: str, faults: TaxonomyFaults
) -> Iterator[TaxonomyNode]:
    above: list[tuple[int, str]] = []  # where each ends, and its path
    for number, line in _written_lines(content):
        found = NESTED_SET.fullmatch(line)
        if found is None:
            rule = text("It is not “number | [left-right] | label”: “%(line)s”.", line=line[:60])
            faults.add(number, "label", rule)
            continue
        left, right, label = int(found.group(1)), int(found.group(2)), found.group(3).strip()
        while above and above[-1][0] < left:
            above.pop()
        if right <= left or (above and right > above[-1][0]):
            faults.add(number, "[left-right]", text("It does not lie within the set above it."))
        parent = above[-1][1] if above else None
        path = label if parent is None else f"{parent}{BETWEEN}{label}"
        above.append((right, path))
        yield TaxonomyNode(path, parent, {language: label}, line=number)


def _read_json(content: str, language: str, faults: TaxonomyFaults) -> Iterator[TaxonomyNode]:
    """Entries are counted as lines: how they are broken into lines says nothing."""
    try:
        entries = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        rule = text("This is no JSON: %(reason)s", reason=error.msg)
        faults.add(error.lineno, str(error.colno), rule)
        return
    if isinstance(entries, dict):
        entries = next((one for one in entries.values() if isinstance(one, list)), [])
    known: dict[str, TaxonomyNode] = {}
    own: set[str] = set()
    for number, entry in enumerate(entries, 1):
        steps = _steps_of(entry)
        if not steps:
            faults.add(number, "id", text("An entry has an “id” and a “name”."))
            continue
        if steps[-1][0] in own:
            faults.add(number, "id", text("The code “%(code)s” is there twice.", code=steps[-1][0]))
        own.add(steps[-1][0])
        parent: str | None = entry.get("parent") if len(steps) == 1 else None
        for code, name in steps:
            labels = {language: name} if name else {}
            known.setdefault(code, TaxonomyNode(code, parent, labels, line=number))
            parent = code
    yield from known.values()


def _steps_of(entry: Any) -> list[tuple[str, str]]:
    """Codes and names from the top down to an entry itself; nothing where it cannot be read."""
    if not isinstance(entry, dict):
        return []
    path = entry.get("path")
    above: list[Any] = path if isinstance(path, list) else []
    steps = [*above, entry] if not above or _step(above[-1]) != _step(entry) else above
    read = [_step(one) for one in steps]
    return [one for one in read if one is not None] if all(read) else []


def _step(one: Any) -> tuple[str, str] | None:
    if not isinstance(one, dict):
        return None
    code, name = one.get("id", one.get("code")), one.get("name", one.get("label"))
    if not isinstance(code, str | int) or not isinstance(name, str | None):
        return None
    return str(code), (name or "").strip()


CODE_COLUMNS = ("code", "id", "klasse_id", "class_id")
LABEL_COLUMNS = ("label", "name", "klassenbezeichnung", "title", "bezeichnung")
PARENT_COLUMNS = ("parent", "parent_id", "parent_code")
PATH_COLUMNS = ("path", "full_path")


def _read_csv(content: str, language: str, faults: TaxonomyFaults) -> Iterator[TaxonomyNode]:
    header, _, _ = content.partition("\n")
    delimiter = max(";\t,|", key=header.count)
    rows = csv.reader(io.StringIO(content), delimiter=delimiter)
    columns = [name.strip().lower() for name in next(rows, [])]
    code_at, path_at = _place(columns, CODE_COLUMNS), _place(columns, PATH_COLUMNS)
    labels_at = _label_places(columns, language)
    if code_at is None or (path_at is None and not labels_at):
        rule = text(
            "A table has the columns “code” and “label” and, for the tree, “parent” or “path”."
        )
        faults.add(1, "code", rule)
        return
    parent_at = _place(columns, PARENT_COLUMNS)
    codes: dict[str, str] = {}
    for row in _rows(rows, faults):
        number = rows.line_num
        if len(row) > len(columns):
            faults.add(number, columns[-1], text("The line has more cells than the header."))
        cells = [*(cell.strip() for cell in row), *[""] * len(columns)]
        labels = {one: cells[at] for one, at in labels_at.items() if cells[at]}
        parent = cells[parent_at] or None if parent_at is not None else None
        if path_at is not None:
            path = re.sub(r"\s*>\s*", BETWEEN, cells[path_at])
            above, _, last = path.rpartition(BETWEEN)
            parent = _above(codes, above, number, faults) if parent_at is None else parent
            labels = labels or {language: last}
            codes[path] = cells[code_at]
        yield TaxonomyNode(cells[code_at], parent, labels, line=number)


def _rows(rows: Any, faults: TaxonomyFaults) -> Iterator[Sequence[str]]:
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield row
    except csv.Error as error:
        faults.add(rows.line_num, "", text("This is no table: %(reason)s", reason=error))


def _above(codes: Mapping[str, str], path: str, number: int, faults: TaxonomyFaults) -> str | None:
    if path and path not in codes:
        faults.add(number, "path", text("“%(path)s” has no line before this one.", path=path))
    return codes.get(path)


def _place(columns: Sequence[str], names: Sequence[str]) -> int | None:
    return next((columns.index(name) for name in names if name in columns), None)


def _label_places(columns: Sequence[str], language: str) -> dict[str, int]:
    """Language -> the column with its labels: ``label``, or ``label-de`` beside ``label-nl``."""
    plain = _place(columns, LABEL_COLUMNS)
    found = {} if plain is None else {language: plain}
    for at, name in enumerate(columns):
        said = re.fullmatch(r"(?:label|name)[-_]([a-z]{2})(?:[-_][a-z]{2})?", name)
        if said:
            found.setdefault(said.group(1), at)
    return found


def _read_ixf(data: bytes, faults: TaxonomyFaults) -> Iterator[TaxonomyNode]:
    """Groups and classes; features and values are read past, for they are most of the file."""
    parsing = etree.iterparse(
        io.BytesIO(data),
        tag=("{*}Group", "{*}Class", "{*}Unit", "{*}Feature", "{*}Value"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    try:
        for _, element in parsing:
            name = etree.QName(element).localname
            if name in ("Group", "Class") and element.find("{*}Code") is not None:
                yield _ixf_node(element)
            element.clear()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        rule = text("This is no sound XML: %(reason)s", reason=error.msg)
        faults.add(line, str(column), rule)


def _ixf_node(element: Any) -> TaxonomyNode:
    labels: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    for translation in element.findall("{*}Translations/{*}Translation"):
        language = translation.get("language", "").partition("-")[0].lower()
        description = (translation.findtext("{*}Description") or "").strip()
        if description:
            labels[language] = description
        synonyms = [
            (one.text or "").strip() for one in translation.findall("{*}Synonyms/{*}Synonym")
        ]
        if synonyms:
            words[language] = list(dict.fromkeys(synonyms))
    code = (element.findtext("{*}Code") or "").strip()
    parent = (element.findtext("{*}GroupCode") or "").strip() or None
    return TaxonomyNode(code, parent, labels, words, element.sourceline or 0)
