"""Reads Peppol's own data model of the catalogue and its code lists, and holds a document against
them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

MODEL = "{urn:fdc:difi.no:2017:vefa:structure-1}"
LIST = "{urn:fdc:difi.no:2017:vefa:structure:CodeList-1}"
NAMES = {
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


@dataclass
class Node:
    least: int = 1
    most: int | None = 1
    codes: str = ""
    children: dict[str, "Node"] = field(default_factory=dict)
    attributes: dict[str, "Node"] = field(default_factory=dict)


@dataclass
class Peppol:
    root: Node
    lists: dict[str, set[str]]

    def complaints(self, document: Path) -> list[str]:
        return list(self._about(etree.parse(document).getroot(), self.root))

    def _about(self, element: etree._Element, node: Node) -> Iterator[str]:
        found: dict[str, int] = {}
        for child in element:
            name = _prefixed(child)
            found[name] = found.get(name, 0) + 1
            if name not in node.children:
                yield f"{name} does not belong in {_prefixed(element)}"
                continue
            yield from self._about(child, node.children[name])
        for name, child_node in node.children.items():
            times = found.get(name, 0)
            if times < child_node.least or (
                child_node.most is not None and times > child_node.most
            ):
                yield f"{name} is {times} times in {_prefixed(element)}"
        yield from self._content(element, node)

    def _content(self, element: etree._Element, node: Node) -> Iterator[str]:
        text = (element.text or "").strip()
        if not len(element) and not text:
            yield f"{_prefixed(element)} is empty"
        if node.codes and text not in self.lists[node.codes]:
            yield f"{text} is not in {node.codes}"
        for name, attribute in node.attributes.items():
            value = element.get(name)
            if value is None and attribute.least:
                yield f"{_prefixed(element)} lacks {name}"
            if value is not None and attribute.codes and value not in self.lists[attribute.codes]:
                yield f"{value} is not in {attribute.codes}"
        for name in element.attrib:
            if name not in node.attributes:
                yield f"{name!r} does not belong on {_prefixed(element)}"


def read_peppol(folder: Path) -> Peppol:
    """``folder`` is Peppol's ``structure``, with ``syntax`` and ``codelist`` in it."""
    document = etree.parse(folder / "syntax/ubl-catalogue.xml").getroot().find(f"{MODEL}Document")
    assert document is not None
    lists = dict(_code_list(path) for path in (folder / "codelist").glob("*.xml"))
    return Peppol(_node(document), lists)


def _node(element: etree._Element) -> Node:
    least, most = _cardinality(element)
    node = Node(least, most, _codes(element))
    for child in element.findall(f"{MODEL}Element"):
        node.children[_term(child)] = _node(child)
    for attribute in element.findall(f"{MODEL}Attribute"):
        node.attributes[_term(attribute)] = Node(
            0 if attribute.get("usage") == "Optional" else 1, 1, _codes(attribute)
        )
    return node


def _cardinality(element: etree._Element) -> tuple[int, int | None]:
    least, _, most = element.get("cardinality", "1..1").partition("..")
    return int(least), None if most == "n" else int(most)


def _codes(element: etree._Element) -> str:
    lists = [
        one.text or ""
        for one in element.findall(f"{MODEL}Reference")
        if one.get("type") == "CODE_LIST"
    ]
    return lists[0] if len(lists) == 1 else ""


def _term(element: etree._Element) -> str:
    return (element.findtext(f"{MODEL}Term") or "").strip()


def _code_list(path: Path) -> tuple[str, set[str]]:
    root = etree.parse(path).getroot()
    codes = {(code.findtext(f"{LIST}Id") or "").strip() for code in root.findall(f"{LIST}Code")}
    return (root.findtext(f"{LIST}Identifier") or path.stem).strip(), codes


def _prefixed(element: etree._Element) -> str:
    name = etree.QName(element)
    prefix = next((prefix for prefix, space in NAMES.items() if space == name.namespace), "?")
    return f"{prefix}:{name.localname}"
