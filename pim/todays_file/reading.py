"""Reading a feed that somebody else made: a delimited file, a workbook, or any XML with one element
for each item.
"""

import gzip
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from pim.errors import Invalid, Text, text
from pim.imports.readers import UnreadableRow, open_rows

MOST_ITEMS = 20_000
"""Items that are read: more tell nothing new about a column."""
MOST_BYTES = 200_000_000
"""Of an XML file, unpacked."""
GZIP = b"\x1f\x8b"
XML_BEGINS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")

RecordedItem = Mapping[str, tuple[str, ...]]
"""Column -> the values that an item has there, in order; columns without one are left out."""


@dataclass(frozen=True)
class RecordedFile:
    """``columns``: in the order of the file; those of XML are paths below the item's element,
    ``shipping/price``. ``items``: the first :data:`MOST_ITEMS`.
    """

    columns: Sequence[str]
    items: Sequence[RecordedItem]


def read(content: bytes) -> RecordedFile:
    """The items of a feed; :class:`Invalid` under ``file`` where it is none."""
    if content.startswith(GZIP):
        content = _unpacked(content)
    found = _of_xml(content) if content.lstrip()[:4].startswith(XML_BEGINS) else _of_rows(content)
    if not found.items:
        raise _invalid(text("The file holds no items."))
    return found


def _invalid(message: Text) -> Invalid:
    return Invalid({"file": [message]})


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError) as error:
        raise _invalid(text("The gzip file is damaged. Fetch it again.")) from error
    if len(unpacked) > MOST_BYTES:
        raise _invalid(text("The file is too large to learn from. Take a part of it."))
    return unpacked


def _of_rows(content: bytes) -> RecordedFile:
    table = open_rows(content)
    items = [
        {name: (cell,) for name, cell in zip(table.header, cells, strict=True) if cell.strip()}
        for _, cells in islice(table.rows, MOST_ITEMS)
        if not isinstance(cells, UnreadableRow)
    ]
    return RecordedFile(table.header, items)


def _of_xml(content: bytes) -> RecordedFile:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise _invalid(
            text(
                "The XML is broken in line %(line)s, character %(column)s: %(why)s.",
                line=line,
                column=column,
                why=error.msg,
            )
        ) from error
    items = list(filter(None, map(_item, islice(_records(root), MOST_ITEMS))))
    columns = dict.fromkeys(name for item in items for name in item)
    return RecordedFile(
        list(columns), [{name: tuple(item[name]) for name in item} for item in items]
    )


def _records(root: etree._Element) -> Iterator[etree._Element]:
    """The elements that are items: of the kinds with elements in them, the outermost that is there
    more than once; of a file with one item the innermost.
    """
    level = [root]
    while True:
        children = [one for parent in level for one in parent if len(one) and _is_element(one)]
        if not children:
            return iter(level)
        name, count = Counter(one.tag for one in children).most_common(1)[0]
        level = [one for one in children if one.tag == name]
        if count > 1:
            return iter(level)


def _is_element(node: etree._Element) -> bool:
    return isinstance(node.tag, str)


def _item(element: etree._Element) -> dict[str, list[str]]:
    """The texts of an item by their paths."""
    found: dict[str, list[str]] = {}
    for name, value in _texts(element, ""):
        found.setdefault(name, []).append(value)
    return found


def _texts(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    for child in element:
        if not _is_element(child):
            continue
        name = f"{path}{etree.QName(child).localname}"
        written = (child.text or "").strip()
        if written and not len(child):
            yield name, written
        yield from _texts(child, f"{name}/")
